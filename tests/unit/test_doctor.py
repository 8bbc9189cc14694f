import fcntl
import json
import os
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from monitor import doctor
from monitor.cli.doctor import doctor as command
from monitor.config import load_settings
from monitor.doctor import machine
from monitor.errors import MonitorError
from monitor.notify import CollectFacts, write_facts

NOW = datetime.now(UTC)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def settings(tmp_path):
    return load_settings({"data": tmp_path, "prefect_port": free_port(), "dashboard_port": free_port()})


def found(settings, now=NOW):
    return {f.name: f for f in doctor.examine(settings, now)}


def test_an_installation_that_did_nothing_yet_has_nothing_bad(settings):
    findings = found(settings)
    assert list(findings) == list(doctor.CHECKS)
    assert [f.name for f in findings.values() if f.level == "bad"] == []
    assert "make serve" in findings["server"].todo


def test_versions_that_do_not_fit_are_named(settings, monkeypatch):
    installed = {"prefect": "3.8.8", "fastapi": "0.155.1", "sqlalchemy": "2.1.0b1", "duckdb": "1.5.5"}
    monkeypatch.setattr(machine, "version", installed.__getitem__)
    finding = machine.versions(settings, NOW)
    assert finding.level == "bad"
    assert "fastapi 0.155.1" in finding.said
    assert "sqlalchemy 2.1.0b1" in finding.said
    assert "prefect" not in finding.said


def test_the_lock_has_the_versions_that_the_doctor_knows():
    lock = Path("requirements.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ \n]+)", lock, re.MULTILINE))
    for package, (least, below) in machine.PINS.items():
        assert machine.numbers(least) <= machine.numbers(pinned[package]) < machine.numbers(below), package


def test_a_clock_that_went_back(settings):
    write_facts(settings.data, CollectFacts(NOW + timedelta(hours=2), "completed"))
    assert found(settings)["clock"].level == "bad"
    assert found(settings, NOW + timedelta(hours=3))["clock"].level == "good"


def test_a_full_disk(settings):
    full = settings.model_copy(update={"alarm_free_gb": 1e9})
    assert found(full)["disk"].level == "bad"


def test_a_port_that_something_else_holds(settings):
    with socket.create_server(("127.0.0.1", settings.prefect_port)):
        finding = machine.ports(settings, NOW)
    assert finding.level == "bad"
    assert str(settings.prefect_port) in finding.said


def test_who_writes_is_said(settings):
    path = settings.data / "warehouse.lock"
    code = (
        f"import fcntl, sys; f = open({str(path)!r}, 'w'); fcntl.lockf(f, fcntl.LOCK_EX); f.write('pid 7'); f.flush();"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline()
    assert "held by pid 7" in found(settings)["lock"].said
    holder.communicate(b"")
    assert found(settings)["lock"].said == "free"
    with path.open("w") as file:  # looking did not keep it
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_an_old_snapshot_and_an_old_backup_are_odd(settings):
    old = (NOW - timedelta(days=3)).timestamp()
    (settings.data / "backups").mkdir()
    for path in (settings.data / "monitor.duckdb", settings.data / "backups" / "warehouse-20261101T000000.duckdb"):
        path.write_bytes(b"x")
        os.utime(path, (old, old))
    findings = {name: doctor.CHECKS[name](settings, NOW) for name in ("snapshot", "backups")}
    assert {f.level for f in findings.values()} == {"odd"}
    assert "3 days" in findings["backups"].said


def test_a_broken_schedules_file_is_a_finding_and_not_an_end(settings, tmp_path):
    path = tmp_path / "s.toml"
    path.write_text("[gather]")
    findings = found(settings.model_copy(update={"schedules": path}))
    assert findings["schedules"].level == "bad"
    assert "[gather] is no flow" in findings["schedules"].said


def test_a_broken_feed_list_is_named_with_its_file(settings, tmp_path):
    lists = {"missing.toml": None, "broken.toml": "[[feed]]\nid = 3", "latin.toml": None}
    (tmp_path / "broken.toml").write_text(lists["broken.toml"])
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    for name in lists:
        finding = found(settings.model_copy(update={"feeds": str(tmp_path / name)}))["feed list"]
        assert (finding.level, name in finding.said) == ("bad", True)
        assert finding.todo


def test_files_that_are_no_databases_are_bad_and_say_what_to_do(settings):
    (settings.data / "warehouse.duckdb").write_bytes(os.urandom(4096))
    (settings.data / "monitor.duckdb").write_bytes(os.urandom(4096))
    findings = found(settings)
    assert {n: findings[n].level for n in ("data folder", "feeds")} == {"data folder": "bad", "feeds": "bad"}
    assert "last backup" in findings["data folder"].todo
    assert "monitor run" in findings["feeds"].todo
    (settings.data / "monitor.duckdb").unlink()
    (settings.data / "monitor.duckdb").symlink_to("published/monitor-7.duckdb")
    finding = found(settings)["snapshot"]
    assert (finding.level, finding.said) == ("bad", "the published copy monitor-7.duckdb is missing")


def test_a_warehouse_that_is_one_is_good(settings):
    duckdb.connect(str(settings.data / "warehouse.duckdb")).close()
    assert found(settings)["data folder"].level == "good"


@pytest.mark.parametrize(
    "text", ['"x"', "5", "[]", "{}", "{", '{"at": "2026-11-27T00:00:00", "good_at": null, "outcome": "completed"}']
)
def test_a_file_of_the_service_that_is_damaged_is_no_end(settings, text):
    for name in ("last_collect.json", "alarms.json"):
        (settings.data / name).write_text(text)
    assert list(found(settings)) == list(doctor.CHECKS)


def test_the_command_prints_what_to_do_and_fails_on_what_is_bad(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("MONITOR_PREFECT_PORT", str(settings.prefect_port))
    good = CliRunner().invoke(command, ["--data", str(tmp_path), "--json"], catch_exceptions=False)
    assert good.exit_code == 0
    assert [f["name"] for f in json.loads(good.output)] == list(doctor.CHECKS)
    monkeypatch.setenv("MONITOR_ALARM_FREE_GB", "1e9")
    bad = CliRunner().invoke(command, ["--data", str(tmp_path)])
    assert isinstance(bad.exception, MonitorError)
    assert "checks are bad: disk" in str(bad.exception)
    assert "-> Make room" in bad.output
