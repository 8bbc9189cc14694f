"""The files of a lake: in a folder or an object store, and gone when what they hold is forgotten."""

from datetime import UTC, datetime, timedelta

from monitor.pipeline.forget import forget
from monitor.pipeline.move import compact
from monitor.queries import open_archive
from monitor.store import Warehouse
from monitor.store.copy import table_digests
from monitor.store.tidy import size
from tests.scale.filling import LATER, clock, fill
from tests.scale.servers import lake_of
from tests.sql import made


def test_data_may_lie_in_an_object_store(s3, tmp_path, monkeypatch):
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    place = lake_of(tmp_path, files="s3://archive/one", endpoint=s3)
    feeds, items = made.archive(1, 2, 2)
    with Warehouse.open(place, clock) as warehouse:
        made.store(warehouse, feeds, items)
        before = table_digests(warehouse.connection)
    compact(place, lambda: LATER, timedelta(0))
    with Warehouse.open(place, clock) as warehouse:
        assert size(warehouse.connection).files > 0
        assert table_digests(warehouse.connection) == before
    assert not (tmp_path / "files").exists()


def test_what_is_forgotten_is_in_no_file_and_no_snapshot_of_a_lake(tmp_path):
    place = lake_of(tmp_path)
    fill(place)
    compact(place, lambda: LATER, timedelta(0))
    with Warehouse.open(place, clock) as warehouse:
        url, title = warehouse.frame("SELECT canonical_url, title FROM base.articles ORDER BY ALL LIMIT 1").row(0)
        assert holding(warehouse, tmp_path, title)
    done = forget(place, url, lambda: datetime.now(UTC))
    assert (done.found.articles, done.published.name, done.backups) == (1, "vintage 2", 0)
    with Warehouse.open(place, clock) as warehouse:
        assert holding(warehouse, tmp_path, title) == []
        assert size(warehouse.connection).snapshots <= 3
        table_digests(warehouse.connection)
    with open_archive(place) as archive:
        assert archive.sql("SELECT count(*) AS n FROM articles WHERE canonical_url = $url", {"url": url})["n"][0] == 0
        assert archive.trend("Cambodia").height > 0


def holding(warehouse, folder, text):
    """The data files that hold a text, and the tables."""
    con = warehouse.connection
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
    )
    sources = [f"'{path}'" for path in folder.rglob("*.parquet")] + [name for (name,) in tables.fetchall()]
    query = "SELECT count(*) FROM {} AS t WHERE contains(t::VARCHAR, $text)"
    return [s for s in sources if con.execute(query.format(s), {"text": text}).fetchall()[0][0]]
