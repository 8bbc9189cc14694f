"""The zone that weeks start in: kept in the warehouse, so that articles' weeks and their coverage agree."""

from __future__ import annotations

import logging

from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction

log = logging.getLogger(__name__)


@again_on_conflict
def sync_week_zone(warehouse: Warehouse, zone: str) -> bool:
    """Take over the setting; another zone than before gives every article its week anew. True if anything changed."""
    con, sql = warehouse.connection, statements("store/zone.sql")
    known = [name for (name,) in con.execute(sql["zone"]).fetchall()]
    if known == [zone]:
        return False
    tables = [name for (name,) in con.execute(sql["tables"]).fetchall()] if known else []
    with transaction(con):
        con.execute(sql["unset"])
        con.execute(sql["set"], {"zone": zone})
        if tables:
            con.execute(sql["moved"], {"zone": zone})
            log.warning("weeks start in %s now, not in %s: all weeks are made anew", zone, known[0])
        for table in tables:
            con.execute(sql["move"].replace("this_table", table))
        if known or zone != "UTC":
            con.execute(statements("store/runs.sql")["build_all"])
            con.execute(statements("store/runs.sql")["bump"])
    return True
