"""What stands beside charts and tables: keys for what is drawn, numbers with their words, links with their range."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.queries import open_archive
from tests.made_press import OPEN

LAST = OPEN - timedelta(weeks=1)
THICK = "thin: weekly, thick: mean of four weeks"


def text_of(client, path):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", client.get(path).text)))


@pytest.mark.parametrize("path", ["/bloc/asean", "/pair/KHM/THA", "/source/Asia%20Observer", "/entity/KHM"])
def test_two_lines_of_one_name_are_explained_where_they_are_drawn(client, path):
    assert THICK in text_of(client, f"{path}?weeks=all")
    assert THICK not in text_of(client, f"{path}?weeks=26")


def test_a_bloc_does_not_mix_its_members_with_those_that_were_named(client, press):
    with open_archive(press) as archive:
        row = archive.bloc("asean", since=LAST, until=LAST).to_dicts()[0]
        members = archive.named("page_bloc_members", {"bloc": "asean", "since": LAST, "until": LAST})
    assert row["members_named"] < row["members"]
    assert row["articles_per_member"] == pytest.approx(members["articles"].sum() / row["members"])
    said = f"{row['members_named']} of them were named; a member stood in {row['articles_per_member']:.1f} articles"
    assert said in text_of(client, "/bloc/asean")


def test_a_pair_says_why_there_are_no_sentences(client, press):
    with open_archive(press) as archive:
        weeks = archive.named("page_pair_weeks", {"a": "KHM", "b": "THA", "until": LAST})
    without, apart = (
        {r["week"] for r in weeks.to_dicts() if r["articles"] == n and not r["sentences"]} for n in (0, 1)
    )
    assert "None: no article names both." in text_of(client, f"/pair/KHM/THA?week={max(without)}")
    assert "None: they stand in different sentences." in text_of(client, f"/pair/KHM/THA?week={max(apart)}")


def test_links_of_a_source_keep_the_range(client):
    page = client.get("/source/Asia%20Observer?weeks=26&until=2026-08-02").text
    links = re.findall(r'href="(/evidence\?entities=[^"]+)"', page)
    assert links
    assert all(parse_qs(urlsplit(unescape(link)).query)["until"] == ["2026-08-02"] for link in links)


ONCE = """
SELECT entity_id, week, sum(articles) OVER (PARTITION BY entity_id ORDER BY week ROWS 3 PRECEDING) AS n
FROM weekly_trends QUALIFY n = 1 ORDER BY week DESC LIMIT 1
"""


def test_one_article_is_no_articles(client, press):
    with open_archive(press) as archive:
        row = archive.sql(ONCE).to_dicts()[0]
    path = f"/entity/{row['entity_id']}?weeks=4&until={row['week'] + timedelta(days=6)}"
    assert " 1 article from " in text_of(client, path)
