# ruff: noqa: F811  # a fixture is imported by its name
"""What is declared of feeds, their states, and the weeks that their polls cover."""

from dataclasses import replace

from monitor.records import Feed
from tests.sql import made
from tests.unit.small_warehouse import rows, warehouse  # noqa: F401  # fixture


def test_feed_states_come_back_as_they_were(warehouse):
    polled = made.poll("alpha")
    state = replace(polled.state, etag='W/"x"', moved_seen=2, moved_first_at=made.NOW, interval=900)
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [replace(polled, state=state)], made.NOW)
    assert warehouse.feed_states() == {"alpha": state}


def test_a_feed_that_is_no_longer_declared_is_retired_and_may_return(warehouse):
    alpha, beta = made.feed("alpha"), made.feed("beta")
    assert warehouse.sync_feeds([alpha, beta])
    assert not warehouse.sync_feeds([beta, alpha])
    assert warehouse.sync_feeds([alpha])
    assert rows(warehouse, "SELECT feed_id, retired_at IS NULL FROM base.feeds ORDER BY 1") == [
        ("alpha", True), ("beta", False)
    ]  # fmt: skip
    assert warehouse.sync_feeds([alpha, beta])
    assert rows(warehouse, "SELECT count(*) FROM base.feeds WHERE retired_at IS NULL") == [(2,)]


def test_a_declared_url_that_changes_forgets_the_old_one_s_validators(warehouse):
    alpha = made.feed("alpha")
    warehouse.sync_feeds([alpha])
    polled = made.poll("alpha")
    warehouse.save_polls("r1", [replace(polled, state=replace(polled.state, etag="x"))], made.NOW)
    warehouse.sync_feeds([replace(alpha, url="https://alpha.example/new")])
    assert warehouse.feed_states() == {}


def test_a_poll_marks_the_weeks_whose_coverage_it_changes(warehouse):
    warehouse.sync_feeds([made.feed("alpha")])
    first = made.poll("alpha", polled=made.at("2026-11-05"), oldest=made.at("2026-10-20"), first=True)
    warehouse.save_polls("r1", [first], made.NOW)
    assert [str(w) for w in warehouse.dirty_weeks()] == ["2026-10-19", "2026-10-26", "2026-11-02"]
    warehouse.connection.execute("DELETE FROM base.dirty_weeks")
    second = made.poll("alpha", polled=made.at("2026-11-10"), oldest=made.at("2026-10-20"))
    warehouse.save_polls("r1", [second], made.NOW)
    assert [str(w) for w in warehouse.dirty_weeks()] == ["2026-11-02", "2026-11-09"]


def test_feeds_keep_all_that_is_declared(warehouse):
    declared = Feed("a", "A", "https://a.example", "pub", "news", "asia", "en", ("x", "y"), False, True, "Asia/Tokyo")
    warehouse.sync_feeds([declared])
    [row] = warehouse.frame("SELECT * EXCLUDE (declared_at, retired_at) FROM base.feeds").to_dicts()
    assert Feed(**(row | {"collections": tuple(row["collections"])})) == declared
