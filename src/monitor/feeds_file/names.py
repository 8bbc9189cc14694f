"""Feed ids and values for files that do not give them: OPML and CSV."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from monitor.feeds_file.row import Row, host_of

_LONGEST = 48
_TYPES = {"gov": "government", "thinktank": "think-tank", "think tank": "think-tank", "think_tank": "think-tank"}


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; nothing when the text has none."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "").replace("'", "")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST].strip("-")


def short_hash(url: str) -> str:
    """Six hex digits that tell one URL from another."""
    return hashlib.sha256(url.encode()).hexdigest()[:6]


def with_ids(rows: Sequence[Row]) -> list[Row]:
    """Give rows without an id the slug of their name; all that share a slug get a hash of their URL after it.

    Which ids come out does not depend on the order of the rows.
    """
    wanted = [str(row.values.get("id") or _base(row)) for row in rows]
    taken = Counter(wanted)
    named = []
    for row, wish in zip(rows, wanted, strict=True):
        clash = "id" not in row.values and taken[wish] > 1
        feed_id = f"{wish}-{short_hash(str(row.values.get('url', '')))}" if clash else wish
        named.append(Row(row.line, {**row.values, "id": feed_id}, row.key_lines))
    return named


def source_type(raw: str) -> str:
    """The source type that a loose word such as gov means; the word itself when none is known."""
    word = raw.strip().lower()
    return _TYPES.get(word, word)


def _base(row: Row) -> str:
    url = str(row.values.get("url", ""))
    return slug(str(row.values.get("name", ""))) or slug(host_of(url)) or "feed"
