"""Where the list of feeds comes from: --feeds (path or URL), else feeds.toml here, else the list in the package."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from pathlib import Path

from monitor.config import Settings
from monitor.errors import FeedsFileError
from monitor.feeds_file import read_feeds, read_text
from monitor.pipeline.context import Clock
from monitor.records import Feed
from monitor.web import Web, WebSettings

OWN_FILE = Path("feeds.toml")


def load_feeds(settings: Settings, clock: Clock) -> list[Feed]:
    """The feeds of the settings. Raises FeedsFileError, naming file and line."""
    name = settings.feeds
    if name is None:
        if OWN_FILE.exists():
            return read_feeds(read_text(OWN_FILE), str(OWN_FILE))
        return built_in()
    if name.startswith(("http://", "https://")):
        return read_feeds(_download(name, settings, clock), name)
    return read_feeds(read_text(Path(name)), name)


def built_in() -> list[Feed]:
    """The feeds that the package ships."""
    return read_feeds(files("monitor").joinpath("data/feeds.toml").read_text("utf-8"), "feeds.toml")


def _download(url: str, settings: Settings, clock: Clock) -> str:
    """The operator typed this URL, so its address is not held against the guard."""

    async def get() -> bytes:
        web = Web(WebSettings(timeout=settings.timeout, contact=settings.contact, host_delay=0), clock=clock)
        async with web:
            response = await web.get(url, kind="feed", trusted=True)
        if response.outcome != "ok":
            why = f"HTTP {response.status}" if response.status else response.error or response.outcome
            raise FeedsFileError(f"{url}: the list of feeds could not be fetched: {why}")
        return response.body

    try:
        return asyncio.run(get()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedsFileError(f"{url}: not UTF-8: {error}") from None
