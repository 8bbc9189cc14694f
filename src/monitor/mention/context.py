"""One text under the rules: its plain form, what was found in it, and questions that several rules ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from monitor.mention.automaton import Phrases
from monitor.mention.cues import Cues
from monitor.mention.fold import Offsets
from monitor.mention.match import Found
from monitor.mention.verdict import Verdict

EDGES = ".,;:!?)'\"(-"
NONE: frozenset[str] = frozenset()
# the word lists whose phrases are counted in a text
SCORED = (
    *("congo_brazzaville", "congo_kinshasa", "commonwealth_veto", "dominican_order"),
    *("georgia_country", "georgia_own", "georgia_state", "states"),
    *("indian_country", "indian_native", "jersey_island", "jersey_state", "korea_north", "korea_south"),
)
DASHES = ("-", "--", "\u2013", "\u2014")
CLOSING = ("", ".", ",", ";", ":", ")", "?", "!", "'s", '"')
WINDOW = 600
SURE = (None, "seat", "whole")  # rules of aliases that name an entity without further evidence


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    body = "|".join(re.escape(phrase) for phrase in longest_first) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")


class Words(dict[str, frozenset[str]]):
    """The word lists of the gazetteer by name (an unknown one is empty), prepared for look-up."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        super().__init__(lists)
        self.after: dict[str, str] = {}
        for role in ("town_people", "town_after", "mascots", "water_after", "ware", "language", "press", "currency"):
            self._follow(self[role], role)
        self.after.update((phrase.split()[0], "town_body") for phrase in self["town_bodies"])
        self._follow(self["eateries"], "ware")
        self._follow(("American", "Americans"), "american")
        self.after |= dict.fromkeys(DASHES, "dateline")
        self.before: dict[str, str] = {}
        for role in ("given", "titles", "work", "language_before"):
            self.before.update(dict.fromkeys(self[role], role))
        self.before |= dict.fromkeys((*self["language_manner"], "and", "or"), "language_before")
        self.before |= {name + mark: "language_before" for name in self["languages_only"] for mark in ("", ",")}
        shouted = self["given"] - self["given_words"]
        self.before |= {word.upper(): "given" for word in shouted if len(word) > 2}
        self.before |= {phrase.split()[-1]: "town_before" for phrase in self["town_before"]}
        self.before |= {"Little": "quarter", "Air": "airline"}
        self.before |= dict.fromkeys(self["ships"], "ship")
        self.before |= {word + mark: "kin" for word in self["kin"] for mark in ("", ",")}
        self.generic = self["generic"] | self["weak_first"]
        self.states = self["states"] | self["state_marks"]
        self._patterns: dict[str, re.Pattern[str]] = {}
        marks = self["states"] | self["local"] | {mark for mark in self["state_marks"] if "." in mark}
        self.local = sorted(marks, key=lambda mark: (-len(mark), mark))
        self.scored = {name: self[name] for name in SCORED}
        self.marks = Phrases(sorted(marks.union(*self.scored.values())))
        self.money = frozenset(tuple(pair.split("=")) for pair in self["currency_of"])
        self._follow({unit for unit, _ in self.money}, "currency_of")

    def _follow(self, words: Iterable[str], role: str) -> None:
        """Enter words with the punctuation that may close them, so that one look-up is enough."""
        self.after.update((word + mark, role) for word in words for mark in CLOSING)

    def __missing__(self, name: str) -> frozenset[str]:
        return frozenset()

    def pattern(self, name: str) -> re.Pattern[str]:
        """A pattern of any phrase of a list, whole words, as written."""
        if name not in self._patterns:
            self._patterns[name] = _any_of(self[name])
        return self._patterns[name]


class Context:
    """A plain text that ends in a space, its matches in order, and what rules remember of them."""

    beside: Context | None = None
    persons: frozenset[str] = NONE
    towns: frozenset[str] = NONE
    maybe_towns: frozenset[str] = NONE
    datelines: frozenset[str] = NONE

    def __init__(
        self,
        text: str,
        found: list[Found],
        words: Words,
        cues: Cues,
        gaps: Offsets | None = None,
    ) -> None:
        self.text = text
        self.gaps = gaps
        self.found = found
        self.words = words
        self.after = words.after
        self.before = words.before
        self.cues = cues
        self.listed: dict[int, Verdict] = {}  # what a list that began before says of the names it goes on with

    def next_word(self, end: int) -> str:
        """The word after a match, without the punctuation that closes it."""
        if self.text[end] != " ":
            return ""
        return self.text[end + 1 : self.text.find(" ", end + 1)].rstrip(EDGES)

    def previous_word(self, start: int) -> str:
        """The word before a match, with its punctuation; empty when none is apart by a space."""
        if start < 2 or self.text[start - 1] != " ":
            return ""
        return self.text[self.text.rfind(" ", 0, start - 1) + 1 : start - 1]

    @cached_property
    def lower(self) -> str:
        """The text in lower case, for cues only: offsets in it mean nothing."""
        return self.text.lower() + self._opening

    @cached_property
    def sure(self) -> frozenset[str]:
        """The entities that a match names without need of evidence, in the title or in its text."""
        own = frozenset({sense.entity_id for _, _, sense in self.found if sense.rule in SURE})
        return own | self.beside.sure if self.beside else own

    @cached_property
    def in_full(self) -> frozenset[str]:
        """The entities that a match names by a name, not by an acronym, in the title or in its text."""
        own = frozenset({sense.entity_id for _, _, sense in self.found if sense.form == "name"})
        return own | self.beside.in_full if self.beside else own

    @cached_property
    def whole(self) -> str:
        """The text, and beside it the title or the text that it belongs to."""
        return self.text + self.beside.text if self.beside else self.text

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The aliases that matched."""
        return frozenset(sense.alias for _, _, sense in self.found)

    @cached_property
    def is_local(self) -> bool:
        """Whether the text is of American places: two different states, counties and the like."""
        seen: list[str] = []
        for phrase in self.words.local:
            if phrase in self._standing and not any(phrase in longer for longer in seen):
                seen.append(phrase)
            if len(seen) > 1:
                return True
        return False

    @cached_property
    def has_local(self) -> bool:
        """Whether the text has any sign of an American place."""
        return not self._standing.isdisjoint(self.words.local)

    @cached_property
    def has_county(self) -> bool:
        """Whether the text has a county, a sheriff, a school board and the like, not only a state."""
        return not self._standing.isdisjoint(self.words["local"])

    @cached_property
    def _standing(self) -> frozenset[str]:
        return self.words.marks.standing(self.whole)

    def score(self, name: str) -> int:
        """How many different phrases of a word list the text has."""
        return len(self.words.scored[name] & self._standing)

    def near(self, start: int, end: int) -> tuple[str, int]:
        """The neighbourhood of a match in lower case, and about where in it the match stands."""
        if len(self.text) <= 2 * WINDOW:
            return self.lower, start
        return self.text[max(0, start - WINDOW) : end + WINDOW].lower() + " " + self._opening, min(start, WINDOW)

    @cached_property
    def _opening(self) -> str:
        return self.beside.text[:WINDOW].lower() + " " if self.beside else ""

    def is_shouted(self, start: int, end: int) -> bool:
        """Whether the words around are all capitals, so that capitals say nothing."""
        around = self.text[max(0, start - 30) : start] + self.text[end : end + 30]
        return around.isupper()
