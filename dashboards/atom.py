"""Spike alerts as an Atom feed with stable ids: one entry a name and week, explained by its numbers and sentences."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboards.page import Asked
from dashboards.pages.watching import spikes, watched
from dashboards.reading import WEEK, rows
from dashboards.words import spike

ATOM = "http://www.w3.org/2005/Atom"
PAST = 26  # weeks of spikes in the feed
TAG = "tag:monitor.invalid,2026"  # names entries for ever, whatever address the dashboard has
EXAMPLES = 3


def alerts(asked: Asked, origin: str, slug: str = "") -> bytes:
    """The feed of all spikes, or of a watchlist's. Raises NotThereError for a watchlist that is not."""
    ids = list(asked.copy.names)
    name = "Spike alerts"
    if slug:
        watch, names, _ = watched(asked, slug)
        ids, name = [n.entity_id for n in names], f"Spike alerts: {watch.name}"
    found = spikes(asked, ids, PAST)
    feed = Element("feed", xmlns=ATOM)
    _text(feed, "title", f"monitor: {name}")
    _text(feed, "id", f"{TAG}:{'alerts' if not slug else f'watch/{slug}'}")
    _text(feed, "updated", _instant(max((_known(s) for s in found), default=asked.copy.state["published_at"])))
    SubElement(feed, "link", href=f"{origin}/")
    SubElement(SubElement(feed, "author"), "name").text = "monitor"
    for row in found:
        _entry(feed, asked, row, origin)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed)


def _entry(feed: Element, asked: Asked, row: dict[str, Any], origin: str) -> None:
    name = asked.copy.names[row["entity_id"]].shown
    entry = SubElement(feed, "entry")
    _text(
        entry,
        "title",
        f"{name}: {row['stories']} stories in the week of {row['week']}, {row['ratio']:.1f} times the usual",
    )
    _text(entry, "id", f"{TAG}:spike/{row['entity_id']}/{row['week']}")
    _text(entry, "updated", _instant(_known(row)))
    SubElement(entry, "link", href=f"{origin}/evidence?entities={row['entity_id']}&week={row['week']}")
    content = SubElement(entry, "content", type="text")
    content.text = "\n\n".join([spike(row, name).text, *examples(asked, row)])


def examples(asked: Asked, row: dict[str, Any]) -> list[str]:
    """Some sentences of the spike's week, each with its source."""
    week = {"since": row["week"], "until": row["week"]}
    found = rows(asked.archive, "page_evidence", entity=row["entity_id"], **week, limit=EXAMPLES)
    first = {r["article_id"]: r for r in reversed(found)}
    return [f"“{_legal(r['sentence'] or '')}” ({_legal(r['publisher'])}: {r['url']})" for r in first.values()]


def _known(row: dict[str, Any]) -> datetime:
    """When a week's spike could first be said: as the week ends."""
    return datetime.combine(row["week"] + WEEK, time(), UTC)


def _instant(value: datetime | None) -> str:
    return (value or datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _legal(text)


def _legal(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
