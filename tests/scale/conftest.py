import pytest

from tests.scale import servers


@pytest.fixture(scope="session")
def postgres():
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3():
    with servers.s3() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    with servers.dask_cluster(tmp_path_factory.mktemp("dask")) as dask:
        yield dask


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/scale/" in str(item.path):
            item.add_marker("scale")
