import fcntl
import io
import os
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import monitor
from monitor.cli.dashboard import run_module
from monitor.cli.serve import _installed
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.supervise import Program, Supervisor, prefect_environment, programs
from monitor.supervise.living import holding, living
from monitor.supervise.programs import NEEDS, checkout
from monitor.supervise.server import Deployment, FlowRun
from monitor.supervise.supervisor import LONGEST_PAUSE, pause_before
from monitor.supervise.sweep import leaked, missed, orphaned, stale
from monitor.supervise.watch import verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def run(run_id="a", *, deployment="d", state="RUNNING", since=NOW, expected=None, started=None, automatic=True):
    return FlowRun(run_id, f"run {run_id}", deployment, state, state.title(), since, expected, started, None, automatic)


def program(name, code):
    return Program(name, (sys.executable, "-c", code))


@pytest.fixture
def supervised():
    """Runs a supervisor in a thread, and ends it."""
    made = []

    def begin(*children):
        supervisor = Supervisor(os.environ, io.StringIO())
        for child in children:
            supervisor.add(*child if isinstance(child, tuple) else (child,))
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        made.append((supervisor, thread))
        return supervisor

    yield begin
    for supervisor, thread in made:
        supervisor.stop()
        thread.join(20)
        assert not thread.is_alive()


def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def gone(pid):
    """A process has ended; one that only waits to be reaped has too."""
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_pauses_double_up_to_a_minute():
    assert [pause_before(n) for n in (0, 1, 2, 3, 4)] == [0, 1, 2, 4, 8]
    assert pause_before(7) == pause_before(500) == LONGEST_PAUSE


def test_what_dies_is_started_again_and_its_lines_are_shown(supervised):
    supervisor = supervised(program("short", "print('spoken')"))
    assert until(lambda: supervisor.starts()["short"] >= 2)
    assert until(lambda: supervisor._out.getvalue().count("short     | spoken") >= 2)


def test_what_cannot_succeed_ends_the_service(supervised):
    wrong = Program("flows", (sys.executable, "-c", "raise SystemExit(2)"), hopeless=2)
    supervisor = supervised(program("server", "import time; time.sleep(60)"), wrong)
    assert until(lambda: supervisor.failure is not None)
    assert supervisor.starts()["flows"] == 1
    assert "flows ended because of what it was given" in supervisor.failure


