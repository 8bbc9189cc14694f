"""Figures of tagging, in one process: MB/s of text, and differences from a brute-force matcher. One JSON object a line.

`--texts FILE` measures on JSON lines with a "text"; without it, on commentary made of sentences.txt between plain
prose, with about one name in 230 characters, as newswire has. These sentences are the labelled ones of the day on which
the ratios were committed: with today's, of which each new one is harder, the gate would compare other texts.
`--quick` measures less. The gate holds tagging against a loop that looks up each word of a text, since both are an
interpreter's work: the automaton's is the memory's, .17 of the same code's time on one host and .12 on another.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from monitor import gazetteer
from monitor.mention import Tagger
from monitor.mention.fold import plain_text
from monitor.mention.lexicon import GAP, Lexicon
from monitor.mention.match import spans
from monitor.records import Alias

SENTENCES = Path(__file__).with_name("sentences.txt")
PROSE = (
    "the talks on trade and water went on through the night while officials said that a draft of the agreement would"
    " be ready by the end of the month and that prices of rice and fuel had not yet come down as far as they hoped"
)
LETTERS = "abcdeABCDEéßıñ한국中ไท -.'"


def made_texts(size_in_mb):
    """Articles of about 900 characters; the same at every run."""
    chance = random.Random(7)
    named = SENTENCES.read_text("utf-8").splitlines()
    prose = PROSE.split()
    texts, size = [], 0
    while size < size_in_mb * 1e6:
        parts = []
        for _ in range(4):
            words = [chance.choice(prose) for _ in range(75)]
            parts += [" ".join(words).capitalize() + ".", chance.choice(named)]
        texts.append("\n\n".join(parts))
        size += len(texts[-1].encode())
    return texts


def figure(name, value, unit, better="higher", **more):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "better": better, **more}), flush=True)


def seconds(action, texts):
    """CPU of one pass over the texts."""
    gc.collect()
    started = time.process_time()
    for text in texts:
        action(text)
    return time.process_time() - started


def megabytes(texts):
    return sum(len(text.encode()) for text in texts) / 1e6


def speed(action, texts, rounds):
    """MB of UTF-8 a second of CPU, the median of the rounds."""
    return megabytes(texts) / statistics.median(seconds(action, texts) for _ in range(rounds))


def word_by_word(known):
    """The least that finds names of one word: each word without its punctuation, looked up."""
    names = {alias.alias: alias.entity_id for alias in known.aliases if " " not in alias.alias}

    def found(text):
        places, at = [], 0
        for word in text.split():
            at = text.find(word, at)
            bare = word.strip(".,;:!?)'\"(-")
            if bare in names:
                places.append((at, at + len(bare), names[bare]))
            at += len(word)
        return places

    return found


def in_turns(known, texts, rounds):
    """The figures that are ratios, and the speeds beside them: medians of rounds in which each thing has its turn."""
    plain, full, words = Tagger(known, unlisted=False), Tagger(known), word_by_word(known)
    folded = [plain_text(text) + " " for text in texts]
    turns = [(plain.lexicon.hits, folded), (words, texts), (plain.tag, texts), (full.tag, texts)]
    taken = [[seconds(*turn) for turn in turns] for _ in range(rounds)]
    automaton, looked_up, listed, unlisted = (
        megabytes(texts) / statistics.median(one) for one in zip(*taken, strict=True)
    )
    english = sum(alias.language == "en" for alias in known.aliases)
    figure(f"tag, {english} aliases", listed, "MB/s", limit=40)
    figure("automaton alone", automaton, "MB/s")
    figure("each word looked up", looked_up, "MB/s")
    figure("tag over automaton alone", statistics.median(t[0] / t[2] for t in taken), "ratio")
    figure("tag over each word looked up", statistics.median(t[1] / t[2] for t in taken), "ratio", ratio=True)
    figure("tag with unlisted organisations", unlisted, "MB/s", limit=10)
    figure("with unlisted over without", statistics.median(t[2] / t[3] for t in taken), "ratio", ratio=True)


def with_aliases(known, count):
    """The gazetteer grown to `count` aliases by made-up names."""
    chance = random.Random(11)
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    added, missing = [], count - sum(alias.language == "en" for alias in known.aliases)
    while len(added) < missing:
        words = ("".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize() for _ in range(2))
        added.append(Alias("KHM", " ".join(words)))
    unique = {alias.alias: alias for alias in added}
    return replace(known, aliases=(*known.aliases, *unique.values()))


def brute_force(lexicon, text):
    """Every pattern at every place, borders, leftmost, longest."""
    found, at = [], 0
    while at < len(text) - 1:
        ends = []
        for index, pattern in enumerate(lexicon.patterns):
            end = at + len(pattern)
            if pattern == GAP or not text.startswith(pattern, at):
                continue
            left = lexicon.open_left[index] or at == 0 or not text[at - 1].isalnum()
            if left and (lexicon.open_right[index] or not text[end].isalnum()):
                ends.append((end, index))
        found += [(at, max(ends)[0], lexicon.first[max(ends)[1]])] if ends else []
        at = max(ends)[0] if ends else at + 1
    return found


def differences(known, rounds):
    """Texts of random Unicode letters on which the matcher and the brute force differ."""
    chance = random.Random(3)
    wrong = 0
    for _ in range(rounds):
        names = {"".join(chance.choices(LETTERS, k=chance.randint(1, 4))).strip() or "a" for _ in range(40)}
        aliases = tuple(Alias("KHM", name, case="exact") for name in sorted(names))
        lexicon = Lexicon(replace(known, aliases=aliases, vetoes={}), shapes=False)
        text = plain_text("".join(chance.choices(LETTERS, k=400))) + " "
        wrong += spans(lexicon, text)[0] != brute_force(lexicon, text)
    return wrong


def command_seconds(lines):
    """Seconds of CPU of `monitor tag --jsonl` for these lines."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", "from monitor.cli import main; main()", "tag", "--jsonl"],
        input=lines, capture_output=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    if chosen.texts:
        texts = [json.loads(line)["text"] for line in chosen.texts.read_text("utf-8").splitlines()]
    else:
        texts = made_texts(1 if chosen.quick else 5)
    known = gazetteer.load()
    in_turns(known, texts, 21)
    if not chosen.quick:
        large = Tagger(with_aliases(known, 50_000), unlisted=False)
        figure("tag, 50000 aliases", speed(large.tag, texts, 3), "MB/s", limit=10)
        lines = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)).encode()
        taken = statistics.median(
            command_seconds(lines) - command_seconds(b'{"id": 0, "text": "a"}\n') for _ in range(3)
        )
        figure("monitor tag --jsonl, net of start-up", megabytes(texts) / taken, "MB/s", limit=8)
    figure("differences from brute force", differences(known, 20 if chosen.quick else 200), "texts", "lower", limit=0)


if __name__ == "__main__":
    main()
