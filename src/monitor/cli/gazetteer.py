"""`monitor gazetteer`: check your rows, search names, explain a text, find organisations to add."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from shlex import quote

import click

from monitor.cells import guarded
from monitor.cli import show
from monitor.cli.options import data_option, json_option
from monitor.config import load_settings
from monitor.errors import UnknownEntityError, UsageError
from monitor.gazetteer import Gazetteer, doubts, find, fold, load
from monitor.mention import Tagger, tagger_version
from monitor.records import Entity

SHOWN = 20


@click.group()
def gazetteer() -> None:
    """The names that the tagger knows: the built-in files and your own (MONITOR_GAZETTEER)."""


@gazetteer.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Read the built-in files and FOLDER's, and say what they hold; a bad row is named with file and line."""
    known = _load(folder)
    kinds = Counter(entity.kind for entity in known.entities.values())
    counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    click.echo(f"good: {counts}; {len(known.aliases)} aliases, {len(known.memberships)} memberships,")
    version = tagger_version(known.version)
    click.echo(f"{len(known.vetoes)} vetoed phrases, {len(known.cues)} aliases with cues; version {version}")
    for doubt in doubts(known, folder or load_settings({}).gazetteer):
        click.echo(f"look at: {doubt}")


@gazetteer.command("search")
@click.argument("words", nargs=-1, required=True)
@json_option
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Entities whose id, name or alias holds WORDS."""
    wanted = " ".join(words)
    if not fold(wanted):
        raise UsageError("nothing to look for; give a name, a part of one, a code or an acronym")
    known = _load(None)
    found = _search(known, wanted)
    rows = [(e.entity_id, e.kind, e.name, e.acronym or e.iso2 or "", _aliases(known, e)) for e in found]
    columns = ("id", "kind", "name", "short", "aliases")
    if as_json:
        show.as_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    show.console().print(show.table(columns, rows[:SHOWN]))
    if len(rows) > SHOWN:
        click.echo(f"and {len(rows) - SHOWN} more; give more letters, or --json for all")


@gazetteer.command("explain")
@click.argument("text", required=False)
@json_option
def explain(text: str | None, as_json: bool) -> None:
    """Say of every name in TEXT (or standard input) which alias matched and which rule kept or vetoed it."""
    if text is not None and "\n" not in text and len(text) < 256 and Path(text).is_file():
        raise UsageError(f"{text} is a file; pipe it in: monitor gazetteer explain < {quote(text)}")
    body = text if text is not None else sys.stdin.buffer.read().decode("utf-8", "replace")
    if not body.strip():
        raise UsageError("the text is empty; give a sentence in quotes, or pipe a text in")
    found = Tagger(_load(None)).explain(body)
    if as_json:
        show.as_json([asdict(e) for e in found])
        return
    rows = [
        (e.start, e.surface, e.entity_id or "", e.kind, e.alias, _outcome(e.kept, e.counted), e.rule) for e in found
    ]
    show.console().print(show.table(("at", "surface", "entity", "kind", "alias", "outcome", "rule"), rows))
    vetoed = Counter(e.rule for e in found if not e.kept)
    click.echo(f"{len(found) - vetoed.total()} kept, {vetoed.total()} vetoed")


@gazetteer.command("candidates")
@data_option
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True, help="How many to show.")
@click.option("--csv", "as_csv", is_flag=True, help="Print rows for an organisations.csv of your own.")
def candidates(data: Path | None, limit: int, as_csv: bool) -> None:
    """Rank the organisations of the archive that the gazetteer does not have; a row copied promotes one."""
    from monitor.queries import open_archive

    with open_archive(load_settings({"data": data}).place) as archive:
        found = archive.named("candidates", {"limit": limit})
    if as_csv:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(["entity_id", "kind", "name", "acronym", "subkind", "home", "region", "source"])
        for name, key in zip(found["name"], found["entity_id"], strict=True):
            rows.writerow((key.removeprefix("x-"), "organisation", guarded(name), *("",) * 4, "promoted candidate"))
        return
    show.frame(found, "table")


def _load(folder: Path | None) -> Gazetteer:
    return load(folder or load_settings({}).gazetteer)


def _search(known: Gazetteer, words: str) -> list[Entity]:
    wanted = fold(words)
    ids = {alias.entity_id for alias in known.aliases if wanted in fold(alias.alias)}
    found = [e for e in known.entities.values() if e.entity_id in ids or wanted in (fold(e.entity_id), fold(e.name))]
    if not found:
        found = [_nearest(known, words)]
    exact = {alias.entity_id for alias in known.aliases if wanted == fold(alias.alias)}
    first = {alias.entity_id for alias in known.aliases if f" {wanted}" in f" {fold(alias.alias)}"}
    return sorted(found, key=lambda e: (e.entity_id not in exact, e.entity_id not in first, len(e.name)))


def _nearest(known: Gazetteer, words: str) -> Entity:
    try:
        return find(known, words)
    except UnknownEntityError as error:
        if "did you mean" in str(error):
            raise
        raise UnknownEntityError(
            f"no id, name or alias holds {words!r}; docs/gazetteer.md says how to add a row of your own"
        ) from None


def _aliases(known: Gazetteer, entity: Entity) -> str:
    names = [alias.alias for alias in known.aliases if alias.entity_id == entity.entity_id and alias.language == "en"]
    return "; ".join(names[:8]) + ("; ..." if len(names) > 8 else "")


def _outcome(kept: bool, counted: bool) -> str:
    return "kept" if counted else "kept, not counted" if kept else "vetoed"
