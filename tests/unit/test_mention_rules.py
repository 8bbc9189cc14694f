import pytest

from monitor import gazetteer
from monitor.mention import Tagger
from monitor.mention.definitions import explains


@pytest.fixture(scope="module")
def tagger():
    return Tagger(gazetteer.load())


def ids(mentions):
    return [m.entity_id for m in mentions]


def only(tagger, text):
    (mention,) = tagger.tag(text)
    return mention


def test_a_mention_says_which_alias_and_rule(tagger):
    mention = only(tagger, "The AU of Africans met.".replace("Africans", "peacekeepers"))
    assert (mention.entity_id, mention.alias, mention.rule) == ("au", "AU", "beside 'peacekeepers'")


def test_explain_shows_vetoes_with_their_reason(tagger):
    found = tagger.explain("New Mexico and Michael Jordan beat Chile.")
    assert [(e.surface, e.kept, e.rule) for e in found] == [
        ("New Mexico", False, "us-state"),
        ("Jordan", False, "person"),
        ("Chile", True, "unambiguous"),
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Laos", "name"),
        ("Laotian", "demonym"),
        ("U.K.", "abbreviation"),
        ("Soviet Union", "historical"),
        ("Kremlin", "metonym"),
    ],
)
def test_forms(tagger, text, form):
    assert only(tagger, f"It was {text}.").form == form


def test_a_capital_that_acts_is_a_metonym_and_not_counted(tagger):
    mention = only(tagger, "Hanoi said no.")
    assert (mention.entity_id, mention.form, mention.counted) == ("VNM", "metonym", False)


def test_a_seat_of_government_is_counted(tagger):
    assert only(tagger, "The Kremlin said no.").counted


def test_one_sense_of_a_town_in_a_text(tagger):
    text = "The Lebanon, Pa., council met. Taxes in Lebanon will rise, and Lebanon police agreed."
    assert not tagger.tag(text)


def test_a_town_does_not_hide_the_country(tagger):
    text = "He left Lebanon, Pa., for Beirut. Lebanese banks are shut, and Lebanon is broke."
    assert ids(tagger.tag(text)) == ["LBN", "LBN"]


def test_one_sense_of_a_person_in_a_text(tagger):
    text = "Trevor Holland was held. Police say Holland fled. He was found in Holland."
    assert [m.char_start for m in tagger.tag(text)] == [text.rindex("Holland")]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("The Swiss franc fell.", False),
        ("The Singapore dollar rose.", False),
        ("Spot Saudi riyal rates were steady.", False),
        ("He paid 75,000 Swiss francs.", True),
        ("Hundreds of millions of Belgian francs are missing.", True),
        ("It cost nine US dollars.", False),
        ("It cost US$9.", False),
    ],
)
def test_a_currency_is_kept_and_not_counted_but_a_sum_in_it_is(tagger, text, counted):
    assert only(tagger, text).counted is counted


def test_an_operator_may_leave_sums_uncounted(tmp_path):
    (tmp_path / "context.toml").write_text('uncounted_money = "sums"\n', "utf-8")
    strict = Tagger(gazetteer.load(tmp_path))
    assert not only(strict, "He paid 75,000 Swiss francs.").counted


def test_a_ministry_keeps_its_country_inside(tagger):
    found = tagger.tag("The Chinese Foreign Ministry said no.")
    assert [(m.entity_id, m.surface) for m in found] == [
        ("china-foreign-ministry", "Chinese Foreign Ministry"),
        ("CHN", "Chinese"),
    ]


def test_a_definition_binds_the_acronym_for_the_text(tagger):
    found = tagger.tag("The African Development Bank (ADB) lent. The ADB is sound. A loan by the ADB helped.")
    assert set(ids(found)) == {"afdb"}
    assert len(found) == 4


def test_an_acronym_that_only_the_text_has(tagger):
    found = tagger.tag("The Asian Vision Institute (AVI) wrote it. AVI is in Phnom Penh.")
    assert [(m.entity_id, m.surface, m.form) for m in found] == [
        ("avi-cambodia", "Asian Vision Institute", "name"),
        ("avi-cambodia", "AVI", "abbreviation"),
        ("avi-cambodia", "AVI", "abbreviation"),
    ]


