"""Whatever happens: every vintage gives back the trends as they were published, and every change has a reason."""

import random
import tempfile
from datetime import timedelta
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.queries import open_archive
from tests.sql import made
from tests.sql.desk import MEASURES, Desk, tag_all_as

KNOWN = {"new", "late", "backfill", "sources", "retag", "boilerplate", "stories", "forgotten", "dates"}
BOX = "\nOur Russia and China desk thanks all of its readers for their patience."


def rounded(frame):
    return [tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in frame.rows()]


def trends(desk, as_of=None):
    with open_archive(desk.warehouse.data) as archive:
        return {e.entity_id: rounded(archive.trend(e.entity_id, as_of=as_of)) for e in made.ENTITIES}


def fresh(rng, desk, key):
    """Some articles of the last weeks: plain ones, copies of what is there, some with a line that repeats."""
    found = []
    for k in range(rng.randrange(1, 6)):
        feed = rng.choice(sorted(desk.feeds))
        day = str((made.NOW - timedelta(days=rng.randrange(60))).date())
        text = made.paragraph(rng, 70, rng.choices(list(made.NAMES), k=3))
        if rng.random() < 0.3 and desk.items:
            text = rng.choice(list(desk.items.values())).text
        if rng.random() < 0.3:
            text += BOX
        found.append(made.article(feed, f"{key}-{k}", day, text, f"On {rng.choice(list(made.NAMES))} {key} {k}"))
    return found


def act(rng, desk, key):
    """One thing that happens."""
    what = rng.choice(("arrive", "arrive", "source", "backfill", "retag", "forget", "zone", "retire", "merge"))
    if what in ("arrive", "backfill"):
        desk.arrive(*fresh(rng, desk, key), backfilled=what == "backfill")
    elif what == "source":
        desk.declare(made.feed(f"more{key}"))
        text = made.paragraph(rng, 70, rng.choices(list(made.NAMES), k=3))
        desk.arrive(made.article(f"more{key}", "1", "2026-11-12", text), first=True)
    elif what == "retag":
        desk.retag(f"t{key}", rng.choice((made.tag, tag_all_as("KHM", "trade"), lambda f, t: made.tag(f, t)[1:])))
    elif what == "forget":
        desk.forget(rng.choice(sorted(i.url for i in desk.items.values())))
    elif what == "zone":
        desk.zone(rng.choice(("UTC", "Asia/Phnom_Penh", "America/Los_Angeles")))
    elif what == "retire" and len(desk.feeds) > 2:
        desk.retire(sorted(desk.feeds)[0])
    elif what == "merge":
        desk.declare(made.feed(sorted(desk.feeds)[0], "another"))


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_vintages_give_back_what_was_published_and_parts_add_up(seed):
    rng, seen = random.Random(seed), {}
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        feeds, items = made.archive(weeks=30, sources=3, per_week=3, seed=seed)
        desk.declare(*feeds)
        desk.arrive(*items, first=True)
        for number in range(1, 5):
            desk.publish()
            with open_archive(desk.warehouse.data) as archive:
                vintage = archive.vintages()["vintage"].max()
            seen[vintage] = trends(desk)
            for k in range(rng.randrange(1, 4)):
                act(rng, desk, f"{number}{k}")
        for vintage, then in seen.items():
            assert trends(desk, vintage) == then, vintage
        check_parts(desk, seen)
        desk.close()


def check_parts(desk, seen):
    with open_archive(desk.warehouse.data) as archive:
        reasons = set(archive.sql("SELECT DISTINCT reason FROM base.vintage_changes")["reason"])
        assert reasons <= KNOWN, reasons
        found = archive.diff(min(seen), max(seen))
    for _, rows in found.group_by("week", "entity_id"):
        for measure in MEASURES:
            before, after = rows[f"{measure}_before"][0], rows[f"{measure}_after"][0]
            assert rows[measure].sum() == after - before
    whole = (
        found.filter(pl.col("entity_id") == "KHM").unique("week").select("week", "articles_before", "articles_after")
    )
    then, now = ({row[0]: row[3] or 0 for row in seen[v]["KHM"]} for v in (min(seen), max(seen)))
    for week, before, after in whole.rows():
        assert (before, after) == (then.get(week, 0), now.get(week, 0))
