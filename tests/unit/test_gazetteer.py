import csv
from datetime import date

import pytest

from monitor import gazetteer
from monitor.errors import GazetteerError, UnknownEntityError
from monitor.mention import Tagger, resolve

ALIASES = "entity_id,alias,language,form,case,rule,note\n"
ORGANISATIONS = "entity_id,kind,name,acronym,subkind,home,region,source\n"
MEMBERSHIPS = "entity_id,bloc_id,valid_from,valid_to,source\n"
COUNTRIES = "entity_id,kind,name,iso2,iso3,region,valid_from,valid_to,successor_id,source\n"


@pytest.fixture(scope="module")
def known():
    return gazetteer.load()


def test_every_country_has_its_codes_and_a_region(known):
    countries = [e for e in known.entities.values() if e.kind == "country"]
    assert len(countries) == 250
    assert all(e.iso3 == e.entity_id and len(e.iso2) == 2 and e.region for e in countries)
    assert known.entities["XKX"].name == "Kosovo"


def test_there_are_enough_organisations_each_with_an_alias(known):
    named = {alias.entity_id for alias in known.aliases}
    organisations = [e for e in known.entities.values() if e.kind == "organisation"]
    assert len(organisations) >= 400
    assert all(e.entity_id in named for e in organisations)


def test_historical_states_have_dates_and_a_successor(known):
    states = [e for e in known.entities.values() if e.kind == "historical"]
    assert {"SUHH", "YUCS", "CSHH", "DDDE", "ZRCD", "KHM-PRK", "KHM-DK", "VNM-RVN"} <= {e.entity_id for e in states}
    assert all(e.valid_from and e.valid_to and known.entities[e.successor_id].kind == "country" for e in states)


@pytest.mark.parametrize("entity", ["asean", "un", "eu", "nato", "eas", "pif", "imf", "au", "world-bank"])
def test_usual_ids(known, entity):
    assert known.entities[entity].kind == "organisation"


def test_treaties_are_a_kind_of_their_own(known):
    kinds = {key: known.entities[key].kind for key in ("tac", "unclos", "npt", "cptpp")}
    assert kinds == {"tac": "treaty", "unclos": "treaty", "npt": "treaty", "cptpp": "organisation"}


def test_memberships_hold_their_dates(known):
    britain = [m for m in known.memberships if (m.entity_id, m.bloc_id) == ("GBR", "eu")]
    assert [(m.valid_from, m.valid_to) for m in britain] == [(date(1973, 1, 1), date(2020, 1, 31))]


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Cambodia", "KHM"),
        ("KH", "KHM"),
        ("khm", "KHM"),
        ("Kampuchea", "KHM"),
        ("Cote d'Ivoire", "CIV"),
        ("CÔTE D’IVOIRE", "CIV"),
        ("U.S.", "USA"),
        ("asean", "asean"),
        ("World Bank", "world-bank"),
        ("OECD", "oecd"),
        ("Viet Nam", "VNM"),
        ("South China Sea", "south-china-sea"),
    ],
)
def test_find(known, name, entity):
    assert gazetteer.find(known, name).entity_id == entity


def test_an_unknown_name_gets_the_nearest(known):
    with pytest.raises(UnknownEntityError, match="did you mean Cambodia"):
        gazetteer.find(known, "Camboida")


def test_a_name_like_none_gets_the_command(known):
    with pytest.raises(UnknownEntityError, match="gazetteer search"):
        gazetteer.find(known, "zzzzqqqq")


def test_own_rows_are_added(tmp_path, known):
    (tmp_path / "organisations.csv").write_text(
        ORGANISATIONS + "rice-forum,organisation,Rice Forum,RF,forum,THA,Asia-Pacific,own\n", "utf-8"
    )
    (tmp_path / "aliases.csv").write_text(ALIASES + "rice-forum,Rice Forum,en,name,title,,\n", "utf-8")
    (tmp_path / "context.toml").write_text('given = "Sokha"\n', "utf-8")
    own = gazetteer.load(tmp_path)
    assert own.entities["rice-forum"].home == "THA"
    assert "Sokha" in own.words["given"]
    assert "Michael" in own.words["given"]
    assert own.version != known.version
    assert gazetteer.version(tmp_path) == own.version
    assert gazetteer.load().version == known.version


