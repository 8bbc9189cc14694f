"""The sample site over HTTP: validators, 304, HEAD, 404, and a port that is taken."""

import socket
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from monitor.errors import MonitorError
from monitor.sample import serve_sample

NOW = datetime(2026, 5, 7, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def port():
    with serve_sample(NOW, 0) as feeds:
        yield int(feeds[0].url.split(":")[2].split("/")[0])


def ask(port, path, method="GET", **headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, headers={key.replace("_", "-"): value for key, value in headers.items()})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_every_feed_answers(port):
    with serve_sample(NOW, 0) as feeds:
        for feed in feeds:
            other, path = feed.url.removeprefix("http://127.0.0.1:").split("/", 1)
            assert int(other) != port
            status, headers, body = ask(int(other), f"/{path}")
            assert (status, int(headers["Content-Length"])) == (200, len(body))
            assert feed.name.encode() in body


def test_the_same_tag_or_date_gives_304_without_a_body(port):
    _, headers, body = ask(port, "/mekong-ledger/feed.xml")
    assert body
    for known in (
        {"If_None_Match": headers["ETag"]},
        {"If_None_Match": f'"other", W/{headers["ETag"]}'},
        {"If_Modified_Since": headers["Last-Modified"]},
    ):
        assert ask(port, "/mekong-ledger/feed.xml", **known)[::2] == (304, b"")


def test_another_tag_an_older_date_or_nonsense_gives_the_body(port):
    for unknown in (
        {"If_None_Match": '"other"'},
        {"If_Modified_Since": "Mon, 06 Jan 2020 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
        {"If_Modified_Since": "Mon, 06 Jan 2020 00:00:00 -0000"},
    ):
        status, _, body = ask(port, "/mekong-ledger/feed.xml", **unknown)
        assert status == 200
        assert body


def test_head_has_no_body_and_a_query_is_ignored(port):
    status, headers, body = ask(port, "/causeway-daily/feed.xml?x=1", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


def test_nothing_there_is_404_with_a_page(port):
    status, headers, body = ask(port, "/mekong-ledger/opinion/no-such-article")
    assert status == 404
    assert b"Page not found" in body
    assert "ETag" not in headers


def test_robots_txt(port):
    status, headers, body = ask(port, "/robots.txt")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert b"Disallow: /common-ground-observer/members/" in body


def test_a_taken_port_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with (
            pytest.raises(MonitorError, match=rf"needs port {number} on 127.0.0.1") as caught,
            serve_sample(NOW, number),
        ):
            pass
    assert "\n" not in str(caught.value)


def test_the_port_is_free_again_afterwards():
    with serve_sample(NOW, 0) as feeds:
        number = int(feeds[0].url.split(":")[2].split("/")[0])
    with serve_sample(NOW, number) as again:
        assert again == feeds
