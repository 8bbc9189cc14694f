"""feeds.toml: [[feed]] tables, read with the line of each table and key, and written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.feeds_file.row import KEYS, Row, fail
from monitor.lines import nearest
from monitor.records import Feed

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<feed>^[ \t]*\[\[[ \t]*feed[ \t]*\]\])
    | (?P<table>^[ \t]*\[\[?[^\n]*)
    | (?P<key>^[ \t]*(?P<name>[A-Za-z0-9_-]+)[ \t]*=[ \t]*)
    | (?P<open>[\[{]) | (?P<close>[\]}])
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


@dataclass(slots=True)
class Table:
    """Where one [[feed]] table stands in the text: its first line, its end, and each key's line and value span."""

    line: int
    end: int
    keys: dict[str, tuple[int, int, int]] = field(default_factory=dict)


def tables(text: str) -> list[Table]:
    """Find the [[feed]] tables of a TOML text that parses, skipping strings, comments and nested brackets."""
    found: list[Table] = []
    here: Table | None = None
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup if token.lastgroup != "name" else "key"
        if kind in {"open", "close"}:
            depth += 1 if kind == "open" else -1
        elif depth and kind in {"feed", "table"}:
            depth += token.group().count("[") - token.group().count("]")
        elif kind == "feed":
            here = Table(_line(text, token.end()), token.end())
            found.append(here)
        elif kind == "table":
            here = None
        elif kind == "key" and here and not depth:
            _add_key(text, here, token)
    return found


def read(text: str, name: str) -> list[Row]:
    """The rows of a feeds.toml."""
    document = _parse(text, name)
    for key in document:
        if key != "feed":
            raise fail(name, _line_with(text, key), f'unknown key "{key}"{nearest(key, ["feed"])}: use [[feed]]')
    feeds = document.get("feed", [])
    if not isinstance(feeds, list) or not all(isinstance(feed, dict) for feed in feeds):
        raise fail(name, _line_with(text, "feed"), "feeds are written as [[feed]], with two brackets")
    places = tables(text)
    if len(places) != len(feeds):
        places = [Table(1, 0) for _ in feeds]
    return [
        Row(place.line, feed, {key: span[0] for key, span in place.keys.items()})
        for place, feed in zip(places, feeds, strict=True)
    ]


def write(feeds: Iterable[Feed]) -> str:
    """A feeds.toml that reads back as the same feeds."""
    return "\n".join(block(feed) for feed in feeds)


def block(feed: Feed) -> str:
    """One [[feed]] table."""
    values: dict[str, object] = {
        "id": feed.feed_id,
        "source": feed.publisher,
        **{key: getattr(feed, key) for key in KEYS if key not in {"id", "source"}},
    }
    lines = [f"{key} = {literal(values[key])}" for key in KEYS if values[key] not in (None, "", ())]
    return "\n".join(["[[feed]]", *lines, ""])


def literal(value: object) -> str:
    """A string, truth value or list of strings as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise fail(name, line, f"is not valid TOML: {reason}") from None


def _add_key(text: str, table: Table, token: re.Match[str]) -> None:
    start = token.end()
    rest = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\[[^\]]*\]|[^\s#]+').match(text, start)
    end = rest.end() if rest else start
    table.keys[token.group("name")] = (_line(text, start), start, end)
    table.end = max(table.end, end)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _line_with(text: str, key: str) -> int:
    pattern = re.compile(rf"^[ \t]*\[*[ \t]*\"?{re.escape(key)}\b", re.MULTILINE)
    found = pattern.search(text)
    return _line(text, found.end()) if found else 1
