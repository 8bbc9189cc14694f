"""The dashboard over time and under rules: new copies, none, broken ones, login, host names, its renderer."""

import base64
import os
import shutil
import signal
import subprocess
import time
from datetime import timedelta

import pytest
from dashboards.drawings import DrawingError, Drawings

from monitor import marts, publish
from monitor.store import Warehouse
from tests.made_press import NOW, Shape, feeds, make
from tests.press_site import serving

SMALL = Shape(weeks=14, rate=0.5, outage=(), spike=0, broken=99)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    make(folder, SMALL)
    return folder


def publish_again(folder, minutes):
    """A new copy of the same archive, with one source more."""
    now = NOW + timedelta(minutes=minutes)
    with Warehouse.open(folder, lambda: now) as warehouse:
        warehouse.sync_feeds(feeds()[: 12 - minutes])
        marts.build(warehouse)
        assert publish.publish(warehouse, now)


def until(condition, seconds=15):
    for _ in range(int(seconds * 10)):
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_it_follows_a_new_copy_and_survives_a_vanished_and_a_broken_one(small, tmp_path):
    shutil.copytree(small, tmp_path, symlinks=True, dirs_exist_ok=True)
    with serving(tmp_path) as client:
        assert client.get("/version").json() == {"vintage": 1}
        first = client.get("/")
        assert "copy 1" in first.text
        publish_again(tmp_path, 1)
        assert until(lambda: client.get("/version").json() == {"vintage": 2})
        second = client.get("/", headers={"If-None-Match": first.headers["etag"]})
        assert second.status_code == 200
        assert "copy 2" in second.text

        link = tmp_path / "monitor.duckdb"
        target = link.resolve()
        link.unlink()
        gone = client.get("/")
        assert gone.status_code == 404
        assert "There is no published copy" in gone.text
        assert "Traceback" not in gone.text
        assert client.get("/healthz").status_code == 200

        link.write_bytes(b"this is no database" * 1000)
        broken = client.get("/entity/KHM")
        assert broken.status_code == 503
        assert "cannot be read" in broken.text
        assert "Traceback" not in broken.text

        link.unlink()
        link.symlink_to(target)
        assert until(lambda: client.get("/").status_code == 200)
        assert "copy 2" in client.get("/").text


def test_before_the_first_publish_it_says_so_and_then_shows_it(tmp_path):
    with serving(tmp_path) as client:
        assert client.get("/").status_code == 404
        make(tmp_path, SMALL)
        assert until(lambda: client.get("/").status_code == 200)


def test_a_fresh_archive_says_since_when_and_what_it_cannot_say(tmp_path):
    make(tmp_path, Shape(weeks=3, rate=0.5, outage=(), spike=0, broken=99))
    with serving(tmp_path) as client:
        text = client.get("/").text
    assert "begins with the week of 2 Nov 2026 and spans 2 whole weeks" in text
    assert "can be said once it has 8 whole weeks before it: from 4 Jan 2027 on." in text
    assert "Spikes are looked for in weeks that have 26 whole weeks before them: from 10 May 2027 on." in text
    assert "too early to call" in text


def test_before_the_first_week_is_over_it_counts_without_comparing(tmp_path):
    make(tmp_path, Shape(weeks=1, rate=0.5, outage=(), spike=0, broken=99))
    with serving(tmp_path) as client:
        text = client.get("/").text
        named = client.get("/entity/asean").text
        elsewhere = [client.get(path).text for path in ("/map", "/pairs", "/compare", "/health")]
    assert "The first week is not over yet" in text
    assert "from 23 Nov 2026 on, when the first week is over" in text
    assert "<mark>" in text
    assert "than noise" not in text
    assert "articles so far; its first week, that of 16 Nov 2026, is not over yet." in named
    assert named.count('stroke-width="1.8"') >= 2, "the open week's point is drawn, wide and narrow"
    assert not any("2000" in text for text in elsewhere), "no made-up date"


def test_an_archive_without_articles_has_a_first_page(tmp_path):
    with Warehouse.open(tmp_path, lambda: NOW) as warehouse:
        warehouse.sync_feeds(feeds())
        marts.build(warehouse)
        publish.publish(warehouse, NOW)
    with serving(tmp_path) as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert "Nothing observed yet" in answer.text
        for path in ("/map", "/pairs", "/health", "/method", "/search?words=asean", "/compare", "/alerts.atom"):
            assert client.get(path).status_code in (200, 404), path


