"""Which articles are judged: strata of source type and rarity, and in each a systematic sample over the names."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_RARE, _UNCOMMON = 5, 50


@dataclass(frozen=True, slots=True)
class Framed:
    """An article that may be drawn. `rarest` is the name in it that fewest articles have (`articles` of them)."""

    article_id: int
    source_type: str
    rarest: str
    articles: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article of the sample: `taken` of the `of` articles of its stratum were drawn."""

    article_id: int
    taken: int
    of: int


def stratum(article: Framed) -> tuple[str, str]:
    """Source type, and whether the article has a name of at most 5 articles, of at most 50, only others, or none."""
    if not article.rarest:
        return article.source_type, "none"
    if article.articles <= _RARE:
        return article.source_type, "rare"
    return article.source_type, "uncommon" if article.articles <= _UNCOMMON else "common"


def draw(frame: Iterable[Framed], count: int, seed: int) -> list[Drawn]:
    """The sample of a seed, in an order that mixes the strata; the same archive and seed give the same sample.

    Strata share the sample equally. Within one, articles are ordered by their rarest name and every N/n-th is taken
    from a start between 0 and N/n, so that names are spread and each article has the same chance n/N (systematic
    sampling: Cochran, Sampling Techniques, 3rd ed. 1977, chapter 8).
    """
    strata: dict[tuple[str, str], list[Framed]] = defaultdict(list)
    for article in frame:
        strata[stratum(article)].append(article)
    shares = _shared({key: len(articles) for key, articles in strata.items()}, count)
    drawn = [
        Drawn(article.article_id, shares[key], len(articles))
        for key, articles in strata.items()
        for article in _systematic(articles, shares[key], seed, key)
    ]
    return sorted(drawn, key=lambda d: _number(seed, d.article_id))


def _shared(sizes: Mapping[tuple[str, str], int], count: int) -> dict[tuple[str, str], int]:
    """An equal part for each; what a small stratum does not fill goes to the larger."""
    shares, left = {}, count
    for rank, key in enumerate(sorted(sizes, key=lambda k: (sizes[k], k))):
        shares[key] = min(sizes[key], -(-left // (len(sizes) - rank)))
        left -= shares[key]
    return shares


def _systematic(articles: Sequence[Framed], count: int, seed: int, key: tuple[str, str]) -> list[Framed]:
    order = sorted(articles, key=lambda a: (a.rarest, _number(seed, a.article_id)))
    start = _number(seed, *key) / 2**64
    step = len(order) / count if count else 0.0
    return [order[min(int((k + start) * step), len(order) - 1)] for k in range(count)]


def _number(seed: int, *parts: object) -> int:
    text = "\x1f".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
