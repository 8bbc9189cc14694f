"""Write the quality card: the tagger on the labelled sentences, and on corpora where folders are given.

    python tests/quality/score.py [--out docs/quality.md] [FOLDER ...]

A folder is a corpus or holds corpora (see corpora.py). Without one the card keeps the corpora's section that it has.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor import gazetteer
from monitor.gazetteer import Gazetteer
from monitor.mention import Tagger
from monitor.validation import kept_section
from tests.quality.corpora import folders_in
from tests.quality.corpora_card import TITLE, section
from tests.quality.labelled import Tally, digest, found_in, score, sentences, shares, total

MOST_ENTITIES = 25


def main() -> None:
    """Score and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/quality.md"))
    chosen = parser.parse_args()
    known = gazetteer.load()
    tagger = Tagger(known)
    for folder in chosen.corpora:
        if not folder.is_dir() or not folders_in(folder):
            parser.error(f"{folder}: no folder with JSON lines (*.jsonl), nor one of such folders")
    before = chosen.out.read_text("utf-8") if chosen.out.exists() else ""
    card = "\n".join(_own(known, tagger)).rstrip() + "\n"
    corpora = section(known, tagger, chosen.corpora) if chosen.corpora else kept_section(before, TITLE)
    for part in (corpora, kept_section(before)):
        card = f"{card}\n{part.strip()}\n" if part else card
    chosen.out.write_text(card, "utf-8")
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
    yield "not measure how the tagger does on texts that nobody of us has seen. The corpora below do that better: news"
    yield "of 1987 to 2018 that others labelled; their development parts, on which the rules were made."
    yield ""
    yield f"Tagger {tagger.version}; {len(labelled)} sentences, digest {digest()}."
    yield ""
    yield "## By class"
    yield ""
    yield "| class | sentences | mentions | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    sizes = Counter(sentence.group for sentence in labelled)
    for group, tally in tallies.items():
        yield f"| {group} | {sizes[group]} | {tally.right + tally.missed} | {shares(tally)} |"
    yield f"| **all** | {len(labelled)} | {whole.right + whole.missed} | {shares(whole)} |"
    yield ""
    if whole.wrong:
        yield "Wrong today: " + " · ".join(text.replace("\n", " ") for text in whole.wrong)
        yield ""
    yield from _by_entity(known, tagger)


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
        yield f"| {name} | {tally.right + tally.missed} | {shares(tally)} | {articles[entity].f1:.3f} |"
    yield ""


if __name__ == "__main__":
    main()
