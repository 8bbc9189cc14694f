"""The file of the warehouse: one writer at a time, and what is not its own is refused and never overwritten."""

import os
import subprocess
import sys

import duckdb
import pytest

from monitor.errors import DataFolderError, LockedError, SchemaVersionError
from monitor.store import Warehouse
from tests.sql import made


def test_one_writer_at_a_time(tmp_path):
    with made.open_warehouse(tmp_path), pytest.raises(LockedError):
        made.open_warehouse(tmp_path)
    code = (
        "import sys, pathlib; from monitor.store import Warehouse; from datetime import datetime, UTC\n"
        "with Warehouse.open(pathlib.Path(sys.argv[1]), lambda: datetime(2026, 1, 1, tzinfo=UTC)):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"pid {other.pid}"):
            made.open_warehouse(tmp_path)
        other.kill()
        other.wait()
    made.open_warehouse(tmp_path).close()


def test_a_killed_writer_whose_worker_lives_on_blocks_nobody(tmp_path):
    code = (
        "import os, sys, time, pathlib; from monitor.store import Warehouse; from datetime import datetime, UTC\n"
        "Warehouse.open(pathlib.Path(sys.argv[1]), lambda: datetime(2026, 1, 1, tzinfo=UTC))\n"
        "if os.fork() == 0:\n    time.sleep(5); os._exit(0)\n"
        "print('held', flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL, check=False, timeout=60
    )
    assert done.returncode == -9
    made.open_warehouse(tmp_path).close()


def test_a_lock_file_left_behind_is_void(tmp_path):
    (tmp_path / "warehouse.lock").write_text(f"pid {os.getpid()}, started 1\n")
    made.open_warehouse(tmp_path).close()


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 2000, b"short"])
def test_a_foreign_file_is_never_overwritten(tmp_path, content):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with pytest.raises(SchemaVersionError, match=r"warehouse\.duckdb"):
        made.open_warehouse(tmp_path)
    assert path.read_bytes() == content


def test_a_truncated_warehouse_is_never_overwritten(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        made.store(opened, *made.archive(weeks=3))
    path = tmp_path / "warehouse.duckdb"
    cut = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(cut)
    with pytest.raises(SchemaVersionError):
        made.open_warehouse(tmp_path)
    assert path.read_bytes() == cut


def test_another_program_s_database_is_left_alone(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("CREATE TABLE mine (x INTEGER)")
    with pytest.raises(SchemaVersionError, match="not a warehouse of this program"):
        made.open_warehouse(tmp_path)


def test_a_newer_schema_is_refused(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        opened.connection.execute("INSERT INTO base.schema_migrations VALUES (999, 'x', 'x', now())")
    with pytest.raises(SchemaVersionError, match="schema 999"):
        made.open_warehouse(tmp_path)


def test_a_changed_migration_is_refused(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        opened.connection.execute("UPDATE base.schema_migrations SET digest = 'x' WHERE number = 1")
    with pytest.raises(SchemaVersionError, match="001_base"):
        made.open_warehouse(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderError):
        Warehouse.open(tmp_path / "file" / "data", lambda: made.NOW)
