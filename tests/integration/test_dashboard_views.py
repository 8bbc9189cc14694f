"""What pages say against what the archive holds: blocs, pairs, filters, steps in time, checks, the quality card."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import polars as pl
import pytest
from dashboards.page import Asked
from dashboards.pages import parts, search
from dashboards.pages.standing import standing
from dashboards.params import Params
from dashboards.quality import card
from dashboards.reading import read_copy

from monitor.queries import data_checks, open_archive
from monitor.queries.catalogue import named_query
from tests.made_press import NOW, OPEN

LAST = OPEN - timedelta(weeks=1)


def text_of(client, path):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", client.get(path).text)))


@pytest.fixture(scope="module")
def archive(press):
    with open_archive(press) as found:
        yield found


def test_the_sentences_of_a_bloc_are_of_all_articles_in_its_point(client, archive):
    counted = archive.bloc("asean", since=LAST, until=LAST)["articles"][0]
    page = client.get(f"/bloc/asean?week={LAST}").text
    assert f"{counted} articles name any member." in page
    pages = -(-counted // 30)
    articles = [
        address
        for n in range(1, pages + 1)
        for address in re.findall(
            r'<p class="src"><a href="([^"]+)"', client.get(f"/bloc/asean?week={LAST}&page={n}").text
        )
    ]
    assert len(articles) == len(set(articles)) == counted
    assert "<mark>Cambodia</mark>" in page


def test_a_bloc_names_its_members_of_the_week_and_its_mean(client, archive):
    row = archive.bloc("asean", since=LAST, until=LAST).to_dicts()[0]
    text = text_of(client, "/bloc/asean")
    assert (
        f"{row['articles']} of {row['observed_articles']} articles named at least one of its {row['members']} members"
        in text
    )


def test_lift_is_the_same_in_pair_matrix_and_library(client, archive):
    known = {
        r["entity_id"]: r["lift"]
        for r in archive.partners("KHM", least_articles=1, since=LAST - timedelta(weeks=51), until=LAST).to_dicts()
    }
    rows = client.get("/pairs?entities=KHM,THA,CHN,USA&format=json").json()["figures"]["pairs"]["rows"]
    mine = [row for row in rows if "KHM" in (row["entity_a"], row["entity_b"])]
    assert mine
    for row in mine:
        other = row["entity_b"] if row["entity_a"] == "KHM" else row["entity_a"]
        assert row["lift"] == pytest.approx(known[other])


def test_partners_by_lift_are_named_more_than_by_chance(client):
    rows = client.get("/entity/KHM?weeks=all&format=json").json()["figures"]["partners"]["rows"]
    assert rows
    assert all(row["lift"] > 1.05 and row["articles"] >= 5 for row in rows)


def test_within_filters_the_sentence_counts_and_compares_but_does_not_judge(client):
    row = client.get("/entity/USA?source_type=think-tank&format=json").json()
    last = next(r for r in row["figures"]["trend"]["rows"] if r["week"] == str(LAST))
    assert row["headline"].startswith("Within the filters, United States was named in ")
    assert f"{last['articles']} of {last['observed_articles']} articles" in row["headline"]
    assert "; at the rate of the eight weeks before it would be" in row["headline"]
    assert "noise" not in row["headline"]


def test_a_filtered_page_compares_with_the_same_eight_weeks_as_the_library(client, archive):
    library = archive.trend("USA", source_type="think-tank").filter(pl.col("observed_articles") > 0, ~pl.col("is_open"))
    means = dict(library.select("week", "mean8").iter_rows())
    params = Params(source_type="think-tank")
    asked = Asked(archive, read_copy(archive, (0,)), params, NOW)
    told = {week: standing(asked, "USA", week, [])["mean8"] for week in means}
    assert told == pytest.approx(means)
    assert None in told.values()
    unseen = library["week"].diff().max()
    assert unseen == timedelta(weeks=3), "two weeks that nobody saw lie among those that others are compared with"


def test_sources_within_filters_add_up_to_the_filtered_count(client, archive):
    within = {
        "source_type": "think-tank",
        "region": "",
        "collection": "",
        "source": "",
        "salience": "title",
        "form": "",
    }
    rows = archive.named("page_sources_within", {"entity": "USA", "since": LAST, "until": LAST, "limit": 50, **within})
    found = client.get(f"/evidence?entities=USA&week={LAST}&source_type=think-tank&salience=title&format=json").json()
    articles = {r["article_id"] for r in found["figures"]["evidence"]["rows"]}
    assert rows["articles"].sum() == len(articles) == rows["all_articles"][0]


@pytest.mark.parametrize("salience", ["title", "lead", "repeated", "two"])
def test_a_salience_has_one_name_in_pages_and_library(client, archive, salience):
    path = f"/entity/USA?salience={salience}&weeks=26"
    today = "repeated" if salience == "two" else salience  # links of earlier versions say two
    told = {r["week"]: r["articles"] for r in client.get(path + "&format=json").json()["figures"]["trend"]["rows"]}
    found = archive.trend("USA", weeks=26, salience=today)
    assert told == {str(r["week"]): r["articles"] for r in found.to_dicts()}
    page = client.get(path).text
    assert f"salience={today}" in page
    assert "salience=two" not in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/?names=KHM,THA&type=think-tank", "/?entities=KHM,THA&source_type=think-tank"),
        ("/compare?names=KHM,THA&weeks=26", "/compare?entities=KHM,THA&weeks=26"),
        (f"/evidence?names=USA&week={LAST}&type=news", f"/evidence?entities=USA&week={LAST}&source_type=news"),
        ("/search?q=debt", "/search?words=debt"),
    ],
)
def test_an_address_of_an_earlier_version_shows_the_same_page(client, old, new):
    page = client.get(old)
    assert page.status_code == 200
    assert page.text == client.get(new).text
    assert not re.search(r"[?&;](names|type|q)=", page.text), "the page itself leads on under the names of now"


def test_the_strip_steps_through_time_and_back(client):
    first = client.get("/?entities=KHM&weeks=26").text
    earlier = re.search(r'<a href="([^"]+)" data-swap>← Earlier</a>', first)[1].replace("&amp;", "&")
    assert "Later →" not in first
    second = client.get("/" + earlier).text
    later = re.search(r'<a href="([^"]+)" data-swap>Later →</a>', second)[1].replace("&amp;", "&")
    rows = client.get("/" + earlier + "&format=json").json()["figures"]["trend"]["rows"]
    assert len(rows) == 26
    assert client.get("/" + later + "&format=json").json()["figures"]["trend"]["rows"][-1]["week"] == str(OPEN)
    assert "← Earlier" not in client.get("/?entities=KHM&weeks=all").text


def test_the_strip_is_of_what_the_filters_leave(client):
    def strip(path):
        return re.search(r'<svg class="strip".*?<path d="([^"]+)"', client.get(path).text, re.DOTALL)[1]

    assert strip("/entity/USA?weeks=26") != strip("/entity/USA?weeks=26&source_type=think-tank")
    assert strip("/entity/USA?weeks=26") == strip("/?entities=USA,CHN&weeks=26"), "in both it is the focused name's"


def test_search_looks_within_the_range(client):
    year, all_of_it = (
        re.findall(r'class="src"', client.get(f"/search?words=debt&weeks={w}").text) for w in ("26", "all")
    )
    assert 0 < len(year) <= len(all_of_it) == 40
    assert "Texts are searched from 3 letters on." in client.get("/search?words=de").text


def test_search_gives_titles_before_texts_and_the_newest_of_each_first(client, archive):
    page = client.get("/search?words=debt&weeks=6").text
    shown = re.findall(r'class="src"><a href="([^"]+)"', page)
    rows = archive.sql("SELECT url, title, published_at FROM articles").to_dicts()
    found = {r["url"]: ("debt" not in r["title"].lower(), -r["published_at"].timestamp()) for r in rows}
    order = [found[address] for address in shown]
    assert order == sorted(order)
    assert {is_text for is_text, _ in order[:1] + order[-1:]} == {False, True}, "both kinds are there"
    said = "Those with the words in the title come first, then those with them in the text; the newest first in each."
    assert said in page
    assert "The first 40; a longer phrase finds fewer." in page
    assert "title first, then the newest" in named_query("page_search").about


def test_health_names_every_check_that_a_copy_has_passed(client):
    text = text_of(client, "/health")
    checks = data_checks()
    assert len(checks) >= 7
    for name, about in checks.items():
        assert name.replace("_", " ") in text
        assert about in text


def test_the_method_page_carries_the_quality_card(client):
    text = client.get("/method").text
    sections = card()
    assert len(sections) > 1
    for section in sections[1:]:
        if section.rows:
            assert f"<summary>{section.title}</summary>" in text
    assert "The articles here were tagged by t1, another version than the card" in text


def test_a_card_is_sections_of_text_and_tables(tmp_path):
    path = tmp_path / "quality.md"
    path.write_text("# Card\n\nOf `t7`.\n\n## Names\n\n| kind | F1 |\n|---|---:|\n| **all** | .9 |\n")
    first, names = card(path)
    assert (first.title, first.paragraphs, first.rows) == ("Card", ["Of t7."], [])
    assert names.rows == [["kind", "F1"], ["all", ".9"]]
    assert card(tmp_path / "none.md") == []


@pytest.mark.parametrize(("most", "first"), [(10**9, 0), (45, 1), (30, 2), (5, 3)])
def test_texts_are_searched_as_far_back_as_their_words_allow(monkeypatch, most, first):
    weeks = [LAST - timedelta(weeks=n) for n in range(3)]
    found = pl.DataFrame({"week": weeks, "words": [20, 20, 20]})
    asked = SimpleNamespace(archive=SimpleNamespace(named=lambda query, params: found))
    monkeypatch.setattr(search, "MOST_WORDS", most)
    since = LAST - timedelta(weeks=9)
    assert search.reach(asked, since, LAST) == [since, weeks[1], weeks[0], LAST][first]


@pytest.mark.parametrize("wrong", ["type=nonsense", "region=Atlantis", "collection=none"])
def test_a_filter_that_no_source_fits_is_refused(client, wrong):
    answer = client.get(f"/entity/KHM?{wrong}")
    assert answer.status_code == 400
    assert "no source has the" in answer.text
    assert "there are" in answer.text


def test_sources_of_a_filtered_page_are_those_of_the_part(client, archive):
    rows = client.get("/entity/KHM?source_type=think-tank&weeks=all&figure=sources&format=json").json()["figures"][
        "sources"
    ]["rows"]
    kinds = {r["publisher"]: r["source_type"] for r in archive.sql("FROM feeds").to_dicts()}
    assert rows
    assert {kinds[row["publisher"]] for row in rows} == {"think-tank"}
    page = text_of(client, "/entity/KHM?source_type=think-tank")
    assert "Of all sources, without the filters." in page


def test_what_the_filters_of_a_comparison_do_not_narrow_says_so(client):
    both = (
        "In all sources, without the filters.",
        "Numbers within the filters; the lines of 52 weeks are of all sources.",
    )
    for address, is_said in (("&source_type=think-tank", True), ("&form=name", True), ("", False)):
        page = text_of(client, f"/compare?entities=KHM,THA{address}")
        assert [said in page for said in both] == [is_said, is_said]


def test_pages_say_in_which_zone_weeks_start(client, archive):
    zone = archive.sql("FROM horizon")["week_zone"][0]
    assert f"weeks start on Monday, {zone}" in text_of(client, "/")


def test_the_drawn_mean_of_the_first_weeks_is_that_of_four(archive, monkeypatch):
    drawn = []
    monkeypatch.setattr(parts, "trend", lambda rows, view: drawn.append(rows) or {})
    asked = Asked(
        archive, read_copy(archive, (0,)), Params(weeks="26", until=LAST, unit="share", entities=("CHN",)), NOW
    )
    parts.trend_figure(asked, ["CHN"], "CHN")
    library = archive.trend("China", 26, until=LAST)
    assert drawn[0]["week"].to_list() == library["week"].to_list()
    assert drawn[0]["mean"].to_list() == pytest.approx(library["mean4"].to_list())


@pytest.mark.parametrize("path", ["/", "/entity/KHM", "/compare?entities=KHM,THA", "/evidence?entities=KHM"])
def test_every_page_with_filters_offers_the_same_forms(client, path):
    page = client.get(path).text
    offered = re.findall(r'<select name="form">(.*?)</select>', page, re.DOTALL)
    values = [re.findall(r'<option value="([^"]*)"', select) for select in offered]
    assert values == [["", "name", "demonym", "abbreviation", "historical", "metonym"]] * len(values)
    assert values or "evidence" in path


def test_a_page_that_filters_do_not_narrow_has_the_outages_of_all_sources(client):
    """The four sources that failed in one week are of other types than the government's."""
    for path in ("/bloc/asean?weeks=all", "/pair/KHM/THA?weeks=all"):
        marks = re.findall(r"\d+ of 12 sources failed", client.get(path).text)
        assert marks
        assert re.findall(r"\d+ of 12 sources failed", client.get(f"{path}&source_type=government").text) == marks
    assert "of 12 sources failed" not in client.get("/entity/KHM?weeks=all&source_type=government").text
