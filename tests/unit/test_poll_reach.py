"""How far back a poll has seen."""

from datetime import timedelta

import pytest

from monitor.poll import reach
from tests.unit.polls import NOW


def times(*days):
    return [NOW - timedelta(days=day) for day in days]


@pytest.mark.parametrize(
    ("days", "known", "expected"),
    [
        ((), None, None),
        ((3,), None, 3),
        ((0, 1, 2, 3), None, 3),
        ((0, 1, 2, 3, 900), None, 3),  # pinned
        ((0, 1, 2, 3, 300, 900), None, 3),
        ((0, 1, 2, 300, 600, 900), None, 900),  # half of all are no chance
        ((0, 1, 2, 3, 4, 5, 6, 7, 300, 900), None, 7),
        ((0, 30, 60, 90, 150), None, 150),  # a source that writes seldom
        ((0, 0, 0, 30, 30, 30, 62), None, 62),  # several at once, each month
        ((0, 1, 2, 20), None, 2),
        ((0, 1, 2, 20), 20, 20),  # the newest that was known is still shown: nothing was missed since
        ((0, 1, 2, 20, 900), 20, 20),
        ((0, 1, 2, 900), 30, 2),  # known, but newer ones have come and gone since
    ],
)
def test_a_feed_reaches_back_to_its_oldest_entry_but_for_pinned_ones(days, known, expected):
    newest_known = None if known is None else NOW - timedelta(days=known)
    found = reach(times(*days), newest_known)
    assert found == (None if expected is None else NOW - timedelta(days=expected))
