"""What many tests here begin with."""

import pytest

from monitor.pipeline.knowledge import keep_gazetteer
from monitor.store import Warehouse
from tests.integration.press import NOW


@pytest.fixture(scope="session")
def knowing(tmp_path_factory):
    """A data folder without feeds and articles whose archive knows the shipped gazetteer, closed: to be copied."""
    folder = tmp_path_factory.mktemp("knowing")
    with Warehouse.open(folder, lambda: NOW) as warehouse:
        keep_gazetteer(warehouse, None)
    return folder
