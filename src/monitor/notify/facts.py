"""What the last collection came to, in a file beside the data: the alarms and `monitor doctor` read it."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "last_collect.json"


@dataclass(frozen=True, slots=True)
class CollectFacts:
    """One collection: `outcome` is completed, unreached, check_failed or failed; `good_at` is the last good one's end.

    `feeds_failing` of `feeds` active ones could not be read at their last poll.
    """

    at: datetime
    outcome: str
    detail: str = ""
    feeds: int = 0
    feeds_failing: int = 0
    good_at: datetime | None = None


def read_facts(data: Path) -> CollectFacts | None:
    """The facts of the last collection, if there was one and its file is whole."""
    try:
        raw = json.loads((data / FILE).read_text("utf-8"))
        at, good = instant(raw.pop("at")), raw.pop("good_at")
        return CollectFacts(at=at, good_at=instant(good) if good else None, **raw)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def instant(text: str) -> datetime:
    """A time as it is written in these files; one that an editor left without a zone is in UTC."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=at.tzinfo or UTC)


def write_facts(data: Path, facts: CollectFacts) -> CollectFacts:
    """Replace the file; a run that was not good keeps the time of the last one that was."""
    before = read_facts(data)
    good_at = facts.at if facts.outcome == "completed" else before.good_at if before else None
    row = asdict(facts) | {"at": facts.at.isoformat(), "good_at": good_at.isoformat() if good_at else None}
    fresh = data / f".{FILE}.new"
    try:
        data.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(row), "utf-8")
        os.replace(fresh, data / FILE)  # noqa: PTH105  # one step, also over an older file
    except OSError as error:  # on a full disk the run still ends with what it came to
        log.error("%s cannot be written: %s", data / FILE, error.strerror)
    return CollectFacts(facts.at, facts.outcome, facts.detail, facts.feeds, facts.feeds_failing, good_at)
