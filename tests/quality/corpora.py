"""Labelled corpora of the shared form, scored as they came: spans and texts, by kind of label and by entity.

A corpus is a folder with JSON lines (*.jsonl), one text each: {"id", "text"} with "countries": [{"code", "start",
"end", "kind"}] and the spans "sub", "ignore" and "ignore_org" that are not scored, "orgs": [{"org", "start", "end"}],
or with "doc_countries" and "doc_orgs" that hold of the whole text. Names of organisations are looked up in the
gazetteer, and in an org_registry.json beside the corpora.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.gazetteer import Gazetteer, fold
from monitor.mention import Tagger
from monitor.records import Mention
from tests.quality.labelled import Tally

# labels do not tell these apart
FAMILY = {"ec": "eu", "european-commission": "eu", "eec": "eu", "unsc": "un", "unga": "un"}
Span = tuple[int, int, str]


@dataclass
class Scores:
    """The tallies of a corpus."""

    texts: int = 0
    spans: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=dict)
    documents: Tally = field(default_factory=Tally)
    organisations: Tally = field(default_factory=Tally)
    organisations_of: Tally = field(default_factory=Tally)
    entities: dict[str, Tally] = field(default_factory=dict)
    articles: dict[str, Tally] = field(default_factory=dict)
    by_hand: Counter[str] = field(default_factory=Counter)
    by_us: Counter[str] = field(default_factory=Counter)
    not_names: int = 0
    not_names_hit: int = 0


class Judge:
    """What is needed to compare our mentions with the labels of one folder of corpora."""

    def __init__(self, known: Gazetteer, tagger: Tagger, registry: Mapping[str, Any]) -> None:
        self.known = known
        self.tagger = tagger
        self.codes = country_codes(known)
        self.names = {fold(a.alias): a.entity_id for a in reversed(known.aliases) if a.entity_id[:1].islower()}
        self.registry = {
            fold(name): [fold(alias) for alias in (name, *entry.get("aliases", ()))]
            for name, entry in registry.get("orgs", {}).items()
        }

    def country(self, code: str) -> str:
        """The entity of a code; a historical state is its successor."""
        return self.codes.get(code.upper(), code)

    def organisation(self, name: str) -> str | None:
        """The entity of a label's name, if the gazetteer has it."""
        wanted = fold(name)
        found = next((self.names[x] for x in (wanted, *self.registry.get(wanted, ())) if x in self.names), None)
        return FAMILY.get(found, found) if found else None

    def found(self, text: str) -> tuple[list[Span], list[Span]]:
        """Our counted countries and organisations in a text, metonyms left out."""
        mentions = [m for m in self.tagger.tag(text) if m.counted and m.form != "metonym"]
        countries = [_span(m, self._state(m.entity_id)) for m in mentions if m.kind in ("country", "historical")]
        bodies = [_span(m, FAMILY.get(m.entity_id, m.entity_id)) for m in mentions if m.kind == "organisation"]
        return countries, bodies

    def _state(self, entity_id: str) -> str:
        return self.known.entities[entity_id].successor_id or entity_id


def _span(mention: Mention, entity_id: str) -> Span:
    return mention.char_start, mention.char_end, entity_id


def country_codes(known: Gazetteer) -> dict[str, str]:
    """Alpha-2, alpha-3 and withdrawn codes to entities, historical states to their successors."""
    codes = {"UK": "GBR", "EL": "GRC", "KV": "XKX"}
    for entity in known.entities.values():
        if entity.kind == "historical" and "-" not in entity.entity_id:
            codes[entity.entity_id[:2]] = codes[entity.entity_id] = entity.successor_id or entity.entity_id
    for entity in known.entities.values():
        if entity.kind == "country":
            codes[entity.iso2 or ""] = codes[entity.entity_id] = entity.entity_id
    return codes


def folders_in(folder: Path) -> list[Path]:
    """The folder itself if it holds JSON lines, else those of its folders that do."""
    if any(folder.glob("*.jsonl")):
        return [folder]
    return sorted(path for path in folder.iterdir() if path.is_dir() and any(path.glob("*.jsonl")))


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The labelled texts of a corpus."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n")]
    return [json.loads(line) for line in lines if line.strip()]


