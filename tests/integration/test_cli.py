"""What a tired operator types: every fault is one line on stderr that says what to do, with its exit code."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import duckdb
import pytest

from tests.integration.press import Press, serving
from tests.sql import made


def monitor(*arguments, cwd, stdin=b"", **environment):
    done = subprocess.run(
        [sys.executable, "-c", "from monitor.cli import main; main()", *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env=os.environ | {"COLUMNS": "160"} | environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A folder with a collected archive in `data`."""
    folder = tmp_path_factory.mktemp("archive")
    with serving(Press(feeds=2, entries=3)) as press:
        (folder / "feeds.toml").write_text(press.feeds_toml())
        code, out, err = monitor("run", "--allow-network", "127.0.0.0/8", "--json", cwd=folder, MONITOR_HOST_DELAY="0")
    assert code == 0, err
    assert json.loads(out)["counts"]["stored"] == 6
    return folder


def one_line(err):
    assert err.startswith("monitor: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


FAULTS = [
    (("trends", "Kambodia"), b"", "did you mean Cambodia"),
    (("query", "DELETE FROM base.articles"), b"", "only one reading statement"),
    (("query", "FROM nowhere_at all"), b"", "nowhere_at"),
    (("query", "trned"), b"", "did you mean trend"),
    (("query", "trend", "--param", "entity"), b"", "NAME=VALUE"),
    (("tag",), b"", "empty"),
    (("tag",), b"caf\xe9 in Phnom Penh", "UTF-8"),
    (("tag", "--jsonl"), b'{"id": 1, "text": "Fiji"}\nnot json\n', "line 2"),
    (("run", "--feeds", "missing.toml"), b"", "missing.toml"),
    (("run", "--allow-network", "127.0.0.1/99"), b"", "allow_network"),
    (("status", "--data", "nowhere"), b"", "monitor run"),
    (("run", "--data", ""), b"", "--data is empty"),
    (("run", "--feeds", ""), b"", "feeds (option): is empty"),
    (("query", "SELECT '\udcff' AS a"), b"", "is not UTF-8"),
    (("trends", "Cambodia", "--since", "2026-11-02", "--until", "2026-11-01"), b"", "lies after"),
    (("demo", "--data", " "), b"", "--data is empty"),
    (("export", ""), b"", "FOLDER is empty"),
    (("warehouse", "copy", "", "data"), b"", "FROM or TO is empty"),
    (("feeds", "validate", "."), b"", "Is a directory"),
    (("feeds", "validate", "data/monitor.duckdb"), b"", "cannot be read as a feeds file"),
    (("feeds", "validate", "nowhere.toml"), b"", "No such file"),
]


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"), FAULTS, ids=lambda x: " ".join(x) if isinstance(x, tuple) else None
)
def test_a_fault_is_one_line_and_exit_2(archive, arguments, stdin, says):
    code, _, err = monitor(*arguments, cwd=archive, stdin=stdin)
    assert code == 2
    assert says in one_line(err)


def test_a_broken_feeds_file_names_its_line(tmp_path):
    (tmp_path / "feeds.toml").write_text('[[feed]]\nid = "a"\nname = "A"\nurl = "https://a.example/"\nsorce = "x"\n')
    code, _, err = monitor("run", cwd=tmp_path)
    assert code == 2
    assert "feeds.toml:5" in one_line(err)
    assert not (tmp_path / "data").exists()


