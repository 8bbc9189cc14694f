"""Tag the whole archive again with today's gazetteer, in worker processes, and put it in use in one step."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from monitor.article.boilerplate import spans
from monitor.config import Settings
from monitor.errors import DataFolderError
from monitor.gazetteer import Gazetteer, load
from monitor.mention import Concerned, Tagger, differing, facts, tagger_version
from monitor.pipeline.context import Clock, Progress, quiet
from monitor.pipeline.jobs import program
from monitor.pipeline.knowledge import keep_loaded
from monitor.pipeline.run import build_and_publish
from monitor.records import Mention, Place
from monitor.store import Warehouse
from monitor.store.facts import read_facts
from monitor.store.frames import mentions_frame
from monitor.store.retag import (
    Untagged,
    count_tagged,
    count_untagged,
    difference,
    forget_others,
    leave,
    leave_all,
    leave_none,
    past_versions,
    prune,
    save_tagged,
    switch,
    texts_of,
    untagged,
)
from monitor.work import Lost, executor, split_lost

log = logging.getLogger(__name__)

_BATCH = 100
_LOOKED_AT = 5000
# mentions of a save: so many are stored as whole row groups, not first in the log and again at a checkpoint
_SAVED = 250_000


@dataclass(frozen=True, slots=True)
class RetagReport:
    """What tagging again changes: `diff` has one row an entity, week and alias; `given_up` killed their workers.

    `articles` were tagged by this run, `beside` are those that this and earlier runs tagged for the switch, `same` of
    these come out as they were, `left` name nothing of what changed: both keep their mentions.
    """

    version: str
    articles: int
    beside: int
    same: int
    left: int
    given_up: tuple[int, ...]
    diff: pl.DataFrame
    published: Path | None


@dataclass(frozen=True, slots=True)
class RetagWork:
    """Tag a batch of articles, each with the lines known of its source; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    program: str

    def __call__(self, batch: Sequence[tuple[Untagged, frozenset[int]]]) -> tuple[list[int], pl.DataFrame]:
        """The articles' ids, and the rows of their mentions."""
        from monitor.pipeline.worker import same_tagger  # heavy, and only needed where it runs

        tagger = same_tagger(self.gazetteer, self.program)
        mentions = {article.article_id: tag_again(article, tagger, lines) for article, lines in batch}
        return list(mentions), mentions_frame([article for article, _ in batch], mentions)


def tag_again(article: Untagged, tagger: Tagger, lines: frozenset[int]) -> list[Mention]:
    """What the article would have been tagged with today."""
    spare = spans(article.text, lines, article.author) if article.status == "full" else ()
    return tagger.tag(article.text, article.title, boilerplate=spare, language=article.language)


def retag(
    settings: Settings, clock: Clock, *, apply: bool = True, full: bool = False, progress: Progress = quiet
) -> RetagReport:
    """Tag again what another version tagged. With `apply` switch and publish, else leave it beside to be looked at.

    With `full` also the articles that name nothing of which the gazetteers differ, which would be tagged as they are.
    """
    gazetteer = load(settings.gazetteer)
    version = tagger_version(gazetteer.version)
    _need_archive(settings.place)
    with Warehouse.open(settings.place, clock) as warehouse:
        con = warehouse.connection
        forget_others(con, version)
        if full:
            leave_none(con)
        else:
            _leave_unconcerned(warehouse, version, gazetteer)
        total, given_up = _tag_all(settings, warehouse, version, progress)
        diff = difference(con, version)
        published, (beside, same, left) = None, count_tagged(con, version)
        if apply and beside + left:
            keep_loaded(warehouse, gazetteer)
            switch(con, version, clock())
            published = build_and_publish(warehouse, clock())
    return RetagReport(version, total, beside, same, left, tuple(given_up), diff, published)


def _leave_unconcerned(warehouse: Warehouse, version: str, gazetteer: Gazetteer) -> None:
    """Note the articles that name nothing of which their gazetteer and today's say different things."""
    con = warehouse.connection
    pasts = past_versions(con, version)
    new = facts(gazetteer) if pasts else {}
    for past in pasts:
        changed = differing(read_facts(con, past), new)
        if not changed:
            leave_all(con, version, past)
            continue
        concerned = Concerned(changed)
        if concerned.is_all:
            continue
        for batch in texts_of(con, version, past, _LOOKED_AT):
            leave(con, version, [key for key, title, text in batch if not concerned.has(f"{title}\n{text}")])


def _need_archive(place: Place) -> None:
    if not (place.is_lake or (place.data / "warehouse.duckdb").exists()):
        missing = f"there is no archive in {place.data}"
        raise DataFolderError(f"{missing}: name its folder with --data, or run monitor run first")


def _tag_all(settings: Settings, warehouse: Warehouse, version: str, progress: Progress) -> tuple[int, list[int]]:
    con, of, done = warehouse.connection, count_untagged(warehouse.connection, version), 0
    work = RetagWork(settings.gazetteer, program(version))
    given_up: list[int] = []
    ids: list[int] = []
    rows: list[pl.DataFrame] = []
    with executor(settings.executor, settings.worker_count, modules=[__name__]) as map_:
        for result in split_lost(map_, work, _batches(warehouse, version)):
            if isinstance(result, Lost):
                lost = [article.article_id for article, _ in result.batch]
                log.warning("set aside, their worker ended by %s: articles %s", result.reason, lost)
                given_up += lost
                done += len(lost)
            else:
                ids += result[0]
                rows.append(result[1])
                done += len(result[0])
            if sum(len(row) for row in rows) >= _SAVED:
                save_tagged(con, version, ids, pl.concat(rows))
                ids, rows = [], []
            progress("articles", done, of)
        if ids:
            save_tagged(con, version, ids, pl.concat(rows))
    return done, given_up


def _batches(warehouse: Warehouse, version: str) -> Iterator[list[tuple[Untagged, frozenset[int]]]]:
    """Batches of articles, each with the boilerplate lines of its source, which are asked for once."""
    known: dict[str, frozenset[int]] = {}
    for batch in untagged(warehouse.connection, version, _BATCH):
        missing = {article.publisher for article in batch} - known.keys()
        if missing:
            known |= warehouse.known_lines(sorted(missing))
        yield [(article, known[article.publisher]) for article in batch]


def prune_past(settings: Settings, clock: Clock) -> Path | None:
    """Drop the mentions that earlier versions made, and publish."""
    _need_archive(settings.place)
    with Warehouse.open(settings.place, clock) as warehouse:
        prune(warehouse.connection)
        return build_and_publish(warehouse, clock())
