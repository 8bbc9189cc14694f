"""No connection to what is not a public web server, however it is named."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web import Web, WebSettings
from monitor.web.guard import networks, refusal
from tests.integration.small_web import SmallWeb, browse, clock

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::1", "2001:db8::1", "192.88.99.1",
    "not an address",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address):
    assert refusal(address, ()) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address):
    assert refusal(address, ()) is None


def test_a_named_range_is_allowed_and_nothing_beside_it():
    allowed = networks(["127.0.1.0/24", " fd00::/8 "])
    assert refusal("127.0.1.9", allowed) is None
    assert refusal("::ffff:127.0.1.9", allowed) is None
    assert refusal("fd00::1", allowed) is None
    assert refusal("127.0.2.1", allowed) is not None


@given(st.ip_addresses(v=4).filter(lambda a: not a.is_global))
def test_wrapping_a_private_address_does_not_help(address: IPv4Address):
    number = int(address)
    forms = (number, 0xFFFF << 32 | number, (0x64FF9B << 96) | number, (0x2002 << 112) | number << 80)
    assert all(refusal(str(IPv6Address(form)), ()) is not None for form in forms)


BAIT_FORMS = ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"]


@pytest.mark.parametrize("form", BAIT_FORMS)
@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_bait_is_never_asked(form, kind):
    async def go():
        async with (
            SmallWeb({"*": (200, {}, b"secret")}) as bait,
            Web(WebSettings(host_delay=0, timeout=2), clock) as client,
        ):
            port = bait.base.rpartition(":")[2]
            return await client.get(f"http://{form}:{port}/admin", kind=kind), bait.asked

    response, asked = asyncio.run(go())
    assert response.outcome == "blocked"
    assert asked == []
    assert response.body == b""


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://127.0.0.1/x", "javascript:alert(1)", "data:text/html,x"]
)
def test_a_redirect_out_of_the_web_is_blocked(target):
    async def visit(client, small):
        return await client.get(small.base + "/a", kind="feed")

    assert browse({"/a": (302, {"Location": target}, b"")}, visit).outcome == "blocked"


def test_a_redirect_to_a_private_address_is_blocked():
    async def go():
        async with SmallWeb({"*": (200, {}, b"secret")}, host="127.0.0.2") as bait:
            routes = {"/a": (302, {"Location": bait.base + "/x"}, b"")}
            async with SmallWeb(routes) as small:
                settings = WebSettings(allow_network=("127.0.0.1/32",), host_delay=0, timeout=2)
                async with Web(settings, clock) as client:
                    return await client.get(small.base + "/a", kind="feed"), bait.asked

    response, asked = asyncio.run(go())
    assert (response.outcome, asked) == ("blocked", [])


def test_the_operators_own_url_is_fetched_as_given_but_its_redirects_are_not():
    async def go():
        routes = {"/feeds.csv": (200, {}, b"name,url"), "/r": (302, {"Location": "/feeds.csv"}, b"")}
        async with SmallWeb(routes) as small, Web(WebSettings(host_delay=0, timeout=2), clock) as client:
            own = await client.get(small.base + "/feeds.csv", kind="feed", trusted=True)
            moved = await client.get(small.base + "/r", kind="feed", trusted=True)
            return own, moved

    own, moved = asyncio.run(go())
    assert (own.outcome, own.body) == ("ok", b"name,url")
    assert moved.outcome == "blocked"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/x", "http://", "nonsense"]
)
def test_what_is_no_web_address_is_not_asked(url):
    async def visit(client, _small):
        return await client.get(url, kind="page")

    assert browse({}, visit).outcome == "bad_url"


def test_a_private_address_among_allowed_ones_is_not_tried_when_they_fail(monkeypatch):
    def resolve(_host, port, *_args, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("127.0.0.2", "127.0.0.1", "127.0.0.3")]

    async def go():
        allowed = WebSettings(host_delay=0, timeout=2, allow_network=("127.0.0.2/32", "127.0.0.3/32"))
        async with SmallWeb({"*": (200, {}, b"secret")}) as bait, Web(allowed, clock) as client:
            monkeypatch.setattr(socket, "getaddrinfo", resolve)
            port = bait.base.rpartition(":")[2]
            return await client.get(f"http://rebind.example:{port}/admin", kind="feed"), bait.asked

    response, asked = asyncio.run(go())
    assert (response.body, asked) == (b"", [])
    assert response.outcome in ("blocked", "connection")


def test_a_name_that_resolves_to_a_private_address(monkeypatch):
    def resolve(_host, port, *_args, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def go():
        async with (
            SmallWeb({"*": (200, {}, b"secret")}) as bait,
            Web(WebSettings(host_delay=0, timeout=2), clock) as client,
        ):
            monkeypatch.setattr(socket, "getaddrinfo", resolve)
            port = bait.base.rpartition(":")[2]
            return await client.get(f"http://rebind.example:{port}/admin", kind="feed"), bait.asked

    response, asked = asyncio.run(go())
    assert (response.outcome, asked) == ("blocked", [])
