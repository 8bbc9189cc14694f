# ruff: noqa: F811  # fixtures are imported by their names
"""What flows do with an archive that was collected: rebuild, tag again, back up, report."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from monitor import service
from monitor.backup import verify
from monitor.errors import LockedError, SchemaVersionError
from tests.integration.collecting import collect, now, press, settings, settings_in  # noqa: F401  # fixtures
from tests.integration.press import Press, serving


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The data folder of an archive that was collected once."""
    folder = tmp_path_factory.mktemp("collected")
    with serving(Press()) as press:
        assert collect(settings_in(folder, press)).name == "Completed"
    return folder / "data"


@pytest.fixture
def archive(collected, press, tmp_path):
    """A copy of it to work on."""
    shutil.copytree(collected, tmp_path / "data", symlinks=True)
    return settings_in(tmp_path, press)


def test_rebuilding_gives_the_same_marts(archive):
    mentions = "SELECT * FROM weekly_mentions ORDER BY ALL"

    def rows():
        with duckdb.connect(str((archive.data / "monitor.duckdb").resolve()), read_only=True) as con:
            return con.execute(mentions).fetchall()

    before = rows()
    service.rebuild(archive, now)
    assert rows() == before != []


def test_tagging_again_with_the_same_gazetteer_changes_nothing(archive):
    done = service.retag(archive, now, switch=True)
    assert done.rows == []
    assert "0 articles tagged" in done.summary
    service.forget_replaced(archive, now)


def test_backups_are_opened_and_the_last_few_kept(archive):
    times = iter(datetime(2026, 11, day, tzinfo=UTC) for day in range(1, 28))
    few = archive.model_copy(update={"keep_backups": 2})
    last = [service.backup(few, lambda: next(times)) for _ in range(4)][-1]
    kept = sorted((archive.data / "backups").iterdir())
    assert len(kept) == 2
    assert kept[-1] == last.path
    assert verify(last.path) == last.data_version > 0


@pytest.mark.parametrize("error", [SchemaVersionError("newer"), KeyboardInterrupt()])
def test_a_backup_that_cannot_be_opened_leaves_nothing(archive, monkeypatch, error):
    def fails(path):
        assert path.stat().st_size
        raise error

    monkeypatch.setattr("monitor.backup.verify", fails)
    with pytest.raises(type(error)):
        service.backup(archive, now)
    assert not list((archive.data / "backups").glob("*.part*"))


def test_what_a_killed_backup_left_goes_and_that_of_a_running_one_stays(archive, monkeypatch):
    folder = archive.data / "backups"
    folder.mkdir(exist_ok=True)
    for name in ("warehouse-20261101T000000.part", "warehouse-20261101T000000.part.wal"):
        (folder / name).write_text("half a warehouse")

    def verified(path):
        assert [p.name for p in folder.glob("*.part*")] == [path.name]
        with pytest.raises(LockedError):
            service.backup(archive, lambda: now() + timedelta(hours=1))
        return verify(path)

    monkeypatch.setattr("monitor.backup.verify", verified)
    done = service.backup(archive, now)
    assert done.path in folder.iterdir()
    assert not list(folder.glob("*.part*"))


def test_a_backup_can_be_put_back(settings):
    collect(settings)
    copy = service.backup(settings, now).path
    (settings.data / "warehouse.duckdb").write_bytes(copy.read_bytes())
    outcome = collect(settings, all_=True)
    assert outcome.report.counts["articles"] == 0
    assert outcome.kind == "completed"


def test_the_week_report_is_a_file_and_a_page(archive):
    text, path = service.write_week_report(archive)
    assert path.read_text() == text
    assert path.parent == archive.data / "reports"
    assert re.search(r"^\| \w+ \| 1 \| 1 \| 1 \| 16.7%", text, re.MULTILINE)
    assert "sources fully observed" in text
