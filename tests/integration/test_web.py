"""One GET in, one Response out: limits, encodings, redirects, validators."""

import asyncio
import gzip
import socket
import ssl
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest

from monitor.web import Web, WebSettings
from tests.integration.small_web import SmallWeb, browse, clock, get

TEXT = b"<rss>" + bytes(range(32, 127)) * 200 + b"</rss>"


def raw_deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


ENCODED = {
    "gzip": ("gzip", gzip.compress(TEXT)),
    "gzip in two members": ("gzip", gzip.compress(TEXT[:700]) + gzip.compress(TEXT[700:])),
    "gzip with a tail": ("gzip", gzip.compress(TEXT) + b"\0\0\0"),
    "x-gzip": ("x-gzip", gzip.compress(TEXT)),
    "zlib deflate": ("deflate", zlib.compress(TEXT)),
    "raw deflate": ("deflate", raw_deflate(TEXT)),
    "brotli": ("br", brotli.compress(TEXT)),
    "a header that lies": ("gzip", TEXT),
    "identity": ("identity", TEXT),
    "a charset in the wrong place": ("UTF-8", TEXT),
    "none": ("none", TEXT),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_are_undone(name):
    encoding, body = ENCODED[name]
    response = get({"/": (200, {"Content-Encoding": encoding}, body)})
    assert (response.outcome, response.body, response.wire_bytes) == ("ok", TEXT, len(body))


@pytest.mark.parametrize("name", ["gzip", "raw deflate", "brotli"])
def test_a_body_that_comes_byte_by_byte(name):
    encoding, body = ENCODED[name]

    async def slowly(line, _asked):
        line.writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        for i in range(len(body)):
            line.writer.write(body[i : i + 1])
            await asyncio.sleep(0)

    assert get({"/": slowly}).body == TEXT


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)[:-20]),
        ("br", brotli.compress(TEXT)[:-5]),
        ("gzip", b"\x1f\x8b\x08junk" * 9),
        ("zstd", b"x" * 9),
    ],
)
def test_a_body_broken_inside_its_encoding_is_no_success(encoding, body):
    assert get({"/": (200, {"Content-Encoding": encoding}, body)}).outcome == "connection"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_bomb_stops_at_the_cap_and_costs_no_memory(encoding):
    size = 60_000_000
    pack = {"gzip": gzip.compress, "br": lambda d: brotli.compress(d, quality=1), "deflate": zlib.compress}[encoding]
    bomb = pack(b"A" * size)
    tracemalloc.start()
    try:
        response = get({"/": (200, {"Content-Encoding": encoding}, bomb)}, settings={"feed_cap": 1_000_000})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (response.outcome, response.body) == ("too_large", b"")
    assert peak < 8_000_000


def test_caps_by_kind_and_a_length_that_says_it_at_once():
    body = b"x" * 3000
    settings = {"feed_cap": 4000, "page_cap": 2000}
    assert get({"/": (200, {}, body)}, kind="feed", settings=settings).outcome == "ok"
    assert get({"/": (200, {}, body)}, kind="page", settings=settings).outcome == "too_large"


def test_an_endless_body_ends_at_the_cap():
    async def endless(line, _asked):
        line.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not line.writer.transport.is_closing():
            line.writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await line.writer.drain()

    assert get({"/": endless}, settings={"feed_cap": 100_000}).outcome == "too_large"


def test_the_time_limit_is_for_the_whole_request():
    async def drip(line, _asked):
        line.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not line.writer.transport.is_closing():
            line.writer.write(b"1\r\nx\r\n")
            await asyncio.sleep(0.05)

    response = get({"/": drip}, settings={"timeout": 0.4})
    assert response.outcome == "timeout"
    assert 0.3 < response.seconds < 1.5


def test_no_header_in_time():
    async def silent(_line, _asked):
        await asyncio.sleep(1)

    assert get({"/": silent}, settings={"timeout": 0.2}).outcome == "timeout"


@pytest.mark.parametrize("limit", [{}, {"per_host": 9, "connections": 1}])
def test_time_in_the_queue_is_not_the_requests(limit):
    async def slow(line, _asked):
        await asyncio.sleep(0.25)
        await line.answer(200, b"x")

    async def visit(client, small):
        return await asyncio.gather(*(client.get(f"{small.base}/{i}", kind="feed") for i in range(6)))

    responses = browse({"*": slow}, visit, {"timeout": 0.5} | limit)
    assert {r.outcome for r in responses} == {"ok"}
    assert max(r.seconds for r in responses) < 0.5


async def truncated(line, _asked):
    await line.answer(200, b"half", length=4000)
    line.writer.close()


async def reset(line, _asked):
    await line.answer(200, b"half", length=4000)
    await asyncio.sleep(0.05)
    line.reset()


async def garbage(line, _asked):
    line.writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    line.writer.close()


async def vanish(line, _asked):
    line.writer.close()


