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
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject: when and where its articles appear, their titles, and passages for each part of an argument."""

    name: str
    weeks: tuple[int, ...]
    outlets: tuple[str, ...]
    authors: tuple[str, ...]
    titles: tuple[str, ...]
    experts: tuple[str, ...]
    passages: tuple[tuple[str, ...], ...]


# A passage's part (an index of PARTS) and its number within it.
Place = tuple[int, int]


def number_of(*words: object) -> int:
    """A large number that depends on the words alone: the generator's only source of variety."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:8])


def parse_theme(name: str, text: str) -> Theme:
    """Read a theme file: [headings], one passage a line, and "key: words" under [plan]."""
    sections: dict[str, list[str]] = {}
    here: list[str] = []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            here = sections.setdefault(heading.group(1), [])
        elif line.strip():
            here.append(line.strip())
    plan = {key: tuple(words.split()) for key, _, words in (line.partition(":") for line in sections["plan"])}
    return Theme(
        name,
        tuple(int(week) for week in plan["weeks"]),
        plan["outlets"],
        plan["authors"],
        tuple(sections["titles"]),
        tuple(sections["experts"]),
        tuple(tuple(sections[part]) for part in PARTS),
    )


def arrange(theme: Theme) -> list[tuple[Place, ...]]:
    """For each article the passages it is made of, as (part, index), sharing as few as can be with the others."""
    made: list[tuple[Place, ...]] = []
    used: Counter[Place] = Counter()
    openings, evidence, counters, conclusions = (range(len(passages)) for passages in theme.passages)
    for number in range(len(theme.weeks)):
        frames = [((0, o), (2, c), (3, e)) for o, c, e in itertools.product(openings, counters, conclusions)]
        frame = _least_alike(frames, made, used, (theme.name, number))
        count = _EVIDENCE_COUNTS[number % len(_EVIDENCE_COUNTS)]
        bodies = [tuple((1, index) for index in chosen) for chosen in itertools.combinations(evidence, count)]
        body = _least_alike([(*frame, *body) for body in bodies], made, used, (theme.name, number, 1))[3:]
        article = _ordered(frame, body, number_of(theme.name, number, "order"))
        used.update(article)
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


def _least_alike(
    candidates: Sequence[tuple[Place, ...]],
    made: Sequence[tuple[Place, ...]],
    used: Counter[Place],
    seed: tuple[object, ...],
) -> tuple[Place, ...]:
    """The candidate that shares fewest passages with any one article, then is least used, then by lot."""
    before = [frozenset(article) for article in made]

    def cost(candidate: tuple[Place, ...]) -> tuple[int, int]:
        worst = max((len(article.intersection(candidate)) for article in before), default=0)
        return worst, sum(used[passage] ** 2 for passage in candidate)

    costs = [cost(candidate) for candidate in candidates]
    cheapest = min(costs)
    tied = [candidate for candidate, price in zip(candidates, costs, strict=True) if price == cheapest]
    return tied[number_of(*seed) % len(tied)]


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
