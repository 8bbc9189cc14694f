import pytest
from click.testing import CliRunner

from monitor.cli.retag import retag as command
from monitor.config import load_settings
from monitor.errors import DataFolderError, UsageError
from monitor.feeds_file import read_feeds
from monitor.pipeline.retag import prune_past, retag
from monitor.pipeline.run import collect
from monitor.queries import open_archive
from monitor.store import Warehouse
from tests.integration.press import NOW, Press, serving

ALIASES = "entity_id,alias,language,form,case,rule,source\n"


def settings(tmp_path, gazetteer=None):
    return load_settings(
        {
            "data": tmp_path / "data",
            "allow_network": ("127.0.0.0/8",),
            "host_delay": 0,
            "executor": "inline",
            "gazetteer": gazetteer,
        }
    )


@pytest.fixture
def archive(tmp_path):
    with serving(Press()) as press:
        collect(settings(tmp_path), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: NOW)
    return tmp_path


@pytest.fixture
def own_gazetteer(tmp_path):
    """An operator who counts 'freight rates' as a name of Fiji, to see a difference that is easy to foresee."""
    from importlib.resources import files

    header = files("monitor").joinpath("data/aliases.csv").read_text("utf-8").splitlines()[0]
    row = dict.fromkeys(header.split(","), "")
    row |= {"entity_id": "FJI", "alias": "freight rates", "language": "en", "form": "name", "case": "any"}
    row |= {name: "test" for name in ("source", "note") if name in row}
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "aliases.csv").write_text(header + "\n" + ",".join(row.values()) + "\n")
    return folder


def counts(tmp_path, sql, **params):
    with open_archive(tmp_path / "data") as archive:
        return archive.sql(sql, params).rows()


def test_the_same_gazetteer_changes_nothing(archive):
    report = retag(settings(archive), lambda: NOW)
    assert (report.articles, report.diff.height, report.published) == (0, 0, None)


def test_a_new_alias_shows_in_the_diff_and_then_in_the_counts(archive, own_gazetteer):
    before = counts(archive, "SELECT count(*) FROM mentions WHERE entity_id = 'FJI' AND counted")
    looked = retag(settings(archive, own_gazetteer), lambda: NOW, apply=False)
    assert set(looked.diff["entity_id"]) == {"FJI"}
    assert set(looked.diff["alias"]) == {"freight rates"}
    assert counts(archive, "SELECT count(*) FROM mentions WHERE entity_id = 'FJI' AND counted") == before
    applied = retag(settings(archive, own_gazetteer), lambda: NOW)
    assert applied.published is not None
    gained = int(looked.diff["mentions_after"].sum())
    assert counts(archive, "SELECT count(*) FROM mentions WHERE entity_id = 'FJI' AND counted") == [
        (before[0][0] + gained,)
    ]
    assert counts(archive, "SELECT DISTINCT tagger_version FROM articles") == [(applied.version,)]
    week = counts(
        archive, "SELECT week, articles, mentions FROM weekly_mentions WHERE entity_id = 'FJI' AND articles > 0 LIMIT 1"
    )
    with open_archive(archive / "data") as opened:
        evidence = opened.evidence("FJI", week[0][0])
    assert (evidence["article_id"].n_unique(), evidence.height) == week[0][1:]


def test_the_old_version_stays_until_it_is_pruned(archive, own_gazetteer):
    retag(settings(archive, own_gazetteer), lambda: NOW)
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        assert warehouse.frame("SELECT count(*) AS n FROM base.past_mentions")["n"][0] > 0
    prune_past(settings(archive), lambda: NOW)
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        assert warehouse.frame("SELECT count(*) AS n FROM base.past_mentions")["n"][0] == 0


def test_a_stopped_retag_goes_on_where_it_was(archive, own_gazetteer):
    first = retag(settings(archive, own_gazetteer), lambda: NOW, apply=False)
    again = retag(settings(archive, own_gazetteer), lambda: NOW, apply=False)
    assert (first.articles, again.articles) == (18, 0)
    assert again.diff.equals(first.diff)


def test_a_folder_without_an_archive_is_not_made_one(tmp_path):
    with pytest.raises(DataFolderError, match="there is no archive"):
        retag(settings(tmp_path), lambda: NOW)
    assert not (tmp_path / "data").exists()


def run(*args):
    return CliRunner().invoke(command, args, catch_exceptions=True)


def test_the_command_says_what_waits_and_what_was_done(archive, own_gazetteer, monkeypatch):
    monkeypatch.setenv("MONITOR_GAZETTEER", str(own_gazetteer))
    monkeypatch.setenv("MONITOR_EXECUTOR", "inline")
    data = str(archive / "data")
    looked = run("--data", data, "--diff")
    assert "18 articles tagged by version" in looked.output
    assert "nothing switched" in looked.output
    assert "18 articles tagged by version" in run("--data", data, "--diff").output
    assert "(18 of them by an earlier run)" in run("--data", data, "--diff").output
    whole = archive / "diff.csv"
    assert run("--data", data, "--diff", "--out", str(whole)).exception is None
    assert whole.read_text().startswith("entity_id,week,alias,mentions_before,mentions_after")
    assert "published" in run("--data", data).output
    assert "nothing to do" in run("--data", data).output


@pytest.mark.parametrize("args", [("--prune", "--diff"), ("--diff", "--out", "x.txt")])
def test_what_cannot_be_meant_is_refused(tmp_path, args):
    assert isinstance(run("--data", str(tmp_path), *args).exception, UsageError)
