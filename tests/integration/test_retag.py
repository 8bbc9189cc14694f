import shutil

import pytest
from click.testing import CliRunner

from monitor.cli.retag import retag as command
from monitor.config import load_settings
from monitor.errors import DataFolderError, UsageError
from monitor.feeds_file import read_feeds
from monitor.gazetteer import load
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


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A folder with an archive of three feeds in `data`."""
    folder = tmp_path_factory.mktemp("collected")
    with serving(Press()) as press:
        collect(settings(folder), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: NOW)
    return folder


@pytest.fixture
def archive(collected, tmp_path):
    """A copy of it to work on."""
    shutil.copytree(collected / "data", tmp_path / "data", symlinks=True)
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


def test_a_gazetteer_that_is_stored_is_not_read_again_and_another_one_is(archive, own_gazetteer, monkeypatch):
    from monitor.pipeline import knowledge

    read = []
    monkeypatch.setattr(knowledge, "load", lambda extra: read.append(extra) or load(extra))
    for extra in (None, own_gazetteer, own_gazetteer, None):
        collect(settings(archive, extra), [], lambda: NOW)
    assert read == [own_gazetteer, None]
    monkeypatch.setattr(knowledge, "tagger_version", lambda files: f"{files}-otherrules")
    collect(settings(archive), [], lambda: NOW)
    assert read == [own_gazetteer, None, None]
    assert counts(archive, "SELECT count(DISTINCT version) FROM base.tagger_facts") == [(2,)]


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


def gazetteer_of(tmp_path, name, *rows):
    """A folder of an operator's own rows in one file."""
    from importlib.resources import files

    header = files("monitor").joinpath(f"data/{name}").read_text("utf-8").splitlines()[0]
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / name).write_text(
        "\n".join([header, *(",".join(row.get(c, "") for c in header.split(",")) for row in rows)])
    )
    return folder


def tables(data):
    """Mentions and versions as they are; numbers of sentences and all."""
    with Warehouse.open(data, lambda: NOW) as warehouse:
        mentions = warehouse.frame("FROM base.mentions ORDER BY ALL")
        return mentions, warehouse.frame("SELECT article_id, tagger_version FROM base.articles ORDER BY ALL")


def test_only_what_a_change_concerns_is_tagged_again_and_it_comes_to_the_same(archive, tmp_path):
    """Every article has a delegation, and few are of Mongolia."""
    row = {
        "entity_id": "FJI",
        "alias": "delegation of Mongolia",
        "case": "exact",
        "language": "en",
        "form": "name",
        "source": "own",
    }
    own = gazetteer_of(tmp_path, "aliases.csv", row)
    shutil.copytree(archive / "data", tmp_path / "other" / "data")
    report = retag(settings(archive, own), lambda: NOW)
    assert 1 <= report.articles < 9
    assert report.articles + report.left == 18
    assert set(report.diff["alias"]) == {"Mongolia", "delegation of Mongolia"}
    full = retag(settings(tmp_path / "other", own), lambda: NOW, full=True)
    assert (full.articles, full.left, full.same) == (18, 0, 18 - report.articles)
    assert full.diff.equals(report.diff)
    for some, every in zip(tables(archive / "data"), tables(tmp_path / "other" / "data"), strict=True):
        assert some.equals(every)
    assert counts(
        archive, "SELECT count(DISTINCT article_id) FROM mentions WHERE alias = 'delegation of Mongolia'"
    ) == [(report.articles,)]
    again = retag(settings(archive, own), lambda: NOW)
    assert (again.articles, again.beside, again.left) == (0, 0, 0)


def test_a_change_that_no_name_knows_of_tags_nothing_again(archive, tmp_path):
    row = {"entity_id": "KHM", "bloc_id": "brics", "valid_from": "2026-01-01", "source": "own"}
    own = gazetteer_of(tmp_path, "memberships.csv", row)
    report = retag(settings(archive, own), lambda: NOW)
    assert (report.articles, report.left, report.diff.height) == (0, 18, 0)
    assert report.published is not None
    assert counts(archive, "SELECT DISTINCT tagger_version FROM articles") == [(report.version,)]