async def long_header(line, _asked):
    await line.answer(200, b"x", {"X-Long": "y" * 70_000})


async def many_headers(line, _asked):
    await line.answer(200, b"x", {f"X-{i}": "y" for i in range(2000)})


@pytest.mark.parametrize("route", [truncated, reset, garbage, vanish, long_header, many_headers])
def test_a_broken_connection_is_a_passing_failure(route):
    response = get({"/": route})
    assert response.outcome == "connection"
    assert response.error


def test_nobody_listens():
    async def visit(client, _small):
        return await client.get("http://127.0.0.1:9/x", kind="feed")

    assert browse({}, visit).outcome == "connection"


def test_a_host_that_does_not_resolve(monkeypatch):
    def fails(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fails)

    async def visit(client, _small):
        return await client.get("http://no-such-host.invalid/x", kind="feed")

    assert browse({}, visit).outcome == "dns"


def test_a_certificate_that_nobody_signed_is_refused():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent.parent / "data" / "self-signed.pem")

    async def go():
        settings = WebSettings(allow_network=("127.0.0.1/32",), host_delay=0, timeout=2)
        async with SmallWeb({"*": (200, {}, b"secret")}, ssl=context) as small, Web(settings, clock) as client:
            return await client.get(small.base + "/x", kind="feed"), small.asked

    response, asked = asyncio.run(go())
    assert (response.outcome, asked) == ("tls", [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_error_statuses_keep_their_number_and_no_body(status):
    response = get({"/": (status, {"Retry-After": "120"}, b"<h1>no</h1>")})
    assert (response.outcome, response.status, response.body) == ("http", status, b"")
    assert response.retry_after == 120.0


def test_redirects_are_followed_and_permanent_ones_told():
    routes = {
        "/a": (301, {"Location": "/b"}, b""),
        "/b": (308, {"Location": "/c"}, b""),
        "/c": (200, {}, b"here"),
        "/t": (302, {"Location": "/a"}, b""),
        "/m": (301, {"Location": "/t2"}, b""),
        "/t2": (307, {"Location": "/c"}, b""),
    }

    async def visit(client, small):
        return small.base, [await client.get(small.base + p, kind="feed") for p in ("/a", "/t", "/m")]

    base, (moved, passing, mixed) = browse(routes, visit)
    assert (moved.outcome, moved.body, moved.final_url, moved.moved_to) == ("ok", b"here", base + "/c", base + "/c")
    assert (passing.final_url, passing.moved_to) == (base + "/c", None)
    assert mixed.moved_to == base + "/t2"


def test_loops_and_long_chains_end():
    loop = {"/a": (302, {"Location": "/b"}, b""), "/b": (302, {"Location": "/a"}, b"")}
    assert get(loop, "/a").outcome == "redirect_loop"
    chain = {f"/{i}": (302, {"Location": f"/{i + 1}"}, b"") for i in range(9)} | {"/9": (200, {}, b"x")}
    assert get(chain, "/1").outcome == "redirect_limit"
    assert get(chain, "/4").outcome == "ok"


def test_validators_go_out_byte_for_byte_and_304_comes_back():
    async def route(line, asked):
        known = asked.headers.get("if-none-match") == 'W/"a b"' and asked.headers["if-modified-since"] == "Mon, x"
        await line.answer(304 if known else 200, b"" if known else b"new")

    assert get({"/": route}, etag='W/"a b"', last_modified="Mon, x").outcome == "not_modified"
    assert get({"/": route}).body == b"new"


def test_what_is_sent():
    async def visit(client, small):
        await client.get(small.base + "/a?x=1#frag", kind="feed")
        return small.asked

    (asked,) = browse({"*": (200, {}, b"")}, visit, {"contact": "https://example.org/about"})
    assert (asked.method, asked.path) == ("GET", "/a?x=1")
    assert asked.headers["user-agent"].startswith("monitor")
    assert "https://example.org/about" in asked.headers["user-agent"]
    assert asked.headers["accept-encoding"] == "gzip, deflate, br"
    assert "cookie" not in asked.headers


def test_cookies_are_not_kept():
    async def visit(client, small):
        await client.get(small.base + "/a", kind="feed")
        await client.get(small.base + "/b", kind="feed")
        return small.asked[-1].headers

    assert "cookie" not in browse({"*": (200, {"Set-Cookie": "a=b; Path=/"}, b"")}, visit)


def test_every_attempt_is_reported():
    seen = []

    async def visit(client, small):
        await client.get(small.base + "/a", kind="page")
        await client.get("mailto:x@y.z", kind="page")
        return small.base

    routes = {"/a": (200, {}, b"x"), "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /b")}
    base = browse(routes, visit, on_fetch=lambda kind, response: seen.append((kind, response.url, response.outcome)))
    assert seen == [
        ("robots", base + "/robots.txt", "ok"),
        ("page", base + "/a", "ok"),
        ("page", "mailto:x@y.z", "bad_url"),
    ]
