"""The live warehouse: the one writer's door to the base tables. Every method is one transaction, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import polars as pl

from monitor.batch import Batch, LoadCounts, PendingEntry, PollResult
from monitor.errors import DataFolderError
from monitor.records import Alias, Entity, Entry, Feed, FeedState, Place, place_of
from monitor.sqlfiles import statements
from monitor.store import seal
from monitor.store.frames import ALIAS, ENTITY, FEED, MEMBERSHIP, frame, records_frame
from monitor.store.lock import WriterLock
from monitor.store.migrate import open_lake, open_migrated
from monitor.store.transaction import again_on_conflict, incoming, transaction
from monitor.store.writes import load_batch, save_polls

__all__ = ["Warehouse", "WarehouseGazetteer"]

_COUNTS = (
    *("feeds_due", "feeds_ok", "feeds_failed", "discovered", "stored", "duplicate", "refused", "failed", "pending"),
    *("articles", "mentions"),
)
_DAY = timedelta(days=1)
_ENTRY = [f.name for f in fields(Entry) if f.name != "refused"]


class WarehouseGazetteer(Protocol):
    """What the warehouse keeps of a gazetteer."""

    @property
    def version(self) -> str: ...  # noqa: D102  the digest of its files
    @property
    def entities(self) -> Mapping[str, Entity]: ...  # noqa: D102
    @property
    def aliases(self) -> Sequence[Alias]: ...  # noqa: D102
    @property
    def memberships(self) -> Sequence[Any]: ...  # noqa: D102


class Warehouse:
    """The writer. Use `Warehouse.open(data, clock)` as a context manager; readers open the published copy."""

    def __init__(
        self, place: Place, con: duckdb.DuckDBPyConnection, lock: WriterLock, clock: Callable[[], datetime]
    ) -> None:
        self.place = place
        self.data = place.data
        self.connection = con
        self._lock = lock
        self._clock = clock
        self._checked: tuple[datetime, int] | None = None  # when all of it was, and the version that passed last

    @classmethod
    def open(cls, data: Path | Place, clock: Callable[[], datetime]) -> Self:
        """Lock, make or upgrade the warehouse. Raises LockedError, SchemaVersionError or DataFolderError."""
        place = place_of(data)
        data = place.data
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolderError(f"{data} cannot be made: {error.strerror}") from error
        lock = WriterLock(data / "warehouse.lock")
        lock.acquire()
        try:
            con = open_lake(place, clock) if place.is_lake else open_migrated(data / "warehouse.duckdb", clock)
        except BaseException:
            lock.release()
            raise
        opened = cls(place, con, lock, clock)
        if checked_at := seal.read(place):  # an upgrade of its tables has broken it too
            opened.note_check(checked_at)
        seal.remove(place)
        return opened

    @classmethod
    def beside(cls, place: Place, clock: Callable[[], datetime]) -> Self:
        """Open a lake while this machine's other writer goes on: for what needs its turn only."""
        return cls(place, open_lake(place, clock), WriterLock(place.data / "warehouse.lock"), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back. What changed since it was checked last is left unsealed."""
        try:
            checked_at = self._sealable()
            self.connection.close()
            if checked_at:
                seal.write(self.place, checked_at)
        finally:
            self._lock.release()

    def _sealable(self) -> datetime | None:
        """When everything was checked, if nothing has changed since the last check."""
        try:
            return self._checked[0] if self._checked and self._checked[1] == self.data_version() else None
        except duckdb.Error:  # of a connection that an error has ended
            return None

    def note_check(self, whole_at: datetime | None = None) -> None:
        """The data passed their checks as they are now: all of them `whole_at`, or since then only what changed."""
        whole_at = whole_at or (self._checked and self._checked[0])
        self._checked = (whole_at, self.data_version()) if whole_at else None

    def distrust(self) -> None:
        """A check has failed: the next one is of everything."""
        self._checked = None

    def needs_whole_check(self, now: datetime) -> bool:
        """Whether a day has passed since everything was checked, something else has written here, or time ran back."""
        is_fresh = self._checked and timedelta(0) <= now - self._checked[0] < _DAY
        return not (is_fresh and self._one(statements("store/publish.sql")["is_later"], {"now": now}))

    def now(self) -> datetime:
        """The time by the clock that the warehouse was opened with."""
        return self._clock()

    @again_on_conflict
    def sync_gazetteer(self, gazetteer: WarehouseGazetteer) -> bool:
        """Store entities, aliases and memberships of another version; unlisted entities stay. True if changed."""
        if self.has_gazetteer(gazetteer.version):
            return False
        sql = statements("store/runs.sql")
        with transaction(
            self.connection,
            entities=records_frame(gazetteer.entities.values(), ENTITY),
            aliases=records_frame(gazetteer.aliases, ALIAS),
            memberships=records_frame(gazetteer.memberships, MEMBERSHIP),
        ):
            self._run(sql["gazetteer"])
            self._run(sql["gazetteer_record"], {"version": gazetteer.version, "now": self._clock()})
            self._run(sql["build_all"])
            self._run(sql["bump"])
        return True

    def has_gazetteer(self, version: str) -> bool:
        """Whether the gazetteer that was stored last is of this version."""
        return bool(self._one(statements("store/runs.sql")["newest_gazetteer"]) == version)

    @again_on_conflict
    def sync_feeds(self, feeds: Sequence[Feed]) -> bool:
        """Store the declared feeds; one no longer declared is retired, never deleted. True if anything changed."""
        sql = statements("store/feeds.sql")
        with transaction(self.connection, feeds=records_frame(feeds, FEED)):
            if not self._one(sql["changed"]):
                return False
            self._run(sql["forget_validators"])
            self._run(sql["merge"], {"now": self._clock()})
            for step in ("renamed_sources", "rename_lines", "replace"):
                self._run(sql[step])
            self._run(statements("store/runs.sql")["build_all"])
            self._run(statements("store/runs.sql")["bump"])
        return True

    def feed_states(self) -> dict[str, FeedState]:
        """What is remembered of each feed that was ever polled."""
        rows = self._rows(statements("store/feeds.sql")["states"])
        return {row["feed_id"]: FeedState(**row) for row in rows}

    @again_on_conflict
    def start_run(self, run_id: str, now: datetime) -> None:
        """Enter a run; it has no end yet."""
        with transaction(self.connection):
            self._run(statements("store/runs.sql")["start"], {"run_id": run_id, "now": now})

    @again_on_conflict
    def finish_run(self, run_id: str, now: datetime, outcome: str, counts: Mapping[str, int]) -> dict[str, int]:
        """Close a run; what became of its entries is counted from the entries themselves. The counts as stored."""
        sql = statements("store/runs.sql")
        found = {key: int(value) for key, value in self._rows(sql["entry_counts"], {"run_id": run_id})[0].items()}
        final = {key: found.get(key, counts.get(key, 0)) for key in _COUNTS}
        with transaction(self.connection):
            self._run(sql["finish"], {"run_id": run_id, "now": now, "outcome": outcome, **final})
        return final

    def save_polls(self, run_id: str, polls: Sequence[PollResult], now: datetime) -> int:
        """Store states, attempts, windows and new entries of some polls. Returns how many entries are new."""
        return save_polls(self.connection, run_id, polls, now)

    def load(self, batch: Batch) -> LoadCounts:
        """Store one batch of articles with all that belongs to them, and settle their entries."""
        return load_batch(self.connection, self.data, batch)

    def known_entry_ids(self, feed_ids: Collection[str]) -> dict[str, set[str]]:
        """The entry ids that each feed has shown before."""
        known: dict[str, set[str]] = {feed_id: set() for feed_id in feed_ids}
        for row in self._asked("known_entry_ids", feeds=frame({"feed_id": list(feed_ids)})):
            known[row["feed_id"]].add(row["entry_id"])
        return known

    def newest_entries(self, feed_ids: Collection[str]) -> dict[str, datetime]:
        """The date of the newest entry that each feed has shown before, if any had a date."""
        rows = self._asked("newest_entries", feeds=frame({"feed_id": list(feed_ids)}))
        return {row["feed_id"]: row["newest"].astimezone(UTC) for row in rows}

    def pending(self, now: datetime, *, all_: bool = False) -> list[PendingEntry]:
        """Entries that wait for their article, oldest first; `all_` also takes failed ones before their time."""
        rows = self._rows(statements("store/reads.sql")["pending"], {"all": all_, "now": now})
        return [_pending_entry(row) for row in rows]

    def existing_articles(self, link_ids: Iterable[int]) -> dict[int, int]:
        """Which of these links lead to a stored article: link id -> article id."""
        rows = self._asked("existing_articles", links=frame({"link_id": list(link_ids)}))
        return {row["link_id"]: row["article_id"] for row in rows}

    def known_lines(self, publishers: Collection[str]) -> dict[str, frozenset[int]]:
        """Hashes of the lines that stand in three or more stories of a publisher: its boilerplate."""
        lines: dict[str, set[int]] = {publisher: set() for publisher in publishers}
        for row in self._asked("known_lines", publishers=frame({"publisher": list(publishers)})):
            lines[row["publisher"]].add(row["line_hash"])
        return {publisher: frozenset(hashes) for publisher, hashes in lines.items()}

    def dirty_weeks(self) -> list[date]:
        """Weeks that changed since the marts were built."""
        return [row["week"] for row in self._rows(statements("store/reads.sql")["dirty_weeks"])]

    def data_version(self) -> int:
        """A number that grows with every change of the base tables."""
        return int(self._one(statements("store/reads.sql")["data_version"]))

    def frame(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a query as a frame."""
        return self.connection.sql(sql, params=dict(params) if params else None).pl()

    def _run(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        self.connection.execute(sql, dict(params) if params else None)

    def _one(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  whatever the query says
        row = self.connection.execute(sql, dict(params) if params else None).fetchone()
        return row[0] if row else None

    def _asked(self, name: str, **frames: pl.DataFrame) -> list[dict[str, Any]]:
        with incoming(self.connection, **frames):
            return self._rows(statements("store/reads.sql")[name])

    def _rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return self.frame(sql, params).to_dicts()


def _pending_entry(row: dict[str, Any]) -> PendingEntry:
    entry = Entry(**{name: row.pop(name) for name in _ENTRY})
    if entry.published_at:
        row["first_seen_at"] = row["first_seen_at"].astimezone(UTC)
    return PendingEntry(entry=entry, **row)
