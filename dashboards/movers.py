"""Which names changed beyond noise: the library's verdict on the rows that a page has."""

from __future__ import annotations

from typing import Any

import polars as pl

from monitor import trends

SCHEMA = {
    "entity_id": pl.String, "stories": pl.Int64, "observed_articles": pl.Int64, "share": pl.Float64,
    "mean8": pl.Float64, "mean8_observed": pl.Int64, "change8": pl.Float64, "dispersion": pl.Float64,
}  # fmt: skip


def movers(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose change on the eight weeks before survives a false discovery rate of one in ten, largest first."""
    rows = {row["entity_id"]: row for row in ranking}
    judged = pl.DataFrame([{name: row[name] for name in SCHEMA} for row in ranking], schema=SCHEMA)
    return [rows[entity_id] for entity_id in trends.movers(judged)["entity_id"]]
