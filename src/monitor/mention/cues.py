"""What may speak for an ambiguous alias: entities that the text names, and phrases in its neighbourhood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from monitor.mention.automaton import Phrases
from monitor.mention.verdict import Verdict


class Cues:
    """The cues of each alias, prepared when the first text asks for them."""

    def __init__(self, rows: Mapping[str, Iterable[str]]) -> None:
        self._rows = rows
        self._made: dict[str, tuple[tuple[str, ...], Phrases | None]] = {}

    def of(self, alias: str) -> tuple[tuple[str, ...], Phrases | None]:
        """The entities that an alias may stand beside, and the phrases in lower case; None when it has none."""
        made = self._made.get(alias)
        if made is None:
            cues = list(self._rows.get(alias, ()))
            phrases = [cue for cue in cues if cue[0] != "@"]
            entities = tuple(cue[1:] for cue in cues if cue[0] == "@")
            made = self._made[alias] = entities, Phrases(phrases) if phrases else None
        return made


@cache
def beside(cue: str) -> Verdict:
    """Kept by what stands near."""
    return Verdict(keep=True, rule=f"beside {cue}")
