"""`monitor tag`: text or JSON lines in, JSON lines out."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import click

from monitor import gazetteer
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.mention import Tagger
from monitor.records import Entity, Mention


@click.command()
@click.option("--jsonl", is_flag=True, help='Read JSON lines {"id","text"[,"title"]} instead of one plain text.')
@click.option("--listed-only", is_flag=True, help="Leave out organisations that the gazetteer does not have.")
@click.option("--gazetteer", "extra", type=click.Path(path_type=Path), help="Folder of your own rows.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
def tag(*, jsonl: bool, listed_only: bool, extra: Path | None, files: tuple[Path, ...]) -> None:
    """Tag the countries and organisations in FILES (or standard input); prints one JSON line a text."""
    sources = files or (Path("-"),)
    records = _json_records(sources) if jsonl else _text_records(sources)
    first = next(records)
    known = gazetteer.load(load_settings({"gazetteer": extra}).gazetteer)
    tagger = Tagger(known, unlisted=not listed_only)
    # what stays for good need not be looked at again each time that garbage is collected
    gc.collect()
    gc.freeze()
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for record in chain((first,), records):
        mentions = tagger.tag(record["text"], record.get("title"))
        line = encode(_row(record["id"], mentions, known.entities)) + "\n"
        # half of a surrogate pair is written as it came, as an escape
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))


def _row(key: object, mentions: Iterable[Mention], entities: Mapping[str, Entity]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": key, "countries": [], "orgs": [], "others": []}
    for m in mentions:
        if m.field != "text":
            continue
        span = {"start": m.char_start, "end": m.char_end, "surface": m.surface}
        name = m.name or entities[m.entity_id].name
        if m.kind in ("country", "historical"):
            row["countries"].append({"code": m.entity_id, **span, "form": m.form, "counted": m.counted})
        elif m.kind == "organisation":
            org = {"id": m.entity_id, "name": name, "listed": m.listed}
            row["orgs"].append({**org, **span, "form": m.form, "counted": m.counted})
        else:
            row["others"].append({"id": m.entity_id, "name": name, "kind": m.kind, **span, "counted": m.counted})
    return row


def _bytes(source: Path) -> Iterator[bytes]:
    if str(source) == "-":
        yield from sys.stdin.buffer
        return
    try:
        with source.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror}; give a file that can be read") from None


def _label(source: Path) -> str:
    return "standard input" if str(source) == "-" else str(source)


def _decode(body: bytes, where: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{where}: byte {error.start} is not UTF-8; convert the input to UTF-8") from None


def _text_records(sources: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for source in sources:
        where = _label(source)
        text = _decode(b"".join(_bytes(source)), where)
        if not text.strip():
            raise UsageError(f"{where}: the text is empty; pipe a text in or name a file that holds one")
        yield {"id": where, "text": text}


def _json_records(sources: Iterable[Path]) -> Iterator[dict[str, Any]]:
    seen = False
    for source in sources:
        for number, body in enumerate(_bytes(source), 1):
            if body.strip():
                seen = True
                yield _json_record(body, f"{_label(source)} line {number}")
    if not seen:
        raise UsageError('the input is empty; give one JSON object a line, like {"id": 1, "text": "..."}')


def _json_record(body: bytes, where: str) -> dict[str, Any]:
    line = _decode(body, where)
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"{where}: not JSON ({error.msg} at column {error.colno})") from None
    except (ValueError, RecursionError):
        told = "a number or the nesting is beyond what Python's JSON reads; give short numbers and flat objects"
        raise UsageError(f"{where}: {told}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise UsageError(f'{where}: not an object with a "text" string')
    if not record["text"] or record["text"].isspace():
        raise UsageError(f"{where}: the text is empty")
    if not isinstance(record.get("title"), str | None):
        raise UsageError(f'{where}: "title" is not a string')
    record.setdefault("id", where)
    return record
