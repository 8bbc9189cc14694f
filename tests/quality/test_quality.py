import tomllib
from collections import Counter
from pathlib import Path

import pytest

from monitor import gazetteer
from monitor.mention import Tagger
from tests.quality.labelled import digest, parse, score, sentences, total

FLOOR = tomllib.loads((Path(__file__).parent / "floor.toml").read_text("utf-8"))
NAMED = ("EAS", "TAC", "PRK", "AU")


@pytest.fixture(scope="module")
def tallies():
    return score(Tagger(gazetteer.load()), sentences())


def test_the_floor_is_of_these_sentences():
    assert digest() == FLOOR["digest"], "the sentences changed: look at the scores and set floor.toml again"


def test_there_are_enough_sentences_of_each_class():
    sizes = Counter(sentence.group for sentence in sentences())
    assert sizes.total() >= FLOOR["sentences"]
    assert min(sizes.values()) >= FLOOR["each_class"]
    assert set(NAMED) <= set(sizes)


def test_quality_does_not_fall(tallies):
    whole = total(tallies)
    assert whole.f1 >= FLOOR["f1"] - FLOOR["epsilon"], whole.wrong


def test_no_class_falls_behind(tallies):
    behind = {group: tally.wrong for group, tally in tallies.items() if tally.f1 < FLOOR["worst_class_f1"]}
    assert not behind


def test_labels_are_read_from_brackets():
    sentence = parse("The [[Thai|THA] Foreign Ministry|x-a] met [Moscow|RUS:metonym:-].", "any")
    assert sentence.text == "The Thai Foreign Ministry met Moscow."
    assert sentence.labels == {
        (4, 8, "THA", False, True),
        (4, 25, "x-a", False, True),
        (30, 36, "RUS", True, False),
    }
