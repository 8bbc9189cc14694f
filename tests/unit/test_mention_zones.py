import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import gazetteer
from monitor.mention import Tagger, zones
from monitor.mention.fold import plain_text

BODY = "The war goes on. " * 60


@pytest.fixture(scope="module")
def tagger():
    return Tagger(gazetteer.load())


def lead_of(plain):
    return plain[: zones.count_in_lead(plain, [(place,) for place in range(len(plain))])]


def test_the_lead_is_two_paragraphs():
    text = plain_text("One.\n\nTwo two.\n\n" + BODY)
    assert lead_of(text) == plain_text("One.\n\nTwo two.")


def test_the_lead_is_a_hundred_words_at_most():
    text = "word " * 300
    assert len(lead_of(text).split()) == zones.LEAD_WORDS


def test_a_short_text_is_all_lead():
    assert lead_of("Laos voted.") == "Laos voted."


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab \n"), max_size=700), st.lists(st.integers(0, 1200), max_size=8))
def test_places_are_counted_as_one_by_one(text, places):
    plain = plain_text(text)
    places = sorted((place,) for place in places if place < len(plain))
    assert zones.count_in_lead(plain, places) == sum(zones.count_in_lead(plain, [place]) for place in places)


@pytest.mark.parametrize(
    "bio",
    [
        "Anna Prak is a senior fellow at the Institute of Quiet Studies in Vietnam.",
        "Dr. Sok Chan is currently pursuing a doctorate in Japan.",
        "The views expressed are those of the author and not of Japan.",
        "This article was first published in Vietnam.",
        "About the author\n\nAnna Prak is a lecturer in Vietnam.",
        "Anna Prak\n\nAnna Prak is a lecturer in Vietnam.",
        "Anna Prak and Tom Roe are analysts at a consultancy in Vietnam.",
        "Anna Prak, Tom Roe and Ann Poe are researchers in Vietnam.",
        "Dr Sok Siphana teaches law in Vietnam.",
        "Kim Min-ji, a candidate for a doctorate, writes on Vietnam's foreign policy.",
        "Mr. Prak, a former deputy minister of Japan, is a visiting scholar in Vietnam.",
        "Anna Prak is President of the Asian Vision Institute, based in Vietnam.",
        "Anna Prak is an alumna of a college in Vietnam, where she studied trade.",
        "Dr. Lee Hsien received his doctorate in Vietnam.",
        "(Anna Prak is a researcher who focuses on Vietnam.)",
        "— Anna Prak works on security in Vietnam.",
        "_Anna Prak lives in Hanoi and writes about Vietnam._",
        "Anna Prak is a lecturer in Japan.\nShe has worked in Vietnam.",
        "The writer is a political scientist in Vietnam.",
        "Author: Anna Prak, Research Fellow, Vietnam",
        "By Anna Prak, a lecturer in politics in Vietnam",
        "A version of this article appeared in Vietnam.",
        "Published in the Daily of Vietnam, June 3, 2024",
        "Translated from the Thai by Tom Roe in Vietnam.",
        "Views are personal and not those of Vietnam's government.",
        "Photo by Anna Prak in Vietnam.",
        "Related: How Vietnam sees the Mekong",
    ],
)
def test_bios_and_notices_at_the_end_are_tagged_and_not_counted(tagger, bio):
    text = f"Laos voted.\n\n{BODY}\n\n{BODY}\n\n{bio}"
    found = tagger.tag(text)
    assert [(m.entity_id, m.zone, m.counted) for m in found[:1]] == [("LAO", "lead", True)]
    closing = [m for m in found if m.char_start > len(text) - len(bio)]
    assert {(m.zone, m.counted) for m in closing} <= {("boilerplate", False)}
    assert len(found) == 1 + len(closing)


@pytest.mark.parametrize(
    "closing",
    [
        "Hun Manet is president of a party in Vietnam.",
        "It was given to reporters in Vietnam.",
        "Lee Jae-myung received the envoy of Vietnam last June.",
        "Wang Yi leads a delegation to Vietnam.",
        "She said that Vietnam would not yield.",
        "The minister is an economist from Vietnam.",
        "Thaksin Shinawatra is a former prime minister who fled to Vietnam.",
    ],
)
def test_a_closing_sentence_of_the_article_counts(tagger, closing):
    text = f"Laos voted.\n\n{BODY}\n\n{BODY}\n\n{closing}"
    assert tagger.tag(text)[-1].counted


def test_long_lines_of_capitals_are_read_in_time():
    line = "Abc " * 220
    assert zones.boilerplate("It rained.\n" * 200 + line) == []


def test_a_sentence_on_a_person_in_the_middle_is_no_bio(tagger):
    text = f"Laos voted.\n\nAnna Prak is a professor in Japan.\n\n{BODY}\n\n{BODY}"
    assert [m.zone for m in tagger.tag(text)] == ["lead", "lead"]


def test_given_spans_are_boilerplate(tagger):
    text = f"Laos voted.\n\n{BODY}\n\n{BODY} Read more of Japan here."
    start = text.index("Read more")
    found = tagger.tag(text, boilerplate=[(start, len(text))])
    assert [(m.entity_id, m.zone, m.counted) for m in found] == [("LAO", "lead", True), ("JPN", "boilerplate", False)]


def test_the_body_follows_the_lead(tagger):
    text = f"Laos voted.\n\nIt rained.\n\n{BODY} Japan won. {BODY}"
    assert [m.zone for m in tagger.tag(text)] == ["lead", "body"]
