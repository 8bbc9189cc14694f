"""The same rows, whoever does the work: this process, a pool, a cluster."""

from datetime import timedelta

import polars as pl
import pytest

from monitor.config import load_settings
from monitor.feeds_file import read_feeds
from monitor.pipeline.retag import retag
from monitor.pipeline.run import collect
from monitor.store import Warehouse
from tests.integration.press import NOW, Press, serving

# what else a row holds is the run's own: its number, its times
COMPARED = {
    "articles": "* EXCLUDE (fetched_at)",
    "article_texts": "*",
    "article_lines": "*",
    "signatures": "*",
    "mentions": "*",
    "entries": "feed_id, entry_id, url, title, outcome, article_id",
}


@pytest.fixture(scope="module")
def press():
    with serving(Press(feeds=3, entries=8)) as press:
        yield press


@pytest.fixture(scope="module")
def own_gazetteer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gazetteer")
    rows = "entity_id,alias,language,form,case,rule,note\nFJI,freight rates,en,name,any,,test\n"
    (folder / "aliases.csv").write_text(rows)
    return folder


def digests(data):
    """Rows and an order-free digest of each table."""
    with Warehouse.open(data, lambda: NOW) as warehouse:
        frames = {t: warehouse.frame(f"SELECT {what} FROM base.{t}") for t, what in COMPARED.items()}
    return {t: (f.height, f.hash_rows().cast(pl.Int128).sum()) for t, f in frames.items()}


def gathered(press, data, executor, own_gazetteer):
    """Digests after a collection and after tagging again with another gazetteer."""
    given = {"data": data, "allow_network": ("127.0.0.0/8",), "host_delay": 0, "executor": executor}
    collect(load_settings(given), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: NOW)
    collected = digests(data)
    again = retag(load_settings(given | {"gazetteer": own_gazetteer}), lambda: NOW + timedelta(hours=1))
    return collected, digests(data), again.diff.rows()


def test_inline_pool_and_cluster_store_the_same_rows(press, cluster, tmp_path, own_gazetteer):
    collected, tagged, diff = gathered(press, tmp_path / "inline", "inline", own_gazetteer)
    assert collected["articles"][0] == 24
    assert collected["mentions"] != tagged["mentions"]
    for name, executor in {"pool": "processes:2", "dask": cluster.executor}.items():
        assert gathered(press, tmp_path / name, executor, own_gazetteer) == (collected, tagged, diff)
