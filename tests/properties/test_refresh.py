"""What a refresh of the changed weeks gives is what a full build gives; loading twice or in another order as well."""

import random
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor import marts
from monitor.batch import EntryOutcome
from monitor.story import signature_bands
from tests.sql import made


def contents(warehouse):
    found = {}
    for mart in marts.marts():
        frame = warehouse.frame(f"SELECT * FROM mart.{mart.name}")
        found[mart.name] = [
            tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in frame.sort(frame.columns).rows()
        ]
    return found


def load(warehouse, items, now, run_id, waiting=()):
    """Polls that announce the items and those that wait for their page, and a load of the items."""
    announced = [*items, *waiting]
    feeds = sorted({i.feed_id for i in announced})
    polls = [made.poll(f, [i for i in announced if i.feed_id == f], now) for f in feeds]
    warehouse.save_polls(run_id, polls, now)
    warehouse.load(made.batch(items, run_id, bands={i.article_id: signature_bands(i.text) for i in items}))


def refuse(warehouse, items, run_id):
    """Settle entries of which no article comes."""
    outcomes = [EntryOutcome(i.feed_id, f"{i.article_id:x}", "refused", "blocked", None, attempts=1) for i in items]
    warehouse.load(replace(made.batch([], run_id), outcomes=tuple(outcomes)))


def steps(seed, count):
    """An archive in a random order of arrival, some texts copied, cut into steps with their poll times."""
    rng = random.Random(seed)
    feeds, items = made.archive(weeks=12, sources=3, per_week=2, seed=seed)
    copies = []
    for k, item in enumerate(rng.sample(items, 6)):
        day = item.published_at.date() + timedelta(days=rng.randrange(30))
        copies.append(made.article(f"source{rng.randrange(3)}", f"copy{k}", str(day), item.text, item.title))
    items += [c for c in copies if c.published_at < made.NOW]
    rng.shuffle(items)
    cuts = sorted(rng.sample(range(1, len(items)), count - 1))
    parts = [items[a:b] for a, b in zip([0, *cuts], [*cuts, len(items)], strict=True)]
    times = [made.NOW - timedelta(days=rng.randrange(4) * (count - k)) for k in range(count)]
    return feeds, list(zip(parts, times, strict=True))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(2, 4))
@example(seed=630, count=4)  # a document that shows what lay between the polls before it
def test_refreshing_step_by_step_equals_a_full_build(seed, count):
    feeds, parts = steps(seed, count)
    with tempfile.TemporaryDirectory() as folder, made.open_warehouse(Path(folder)) as warehouse:
        warehouse.sync_gazetteer(made.Gazetteer())
        warehouse.sync_feeds(feeds)
        for number, (items, now) in enumerate(parts):
            late = items[::4]
            load(warehouse, [i for i in items if i not in late], now, f"r{number}", late)
            marts.refresh(warehouse)
            assert warehouse.dirty_weeks() == []
            refuse(warehouse, late[::3], f"r{number}")
            load(warehouse, late[1::3], now, f"r{number}")
            marts.refresh(warehouse)
        assert any(row[-1] for row in contents(warehouse)["source_weeks"])
        refreshed = contents(warehouse)
        marts.build(warehouse)
        built = contents(warehouse)
        assert refreshed.keys() == built.keys()
        for name, rows in built.items():
            assert refreshed[name] == rows, name
        assert marts.check(warehouse) == []


def test_a_build_some_weeks_at_a_time_and_a_refresh_in_the_middle_equal_one_at_once(tmp_path, monkeypatch):
    feeds, items = made.archive(weeks=60, sources=3, per_week=1)
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, feeds, items)
        marts.build(warehouse)
        in_steps = contents(warehouse)
        monday = made.NOW.date() - timedelta(days=made.NOW.weekday())
        marts.refresh(warehouse, [monday - timedelta(weeks=20), monday - timedelta(weeks=45)])
        assert contents(warehouse) == in_steps
        assert 0 < max(mart.step for mart in marts.marts()) < len(in_steps["weeks"])
        at_once = tuple(replace(mart, step=0) for mart in marts.marts())
        monkeypatch.setattr(marts, "marts", lambda: at_once)
        marts.build(warehouse)
        assert contents(warehouse) == in_steps


@pytest.mark.parametrize("seed", [1, 2])
def test_stories_do_not_depend_on_the_order_of_loading(seed, tmp_path):
    found = []
    for order in range(2):
        feeds, parts = steps(seed, 3)
        items = [i for part, _ in parts for i in part]
        random.Random(order).shuffle(items)
        with made.open_warehouse(tmp_path / str(order)) as warehouse:
            warehouse.sync_gazetteer(made.Gazetteer())
            warehouse.sync_feeds(feeds)
            for k in range(0, len(items), 20):
                load(warehouse, items[k : k + 20], made.NOW, "r")
            found.append(warehouse.frame("SELECT article_id, story_id FROM base.articles ORDER BY 1").rows())
    assert found[0] == found[1]
    assert sum(a != s for a, s in found[0]) >= 2
