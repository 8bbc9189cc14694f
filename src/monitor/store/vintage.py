"""Vintages of a lake: a snapshot that readers are pointed to takes the place of a published copy."""

from __future__ import annotations

from datetime import datetime

from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction


@again_on_conflict
def mark_vintage(warehouse: Warehouse, now: datetime) -> int | None:
    """Record what is there as a vintage and mark its snapshot, in one transaction; None when nothing changed."""
    con, sql = warehouse.connection, statements("store/publish.sql")
    with transaction(con):
        rows = con.execute(sql["last"]).fetchall()
        is_new = not rows or rows[0][1] != warehouse.data_version()
        vintage = (rows[0][0] if rows else 0) + is_new
        if is_new:
            con.execute(sql["record"], {"vintage": vintage, "now": now})
            con.execute(sql["keep_counts"], {"vintage": vintage})
            con.execute(sql["keep_weeks"], {"vintage": vintage})
        elif con.execute(statements("store/lake.sql")["published"]).fetchall()[0][1] == f"vintage {vintage}":
            return None
        con.execute(statements("store/lake.sql")["mark"].replace("$message", f"'vintage {vintage}'"))
    return vintage
