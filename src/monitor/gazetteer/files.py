"""The gazetteer's files: the shipped ones, then an operator's of the same names, row by row with file and line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.errors import GazetteerError
from monitor.lines import near

COLUMNS = {
    "countries.csv": "entity_id kind name iso2 iso3 region valid_from valid_to successor_id source",
    "organisations.csv": "entity_id kind name acronym subkind home region source",
    "regions.csv": "entity_id name subkind source",
    "aliases.csv": "entity_id alias language form case rule note",
    "memberships.csv": "entity_id bloc_id valid_from valid_to source",
    "vetoes.csv": "phrase reason note",
    "cues.csv": "alias cue note",
}
CONTEXT_FILE = "context.toml"
NAMES = (*COLUMNS, CONTEXT_FILE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read; `shown` is how a message names it, `is_own` says that it is the operator's."""

    name: str
    shown: str
    is_own: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a gazetteer file, with the place an error message names."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file} line {self.line}"

    def error(self, text: str) -> GazetteerError:
        """An error that names the file and the line of this row."""
        return GazetteerError(f"{self.place}: {text}")


def folders(extra: Path | None) -> list[Traversable | Path]:
    """The shipped folder and the operator's. Raises GazetteerError when that holds none of the files."""
    found: list[Traversable | Path] = [resources.files("monitor") / "data"]
    if extra is not None:
        if not extra.is_dir():
            raise GazetteerError(f"{extra}: not a folder; give one that holds aliases.csv or organisations.csv")
        if not any((extra / name).is_file() for name in NAMES):
            near = [f"; {name} is no name that is read" for name in unread(extra)[:1]]
            raise GazetteerError(f"{extra}: holds none of {', '.join(NAMES)}{''.join(near)}")
        found.append(extra)
    return found


def unread(folder: Path) -> list[str]:
    """CSV and TOML files of a folder that have another name than those that are read."""
    names = (path.name for path in folder.iterdir() if path.suffix.lower() in (".csv", ".toml"))
    return sorted(name for name in names if name not in NAMES)


def read_files(extra: Path | None) -> list[File]:
    """Every file in the order of `NAMES`, the shipped one before the operator's. Raises GazetteerError."""
    found = []
    where = folders(extra)
    for name in NAMES:
        for number, folder in enumerate(where):
            path = folder / name
            if path.is_file():
                found.append(File(name, str(path) if number else name, bool(number), path.read_bytes()))
    return found


def digest(files: Sequence[File]) -> str:
    """The version of a gazetteer: what its files hold, byte for byte."""
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.body)
    return found.hexdigest()[:12]


def file_rows(files: Sequence[File], name: str) -> Iterator[Row]:
    """The rows of the files of a name."""
    for file in files:
        if file.name == name:
            yield from _parse(file.shown, name, _decode(file.shown, file.body))


def _decode(shown: str, body: bytes) -> str:
    # spreadsheets open a CSV file with a mark of its encoding
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise GazetteerError(f"{shown} line {line}: not UTF-8; save the file as UTF-8") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise GazetteerError(f"{shown} line {line}: a control character ({control[0]!r}); take it out")
    return text


def _parse(shown: str, name: str, text: str) -> Iterator[Row]:
    columns = COLUMNS[name].split()
    records = _records(shown, text)
    header = [column.strip() for column in next(records, (1, []))[1]]
    if header != columns:
        hint = "; this file has semicolons" if ";" in "".join(header) else ""
        raise GazetteerError(f"{shown} line 1: the columns must be {','.join(columns)}, apart by commas{hint}")
    for line, found in records:
        values = [value.strip() for value in found]
        if not any(values):
            continue
        row = Row(shown, line, dict(zip(columns, values, strict=False)))
        if len(values) != len(columns):
            raise row.error(f"has {len(values)} values where {len(columns)} belong ({','.join(columns)})")
        if not row[columns[0]] or not row[columns[1]]:
            raise row.error(f"{columns[0]} and {columns[1]} must not be empty")
        yield row


def _records(shown: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    try:
        for values in reader:
            yield reader.line_num, values
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "look for a quotation mark that is not closed or stands within a value"
        raise GazetteerError(f"{shown} line {line}: is not valid CSV ({error}); {hint}") from None


def word_lists(files: Sequence[File]) -> dict[str, frozenset[str]]:
    """The word lists of every context file, those of one name together."""
    words: dict[str, frozenset[str]] = {}
    for file in files:
        if file.name != CONTEXT_FILE:
            continue
        try:
            lists = tomllib.loads(_decode(file.shown, file.body))
        except tomllib.TOMLDecodeError as error:
            raise GazetteerError(f"{file.shown}: {error}") from None
        for key, value in lists.items():
            if not isinstance(value, str):
                raise GazetteerError(f"{file.shown}: {key} must be one string of words, a phrase with _ for its spaces")
            if file.is_own and key not in words:
                close = near(key, words, cutoff=0) or [""]
                raise GazetteerError(f"{file.shown}: no rule reads a list called {key}; the nearest is {close[0]}")
            found = frozenset(word.replace("_", " ") for word in value.split())
            words[key] = words.get(key, frozenset()) | found
    return words