def test_one_line_promotes_an_organisation(tmp_path):
    (tmp_path / "organisations.csv").write_text(ORGANISATIONS + "rice-forum,organisation,Rice Forum,,,,,own\n", "utf-8")
    found = Tagger(gazetteer.load(tmp_path)).tag("The Rice Forum met in Laos.")
    assert [(m.entity_id, m.listed) for m in found] == [("rice-forum", True), ("LAO", True)]


@pytest.mark.parametrize(
    ("file", "body", "message"),
    [
        ("aliases.csv", ALIASES + "nobody,Nobody,en,name,title,,\n", "line 2: nobody is not an entity"),
        (
            "aliases.csv",
            ALIASES + "KHM,Cambodia,en,name,title,,\n",
            "line 2: the alias 'Cambodia' .* already means KHM",
        ),
        ("aliases.csv", ALIASES + "KHM,Khmerland,en,nickname,title,,\n", "line 2: form 'nickname'"),
        ("aliases.csv", ALIASES + "KHM,Khmerland,en,name,shout,,\n", "line 2: case 'shout'"),
        ("aliases.csv", ALIASES + "KHM,Khmerland,en,name\n", "line 2: has 4 values where 7 belong"),
        ("aliases.csv", ALIASES + "KHM,,en,name,title,,\n", "line 2: .* must not be empty"),
        ("aliases.csv", "entity,alias\n", "line 1: the columns must be entity_id,alias"),
        ("organisations.csv", ORGANISATIONS + "asean,organisation,Asean,,,,,\n", "line 2: .* asean is already taken"),
        ("organisations.csv", ORGANISATIONS + "x,club,X,,,,,\n", "line 2: kind club"),
        ("organisations.csv", ORGANISATIONS + "x,organisation,X,,,QQQ,,own\n", "line 2: home QQQ is not an entity"),
        ("memberships.csv", MEMBERSHIPS + "KHM,asean,1999-13-01,,\n", "line 2: valid_from '1999-13-01' is not a date"),
        ("memberships.csv", MEMBERSHIPS + "KHM,asean,2000-01-01,1999-01-01,\n", "line 2: valid_to .* is before"),
        ("memberships.csv", MEMBERSHIPS + "KHM,club,,,\n", "line 2: bloc_id club"),
        ("countries.csv", COUNTRIES + "QQQ-Q,historical,Q,,,,,,QQX,own\n", "line 2: successor_id QQX"),
    ],
)
def test_a_bad_row_is_named(tmp_path, file, body, message):
    (tmp_path / file).write_text(body, "utf-8")
    with pytest.raises(GazetteerError, match=message):
        gazetteer.load(tmp_path)


VETOES = "phrase,reason,note\n"
CUES = "alias,cue,note\n"


