"""The section of the quality card: how the coders agree, and how the tagger does against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from monitor.validation.agreement import Share, alpha, share
from monitor.validation.coding import UNKNOWN, Pair
from monitor.validation.reading import Row

TITLE = "## Validation on an archive"
_HEADER = ("| {} | precision | of | recall | of | precision in the archive | recall in the archive |", "|---" * 7 + "|")
_MOST_NAMES = 40


def section(pairs: Sequence[Pair], rows: Sequence[Row], day: date) -> str:
    """The section as Markdown. `rows` are those of the first sheet."""
    return "\n".join([*_about(pairs, rows, day), *_coders(pairs), *_tagger(pairs), *_unknown(pairs)]).rstrip() + "\n"


def with_section(card: str, text: str) -> str:
    """The card with this section in place of its old one, else at its end."""
    if not card.strip():
        card = "# Quality card\n"
    before, after = _around(card)
    return "\n\n".join(part.strip("\n") for part in (before, text, after) if part.strip()) + "\n"


def kept_section(card: str, title: str = TITLE) -> str:
    """The section of a card under this title; empty when it has none."""
    before, after = _around(card, title)
    return card[len(before) : len(card) - len(after)]


def _around(card: str, title: str = TITLE) -> tuple[str, str]:
    lines = card.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.startswith(title)), len(lines))
    end = next((i for i, line in enumerate(lines) if i > start and line.startswith(("# ", "## "))), len(lines))
    return "".join(lines[:start]), "".join(lines[end:])


def _about(pairs: Sequence[Pair], rows: Sequence[Row], day: date) -> Iterator[str]:
    taggers = Counter(row.tagger for row in rows if not row.entity)
    coders = len(pairs[0].answers) if pairs else 1
    answered = sum(any(a is not None for a in pair.answers) for pair in pairs if not pair.is_added)
    versions = ", ".join(f"{name} ({count})" for name, count in taggers.most_common())
    yield TITLE
    yield ""
    yield f"Written by `monitor validate score` on {day}; articles of the archive: {taggers.total()}, coders: {coders}."
    yield f"Pairs of article and name: {sum(not p.is_added for p in pairs)}, {answered} of them judged;"
    yield f"{sum(p.is_added for p in pairs)} added. Tagger by articles: {versions}."
    yield ""
    yield "A pair is found when the tagger counts the name in the article. Intervals are Wilson's, 95 %. The sample"
    yield "favours rare names and small source types, and its intervals take pairs as independent. The columns for the"
    yield "archive weigh articles by stratum; their intervals allow for names of one article going wrong together."
    yield ""


def _coders(pairs: Sequence[Pair]) -> Iterator[str]:
    if not pairs or len(pairs[0].answers) < 2:
        return
    both = [pair for pair in pairs if None not in pair.answers]
    listed = [pair for pair in both if not pair.is_added]
    differ = sum(pair.truth is None for pair in both)
    yield f"Krippendorff's alpha (nominal): {_figure(alpha([p.answers for p in listed]))} on {len(listed)} pairs,"
    yield f"{_figure(alpha([p.answers for p in both]))} on {len(both)} with the added names. Where the coders differ"
    yield f"({differ} pairs) nothing is right or wrong: those count in each coder's own line alone."
    yield ""


def _figure(value: float | None) -> str:
    return "not defined (no pair, or one answer only)" if value is None else f"{value:.3f}"


def _tagger(pairs: Sequence[Pair]) -> Iterator[str]:
    known = [pair for pair in pairs if pair.kind != UNKNOWN]
    yield from (_HEADER[0].format("of"), _HEADER[1])
    yield _scores("**all**", known, _agreed)
    coders = len(known[0].answers) if known else 0
    if coders > 1:
        for place in range(coders):
            yield _scores(f"coder {place + 1} alone", known, _alone(place))
    if len(known) < len(pairs):
        yield _scores("with names that the gazetteer does not have", pairs, _agreed)
    yield ""
    yield from _grouped("source type", [(pair.source_type, pair) for pair in known])
    yield from _grouped("kind", [(pair.kind, pair) for pair in known])


def _grouped(title: str, pairs: Sequence[tuple[str, Pair]]) -> Iterator[str]:
    yield from (_HEADER[0].format(title), _HEADER[1])
    for name in sorted({name for name, _ in pairs}):
        yield _scores(_cell(name), [pair for of, pair in pairs if of == name], _agreed)
    yield ""


def _agreed(pair: Pair) -> bool | None:
    return pair.truth


def _alone(place: int) -> Callable[[Pair], bool | None]:
    return lambda pair: pair.answers[place]


def _scores(label: str, pairs: Sequence[Pair], truth: Callable[[Pair], bool | None]) -> str:
    precision = share([(p.article, p.weight, bool(truth(p))) for p in pairs if p.found and truth(p) is not None])
    recall = share([(p.article, p.weight, p.found) for p in pairs if truth(p)])
    plain = " | ".join(f"{_plain(s)} | {s.total}" for s in (precision, recall))
    return f"| {label} | {plain} | {_weighted(precision)} | {_weighted(recall)} |"


def _plain(of: Share) -> str:
    return f"{of.value:.3f} ({of.low:.3f} to {of.high:.3f})" if of.total else "·"


def _weighted(of: Share) -> str:
    return f"{of.weighted:.3f} ({of.weighted_low:.3f} to {of.weighted_high:.3f})" if of.total else "·"


def _unknown(pairs: Sequence[Pair]) -> Iterator[str]:
    names = sorted({_cell(pair.name) for pair in pairs if pair.kind == UNKNOWN and True in pair.answers})
    if names:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"Added, but not in the gazetteer (or misspelt): {'; '.join(names[:_MOST_NAMES])}{more}."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
