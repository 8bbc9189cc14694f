"""Records to polars frames with the columns and types of the base tables: bulk writes go from frames, never by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Protocol

import polars as pl

from monitor.batch import Batch, EntryOutcome, PollResult
from monitor.records import Alias, Article, Entity, Entry, Feed, FeedState, Fetch, Mention, Window
from monitor.store.sentences import sentence_spans

_AT = pl.Datetime("us", "UTC")
_TYPED: dict[type[pl.DataType], list[str]] = {
    pl.Int64: ["article_id", "link_id", "story_id", "hash", "line_hash", "bytes", "fact"],
    pl.Int32: [
        *("interval", "consecutive_failures", "moved_seen", "window_entries", "http_status", "entries", "new_entries"),
        *("attempts", "word_count", "band", "position", "char_start", "char_end", "sentence_start", "sentence_end"),
        *("span_start", "span_end"),
        "sentence",
    ],
    pl.Float64: ["seconds"],
    pl.Boolean: [
        *("active", "full_text", "is_first", "date_only", "is_first_poll", "is_backfilled", "counted", "listed"),
    ],
    pl.Date: ["week", "day", "valid_from", "valid_to"],
}
_TYPES: dict[str, type[pl.DataType] | pl.DataType] = {
    **{name: kind for kind, names in _TYPED.items() for name in names},
    "collections": pl.List(pl.String),
}
FEED = [f.name for f in fields(Feed)]
STATE = [f.name for f in fields(FeedState)]
FETCH = [f.name for f in fields(Fetch)]
WINDOW = [f.name for f in fields(Window)]
_ENTRY = [f.name for f in fields(Entry)]
ARTICLE = [f.name for f in fields(Article) if f.name != "text"]
MENTION = list(Mention._fields)
# a mention is a tuple, whose items are read by their places in half the time of their names
_FIELD, _START, _END = (MENTION.index(name) for name in ("field", "char_start", "char_end"))
ENTITY = [f.name for f in fields(Entity)]
ALIAS = [f.name for f in fields(Alias)]
MEMBERSHIP = ["entity_id", "bloc_id", "valid_from", "valid_to"]
_OUTCOME = [f.name for f in fields(EntryOutcome)]


def frame(columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    """A frame whose column types follow from the column names."""
    return pl.DataFrame({name: _series(name, values) for name, values in columns.items()})


def records_frame(records: Iterable[Any], names: Sequence[str], **more: list[Any]) -> pl.DataFrame:
    """A frame of the named attributes of records, and of further columns."""
    rows = list(records)
    return frame({name: list(map(attrgetter(name), rows)) for name in names} | more)


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    if name == "collections":
        values = [list(value) for value in values]
    if name.endswith(("_at", "_until")):
        values = [value.astimezone(UTC) if value else None for value in values]
        return pl.Series(name, values, dtype=_AT)
    return pl.Series(name, values, dtype=_TYPES.get(name, pl.String))


def entries_frame(polls: Sequence[PollResult]) -> pl.DataFrame:
    """All entries of some polls, with what is known only from the poll; `position` keeps their order."""
    rows = [(poll, entry) for poll in polls for entry in poll.entries]
    entries = [entry for _, entry in rows]
    return records_frame(
        entries,
        _ENTRY,
        is_first_poll=[bool(poll.window and poll.window.is_first) for poll, _ in rows],
        is_backfilled=[poll.backfilled for poll, _ in rows],
        position=list(range(len(rows))),
    )


def outcomes_frame(outcomes: Sequence[EntryOutcome]) -> pl.DataFrame:
    """Entry outcomes in order; the first of a batch that claims an article keeps it."""
    return records_frame(outcomes, _OUTCOME, position=list(range(len(outcomes))))


def articles_frame(articles: Sequence[Article], run_id: str) -> pl.DataFrame:
    """Articles without their texts, once each."""
    unique = {article.article_id: article for article in reversed(articles)}
    rows = [unique[article.article_id] for article in articles if unique.get(article.article_id) is article]
    return records_frame(rows, ARTICLE, run_id=[run_id] * len(rows), position=list(range(len(rows))))


def texts_frame(articles: Sequence[Article]) -> pl.DataFrame:
    """The texts of articles that have one."""
    rows = [article for article in articles if article.text]
    return records_frame(rows, ["article_id", "text"]).unique("article_id", keep="first", maintain_order=True)


class Texts(Protocol):
    """What mentions are spans of: an article, or as much of one as tagging it again needs."""

    @property
    def article_id(self) -> int: ...  # noqa: D102
    @property
    def week(self) -> date | None: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


def mentions_frame(articles: Sequence[Texts], mentions: Mapping[int, Sequence[Mention]]) -> pl.DataFrame:
    """The mentions of some articles, each with its article's week and the span of its sentence."""
    unique = list({article.article_id: article for article in reversed(articles)}.values())
    rows: list[Mention] = []
    sentences: list[tuple[int, int, int]] = []
    article: list[int] = []
    for k, of in enumerate(unique):
        found = sorted(mentions.get(of.article_id, ()), key=itemgetter(_FIELD, _START))
        rows += found
        sentences += _sentences(of, found)
        article += [k] * len(found)
    columns = _columns(MENTION, rows) | _columns(("sentence_start", "sentence_end", "sentence"), sentences)
    return frame(columns).hstack(records_frame(unique, ["article_id", "week"])[article])


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    # zip(*rows) would take half a second more for 200,000 rows
    return {name: list(map(itemgetter(k), rows)) for k, name in enumerate(names)}


def _sentences(article: Texts, mentions: Sequence[Mention]) -> list[tuple[int, int, int]]:
    """Start, end and number of each mention's sentence; the numbers run on from the text to the title."""
    found: list[tuple[int, int, int]] = []
    for field, group in groupby(mentions, itemgetter(_FIELD)):
        text = article.title if field == "title" else article.text
        spans = sentence_spans(text, list(map(itemgetter(_START, _END), group)))
        numbers: dict[int, int] = {}
        first = found[-1][2] + 1 if found else 0
        found += [(start, end, first + numbers.setdefault(start, len(numbers))) for start, end in spans]
    return found


def bands_frame(batch: Batch) -> pl.DataFrame:
    """Signature bands of a batch, each with the day of its article."""
    days = {a.article_id: _day(a.published_at or a.first_seen_at) for a in batch.articles}
    rows = [(key, band, value) for key, bands in batch.bands.items() if key in days for band, value in bands]
    return frame(
        {
            "article_id": [row[0] for row in rows],
            "day": [days[row[0]] for row in rows],
            "band": [row[1] for row in rows],
            "hash": [row[2] for row in rows],
        }
    )


def lines_frame(batch: Batch) -> pl.DataFrame:
    """Line hashes of a batch, each once an article."""
    rows = [(key, value) for key, values in batch.lines.items() for value in dict.fromkeys(values)]
    return frame({"article_id": [row[0] for row in rows], "line_hash": [row[1] for row in rows]})


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
