"""CSV with a header row: name and url, and any of the other keys; columns it does not know are left alone."""

from __future__ import annotations

import csv
import io
import re

from monitor.feeds_file.names import slug, source_type, with_ids
from monitor.feeds_file.row import KEYS, Row, fail, host_of

_OTHER_NAMES = {
    "feed_id": "id",
    "publisher": "source",
    "site": "source",
    "type": "source_type",
    "title": "name",
    "feed": "url",
    "xmlurl": "url",
    "lang": "language",
}
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def looks_like(text: str) -> bool:
    """Whether the first line is a CSV header that names a url column."""
    # no more of it than a cell may hold
    first = next((line for line in text.splitlines() if line.strip()), "")[:10_000]
    return "[" not in first and "=" not in first and "url" in _header(next(csv.reader([first]), []))


def read(text: str, name: str) -> list[Row]:
    """The rows of a CSV file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                pass
            elif not header:
                header = _header(cells)
            else:
                rows.append(_row(line, header, cells, name))
            line = reader.line_num + 1
    except csv.Error as error:
        raise fail(name, line, f"is not valid CSV: {error}") from None
    return with_ids(rows)


def _header(cells: list[str]) -> list[str]:
    words = [cell.strip().lower().replace(" ", "_") for cell in cells]
    return [_OTHER_NAMES.get(word, word) for word in words]


def _row(line: int, header: list[str], cells: list[str], name: str) -> Row:
    if len(cells) > len(header):
        raise fail(name, line, f"has {len(cells)} columns where the header has {len(header)}")
    given = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key in KEYS and cell.strip()}
    values: dict[str, object] = {}
    for key, cell in given.items():
        values[key] = _value(key, cell, line, name)
    values.setdefault("name", host_of(given.get("url", "")) or "?")
    return Row(line, values)


def _value(key: str, cell: str, line: int, name: str) -> object:
    if key == "source_type":
        return source_type(cell)
    if key == "collections":
        return list(dict.fromkeys(filter(None, map(slug, re.split(r"[;|]", cell)))))
    if key not in {"active", "full_text"}:
        return cell
    if cell.lower() not in _FLAGS:
        raise fail(name, line, f"{key}: must be true or false, not {cell!r}")
    return _FLAGS[cell.lower()]
