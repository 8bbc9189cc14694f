"""The feeds that ship with the program are a sound feeds file of regional-policy sources."""

from collections import Counter
from importlib.resources import files

import pytest

from monitor.feeds_file import read_feeds
from monitor.feeds_file.row import host_of


@pytest.fixture(scope="module")
def feeds():
    return read_feeds(files("monitor").joinpath("data/feeds.toml").read_text(encoding="utf-8"), "feeds.toml")


def test_at_least_eighty_feeds_of_many_publishers(feeds):
    assert len(feeds) >= 80
    assert len({feed.publisher for feed in feeds}) >= 70
    assert all(feed.active for feed in feeds)


def test_commentary_and_think_tanks_come_first(feeds):
    types = Counter(feed.source_type for feed in feeds)
    assert types["commentary"] + types["think-tank"] > types["news"]
    assert {feed.source_type for feed in feeds[:15]} == {"commentary", "think-tank"}
    assert sum(feed.region == "Asia-Pacific" for feed in feeds) >= 40


def test_each_feed_says_its_region_language_and_publisher(feeds):
    assert all(feed.region and feed.language and len(feed.feed_id) <= 24 for feed in feeds)
    strange = [f for f in feeds if f.publisher.split(".")[0] not in host_of(f.url)]
    assert strange == []


def test_feeds_of_one_outlet_share_a_publisher(feeds):
    assert len([feed for feed in feeds if feed.publisher == "csis.org"]) == 3
