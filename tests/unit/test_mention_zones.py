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
    return plain[: zones.count_in_lead(plain, range(len(plain)))]


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
    places = sorted(place for place in places if place < len(plain))
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
    ],
)
def test_bios_and_notices_at_the_end_are_tagged_and_not_counted(tagger, bio):
    text = f"Laos voted.\n\n{BODY}\n\n{BODY}\n\n{bio}"
    found = tagger.tag(text)
    assert [(m.entity_id, m.zone, m.counted) for m in found[:1]] == [("LAO", "lead", True)]
    closing = [m for m in found if m.char_start > len(text) - len(bio)]
    assert {(m.zone, m.counted) for m in closing} <= {("boilerplate", False)}
    assert len(found) == 1 + len(closing)


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
