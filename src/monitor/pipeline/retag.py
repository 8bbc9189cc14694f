"""Tag the whole archive again with today's gazetteer, in worker processes, and put it in use in one step."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from monitor.article import boilerplate_spans
from monitor.config import Settings
from monitor.gazetteer import load
from monitor.mention import Tagger, tagger_version
from monitor.pipeline.context import Clock, Progress, quiet
from monitor.pipeline.jobs import program, same_tagger
from monitor.pipeline.run import build_and_publish
from monitor.records import Mention
from monitor.store import Warehouse
from monitor.store.retag import (
    Untagged,
    count_tagged,
    count_untagged,
    difference,
    forget_others,
    prune,
    save_tagged,
    switch,
    untagged,
)
from monitor.work import Lost, executor, split_lost

log = logging.getLogger(__name__)

_BATCH = 100
_SAVED = 2000  # articles in one transaction


@dataclass(frozen=True, slots=True)
class RetagReport:
    """What tagging again changes: `diff` has one row an entity, week and alias; `given_up` killed their workers."""

    version: str
    articles: int
    given_up: tuple[int, ...]
    diff: pl.DataFrame
    published: Path | None


@dataclass(frozen=True, slots=True)
class RetagJob:
    """An article with the lines that are its publisher's boilerplate."""

    article: Untagged
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class RetagWork:
    """Tag a batch of articles; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    program: str

    def __call__(self, batch: Sequence[RetagJob]) -> list[tuple[Untagged, list[Mention]]]:
        """Each article with its mentions."""
        tagger = same_tagger(self.gazetteer, self.program)
        return [(job.article, tag_again(job.article, tagger, job.lines)) for job in batch]


def tag_again(article: Untagged, tagger: Tagger, lines: frozenset[int]) -> list[Mention]:
    """What the article would have been tagged with today."""
    spare = boilerplate_spans(article.text, lines, article.author) if article.status == "full" else ()
    return tagger.tag(article.text, article.title, boilerplate=spare, language=article.language)


def retag(settings: Settings, clock: Clock, *, apply: bool = True, progress: Progress = quiet) -> RetagReport:
    """Tag again what another version tagged. With `apply` switch and publish, else leave it beside to be looked at."""
    gazetteer = load(settings.gazetteer)
    version = tagger_version(gazetteer)
    with Warehouse.open(settings.place, clock) as warehouse:
        con = warehouse.connection
        forget_others(con, version)
        total, given_up = _tag_all(settings, warehouse, version, progress)
        diff = difference(con, version)
        published = None
        if apply and count_tagged(con, version):
            warehouse.sync_gazetteer(gazetteer)
            switch(con, version, clock())
            published = build_and_publish(warehouse, clock())
    return RetagReport(version, total, tuple(given_up), diff, published)


def _tag_all(settings: Settings, warehouse: Warehouse, version: str, progress: Progress) -> tuple[int, list[int]]:
    of, done = count_untagged(warehouse.connection, version), 0
    work = RetagWork(settings.gazetteer, program(settings.gazetteer))
    found: list[tuple[Untagged, list[Mention]]] = []
    given_up: list[int] = []
    with executor(settings.executor, settings.worker_count) as map_:
        for result in split_lost(map_, work, _batches(warehouse, version)):
            if isinstance(result, Lost):
                given_up += [job.article.article_id for job in result.batch]
                log.warning("set aside, their worker ended by %s: articles %s", result.reason, given_up)
                continue
            found += result
            if len(found) >= _SAVED:
                done += _save(warehouse, version, found)
                progress("articles", done, of)
    done += _save(warehouse, version, found) + len(given_up)
    progress("articles", done, of)
    return done, given_up


def _save(warehouse: Warehouse, version: str, found: list[tuple[Untagged, list[Mention]]]) -> int:
    count = len(found)
    save_tagged(warehouse.connection, version, [a for a, _ in found], {a.article_id: m for a, m in found})
    found.clear()
    return count


def _batches(warehouse: Warehouse, version: str) -> Iterator[list[RetagJob]]:
    for page in untagged(warehouse.connection, version):
        lines = warehouse.known_lines(sorted({a.publisher for a in page}))
        jobs = [RetagJob(a, lines.get(a.publisher, frozenset())) for a in page]
        yield from (jobs[start : start + _BATCH] for start in range(0, len(jobs), _BATCH))


def prune_past(settings: Settings, clock: Clock) -> Path | None:
    """Drop the mentions that earlier versions made, and publish."""
    with Warehouse.open(settings.place, clock) as warehouse:
        prune(warehouse.connection)
        return build_and_publish(warehouse, clock())
