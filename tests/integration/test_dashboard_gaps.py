"""Weeks that were not fully seen, as a viewer is told of them on every page that draws or counts them."""

import re
from datetime import timedelta
from html import unescape

import pytest

from monitor import marts, publish
from monitor.store import Warehouse
from tests.made_press import NOW, OPEN, Shape, make
from tests.press_site import serving

LAST = OPEN - timedelta(weeks=1)
UNREAD = Shape(weeks=12, outage=(9, 8), broken=5, spike=99, unread=1)
TOLD = re.compile(r"Weeks not fully seen: .*?\)\.|The week of 9 Nov 2026 was partly seen.*?kept them\.")
PARTLY = "The week of 9 Nov 2026 was partly seen: 6 of 12 sources in full."


@pytest.fixture(scope="module")
def unread(tmp_path_factory):
    """A dashboard on a press of whose last whole week half of the sources' pages did not come."""
    folder = tmp_path_factory.mktemp("unread")
    make(folder, UNREAD)
    with serving(folder) as found:
        yield found


def text_of(client, path):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", client.get(path).text)))


@pytest.mark.parametrize("path", ["/?entities=USA", "/entity/USA", f"/evidence?entities=USA&week={LAST}"])
def test_a_week_whose_pages_are_missing_is_said_to_be_partly_seen(unread, path):
    told = text_of(unread, path)
    assert PARTLY in told
    assert re.search(
        r"\d+ announced articles are missing: their pages wait to be fetched, or an outage kept them\.", told
    )


def test_every_chart_names_its_weeks_that_were_not_fully_seen(unread):
    for path in ("/?entities=USA", "/entity/USA", "/compare?entities=USA,CHN", "/pair/USA/CHN", "/bloc/asean"):
        told = text_of(unread, path)
        assert re.search(
            r"Weeks not fully seen: 9 Nov 2026 \(6 of 12 sources partly seen, \d+ announced articles missing\),"
            r" 12 Oct 2026 \(4 of 12 sources failed\), 14 Sep 2026 to 27 Sep 2026 \(no data\)\.",
            told,
        ), path
    labels = re.findall(r'aria-label="([^"]*week of 9 Nov 2026[^"]*)"', unread.get("/entity/USA").text)
    assert labels
    assert all(label.endswith(", week partly seen") for label in labels)


def test_the_source_and_the_health_page_say_what_is_missing(unread):
    told = text_of(unread, "/source/Mekong%20Review")
    assert re.search(r"9 Nov 2026 \(partly seen, \d+ announced articles? missing\)", told)
    assert "A week that lacks more than a tenth of its articles is partly seen." in told
    page = unread.get("/health").text
    assert re.search(
        r"Mekong Review, week of 9 Nov 2026: partly seen, 0 articles, \d+ announced articles? missing", page
    )
    assert '<th scope="col" class="n">Missing</th>' in page


def test_within_filters_the_week_is_as_their_sources_saw_it(unread):
    """The pages of South Asia's source all came, some of those of Europe's did not."""
    whole = text_of(unread, f"/evidence?entities=USA&week={LAST}&region=South%20Asia")
    assert "partly seen" not in whole
    kept = text_of(unread, f"/evidence?entities=USA&week={LAST}&region=Europe")
    assert "The week of 9 Nov 2026 was" in kept


@pytest.fixture(scope="module")
def read_since(tmp_path_factory):
    """The same, but the pages came after copy 1."""
    folder = tmp_path_factory.mktemp("read")
    make(folder, UNREAD)
    with Warehouse.open(folder, lambda: NOW) as warehouse:
        warehouse.connection.execute("UPDATE base.articles SET status = 'full', reason = NULL WHERE reason = 'timeout'")
        warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
        marts.build(warehouse)
        assert publish.publish(warehouse, NOW + timedelta(hours=1))
    with serving(folder) as found:
        yield found


@pytest.mark.parametrize(
    "path",
    ["/?entities=USA", "/entity/USA?weeks=52", "/compare?entities=USA,CHN", f"/evidence?entities=USA&week={LAST}"],
)
def test_an_earlier_copy_says_how_much_of_a_week_it_had_not_seen(unread, read_since, path):
    assert "announced article" not in text_of(read_since, path)
    then, published = (set(TOLD.findall(text_of(*page))) for page in ((read_since, f"{path}&as_of=1"), (unread, path)))
    assert then == published != set()


def test_a_week_that_nobody_saw_counts_nothing(unread):
    told = text_of(unread, "/evidence?entities=USA&week=2026-09-21")
    assert "The week of 21 Sep 2026 was not observed: this is a gap, not a zero." in told
    assert "0 articles" not in told


def test_filters_that_no_source_fits_say_so(client):
    told = text_of(client, "/?entities=KHM&source_type=government&region=Europe")
    assert "No source fits all of these filters in this range." in told
    assert "(no source)" in told
    assert "(no data)" not in told
