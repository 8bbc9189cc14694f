"""The alarms that were told, in a file beside the data, so that a restart does not tell them again."""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import asdict
from datetime import datetime

from monitor.config import Settings
from monitor.notify.alarms import Health, Open, evaluate, news
from monitor.notify.facts import instant, read_facts
from monitor.notify.senders import Message, Sent, deliver

log = logging.getLogger(__name__)

FILE = "alarms.json"


class AlarmBook:
    """Judges the service's health from time to time and tells what changed. `since` is when the watch began."""

    def __init__(self, settings: Settings, since: datetime) -> None:
        self._settings = settings
        self._since = since
        self._path = settings.data / FILE
        self._unwritten: dict[str, Open] | None = None

    def check(self, now: datetime) -> list[Sent]:
        """Look once, tell what is new, and remember it."""
        settings = self._settings
        free = shutil.disk_usage(settings.data).free
        alarms = evaluate(Health(now, self._since, read_facts(settings.data), free), settings)
        told = self.open_alarms()
        lines, still = news(alarms, told, now)
        if not lines:
            return []
        where = f"\n\n{settings.dashboard_url}" if settings.dashboard_url else ""
        head = lines[0].split(". ")[0]
        subject = f"Monitor: {head}" if len(lines) == 1 else f"Monitor: {len(lines)} messages"
        sent = deliver(settings, Message(subject[:150], "\n".join(lines) + where))
        outside = [s for s in sent if s.way != "log"]
        if not outside or any(s.error is None for s in outside):  # else nobody heard it: again next time
            self._write(still)
        return sent

    def open_alarms(self) -> dict[str, Open]:
        """The alarms that were told and are not over."""
        return self._read() if self._unwritten is None else self._unwritten

    def _read(self) -> dict[str, Open]:
        try:
            raw = json.loads(self._path.read_text("utf-8"))
            return {k: Open(str(v["text"]), instant(v["told_at"])) for k, v in raw.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self, told: dict[str, Open]) -> None:
        rows = {k: asdict(v) | {"told_at": v.told_at.isoformat()} for k, v in told.items()}
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(rows), "utf-8")
            os.replace(fresh, self._path)  # noqa: PTH105  # one step, also over an older file
        except OSError as error:  # a full disk is an alarm itself: it must not be told every minute
            self._unwritten = told
            log.warning("%s cannot be written, the alarms told are kept in memory: %s", self._path, error.strerror)
            return
        self._unwritten = None
