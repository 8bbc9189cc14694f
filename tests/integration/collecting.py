"""Collections of a small press: the settings they run with, as a flow makes one."""

import shutil
from datetime import UTC, datetime

import pytest

from monitor import service
from monitor.config import load_settings
from monitor.pipeline.sources import load_feeds
from tests.integration.press import Press, serving


def now():
    return datetime.now(UTC)


@pytest.fixture
def press():
    with serving(Press()) as press:
        yield press


def settings_in(folder, press):
    feeds = folder / "feeds.toml"
    feeds.write_text(press.feeds_toml())
    options = {"feeds": str(feeds), "allow_network": ("127.0.0.0/8",), "host_delay": 0, "executor": "inline"}
    return load_settings({"data": folder / "data", **options})


@pytest.fixture
def settings(press, knowing, tmp_path):
    """An archive that knows the gazetteer, so that a first run need not read it again."""
    shutil.copytree(knowing, tmp_path / "data")
    return settings_in(tmp_path, press)


def collect(settings, **more):
    return service.collect_and_note(settings, load_feeds(settings, now), now, **more)
