"""Archives to compare: filled with the same articles wherever they are, with the digests of what is in them."""

from datetime import timedelta

import polars as pl

from monitor import marts
from monitor.pipeline.run import build_and_publish
from monitor.store import Warehouse
from monitor.store.copy import table_digests
from tests.sql import made

NOW = made.NOW
LATER = NOW + timedelta(days=2)


def clock():
    return NOW


def fill(place, weeks=4, **more):
    with Warehouse.open(place, clock) as warehouse:
        feeds, items = made.archive(weeks, 3, 2)
        made.store(warehouse, feeds, items, **more)
        build_and_publish(warehouse, NOW)
        return table_digests(warehouse.connection), mart_rows(warehouse.connection)


def mart_rows(con):
    """Rows and digest of each mart; sums of fractions differ in the last digits by the order of their rows."""
    frames = {mart.name: con.sql(f"FROM mart.{mart.name}").pl() for mart in marts.marts()}
    rounded = {name: f.with_columns(pl.selectors.float().round(9) + 0.0) for name, f in frames.items()}
    return {name: (f.height, f.hash_rows().cast(pl.Int128).sum()) for name, f in rounded.items()}
