"""The labelled sentences and how a tagger is scored on them."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from pathlib import Path

from monitor.mention import Tagger

FILE = Path(__file__).parent / "sentences.txt"
Label = tuple[int, int, str, bool, bool]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a class, with its labels (start, end, entity id, is a metonym, is counted)."""

    group: str
    text: str
    labels: frozenset[Label]


@dataclass
class Tally:
    """True and false positives and false negatives, and the sentences that were wrong."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, found: frozenset[object], wanted: frozenset[object]) -> None:
        """Count one sentence, article or document."""
        self.right += len(found & wanted)
        self.extra += len(found - wanted)
        self.missed += len(wanted - found)

    def add_up(self, other: Tally) -> None:
        """Take in another tally's counts."""
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed
        self.wrong += other.wrong

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; 1 when nothing was found."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Of what is labelled, the share that was found; 1 when nothing is labelled."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    share = right / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def shares(tally: Tally) -> str:
    """Precision and recall with their intervals and F1, as cells of a table."""
    low, high = wilson(tally.right, tally.right + tally.extra)
    below, above = wilson(tally.right, tally.right + tally.missed)
    return (
        f"{tally.precision:.3f} ({low:.3f} to {high:.3f}) | {tally.recall:.3f} ({below:.3f} to {above:.3f})"
        f" | {tally.f1:.3f}"
    )


def parse(line: str, group: str) -> Sentence:
    """A sentence from its line with brackets."""
    text, labels, opened, i = "", set(), [], 0
    line = line.replace("\\n", "\n")
    while i < len(line):
        if line[i] == "[":
            opened.append(len(text))
        elif line[i] == "|":
            close = line.index("]", i)
            entity, *marks = line[i + 1 : close].split(":")
            labels.add((opened.pop(), len(text), entity, "metonym" in marks, "-" not in marks))
            i = close
        else:
            text += line[i]
        i += 1
    return Sentence(group, text, frozenset(labels))


def sentences() -> list[Sentence]:
    """All labelled sentences."""
    found, group = [], ""
    for line in FILE.read_text("utf-8").split("\n")[2:]:
        if line.startswith("# "):
            group = line[2:]
        elif line.strip():
            found.append(parse(line, group))
    return found


def digest() -> str:
    """The digest of the labelled file, which the floor names."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]


def found_in(tagger: Tagger, text: str) -> frozenset[Label]:
    """What a tagger finds in a sentence, as labels."""
    return frozenset((m.char_start, m.char_end, m.entity_id, m.form == "metonym", m.counted) for m in tagger.tag(text))


def score(tagger: Tagger, chosen: list[Sentence]) -> dict[str, Tally]:
    """A tally for each class."""
    tallies: dict[str, Tally] = {}
    for sentence in chosen:
        tally = tallies.setdefault(sentence.group, Tally())
        found = found_in(tagger, sentence.text)
        tally.add(found, sentence.labels)
        if found != sentence.labels:
            tally.wrong.append(sentence.text)
    return tallies


def total(tallies: dict[str, Tally]) -> Tally:
    """All classes together."""
    whole = Tally()
    for tally in tallies.values():
        whole.add_up(tally)
    return whole
