"""Each code that the program can write is told in sql/comments/values.csv, and nothing else is."""

import csv
import re
from typing import get_args

import pytest

from monitor import gazetteer, records
from monitor.gazetteer.load import CASES, KINDS
from monitor.sqlfiles import meanings, sql_text, values
from monitor.web.client import Kind
from tests.contract.tree import LIBRARY, ROOT
from tests.contract.written import HOLE, given_back, set_by_key, sql_words, written

REASONS = [
    ("Extracted", 1, "reason"), ("_Judged", 1, "reason"), ("Loaded", 0, "problem"), ("Loaded", 2, "cut"),
    ("replace", None, "reason"), ("replace", None, "failure"), ("give_up", 1, "reason"), ("_Fetched", 2, "failure"),
    ("PageJob", 2, "failure"), ("_outcome", 3, "reason"), ("EntryOutcome", 3, "reason"), ("Entry", None, "refused"),
]  # fmt: skip
KEPT = [("uncounted", 0, "rule"), ("means", 1, "rule"), ("Verdict", 1, "rule"), ("_by_rule", 0, "rule")]
LOST = [("Lost", 1, "reason")]


def told(*columns):
    """The values that the list has for columns, with what may vary in them left open."""
    return {re.sub(r"<[^>]*>", HOLE, value) for column in columns for value in values()[column]}


def by_loss(found, start):
    """Values that say how a worker was lost, written out."""
    lost = {start + how for how in written(LOST)}
    return found - {start + HOLE} | (lost if start + HOLE in found else set())


@pytest.mark.parametrize("name", sorted(values()))
def test_a_list_of_values_is_of_a_column(name):
    assert name.rpartition(".")[2] in meanings("columns")


def test_outcomes_of_requests():
    assert told("fetches.outcome") == written([("ended", 0, "outcome")])
    assert told("fetches.kind") == set(get_args(Kind))
    assert told("robots.verdict") == written([("Robots", 1, "verdict")]) | {HOLE}


def test_outcomes_of_entries_and_runs():
    given = written([("_outcome", 1, "outcome"), ("EntryOutcome", 2, "outcome")], "pipeline")
    assert told("entries.outcome") == given | sql_words("outcome")
    assert told("runs.outcome") == written([("finish_run", 2, "outcome")])


def test_reasons_of_entries_and_articles():
    """Those of a request are among them, but for what is no failure or is asked again without an entry's account."""
    found = by_loss(written(REASONS), "worker_") | sql_words("reason")
    request = told("fetches.outcome") - {"ok", "not_modified", "http", "retry_later"}
    assert told("articles.reason", "entries.reason") == found | request | {HOLE}  # a stored entry has its article's


def test_states_of_articles_and_feeds():
    assert told("articles.status") == written(
        [("Extracted", 0, "status"), ("_Judged", 0, "status"), ("replace", None, "status")], "article"
    )
    found = written([("ParsedFeed", 0, "status")]) | written([("replace", None, "status")], "monitor/poll.py")
    problems = {f"error:{problem}" for problem in written([("Document", None, "problem")])}
    assert told("status") == by_loss(found, "error:parser_") | problems | {records.FeedState("x").status}


def test_dates():
    assert told("published_from") == written([("_of", 1, "source"), ("Published", 1, "source")], "pipeline/dating")


def test_the_tagger():
    assert told("aliases.rule") == set(gazetteer.RULES)
    assert told("mentions.rule") == written(KEPT, apart="mention/verdict.py") | {HOLE}  # vetoes pass there; the alias's
    assert told("mentions.field") == written([("_mentions", 2, "field")], "mention")
    assert told("mentions.zone") == written([("repeat", 0, "")], "mention/tagger") | sql_words("zone")
    assert told("form") == set(records.FORMS)
    assert told("kind") == {kind for kinds in KINDS.values() for kind in kinds}
    assert told("aliases.case") == set(CASES)
    assert told("source_type") == set(records.SOURCE_TYPES)


@pytest.mark.parametrize("name", ["organisations.csv", "regions.csv"])
def test_kinds_of_organisations_and_regions(name):
    rows = csv.DictReader((LIBRARY / "data" / name).read_text("utf-8").splitlines())
    assert {row["subkind"] for row in rows if row["subkind"]} <= told("subkind")


def test_what_was_forgotten():
    assert told("tombstones.kind") == written([("_mark", 1, "kind"), ("_found", 1, "kind")], "store/forget")


def test_what_changed_between_vintages():
    sql = sql_text("store/vintages.sql") + sql_text("store/vintage_reasons.sql")
    steps = re.findall(r"'(\w+)'", re.search(r"\(\[([^\]]*)\]\)\[step\] AS reason", sql)[1])
    assert told("vintage_changes.reason") == {*steps} | set_by_key("enter", "reason") | given_back(
        "_parts", "store/vintages"
    )
    first = re.search(r"change: CASE(.*?)END", sql)[1]
    changes = {*re.findall(r"change: '(\w+)'", sql), *re.findall(r"(?:THEN|ELSE) '(\w+)'", first)}
    assert told("vintage_feeds.change") == changes
    events = sql_text("views/040_vintages.sql").partition("MACRO main.diff_events")[2]
    arms = re.findall(r"SELECT \d(?: AS place)?, '([^']*)'( \|\|)?", events)
    assert told("diff_events.what") == {what + (HOLE if more else "") for what, more in arms}


def test_the_query_page_has_the_same_reasons():
    table = (ROOT / "docs/query.md").read_text("utf-8").partition("| reason | the article")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == told("vintage_changes.reason")


def test_states_and_intervals():
    gone = re.findall(r"SELECT k\.week, '(\w+)'", sql_text("store/vintages.sql"))
    assert told("state") == sql_words("state") | {*gone}
    assert told("interval_kind") == sql_words("interval_kind")


def test_a_new_value_in_the_source_would_be_seen():
    """The way from a word to its column, by some that are far apart."""
    found = written(REASONS)
    assert {"pdf", "many_links", "script", "no_link", "http_<>", "extraction_<>"} <= found
    assert [word for word in found | written(KEPT) | written([("ended", 0, "outcome")]) if word[0] == "?"] == []
