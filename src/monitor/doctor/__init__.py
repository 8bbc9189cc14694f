"""What could be wrong with an installation and its service: every check says what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from monitor.config import Settings
from monitor.doctor.archive import copy, times, warehouse
from monitor.doctor.finding import Finding
from monitor.doctor.machine import clock, data_folder, disk, lock, ports, versions
from monitor.doctor.work import alarms, backups, feed_list, feeds, runs, schedules, server, snapshot
from monitor.errors import MonitorError

__all__ = ["Finding", "examine"]

CHECKS: dict[str, Callable[[Settings, datetime], Finding]] = {
    "versions": versions,
    "data folder": data_folder,
    "disk": disk,
    "clock": clock,
    "ports": ports,
    "lock": lock,
    "schedules": schedules,
    "feed list": feed_list,
    "server": server,
    "runs": runs,
    "warehouse": warehouse,
    "snapshot": snapshot,
    "copy": copy,
    "times": times,
    "feeds": feeds,
    "backups": backups,
    "alarms": alarms,
}


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """All checks in order; one that cannot be made is a finding too."""
    return [_made(name, check, settings, now) for name, check in CHECKS.items()]


def _made(name: str, check: Callable[[Settings, datetime], Finding], settings: Settings, now: datetime) -> Finding:
    try:
        found = check(settings, now)
    except (MonitorError, OSError) as error:
        found = Finding("bad", str(error), "Mend this first; the message says how")
    return Finding(found.level, found.said, found.todo, name)
