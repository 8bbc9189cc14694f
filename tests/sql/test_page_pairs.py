"""The sentences of a pair: one row a sentence, its first article, and who else carries it."""

import pytest

from monitor import marts, publish
from monitor.queries import open_archive
from tests.sql import made

BOTH = "Cambodia and Thailand agreed on a border crossing."
ITEMS = [
    made.article("a", "1", "2026-11-10", f"{BOTH} Nothing else happened.", "One"),
    made.article("b", "2", "2026-11-11", f"Our reporter writes. {BOTH}", "Two"),
    made.article("b", "3", "2026-11-12", "Cambodia spoke first. Thailand answered later.", "Three"),
    made.article("c", "4", "2026-11-13", "Thailand told Cambodia, and Cambodia told Viet Nam.", "Four"),
    made.article("c", "5", "2026-11-13", "Cambodia alone.", "Five"),
    made.article("a", "6", "2026-10-20", "Thailand thanked Cambodia.", "Six"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs")
    with made.open_warehouse(folder) as warehouse:
        made.store(warehouse, [made.feed(f) for f in "abc"], ITEMS)
        marts.build(warehouse)
        publish.publish(warehouse, made.NOW)
    with open_archive(folder) as found:
        yield found


def told(archive, **more):
    return archive.named("page_pair_evidence", {"a": "KHM", "b": "THA"} | more).to_dicts()


def test_a_sentence_that_copies_carry_is_one_row_of_the_first(archive):
    four, both, six = told(archive)
    assert (both["sentence"], both["title"], both["publisher"]) == (BOTH, "One", "a")
    assert (both["articles"], both["publishers"]) == (2, ["a", "b"])
    assert (four["articles"], four["publishers"]) == (1, ["c"])
    assert both["sentences"] == four["sentences"] == six["sentences"] == 3


def test_all_marks_of_both_names_lie_in_the_sentence(archive):
    four, both, _ = told(archive)
    assert [both["sentence"][m["starts"] : m["ends"]] for m in both["marks"]] == ["Cambodia", "Thailand"]
    assert [four["sentence"][m["starts"] : m["ends"]] for m in four["marks"]] == ["Thailand", "Cambodia", "Cambodia"]


def test_names_in_different_sentences_are_no_sentence_on_both(archive):
    assert "Three" not in {row["title"] for row in told(archive)}
    weeks = archive.named("page_pair_weeks", {"a": "KHM", "b": "THA"})
    assert weeks["articles"].sum() == 5


def test_pages_of_sentences_are_disjoint_and_complete(archive):
    pages = [told(archive, limit=1, offset=n)[0]["sentence"] for n in range(3)]
    assert set(pages) == {row["sentence"] for row in told(archive)}


def test_of_many_articles_those_of_the_newest_weeks_are_read_and_it_says_so(archive):
    rows = told(archive, most=1)
    assert rows == [row | {"sentences": 2, "read": 3} for row in told(archive)[:2]], "a week is read whole"
    assert {row["articles_of"] for row in rows} == {4}
