"""Themes of hand-written passages, combined into articles so that no two of a theme read alike."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PARTS = ("openings", "evidence", "counters", "conclusions")
_EVIDENCE_COUNTS = (3, 3, 4, 3, 3)
# A passage's part (an index of PARTS) and its number within it.
Place = tuple[int, int]
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject: when and where its articles appear, their titles, and passages for each part of an argument."""

    name: str
    weeks: tuple[int, ...]
    outlets: tuple[str, ...]
    authors: tuple[str, ...]
    titles: tuple[str, ...]
    pins: tuple[Place | None, ...]
    experts: tuple[str, ...]
    passages: tuple[tuple[str, ...], ...]


def number_of(*words: object) -> int:
    """A large number that depends on the words alone: the generator's only source of variety."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:8])


def parse_theme(name: str, text: str) -> Theme:
    """Read a theme file: [headings], one passage a line, and "key: words" under [plan].

    A title may end in "@e2": its article has the second of the evidence (o openings, c counters, k conclusions).
    """
    sections: dict[str, list[str]] = {}
    here: list[str] = []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            here = sections.setdefault(heading.group(1), [])
        elif line.strip():
            here.append(line.strip())
    plan = {key: tuple(words.split()) for key, _, words in (line.partition(":") for line in sections["plan"])}
    titles = [_title(line) for line in sections["titles"]]
    return Theme(
        name,
        tuple(int(week) for week in plan["weeks"]),
        plan["outlets"],
        plan["authors"],
        tuple(title for title, _ in titles),
        tuple(pin for _, pin in titles),
        tuple(sections["experts"]),
        tuple(tuple(sections[part]) for part in PARTS),
    )


def _title(line: str) -> tuple[str, Place | None]:
    title, _, pin = line.partition(" @")
    return title, ("oeck".index(pin[0]), int(pin[1:]) - 1) if pin else None


def arrange(theme: Theme) -> list[tuple[Place, ...]]:
    """For each article the passages it is made of, as (part, index), sharing as few as can be with the others."""
    made: list[tuple[Place, ...]] = []
    openings, evidence, counters, conclusions = (range(len(passages)) for passages in theme.passages)
    for number in range(len(theme.weeks)):
        frames = [((0, o), (2, c), (3, e)) for o, c, e in itertools.product(openings, counters, conclusions)]
        pin = theme.pins[number]
        frame = _least_alike(_with(pin, frames), theme, made, "frame")
        count = _EVIDENCE_COUNTS[number % len(_EVIDENCE_COUNTS)]
        bodies = [tuple((1, index) for index in chosen) for chosen in itertools.combinations(evidence, count)]
        wholes = _with(pin, [(*frame, *body) for body in bodies])
        body = _least_alike(wholes, theme, made, "body")[3:]
        article = _ordered(frame, body, number_of(theme.name, number, "order"))
        made.append(article)
    return made


def write(theme: Theme) -> list[tuple[str, ...]]:
    """The paragraphs of each article of a theme."""
    used: Counter[Place] = Counter()
    articles = []
    for number, passages in enumerate(arrange(theme)):
        turn = number % len(theme.experts)
        experts = itertools.cycle(theme.experts[turn:] + theme.experts[:turn])
        paragraphs = []
        for part, index in passages:
            uses = used[part, index]
            used[part, index] += 1
            seed = number_of(theme.name, part, index)
            paragraphs.append(_worded(theme.passages[part][index], uses, seed, experts))
        articles.append(tuple(paragraphs))
    return articles


def typographic(text: str) -> str:
    """Straight quotation marks and apostrophes as printers set them."""
    text = re.sub(r'(^|[\s(\[])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[])'", r"\1‘", text).replace("'", "’")


def _with(pin: Place | None, candidates: Sequence[tuple[Place, ...]]) -> Sequence[tuple[Place, ...]]:
    """The candidates that have a pinned passage, or all of them when it belongs to another part."""
    return [candidate for candidate in candidates if pin in candidate] or candidates


def _least_alike(
    candidates: Sequence[tuple[Place, ...]], theme: Theme, made: Sequence[tuple[Place, ...]], lot: str
) -> tuple[Place, ...]:
    """The candidate that shares fewest passages with any one article, then is least used, then by lot.

    A passage that the same outlet has printed before weighs most.
    """
    number = len(made)
    before = [frozenset(article) for article in made]
    used = Counter(place for article in made for place in article)
    for outlet, article in zip(theme.outlets, made, strict=False):
        if outlet == theme.outlets[number]:
            used.update(article * 2)

    def cost(candidate: tuple[Place, ...]) -> tuple[int, int]:
        worst = max((len(article.intersection(candidate)) for article in before), default=0)
        return worst, sum(used[place] ** 2 for place in candidate)

    costs = [cost(candidate) for candidate in candidates]
    cheapest = min(costs)
    tied = [candidate for candidate, price in zip(candidates, costs, strict=True) if price == cheapest]
    return tied[number_of(theme.name, number, lot) % len(tied)]


def _ordered(frame: tuple[Place, ...], body: tuple[Place, ...], lot: int) -> tuple[Place, ...]:
    opening, counter, conclusion = frame
    turn = lot % len(body)
    turned = body[turn:] + body[:turn]
    if len(body) > 2 and lot // 8 % 3 == 0:
        return (opening, *turned[:-1], counter, turned[-1], conclusion)
    return (opening, *turned, counter, conclusion)


def _worded(passage: str, uses: int, seed: int, experts: Iterable[str]) -> str:
    """One wording of a passage: another use takes other alternatives, and each person named is a new one."""
    people = iter(experts)
    groups = itertools.count()

    def choose(match: re.Match[str]) -> str:
        inside = match.group(1)
        if inside == "expert":
            return next(people)
        options = inside.split("|")
        group = next(groups)
        return options[((seed >> group) + uses + group * (uses // 2)) % len(options)]

    return _CHOICE.sub(choose, passage)
