"""A small warehouse as SQL text: `python -m tests.sql.dump_warehouse > tests/data/warehouses/schema-NNN.sql`.

One is kept of every schema that ever was, so that a test can upgrade it. What is dumped is made anew by this version;
those of earlier versions were dumped from warehouses that their own code had made.
"""

import sys
import tempfile
from pathlib import Path

import duckdb

from monitor import marts, publish
from tests.sql import made

TABLES = """SELECT table_name, sql FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'base' ORDER BY table_name"""


def dump(path):
    """Statements that make the base tables again with their rows; marts and views are built from them."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield "CREATE SCHEMA base; CREATE SCHEMA mart;"
        for table, sql in con.execute(TABLES).fetchall():
            yield sql
            if table != "mart_builds":
                yield from rows(con, table)


def rows(con, table):
    columns = [name for name, *_ in con.execute(f"DESCRIBE base.{table}").fetchall()]
    quoted = [f"""coalesce('''' || replace("{c}"::VARCHAR, '''', '''''') || '''', 'NULL')""" for c in columns]
    found = con.execute(f"SELECT '(' || concat_ws(', ', {', '.join(quoted)}) || ')' FROM base.{table} ORDER BY rowid")
    values = [text for (text,) in found.fetchall()]
    if values:
        yield f"INSERT INTO base.{table} VALUES\n" + ",\n".join(values) + ";"


def build(folder):
    """Four articles of two sources, published once."""
    feeds, items = made.archive(weeks=3, sources=2, per_week=1)
    with made.open_warehouse(folder) as warehouse:
        made.store(warehouse, feeds, items[:4])
        marts.build(warehouse)
        publish.publish(warehouse, made.NOW)
        warehouse.connection.execute("CHECKPOINT")
    return folder / "warehouse.duckdb"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else build(Path(folder))
        sys.stdout.write("\n".join(dump(given)) + "\n")
