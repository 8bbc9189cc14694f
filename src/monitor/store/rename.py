"""Another id for a feed, carried through every base table."""

from __future__ import annotations

from collections.abc import Callable

from monitor.errors import UsageError
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction


def knows_feed(warehouse: Warehouse, feed_id: str) -> bool:
    """Whether the warehouse has ever heard of a feed of this id."""
    rows = warehouse.connection.execute(statements("store/rename.sql")["known"]).fetchall()
    return (feed_id,) in rows


@again_on_conflict
def rename_history(warehouse: Warehouse, old: str, new: str, last: Callable[[], None]) -> int:
    """Give all rows of a feed its new id; how many articles it has. `last` runs before the commit and may refuse.

    Raises UsageError when the new id has entries of its own.
    """
    con, sql = warehouse.connection, statements("store/rename.sql")
    if con.execute(sql["has_history"], {"feed_id": new}).fetchall()[0][0]:
        raise UsageError(f"{new} has a history of its own in the warehouse: two feeds cannot become one")
    tables = [name for (name,) in con.execute(sql["tables"]).fetchall()]
    with transaction(con):
        for step in ("drop_bare", "drop_bare_state", "drop_bare_windows"):
            con.execute(sql[step], {"feed_id": new})
        for table in tables:
            con.execute(sql["rename"].replace("this_table", table), {"old": old, "new": new})
        con.execute(statements("store/runs.sql")["build_all"])
        con.execute(statements("store/runs.sql")["bump"])
        last()
    return int(con.execute(sql["articles"], {"feed_id": new}).fetchall()[0][0])
