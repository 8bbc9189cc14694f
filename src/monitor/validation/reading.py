"""A coder's sheet read back. Each error is one line that names the sheet and the spreadsheet's row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from monitor.cells import unguarded
from monitor.errors import UsageError
from monitor.validation.sheet import COLUMNS, SEALED, seal

_ANSWERS = {"yes": "yes", "y": "yes", "1": "yes", "no": "no", "n": "no", "0": "no", "unsure": "unsure", "?": "unsure"}
_NO_NAMES = {"no", "none", "nothing", "-"}  # "no" would be found as Norway's code
_NEEDED = (*SEALED, "answer", "name", "seal")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet. `answer` is yes, no, unsure or empty; `added` are names written into an article's own row."""

    line: int
    article: str
    entity: str
    kind: str
    source_type: str
    weight: float
    tagger: str
    found: bool
    answer: str
    name: str
    added: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Article and entity; an article's own row has no entity."""
        return self.article, self.entity


def read_sheet(body: bytes, label: str) -> list[Row]:
    """The rows of a sheet, separated by commas, semicolons or tabs. Raises UsageError."""
    rows = [_row(cells, f"{label} row {line}", line) for line, cells in _records(body, label)]
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.entity and seen.setdefault(row.key, row.line) != row.line:
            raise UsageError(f"{label} row {row.line} repeats row {seen[row.key]}: keep one of them")
    if not any(row.answer or row.added for row in rows):
        raise UsageError(f"{label} has no answers: write yes, no or unsure into its answer column")
    return rows


def same_rows(first: Iterable[Row], second: Iterable[Row], labels: tuple[str, str]) -> None:
    """Both coders judged the same rows, drawn and tagged alike. Raises UsageError."""
    _all_in(_identities(first), _identities(second), *labels)
    _all_in(_identities(second), _identities(first), *reversed(labels))


def _all_in(rows: Mapping[tuple[object, ...], int], others: Iterable[object], label: str, other: str) -> None:
    known = set(others)
    if missing := [line for row, line in rows.items() if row not in known]:
        raise UsageError(
            f"{label} has {len(missing)} rows that {other} has not, such as row {missing[0]}: give copies of one sheet"
        )


def _identities(rows: Iterable[Row]) -> dict[tuple[object, ...], int]:
    return {(row.key, row.kind, row.weight, row.tagger, row.found): row.line for row in rows}


def _records(body: bytes, label: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = _decoded(body, label)
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        columns = [name.strip() for name in next(reader, [])]
        if missing := [name for name in COLUMNS if name in _NEEDED and name not in columns]:
            raise UsageError(f"{label} has no column {missing[0]}: give a sheet that monitor validate sample wrote")
        for line, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                yield line, dict(zip_longest(columns, (unguarded(cell.strip()) for cell in cells), fillvalue=""))
    except csv.Error as error:
        raise UsageError(f"{label} is not a CSV file: {error}") from None


def _decoded(body: bytes, label: str) -> str:
    if body.startswith(b"PK"):
        raise UsageError(f"{label} is a workbook: save it as CSV (UTF-8)")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{label}: byte {error.start} is not UTF-8; save it as CSV (UTF-8)") from None


def _row(cells: Mapping[str, str], where: str, line: int) -> Row:
    found = cells["seal"] == seal(cells, found=True)
    if not found and cells["seal"] != seal(cells, found=False):
        raise UsageError(f"{where} is not as it was written: its columns {', '.join(SEALED)} or seal were changed")
    taken, _, of = cells["drawn"].partition(" of ")
    is_name = cells["row"] == "name"
    added = () if is_name else tuple(name.strip() for name in cells["name"].split(";") if name.strip())
    return Row(
        line=line,
        article=cells["article"],
        entity=cells["entity"],
        kind=cells["kind"],
        source_type=cells["source_type"],
        weight=int(of) / int(taken),
        tagger=cells["tagger"],
        found=found,
        answer=_answer(cells["answer"], added, where),
        name=cells["name"],
        added=added,
    )


def _answer(given: str, added: tuple[str, ...], where: str) -> str:
    answer = _ANSWERS.get(given.casefold(), "") if given else ""
    if given and not answer:
        raise UsageError(f"{where}: the answer {given[:40]!r} is not yes, no or unsure")
    if added and (answer not in ("", "yes") or added[0].casefold() in _NO_NAMES):
        raise UsageError(f"{where} adds {added[0]!r} with answer {answer!r}: either names, or none and the answer no")
    return answer
