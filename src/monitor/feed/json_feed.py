"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.feed.entries import RawItem


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document of any format, its items still raw."""

    items: tuple[RawItem, ...]
    title: str | None = None
    language: str | None = None
    ttl: int | None = None
    next_archive: str | None = None
    problem: str | None = None
    note: str | None = None


def looks_like_json(text: str, content_type: str) -> bool:
    """Whether a document is JSON, by its first character or its type."""
    head = text.lstrip()[:1]
    return head == "{" or ("json" in content_type and head == "[")


def read_json_feed(text: str) -> Document:
    """Read a JSON Feed; `problem` is not_a_feed for other JSON and broken for what does not parse."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Document((), problem="parse", note=f"broken JSON: {error}")
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or not ("version" in data or "title" in data):
        return Document((), problem="not_a_feed", note="JSON that is no JSON Feed")
    return Document(
        items=tuple(_item(item) for item in items if isinstance(item, dict)),
        title=_text(data, "title"),
        language=_text(data, "language"),
        next_archive=_text(data, "next_url"),
    )


def _item(item: Mapping[str, object]) -> RawItem:
    identity = _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url")
    if link is None and identity and identity.startswith(("http://", "https://")):
        link = identity
    content = _text(item, "content_html")
    plain = _text(item, "content_text")
    if content is None and plain:
        content = "".join(f"<p>{html.escape(part)}</p>" for part in plain.split("\n") if part.strip())
    dates = (_text(item, "date_published"), _text(item, "date_modified"))
    return RawItem(
        link=link,
        title=_text(item, "title") or "",
        author=_author(item),
        summary=_text(item, "summary"),
        content=content,
        published=tuple(date for date in dates if date),
    )


def _author(item: Mapping[str, object]) -> str | None:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = [_text(author, "name") for author in listed if isinstance(author, dict)]
    return ", ".join(name for name in names if name) or None


def _text(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).encode("utf-8", "replace").decode("utf-8") or None
