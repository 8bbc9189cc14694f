"""Collects commentary from feeds, tags the countries and organisations it names, and counts them with evidence."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.queries import Archive
    from monitor.records import Place

__all__ = ["open"]
__version__ = "0.1.0"


def open(data: str | PathLike[str] | Place = "data") -> Archive:
    """Open the published copy in a data folder, read-only: `monitor.open("data").trend("Cambodia", weeks=52)`.

    A lake is opened by its place: `monitor.open(load_settings({}).place)` is what the settings name.
    """
    from pathlib import Path

    from monitor.queries import open_archive
    from monitor.records import Place

    return open_archive(data if isinstance(data, Place) else Path(data))
