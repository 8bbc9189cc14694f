"""Tag the whole archive again with today's gazetteer, in worker processes, and put it in use in one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from monitor.article import boilerplate_spans
from monitor.config import Settings
from monitor.gazetteer import load
from monitor.mention import Tagger, tagger_version
from monitor.pipeline.context import Clock, Progress, quiet
from monitor.pipeline.jobs import shared_tagger
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

_BATCH = 100


@dataclass(frozen=True, slots=True)
class RetagReport:
    """What tagging again changes: `diff` has one row an entity, week and alias; `given_up` killed their workers."""

    version: str
    articles: int
    given_up: tuple[int, ...]
    diff: pl.DataFrame
    published: Path | None


@dataclass(frozen=True, slots=True)
class RetagWork:
    """Tag a batch of articles; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    lines: Mapping[str, frozenset[int]]

    def __call__(self, batch: Sequence[Untagged]) -> list[tuple[Untagged, list[Mention]]]:
        """Each article with its mentions."""
        tagger = shared_tagger(self.gazetteer)
        return [(a, tag_again(a, tagger, self.lines.get(a.publisher, frozenset()))) for a in batch]


def tag_again(article: Untagged, tagger: Tagger, lines: frozenset[int]) -> list[Mention]:
    """What the article would have been tagged with today."""
    spare = boilerplate_spans(article.text, lines, article.author) if article.status == "full" else ()
    return tagger.tag(article.text, article.title, boilerplate=spare, language=article.language)


def retag(settings: Settings, clock: Clock, *, apply: bool = True, progress: Progress = quiet) -> RetagReport:
    """Tag again what another version tagged. With `apply` switch and publish, else leave it beside to be looked at."""
    gazetteer = load(settings.gazetteer)
    version = tagger_version(gazetteer)
    with Warehouse.open(settings.data, clock) as warehouse:
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
    con, of, done = warehouse.connection, count_untagged(warehouse.connection, version), 0
    given_up: list[int] = []
    with executor(settings.executor, settings.worker_count) as map_:
        for page in untagged(con, version):
            lines = warehouse.known_lines(sorted({a.publisher for a in page}))
            work = RetagWork(settings.gazetteer, lines)
            found: list[tuple[Untagged, list[Mention]]] = []
            for result in split_lost(map_, work, _batches(page)):
                if isinstance(result, Lost):
                    given_up += [a.article_id for a in result.batch]
                else:
                    found += result
            save_tagged(con, version, [a for a, _ in found], {a.article_id: m for a, m in found})
            done += len(page)
            progress("articles", done, of)
    return done, given_up


def _batches(page: Sequence[Untagged]) -> Iterator[list[Untagged]]:
    for start in range(0, len(page), _BATCH):
        yield list(page[start : start + _BATCH])


def prune_past(settings: Settings, clock: Clock) -> Path | None:
    """Drop the mentions that earlier versions made, and publish."""
    with Warehouse.open(settings.data, clock) as warehouse:
        prune(warehouse.connection)
        return build_and_publish(warehouse, clock())
