import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.mention import Tagger
from monitor.mention.automaton import Phrases
from monitor.mention.fold import Offsets, plain_text
from monitor.mention.lexicon import GAP, Lexicon
from monitor.mention.match import spans
from monitor.records import Alias, Entity

LETTERS = "abABéßıİŁж한中ก́ -.’$"


WIDE = re.compile(r"[^\W\d_]  (?: |[^\W\d_])")


class Small:
    """A gazetteer of the aliases that are given."""

    def __init__(self, aliases):
        self.entities = {"AAA": Entity("AAA", "country", "A")}
        self.aliases = [Alias("AAA", alias, case="exact") for alias in aliases]
        self.vetoes = {}
        self.cues = {}
        self.words = dict.fromkeys(
            ("heads_last", "heads_of", "given_prone", "person_prone", "small_towns", "surname_prone", "towns"),
            frozenset(),
        )
        self.version = "test"


def brute_force(lexicon, text):
    """Every pattern at every place; borders; then from the left the longest."""
    found, at = [], 0
    while at < len(text):
        ends = [
            (at + len(pattern), index)
            for index, pattern in enumerate(lexicon.patterns)
            if pattern != GAP
            and text.startswith(pattern, at)
            and is_bordered(lexicon, text, at, at + len(pattern), index)
        ]
        if ends:
            end, index = max(ends)
            found.append((at, end, lexicon.first[index]))
            at = end
        else:
            at += 1
    return found


def is_bordered(lexicon, text, start, end, index):
    left = lexicon.open_left[index] or start == 0 or not text[start - 1].isalnum()
    return left and (lexicon.open_right[index] or end == len(text) or not text[end].isalnum())


PIECES = [
    *("Cambodia", "the U.S.", "Kremlin", "(ASEAN)", "Moscow's", "Georgia,", "Pa.", "University", "of", "and", "South"),
    *("Korea", "US$5", "Jordan", "WHO", "Swiss francs", "Ministry", "Bank of", "中国", "é", "  ", "\n\n", "\u00a0"),
]


def made_words(letters):
    return st.text(st.sampled_from(letters), min_size=1, max_size=5).filter(lambda w: w.strip() == w and w)


names_and_texts = st.sampled_from([LETTERS, "abABéèß?-.'"]).flatmap(
    lambda letters: st.tuples(
        st.lists(made_words(letters), min_size=1, max_size=12), st.lists(made_words(letters), max_size=30)
    )
)


@settings(max_examples=400, deadline=None)
@given(names_and_texts)
def test_the_matcher_is_the_brute_force(names_and_text):
    aliases, text = names_and_text
    lexicon = Lexicon(Small(aliases))
    plain = plain_text(" ".join(text)) + " "
    assert spans(lexicon, plain) == (brute_force(lexicon, plain), WIDE.search(plain) is not None)


@settings(max_examples=300, deadline=None)
@given(names_and_texts)
def test_phrases_stand_as_words(phrases_and_text):
    phrases, text = phrases_and_text
    plain = " ".join(text) + " "
    places = [
        (at, order, phrase)
        for order, phrase in enumerate(phrases)
        for at in range(len(plain))
        if plain.startswith(phrase, at)
        and not any(c.isalnum() or c == "_" for c in (plain[at - 1], plain[at + len(phrase)]))
    ]
    looked = Phrases(phrases)
    assert looked.standing(plain) == {phrase for _, _, phrase in places}
    assert looked.first(plain) == (min(places)[2] if places else None)


@pytest.mark.parametrize("gap", ["  ", "   "])
def test_a_wide_gap_is_closed_between_words_only(tagger, gap):
    text = f"In New{gap}Zealand.{gap}Peru"
    assert [(m.entity_id, m.surface) for m in tagger.tag(text)] == [("NZL", f"New{gap}Zealand"), ("PER", "Peru")]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(LETTERS + "\n\r\t\u00a0“”"), max_size=60))
def test_plain_text_keeps_every_offset(text):
    assert len(plain_text(text)) == len(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["ab", "B", " ", "  ", "   ", "\x1e"]), max_size=20))
def test_closed_gaps_map_back(pieces):
    text = "".join(pieces)
    closed = Offsets(text)
    for position, char in enumerate(closed.text):
        assert text[closed.original(position)] == char


@pytest.mark.parametrize(
    "text",
    [
        "New\nZealand",
        "New Zealand",
        "New\u00a0Zealand",
        "New  Zealand",
        "NEW ZEALAND",
        "New\r\nZealand",
        "New\tZealand",
    ],
)
def test_white_space_in_a_name(tagger, text):
    mentions = tagger.tag(f"In {text} it rained.")
    assert [(m.entity_id, m.surface) for m in mentions] == [("NZL", text)]


def test_a_blank_line_is_a_border(tagger):
    assert not tagger.tag("It is new: New\n\nZealand")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_composed_decomposed_or_left_out(tagger, form):
    text = unicodedata.normalize(form, "Côte d’Ivoire, Curaçao and Cote d'Ivoire")
    assert [m.entity_id for m in tagger.tag(text)] == ["CIV", "CUW", "CIV"]


@pytest.mark.parametrize("text", ["Is it Per? It is.", "Per\u0113 and Zaïrean", "C?te d'Ivoire"])
def test_another_letter_is_not_the_accent(tagger, text):
    assert {m.surface for m in tagger.tag(text)} <= {"Zaïrean"}


def test_the_built_in_names_have_few_kinds_of_letters(tagger):
    """From 128 kinds of bytes on, stretches between them included, the fast automaton takes twice the memory."""
    used = {byte for pattern in tagger.lexicon.patterns for byte in pattern.encode("ascii", "replace")}
    assert len(used) + sum(byte - 1 not in used for byte in used) + 1 < 128


@pytest.mark.parametrize("text", ["Nigerias", "xNiger", "Chadwick", "Malian2", "Omanis2", "Cuban1"])
def test_borders_are_words(tagger, text):
    assert not tagger.tag(f"He said {text} twice.")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_every_surface_is_its_span(tagger, pieces):
    text = " ".join(pieces)
    for mention in tagger.tag(text, text[:40]):
        field = text if mention.field == "text" else text[:40]
        assert field[mention.char_start : mention.char_end] == mention.surface


@pytest.fixture(scope="module")
def tagger():
    from monitor import gazetteer

    return Tagger(gazetteer.load())
