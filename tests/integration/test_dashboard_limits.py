"""No query of a page runs longer than five seconds, nor takes all memory: it is stopped, and the page says so."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from dashboards import app
from dashboards.downloads import without_texts
from dashboards.params import Params
from dashboards.site import LIMITS, Setup, Site

from monitor.errors import QueryError
from monitor.queries import catalogue, named_queries

ENDLESS = "SELECT count(*) AS n FROM range(10000000) AS a, range(10000000) AS b WHERE hash(a.range, b.range) % 7 = 0"
GREEDY = "SELECT list(hash(range)) AS n FROM range(100000000)"


@pytest.fixture
def opened(press, tmp_path):
    """Makes sites and lets the file go after the test: sites of other limits cannot open it beside them."""
    made = []

    def begin(limits=LIMITS):
        made.append(Site(Setup(press, tmp_path, limits=limits), lambda: datetime.now(UTC)))
        assert answers(made[-1], "/download")
        return made[-1]

    yield begin
    for one in made:
        one.archive().archive.close()


@pytest.fixture
def site(opened):
    return opened(replace(LIMITS, seconds=0.3))


def answers(site, path="/method"):
    """Whether a page comes; on a busy machine its own questions may take longer than such a limit, so it may try."""
    return any(site.answer(path, {}, "http://127.0.0.1").status == 200 for _ in range(20))


def made_worse(monkeypatch, name, sql):
    """One query of the pages turned into another one that has no end."""
    queries = named_queries()
    worse = queries | {name: replace(queries[name], sql=sql)}
    monkeypatch.setattr(catalogue, "named_queries", lambda: worse)


@pytest.mark.parametrize(
    ("path", "query", "asked"),
    [
        ("/map", "page_map", {}),
        ("/search", "page_search", {"words": "debt"}),
        ("/entity/KHM", "page_trend", {}),
        ("/entity/KHM", "page_trend_filtered", {"source_type": "news"}),
        ("/evidence", "page_evidence", {"entities": "KHM", "format": "csv"}),
        ("/pair/KHM/THA", "page_pair_evidence", {}),
        ("/", "page_pinned_trend", {"as_of": "1"}),
        ("/health", "page_coverage", {"format": "json"}),
    ],
)
def test_a_query_without_an_end_is_stopped_and_the_page_says_so(site, monkeypatch, path, query, asked):
    made_worse(monkeypatch, query, ENDLESS)
    answer = site.answer(path, asked, "http://127.0.0.1")
    assert answer.status == 503
    page = site.answer(path, asked, "http://127.0.0.1")
    assert page.status == 503, "a failure is not kept as if it were the page"
    monkeypatch.undo()
    assert answers(site)


def test_what_was_stopped_is_said_with_its_limit(site, monkeypatch):
    made_worse(monkeypatch, "page_map", ENDLESS)
    answer = site.answer("/map", {}, "http://127.0.0.1")
    text = text_of(answer)
    assert "The question took too long or failed" in text
    assert "the query took longer than 0.3 s and was stopped" in text
    assert "Traceback" not in text


def test_a_query_that_wants_all_memory_fails_alone(opened, monkeypatch):
    site = opened()
    made_worse(monkeypatch, "page_map", GREEDY)
    answer = site.answer("/map", {}, "http://127.0.0.1")
    assert answer.status == 503
    assert "the query needs more memory than it may take" in text_of(answer)
    monkeypatch.undo()
    assert answers(site)


def test_web_workers_run_with_these_limits(press, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(app, "Site", lambda setup, *rest: made.append(setup) or Site(setup, *rest))
    app.make(app.Options(str(press), str(tmp_path), watch="none", events="none", warm=False))
    assert made[0].limits.seconds <= 5
    assert made[0].limits.megabytes <= 128


@pytest.mark.parametrize("worse", [GREEDY, "SELECT nothing", ENDLESS])
def test_a_download_that_fails_leaves_no_part_and_says_what_to_do(site, tmp_path, monkeypatch, worse):
    made_worse(monkeypatch, "page_download_mentions", worse)
    for _ in range(2):
        with pytest.raises(QueryError, match="monitor export FOLDER"):
            without_texts(site.asked(Params()), tmp_path)
        assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    made = without_texts(site.asked(Params()), tmp_path)
    assert list(tmp_path.iterdir()) == [made]


def text_of(answer):
    return (gzip.decompress(answer.body) if answer.is_packed else answer.body).decode()
