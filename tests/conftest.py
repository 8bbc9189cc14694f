"""Every test is kept to 127.0.0.0/8: a connection to anywhere else is an error, not a wait."""

import ipaddress
import os
import socket
from datetime import UTC, datetime

import hypothesis
import pytest

# one of each for all files of a process: a file that imported them would have its own
from tests.press_site import client, press  # noqa: F401

# no test measures time; on a build server hypothesis's own profile does the same and draws the same cases each time
if not os.environ.get("CI"):
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")

_connect = socket.socket.connect


def _loopback_only(sock, address):
    if sock.family in (socket.AF_INET, socket.AF_INET6):
        host = address[0]
        try:
            allowed = ipaddress.ip_address(host).is_loopback
        except ValueError:
            allowed = host == "localhost"
        if not allowed:
            raise AssertionError(f"a test tried to reach {host}")
    return _connect(sock, address)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch, tmp_path_factory):
    """A developer's own MONITOR_* variables and monitor.toml must not decide a test."""
    for name in [n for n in os.environ if n.startswith("MONITOR_") and n != "MONITOR_REQUIRE_BROWSER"]:
        monkeypatch.delenv(name)


@pytest.fixture
def clock():
    """A clock that stands still: Sunday 22 November 2026, noon UTC."""
    return lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)
