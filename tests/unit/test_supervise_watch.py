import contextlib
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.config import load_settings
from monitor.notify import CollectFacts, write_facts
from monitor.supervise import Watch
from monitor.supervise.server import Deployment, FlowRun, PrefectServer, ServerError
from monitor.supervise.supervisor import answers
from monitor.supervise.watch import OVERDUE, SWEEP_ROUNDS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class FakeServer:
    """Answers as a Prefect server would, from lists."""

    api = "http://127.0.0.1:1/api"

    def __init__(self):
        self.up, self.known, self.marked, self.freed, self.started, self.paused = True, [], {}, [], [], False

    def healthy(self):
        return self.up

    def runs(self, states, **_):
        if not self.up:
            raise ServerError("down")
        return [r for r in self.known if r.state in states and r.run_id not in self.marked]

    def set_state(self, run_id, state, name, message):
        self.marked[run_id] = (state, name)

    def deployments(self):
        return [Deployment("d", "collect", self.paused, "limit", 1)]

    def start(self, deployment_id):
        self.started.append(deployment_id)

    def free_slots(self, limit_id):
        self.freed.append(limit_id)


class Scene:
    """A watch with a clock that the test moves."""

    def __init__(self, folder):
        self.now, self.failed, self.restarted, self.server = NOW, [], [], FakeServer()
        settings = load_settings({"data": folder, "alarm_free_gb": 0, "self_check": 60})
        write_facts(folder, CollectFacts(NOW, "completed", good_at=NOW))
        self.watch = Watch(
            self.server, settings, lambda: self.now, self.failed.append, lambda *why: self.restarted.append(why)
        )

    def later(self, by, looks=1):
        self.now += by
        for _ in range(looks):
            self.watch.look()


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def run(run_id, state, *, since=NOW, expected=None, started=None, automatic=True):
    return FlowRun(run_id, run_id, "d", state, state.title(), since, expected, started, None, automatic)


def test_a_server_that_never_answers_ends_the_service(scene):
    scene.server.up = False
    assert scene.watch.clear() is False
    scene.later(MINUTE / 2)
    assert scene.failed == []
    scene.later(MINUTE)
    assert "no Prefect server at" in scene.failed[0]


def test_before_the_flows_start_what_nobody_works_on_is_marked_and_its_slot_freed(scene):
    late = [run(n, "SCHEDULED", expected=NOW - t * MINUTE) for n, t in (("old", 9), ("new", 1))]
    scene.server.known = [run("dead", "RUNNING"), *late]
    assert scene.watch.clear()
    assert scene.server.marked == {"dead": ("CRASHED", "Crashed"), "old": ("CANCELLED", "Missed")}
    assert scene.server.freed == ["limit"]


def test_the_service_ends_when_no_scheduled_run_starts(scene):
    scene.watch.clear()
    scene.later(MINUTE / 2)
    assert scene.failed == []
    scene.later(MINUTE)
    assert "its scheduler made no run" in scene.failed[0]


def test_once_a_run_started_dead_ones_are_marked_and_overdue_ones_restart_the_flows(scene):
    scene.watch.clear()
    scene.server.known = [run("first", "COMPLETED", started=NOW + MINUTE / 4)]
    scene.later(MINUTE / 4)
    scene.server.known += [run("dead", "RUNNING", since=NOW)]
    scene.later(2 * MINUTE, SWEEP_ROUNDS)
    assert scene.server.marked == {"dead": ("CRASHED", "Crashed")}
    assert scene.restarted == []
    scene.server.known += [run("late", "SCHEDULED", expected=scene.now)]
    scene.later(OVERDUE + MINUTE, SWEEP_ROUNDS)
    assert scene.restarted == [("flows", "a run has been due for 6 minutes")]
    assert scene.failed == []


def test_a_killed_run_is_started_anew_once(scene):
    scene.watch.clear()
    scene.server.known = [run("killed", "CRASHED", since=NOW)]
    scene.later(MINUTE / 4, 3)
    assert scene.server.started == ["d"]
    scene.server.known.insert(0, run("anew", "CRASHED", since=scene.now, automatic=False))
    scene.later(MINUTE / 4)
    assert scene.server.started == ["d"]