def test_a_warehouse_of_a_newer_schema_is_left_as_it_is(archive, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    source = archive / "data" / "warehouse.duckdb"
    (data / "warehouse.duckdb").write_bytes(source.read_bytes())
    with duckdb.connect(str(data / "warehouse.duckdb")) as con:
        con.execute("INSERT INTO base.schema_migrations VALUES (999, 'later', 'x', now())")
    before = (data / "warehouse.duckdb").read_bytes()
    (tmp_path / "feeds.toml").write_text((archive / "feeds.toml").read_text())
    code, _, err = monitor("run", cwd=tmp_path)
    assert code == 2
    assert "newer program" in one_line(err)
    assert (data / "warehouse.duckdb").read_bytes() == before


def test_a_file_where_the_data_folder_should_be(archive, tmp_path):
    (tmp_path / "data").write_text("mine")
    (tmp_path / "feeds.toml").write_text((archive / "feeds.toml").read_text())
    code, _, err = monitor("run", cwd=tmp_path)
    assert code == 2
    assert "data" in one_line(err)
    assert (tmp_path / "data").read_text() == "mine"


def test_when_no_feed_can_be_reached_the_exit_is_3(archive, tmp_path):
    (tmp_path / "feeds.toml").write_text((archive / "feeds.toml").read_text())
    code, _, err = monitor("run", "--allow-network", "127.0.0.0/8", cwd=tmp_path, MONITOR_TIMEOUT="2")
    assert code == 3
    assert "is the network up" in one_line(err)


def test_the_same_numbers_in_every_form(archive):
    import monitor as library

    code, out, _ = monitor("trends", "Cambodia", "--weeks", "8", "--format", "json", cwd=archive)
    assert code == 0
    from_cli = [(row["week"], row["articles"], row["mentions"]) for row in json.loads(out)]
    frame = library.open(archive / "data").trend("Cambodia", weeks=8)
    assert from_cli == [(str(w), a, m) for w, a, m in frame.select("week", "articles", "mentions").rows()]
    assert sum(a for _, a, _ in from_cli) > 0
    code, out, _ = monitor("trends", "Cambodia", "--weeks", "8", "--format", "csv", cwd=archive)
    assert out.count("\n") == frame.height + 1
    code, _, _ = monitor("trends", "KHM", "--weeks", "8", "--format", "parquet", "--out", "t.parquet", cwd=archive)
    assert code == 0
    assert (archive / "t.parquet").stat().st_size > 0


def test_status_says_what_the_archive_holds_and_where_settings_come_from(archive):
    code, out, _ = monitor("status", "--json", cwd=archive)
    assert code == 0
    assert json.loads(out)["articles"] == 6
    code, out, _ = monitor("status", "--settings", "--json", cwd=archive, MONITOR_TIMEOUT="7")
    rows = {row["setting"]: row for row in json.loads(out)}
    assert (rows["timeout"]["value"], rows["timeout"]["from"]) == ("7.0", "environment MONITOR_TIMEOUT")


def test_feeds_go_out_as_opml_and_come_back(archive, tmp_path):
    code, out, _ = monitor("feeds", "export", "--format", "opml", cwd=archive)
    assert code == 0
    (tmp_path / "mine.opml").write_text(out)
    assert monitor("feeds", "import", "mine.opml", cwd=tmp_path)[0] == 0
    code, again, _ = monitor("feeds", "list", "--json", cwd=tmp_path)
    _, first, _ = monitor("feeds", "list", "--json", cwd=archive)
    assert {f["url"] for f in json.loads(again)} == {f["url"] for f in json.loads(first)}


def test_a_damaged_file_is_one_line_that_says_what_to_do(tmp_path):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=30, sources=6, per_week=9))
    path = tmp_path / "warehouse.duckdb"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "retag", "--full", "--workers", "1"]
    done = subprocess.run([*command, "--data", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode not in (0, 1)
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("monitor: ")
    assert "backups" in done.stderr


def test_a_file_of_sqlite_is_one_line_and_no_extension_is_fetched(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with closing(sqlite3.connect(data / "warehouse.duckdb")) as other:
        other.execute("CREATE TABLE a (b)")
        other.commit()
    (data / "monitor.duckdb").write_bytes((data / "warehouse.duckdb").read_bytes())
    (tmp_path / "feeds.toml").write_text('[[feed]]\nid = "a"\nname = "A"\nurl = "http://127.0.0.1:9/"\n')
    nowhere = {"http_proxy": "http://127.0.0.1:9", "HOME": str(tmp_path)}  # in case that it is fetched all the same
    for words in (("run",), ("retag",), ("status",), ("query", "spikes")):
        code, _, err = monitor(*words, cwd=tmp_path, **nowhere)
        assert code == 2
        assert "is no DuckDB database" in one_line(err)
    assert not (tmp_path / ".duckdb").exists()


@pytest.mark.parametrize(("name", "words"), [("warehouse.duckdb", ("run",)), ("monitor.duckdb", ("query", "spikes"))])
def test_a_folder_in_the_place_of_a_database_is_one_line(tmp_path, name, words):
    (tmp_path / "data" / name).mkdir(parents=True)
    code, _, err = monitor(*words, cwd=tmp_path)
    assert code == 2
    assert "Is a directory" in one_line(err)


def test_a_dashboard_on_a_taken_port_announces_nothing(archive):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = monitor("dashboard", "--port", port, cwd=archive)
    assert code == 2
    assert out == ""
    assert f"port {port} is taken" in one_line(err)
    code, out, err = monitor("dashboard", "--host", "192.0.2.1", "--port", port, cwd=archive)
    assert (code, out) == (2, "")
    assert "cannot be listened on" in one_line(err)


def test_a_copy_that_leads_to_itself_is_one_line(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/monitor.duckdb").symlink_to("monitor.duckdb")
    code, _, err = monitor("query", "coverage", cwd=tmp_path)
    assert code == 2
    assert "nothing is published" in one_line(err)