def test_what_was_left_waits_for_the_switch_or_for_a_full_one(archive, tmp_path):
    row = {"entity_id": "KHM", "bloc_id": "brics", "valid_from": "2026-01-01", "source": "own"}
    own = gazetteer_of(tmp_path, "memberships.csv", row)
    looked = retag(settings(archive, own), lambda: NOW, apply=False)
    assert (looked.left, looked.published) == (18, None)
    assert retag(settings(archive, own), lambda: NOW, apply=False).left == 18
    full = retag(settings(archive, own), lambda: NOW, apply=False, full=True)
    assert (full.articles, full.left, full.same) == (18, 0, 18)
    again = retag(settings(archive, own), lambda: NOW, apply=False, full=True)
    assert (again.articles, again.same) == (0, 18)  # a full one goes on where it was, too
    assert retag(settings(archive), lambda: NOW).beside == 0  # today's gazetteer again: nothing waits
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        left = "SELECT (SELECT count(*) FROM base.next_articles) + (SELECT count(*) FROM base.next_unconcerned) AS n"
        assert warehouse.frame(left)["n"][0] == 0


def test_what_comes_out_as_it_was_is_not_written_again(archive, tmp_path):
    """The switch replaces the mentions of the articles that changed, and the difference counts all of the archive."""
    row = {"entity_id": "FJI", "alias": "delegation of Mongolia", "case": "exact", "language": "en", "form": "name"}
    own = gazetteer_of(tmp_path, "aliases.csv", row | {"source": "own"})
    named = "SELECT count(*), count(DISTINCT article_id) FROM mentions WHERE counted AND alias = 'Mongolia'"
    before, of_all = counts(archive, named), counts(archive, "SELECT count(*) FROM mentions")[0][0]
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        warehouse.connection.execute("DELETE FROM base.tagger_facts")
    looked = retag(settings(archive, own), lambda: NOW, apply=False)
    assert (looked.articles, looked.left) == (18, 0)
    assert 9 < looked.same < 18
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        (waiting,) = warehouse.frame("SELECT count(DISTINCT article_id), count(*) FROM base.next_mentions").rows()
    assert waiting[0] == 18 - looked.same
    assert waiting[1] < of_all / 2
    diff = looked.diff.filter(alias="Mongolia")
    assert [(diff["mentions_before"].sum(), diff["articles_before"].sum())] == before
    retag(settings(archive, own), lambda: NOW)
    assert [(diff["mentions_after"].sum(), diff["articles_after"].sum())] == counts(archive, named)
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        past = warehouse.frame("SELECT count(DISTINCT article_id) AS n FROM base.past_mentions")["n"][0]
    assert past == 18 - looked.same


def test_without_what_a_version_knew_all_is_tagged_again(archive, own_gazetteer):
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        warehouse.connection.execute("DELETE FROM base.tagger_facts")
    report = retag(settings(archive, own_gazetteer), lambda: NOW)
    assert (report.articles, report.left) == (18, 0)


def test_what_a_collection_stored_meanwhile_stays(archive, tmp_path, own_gazetteer):
    """An article tagged by the new version between the comparison and the switch is not given its old mentions."""
    looked = retag(settings(archive, own_gazetteer), lambda: NOW, apply=False)
    with Warehouse.open(archive / "data", lambda: NOW) as warehouse:
        one = warehouse.frame("SELECT min(article_id) AS one FROM base.next_articles")["one"][0]
        con = warehouse.connection
        con.execute("UPDATE base.articles SET tagger_version = ? WHERE article_id = ?", [looked.version, one])
        con.execute("DELETE FROM base.mentions WHERE article_id = ?", [one])
    done = retag(settings(archive, own_gazetteer), lambda: NOW)
    assert done.published is not None
    assert counts(archive, "SELECT count(*) FROM mentions WHERE article_id = $one", one=one) == [(0,)]


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


@pytest.mark.parametrize("args", [("--prune", "--diff"), ("--prune", "--full"), ("--diff", "--out", "x.txt")])
def test_what_cannot_be_meant_is_refused(tmp_path, args):
    assert isinstance(run("--data", str(tmp_path), *args).exception, UsageError)
