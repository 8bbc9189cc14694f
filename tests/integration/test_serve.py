"""`monitor serve` as it is: a server, flows that run, runs that are cancelled and killed, artifacts by the API."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import duckdb
import pytest

from monitor.notify import read_facts
from monitor.store.lock import WriterLock
from monitor.supervise.server import FINISHED, ServerError
from tests.integration.press import Press, serving
from tests.integration.service_trial import Trial, trial

IDLE = """
[collect]
cron = "0 0 1 1 *"
parameters = {all_feeds = true}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service(Trial):
    """The service with nothing due, so that each test asks for its runs."""

    def ask(self, method, path, body=None):
        return self.server._ask(method, path, body)

    def begin(self, flow="collect", **parameters):
        deployment = next(d for d in self.server.deployments() if d.name == flow)
        made = self.ask("POST", f"/deployments/{deployment.deployment_id}/create_flow_run", {"parameters": parameters})
        return made["id"]

    def state(self, run_id):
        return self.ask("GET", f"/flow_runs/{run_id}")["state"]

    def ended(self, run_id, seconds=90):
        def over():
            try:
                state = self.state(run_id)
            except ServerError:
                return None
            return state if state["type"] in FINISHED else None

        return self.wait(over, seconds, f"the end of {run_id}")

    def running(self, run_id, seconds=60):
        return self.wait(lambda: self.state(run_id)["type"] == "RUNNING", seconds, f"{run_id} to run")

    def artifacts(self, run_id):
        wanted = {"artifacts": {"flow_run_id": {"any_": [run_id]}}, "sort": "CREATED_DESC"}
        return {a["key"]: a for a in reversed(self.ask("POST", "/artifacts/filter", wanted))}


def made(folder, press, schedules=None, **more):
    folder.mkdir(parents=True, exist_ok=True)
    feeds = folder / "feeds.toml"
    feeds.write_text(press.feeds_toml())
    service = Service(folder, str(feeds), free_port(), allow="127.0.0.0/8", **more)
    service.schedules = schedules or service.schedules
    return service


@pytest.fixture(scope="session")
def press():
    with serving(Press()) as press:
        yield press


@pytest.fixture(scope="session")
def service(press, tmp_path_factory):
    service = made(tmp_path_factory.mktemp("service"), press, IDLE, environment={"MONITOR_EXECUTOR": "inline"})
    service.start()
    try:
        service.wait(lambda: len(service.deployments()) >= 7, 120, "the flows")
        yield service
    finally:
        seconds, code = service.stop()
    assert code == 0
    assert seconds < 15
    assert service.left_running() == 0


def stored(service):
    with duckdb.connect(str((service.data / "monitor.duckdb").resolve()), read_only=True) as con:
        return con.execute("SELECT count(*), count(DISTINCT article_id) FROM articles").fetchone()


def test_a_scheduled_run_starts_by_itself(service):
    service.wait(lambda: "self-check passed" in service.log_text(), 90, "the self-check")


def test_collect_twice_stores_once_and_shows_what_it_did(service, press):
    first, hits = service.begin(), None
    assert service.ended(first)["type"] == "COMPLETED", service.tail()
    assert stored(service) == (18, 18)
    hits = sum(n for path, n in press.hits.items() if path.startswith("/a/"))
    second = service.begin()
    assert service.ended(second)["name"] == "Completed"
    assert stored(service) == (18, 18)
    assert sum(n for path, n in press.hits.items() if path.startswith("/a/")) == hits

    shown = service.artifacts(first)
    assert (shown["collect-progress"]["type"], shown["collect-progress"]["data"]) == ("progress", 100)
    assert "18 new entries = 18 stored + 0 duplicate" in shown["collect-summary"]["data"]
    rows = json.loads(shown["feeds"]["data"])
    assert [row["new"] for row in rows] == ["6", "6", "6"]
    assert "0 new entries" in service.artifacts(second)["collect-summary"]["data"]
    logs = {"logs": {"flow_run_id": {"any_": [first]}}}
    service.wait(
        lambda: any("3 of 3 feeds" in line["message"] for line in service.ask("POST", "/logs/filter", logs)),
        20,
        "the library's line in the run's log",
    )
    assert service.ask("GET", f"/flow_runs/{first}")["name"].startswith("collect 20")


def test_a_run_that_overlaps_is_cancelled_and_a_killed_one_gives_way(service, press):
    press.entries, press.delay = 12, 1.5
    try:
        slow = service.begin()
        service.running(slow)
        over = service.begin()
        assert service.ended(over)["type"] == "CANCELLED"
        assert "concurrency limit" in service.state(over)["message"]
        os.kill(service.wait(lambda: service.pid_of("run"), 20, "its process"), signal.SIGKILL)
        assert service.ended(slow)["type"] == "CRASHED"
    finally:
        press.delay = 0
    after = service.begin()
    assert service.ended(after)["type"] == "COMPLETED"
    assert stored(service) == (36, 36)


