"""Which alarms hold, and which of them are news: plain decisions on plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.config import Settings
from monitor.notify.facts import CollectFacts

REMIND = timedelta(hours=24)
_ENOUGH_FEEDS = 5  # of fewer feeds one that fails is already a fifth


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that an operator must look at; `key` says which alarm it is, whatever its text."""

    key: str
    text: str
    todo: str


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of the service at one time; `since` is when it began to be watched."""

    now: datetime
    since: datetime
    facts: CollectFacts | None
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Open:
    """An alarm that was told, with the time it was told last."""

    text: str
    told_at: datetime


def evaluate(health: Health, settings: Settings) -> list[Alarm]:
    """The alarms that hold now."""
    found = [_silence(health, settings), _check(health), _feeds(health, settings), _disk(health, settings)]
    return [alarm for alarm in found if alarm]


def news(alarms: Sequence[Alarm], told: Mapping[str, Open], now: datetime) -> tuple[list[str], dict[str, Open]]:
    """Lines to tell (new alarms, daily reminders, and those that are over), and what is then open."""
    lines, still = [], dict[str, Open]()
    for alarm in alarms:
        before = told.get(alarm.key)
        if before and now - before.told_at < REMIND:
            still[alarm.key] = before
            continue
        lines.append(f"{'Still: ' if before else ''}{alarm.text}. {alarm.todo}")
        still[alarm.key] = Open(alarm.text, now)
    lines += [f"Over: {was.text}" for key, was in told.items() if key not in still]
    return lines, still


def _silence(health: Health, settings: Settings) -> Alarm | None:
    good = health.facts.good_at if health.facts else None
    # a box that was off for a week gets its time after the start before it is called silent
    if health.now - max(good or health.since, health.since) <= timedelta(hours=settings.alarm_hours):
        return None
    said = f"; the last run says: {health.facts.detail}" if health.facts and health.facts.detail else ""
    text = f"No successful collection since {good or health.since:%Y-%m-%d %H:%M} UTC{said}"
    return Alarm("silence", text, "See `monitor doctor` and the runs in the Prefect pages")


def _check(health: Health) -> Alarm | None:
    if not health.facts or health.facts.outcome != "check_failed":
        return None
    text = f"A data check failed, nothing is published: {health.facts.detail}"
    return Alarm("check", text, "The last good copy is still served; see sql/checks for what the check means")


def _feeds(health: Health, settings: Settings) -> Alarm | None:
    facts = health.facts
    if not facts or facts.feeds < _ENOUGH_FEEDS or facts.feeds_failing <= settings.alarm_feeds_share * facts.feeds:
        return None
    text = f"{facts.feeds_failing} of {facts.feeds} feeds fail, more than {settings.alarm_feeds_share:.0%}"
    return Alarm("feeds", text, "A tenth is normal; is this machine's network up? `monitor status` has the reasons")


def _disk(health: Health, settings: Settings) -> Alarm | None:
    free = health.free_bytes / 1e9
    if free >= settings.alarm_free_gb:
        return None
    text = f"{free:.1f} GB are free on the data disk, less than {settings.alarm_free_gb:g} GB"
    return Alarm("disk", text, "Make room: old backups and Prefect's database are listed by `monitor doctor`")
