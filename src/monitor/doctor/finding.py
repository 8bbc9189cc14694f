"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is good, note (fine, but know it), odd (look at it) or bad (it does not work)."""

    level: str
    said: str
    todo: str = ""
    name: str = ""
