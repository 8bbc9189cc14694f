"""Fixtures: a made-up press published in a folder, and the dashboard on it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from tests.contract.tree import ROOT
from tests.made_press import Shape, make

SHAPE = Shape(weeks=70, rate=0.8)
WATCH = '[[watch]]\nname = "Mekong"\nentities = ["Cambodia", "Thailand", "VNM", "Atlantis"]\n'
EVENTS = "date,label,url\n2026-06-12,Shangri-La <b>Dialogue</b>,https://example.org/sld\n2026-10-26,ASEAN summit,\n"


@pytest.fixture(scope="session")
def press(tmp_path_factory):
    """A published archive that tests only read."""
    folder = tmp_path_factory.mktemp("press")
    make(folder, SHAPE)
    (folder / "watch.toml").write_text(WATCH)
    (folder / "events.csv").write_text(EVENTS)
    return folder


class Answer:
    """What came back, as tests want to look at it."""

    def __init__(self, response):
        self.status_code = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.content = response.read()

    @property
    def text(self):
        return self.content.decode()

    def json(self):
        return json.loads(self.content)


class Client:
    """Asks one running dashboard; redirects and caches are nobody's business here."""

    def __init__(self, port, process=None):
        self.port = port
        self.process = process
        self.origin = f"http://127.0.0.1:{port}"

    def get(self, path, params=None, headers=None):
        if params:
            path += ("&" if "?" in path else "?") + urlencode(params)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def serving(folder, *options, environment=None):
    """The dashboard on a folder, as an operator starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboards", "--data", str(folder), "--port", str(port), *options]
    command += ["--watch-file", str(folder / "watch.toml"), "--events", str(folder / "events.csv")]
    log = (folder / "dashboard.log").open("w")
    # the code under test, also when another copy of it is installed
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]), **(environment or {})}
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    client = Client(port, process)
    try:
        _wait(client, process, folder)
        yield client
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(client, process, folder):
    for _ in range(300):
        assert process.poll() is None, (folder / "dashboard.log").read_text()
        try:
            client.get("/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the dashboard did not come up: " + (folder / "dashboard.log").read_text())


@pytest.fixture(scope="session")
def client(press):
    """A dashboard on the press."""
    with serving(press) as found:
        yield found
