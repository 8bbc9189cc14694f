"""The tagger: match, weigh what is ambiguous, and say why each mention stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from pathlib import Path

from monitor.mention.context import Context, Words
from monitor.mention.coordinated import add_coordinated
from monitor.mention.cues import Cues
from monitor.mention.definitions import definitions
from monitor.mention.fold import Offsets, plain_text
from monitor.mention.language import Frequent, detect, is_plain_english
from monitor.mention.lexicon import Knowledge, Lexicon
from monitor.mention.match import spans
from monitor.mention.resolve import Decision, decide, give_rule
from monitor.mention.unlisted import add_unlisted
from monitor.mention.zones import boilerplate as find_boilerplate
from monitor.mention.zones import count_in_lead
from monitor.records import Mention


@cache
def rules_digest() -> str:
    """The digest of the code that decides, so that a changed rule is a changed version."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def tagger_version(gazetteer_version: str) -> str:
    """The version that a tagger of such a gazetteer has: the digests of its files and of the rules."""
    return f"{gazetteer_version}-{rules_digest()}"


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
        self.cues = Cues(gazetteer.cues)
        self.frequent = Frequent(gazetteer.words)
        self.unlisted = unlisted
        self.languages = frozenset(alias.language for alias in gazetteer.aliases)
        self._lexicons: dict[str, Lexicon] = {}
        self.lexicon = self._lexicon("en")
        self.version = tagger_version(gazetteer.version)

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
        headed = self._context(title, language) if title else None
        ctx, lexicon = self._context(text, language)
        ctx.beside = headed[0] if headed else None
        decisions = self._decisions(ctx, lexicon)
        found = self._title(title, *headed, ctx) if title and headed else []
        if not decisions:
            return found
        in_front = count_in_lead(ctx.text, decisions)
        zones: Iterator[str] = chain(repeat("lead", in_front), repeat("body"))
        decisions = _placed(ctx, decisions)
        # what closes a text stands in its second half
        if boilerplate or 2 * decisions[-1][0] >= len(text):
            zones = _spared(decisions, zones, find_boilerplate(text, boilerplate))
        return found + _mentions(decisions, text, "text", zones)

    def explain(self, text: str, language: str | None = None) -> list[Explanation]:
        """Every match of a text, the vetoed ones too, each with its reason."""
        ctx, lexicon = self._context(text, language)
        return [_explanation(decision, text) for decision in _placed(ctx, self._decisions(ctx, lexicon))]

    def _title(self, title: str, read: Context, lexicon: Lexicon, of: Context) -> list[Mention]:
        """The mentions of a title, which its text has read already, beside the text of it."""
        ctx = Context(read.text, read.found, self.words, self.cues, read.gaps)
        ctx.persons, ctx.towns, ctx.beside = of.persons, of.towns, of
        return _mentions(_placed(ctx, self._decisions(ctx, lexicon)), title, "title", repeat("title"))

    def _language(self, plain: str, language: str | None) -> str:
        """The given language when the gazetteer has names in it, else what the text tells."""
        if language:
            code = language.split("-")[0].lower()
            if code in self.languages:
                return code
        return detect(plain, self.frequent)

    def _lexicon(self, code: str) -> Lexicon:
        """The lexicon of a language, built when the first such text comes."""
        lexicon = self._lexicons.get(code)
        if lexicon is None:
            lexicon = Lexicon(self.gazetteer, language=code, shapes=self.unlisted and code == "en")
            for sense in lexicon.first:
                give_rule(sense)
            self._lexicons[code] = lexicon
        return lexicon

    def _context(self, text: str, language: str | None) -> tuple[Context, Lexicon]:
        """A text matched, with its wide gaps closed, if it has any."""
        plain = plain_text(text) + " "
        # most texts are of plain English, which is asked first
        is_english = language is None and is_plain_english(plain)
        lexicon = self.lexicon if is_english else self._lexicon(self._language(plain, language))
        found, has_gap = spans(lexicon, plain)
        if not has_gap:
            return Context(plain, found, self.words, self.cues), lexicon
        gaps = Offsets(plain)
        found, _ = spans(lexicon, gaps.text)
        return Context(gaps.text, found, self.words, self.cues, gaps), lexicon

    def _decisions(self, ctx: Context, lexicon: Lexicon) -> list[Decision]:
        """A text under the rules, by the offsets of its context."""
        defined = definitions(ctx) if "(" in ctx.text else []
        if not ctx.found and not defined:
            return []
        decisions = decide(ctx, defined)
        decisions = add_coordinated(ctx, decisions, lexicon.senses)
        return add_unlisted(ctx, decisions, defined) if self.unlisted else decisions


def _placed(ctx: Context, decisions: list[Decision]) -> list[Decision]:
    """Decisions by the offsets of the text as it was before its wide gaps were closed."""
    if ctx.gaps is None:
        return decisions
    original = ctx.gaps.original
    return [(original(d[0]), original(d[1] - 1) + 1, d[2], d[3], d[4]) for d in decisions]


def _spared(decisions: Sequence[Decision], zones: Iterator[str], spare: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The zones, boilerplate within the spared spans."""
    if not spare:
        return zones
    return (
        "boilerplate" if any(start <= decision[0] < end for start, end in spare) else zone
        for decision, zone in zip(decisions, zones, strict=False)
    )


def _mentions(decisions: Sequence[Decision], text: str, field: str, zones: Iterable[str]) -> list[Mention]:
    """The mentions that decisions on a field stand for."""
    found: list[Mention] = []
    new = tuple.__new__  # half the time of Mention(...), and there are many
    for (start, end, sense, verdict, name), zone in zip(decisions, zones, strict=False):
        entity_id, form, rule, counted = sense.entity_id, sense.form, sense.rule, zone != "boilerplate"
        if verdict is not None:
            if not verdict.keep:
                continue
            entity_id, form = verdict.entity_id or entity_id, verdict.form or form
            rule, counted = verdict.rule, counted and verdict.counted
        found.append(new(Mention, (
            entity_id, sense.kind, form, text[start:end], field, zone, counted, start, end, sense.alias, rule, name,
            name is None,
        )))  # fmt: skip
    return found


def _explanation(decision: Decision, text: str) -> Explanation:
    start, end, sense, verdict, _ = decision
    kept = verdict is None or verdict.keep
    entity_id = (verdict.entity_id if verdict else None) or sense.entity_id
    counted = kept and (verdict is None or verdict.counted)
    rule = verdict.rule if verdict else sense.rule or "unambiguous"
    return Explanation(start, end, text[start:end], entity_id, sense.kind, sense.alias, kept, counted, rule)
