import random
from dataclasses import replace

import pytest

from monitor import marts
from monitor.config import load_settings
from monitor.feeds_file import read_feeds
from monitor.pipeline.run import collect
from monitor.queries import open_archive
from monitor.store import Warehouse
from tests.integration.press import NOW, Press, serving
from tests.sql import made
from tests.sql.desk import Desk

BOX = "Our Liechtenstein bureau thanks every reader in the valley for the patience of this long season."


class BoxedPress(Press):
    """Each page of feed 0 carries the same paragraph."""

    def page(self, n, k):
        text = super().page(n, k)
        return text.replace("</p></article>", f"</p><p>{BOX}</p></article>") if n == 0 else text


def run(press, tmp_path, now=NOW):
    options = {"data": tmp_path / "data", "allow_network": ("127.0.0.0/8",), "host_delay": 0, "executor": "inline"}
    return collect(load_settings(options), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: now, all_=True)


def mentions(tmp_path):
    sql = "SELECT zone, counted, count(*) FROM mentions WHERE entity_id = 'LIE' AND field = 'text' GROUP BY ALL"
    with open_archive(tmp_path / "data") as archive:
        return archive.sql(sql).rows()


def test_a_line_that_repeats_is_boilerplate_in_the_first_articles_too(tmp_path, caplog):
    caplog.set_level("INFO", "monitor")
    with serving(BoxedPress(feeds=2, entries=4)) as press:
        run(press, tmp_path)
    assert mentions(tmp_path) == [("boilerplate", False, 4)]
    assert "4 mentions revised to boilerplate" in caplog.text


def test_what_two_articles_share_is_not_yet_boilerplate(tmp_path):
    with serving(BoxedPress(feeds=2, entries=2)) as press:
        run(press, tmp_path)
        assert [(c, n) for _, c, n in mentions(tmp_path)] == [(True, 2)]
        press.entries = 4
        run(press, tmp_path, NOW.replace(hour=13))
    assert mentions(tmp_path) == [("boilerplate", False, 4)]
    with Warehouse.open(tmp_path / "data", lambda: NOW) as warehouse:
        assert warehouse.frame("SELECT sum(revised_mentions)::INTEGER AS n FROM base.boilerplate_lines")["n"][0] >= 2


@pytest.mark.parametrize("others", [(), ("b",)])
def test_a_renamed_source_keeps_its_boilerplate(tmp_path, others):
    """Also where another feed keeps the old name; what is tagged again under the new one counts no line of it."""
    line = "Subscribe to our newsletter on Cambodia and get the best of the week every Friday"
    rng, desk = random.Random(4), Desk(tmp_path)
    feed = made.feed("a", publisher="a.example")
    desk.declare(feed, *(made.feed(other, publisher="a.example") for other in others))
    texts = [f"{made.paragraph(rng, 100, ['Viet Nam'])}\n{line}" for _ in range(4)]
    desk.arrive(*(made.article("a", str(k), f"2026-11-0{k + 2}", text) for k, text in enumerate(texts)))
    known = desk.warehouse.known_lines(["a.example"])["a.example"]
    desk.declare(replace(feed, publisher="The A Daily"))
    desk.retag("t2")
    marts.build(desk.warehouse)
    assert desk.warehouse.frame("SELECT * FROM mart.article_entities WHERE entity_id = 'KHM'").is_empty()
    assert known == desk.warehouse.known_lines(["The A Daily"])["The A Daily"] != frozenset()
    assert bool(desk.warehouse.known_lines(["a.example"]).get("a.example")) == bool(others)
    lines = desk.warehouse.frame("SELECT DISTINCT publisher FROM base.article_lines")["publisher"].to_list()
    assert lines == ["The A Daily"]
    revised = desk.warehouse.frame("SELECT sum(revised_mentions)::INTEGER AS n FROM base.boilerplate_lines")["n"][0]
    desk.close()
    assert revised == 4
