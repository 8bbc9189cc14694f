"""Write the quality card: the tagger on the labelled sentences, and on any corpus folder that is given.

    python tests/quality/score.py [--out docs/quality.md] [CORPUS_FOLDER ...]

A corpus folder holds JSON lines (*.jsonl), one text each: {"id", "text", "countries": [{"code", "start", "end"}]} with
"sub" and "ignore" spans that are not scored, or {"id", "text", "doc_countries": [...]} labelled by document.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor import gazetteer
from monitor.gazetteer import Gazetteer
from monitor.mention import Tagger
from monitor.validation import kept_section, with_section
from tests.quality.labelled import Tally, digest, found_in, score, sentences, total, wilson

MOST_ENTITIES = 25


def main() -> None:
    """Score and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/quality.md"))
    chosen = parser.parse_args()
    known = gazetteer.load()
    tagger = Tagger(known)
    lines = [*_own(known, tagger)]
    for folder in chosen.corpora:
        lines += _corpus(known, tagger, folder)
    own = kept_section(chosen.out.read_text("utf-8")) if chosen.out.exists() else ""
    card = "\n".join(lines) + "\n"
    chosen.out.write_text(with_section(card, own) if own else card, "utf-8")
    sys.stdout.write(f"wrote {chosen.out}\n")


def _own(known: Gazetteer, tagger: Tagger) -> Iterator[str]:
    labelled = sentences()
    tallies = score(tagger, labelled)
    whole = total(tallies)
    yield "# Quality of the tagger"
    yield ""
    yield "Written by `make quality`; not to be edited. A mention is right when its span, entity, and whether it is a"
    yield "metonym and is counted are all as labelled. Intervals are Wilson's, 95 %. The sentences were written for"
    yield "this project by its authors, most of them with a class of error in mind: they guard what works, and do"
    yield "not measure how the tagger does on texts that nobody of us has seen. Corpora, where given, do that better."
    yield ""
    yield f"Tagger {tagger.version}; {len(labelled)} sentences, digest {digest()}."
    yield ""
    yield "## By class"
    yield ""
    yield "| class | sentences | mentions | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    sizes = Counter(sentence.group for sentence in labelled)
    for group, tally in tallies.items():
        yield f"| {group} | {sizes[group]} | {tally.right + tally.missed} | {_shares(tally)} |"
    yield f"| **all** | {len(labelled)} | {whole.right + whole.missed} | {_shares(whole)} |"
    yield ""
    if whole.wrong:
        yield "Wrong today: " + " · ".join(text.replace("\n", " ") for text in whole.wrong)
        yield ""
    yield from _by_entity(known, tagger)


def _shares(tally: Tally) -> str:
    low, high = wilson(tally.right, tally.right + tally.extra)
    below, above = wilson(tally.right, tally.right + tally.missed)
    return (
        f"{tally.precision:.3f} ({low:.2f} to {high:.2f}) | {tally.recall:.3f} ({below:.2f} to {above:.2f})"
        f" | {tally.f1:.3f}"
    )


def _by_entity(known: Gazetteer, tagger: Tagger) -> Iterator[str]:
    tallies: dict[str, Tally] = {}
    articles: dict[str, Tally] = {}
    for number, sentence in enumerate(sentences()):
        found = found_in(tagger, sentence.text)
        for entity in {label[2] for label in found | sentence.labels}:
            one = frozenset(x for x in found if x[2] == entity), frozenset(x for x in sentence.labels if x[2] == entity)
            tallies.setdefault(entity, Tally()).add(*one)
            texts = [frozenset({number}) if side else frozenset() for side in one]
            articles.setdefault(entity, Tally()).add(texts[0], texts[1])
    yield "## By entity, the most labelled"
    yield ""
    yield "| entity | mentions | precision | recall | F1 | F1 by sentence |"
    yield "|---|---|---|---|---|---|"
    for entity, tally in sorted(tallies.items(), key=lambda x: (-x[1].right - x[1].missed, x[0]))[:MOST_ENTITIES]:
        name = known.entities[entity].name if entity in known.entities else entity
        yield f"| {name} | {tally.right + tally.missed} | {_shares(tally)} | {articles[entity].f1:.3f} |"
    yield ""


def _corpus(known: Gazetteer, tagger: Tagger, folder: Path) -> Iterator[str]:
    rows = [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    codes = _codes(known)
    spans, documents, by_hand, by_us = Tally(), Tally(), Counter[str](), Counter[str]()
    for row in rows:
        found = [m for m in _countries(known, tagger, row["text"]) if m[2]]
        ours = frozenset(m[2] for m in found)
        if row.get("doc_countries") is not None and row.get("places_tagged", True):
            wanted = frozenset(codes.get(code.upper(), code) for code in row["doc_countries"])
            documents.add(ours, wanted)
            by_hand.update(wanted)
            by_us.update(ours)
        if row.get("countries") is not None:
            _add_spans(codes, spans, row, found)
    yield f"## Corpus {folder.name}"
    yield ""
    yield f"{len(rows)} texts, labels as they came, historical states folded to their successors."
    yield ""
    yield "| level | precision | recall | F1 |"
    yield "|---|---|---|---|"
    if spans.right + spans.missed:
        yield f"| spans of countries | {_shares(spans)} |"
    yield f"| countries of a text | {_shares(documents)} |"
    yield ""
    if len(by_hand) > 2:
        agreement = spearman(by_hand, by_us)
        yield f"Rank agreement of country totals with the labels (Spearman), {len(by_hand)} countries: {agreement:.3f}."
        yield ""


def _codes(known: Gazetteer) -> dict[str, str]:
    """Alpha-2, alpha-3 and withdrawn codes to entities, historical states to their successors."""
    codes = {"UK": "GBR", "EL": "GRC", "KV": "XKX"}
    for entity in known.entities.values():
        if entity.kind == "historical" and "-" not in entity.entity_id:
            codes[entity.entity_id[:2]] = codes[entity.entity_id] = entity.successor_id or entity.entity_id
    for entity in known.entities.values():
        if entity.kind == "country":
            codes[entity.iso2 or ""] = codes[entity.entity_id] = entity.entity_id
    return codes


def _countries(known: Gazetteer, tagger: Tagger, text: str) -> list[tuple[int, int, str]]:
    kinds = ("country", "historical")
    return [
        (m.char_start, m.char_end, known.entities[m.entity_id].successor_id or m.entity_id)
        for m in tagger.tag(text)
        if m.kind in kinds and m.counted and m.form != "metonym"
    ]


def _add_spans(
    codes: Mapping[str, str], tally: Tally, row: Mapping[str, Any], found: list[tuple[int, int, str]]
) -> None:
    wanted = [(x["start"], x["end"], codes.get(x["code"].upper(), x["code"])) for x in row["countries"]]
    spared = [(x["start"], x["end"]) for key in ("ignore", "sub") for x in row.get(key) or ()]
    used = set()
    for start, end, code in found:
        match = next((w for w in wanted if w[0] < end and start < w[1] and w[2] == code and w not in used), None)
        if match:
            used.add(match)
            tally.right += 1
        elif not any(a < end and start < b for a, b in spared):
            tally.extra += 1
    tally.missed += len(wanted) - len(used)


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


if __name__ == "__main__":
    main()
