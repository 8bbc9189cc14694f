"""Every page over HTTP: what it says, in which forms, and what it makes of hostile addresses."""

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import polars as pl
import pytest
from dashboards.guard import HEADERS
from dashboards.params import RENAMED

from monitor.queries import open_archive
from tests.made_press import OPEN

LAST = "2026-11-09"
PAGES = [
    "/", "/?unit=share", "/?measure=stories", "/?weeks=all&entities=KHM,THA,asean", "/entity/KHM", "/entity/asean",
    "/entity/Viet%20Nam", f"/evidence?entities=KHM&week={LAST}", "/evidence?entities=USA&weeks=all&page=2", "/observed",
    f"/observed?week={LAST}", "/pair/KHM/THA", "/bloc/asean", f"/bloc/asean?unit=share&week={LAST}",
    "/source/Asia%20Observer", "/search", "/search?words=debt", "/search?words=asean", "/compare?entities=KHM,THA",
    "/map", "/map?weeks=4", "/pairs", "/pairs?entities=KHM,THA,CHN", "/health", "/method", "/watch/mekong",
    "/download", "/?source_type=commentary&region=Pacific&salience=title&form=name", "/?as_of=1",
    "/?until=2026-08-02&weeks=26",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    assert "could not be drawn" not in answer.text
    assert answer.text.rstrip().endswith("</html>")
    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert "style=" not in re.sub(r"<pre>.*?</pre>", "", answer.text)
    assert not re.search(r"<script(?! src=\"/static/)", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_a_page_loads_lies_elsewhere(client, path):
    text = client.get(path).text
    loaded = re.findall(
        r'(?:src|href)="([^"]+)"[^>]*>', " ".join(re.findall(r"<(?:script|link|img|image|use)[^>]*>", text))
    )
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


HOSTILE = [
    "'; DROP TABLE base.articles; --", '"><script>alert(1)</script>', "../../etc/passwd", "%00", "\x00", "a" * 119,
    "a" * 5000, "-1", "1e9", "NaN", "٣", "😀" * 30, "{{7*7}}", "%{(#x)}", ",".join(["KHM"] * 3), ",".join("ABCDEFGHIJ"),
    "0001-01-01", "9999-12-31", "2026-11-10", "__class__", "\n\nX: y", "*", "null",
]  # fmt: skip
NAMES = [
    "entities", "focus", "unit", "measure", "weeks", "until", "week", "source_type", "region", "collection", "source",
    "salience", "form", "kind", "words", "page", "as_of", "add", "format", "figure", "fragment", "in_path", "slug",
    "nonsense", *RENAMED,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_hostile_parameters_are_answered_in_good_order(client, name):
    for value in HOSTILE:
        path = "/search" if name in ("q", "words") else "/evidence?entities=KHM&week=2026-11-09"
        sober(client.get(path, params={name: value}), value)


@pytest.mark.parametrize("name", ["entities", "focus", "region", "source", "as_of", "add", "until"])
def test_the_first_page_stands_hostile_parameters_too(client, name):
    for value in HOSTILE[::4]:
        sober(client.get("/", params={name: value}), value)


def sober(answer, value):
    assert answer.status_code in (200, 400, 404), (value, answer.text[:500])
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text
    assert "called “49”" not in answer.text


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "path", ["/entity/{}", "/pair/{}/KHM", "/bloc/{}", "/source/{}", "/watch/{}", "/static/x/{}", "/{}"]
)
def test_hostile_paths_are_not_there(client, path, value):
    from urllib.parse import quote

    answer = client.get(path.format(quote(value, safe="")))
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/evidence?entities=KHM", f"/evidence?entities=KHM&week={LAST}", "/observed", "/pair/KHM/THA", "/bloc/asean"],
)
def test_a_page_after_the_last_one_does_not_say_that_there_is_nothing(client, path):
    joined = "&" if "?" in path else "?"
    answer = client.get(f"{path}{joined}page=400")
    assert answer.status_code == 404
    assert "There is no page 400 of this." in answer.text
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/evidence?entities=KHM&format=png", "/entity/KHM?figure=sources&format=png"])
def test_a_picture_of_what_is_a_table_is_not_there(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "This page has no picture of that name." in answer.text


def test_bad_parameters_say_what_is_allowed(client):
    answer = client.get("/?unit=banana")
    assert answer.status_code == 400
    assert "unit is one of count, share" in answer.text
    assert client.get("/?weeks=0").status_code == 400
    assert client.get("/?week=2026-11-10").status_code == 400


def test_the_headline_says_count_denominator_and_source(client, press):
    with open_archive(press) as archive:
        row = archive.named("page_standing", {"entity": "KHM", "week": LAST}).to_dicts()[0]
    text = re.sub(r"<[^>]+>", "", client.get("/?entities=KHM").text)
    assert f"Cambodia was named in {row['articles']} of {row['observed_articles']} articles" in text


def test_page_json_csv_and_archive_agree(client, press):
    with open_archive(press) as archive:
        expected = (
            archive.trend("KHM", since=OPEN.replace(day=9), until=OPEN).select("articles", "observed_articles").rows()
        )
    found = client.get("/entity/KHM?format=json").json()
    rows = found["figures"]["trend"]["rows"]
    assert [(r["articles"], r["observed_articles"]) for r in rows[-2:]] == expected
    assert found["vintage"] == 1
    table = list(csv.DictReader(io.StringIO(client.get("/entity/KHM?format=csv").text)))
    assert [(int(r["articles"]), int(r["observed_articles"])) for r in table[-2:]] == expected
    shown = re.search(r"Cambodia, week of 9 Nov 2026: (\d+) of (\d+) articles", client.get("/entity/KHM").text)
    assert tuple(map(int, shown.groups())) == expected[0]


def test_evidence_holds_all_articles_of_the_point(client, press):
    with open_archive(press) as archive:
        articles = archive.evidence("KHM", OPEN.replace(day=9))["article_id"].n_unique()
    page = client.get(f"/evidence?entities=KHM&week={LAST}").text
    assert f"{articles} articles" in re.sub(r"<[^>]+>", "", page)
    rows = client.get(f"/evidence?entities=KHM&week={LAST}&format=json").json()["figures"]["evidence"]["rows"]
    assert len({r["article_id"] for r in rows}) == articles
    assert "<mark>Cambodia</mark>" in page


def test_a_gap_says_that_it_is_one(client):
    assert "this is a gap, not a zero" in client.get("/evidence?entities=KHM&week=2026-04-20").text
    row = next(
        r for r in client.get("/entity/KHM?format=json").json()["figures"]["trend"]["rows"] if r["week"] == "2026-04-20"
    )
    assert row["articles"] is None


def test_filters_narrow_and_a_filtered_point_leads_to_filtered_sentences(client):
    path = "/entity/USA?source_type=think-tank&salience=title"
    row = client.get(f"{path}&format=json").json()["figures"]["trend"]["rows"][-2]
    whole = client.get("/entity/USA?format=json").json()["figures"]["trend"]["rows"][-2]
    assert row["articles"] < whole["articles"]
    found = client.get(
        f"/evidence?entities=USA&week={row['week']}&source_type=think-tank&salience=title&format=json"
    ).json()
    assert len({r["article_id"] for r in found["figures"]["evidence"]["rows"]}) == row["articles"]
    assert (
        f"/evidence?entities=USA&amp;week={row['week']}&amp;source_type=think-tank&amp;salience=title"
        in client.get(path).text
    )


@pytest.mark.parametrize(("path", "size"), [("/", 20_000), ("/map", 20_000), ("/pairs", 10_000), ("/health", 10_000)])
def test_charts_are_pictures_too(client, path, size):
    answer = client.get(path, params={"format": "png"})
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert len(answer.content) > size


def test_a_page_that_the_browser_has_is_not_sent_again(client):
    first = client.get("/method")
    again = client.get("/method", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    assert client.get("/method", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_fragment_is_the_main_part_alone(client):
    whole, part = client.get("/?unit=share"), client.get("/?unit=share&fragment=1")
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert part.headers["x-title"].startswith("Weekly%20mention")


def test_state_in_the_url_opens_the_same_view(client):
    page = client.get("/?entities=KHM,THA&focus=THA&unit=share&weeks=26").text
    assert 'href="?entities=KHM,THA&amp;focus=THA&amp;weeks=26"' in page, "the count switch keeps the rest"
    assert 'aria-current="true"><i aria-hidden="true"></i>Thailand' in page


def test_alerts_have_stable_ids_and_explain_themselves(client):
    feeds = [ElementTree.fromstring(client.get(path).content) for path in ("/alerts.atom", "/alerts.atom")]
    ids = [[e.text for e in feed.iter("{http://www.w3.org/2005/Atom}id")] for feed in feeds]
    assert ids[0] == ids[1]
    assert any("spike/KHM/2026-11-09" in i for i in ids[0])
    contents = " ".join(e.text for e in feeds[0].iter("{http://www.w3.org/2005/Atom}content"))
    assert "times the" in contents
    assert "Cambodia" in contents
    watched = client.get("/watch/mekong.atom").text
    assert "KHM" in watched
    assert client.get("/watch/nobody.atom").status_code == 404


def test_the_copy_can_be_downloaded_and_followed(client, press):
    answer = client.get("/download/monitor.duckdb")
    assert answer.content == (press / "monitor.duckdb").read_bytes()
    assert client.get("/download/monitor.duckdb", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_download_without_texts_has_none(client):
    answer = client.get("/download/without-texts.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        tables = {n: pl.read_parquet(io.BytesIO(archive.read(n))) for n in archive.namelist() if n.endswith(".parquet")}
    assert {f"{name}.parquet": rows for name, rows in manifest["rows"].items()} == {
        n: t.height for n, t in tables.items()
    }
    assert tables["articles.parquet"].height > 1000
    assert not {"text", "surface", "sentence"} & {c for t in tables.values() for c in t.columns}


def test_events_are_marked_and_escaped(client):
    text = client.get("/?entities=KHM").text
    assert "Shangri-La &lt;b&gt;Dialogue&lt;/b&gt;" in text
    assert "<b>Dialogue" not in text


def test_a_watchlist_says_whom_it_does_not_know(client):
    text = client.get("/watch/mekong").text
    assert "“Atlantis”" in text
    assert "Vietnam" in text


def test_csv_cells_cannot_start_a_formula():
    from dashboards.page import Figure
    from dashboards.writing import as_csv

    table = pl.DataFrame({"a": ["=1+1", "@x", "-2", "fine"], "b": [["=1", "x"], ["y"], [], None], "n": [-1, 2, 3, 4]})
    rows = list(csv.reader(io.StringIO(as_csv(Figure("f", "t", table)))))
    assert [r[0] for r in rows[1:]] == ["'=1+1", "'@x", "'-2", "fine"]
    assert rows[1][1:] == ["'=1;x", "-1"]
