"""What may speak for an ambiguous alias: entities that the text names, and phrases in its neighbourhood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from monitor.mention.automaton import Phrases
from monitor.mention.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Claims:
    """The cues of one alias: entities that it may stand beside, and phrases in lower case (None when it has none).

    `others` says which of the phrases speak for another entity, `rivals` which entities these are.
    """

    entities: tuple[str, ...]
    phrases: Phrases | None
    others: Mapping[str, str]
    rivals: tuple[str, ...]


class Cues:
    """The cues of each alias, prepared when the first text asks for them."""

    def __init__(self, rows: Mapping[str, Iterable[str]]) -> None:
        self._rows = rows
        self._made: dict[str, Claims] = {}

    def of(self, alias: str) -> Claims:
        """What may speak for this alias."""
        made = self._made.get(alias)
        if made is None:
            made = self._made[alias] = _claims(list(self._rows.get(alias, ())))
        return made


def _claims(cues: Sequence[str]) -> Claims:
    others = dict(cue.split(" -> ") for cue in cues if " -> " in cue)
    phrases = [cue.partition(" -> ")[0] for cue in cues if cue[0] != "@"]
    entities = tuple(cue[1:] for cue in cues if cue[0] == "@")
    return Claims(entities, Phrases(phrases) if phrases else None, others, tuple(dict.fromkeys(others.values())))


@cache
def beside(cue: str) -> Verdict:
    """Kept by what stands near."""
    return Verdict(keep=True, rule=f"beside {cue}")
