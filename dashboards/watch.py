"""The operator's own files: watchlists (`watch.toml`) and dates to mark (`events.csv`)."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboards.charts.frame import Event
from monitor.errors import ConfigError

MOST_NAMES = 60


@dataclass(frozen=True, slots=True)
class Watch:
    """A named list of entities; `slug` is its address."""

    name: str
    slug: str
    entities: tuple[str, ...]


def read_watches(path: Path) -> list[Watch]:
    """The `[[watch]]` tables of a TOML file; none when there is no file. Raises ConfigError."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None
    tables = document.get("watch", [])
    if unknown := sorted(document.keys() - {"watch"}):
        raise ConfigError(f"{path}: unknown key {unknown[0]!r}; the file holds [[watch]] tables")
    if not isinstance(tables, list):
        raise ConfigError(f"{path}: write [[watch]], with two brackets")
    watches = [_watch(path, number, table) for number, table in enumerate(tables, 1)]
    slugs = [watch.slug for watch in watches]
    if double := next((s for s in slugs if slugs.count(s) > 1), None):
        raise ConfigError(f"{path}: two watchlists are called {double!r}")
    return watches


def _watch(path: Path, number: int, table: object) -> Watch:
    where = f"{path}: watch {number}"
    if not isinstance(table, dict) or not table.keys() == {"name", "entities"}:
        raise ConfigError(f"{where}: needs name and entities, and nothing else")
    name, entities = table["name"], table["entities"]
    if not isinstance(name, str) or not (slug := re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")):
        raise ConfigError(f"{where}: name must be a word or more")
    if not isinstance(entities, list) or not entities or not all(isinstance(e, str) and e for e in entities):
        raise ConfigError(f"{where}: entities must be a list of names, codes or ids")
    if len(entities) > MOST_NAMES:
        raise ConfigError(f"{where}: at most {MOST_NAMES} entities")
    return Watch(name, slug, tuple(entities))


def read_events(path: Path) -> list[Event]:
    """Rows of date, label, url (optional). None when there is no file. Raises ConfigError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"date", "label"} <= set(reader.fieldnames or ()):
                raise ConfigError(f"{path}: the first line must name the columns date, label and (if wanted) url")
            return [_event(path, reader.line_num, row) for row in reader]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: {error}") from None


def _event(path: Path, line: int, row: dict[str, str]) -> Event:
    url = (row.get("url") or "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise ConfigError(f"{path}, line {line}: url must begin with https:// or http://")
    try:
        return Event(date.fromisoformat((row["date"] or "").strip()), (row["label"] or "").strip()[:60], url)
    except ValueError:
        raise ConfigError(f"{path}, line {line}: date must be such as 2026-11-16") from None
