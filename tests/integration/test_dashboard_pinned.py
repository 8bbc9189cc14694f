"""Earlier copies: `as_of` shows a whole page as it was published, says what is not kept, and what has expired."""

import random
import re
from datetime import timedelta

import duckdb
import pytest

from monitor import marts, publish
from monitor.store import Warehouse
from tests.made_press import NOW, OPEN, Shape, _load, article, feeds, fill
from tests.press_site import EVENTS, WATCH, serving

LAST = OPEN - timedelta(weeks=1)
PINNED = [
    "/",
    "/?entities=KHM,THA&unit=share&weeks=26",
    "/entity/KHM",
    "/compare?entities=KHM,CHN",
    "/map",
    "/watch/mekong",
]
UNPINNED = [
    "/evidence?entities=KHM&weeks=26",
    "/pairs",
    "/pair/KHM/THA",
    "/bloc/asean",
    "/health",
    "/search?words=debt",
]


def late(warehouse):
    """Thirty articles on Fiji, published in the last whole week and found after its copy."""
    rng = random.Random(3)
    when = NOW - timedelta(days=5)
    _load(warehouse, [article(feeds()[n % 9], f"late-{n}", when, ["FJI", "KHM"], rng) for n in range(30)])


def again(warehouse, hours):
    marts.build(warehouse)
    assert publish.publish(warehouse, NOW + timedelta(hours=hours))


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """A folder with three copies, what copy 1 said while it was the newest, and a dashboard on copy 3."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "watch.toml").write_text(WATCH)
    (folder / "events.csv").write_text(EVENTS)
    with Warehouse.open(folder, lambda: NOW) as warehouse:
        fill(warehouse, Shape(weeks=40, rate=0.6))
        again(warehouse, 0)
    with serving(folder) as client:
        before = {path: (client.get(path).text, client.get(path, {"format": "json"}).json()) for path in PINNED}
    with Warehouse.open(folder, lambda: NOW + timedelta(hours=1)) as warehouse:
        late(warehouse)
        again(warehouse, 1)
        warehouse.sync_feeds(feeds()[:11])
        again(warehouse, 2)
    with serving(folder) as client:
        yield folder, client, before


def text_of(page, tag, label):
    """The text of a part of a page: of the first `tag` with the label, without markup and charts' links."""
    found = re.search(rf"<{tag}[^>]*{label}.*?</{tag}>", page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


@pytest.mark.parametrize("path", PINNED)
def test_all_figures_of_a_page_are_as_the_copy_published_them(copies, path):
    _, client, before = copies
    now = client.get(path, {"format": "json"}).json()
    then = client.get(path, {"format": "json", "as_of": 1}).json()
    _, published = before[path]
    assert now["figures"] != published["figures"], "the late articles changed it"
    assert then["vintage"] == 1
    assert then["data_through"] == published["data_through"]
    assert then.get("headline") == published.get("headline")
    name = "map" if path == "/map" else "trend"
    shared = published["figures"][name]["rows"][0].keys() & then["figures"][name]["rows"][0].keys()
    assert {"articles", "observed_articles"} <= shared
    assert same(then["figures"][name]["rows"], shared) == same(published["figures"][name]["rows"], shared)


def same(rows, columns):
    return [[round(v, 9) if isinstance(v := row[c], float) else v for c in sorted(columns)] for row in rows]


def test_the_lists_and_the_verdict_of_the_first_page_are_as_published(copies):
    _, client, before = copies
    now, then, (published, _) = client.get("/").text, client.get("/", {"as_of": 1}).text, before["/"]
    for part in [("section", "card changed"), ("section", "card most"), ("h1", "headline")]:
        assert text_of(then, *part) == text_of(published, *part) != ""
    assert text_of(then, "section", "card changed") != text_of(now, "section", "card changed"), "Fiji rose since"


def test_a_pinned_page_says_what_is_kept_and_what_is_not(copies):
    _, client, _ = copies
    note = text_of(client.get("/?as_of=1").text, "p", "note")
    assert "As copy 1 had it, published Thu 19 Nov 2026 15:00 UTC" in note
    assert "not kept with a copy" in note
    assert "copy 3, the newest" in note
    assert "Not kept with a copy." in text_of(client.get("/?as_of=1").text, "section", "card spiked")


@pytest.mark.parametrize("path", UNPINNED)
def test_a_page_of_which_nothing_is_kept_says_so(copies, path):
    _, client, _ = copies
    answer = client.get(path, {"as_of": 1})
    assert answer.status_code == 200
    note = "Nothing on this page is kept with a copy: it shows copy 3, the newest, and not copy 1."
    assert note in answer.text
    assert text_of(answer.text, "div", "grid") == text_of(client.get(path).text, "div", "grid")


def test_a_pinned_point_leads_to_sentences_that_say_how_many_it_counted(copies):
    _, client, before = copies
    row = next(r for r in before["/entity/KHM"][1]["figures"]["trend"]["rows"] if r["week"] == str(LAST))
    assert f"/evidence?entities=KHM&amp;week={LAST}&amp;as_of=1" in client.get("/entity/KHM?as_of=1").text
    text = re.sub(r"<[^>]+>", "", client.get(f"/evidence?entities=KHM&week={LAST}&as_of=1").text)
    assert f"Copy 1 counted {row['articles']} articles here; the sentences are those of copy 3." in text


def test_the_permanent_link_of_a_citation_opens_the_same_numbers(copies):
    _, client, _ = copies
    link = re.search(r'Permanent link[^<]*<a href="([^"]+)"', client.get("/entity/KHM").text)[1].replace("&amp;", "&")
    assert "as_of=3" in link
    pinned = client.get("/entity/KHM" + link + "&format=json").json()
    assert pinned["headline"] == client.get("/entity/KHM?format=json").json()["headline"]


def test_a_copy_keeps_no_filtered_counts(copies):
    _, client, _ = copies
    answer = client.get("/?as_of=1&source_type=news")
    assert answer.status_code == 400
    assert "cannot be combined with filters" in answer.text
    assert "to filter" in client.get("/?as_of=1").text
    assert 'name="region"' not in client.get("/?as_of=1").text


def test_copies_that_are_not_yet_or_no_longer_there_are_said(copies):
    folder, client, _ = copies
    assert "There is no copy 99: the newest is 3." in client.get("/?as_of=99").text
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("DELETE FROM base.vintages WHERE vintage = 1")
    with Warehouse.open(folder, lambda: NOW + timedelta(hours=3)) as warehouse:
        warehouse.sync_feeds(feeds()[:10])
        again(warehouse, 3)
    for path in ("/", "/map", "/health"):
        answer = client.get(path, {"as_of": 1})
        assert answer.status_code == 404, path
        assert "Copy 1 has expired: numbers are kept from copy 2 on." in answer.text
