"""Vintages of a lake: a snapshot that readers are pointed to takes the place of a published copy."""

from __future__ import annotations

from datetime import datetime

from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction
from monitor.store.vintages import enter


@again_on_conflict
def mark_vintage(warehouse: Warehouse, now: datetime) -> int | None:
    """Record what is there as a vintage and mark its snapshot, in one transaction; None when nothing changed."""
    con, sql = warehouse.connection, statements("store/publish.sql")
    with transaction(con):
        rows = con.execute(sql["last"]).fetchall()
        if rows and rows[0][1] == warehouse.data_version():
            return None
        vintage = rows[0][0] + 1 if rows else 1
        enter(con, vintage, now, is_explained=False)  # there is no copy of the vintage before to compare with
        con.execute(statements("store/lake.sql")["mark"].replace("$message", f"'vintage {vintage}'"))
    return vintage
