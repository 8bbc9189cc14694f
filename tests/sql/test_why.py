"""`diff` says why a number changed: a test for each reason, one for several at once; the parts add up."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import marts, publish
from monitor.errors import QueryError
from monitor.queries import open_archive
from tests.sql import made
from tests.sql.desk import Desk, tag_all_as

LAST, OPEN = "2026-11-09", "2026-11-16"  # made.NOW is the Sunday of the open week


def words(seed, *names):
    return made.paragraph(random.Random(seed), 80, list(names))


def item(feed, key, day, *names, **more):
    return made.article(feed, key, day, words(f"{feed}-{key}", *names), f"Piece {key}", **more)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Three sources of two articles in the last week and one in the open one, published as vintage 1."""
    desk = Desk(tmp_path_factory.mktemp("first"))
    desk.declare(*(made.feed(f) for f in "abc"))
    desk.arrive(
        *(item(f, f"old{k}", f"2026-11-1{k}", "Cambodia", "Cambodia") for f in "abc" for k in (0, 1)),
        *(item(f, "now", "2026-11-17", "Cambodia", "Thailand") for f in "abc"),
        first=True,
    )
    desk.publish()
    desk.close()
    return desk


@pytest.fixture
def desk(first, tmp_path):
    desk = first.at_a_copy(tmp_path / "data")
    yield desk
    desk.close()


def test_the_first_vintage_is_all_new(desk):
    with open_archive(desk.warehouse.place) as archive:
        reasons = archive.sql("SELECT DISTINCT reason FROM base.vintage_changes")["reason"].to_list()
    assert reasons == ["new"]
    assert desk.parts(1, 1) == {}


def test_new_and_late_arrivals(desk):
    desk.arrive(item("a", "1", "2026-11-18", "Cambodia"), item("b", "2", "2026-11-12", "Cambodia"))
    desk.publish()
    assert desk.parts(1, 2) == {(OPEN, "new"): (1, 1, 0, 1), (LAST, "late"): (1, 1, 0, 1)}
    assert desk.parts(1, 2, "*") == {(OPEN, "new"): (1, 0, 0, 0), (LAST, "late"): (1, 0, 0, 0)}


def test_a_text_that_comes_after_its_headline_is_late(desk):
    bare = {"status": "metadata", "reason": "timeout", "text": "", "tagger_version": "t1", "word_count": 0}
    desk.arrive(made.article("a", "1", "2026-11-11", **bare))
    desk.publish()
    desk.warehouse.load(made.batch([item("a", "1", "2026-11-11", "Cambodia")], "run9"))
    desk.publish()
    assert desk.parts(1, 2) == {}
    assert desk.parts(2, 3) == {(LAST, "late"): (1, 1, 0, 1)}


def test_a_new_source_brings_its_backlog(desk):
    desk.declare(made.feed("d", source_type="news"))
    desk.arrive(item("d", "1", "2026-11-10", "Cambodia"), item("d", "2", "2026-11-17", "Cambodia"), first=True)
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "sources"): (1, 1, 1, 1), (OPEN, "sources"): (1, 1, 1, 1)}
    assert ("feed added", "d", None, None, None) in desk.events(1, 2)


def test_feeds_that_go_or_change_are_told(desk):
    desk.retire("c")
    desk.declare(made.feed("b", source_type="news"))
    desk.arrive(item("a", "1", "2026-11-18", "Thailand"))
    desk.publish()
    told = {event[:2]: event[2:4] for event in desk.events(1, 2)}
    assert told["feed source_type", "b"] == ("commentary", "news")
    assert told["feed retired", "c"][0] is None
    desk.declare(made.feed("c"))
    desk.arrive(item("a", "2", "2026-11-18", "Thailand"))
    desk.publish()
    assert [e[:2] for e in desk.events(2, 3)] == [("feed returned", "c")]
    assert desk.parts(1, 3) == {}


def test_two_outlets_that_become_one_publisher_are_one_source(desk):
    desk.declare(made.feed("b", "a"))
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "sources"): (0, 0, -1, 0), (OPEN, "sources"): (0, 0, -1, 0)}


def test_backfill(desk):
    desk.arrive(item("a", "older", "2026-11-09", "Cambodia"), backfilled=True)
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "backfill"): (1, 1, 0, 1)}


