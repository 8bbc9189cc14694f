"""Forgetting: an article or a source out of every table, a tombstone in its place, and a file without its blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote

from monitor.errors import MonitorError, UsageError
from monitor.lines import nearest
from monitor.records import Feed
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.migrate import connect, open_migrated
from monitor.store.tidy import tidy, write_anew
from monitor.store.transaction import again_on_conflict, explained, need_space, transaction
from monitor.urls import canonical_url

_SPARE = 1_000_000


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What there is of an address (kind url) or a source (kind source). `copies` are near-identical articles."""

    kind: str
    value: str
    given: str
    articles: int
    entries: int
    mentions: int
    feeds: tuple[str, ...]
    titles: tuple[str, ...]
    copies: tuple[str, ...]
    is_buried: bool

    def sentence(self) -> str:
        """What will go, in words."""
        what = f"the source {self.value}" if self.kind == "source" else self.value
        feeds = f", its feeds {', '.join(self.feeds)}" if self.feeds else ""
        return f"{what}: {self.articles} articles with {self.mentions} mentions, {self.entries} entries{feeds}"


def look(warehouse: Warehouse, target: str) -> Forgettable:
    """Find what an address or a source's name stands for. Raises UsageError when there is nothing of it."""
    is_url = target.lower().startswith(("http://", "https://"))
    return _url(warehouse, target) if is_url else _source(warehouse, target)


@again_on_conflict
def bury(warehouse: Warehouse, found: Forgettable, reason: str | None, now: datetime) -> None:
    """Take it out of every base table and leave the tombstone, in one transaction; safe to repeat."""
    con, sql = warehouse.connection, _sql()
    tables = [name for (name,) in con.execute(sql["tables_of_articles"]).fetchall()]
    with transaction(con):
        _mark(warehouse, found.kind, found.value, found.given)
        con.execute(sql["addresses"])
        con.execute(sql["names"])
        stone = {"reason": reason, "now": now}
        con.execute(sql["bury"], {"kind": found.kind, "value": found.value, **stone})
        con.execute(sql["bury_addresses"], stone)
        for step in ("attempts", "entries_emptied", "payloads"):
            con.execute(sql[step])
        for table in tables:
            con.execute(sql["drop_rows"].replace("this_table", table))
        for step in ("stories", "entities", "feeds"):
            con.execute(sql[step])
        con.execute(statements("store/runs.sql")["build_all"])
        con.execute(statements("store/runs.sql")["bump"])


def compact(warehouse: Warehouse) -> None:
    """Write the base tables into a fresh file that takes the old one's place: freed blocks keep what they held.

    The marts are not copied: the next build makes them.
    """
    if warehouse.place.is_lake:
        write_anew(warehouse.connection)  # before the next vintage, which would need the files as they were
        return
    path = warehouse.data / "warehouse.duckdb"
    fresh = path.with_suffix(".compact")
    for leftover in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        leftover.unlink(missing_ok=True)
    warehouse.connection.execute("CHECKPOINT")
    need_space(warehouse.data, path.stat().st_size + _SPARE, "writing the warehouse anew")
    open_migrated(fresh, warehouse.now).close()
    try:
        _copy_base(warehouse, fresh)
    except BaseException as error:  # noqa: BLE001  raised on
        fresh.unlink(missing_ok=True)
        raise explained(error) from None
    warehouse.connection.close()
    fresh.replace(path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    warehouse.connection = connect(path)


def wipe(warehouse: Warehouse) -> None:
    """Leave a lake nothing but its newest vintage: no older snapshot, no file that an older one alone needs."""
    if warehouse.place.is_lake:
        tidy(warehouse.connection, warehouse.now, timedelta(0), vintages=1)


def drop_copies(data: Path) -> tuple[int, int]:
    """Remove the kept published copies but the newest, and all backups; how many of each."""
    newest = (data / "monitor.duckdb").resolve()
    copies = [p for p in (data / "published").glob("monitor-*.duckdb*") if p.resolve() != newest]
    backups = [*(data / "backups").glob("warehouse-*"), *data.glob("warehouse.schema-*.duckdb")]
    for path in (*copies, *backups):
        path.unlink(missing_ok=True)
    return len(copies), len(backups)


def forgotten_sources(warehouse: Warehouse) -> frozenset[str]:
    """Sources that must not be collected again."""
    return frozenset(value for (value,) in warehouse.connection.execute(_sql()["forgotten_sources"]).fetchall())


def without_forgotten(warehouse: Warehouse, feeds: Iterable[Feed]) -> list[Feed]:
    """The feeds whose source was not forgotten."""
    gone = forgotten_sources(warehouse)
    return [feed for feed in feeds if feed.publisher not in gone]


def _sql() -> dict[str, str]:
    return statements("store/forget.sql")


def _url(warehouse: Warehouse, target: str) -> Forgettable:
    value = canonical_url(target)
    if value is None:
        raise UsageError(f"{target!r} is not an http or https address")
    _mark(warehouse, "url", value, target)
    found = _found(warehouse, "url", value, target)
    if not (found.entries or found.articles or found.is_buried):
        raise UsageError(f"no article or entry has the address {target} (looked for as {value})")
    return found


def _source(warehouse: Warehouse, target: str) -> Forgettable:
    con, sql = warehouse.connection, _sql()
    sources = [value for (value,) in con.execute(sql["sources"]).fetchall()]
    if target not in sources:
        if of_feed := con.execute(sql["source_of_feed"], {"feed_id": target}).fetchall():
            raise UsageError(
                f"{target} is a feed: `monitor feeds retire {quote(target)}` stops it and keeps its articles, "
                f"`monitor forget {quote(of_feed[0][0])}` removes its source"
            )
        raise UsageError(f"no source is called {target!r}{nearest(target, sources)}")
    _mark(warehouse, "source", target, target)
    return _found(warehouse, "source", target, target)


def _mark(warehouse: Warehouse, kind: str, value: str, given: str) -> None:
    """Fill the temporary tables of what is to be forgotten."""
    con, sql = warehouse.connection, _sql()
    if kind == "source":
        con.execute(sql["feeds_of_source"], {"source": value})
        con.execute(sql["articles_of_feeds"])
    else:
        con.execute(sql["no_feeds"])
        con.execute(sql["article_of_url"], {"url": value, "given": given})
    con.execute(sql["entries"], {"url": value if kind == "url" else None})


def _found(warehouse: Warehouse, kind: str, value: str, given: str) -> Forgettable:
    con, sql = warehouse.connection, _sql()
    articles, entries, mentions, feeds, titles = con.execute(sql["found"]).fetchall()[0]
    copies = [url for (url,) in con.execute(sql["copies"]).fetchall()]
    (is_buried,) = con.execute(sql["is_buried"], {"kind": kind, "value": value}).fetchall()[0]
    lists = tuple(feeds), tuple(titles), tuple(copies)
    return Forgettable(kind, value, given, articles, entries, mentions, *lists, is_buried)


def _copy_base(warehouse: Warehouse, fresh: Path) -> None:
    con, sql = warehouse.connection, _sql()
    tables = [name for (name,) in con.execute(sql["base_tables"]).fetchall()]
    con.execute(sql["attach"].replace("this_path", str(fresh).replace("'", "''")))
    try:
        for table in tables:
            for step in ("empty", "copy"):
                con.execute(sql[step].replace("this_table", table))
            if con.execute(sql["differs"].replace("this_table", table)).fetchall()[0][0]:
                raise MonitorError(f"base.{table} could not be copied whole: the old file stays")
        con.execute(sql["finish_fresh"])
    finally:
        con.execute(sql["detach"])
