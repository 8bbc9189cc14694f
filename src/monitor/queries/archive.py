"""The archive as an analyst sees it: trends, evidence, pairs, blocs and phrases of the published copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from monitor.errors import QueryError, UnknownEntityError
from monitor.lines import near
from monitor.queries.catalogue import named_query
from monitor.queries.connection import UNLIMITED, Limits, Published
from monitor.queries.lake import PublishedLake, lake_mark
from monitor.records import Place, place_of
from monitor.sqlfiles import statements
from monitor.trends import movers, not_yet, spike_sentence

_SOURCES = ("source_type", "region", "collection")
_LEAST_ARTICLES = 5
_PARTS = (*_SOURCES, "salience", "form")


def open_archive(data: Path | Place, limits: Limits = UNLIMITED, *, follow: bool = True) -> Archive:
    """Open what is published at a place, read-only and within limits. Raises DataFolderError.

    With `follow` false all answers come from one copy or vintage, also when a newer one is published meanwhile.
    """
    place = place_of(data)
    if place.is_lake:
        return Archive(PublishedLake(place, limits, follow=follow))
    return Archive(Published(place.data, limits, follow=follow))


def published_mark(data: Path | Place) -> tuple[int, ...]:
    """What changes when there is a newer copy or vintage. Raises FileNotFoundError when there is none."""
    place = place_of(data)
    if place.is_lake:
        return lake_mark(place)
    found = (place.data / "monitor.duckdb").stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


class Archive:
    """Read-only. Entities are given by id, ISO code, name, acronym or alias; weeks by their Monday."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._ids: tuple[Path, frozenset[str]] = (Path(), frozenset())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._published.close()

    @property
    def path(self) -> Path:
        """The copy that is read now; it changes when a newer one is published."""
        return self._published.path

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a reading statement with `$name` parameters. Raises QueryError if it fails or would write."""
        return self._published.frame(query, params, exact=True)

    def named(self, name: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a query of sql/queries. Raises QueryError."""
        query = named_query(name)
        return self._published.frame(query.sql, query.bind(dict(params or {})))

    def entity(self, name: str) -> str:
        """The id of an entity by any of its names. Raises UnknownEntityError that suggests the nearest."""
        if name in self._known_ids():
            return name
        found = self._ask("entity", {"entity": name})["entity_id"][0]
        if found is None:
            known = self._ask("entity_names")["name"].to_list()
            close = near(name, known, 3)
            hint = f"did you mean {', '.join(close)}?" if close else "monitor query entities lists all"
            raise UnknownEntityError(f"no country or organisation is called {name!r}: {hint}")
        return str(found)

    def trend(
        self,
        entity: str,
        weeks: int | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        as_of: int | date | None = None,
        **within: str | None,
    ) -> pl.DataFrame:
        """One row a week with share, interval and changes; the last `weeks`, or from `since` to `until`.

        `within` narrows by source_type, region, collection, salience (title, lead, repeated) or form; `as_of` gives the
        table as a vintage, or the last one published by a date, had it.
        """
        found, span = self.entity(entity), self._span(weeks, since, until)
        chosen = {key: value for key, value in within.items() if value is not None}
        if as_of is not None:
            if chosen:
                raise QueryError("a vintage keeps the whole archive's trend: as_of cannot be narrowed")
            return self._ask("trend_as_of", {"entity": found, "vintage": self.vintage(as_of), **span})
        return self._within("trend", {"entity": found, **span}, chosen)

    def compare(
        self, entities: Sequence[str], weeks: int | None = None, *, since: date | None = None, until: date | None = None
    ) -> pl.DataFrame:
        """Several entities, one row an entity and week."""
        found = [self.entity(name) for name in entities]
        return self._ask("compare", {"entities": found, **self._span(weeks, since, until)})

    def evidence(self, entity: str, week: date) -> pl.DataFrame:
        """One row a counted mention of the entity in the week, with its sentence."""
        return self._ask("evidence", {"entity": self.entity(entity), "week": week})

    def observed(self, week: date) -> pl.DataFrame:
        """The articles of a week's denominator."""
        return self._ask("observed", {"week": week})

    def pair(
        self,
        a: str,
        b: str,
        weeks: int | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        **within: str | None,
    ) -> pl.DataFrame:
        """Two entities together, one row a week, with lift over independence; `within` narrows as in `trend`."""
        asked = {"a": self.entity(a), "b": self.entity(b), **self._span(weeks, since, until)}
        return self._within("pair", asked, within)

    def partners(
        self,
        entity: str,
        weeks: int | None = 52,
        *,
        since: date | None = None,
        until: date | None = None,
        least_articles: int = _LEAST_ARTICLES,
        least: int | None = None,
        **within: str | None,
    ) -> pl.DataFrame:
        """With whom an entity is named: pairs of at least `least_articles`; `within` narrows as in `trend`.

        Of the last 52 weeks by default: whom one was named with ten years ago is seldom meant. `least` is the old name
        of `least_articles`.
        """
        fewest = least if least is not None and least_articles == _LEAST_ARTICLES else least_articles
        asked = {"entity": self.entity(entity), "least_articles": fewest, **self._span(weeks, since, until)}
        return self._within("partners", asked, within)

    def bloc(
        self,
        name: str,
        weeks: int | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        **within: str | None,
    ) -> pl.DataFrame:
        """Articles that name any member of a bloc, one row a week; `within` narrows as in `trend`."""
        return self._within("bloc", {"name": self.entity(name), **self._span(weeks, since, until)}, within)

    def phrase(
        self,
        words: str,
        weeks: int | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        **within: str | None,
    ) -> pl.DataFrame:
        """Share of articles that have the words, one row a week; `within` is source_type, region or collection."""
        chosen = _filters(within, _SOURCES)
        return self._ask("phrase", {"words": words, **self._span(weeks, since, until), **chosen})

    def search(
        self, words: str, limit: int = 50, *, since: date | None = None, until: date | None = None
    ) -> pl.DataFrame:
        """Articles with the words in title or text, newest first."""
        return self._ask("search", {"words": words, "limit": limit, **self._span(None, since, until)})

    def movers(self, week: date | None = None) -> pl.DataFrame:
        """The entities whose share moved by more than noise in a week (the last full one), judged together."""
        return movers(self._ask("week_trends", {"week": week or self.last_week()}))

    def spikes(self, week: date | None = None) -> pl.DataFrame:
        """Spikes of a week, or of all weeks newest first, each explained in a sentence and with three of its own."""
        found = self._ask("spikes", {"week": week})
        told = [spike_sentence(row, row["week"]) for row in found.to_dicts()]
        return found.with_columns(pl.Series("explanation", told, dtype=pl.String))

    def weeks(self) -> pl.DataFrame:
        """All weeks with how much of each was seen."""
        return self._ask("weeks")

    def last_week(self) -> date | None:
        """The Monday of the last week that is over; None in an empty archive."""
        found = self._ask("last_week")["week"][0]
        return found if isinstance(found, date) else None

    def not_yet(self) -> str:
        """What so young an archive cannot say yet, in a sentence; empty for one that is old enough."""
        since, complete = self._ask("reach").row(0)
        return not_yet(since, complete)

    def vintages(self) -> pl.DataFrame:
        """All publishes with number and time."""
        return self._ask("vintages")

    def diff(self, before: int | date, after: int | date) -> pl.DataFrame:
        """Why numbers differ between two vintages: one row a week, entity and reason, with its part of the difference.

        The parts of a week and entity add up to the difference; entity `*` is the week's observed articles.
        """
        return self._ask("diff", self._vintages(before, after))

    def diff_events(self, before: int | date, after: int | date) -> pl.DataFrame:
        """What happened between two vintages: gazetteer, retag, boilerplate, feeds, the forgotten, states of weeks."""
        return self._ask("diff_events", self._vintages(before, after))

    def vintage(self, which: int | date) -> int:
        """The number of a vintage, or of the last one published by the end of a day. Raises QueryError."""
        found, newest = self._ask("vintage_of", {"as_of": str(which)}).row(0)
        if found is None:
            why = f"the newest is {newest}" if isinstance(which, int) else "the archive is younger"
            raise QueryError(f"there is no vintage {which}: {why}")
        return int(found)

    def _known_ids(self) -> frozenset[str]:
        """All ids of the copy that is read, looked up once: an id that is given needs no look for names."""
        path = self._published.path
        if self._ids[0] != path:
            self._ids = path, frozenset(self._ask("entity_ids")["entity_id"])
        return self._ids[1]

    def _vintages(self, before: int | date, after: int | date) -> dict[str, int]:
        return {"before": self.vintage(before), "after": self.vintage(after)}

    def _span(self, weeks: int | None, since: date | None, until: date | None) -> dict[str, date]:
        last = until or date(9999, 12, 31)
        if weeks is not None and since is None:
            end = self._ask("newest_week", {"until": last})["week"][0] or date(9999, 12, 27)
            since = end - timedelta(weeks=weeks - 1)
        return {"since": since or date(1, 1, 1), "until": last}

    def _within(self, name: str, asked: dict[str, Any], within: Mapping[str, str | None]) -> pl.DataFrame:
        """The whole archive's rows from its marts, a part's counted from its articles."""
        chosen = _filters(within)
        return self._ask(f"{name}_within", asked | chosen) if any(chosen.values()) else self._ask(name, asked)

    def _ask(self, name: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        return self._published.frame(statements("store/archive.sql")[name], params)


def _filters(within: Mapping[str, str | None], known: Sequence[str] = _PARTS) -> dict[str, str | None]:
    if unknown := sorted(within.keys() - set(known)):
        raise QueryError(f"this cannot be narrowed by {unknown[0]}: by {', '.join(known)}")
    return dict.fromkeys(known) | dict(within)
