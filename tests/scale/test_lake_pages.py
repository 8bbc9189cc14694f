"""An archive of seventy weeks in a file and in a lake: every query and every page says the same."""

import polars as pl
import pytest

from monitor.pipeline.move import copy_archive
from monitor.queries import named_queries, open_archive
from monitor.records import Place
from monitor.store import Warehouse
from monitor.store.copy import table_digests
from tests.integration.test_dashboard_pages import PAGES
from tests.made_press import NOW
from tests.press_site import serving
from tests.scale.filling import mart_rows
from tests.scale.servers import lake_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def lake(press, postgres, tmp_path_factory):
    place = lake_of(tmp_path_factory.mktemp("lake"), postgres.database())
    copy_archive(Place(press), place, lambda: NOW)
    return place


def test_tables_and_marts_are_the_same(press, lake):
    found = []
    for place in (Place(press), lake):
        with Warehouse.open(place, lambda: NOW) as warehouse:
            found.append((table_digests(warehouse.connection), mart_rows(warehouse.connection)))
    assert found[0] == found[1]


def test_every_named_query_says_the_same(press, lake):
    given = {"entity": "KHM", "week": "2026-11-09", "since": "2026-01-05", "until": "2026-11-09", "words": "debt"}
    asked = 0
    with open_archive(press) as here, open_archive(lake) as there:
        for name, query in named_queries().items():
            missing = {p for p, default in query.params.items() if default is None}
            if missing - given.keys():
                continue
            params = {p: given[p] for p in missing}
            # sums of fractions differ in the last digits by the order of their rows
            frames = [a.named(name, params).with_columns(pl.selectors.float().round(9)) for a in (here, there)]
            one, other = (f.sort(f.columns) for f in frames)
            assert one.equals(other), name
            asked += 1
    assert asked > 20


@pytest.fixture(scope="module")
def lake_client(press, lake):
    own = {"MONITOR_WAREHOUSE": lake.warehouse, "MONITOR_WAREHOUSE_DATA": lake.files}
    with serving(press, environment=own) as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_the_same(client, lake_client, path):
    here, there = client.get(path), lake_client.get(path)
    assert (here.status_code, there.status_code) == (200, 200), there.text[:2000]
    assert "could not be drawn" not in there.text
    if path not in ("/download", "/health"):  # these speak of the file
        assert there.text.replace(lake_client.origin, client.origin) == here.text