def test_retag(desk):
    desk.retag("t2", lambda field, text: [m for m in made.tag(field, text) if m.entity_id != "KHM"][:1])
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "retag"): (-6, -6, -3, -12), (OPEN, "retag"): (-3, -3, -3, -3)}
    assert {e[0] for e in desk.events(1, 2)} == {"gazetteer", "retag"}
    desk.retag("t3")
    desk.publish()
    assert desk.parts(2, 3)[LAST, "retag"] == (6, 6, 3, 12)
    assert desk.parts(1, 3) == {}


def test_a_retag_that_finds_more(desk):
    desk.retag("t2", tag_all_as("KHM", "Thailand"))
    desk.publish()
    assert desk.parts(1, 2) == {(OPEN, "retag"): (0, 0, 0, 3)}


def test_boilerplate(desk):
    box = "\nThe Cambodia desk thanks all of its readers for their patience."
    for k in range(2):
        one = item("a", f"boxed{k}", "2026-11-12", "Thailand")
        desk.arrive(made.article("a", f"boxed{k}", "2026-11-12", one.text + box, "Boxed"))
    desk.publish()
    third = item("a", "boxed3", "2026-11-18", "Thailand")
    desk.arrive(made.article("a", "boxed3", "2026-11-18", third.text + box, "Boxed"))
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "late"): (2, 2, 0, 2)}
    assert desk.parts(2, 3) == {(LAST, "boilerplate"): (-2, -2, 0, -2)}
    assert ("boilerplate lines", "a", None, None, 1) in desk.events(2, 3)


def changed(text, rng, share):
    return " ".join(rng.choice(made.FILLER) if rng.random() < share else w for w in text.split())


def test_a_copy_that_makes_two_stories_one(desk):
    """Two texts share a half each with a third, which comes later and joins them."""
    left, right = words("left", "Cambodia"), words("right", "Cambodia")
    desk.arrive(
        made.article("a", "left", "2026-11-10", left + " " + words("filler"), "Left"),
        made.article("b", "right", "2026-11-11", right + " " + words("more"), "Right"),
    )
    desk.publish()
    both = left + " " + words("filler") + " " + right + " " + words("more")
    desk.arrive(made.article("c", "both", "2026-11-12", both, "Both"))
    desk.publish()
    assert desk.parts(2, 3) == {(LAST, "late"): (1, 0, 0, 2), (LAST, "stories"): (0, -1, 0, 0)}


def test_an_earlier_first_article_moves_the_story_to_its_week(desk):
    text = words("wire", "Cambodia")
    desk.arrive(made.article("a", "wire", "2026-11-17", text, "Wire"))
    desk.publish()
    desk.arrive(made.article("b", "wire", "2026-11-13", text, "Wire"))
    desk.publish()
    assert desk.parts(2, 3) == {(LAST, "late"): (1, 1, 0, 1), (OPEN, "stories"): (0, -1, 0, 0)}


def test_a_copy_of_a_known_story_is_an_article_and_no_story(desk):
    first = next(i for i in desk.items.values() if i.feed_id == "a" and i.week.isoformat() == LAST)
    desk.arrive(made.article("b", "copy", "2026-11-14", first.text, first.title))
    desk.publish()
    assert desk.parts(1, 2) == {(LAST, "late"): (1, 0, 0, 2)}


@pytest.mark.parametrize("target", ["https://a.example/old0", "a"])
def test_forgotten(desk, target):
    desk.forget(target)
    desk.publish()
    whole = {"a": {(LAST, "forgotten"): (-2, -2, -1, -4), (OPEN, "forgotten"): (-1, -1, -1, -1)}}
    assert desk.parts(1, 2) == whole.get(target, {(LAST, "forgotten"): (-1, -1, 0, -2)})
    kind = "source" if target == "a" else "url"
    assert (f"forgotten {kind}", target if target == "a" else None, None, None, 1) in desk.events(1, 2)


def test_another_zone_moves_articles_between_weeks(desk):
    desk.zone("UTC")
    night = item("a", "night", "2026-11-15", "Cambodia")
    desk.arrive(replace(night, published_at=made.at("2026-11-15", 20)))
    desk.publish()
    desk.zone("Asia/Phnom_Penh")
    desk.publish()
    assert desk.parts(2, 3) == {(LAST, "dates"): (-1, -1, 0, -1), (OPEN, "dates"): (1, 1, 0, 1)}