def test_what_was_running_when_the_flows_died_is_marked_and_does_not_block(service, press):
    press.entries, press.delay = 18, 1.5
    try:
        slow = service.begin()
        service.running(slow)
        flows, run = service.pid_of("flows"), service.wait(lambda: service.pid_of("run"), 20, "its process")
        for pid in (flows, run):  # at one blow, as when memory runs out: neither can say what became of the run
            os.kill(pid, signal.SIGKILL)
        state = service.ended(slow, 60)
        assert (state["type"], state["name"]) == ("CRASHED", "Crashed")
        assert "the service stopped while it ran" in state["message"]
    finally:
        press.delay = 0
    service.wait(lambda: service.pid_of("flows") not in (None, flows), 30, "the flows again")
    after = service.begin()
    assert service.ended(after)["type"] == "COMPLETED"
    assert stored(service) == (54, 54)


def test_the_other_flows_run(service):
    names = ("refresh", "backup", "report", "retag", "retention")
    runs = {name: service.begin(name) for name in names}
    assert {name: service.ended(run, 120)["type"] for name, run in runs.items()} == dict.fromkeys(names, "COMPLETED")
    assert list((service.data / "backups").glob("*.duckdb"))
    assert {p.suffix for p in (service.data / "reports").iterdir()} == {".md", ".html"}
    assert "opened and whole" in service.artifacts(runs["backup"])["backup"]["data"]


def test_a_parameter_that_does_not_fit_is_refused_by_the_form(service):
    with pytest.raises(ServerError, match="answered 4"):
        service.begin(all_feeds="perhaps")


def test_the_doctor_finds_nothing_bad(service):
    environment = os.environ | {"MONITOR_PREFECT_PORT": str(service.port), "MONITOR_FEEDS": service.feeds}
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "doctor", "--json"]
    done = subprocess.run(
        [*command, "--data", str(service.data)], env=environment, capture_output=True, text=True, check=False
    )
    found = {f["name"]: f for f in json.loads(done.stdout)}
    assert [f for f in found.values() if f["level"] == "bad"] == []
    assert "Prefect 3.8" in found["server"]["said"]
    assert read_facts(service.data).outcome == "completed"


def serve(*options, **environment):
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "serve", *options]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_what_would_fail_over_and_over_is_said_at_once(tmp_path):
    (tmp_path / "s.toml").write_text("[gather]")
    (tmp_path / "f.toml").write_text("[[feed]]\nid = 3")
    data = ("--data", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ends = [
            serve(*data, "--schedules", str(tmp_path / "s.toml")),
            serve(*data, "--feeds", str(tmp_path / "f.toml")),
            serve(*data, MONITOR_PREFECT_PORT=port),
            serve(*data, MONITOR_PREFECT_PORT="8600", MONITOR_DASHBOARD_PORT="8600"),
            serve(*data, MONITOR_SMTP_SERVER="mail.example.org:25"),
            serve(*data, MONITOR_WEBHOOK_URL="hooks.example.org/x"),
            serve(*data, MONITOR_DASHBOARD_URL="monitor.example.org"),
        ]
    assert [done.returncode for done in ends] == [2] * 7
    said = (
        "[gather] is no flow",
        "f.toml",
        f"port {port} is taken",
        "both 8600",
        "mail_from",
        "webhook_url",
        "https://",
    )
    for done, words in zip(ends, said, strict=True):
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_second_service_of_a_folder_is_refused_in_one_line(tmp_path):
    (tmp_path / "prefect").mkdir()
    lock = WriterLock(tmp_path / "prefect" / "flows.lock")
    lock.acquire()
    try:
        done = serve("--data", str(tmp_path), MONITOR_PREFECT_PORT="4390", MONITOR_DASHBOARD_PORT="4391")
    finally:
        lock.release()
    assert done.returncode == 2
    assert f"pid {os.getpid()}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.long
def test_a_server_that_plans_nothing_is_noticed(press, tmp_path):
    """A healthy API once hid a dead scheduler."""
    service = made(
        tmp_path,
        press,
        IDLE,
        environment={"PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false", "MONITOR_SELF_CHECK": "20"},
    )
    before = time.monotonic()
    service.start()
    assert service.process.wait(120) == 1
    assert time.monotonic() - before < 100
    assert "its scheduler made no run" in service.tail()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_five_minutes_of_service_with_each_process_killed_in_turn(tmp_path):
    with serving(Press(feeds=6, entries=10)) as press:
        service = made(tmp_path, press)
        found = trial(service, 5.5, ["server", "flows"])
    assert found["due"] >= 4
    assert found["late_over_30_s"] <= 1, found
    assert found["hanging"] == 0
    assert found["left_running"] == 0
    assert found["oldest_copy_s"] <= 120
    assert found["most_pss_mb"] <= 1500
    assert all(kill["up_s"] <= 60 for kill in found["kills"])
    assert found["stop_s"] <= 15


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_missed_schedule_is_made_good_once(tmp_path):
    with serving(Press()) as press:
        service = made(tmp_path, press, interval=30)
        service.start()
        try:
            service.wait(lambda: any(r.state == "COMPLETED" for r in service.runs()), 150, "a first collection")
        finally:
            service.stop()
        down = datetime.now(UTC)
        time.sleep(130)
        up = datetime.now(UTC)
        service.start()
        try:
            service.wait(lambda: service.a_run_started_after(up), 150, "a run after the pause")
            missed = [r for r in service.runs() if r.automatic and r.expected_at and down < r.expected_at < up]
        finally:
            service.stop()
    names = [r.state_name for r in missed]
    assert names.count("Missed") >= 3
    assert len(names) - names.count("Missed") <= 1, names
