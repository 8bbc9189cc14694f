import pytest

from monitor import gazetteer
from monitor.mention import Tagger, zones

BODY = "The war goes on. " * 60


@pytest.fixture(scope="module")
def tagger():
    return Tagger(gazetteer.load())


def test_the_lead_is_two_paragraphs():
    text = "One.\n\nTwo two.\n\n" + BODY
    assert text[: zones.lead_end(text)] == "One.\n\nTwo two."


def test_the_lead_is_a_hundred_words_at_most():
    text = "word " * 300
    assert len(text[: zones.lead_end(text)].split()) == zones.LEAD_WORDS


def test_a_short_text_is_all_lead():
    assert zones.lead_end("Laos voted.") == len("Laos voted.")


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
