"""What is remembered of hosts between runs: robots.txt for a day, and Retry-After."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime

import duckdb

from monitor.sqlfiles import statements
from monitor.store.frames import frame
from monitor.store.transaction import again_on_conflict, transaction
from monitor.web import Robots

_COLUMNS = ("fetched_at", "verdict", "text", "note")


def load_hosts(con: duckdb.DuckDBPyConnection, now: datetime) -> tuple[dict[str, Robots], dict[str, datetime]]:
    """Robots by origin that still stand, and holds by site."""
    sql = statements("store/hosts.sql")
    robots = con.execute(sql["robots"], {"now": now}).fetchall()
    holds = con.execute(sql["holds"], {"now": now}).fetchall()
    return (
        {origin: Robots(at.astimezone(UTC), *rest) for origin, at, *rest in robots},
        {site: until.astimezone(UTC) for site, until in holds},
    )


@again_on_conflict
def save_hosts(
    con: duckdb.DuckDBPyConnection, robots: Mapping[str, Robots], holds: Mapping[str, datetime], now: datetime
) -> None:
    """Keep both; what is older than a day or over is dropped."""
    rows = [astuple(r) for r in robots.values()]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(_COLUMNS)}
    with transaction(
        con,
        robots=frame({"origin": list(robots), **columns}),
        holds=frame({"site": list(holds), "hold_until": list(holds.values())}),
    ):
        for step in ("drop_robots", "drop_holds"):
            con.execute(statements("store/hosts.sql")[step], {"now": now})
        con.execute(statements("store/hosts.sql")["save"])
