"""The tagger: match, weigh what is ambiguous, and say why each mention stands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.mention.context import Context, Words
from monitor.mention.coordinated import add_coordinated
from monitor.mention.countries import Rule
from monitor.mention.definitions import definitions
from monitor.mention.fold import WIDE_GAP, Offsets, plain_text
from monitor.mention.language import detect
from monitor.mention.lexicon import Knowledge, Lexicon
from monitor.mention.match import spans
from monitor.mention.resolve import Decision, decide, rule_of
from monitor.mention.unlisted import add_unlisted
from monitor.mention.zones import boilerplate as find_boilerplate
from monitor.mention.zones import lead_end
from monitor.records import Mention


@cache
def rules_digest() -> str:
    """The digest of the code that decides, so that a changed rule is a changed version."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def tagger_version(gazetteer: Knowledge) -> str:
    """The version that a tagger of this gazetteer has: the digests of its files and of the rules."""
    return f"{gazetteer.version}-{rules_digest()}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match and what became of it: the alias that matched and the rule that kept or vetoed it."""

    start: int
    end: int
    surface: str
    entity_id: str
    kind: str
    alias: str
    kept: bool
    counted: bool
    rule: str


class Tagger:
    """Finds the mentions in a text. One is built per process and used for many texts.

    `unlisted` also looks for organisations that the gazetteer does not have.
    """

    def __init__(self, gazetteer: Knowledge, *, unlisted: bool = True) -> None:
        self.gazetteer = gazetteer
        self.words = Words(gazetteer.words)
        self.unlisted = unlisted
        self.languages = frozenset(alias.language for alias in gazetteer.aliases)
        self.lexicon = Lexicon(gazetteer, shapes=unlisted)
        self._lexicons = {"en": (self.lexicon, [rule_of(sense) for sense in self.lexicon.first])}
        self.version = tagger_version(gazetteer)

    def tag(
        self,
        text: str,
        title: str | None = None,
        *,
        boilerplate: Sequence[tuple[int, int]] = (),
        language: str | None = None,
    ) -> list[Mention]:
        """The mentions of a title and its text, in order: text[char_start:char_end] == surface, each in its field.

        `language` is a code such as "fr" or "pt-BR"; None lets the text tell.
        """
        ctx, all_decisions = self._decisions(text, language, title)
        found = self._title(title, text, language, ctx) if title else []
        decisions = [d for d in all_decisions if d[3] is None or d[3].keep]
        if not decisions:
            return found
        lead = lead_end(text)
        spare = find_boilerplate(text, boilerplate)
        if not spare:
            return found + [_mention(d, text, "text", "lead" if d[0] < lead else "body") for d in decisions]
        return found + [_mention(d, text, "text", _zone(d[0], lead, spare)) for d in decisions]

    def explain(self, text: str, language: str | None = None) -> list[Explanation]:
        """Every match of a text, the vetoed ones too, each with its reason."""
        return [_explanation(decision, text) for decision in self._decisions(text, language)[1]]

    def _title(self, title: str, text: str, language: str | None, of: Context) -> list[Mention]:
        decisions = self._decisions(title, language, text, of)[1]
        kept = [d for d in decisions if d[3] is None or d[3].keep]
        return [_mention(decision, title, "title", "title") for decision in kept]

    def _lexicon(self, plain: str, language: str | None) -> tuple[Lexicon, list[Rule | None]]:
        """The lexicon of a text's language, built when the first such text comes."""
        code = (language or "").split("-")[0].lower()
        if code not in self.languages:
            code = detect(plain, self.words.lists)
        if code not in self._lexicons:
            lexicon = Lexicon(self.gazetteer, language=code, shapes=False)
            self._lexicons[code] = lexicon, [rule_of(sense) for sense in lexicon.first]
        return self._lexicons[code]

    def _context(self, text: str, language: str | None) -> tuple[Context, Lexicon, list[Rule | None], list[int]]:
        """A text matched; its wide gaps are already closed, when it has any."""
        lexicon, checks = self._lexicon(text, language)
        ctx = Context(text, [], self.words, self.gazetteer.cues)
        first = lexicon.first
        matches = spans(lexicon, text)
        ctx.found = [(start, end, first[pattern]) for start, end, pattern in matches]
        return ctx, lexicon, checks, [match[2] for match in matches]

    def _decisions(
        self, text: str, language: str | None, beside: str | None = None, of: Context | None = None
    ) -> tuple[Context, list[Decision]]:
        """A text under the rules. `beside` is the title of a text or the text of a title, read when a rule asks."""
        plain = plain_text(text) + " "
        gaps = Offsets(plain) if "  " in plain and WIDE_GAP.search(plain) else None
        ctx, lexicon, checks, patterns = self._context(gaps.text if gaps else plain, language)
        if of is not None:
            ctx.persons, ctx.towns = set(of.persons), set(of.towns)
        if beside:
            ctx.beside = cache(lambda: self._context(plain_text(beside) + " ", language)[0])
        defined = definitions(ctx) if " (" in plain else []
        decisions = decide(ctx, checks, patterns, defined)
        decisions = add_coordinated(ctx, decisions, lexicon.senses)
        if self.unlisted:
            decisions = add_unlisted(ctx, decisions, defined)
        if gaps:
            decisions = [(gaps.original(d[0]), gaps.original(d[1] - 1) + 1, d[2], d[3], d[4]) for d in decisions]
        return ctx, decisions


def _zone(start: int, lead: int, spare: Sequence[tuple[int, int]]) -> str:
    if any(a <= start < b for a, b in spare):
        return "boilerplate"
    return "lead" if start < lead else "body"


def _mention(decision: Decision, text: str, field: str, zone: str) -> Mention:
    start, end, sense, verdict, name = decision
    counts = zone != "boilerplate"
    surface = text[start:end]
    if verdict is None:
        return Mention(
            sense.entity_id, sense.kind, sense.form, surface, field, zone, counts, start, end, sense.alias, sense.rule
        )
    entity_id, form, counted = verdict.entity_id or sense.entity_id, verdict.form or sense.form, verdict.counted
    return Mention(
        *(entity_id, sense.kind, form, surface, field, zone, counted and counts, start, end, sense.alias, verdict.rule),
        name=name,
        listed=name is None,
    )


def _explanation(decision: Decision, text: str) -> Explanation:
    start, end, sense, verdict, _ = decision
    kept = verdict is None or verdict.keep
    entity_id = (verdict.entity_id if verdict else None) or sense.entity_id
    counted = kept and (verdict is None or verdict.counted)
    rule = verdict.rule if verdict else sense.rule or "unambiguous"
    return Explanation(start, end, text[start:end], entity_id, sense.kind, sense.alias, kept, counted, rule)