def test_several_reasons_at_once_add_up(desk):
    box = "\nThe Cambodia desk thanks all of its readers for their patience."
    for k in range(2):
        one = item("b", f"boxed{k}", "2026-11-12", "Thailand")
        desk.arrive(made.article("b", f"boxed{k}", "2026-11-12", one.text + box, "Boxed"))
    desk.publish()
    with open_archive(desk.warehouse.place) as archive:
        before = archive.trend("Cambodia", since=made.monday(made.at(LAST).date()), weeks=1).to_dicts()[0]
    desk.declare(made.feed("d"))
    desk.arrive(item("d", "1", "2026-11-10", "Cambodia"), first=True)
    third = item("b", "boxed3", "2026-11-13", "Thailand")
    boxed = made.article("b", "boxed3", "2026-11-13", third.text + box, "Boxed")
    desk.arrive(boxed, item("c", "x", "2026-11-13", "Cambodia"))
    desk.arrive(item("b", "early", "2026-11-10", "Cambodia"), backfilled=True)
    desk.forget("https://a.example/old1")
    desk.retag("t2", tag_all_as("KHM", "Thailand"))
    desk.publish()
    parts = {reason: part for (week, reason), part in desk.parts(2, 3).items() if week == LAST}
    assert parts == {
        "forgotten": (-1, -1, 0, -2),
        "retag": (0, 0, 0, 2),  # the two boxed articles name Thailand
        "boilerplate": (0, 0, 0, -2),  # which now is Cambodia too, so that they stay
        "sources": (1, 1, 1, 1),
        "backfill": (1, 1, 0, 1),
        "late": (2, 2, 0, 2),
    }
    with open_archive(desk.warehouse.place) as archive:
        after = archive.trend("Cambodia", since=made.monday(made.at(LAST).date()), weeks=1).to_dicts()[0]
    for place, measure in enumerate(("articles", "stories", "sources", "mentions")):
        assert after[measure] - before[measure] == sum(part[place] for part in parts.values())


def test_without_the_copy_before_there_is_no_reason(desk, caplog):
    (desk.warehouse.data / "published" / "monitor-1.duckdb").unlink()
    desk.arrive(item("a", "1", "2026-11-18", "Cambodia"))
    desk.publish()
    assert desk.parts(1, 2) == {(OPEN, "unrecorded"): (1, 1, 0, 1)}


def test_other_rules_of_counting_are_the_program_s(desk):
    con = desk.warehouse.connection
    con.execute("DELETE FROM mart.weekly_mentions WHERE entity_id = 'KHM' AND week = '2026-11-09'")
    desk.arrive(item("a", "1", "2026-11-18", "Thailand"))
    desk.tick()
    marts.refresh(desk.warehouse)
    con.execute("UPDATE base.mart_builds SET digest = 'another'")
    publish.publish(desk.warehouse, desk.now)
    assert desk.parts(1, 2) == {(LAST, "program"): (-6, -6, -3, -12)}


def test_vintages_go_by_number_or_day_and_in_their_order(desk):
    desk.now += timedelta(days=3)
    desk.arrive(item("a", "1", "2026-11-18", "Cambodia"))
    desk.publish()
    with open_archive(desk.warehouse.place) as archive:
        first = archive.trend("KHM", as_of=1)
        assert archive.trend("KHM", as_of=made.NOW.date()).equals(first)
        assert archive.sql("FROM trend_as_of('Cambodia', DATE '2026-11-22')").equals(first)
        assert archive.diff(made.NOW.date(), desk.now.date()).equals(archive.diff(1, 2))
        assert archive.sql("FROM diff(1, 2)").equals(archive.diff(1, 2))
        for ask in (
            "trend_as_of('Cambodia', 7)",
            "trend_as_of('Cambodia', DATE '2020-01-01')",
            "diff(1, 7)",
            "diff_events(0, 1)",
        ):
            with pytest.raises(QueryError, match=r"there is no vintage .* lists all"):
                archive.sql(f"FROM {ask}")
        for ask in ("diff(2, 1)", "diff_events(2, 1)"):
            with pytest.raises(QueryError, match="earlier one goes first"):
                archive.sql(f"FROM {ask}")
        for wrong in (7, 0, made.at("2026-11-21").date()):
            with pytest.raises(QueryError, match="there is no vintage"):
                archive.trend("KHM", as_of=wrong)
        with pytest.raises(QueryError, match="earlier one goes first"):
            archive.diff(2, 1)


def test_a_forgotten_source_leaves_no_trace_in_what_is_kept_of_feeds(desk):
    desk.declare(made.feed("secret"))
    desk.publish()
    desk.forget("secret")
    desk.publish()
    with open_archive(desk.warehouse.place) as archive:
        assert archive.sql("SELECT count(*) AS n FROM base.vintage_feeds")["n"][0] == 0
