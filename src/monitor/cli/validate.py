"""`monitor validate`: how good the tagger is on your own archive, by your own coders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from monitor import validation
from monitor.cli import show
from monitor.cli.options import data_option, utc_now
from monitor.config import load_settings
from monitor.errors import UnknownEntityError, UsageError
from monitor.gazetteer import Gazetteer, find, load
from monitor.mention import Tagger
from monitor.queries import Archive, open_archive
from monitor.validation import Drawn, Framed, Spot, Text

CARD = "quality-card.md"


@click.group()
def validate() -> None:
    """How good the tagger is on your own archive: a sheet for one or two coders, then its score."""


@validate.command("sample")
@data_option
@click.option("--n", "count", type=click.IntRange(1, 10_000), default=200, show_default=True, help="Articles to draw.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws another sample.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CSV file to write; must not exist.")
def sample(data: Path | None, count: int, seed: int, out: Path) -> None:
    """Draw articles by source type and rarity of their names, and write a sheet that coders fill in.

    Each article has a row with its text and one for each name that it may have; what the tagger says is not shown. Give
    each coder a copy. In a name's row answer yes, no or unsure: yes if the article names it, also by its people, an
    abbreviation or its seat of government; no if the word means something else there, is only a capital, or stands only
    in an author's bio or the like. In the article's row, write names that are missing into the name cell, separated by
    semicolons, else answer no. The sheet holds others' texts: keep it among your coders.
    """
    settings = load_settings({"data": data})
    if out.exists():
        raise UsageError(f"{out} exists and may hold answers: name another file")
    with open_archive(settings.place) as archive:
        frame = [Framed(*row) for row in archive.named("validation_frame").iter_rows()]
        if not frame:
            raise UsageError("the archive has no tagged article of full text to draw: run monitor run first")
        drawn = validation.draw(frame, count, seed)
        texts, spots = _material(archive, drawn, Tagger(load(settings.gazetteer), unlisted=False))
    _put(out, "\ufeff" + validation.write_sheet(drawn, texts, spots))
    names = sum(len({spot.entity_id for spot in found}) for found in spots.values())
    click.echo(f"wrote {out}: {len(drawn)} of {len(frame)} articles, {names} names to judge, seed {seed}")
    undrawn = len({validation.stratum(a) for a in frame}) - len({validation.stratum(a) for a in _of(frame, drawn)})
    if undrawn:
        click.echo(
            f"{undrawn} strata have no article in it: the figures for the archive will leave them out; raise --n"
        )


@validate.command("score")
@data_option
@click.argument("sheet", type=click.Path(path_type=Path))
@click.argument("second", required=False, type=click.Path(path_type=Path))
@click.option("--card", type=click.Path(path_type=Path), help=f"Card to add to (default: {CARD} in the data folder).")
def score(data: Path | None, sheet: Path, second: Path | None, card: Path | None) -> None:
    """Score the tagger against one or two coders' copies of a sheet; adds to the quality card and prints the same.

    Two coders' agreement is Krippendorff's alpha. The archive is not read: it may have changed since.
    """
    settings = load_settings({"data": data})
    paths = [sheet, second] if second else [sheet]
    if second and sheet.exists() and second.exists() and sheet.samefile(second):
        raise UsageError(f"{sheet} is given twice: agreement is between two coders' own copies")
    sheets = [validation.read_sheet(_bytes(path), str(path)) for path in paths]
    if second:
        validation.same_rows(sheets[0], sheets[1], (str(sheet), str(second)))
    known = load(settings.gazetteer)
    pairs = validation.coded_pairs(sheets, lambda name: _resolve(known, name))
    text = validation.section(pairs, sheets[0], utc_now().date())
    target = card or settings.data / CARD
    old = _bytes(target).decode("utf-8", "replace") if target.exists() else ""
    _put(target, validation.with_section(old, text))
    click.echo(text)
    click.echo(f"in {target}")


def _material(
    archive: Archive, drawn: Sequence[Drawn], tagger: Tagger
) -> tuple[dict[int, Text], dict[int, list[Spot]]]:
    """The texts, and where names may stand: the archive's mentions, and today's vetoed matches to hide them among."""
    chosen = {"articles": [one.article_id for one in drawn]}
    spots: dict[int, list[Spot]] = {one.article_id: [] for one in drawn}
    for key, *rest in archive.named("validation_mentions", chosen).iter_rows():
        spots[key].append(Spot(*rest))
    texts = {}
    for row in archive.named("validation_texts", chosen).iter_rows(named=True):
        language = row.pop("language")
        texts[row["article_id"]] = Text(**row)
        spots[row["article_id"]] += _vetoed(tagger, row["text"], language)
    return texts, spots


def _vetoed(tagger: Tagger, text: str, language: str | None) -> list[Spot]:
    entities = tagger.gazetteer.entities
    return [
        Spot(e.entity_id, entities[e.entity_id].name, e.kind, "text", e.start, e.end, counted=False)
        for e in tagger.explain(text, language)
        if not e.kept and e.kind in validation.KINDS and e.entity_id in entities
    ]


def _of(frame: Sequence[Framed], drawn: Sequence[Drawn]) -> list[Framed]:
    chosen = {one.article_id for one in drawn}
    return [article for article in frame if article.article_id in chosen]


def _resolve(known: Gazetteer, name: str) -> tuple[str, str] | None:
    try:
        entity = find(known, name)
    except UnknownEntityError:
        return None
    return entity.entity_id, entity.kind


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give a file that can be read") from None


def _put(path: Path, text: str) -> None:
    with show.written(path):
        path.write_text(text, "utf-8", newline="")