def test_a_renderer_that_dies_is_started_again(small):
    with serving(small) as client:
        assert "could not be drawn" not in client.get("/entity/KHM").text
        for pid in children(client.process.pid, "dashboards.renderer"):
            os.kill(pid, signal.SIGKILL)
        assert "could not be drawn" not in client.get("/entity/THA?unit=share").text
        assert len(children(client.process.pid, "dashboards.renderer")) == 1


def children(parent, word):
    rows = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True).stdout
    return [int(row.split()[0]) for row in rows.splitlines() if word in row]


@pytest.mark.parametrize("workers", [1, 2])
def test_stopping_it_stops_its_processes_and_clears_its_folder(small, tmp_path, workers):
    with serving(small, "--workers", str(workers), environment={"TMPDIR": str(tmp_path)}) as client:
        wanted = 1 if workers == 1 else 1 + workers
        found: list[int] = []

        def are_there():
            found[:] = children(client.process.pid, "python")  # one that is just being started has no command line
            return len(found) >= wanted

        assert until(are_there), "a renderer, and web workers when there are more than one"
        assert list(tmp_path.iterdir())
    assert until(lambda: not any(_lives(pid) for pid in found))
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_is_not_waited_for_when_the_dashboard_ends(tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr("dashboards.drawings.time.sleep", lambda seconds: waits.append(seconds) or tmp_path.rmdir())
    with pytest.raises(DrawingError, match="does not answer"):
        Drawings(tmp_path).svg({})
    assert len(waits) == 1


def test_a_renderer_does_not_outlive_a_killed_dashboard(small):
    with serving(small) as client:
        assert until(lambda: children(client.process.pid, "dashboards.renderer"))
        found = children(client.process.pid, "dashboards.renderer")
        client.process.kill()
        assert until(lambda: not any(_lives(pid) for pid in found))


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_login_when_a_password_is_set(small):
    with serving(small, environment={"MONITOR_DASHBOARD_PASSWORD": "s3cret"}) as client:
        refused = client.get("/")
        assert refused.status_code == 401
        assert "Basic" in refused.headers["www-authenticate"]
        for wrong in ("monitor:guess", "other:s3cret", ":", "monitor"):
            coded = base64.b64encode(wrong.encode()).decode()
            assert client.get("/", headers={"Authorization": f"Basic {coded}"}).status_code == 401
        assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401
        right = base64.b64encode(b"monitor:s3cret").decode()
        assert client.get("/", headers={"Authorization": f"Basic {right}"}).status_code == 200
        assert client.get("/download/monitor.duckdb").status_code == 401
        assert client.get("/healthz").status_code == 200


def test_it_answers_to_its_own_names_only(small):
    with serving(small, "--allow-host", "trends.example.org") as client:
        assert client.get("/method", headers={"Host": "attacker.example"}).status_code == 421
        assert client.get("/method", headers={"Host": f"localhost:{client.port}"}).status_code == 200
        assert client.get("/method", headers={"Host": "trends.example.org"}).status_code == 200


def test_under_a_base_path_behind_a_proxy(small):
    with serving(small, "--base-path", "/trends") as client:
        for path in ("/trends/method", "/method"):
            text = client.get(path).text
            assert 'href="/trends/map"' in text
            assert 'href="/trends/static/' in text
        style = text.split('rel="stylesheet" href="')[1].split('"')[0]
        assert client.get(style).headers["content-type"].startswith("text/css")
        assert 'href="/trends/evidence?' in client.get("/trends/entity/KHM").text
        proxied = client.get("/trends/alerts.atom", headers={"X-Forwarded-Proto": "https"})
        assert "https://127.0.0.1" in proxied.text


def test_an_open_address_without_login_is_warned_of(small):
    with serving(small, "--host", "0.0.0.0", "--allow-host", "*"):  # what the warning is about
        assert "no login is set" in (small / "dashboard.log").read_text()


@pytest.mark.parametrize(
    ("file", "text", "word"),
    [("watch.toml", "[[watch]]\nname = 3", "watch 1"), ("events.csv", "day,label\n", "date, label"),
     ("watch.toml", "[watch]\nname='x'", "two brackets"), ("events.csv", "date,label\n2026-13-01,x\n", "line 2")],
)  # fmt: skip
def test_a_bad_file_of_the_operator_is_one_line_and_exit_2(small, tmp_path, file, text, word):
    shutil.copytree(small, tmp_path / "data", symlinks=True)
    (tmp_path / "data" / file).write_text(text)
    with pytest.raises(AssertionError) as caught, serving(tmp_path / "data") as _:
        pass
    assert word in str(caught.value)
    assert "Traceback" not in str(caught.value)
