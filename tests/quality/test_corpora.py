import json
from collections import Counter

import pytest

from monitor import gazetteer
from monitor.mention import Tagger
from tests.quality.corpora import Judge, folders_in, rows_of, score, spearman
from tests.quality.corpora_card import TITLE, section


@pytest.fixture(scope="module")
def known():
    return gazetteer.load()


@pytest.fixture(scope="module")
def tagger(known):
    return Tagger(known)


def span(text, surface, **more):
    start = text.index(surface)
    return {"start": start, "end": start + len(surface), **more}


def spans_row():
    """Laos is labelled and found, Peru is found only, Atlantis labelled only, Chad a person, Oman not to be scored."""
    text = "Laos met Peru and Atlantis; Chad Smith of the EU and ASEAN saw Oman."
    return {
        "id": 1,
        "text": text,
        "countries": [span(text, "Laos", code="LA", kind="name"), span(text, "Atlantis", code="XX", kind="demonym")],
        "neg": [span(text, "Chad Smith", why="PER")],
        "ignore": [span(text, "Oman", why="entity")],
        "ignore_org": [],
        "orgs": [span(text, "EU", org="European Union")],
    }


def test_spans_and_texts_are_scored_apart(known, tagger):
    scores = score(Judge(known, tagger, {}), [spans_row()])
    assert (scores.spans.right, scores.spans.extra, scores.spans.missed) == (1, 1, 1)
    assert (scores.documents.right, scores.documents.extra, scores.documents.missed) == (1, 1, 1)
    assert {kind: (t.right, t.missed) for kind, t in scores.kinds.items()} == {"name": (1, 0), "demonym": (0, 1)}
    assert (scores.not_names, scores.not_names_hit) == (1, 0)


def test_only_organisations_that_the_corpus_labels_are_judged(known, tagger):
    scores = score(Judge(known, tagger, {}), [spans_row()])
    assert (scores.organisations.right, scores.organisations.extra, scores.organisations.missed) == (1, 0, 0)


def test_an_organisation_is_found_by_its_registered_name(known, tagger):
    registry = {"orgs": {"The Union of Europe": {"aliases": ["EU"]}}}
    assert Judge(known, tagger, registry).organisation("The Union of Europe") == "eu"
    assert Judge(known, tagger, {}).organisation("The Union of Europe") is None


def test_labels_of_whole_texts_and_their_totals(known, tagger):
    rows = [
        {"id": 1, "text": "Laos and Peru.", "doc_countries": ["LA", "PE"], "places_tagged": True, "doc_orgs": ["EU"]},
        {
            "id": 2,
            "text": "The Soviets and the EU.",
            "doc_countries": ["SU"],
            "places_tagged": True,
            "doc_orgs": ["EU"],
        },
        {"id": 3, "text": "Cuba.", "doc_countries": ["MX"], "places_tagged": False, "doc_orgs": []},
    ]
    scores = score(Judge(known, tagger, {}), rows)
    assert (scores.documents.right, scores.documents.extra, scores.documents.missed) == (3, 0, 0)
    assert (scores.organisations_of.right, scores.organisations_of.missed) == (1, 1)
    assert scores.by_hand == scores.by_us == Counter({"LAO": 1, "PER": 1, "RUS": 1})


def test_the_section_holds_figures_and_no_text(known, tagger, tmp_path):
    folder = tmp_path / "some" / "small"
    folder.mkdir(parents=True)
    (folder / "dev.jsonl").write_text(json.dumps(spans_row()) + "\n", "utf-8")
    assert folders_in(tmp_path / "some") == folders_in(folder) == [folder]
    assert rows_of(folder) == [spans_row()]
    text = section(known, tagger, [tmp_path / "some"])
    assert text.startswith(TITLE)
    assert "| small | 1 | countries, spans | 2 | 0.500 (0.095 to 0.905) | 0.500 (0.095 to 0.905) | 0.500 |" in text
    assert str(tmp_path) not in text
    assert "Smith" not in text


def test_rank_correlation():
    assert spearman(Counter(a=1, b=2, c=3), Counter(a=10, b=20, c=30)) == pytest.approx(1)
    assert spearman(Counter(a=1, b=2, c=3), Counter(a=3, b=2, c=1)) == pytest.approx(-1)
    assert spearman(Counter(a=1, b=1, c=3), Counter(a=1, b=2, c=3)) == pytest.approx(0.866, abs=0.001)
