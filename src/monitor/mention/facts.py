"""What the tagger knows of each spelling, as a number: what differs tells which texts may be tagged otherwise."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Mapping

from monitor.mention.automaton import Automaton
from monitor.mention.lexicon import Knowledge, cased, twins
from monitor.mention.tagger import rules_digest
from monitor.records import Alias

# stands for what concerns every text: the rules' code, the word lists, the languages
EVERY_TEXT = ""
_TOKEN = re.compile(r"[^\W_]+")


def facts(knowledge: Knowledge) -> dict[str, int]:
    """A digest of all that a gazetteer says of each spelling in a text, signed and of 64 bits; and of the rest.

    Texts without a spelling whose digest differs are tagged alike by both gazetteers: names are found by their
    spellings, evidence is asked for by names that were found, and a name put together from words of the text is looked
    up by a spelling of the same words.
    """
    kinds = {entity.entity_id: entity.kind for entity in knowledge.entities.values()}
    others = {alias.alias: (other, kinds[other]) for alias, other in twins(knowledge)}
    said: dict[str, list[str]] = defaultdict(list)  # as it is written out, an alias once for all of its spellings
    for alias in sorted(knowledge.aliases, key=lambda a: a.form == "metonym"):
        claim = repr((alias, kinds[alias.entity_id], knowledge.cues.get(alias.alias), others.get(alias.alias)))
        for spelling, shouted in sorted(set(cased(alias))):
            said[spelling].append(f"({claim}, {shouted})")
    for phrase, reason in knowledge.vetoes.items():
        for spelling, shouted in sorted(set(cased(Alias("", phrase, case="title")))):
            said[spelling].append(repr((reason, shouted)))
    words = {name: sorted(phrases) for name, phrases in sorted(knowledge.words.items())}
    languages = sorted({alias.language for alias in knowledge.aliases})
    said[EVERY_TEXT] = [repr(rules_digest()), repr(words), repr(languages)]
    return {spelling: _digest(f"[{', '.join(claims)}]") for spelling, claims in said.items()}


def _digest(claims: str) -> int:
    digest = hashlib.blake2b(claims.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def differing(one: Mapping[str, int], other: Mapping[str, int]) -> frozenset[str]:
    """The spellings of which two gazetteers say different things."""
    return frozenset(s for s in one.keys() | other.keys() if one.get(s) != other.get(s))


class Concerned:
    """Texts that have one of some spellings, or all of its words anywhere: by these no other text is tagged anew."""

    def __init__(self, spellings: Collection[str]) -> None:
        by_sign: dict[str, set[frozenset[str]]] = defaultdict(set)
        for spelling in spellings:
            # what stands between words is written in several ways, which letters and digits are not
            tokens = frozenset(_TOKEN.findall(spelling))
            by_sign[max(sorted(tokens), key=len, default="")].add(tokens)
        self.is_all = "" in by_sign
        # of each spelling its longest word: a text without any of them is not concerned
        signs = [] if self.is_all else sorted(by_sign)
        self._tokens = [by_sign[sign] for sign in signs]
        self._automaton = Automaton(signs, compact=True)

    def has(self, text: str) -> bool:
        """Whether a text is concerned."""
        if self.is_all:
            return True
        found = {sign for sign, _, _ in self._automaton.hits(text)}
        return any(all(token in text for token in tokens) for sign in found for tokens in self._tokens[sign])
