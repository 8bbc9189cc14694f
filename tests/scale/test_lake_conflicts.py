"""Two writers of one lake at once: the later is refused and tries again, and each article is stored once."""

import os
import subprocess
import sys

import pytest

from monitor.errors import ConflictError
from monitor.pipeline.run import build_and_publish
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction
from tests.scale import servers
from tests.scale.filling import NOW, clock
from tests.scale.servers import lake_of
from tests.sql import made


def test_the_later_of_two_writers_is_refused_and_tried_again(tmp_path):
    """Without PostgreSQL's queue: the row that every write touches keeps two from both being first."""
    with Warehouse.open(lake_of(tmp_path), clock) as warehouse:
        con, other = warehouse.connection, warehouse.connection.cursor()
        other.execute(statements("store/lake.sql")["use"])
        tries = []

        @again_on_conflict
        def write():
            tries.append("tried")
            with transaction(con):
                if len(tries) == 1:
                    other.execute(statements("store/lake.sql")["token"])
                con.execute(statements("store/runs.sql")["start"], {"run_id": "r", "now": NOW})

        write()
        assert len(tries) == 2
        assert warehouse.frame("SELECT run_id FROM base.runs").rows() == [("r",)]
        other.close()


def test_a_conflict_has_a_name(tmp_path):
    place = lake_of(tmp_path)
    with Warehouse.open(place, clock) as warehouse:
        con, other = warehouse.connection, warehouse.connection.cursor()
        other.execute(statements("store/lake.sql")["use"])
        with pytest.raises(ConflictError, match="another writer"), transaction(con):
            other.execute(statements("store/lake.sql")["token"])
        other.close()


WRITER = """
import sys, json
from pathlib import Path
from monitor.records import Place
from monitor.store import Warehouse, retag
from tests.sql import made
from tests.sql.desk import Desk, tag_all_as
place = Place(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
feeds, items = made.archive(4, 2, 3)
with Warehouse.open(place, lambda: made.NOW) as warehouse:
    for start in range(0, len(items), 3):
        warehouse.load(made.batch(items[start:start + 3]))
"""


@pytest.mark.long
def test_two_writers_of_the_same_articles_store_each_once(postgres, tmp_path):
    place = lake_of(tmp_path, postgres.database())
    feeds, items = made.archive(4, 2, 3)
    with Warehouse.open(place, clock) as warehouse:
        made.store(
            warehouse,
            feeds,
            [],
            polls=[made.poll(f.feed_id, [i for i in items if i.feed_id == f.feed_id]) for f in feeds],
        )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / f"data{n}"), place.warehouse, place.files],
            env={**os.environ, "PYTHONPATH": str(servers.ROOT)},
        )
        for n in range(2)
    ]
    assert [w.wait(60) for w in writers] == [0, 0]
    with Warehouse.open(place, clock) as warehouse:
        found = warehouse.frame("SELECT count(*) AS n, count(DISTINCT article_id) AS d FROM base.articles").rows()
        assert found == [(len(items), len(items))]
        build_and_publish(warehouse, NOW)  # its checks find no duplicates
