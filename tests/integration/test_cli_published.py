"""What the command line shows of the published copy: trends narrowed and as published, diff, export."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import CheckFailedError, DataFolderError, QueryError, UnknownEntityError, UsageError
from monitor.trends import not_yet
from tests.integration.commands import runner
from tests.sql import made
from tests.sql.desk import Desk


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Twenty weeks published; then a late article and one forgotten, published again."""
    desk = Desk(tmp_path_factory.mktemp("published"))
    feeds, items = made.archive(weeks=20)
    desk.declare(*feeds)
    desk.arrive(*items, first=True)
    desk.publish()
    desk.arrive(made.article("source1", "late", "2026-11-12", "Cambodia met Thailand. " * 20))
    desk.forget(next(i for i in items if str(i.week) == "2026-11-02" and "Cambodia" in i.text).url)
    desk.publish()
    desk.close()
    return desk.warehouse.data


@pytest.fixture
def monitor(data):
    return runner(data)


def rows(text):
    return json.loads(text)


def test_a_trend_as_it_was_published(monitor):
    now, then = (
        {r["week"]: r["articles"] for r in rows(monitor("trends", "Cambodia", *more, "--format", "json"))}
        for more in ((), ("--as-of", "1"))
    )
    assert {w: now[w] - then[w] for w in now if now[w] != then[w]} == {"2026-11-02": -1, "2026-11-09": 1}
    assert monitor("trends", "Cambodia", "--as-of", "2") == monitor("trends", "Cambodia")
    assert monitor("trends", "Cambodia", "--as-of", "2026-11-22") == monitor("trends", "Cambodia")
    assert "the newest is 2" in monitor("trends", "Cambodia", "--as-of", "3", fails=QueryError)
    assert "the archive is younger" in monitor("trends", "Cambodia", "--as-of", "2020-01-01", fails=QueryError)


def test_a_trend_within_a_span_and_a_part(monitor):
    span = ("--since", "2026-10-01", "--until", "2026-10-31")
    weeks = [r["week"] for r in rows(monitor("trends", "Cambodia", *span, "--format", "json"))]
    assert weeks == ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]
    whole = rows(monitor("trends", "Cambodia", "--format", "json"))
    part = rows(monitor("trends", "Cambodia", "--source-type", "news", "--form", "name", "--format", "json"))
    assert 0 < sum(r["articles"] for r in part) < sum(r["articles"] for r in whole)
    assert "cannot be narrowed" in monitor(
        "trends", "Cambodia", "--as-of", "1", "--salience", "title", fails=QueryError
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("trends", "Cambodia", "Thailand", "--as-of", "1"), "for one ENTITY"),
        (("trends", "Cambodia", "--moved"), "for none"),
        (("trends", "Cambodia", "--since", "yesterday"), "no day such as"),
        (("trends", "Cambodia", "--salience", "loud"), "is not one of"),
        (("diff", "1", "yesterday"), "no day such as"),
    ],
)
def test_wrong_options_are_told(data, words, says):
    done = CliRunner().invoke(cli, [*words, "--data", str(data)])
    assert done.exit_code == 2
    assert says in done.output


def test_diff_says_why_in_words_and_in_rows(monitor):
    told = monitor("diff", "1", "2", "Cambodia")
    assert "forgotten −1" in told
    assert "late +1" in told
    assert "forgotten url" in told
    found = rows(monitor("diff", "1", "2", "Cambodia", "--format", "json"))
    assert {(r["week"], r["reason"], r["articles"]) for r in found} == {
        ("2026-11-02", "forgotten", -1), ("2026-11-09", "late", 1),
    }  # fmt: skip
    assert all(r["articles_after"] - r["articles_before"] == r["articles"] for r in found)
    assert "late +20" in monitor("diff", "1", "2", "Cambodia", "--measure", "mentions")
    assert "No number of sources changed." in monitor("diff", "1", "2", "Cambodia", "--measure", "sources")
    assert "No number of articles changed." in monitor("diff", "2", "2026-11-22")
    monitor("diff", "2", "1", fails=QueryError)
    monitor("diff", "1", "2", "Cambodja", fails=UnknownEntityError)


def test_export_is_whole_and_told_when_it_is_not(monitor, tmp_path):
    folder = tmp_path / "out"
    monitor("export", str(folder), "--texts")
    assert (folder / "article_texts").exists()
    assert "as the manifest says" in monitor("export", str(folder), "--check")
    monitor("export", str(folder))
    assert list((folder / "article_texts").glob("*")) == []
    manifest = rows((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["vintage"], manifest["schema_version"] >= 30, manifest["tagger_versions"]) == (2, True, ["t1"])
    assert pl.read_parquet(folder / "weekly_trends.parquet").height == 20 * len(made.ENTITIES)
    (folder / "feeds.parquet").write_bytes(b"x")
    assert "feeds.parquet" in monitor("export", str(folder), "--check", fails=CheckFailedError)
    assert "no export" in monitor("export", str(tmp_path / "nothing"), "--check", fails=DataFolderError)


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
@pytest.mark.parametrize("out", ["/nowhere/at/all.x", "/tmp", "/dev/full"])
def test_a_file_that_cannot_be_written_is_one_line(monitor, form, out):
    told = monitor("trends", "Cambodia", "--format", form, "--out", out, fails=UsageError)
    assert told.startswith(f"{out} cannot be written: ")


def test_a_young_archive_says_what_it_cannot_say_yet(monitor):
    note = "observed since 2026-07-06, 19 whole weeks: too young for spikes (8 to go)"
    assert note in " ".join(monitor("trends", "Cambodia").split())
    assert "too young for a change on the eight weeks before (6 to go) and spikes" in not_yet(made.NOW.date(), 3)
    assert not_yet(made.NOW.date(), 27) == not_yet(None, 0) == ""


def test_nothing_that_moved_is_said(monitor):
    assert "No name moved" in monitor("trends", "--moved") or "change8" in monitor("trends", "--moved")