def score(judge: Judge, rows: Iterable[Mapping[str, Any]]) -> Scores:
    """Our mentions against the labels of a corpus."""
    rows, scores = list(rows), Scores()
    names = {x["org"] for row in rows for x in row.get("orgs") or ()} | {
        x for row in rows for x in row.get("doc_orgs") or ()
    }
    # an organisation that no label of the corpus names may be right or wrong: it is not judged
    judged = {entity for name in names if (entity := judge.organisation(name))}
    for row in rows:
        scores.texts += 1
        countries, bodies = judge.found(row["text"])
        bodies = [body for body in bodies if body[2] in judged]
        if row.get("countries") is not None:
            _spans(judge, scores, row, countries)
        elif row.get("doc_countries") is not None and row.get("places_tagged", True):
            _document(judge, scores, row["doc_countries"], countries)
        _organisations(judge, scores, row, bodies)
    return scores


def _spans(judge: Judge, scores: Scores, row: Mapping[str, Any], found: list[Span]) -> None:
    wanted = [(x["start"], x["end"], judge.country(x["code"]), x.get("kind") or "name") for x in row["countries"]]
    spared = [(x["start"], x["end"]) for key in ("ignore", "sub") for x in row.get(key) or ()]
    others = [(x["start"], x["end"]) for x in row.get("neg") or ()]
    used: set[int] = set()
    ours: set[str] = set()
    for start, end, entity in found:
        match = next(
            (k for k, w in enumerate(wanted) if k not in used and _meets(w, start, end) and w[2] == entity), None
        )
        if match is not None:
            used.add(match)
        elif any(_meets(span, start, end) for span in spared) and not any(_meets(w, start, end) for w in wanted):
            continue
        else:
            scores.spans.extra += 1
            scores.entities.setdefault(entity, Tally()).extra += 1
            scores.not_names_hit += any(_meets(span, start, end) for span in others)
        ours.add(entity)
    for k, (_, _, entity, kind) in enumerate(wanted):
        for tally in (
            scores.spans,
            scores.kinds.setdefault(kind, Tally()),
            scores.entities.setdefault(entity, Tally()),
        ):
            tally.right += k in used
            tally.missed += k not in used
    scores.not_names += len(others)
    _add_text(scores, frozenset(ours), frozenset(w[2] for w in wanted))


def _meets(span: tuple[Any, ...], start: int, end: int) -> bool:
    return bool(span[0] < end and start < span[1])


def _document(judge: Judge, scores: Scores, labels: Iterable[str], found: list[Span]) -> None:
    wanted = frozenset(judge.country(code) for code in labels)
    ours = frozenset(entity for _, _, entity in found)
    scores.by_hand.update(wanted)
    scores.by_us.update(ours)
    _add_text(scores, ours, wanted)


def _add_text(scores: Scores, ours: frozenset[str], wanted: frozenset[str]) -> None:
    scores.documents.add(ours, wanted)
    for entity in ours | wanted:
        scores.articles.setdefault(entity, Tally()).add(ours & {entity}, wanted & {entity})


def _organisations(judge: Judge, scores: Scores, row: Mapping[str, Any], found: list[Span]) -> None:
    labels = [(x["start"], x["end"], judge.organisation(x["org"])) for x in row.get("orgs") or ()]
    named = {judge.organisation(name) for name in row.get("doc_orgs") or ()} - {None}
    spared = [tuple(span) for span in row.get("ignore_org") or ()]
    if labels or "ignore_org" in row:
        used: set[int] = set()
        for start, end, entity in found:
            match = next(
                (k for k, x in enumerate(labels) if k not in used and _meets(x, start, end) and x[2] == entity), None
            )
            if match is not None:
                used.add(match)
            elif not any(_meets(span, start, end) for span in spared):
                scores.organisations.extra += 1
        scores.organisations.right += len(used)
        scores.organisations.missed += len(labels) - len(used)
        named = {x[2] for x in labels} - {None}
    if named or labels:
        scores.organisations_of.add(frozenset(x[2] for x in found), frozenset(named))


def spearman(first: Counter[str], second: Counter[str]) -> float:
    """The rank correlation of two counts over the keys of the first; ties share their mean rank."""
    keys = sorted(first)
    one, two = _ranks([first[k] for k in keys]), _ranks([second[k] for k in keys])
    middle = (len(keys) + 1) / 2
    shared = sum((a - middle) * (b - middle) for a, b in zip(one, two, strict=True))
    spread = sum((a - middle) ** 2 for a in one) * sum((b - middle) ** 2 for b in two)
    return float(shared / spread**0.5) if spread else 0.0


def _ranks(values: list[int]) -> list[float]:
    order = sorted(values)
    return [order.index(v) + (order.count(v) + 1) / 2 for v in values]
