"""Aliases and vetoes compiled to one automaton of every spelling, with what each spelling means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.mention.automaton import Automaton
from monitor.mention.fold import spellings
from monitor.mention.verdict import Verdict
from monitor.records import Alias, Entity

# a name in a script without spaces between words needs no border
UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF))
HANGUL = (0xAC00, 0xD7A3)
# the spelling that stands for a wide gap: a name with one inside it is not found as it stands
GAP = "  "
# the fast automaton takes about 6 KB a spelling; a very large gazetteer and rarer languages get the compact one
DFA_LIMIT = 25_000


class Knowledge(Protocol):
    """What the tagger asks of a gazetteer."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Entities by id."""
        ...

    @property
    def aliases(self) -> Sequence[Alias]:
        """Every alias."""
        ...

    @property
    def vetoes(self) -> Mapping[str, str]:
        """Phrases that are not the country in them, each with its reason."""
        ...

    @property
    def cues(self) -> Mapping[str, Sequence[str]]:
        """The evidence that an ambiguous alias asks for."""
        ...

    @property
    def words(self) -> Mapping[str, frozenset[str]]:
        """Named word lists."""
        ...

    @property
    def version(self) -> str:
        """The digest of the files."""
        ...


class Sense:
    """One meaning of a spelling: an entity by one of its aliases, or a veto (`entity_id` empty).

    `check` is the rule that a match of it is asked by; where it is None, `verdict` holds of every match. `twin` is the
    other state of a plural such as "Koreas".
    """

    __slots__ = (
        *(
            "alias",
            "check",
            "entity_id",
            "form",
            "inner",
            "kind",
            "language",
            "reason",
            "rule",
            "shouted",
            "twin",
            "verdict",
        ),
        *("is_given", "is_person", "is_phrase", "is_small_town", "is_surname", "is_town", "is_watched"),
    )

    def __init__(self, alias: Alias, kind: str, *, shouted: bool = False, reason: str | None = None) -> None:
        self.entity_id = alias.entity_id
        self.alias = alias.alias
        self.form = alias.form
        self.language = alias.language
        self.rule = alias.rule
        self.kind = kind
        self.shouted = shouted
        self.reason = reason
        self.check: Callable[..., Verdict | None] | None = None
        self.verdict: Verdict | None = None
        self.is_given = False
        self.is_person = False
        self.is_town = False
        self.is_phrase = " " in alias.alias
        self.is_watched = False
        self.is_small_town = False
        self.is_surname = False
        self.twin: Sense | None = None
        self.inner: tuple[tuple[int, int, Sense], ...] = ()


def _unspaced(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in UNSPACED)


def cased(alias: Alias) -> Iterable[tuple[str, bool]]:
    """The spellings of an alias that its case rule allows, each with whether it is all capitals for a mixed name."""
    for text in spellings(alias.alias):
        yield text, False
        if alias.case == "exact" or text.isupper():
            continue
        yield text.upper(), True
        if alias.case == "any":
            yield text.lower(), False
            yield text[0].upper() + text[1:].lower(), False
            yield text.title().replace("'S", "'s"), False


def twins(knowledge: Knowledge) -> Iterator[tuple[Alias, str]]:
    """Plurals that name two states, each with the id of the other: "Koreas" is an alias of the South, and the North."""
    pairs = dict(pair.split("=", 1) for pair in knowledge.words.get("two_states", ()))
    for alias in knowledge.aliases if pairs else ():
        if (other := pairs.get(alias.alias, "")) in knowledge.entities:
            yield alias, other


class Lexicon:
    """The spellings of one language and of English, what each means, and the automaton over them."""

    def __init__(self, knowledge: Knowledge, *, language: str = "en", shapes: bool = True) -> None:
        self.senses: dict[str, Sense] = {GAP: Sense(Alias("", GAP), "gap")}
        kinds = {entity.entity_id: entity.kind for entity in knowledge.entities.values()}
        aliases = [alias for alias in knowledge.aliases if alias.language in ("en", language)]
        for alias in sorted(aliases, key=lambda a: (a.language != language, a.form == "metonym")):
            self._add(alias, kinds[alias.entity_id])
        for phrase, reason in knowledge.vetoes.items():
            self._add(Alias("", phrase, case="title"), "veto", reason)
        for head in sorted(knowledge.words["heads_last"] | knowledge.words["heads_of"]) if shapes else ():
            self._add(Alias("", head, case="exact"), "shape")
        for alias, entity_id in twins(knowledge):
            for text, shouted in cased(alias):
                self.senses[text].twin = Sense(replace(alias, entity_id=entity_id), kinds[entity_id], shouted=shouted)
        self.patterns = list(self.senses)
        self.first = list(self.senses.values())
        self.open_left = [_unspaced(p[0]) or not p[0].isalnum() for p in self.patterns]
        self.open_right = [_unspaced(p[-1]) or p[-1] in "$-" or _hangul(p[-1]) for p in self.patterns]
        fast = language == "en" and len(self.patterns) < DFA_LIMIT
        self.hits = Automaton(self.patterns, compact=not fast).hits
        self._nest()
        for sense in self.first:
            sense.is_given = sense.alias in knowledge.words["given_prone"]
            sense.is_person = sense.form == "name" and sense.alias in knowledge.words["person_prone"]
            sense.is_town = sense.form == "name" and sense.alias in knowledge.words["towns"]
            sense.is_surname = sense.alias in knowledge.words["surname_prone"]
            sense.is_small_town = sense.form == "name" and sense.alias in knowledge.words["small_towns"]
            sense.is_watched = sense.is_small_town or sense.is_surname

    def _add(self, alias: Alias, kind: str, reason: str | None = None) -> None:
        """The first meaning of a spelling stays, but a name as written goes before another name in capitals."""
        for text, shouted in cased(alias):
            known = self.senses.get(text)
            if known is None or (known.shouted and not shouted):
                self.senses[text] = Sense(alias, kind, shouted=shouted, reason=reason)

    def _nest(self) -> None:
        """A ministry's name keeps the country's name inside it as a mention of its own."""
        for pattern, sense in zip(self.patterns, self.first, strict=True):
            if sense.rule == "keep-inner":
                found = self.hits(pattern)
                inner = [(s, e, self.first[p]) for p, s, e in found if self.first[p].kind in ("country", "historical")]
                edges = [
                    x
                    for x in inner
                    if (x[0] == 0 or pattern[x[0] - 1] == " ") and not pattern[x[1] : x[1] + 1].isalnum()
                ]
                sense.inner = tuple(max(edges, key=lambda x: x[1] - x[0]) for _ in edges[:1])


def _hangul(char: str) -> bool:
    return HANGUL[0] <= ord(char) <= HANGUL[1]
