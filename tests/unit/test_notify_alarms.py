# ruff: noqa: F811  # fixtures are imported by their names
"""What is alarming, when it is told, reminded and over, and what a full disk does to it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.config import load_settings
from monitor.notify import Alarm, AlarmBook, CollectFacts, Health, evaluate, news, read_facts, write_facts
from tests.unit.receivers import hook  # noqa: F401  # fixture

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = CollectFacts(NOW, "completed", "9 of 10 feeds answered", feeds=10, feeds_failing=1, good_at=NOW)
WELL = Health(NOW, NOW - 9 * HOUR, GOOD, int(9e9))


def keys(health, **options):
    return [a.key for a in evaluate(health, load_settings(options))]


def test_nothing_is_wrong_when_all_is_well():
    assert keys(WELL) == []


@pytest.mark.parametrize(
    ("health", "found"),
    [
        (replace(WELL, facts=replace(GOOD, good_at=NOW - 3 * HOUR)), ["silence"]),
        (replace(WELL, facts=replace(GOOD, good_at=NOW - 3 * HOUR), since=NOW - HOUR), []),
        (replace(WELL, facts=None), ["silence"]),
        (replace(WELL, facts=None, since=NOW - HOUR), []),
        (replace(WELL, facts=replace(GOOD, outcome="check_failed")), ["check"]),
        (replace(WELL, facts=replace(GOOD, feeds_failing=2)), []),
        (replace(WELL, facts=replace(GOOD, feeds_failing=3)), ["feeds"]),
        (replace(WELL, facts=replace(GOOD, feeds=3, feeds_failing=3)), []),
        (replace(WELL, free_bytes=int(1e9)), ["disk"]),
    ],
)
def test_each_alarm_at_its_threshold(health, found):
    assert keys(health) == found


def test_an_alarm_is_told_once_reminded_daily_and_over_once():
    alarm = Alarm("disk", "Full", "Make room")
    lines, told = news([alarm], {}, NOW)
    assert lines == ["Full. Make room"]
    assert news([alarm], told, NOW + HOUR) == ([], told)
    lines, again = news([alarm], told, NOW + 25 * HOUR)
    assert lines == ["Still: Full. Make room"]
    assert news([], again, NOW + 26 * HOUR) == (["Over: Full"], {})


def test_facts_keep_the_time_of_the_last_good_collection(tmp_path):
    write_facts(tmp_path, GOOD)
    write_facts(tmp_path, CollectFacts(NOW + HOUR, "failed", "disk full"))
    assert read_facts(tmp_path) == CollectFacts(NOW + HOUR, "failed", "disk full", good_at=NOW)
    (tmp_path / "last_collect.json").write_text("{")
    assert read_facts(tmp_path) is None


def test_the_book_tells_over_a_restart_only_once(hook, tmp_path):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed", detail="duplicates: 3 rows"))
    AlarmBook(settings, NOW).check(NOW)
    AlarmBook(settings, NOW).check(NOW + HOUR)
    assert len(hook.got) == 1
    assert "duplicates: 3 rows" in json.loads(hook.got[0][2])["text"]
    write_facts(tmp_path, replace(GOOD, at=NOW + HOUR))
    AlarmBook(settings, NOW).check(NOW + HOUR)
    assert json.loads(hook.got[1][2])["text"].startswith("*Monitor: Over: A data check failed")


def test_an_alarm_that_nobody_took_is_sent_again(hook, tmp_path):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    hook.status = 500
    book = AlarmBook(settings, NOW)
    book.check(NOW)
    hook.status = 200
    book.check(NOW + timedelta(minutes=1))
    book.check(NOW + timedelta(minutes=2))
    assert len(hook.got) == 2


def test_a_disk_that_keeps_no_book_does_not_tell_every_minute(hook, tmp_path, monkeypatch):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    book = AlarmBook(settings, NOW)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("monitor.notify.book.os.replace", full)
        for minute in range(3):
            book.check(NOW + timedelta(minutes=minute))
        assert len(hook.got) == 1
    write_facts(tmp_path, GOOD)
    book.check(NOW + timedelta(minutes=5))
    assert json.loads(hook.got[1][2])["text"].startswith("*Monitor: Over: A data check failed")
    assert not AlarmBook(settings, NOW).open_alarms()


def test_a_disk_that_keeps_no_facts_does_not_end_the_run(tmp_path, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    write_facts(tmp_path, GOOD)
    monkeypatch.setattr("monitor.notify.facts.os.replace", full)
    assert write_facts(tmp_path, replace(GOOD, outcome="failed", detail="the disk is full")).outcome == "failed"
    assert "last_collect.json cannot be written: No space left on device" in caplog.text
    assert read_facts(tmp_path).outcome == "completed"


def test_a_book_that_was_edited_by_hand_is_read_in_utc(tmp_path):
    (tmp_path / "alarms.json").write_text('{"check": {"text": "t", "told_at": "2026-11-22T11:00:00"}}')
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    book = AlarmBook(load_settings({"data": tmp_path, "alarm_free_gb": 0}), NOW)
    assert book.check(NOW) == []
    assert len(book.check(NOW + timedelta(hours=24))) == 1
