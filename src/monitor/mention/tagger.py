"""The tagger: match, weigh what is ambiguous, and say why each mention stands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from monitor.mention import zones
from monitor.mention.fold import WIDE_GAP, Offsets, plain_text
from monitor.mention.lexicon import Knowledge, Lexicon, Sense
from monitor.mention.match import spans
from monitor.records import Mention


def rules_digest() -> str:
    """The digest of the code that decides, so that a changed rule is a changed version."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Tagger:
    """Finds the mentions in a text. One is built per process and used for many texts.

    `unlisted` also looks for organisations that the gazetteer does not have.
    """

    def __init__(self, gazetteer: Knowledge, *, unlisted: bool = True) -> None:
        self.lexicon = Lexicon(gazetteer)
        self.unlisted = unlisted
        self.version = f"{gazetteer.version}-{rules_digest()}"

    def tag(self, text: str, title: str | None = None, *, boilerplate: Sequence[tuple[int, int]] = ()) -> list[Mention]:
        """The mentions of a text and its title, in order: text[char_start:char_end] == surface of its field."""
        found = self._field(title, "title", ()) if title else []
        return found + self._field(text, "text", boilerplate)

    def _field(self, text: str, field: str, boilerplate: Sequence[tuple[int, int]]) -> list[Mention]:
        lead = zones.lead_end(text) if field == "text" else 0
        spare = zones.boilerplate(text, boilerplate) if field == "text" else []
        mentions = []
        for start, end, sense in self._found(text):
            if sense.kind == "veto":
                continue
            zone = "title" if field == "title" else "lead" if start < lead else "body"
            counted = sense.rule != "capital"
            if spare and any(a <= start < b for a, b in spare):
                zone, counted = "boilerplate", False
            mentions.append(
                Mention(sense.entity_id, sense.kind, sense.form, text[start:end], field, zone, counted, start, end,
                        sense.alias, sense.rule)
            )  # fmt: skip
        return mentions

    def _found(self, text: str) -> list[tuple[int, int, Sense]]:
        plain = plain_text(text) + " "
        gaps = Offsets(plain) if "  " in plain and WIDE_GAP.search(plain) else None
        first = self.lexicon.first
        found = []
        for start, end, pattern in spans(self.lexicon, gaps.text if gaps else plain):
            sense = first[pattern]
            found.append((start, end, sense))
            found.extend((start + s, start + e, inner) for s, e, inner in sense.inner)
        if gaps:
            return [(gaps.original(s), gaps.original(e - 1) + 1, sense) for s, e, sense in found]
        return found
