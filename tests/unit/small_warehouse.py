"""A new warehouse of one test, as a fixture, and an article to put into it."""

import pytest

from tests.sql import made

TEXT = "Cambodia and Thailand met. Dr. Smith of ASEAN said no. China stayed away."


@pytest.fixture
def warehouse(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        yield opened


def rows(warehouse, sql):
    return warehouse.connection.execute(sql).fetchall()


def one_article(**more):
    return made.article("alpha", "1", "2026-11-18", more.pop("text", TEXT), **more)
