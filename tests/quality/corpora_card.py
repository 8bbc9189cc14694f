"""The quality card's section on labelled corpora: figures only, no text and no path."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from monitor.gazetteer import Gazetteer
from monitor.mention import Tagger
from tests.quality.corpora import Judge, Scores, folders_in, rows_of, score, spearman
from tests.quality.labelled import Tally, shares

TITLE = "## Corpora"
MOST_ENTITIES = 25


def section(known: Gazetteer, tagger: Tagger, given: Iterable[Path]) -> str:
    """The card's section on some folders: figures only."""
    scored: dict[str, Scores] = {}
    for folder in given:
        beside = folder / "org_registry.json"
        registry = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        judge = Judge(known, tagger, registry)
        scored |= {path.name: score(judge, rows_of(path)) for path in folders_in(folder)}
    return "\n".join(_lines(known, tagger, scored)).rstrip() + "\n"


def _lines(known: Gazetteer, tagger: Tagger, scored: Mapping[str, Scores]) -> Iterator[str]:
    yield TITLE
    yield ""
    yield f"Written by `make quality CORPORA=FOLDER` with tagger {tagger.version}. Labels are as they came: what"
    yield "annotators left out or mislabelled counts as our error. Historical states are their successors, metonyms are"
    yield "left out, spans that a corpus marks as not to be scored are not. Of organisations only those are judged that"
    yield "the corpus labels anywhere; by text, where one is labelled. Intervals are Wilson's, 95 %, spans taken as"
    yield "independent."
    yield ""
    yield "| corpus | texts | level | labels | precision | recall | F1 |"
    yield "|---|--:|---|--:|---|---|---|"
    for name, scores in scored.items():
        for level, tally in _levels(scores):
            if tally.right + tally.missed:
                yield f"| {name} | {scores.texts} | {level} | {tally.right + tally.missed} | {shares(tally)} |"
    pooled = Tally()
    for scores in scored.values():
        pooled.add_up(scores.spans)
    if pooled.right + pooled.missed:
        texts = sum(scores.texts for scores in scored.values() if scores.spans.right + scores.spans.missed)
        yield f"| **together** | {texts} | countries, spans | {pooled.right + pooled.missed} | {shares(pooled)} |"
    yield ""
    yield from _kinds(scored)
    yield from _not_names(scored)
    for name, scores in scored.items():
        if len(scores.by_hand) > 2:
            agreement = spearman(scores.by_hand, scores.by_us)
            of = len(scores.by_hand)
            yield f"{name}: rank correlation of the totals of {of} countries with the labels (Spearman)"
            yield f"{agreement:.3f}."
            yield ""
    yield from _entities(known, scored)


def _levels(scores: Scores) -> Iterator[tuple[str, Tally]]:
    yield "countries, spans", scores.spans
    yield "countries, texts", scores.documents
    yield "organisations, spans", scores.organisations
    yield "organisations, texts", scores.organisations_of


def _kinds(scored: Mapping[str, Scores]) -> Iterator[str]:
    kinds: dict[str, Tally] = {}
    for scores in scored.values():
        for kind, tally in scores.kinds.items():
            kinds.setdefault(kind.lower().replace("_", " "), Tally()).add_up(tally)
    if kinds:
        yield "Recall of country spans by the kind that the label gives them:"
        yield ""
        yield "| kind | labels | recall |"
        yield "|---|--:|---|"
        for kind, tally in sorted(kinds.items(), key=lambda x: -x[1].right - x[1].missed):
            yield f"| {kind} | {tally.right + tally.missed} | {shares(tally).split(' | ')[1]} |"
        yield ""


def _not_names(scored: Mapping[str, Scores]) -> Iterator[str]:
    hit = sum(scores.not_names_hit for scores in scored.values())
    of = sum(scores.not_names for scores in scored.values())
    if of:
        yield f"Spans labelled as something else (most of them persons): {of}, of which {hit} were taken for a country."
        yield ""


def _entities(known: Gazetteer, scored: Mapping[str, Scores]) -> Iterator[str]:
    spans: dict[str, Tally] = {}
    texts: dict[str, Tally] = {}
    for scores in scored.values():
        if scores.spans.right + scores.spans.missed:
            _join(spans, scores.entities)
            _join(texts, scores.articles)
    if not spans:
        return
    yield "Countries with the most labelled spans, all corpora with spans together:"
    yield ""
    yield "| country | spans | precision | recall | F1 | texts | precision | recall | F1 |"
    yield "|---|--:|---|---|---|--:|---|---|---|"
    for entity, tally in sorted(spans.items(), key=lambda x: (-x[1].right - x[1].missed, x[0]))[:MOST_ENTITIES]:
        name = known.entities[entity].name if entity in known.entities else entity
        text = texts.get(entity, Tally())
        yield (
            f"| {name} | {tally.right + tally.missed} | {shares(tally)} | {text.right + text.missed} | {shares(text)} |"
        )
    yield ""


def _join(whole: dict[str, Tally], part: Mapping[str, Tally]) -> None:
    for entity, tally in part.items():
        whole.setdefault(entity, Tally()).add_up(tally)