def test_alarms_are_told_while_the_server_is_away(scene, caplog):
    scene.watch.clear()
    scene.server.known = [run("first", "COMPLETED", started=NOW + MINUTE / 4)]
    scene.later(MINUTE / 4)
    scene.server.up = False
    for _ in range(SWEEP_ROUNDS):
        with pytest.raises(ServerError):
            scene.later(timedelta(hours=9))
    assert [r.getMessage() for r in caplog.records if "No successful collection" in r.getMessage()]


@pytest.mark.parametrize("since", ["RUNNING", "COMPLETED", "FAILED"])
def test_a_killed_run_after_which_another_ran_is_left(scene, since):
    scene.watch.clear()
    scene.server.known = [run("next", since), run("killed", "CRASHED")]
    scene.later(MINUTE / 4)
    assert scene.server.started == []


def test_a_killed_run_of_long_ago_or_of_a_paused_flow_is_left(scene):
    scene.watch.clear()
    scene.server.known = [run("killed", "CRASHED", since=NOW - 11 * MINUTE)]
    scene.later(MINUTE / 4)
    scene.server.known = [run("of a paused flow", "CRASHED", since=scene.now)]
    scene.server.paused = True
    scene.later(MINUTE / 4)
    assert scene.server.started == []


class Api(BaseHTTPRequestHandler):
    """Answers from the server's list, in order."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, body))
        status, answer = self.server.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST  # noqa: N815  # the name that the base class calls

    def log_message(self, *_):
        pass


@pytest.fixture
def api():
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.answers, server.asked = [], []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.client = PrefectServer(f"http://127.0.0.1:{server.server_address[1]}/api")
        yield server
        server.shutdown()


def test_a_busy_server_is_asked_again(api):
    api.answers = [(503, b"locked"), (200, b'"3.8.8"')]
    assert api.client.version() == "3.8.8"


def test_an_error_says_what_the_server_said(api):
    api.answers = [(422, b"no such field")]
    with pytest.raises(ServerError, match="answered 422 to /admin/version: no such field"):
        api.client.version()


def test_a_run_is_planned_by_its_deployment(api):
    api.answers = [(201, b"{}")]
    api.client.start("d1")
    assert api.asked[0][:2] == ("POST", "/api/deployments/d1/create_flow_run")


def test_nobody_there_is_an_error_and_not_healthy():
    nobody = PrefectServer("http://127.0.0.1:9/api", timeout=1)
    assert not nobody.healthy()
    with pytest.raises(ServerError, match="no Prefect server at"):
        nobody.version()


def test_old_runs_are_forgotten_in_batches(api):
    api.answers = [(200, json.dumps({"deleted": ["x"] * n}).encode()) for n in (50, 50, 7)]
    assert api.client.forget(NOW) == 107
    asked = json.loads(api.asked[0][2])
    assert asked["flow_runs"]["end_time"] == {"before_": NOW.isoformat()}
    assert "RUNNING" not in asked["flow_runs"]["state"]["type"]["any_"]


def test_a_server_killed_while_it_answers_is_an_error_and_not_healthy():
    def broken(raw):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            thread = threading.Thread(target=_say, args=(listening, raw), daemon=True)
            thread.start()
            client = PrefectServer(f"http://127.0.0.1:{port}/api", timeout=2)
            assert not answers(f"http://127.0.0.1:{port}/") if b"HTTP" not in raw else True
            assert not client.healthy()
            with pytest.raises(ServerError, match="no Prefect server at"):
                client.version()

    broken(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[1, 2")
    broken(b"SSH-2.0-OpenSSH_9.2\r\n")


def _say(listening, raw):
    with contextlib.suppress(OSError):
        while True:
            line, _ = listening.accept()
            with line:
                line.recv(4096)
                line.sendall(raw)


def test_the_watch_outlives_what_trips_it(tmp_path, monkeypatch):
    scene, looked = Scene(tmp_path), threading.Semaphore(0)

    def trip():
        looked.release()
        raise KeyError("state")

    monkeypatch.setattr("monitor.supervise.watch.ROUND", 0.01)
    monkeypatch.setattr(scene.watch, "look", trip)
    scene.watch.start()
    assert all(looked.acquire(timeout=5) for _ in range(3))
    scene.watch.stop()
