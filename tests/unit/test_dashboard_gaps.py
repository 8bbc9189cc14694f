"""Weeks that were not fully seen: as a chart shades them, and in words."""

from datetime import date, timedelta

from dashboards import words
from dashboards.series import outages, unseen


def test_outages_of_one_kind_join_and_say_how_many_failed():
    weeks = [
        {"week": date(2026, 6, 1), "state": "observed", "is_open": False, "sources": 9},
        {"week": date(2026, 6, 8), "state": "unobserved", "is_open": False, "sources": 9},
        {"week": date(2026, 6, 15), "state": "unobserved", "is_open": False, "sources": 9},
        {"week": date(2026, 6, 22), "state": "partial", "is_open": False, "sources": 9, "sources_unobserved": 2,
         "sources_partial": 1},
        {"week": date(2026, 6, 29), "state": "partial", "is_open": True, "sources": 9, "sources_unobserved": 9},
    ]  # fmt: skip
    assert [(o.since.day, o.until.day, o.text) for o in outages(weeks)] == [
        (8, 15, "no data"),
        (22, 22, "2 of 9 sources failed"),
    ]


def partial(day_, **more):
    return {"week": day_, "state": "partial", "is_open": False, "sources": 9, "sources_observed": 6} | more


def test_weeks_not_fully_seen_are_named_newest_first_with_what_is_missing():
    gone = {"week": date(2026, 6, 1), "state": "unobserved", "is_open": False, "sources": 9}
    weeks = [
        gone, gone | {"week": date(2026, 6, 8)},
        {"week": date(2026, 6, 15), "state": "observed", "is_open": False, "sources": 9},
        partial(date(2026, 6, 22), sources_partial=3, missing_articles=12),
        partial(date(2026, 6, 29), sources_partial=2, missing_articles=9),
    ]  # fmt: skip
    assert unseen(outages(weeks)) == (
        "Weeks not fully seen: 22 Jun 2026 to 5 Jul 2026 (up to 3 of 9 sources partly seen, 21 announced articles"
        " missing), 1 Jun 2026 to 14 Jun 2026 (no data)."
    )
    assert unseen([]) == ""
    many = [partial(date(2026, 1, 5) + timedelta(weeks=2 * n)) for n in range(9)]
    seen = [week | {"state": "observed", "week": week["week"] + timedelta(weeks=1)} for week in many]
    every = [week for pair in zip(many, seen, strict=True) for week in pair]
    assert unseen(outages(every)).endswith(", and 3 earlier.")


def test_a_week_without_any_source_is_no_outage_of_one():
    week = {"week": date(2026, 6, 1), "state": "unobserved", "is_open": False, "sources": 0}
    assert [o.text for o in outages([week])] == ["no source"]
    alone = partial(date(2026, 6, 8), sources=1, sources_partial=1, missing_articles=1)
    assert [(o.text, o.missing) for o in outages([alone])] == [("partly seen", 1)]


def test_what_is_missing_of_a_week_is_said_in_a_sentence():
    assert words.unseen(partial(date(2026, 6, 8), missing_articles=4)) == (
        "The week of 8 Jun 2026 was partly seen: 6 of 9 sources in full. 4 announced articles are missing:"
        " their pages wait to be fetched, or an outage kept them."
    )
    assert words.unseen({"week": date(2026, 6, 8), "state": "partial"}) == "The week of 8 Jun 2026 was partly seen."
    assert "a gap, not a zero" in words.unseen({"week": date(2026, 6, 8), "state": "unobserved"})
    assert words.unseen({"week": date(2026, 6, 8), "state": "observed", "missing_articles": 1}) == ""