def test_a_killed_process_takes_what_it_started_with_it(supervised, tmp_path):
    child = tmp_path / "child"
    code = (
        "import subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(child)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    supervisor = supervised(program("parent", code))
    assert until(lambda: child.exists() and child.read_text())
    first, grandchild = supervisor.pids()["parent"], int(child.read_text())
    os.kill(first, 9)
    assert until(lambda: supervisor.pids().get("parent") not in (None, first))
    assert until(lambda: gone(grandchild))


def test_what_answers_no_more_is_ended_and_started_again(monkeypatch, supervised):
    answering = iter([True] + [False] * 1000)
    monkeypatch.setattr("monitor.supervise.supervisor.answers", lambda _url: next(answering))
    monkeypatch.setattr("monitor.supervise.supervisor._ASK_EVERY", 0.2)
    monkeypatch.setattr("monitor.supervise.supervisor.HUNG", 1.0)
    hung = Program("dashboard", (sys.executable, "-c", "import time; time.sleep(60)"), health="http://127.0.0.1:9/")
    supervisor = supervised(hung)
    assert until(lambda: supervisor.starts()["dashboard"] == 2)
    time.sleep(1.5)  # the second one never answered: it may still be starting, and is left alone
    assert supervisor.starts()["dashboard"] == 2


def test_a_gate_holds_a_program_back_each_time(supervised):
    asked, open_ = [], threading.Event()

    def gate():
        asked.append(1)
        return open_.is_set()

    supervisor = supervised(program("server", "import time; time.sleep(60)"), (program("flows", "pass"), gate))
    assert until(lambda: len(asked) >= 3)
    assert supervisor.starts() == {"server": 1, "flows": 0}
    open_.set()
    assert until(lambda: supervisor.starts()["flows"] >= 2)
    assert len(asked) >= 5


def test_one_that_ignores_the_signal_is_killed_in_time():
    supervisor = Supervisor(os.environ, io.StringIO())
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    supervisor.add(program("server", "import time; time.sleep(60)"))
    supervisor.add(program("flows", deaf))
    order = []
    thread = threading.Thread(target=supervisor.run, kwargs={"between": lambda: order.append("told"), "limit": 6.0})
    thread.start()
    assert until(lambda: "deaf" in supervisor._out.getvalue())
    pids = supervisor.pids()
    before = time.monotonic()
    supervisor.stop("because")
    thread.join(10)
    assert time.monotonic() - before < 7
    assert all(gone(pid) for pid in pids.values())
    assert order == ["told"]
    assert supervisor.failure == "because"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_killed_supervisor_leaves_nothing_behind(tmp_path):
    import subprocess

    code = (
        "import os, sys; from monitor.supervise import *;"
        "s = Supervisor(os.environ);"
        "code = 'import os, time; print(os.getpid(), flush=True); time.sleep(60)';"
        "s.add(Program('one', (sys.executable, '-c', code)));"
        "s.run()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline().split("|")[1])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert until(lambda: gone(child))


def test_prefect_lives_in_the_data_folder_on_loopback_and_reports_to_nobody(tmp_path):
    found = prefect_environment(load_settings({"data": tmp_path, "prefect_port": 4321}))
    assert found["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert found["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert found["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert found["DO_NOT_TRACK"] == "1"


def test_programs_get_the_data_folder_and_options(tmp_path):
    settings = load_settings({"data": tmp_path})
    found = {p.name: p for p in programs(settings, checkout(Path("src/monitor/x.py")), {"MONITOR_FEEDS": "mine.toml"})}
    assert found["flows"].env["MONITOR_DATA"] == str(tmp_path)
    assert found["flows"].env["MONITOR_FEEDS"] == "mine.toml"
    assert found["server"].health == "http://127.0.0.1:4200/api/health"


def test_the_server_lists_time_zones_from_one_file(tmp_path):
    server = programs(load_settings({"data": tmp_path}), checkout(Path("src/monitor/x.py")), {})[0]
    assert server.name == "server"
    code = "import zoneinfo as z; print(z.TZPATH, len(z.available_timezones()), z.ZoneInfo('Asia/Tokyo'))"
    command = [server.command[0], "-c", code]
    said = subprocess.run(command, env={**os.environ, **server.env}, capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"\(\) [4-9]\d\d Asia/Tokyo\n", said)


def test_the_dashboard_knows_the_name_it_is_published_under(tmp_path):
    settings = load_settings({"data": tmp_path, "dashboard_url": "https://monitor.example.org/trends/"})
    found = {p.name: p for p in programs(settings, checkout(Path("src/monitor/x.py")), {})}["dashboard"]
    assert found.command[-4:] == ("--allow-host", "monitor.example.org", "--base-path", "/trends")
    assert found.health == "http://127.0.0.1:8600/trends/healthz"


def test_without_the_checkout_one_line_says_so(tmp_path):
    with pytest.raises(UsageError, match="needs the checkout"):
        checkout(tmp_path / "site-packages" / "monitor" / "__init__.py")


def test_packages_that_are_not_installed_are_said_and_the_dashboard_alone_may_lack_them(tmp_path, monkeypatch, capsys):
    offered = programs(load_settings({"data": tmp_path}), checkout(Path(monitor.__file__)), {})
    assert _installed(offered, ()) == offered
    monkeypatch.setitem(NEEDS, "dashboard", ("json", "no_such_package"))
    assert [p.name for p in _installed(offered, ())] == ["server", "flows"]
    assert capsys.readouterr().out == "no dashboard: dashboard needs no_such_package, not installed here: make setup\n"
    with pytest.raises(UsageError, match="dashboard needs no_such_package"):
        _installed(offered[-1:], ("dashboard",))
    with pytest.raises(UsageError, match="dashboard needs no_such_package"):
        run_module("dashboards", [])
    monkeypatch.setitem(NEEDS, "flows", ("no_such_package",))
    with pytest.raises(UsageError, match="flows needs no_such_package"):
        _installed(offered, ())


def test_a_run_says_that_it_lives_as_long_as_it_does(tmp_path):
    import subprocess

    code = f"from monitor.supervise.living import *\nwith holding(Path({str(tmp_path)!r}), 'r'):\n input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert until(lambda: living(tmp_path) == {"r"})
    child.kill()
    child.communicate()
    assert living(tmp_path) == set()
    assert list(tmp_path.iterdir()) == []
    with holding(tmp_path, "s"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_swept_before_it_has_its_lock_says_so_anew(tmp_path, monkeypatch):
    lock, swept = fcntl.flock, []

    def late(file, how):
        if how == fcntl.LOCK_EX and not swept:
            swept.append(living(tmp_path))
        return lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with holding(tmp_path, "r"):
        assert swept == [set()]
        assert living(tmp_path) == {"r"}
    assert living(tmp_path) == set()


def test_stale_are_those_without_a_process_that_had_the_time_to_get_one():
    runs = [run("dead", since=NOW - 3 * MINUTE), run("alive", since=NOW - 3 * MINUTE), run("young")]
    assert [m.run.run_id for m in stale(runs, {"alive"}, NOW)] == ["dead"]


def test_after_a_stop_all_unfinished_runs_are_orphans():
    marks = orphaned([run("a"), run("b", state="PENDING")])
    assert {m.state for m in marks} == {"CRASHED"}
    assert len(marks) == 2


def test_a_missed_schedule_is_made_good_once():
    late = [run(str(n), state="SCHEDULED", expected=NOW - n * MINUTE) for n in (1, 2, 3)]
    other = run("other", deployment="e", state="SCHEDULED", expected=NOW - 9 * MINUTE)
    future = run("future", state="SCHEDULED", expected=NOW + MINUTE)
    by_hand = run("by hand", state="SCHEDULED", expected=NOW - MINUTE, automatic=False)
    marks = missed([*late, other, future, by_hand], NOW)
    assert sorted(m.run.run_id for m in marks) == ["2", "3"]


def test_a_slot_that_nobody_holds_is_a_leak():
    busy, idle, free = (Deployment(n, n, False, "limit", taken) for n, taken in (("d", 1), ("e", 1), ("f", 0)))
    assert leaked([busy, idle, free], [run(deployment="d")]) == [idle]


def test_the_self_check_wants_a_scheduled_run_that_started():
    patience = timedelta(seconds=180)
    started = run(started=NOW + MINUTE)
    assert verdict([started], NOW, NOW + MINUTE, patience) == (True, None)
    assert verdict([], NOW, NOW + MINUTE, patience) == (False, None)
    before = run(started=NOW - MINUTE, expected=NOW - MINUTE)
    ok, wrong = verdict([before], NOW, NOW + 4 * MINUTE, patience)
    assert not ok
    assert "scheduler made no run" in wrong
    waiting = run(state="SCHEDULED", expected=NOW + MINUTE)
    assert "none started" in verdict([waiting], NOW, NOW + 4 * MINUTE, patience)[1]
    by_hand = run(started=NOW + MINUTE, automatic=False)
    assert not verdict([by_hand], NOW, NOW + MINUTE, patience)[0]
