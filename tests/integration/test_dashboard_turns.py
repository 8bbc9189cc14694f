"""A view is built by one thread while the others wait, and nothing is left behind of a view that was not kept."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from dashboards.site import Setup, Site, made
from dashboards.turns import Turns

from monitor.errors import DataFolderError

ORIGIN = "http://127.0.0.1"
EIGHT = 8


@pytest.fixture
def site(press, tmp_path):
    made = Site(Setup(press, tmp_path), lambda: datetime.now(UTC))
    yield made
    made.archive().archive.close()


def at_once(work, count=EIGHT):
    """What threads get that begin together."""
    start = threading.Barrier(count)

    def one(number):
        start.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


@contextmanager
def counted(inside, most, key):
    """Notes how many threads are inside at once."""
    inside[key] += 1
    most[key] = max(most[key], inside[key])
    time.sleep(0.002)
    yield
    inside[key] -= 1


def test_one_thread_at_a_time_for_a_key_also_when_its_lock_comes_and_goes():
    turns, inside, most = Turns(), Counter(), Counter()

    def work(number):
        for step in range(30):
            key = (number + step) % 2
            with turns.alone(key), counted(inside, most, key):
                pass

    at_once(work)
    assert most == {0: 1, 1: 1}
    assert len(turns) == 0


def test_other_keys_do_not_wait():
    turns, both = Turns(), threading.Barrier(2)

    def work(number):
        with turns.alone(number):
            return both.wait(10)

    assert sorted(at_once(work, 2)) == [0, 1]


def test_what_fails_leaves_no_lock_and_lets_the_next_one_in():
    turns, tries = Turns(), []

    def work(number):
        with turns.alone("page"):
            tries.append(number)
            raise ValueError(number)

    def safe(number):
        with pytest.raises(ValueError, match=str(number)):
            work(number)

    at_once(safe)
    assert len(tries) == EIGHT
    assert len(turns) == 0


def test_a_view_that_many_ask_for_is_built_once(site, monkeypatch):
    built = []

    def slow(path, query, origin):
        built.append(path)
        time.sleep(0.1)
        return made(200, "text/html", b"page")

    monkeypatch.setattr(site, "_build", slow)
    answers = at_once(lambda _: site.answer("/map", {}, ORIGIN))
    assert built == ["/map"]
    assert {answer.body for answer in answers} == {b"page"}
    assert len(site.turns) == 0


def test_a_view_that_is_not_kept_is_not_built_twice_at_once(site, monkeypatch):
    inside, most = Counter(), Counter()

    def failing(path, query, origin):
        with counted(inside, most, path):
            return made(503, "text/html", b"too slow")

    monkeypatch.setattr(site, "_build", failing)
    answers = at_once(lambda _: site.answer("/map", {}, ORIGIN))
    assert [answer.status for answer in answers] == [503] * EIGHT
    assert most == {"/map": 1}
    assert len(site.turns) == 0


@pytest.mark.parametrize("error", [DataFolderError("gone"), RuntimeError("broken")])
def test_addresses_that_fail_leave_nothing_behind(site, monkeypatch, error):
    def fail(path, query, origin):
        raise error

    monkeypatch.setattr(site, "_build", fail)
    for number in range(20):
        assert site.answer("/", {"entities": str(number)}, ORIGIN).status >= 500
    assert len(site.turns) == 0


def test_a_copy_that_changes_in_the_middle_leaves_nothing_behind(site, monkeypatch):
    marks = iter([(1,), (2,)])
    monkeypatch.setattr("dashboards.site.stamp", lambda place: next(marks, (2,)))
    monkeypatch.setattr(site, "_build", lambda path, query, origin: made(200, "text/html", b"page"))
    assert site.answer("/", {}, ORIGIN).status == 200
    assert site.kept(site.key("/", {}, ORIGIN))
    assert len(site.turns) == 0