@pytest.mark.parametrize(
    ("file", "body", "message"),
    [
        (
            "aliases.csv",
            "KHM,Srok,en,name,title,,\nKHM,Srok,en,name,title,,\n",
            r"line 3: .*KHM \(.*aliases.csv line 2",
        ),
        ("aliases.csv", "KHM,Srok,en,name,title,evidnce,\n", "line 2: rule 'evidnce' must be empty or one of georgia"),
        ("aliases.csv", "KHM,Srok,English,name,title,,\n", "line 2: language 'English' must be a code"),
        ("aliases.csv", "KHM,Srok  Khmer,en,name,title,,\n", "line 2: .* two spaces"),
        ("aliases.csv", "KHM,the,en,name,any,,\n", "line 2: .* in every text"),
        ("aliases.csv", "KHM,K,en,name,title,,\n", "line 2: .* in every text"),
        ("aliases.csv", "KHM,Sr\0ok,en,name,title,,\n", "line 2: a control character"),
        ("aliases.csv", 'KHM,"Srok,en,name,title,,\n', "line 2: is not valid CSV"),
        ("aliases.csv", 'KHM,"Srok,en,name,title,,\n' + "KHM,A,en,name,title,,\n" * 8000, "line 2: is not valid CSV"),
        ("aliases.csv", 'KHM,"Srok"x,en,name,title,,\n', "line 2: is not valid CSV"),
        ("aliases.csv", 'KHM,"Srok\nKhmer,en,name\n', "line 2: is not valid CSV.*quotation mark"),
        ("aliases.csv", "KHM,A,en,name,title,,\rKHM,B,en,name,title,,\n", "line 2: is not valid CSV"),
        (
            "organisations.csv",
            "Foo Bar!,organisation,Foo,,,,,own\n",
            "line 2: the entity id 'Foo Bar!' must be lower-case",
        ),
        ("organisations.csv", "x-foo,organisation,Foo,,,,,own\n", "line 2: the entity id 'x-foo'"),
        ("organisations.csv", "foo,organisation,Foo,,,foo,,own\n", "line 2: home foo is the entity itself"),
        ("organisations.csv", "foo,organisation,Foo,,,,,\n", "line 2: source is empty"),
        ("countries.csv", "KH,historical,K,,,,,,KHM,own\n", "line 2: the entity id 'KH' must be a code"),
        ("countries.csv", "KHM-X,historical,K,,,,0099-01-01,,KHM,own\n", "line 2: valid_from 0099-01-01 is no date"),
        ("memberships.csv", "KHM,asean,2999-01-01,,own\n", "line 2: valid_from 2999-01-01 is no date"),
        (
            "memberships.csv",
            "KHM,asean,2005-01-01,,own\n",
            r"line 2: KHM is in asean at that time by memberships.csv line \d+",
        ),
        ("memberships.csv", "asean,asean,,,own\n", "line 2: asean is no member of itself"),
        ("memberships.csv", "KHM,oecd,,,\n", "line 2: source is empty"),
        ("vetoes.csv", "Cambodia,street,\n", "line 2: 'Cambodia' is an alias of KHM"),
        ("cues.csv", "Cambodia,rice,\n", "line 2: 'Cambodia' is no alias with the rule evidence"),
        ("cues.csv", "EAS,@nobody,\n", "line 2: the cue @nobody names no entity"),
        ("cues.csv", "EAS,market -> nobody,\n", "line 2: the cue market -> nobody names no entity"),
        ("cues.csv", "EAS,market ->,\n", "line 2: the cue market -> names no entity"),
    ],
)
def test_a_row_that_would_do_nothing_or_harm_is_named(tmp_path, file, body, message):
    header = {"aliases.csv": ALIASES, "organisations.csv": ORGANISATIONS, "countries.csv": COUNTRIES,
              "memberships.csv": MEMBERSHIPS, "vetoes.csv": VETOES, "cues.csv": CUES}[file]  # fmt: skip
    (tmp_path / file).write_text(header + body, "utf-8")
    with pytest.raises(GazetteerError, match=message):
        gazetteer.load(tmp_path)


def test_what_a_spreadsheet_saves_is_read(tmp_path):
    body = "\ufeff" + ALIASES.replace("\n", "\r\n") + "KHM,Srok,en,name,title,,\r\n,,,,,,\r\n"
    (tmp_path / "aliases.csv").write_bytes(body.encode())
    assert "Srok" in {alias.alias for alias in gazetteer.load(tmp_path).aliases}


def test_semicolons_are_named(tmp_path):
    (tmp_path / "aliases.csv").write_text(ALIASES.replace(",", ";"), "utf-8")
    with pytest.raises(GazetteerError, match=r"line 1: .* apart by commas; this file has semicolons"):
        gazetteer.load(tmp_path)


