from datetime import UTC, datetime

import pytest

from monitor.pipeline.articles import shared_out
from monitor.pipeline.fetching import Fetcher, in_batches
from monitor.web import Web, WebSettings


class Ticks:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_full_batches_go_at_once():
    assert list(in_batches(range(5), 2, 99.0, Ticks())) == [[0, 1], [2, 3], [4]]


def test_a_lone_item_is_not_held_back():
    clock = Ticks()

    def slow():
        yield "a"
        clock.now = 3.0
        yield None
        yield "b"

    assert list(in_batches(slow(), 10, 2.0, clock)) == [["a"], ["b"]]


def test_time_counts_from_the_first_item_of_a_batch():
    clock = Ticks()

    def quiet_then_two():
        clock.now = 50.0
        yield None
        yield "a"
        yield "b"

    assert list(in_batches(quiet_then_two(), 10, 2.0, clock)) == [["a", "b"]]


def test_a_stream_ends_with_its_last_answer():
    """Not a quarter of a second later, when it would be asked again whether there are more."""
    with Fetcher(lambda: Web(WebSettings(), clock=lambda: datetime(2026, 11, 28, tzinfo=UTC))) as fetcher:
        assert list(fetcher.stream([])) == []


@pytest.mark.parametrize(
    ("items", "left", "workers", "sizes"),
    [
        (50, 2000, 2, [50]),
        (50, 90, 2, [23, 23, 4]),
        (30, 30, 2, [8, 8, 8, 6]),
        (5, 5, 2, [5]),
        (30, 30, 1, [15, 15]),
        (0, 0, 2, []),
    ],
)
def test_what_is_left_is_shared_out_among_the_workers(items, left, workers, sizes):
    batches = list(shared_out(range(items), left, workers))
    assert [len(batch) for batch in batches] == sizes
    assert [n for batch in batches for n in batch] == list(range(items))