def test_a_definition_that_does_not_match_is_not_believed(tagger):
    found = tagger.tag("Moscow helped the People's Republic of Kampuchea (CGDK).")
    assert ids(found) == ["KHM-PRK", "cgdk"]


@pytest.mark.parametrize(
    ("acronym", "name", "expected"),
    [
        ("EAS", "East Asia Summit", True),
        ("ASEAN", "Association of Southeast Asian Nations", True),
        ("UNICEF", "United Nations Children's Fund", True),
        ("UNDP", "United Nations Development Programme", True),
        ("BATA", "Bay Area Transit Authority", True),
        ("CGDK", "People's Republic of Kampuchea", False),
        ("IMF", "World Bank", False),
        ("PIF", "Pacific Islands Forum", True),
        ("AfDB", "African Development Bank", True),
        ("ADB", "asian Development Bank", False),
    ],
)
def test_acronyms_explained_by_names(acronym, name, expected):
    assert explains(acronym, name) is expected


def test_unlisted_organisations_are_kept_apart(tagger):
    mention = only(tagger, "She left Kampot Pepper University in May.")
    assert (mention.entity_id, mention.listed) == ("x-kampot-pepper-university", False)
    assert mention.name == "Kampot Pepper University"


def test_unlisted_organisations_can_be_left_out():
    tagger = Tagger(gazetteer.load(), unlisted=False)
    assert not tagger.tag("She left Kampot Pepper University in May.")


@pytest.mark.parametrize(
    "text", ["The University closed.", "A Commission met.", "The National Bank rose.", "High Court"]
)
def test_a_head_alone_is_no_name(tagger, text):
    assert not tagger.tag(text)


def test_title_and_text_are_evidence_for_each_other(tagger):
    found = tagger.tag("Leaders will speak of trade.", "The EAS and ASEAN")
    assert ids(found) == ["eas", "asean"]
    found = tagger.tag("The EAS is in May.", "What ASEAN wants")
    assert [(m.field, m.entity_id) for m in found] == [("title", "asean"), ("text", "eas")]
    found = tagger.tag("ASEAN leaders will speak.", "Will the EAS matter?")
    assert [(m.field, m.entity_id) for m in found] == [("title", "eas"), ("text", "asean")]


def test_a_person_of_the_text_is_one_in_the_title(tagger):
    assert not tagger.tag("Michael Jordan said he would play.", "Jordan is back")
    assert ids(tagger.tag("The king said he would visit.", "Jordan is back")) == ["JOR"]


def test_the_state_of_a_text_is_that_of_the_title(tagger):
    assert not tagger.tag("Lawmakers met in Atlanta.", "Georgia votes")
    assert ids(tagger.tag("Lawmakers met in Tbilisi.", "Georgia votes")) == ["GEO"]


def test_the_title_is_a_field_of_its_own(tagger):
    title, text = tagger.tag("Laos voted.", "Vietnam votes")
    assert (title.field, title.zone, title.entity_id) == ("title", "title", "VNM")
    assert (text.field, text.zone, text.entity_id) == ("text", "lead", "LAO")


def test_the_version_changes_with_the_files(tmp_path, tagger):
    (tmp_path / "vetoes.csv").write_text("phrase,reason,note\nLaos Road,street,\n", "utf-8")
    other = Tagger(gazetteer.load(tmp_path))
    assert other.version != tagger.version
    assert not other.tag("He lives in Laos Road.")


def test_an_own_alias_is_found(tmp_path):
    (tmp_path / "aliases.csv").write_text(
        "entity_id,alias,language,form,case,rule,note\nKHM,Khmerland,en,name,title,,\n"
    )
    found = Tagger(gazetteer.load(tmp_path)).tag("Khmerland and KHMERLAND, not khmerland")
    assert ids(found) == ["KHM", "KHM"]


def test_tagging_twice_is_the_same(tagger):
    text = "The EAS met in Laos; ASEAN leaders and Michael Jordan came. Georgia did not."
    assert tagger.tag(text) == tagger.tag(text)


@pytest.mark.parametrize("text", ["", " ", "\n", ".", "(", "$", "US$", "a" * 10_000])
def test_odd_texts(tagger, text):
    assert all(not m.counted for m in tagger.tag(text))