def test_a_word_list_that_no_rule_reads_is_named(tmp_path):
    (tmp_path / "context.toml").write_text('gven = "Sokha"\n', "utf-8")
    with pytest.raises(GazetteerError, match="no rule reads a list called gven; the nearest is given"):
        gazetteer.load(tmp_path)


def test_a_folder_without_the_files_is_named(tmp_path):
    (tmp_path / "alias.csv").write_text(ALIASES, "utf-8")
    with pytest.raises(GazetteerError, match=r"holds none of .*; alias\.csv is no name that is read"):
        gazetteer.load(tmp_path)


def test_cues_are_read_in_lower_case(tmp_path):
    (tmp_path / "cues.csv").write_text(CUES + "EAS,Kuala Lumpur,\n", "utf-8")
    assert "kuala lumpur" in gazetteer.load(tmp_path).cues["EAS"]


def test_a_cue_can_give_an_acronym_to_another_body(tmp_path):
    (tmp_path / "cues.csv").write_text(CUES + "EAS,Brussels -> eu,\n", "utf-8")
    tagger = Tagger(gazetteer.load(tmp_path))
    assert [m.entity_id for m in tagger.tag("The EAS met in Brussels.")] == ["eu"]
    assert [m.entity_id for m in tagger.tag("The ASEAN chair spoke at the EAS in Brussels.")] == ["asean", "eas"]


def test_what_is_likely_a_mistake_is_doubted(tmp_path):
    rows = "rice-forum,organisation,World Bank,,forum,,,own\nrice-bank,organisation,Rice Bank,,bank,,,own\n"
    (tmp_path / "organisations.csv").write_text(ORGANISATIONS + rows, "utf-8")
    (tmp_path / "aliases.csv").write_text(ALIASES + "rice-bank,RBX,en,abbreviation,exact,evidence,\n", "utf-8")
    (tmp_path / "notes.csv").write_text("a\n", "utf-8")
    found = list(gazetteer.doubts(gazetteer.load(tmp_path), tmp_path))
    assert len(found) == 3
    assert "notes.csv is not read" in found[0]
    assert found[1].startswith("rice-forum has no alias, and its name 'World Bank' means another")
    assert "'RBX' asks for evidence that nothing can give" in found[2]
    assert not list(gazetteer.doubts(gazetteer.load(), None))


def test_the_rules_of_the_files_are_those_of_the_tagger():
    assert set(gazetteer.RULES) == set(resolve.RULES) | {"seat", "keep-inner"}


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "aliases.csv").write_bytes(ALIASES.encode() + b"KHM,Khm\xe9r,en,name,title,,\n")
    with pytest.raises(GazetteerError, match="line 2: not UTF-8"):
        gazetteer.load(tmp_path)


@pytest.mark.parametrize("body", ["given = 3\n", "given = \n"])
def test_bad_word_lists_are_named(tmp_path, body):
    (tmp_path / "context.toml").write_text(body, "utf-8")
    with pytest.raises(GazetteerError, match=r"context\.toml"):
        gazetteer.load(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(GazetteerError, match="not a folder"):
        gazetteer.load(tmp_path / "missing")


def test_every_row_says_where_it_is_from(known):
    from importlib import resources

    for name in ("countries.csv", "organisations.csv", "regions.csv", "memberships.csv"):
        text = (resources.files("monitor") / "data" / name).read_text("utf-8")
        assert all(row["source"] for row in csv.DictReader(text.splitlines())), name


def test_what_needs_evidence_has_cues(known):
    asked = {alias.alias for alias in known.aliases if alias.rule == "evidence"}
    assert asked <= set(known.cues)
    targets = {cue[1:] for cues in known.cues.values() for cue in cues if cue[0] == "@"}
    assert targets <= set(known.entities)
