"""What few sources, names that go and late first dates do to a publish: nothing stops it, and no week is forgotten."""

from datetime import timedelta

import pytest

from monitor import marts, publish
from monitor.article.plain import line_hashes
from monitor.store.boilerplate import revise
from tests.sql import made

ODD = "SELECT count(*) AS n FROM mart.weekly_trends WHERE isnan(share_low) OR isnan(share_high) OR isinf(share_high)"


def count(warehouse, sql):
    return warehouse.frame(sql)["n"][0]


@pytest.mark.parametrize("sources", [1, 2, 3])
def test_an_archive_of_few_sources_is_published_after_its_first_quarter(tmp_path, sources):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=30, sources=sources, per_week=9))
        marts.refresh(warehouse)
        assert marts.check(warehouse) == []
        assert count(warehouse, ODD) == 0
        known = count(warehouse, "SELECT count(*) AS n FROM mart.dispersions WHERE isfinite(squares)")
        assert (known > 0) == (sources > 1)  # two that write the same are told apart, one never
        assert publish.publish(warehouse, made.NOW)


def test_a_name_that_loses_its_dispersion_does_not_stop_the_publish(tmp_path):
    kept = "SELECT count(*) AS n FROM base.vintage_dispersions WHERE entity_id = 'CHN'"
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=40, sources=5, per_week=9))
        marts.build(warehouse)
        publish.publish(warehouse, made.NOW)
        before = count(warehouse, kept)
        assert before > 0
        warehouse.connection.execute("DELETE FROM base.entities WHERE entity_id = 'CHN'")
        for vintage in (2, 3):
            warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
            marts.build(warehouse)
            assert publish.publish(warehouse, made.NOW).name == f"monitor-{vintage}.duckdb"
        ended = f"{kept} AND vintage = 2 AND dispersion = 1"
        assert count(warehouse, ended) > 0
        assert count(warehouse, f"{kept} AND vintage = 3") == 0


def test_the_first_dates_of_a_feed_make_the_weeks_anew_that_they_reach_back_to(tmp_path):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, [made.feed("a")], [], polls=[made.poll("a", first=True)])
        marts.refresh(warehouse)
        later = made.NOW + timedelta(hours=1)
        item = made.article("a", "1", "2026-10-01", "Cambodia spoke.")
        warehouse.save_polls("r2", [made.poll("a", [item], later)], later)
        marts.refresh(warehouse)
        states = "SELECT week, state FROM mart.weeks ORDER BY week"
        refreshed = warehouse.frame(states)
        marts.build(warehouse)
        assert refreshed.equals(warehouse.frame(states))
        assert refreshed.filter(state="observed").height >= 6


def test_what_waits_for_a_switch_is_tagged_again_when_its_lines_become_boilerplate(tmp_path):
    line = "Read the newsletter of the Mekong desk every Monday and every Friday of the week."
    items = [made.article("a", str(k), "2026-11-10", f"Cambodia spoke {k}.\n{line}", f"T{k}") for k in range(3)]
    lines = {item.article_id: line_hashes(item.text) for item in items}
    waiting = "SELECT count(*) AS n FROM base.next_articles"
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, [made.feed("a")], items[:2], lines=lines)
        ids = ", ".join(f"('next', {item.article_id})" for item in items[:2])
        warehouse.connection.execute(f"INSERT INTO base.next_articles VALUES {ids}, ('next', 1)")
        later = made.NOW + timedelta(hours=1)
        warehouse.start_run("r2", later)
        warehouse.save_polls("r2", [made.poll("a", items[2:], later)], later)
        warehouse.load(made.batch(items[2:], "r2", lines=lines))
        revise(warehouse.connection, later)
        assert count(warehouse, waiting) == 1
