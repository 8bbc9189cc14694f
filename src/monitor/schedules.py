"""The schedules of the service: one TOML file that the operator edits."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.config import Settings
from monitor.errors import ConfigError

OWN_FILE = Path("schedules.toml")
FLOWS = ("collect", "refresh", "report", "retag", "backup", "retention")
_KEYS = ("every", "cron", "timezone", "active", "time_limit", "parameters")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_CRON = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_SHORTEST = timedelta(seconds=30)
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class FlowSchedule:
    """When one flow runs: `every` or `cron`, or neither for a flow that runs on demand."""

    flow: str
    every: timedelta | None = None
    cron: str | None = None
    timezone: str = "UTC"
    active: bool = True
    time_limit: timedelta | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


def load_schedules(settings: Settings) -> list[FlowSchedule]:
    """Schedules of the settings' file, else of schedules.toml here, else the built-in ones. Raises ConfigError."""
    path = settings.schedules or (OWN_FILE if OWN_FILE.exists() else None)
    if path is None:
        text, name = files("monitor").joinpath("data/schedules.toml").read_text("utf-8"), "schedules.toml"
    else:
        text, name = _text(path), str(path)
    found = read_schedules(text, name)
    # a lake is backed up where it is, not by this program
    return [replace(s, active=False) if s.flow == "backup" and settings.place.is_lake else s for s in found]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as a schedules file: {error}") from None


def read_schedules(text: str, name: str) -> list[FlowSchedule]:
    """One schedule for each flow; those that the text leaves out run on demand. Raises ConfigError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from None
    for flow, table in tables.items():
        if flow not in FLOWS:
            raise ConfigError(f"{name}: [{flow}] is no flow; the flows are {', '.join(FLOWS)}")
        if not isinstance(table, dict):
            raise ConfigError(f"{name}: {flow} must be a table: [{flow}]")
    return [_schedule(flow, tables.get(flow, {}), f"{name}: [{flow}]") for flow in FLOWS]


def _schedule(flow: str, table: dict[str, Any], where: str) -> FlowSchedule:
    for key in table.keys() - set(_KEYS):
        raise ConfigError(f"{where}: unknown key {key!r}; known are {', '.join(_KEYS)}")
    if "every" in table and "cron" in table:
        raise ConfigError(f"{where}: give either every or cron")
    every = _duration(table["every"], f"{where} every") if "every" in table else None
    if every is not None and every < _SHORTEST:
        raise ConfigError(f"{where} every: {table['every']!r} is shorter than 30s, which no run keeps up with")
    if every is not None and every > _LONGEST:
        raise ConfigError(f"{where} every: {table['every']!r} is longer than a year; active = false rests a flow")
    return FlowSchedule(
        flow,
        every,
        _cron(table["cron"], f"{where} cron") if "cron" in table else None,
        _zone(table.get("timezone", "UTC"), f"{where} timezone"),
        _typed(table.get("active", True), bool, f"{where} active: true or false"),
        _duration(table["time_limit"], f"{where} time_limit") if "time_limit" in table else None,
        _typed(table.get("parameters", {}), dict, f"{where} parameters: a table"),
    )


def _duration(raw: object, where: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", raw) if isinstance(raw, str) else None
    if match is None or not int(match[1]):
        raise ConfigError(f"{where}: {raw!r} is no duration such as 90s, 30m, 2h or 1d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _cron(raw: object, where: str) -> str:
    if not isinstance(raw, str) or len(raw.split()) != 5:
        raise ConfigError(f"{where}: {raw!r} is not five fields: minute hour day month weekday")
    for part, (name, low, high) in zip(raw.split(), _CRON, strict=True):
        for number in re.findall(r"(?<![/#\d])\d+", part):  # what follows / is a step, # a week of the month
            if not low <= int(number) <= high:
                raise ConfigError(f"{where}: {raw!r}: {number} is no {name}, which is {low} to {high}")
    return raw


def _zone(raw: object, where: str) -> str:
    try:
        return ZoneInfo(str(raw)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"{where}: {raw!r} is no time zone; use a name such as Asia/Phnom_Penh") from None


def _typed(raw: Any, kind: type, what: str) -> Any:  # noqa: ANN401  # a value of the file, of the kind when it returns
    if not isinstance(raw, kind):
        raise ConfigError(f"{what}; got {raw!r}")
    return raw
