"""Whatever changes in a gazetteer: a text that no changed spelling concerns is tagged as before."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import gazetteer
from monitor.mention import Concerned, Tagger, differing, facts
from monitor.records import Alias
from tests.quality.labelled import sentences

TEXTS = [sentence.text for sentence in sentences()]
RULES = (None, "evidence", "capital", "whole", "korea", "not-shouted", "keep-inner")


@cache
def shipped():
    """The shipped names of which the sentences have a word, which are a fifth of all."""
    known = gazetteer.load()
    everything = "\n".join(TEXTS)
    near = [a for a in known.aliases if a.language == "en" and all(w in everything for w in a.alias.split())]
    return replace(known, aliases=tuple(near))


@cache
def before():
    return facts(shipped()), tagged(shipped())


def tagged(known):
    tagger = Tagger(known)
    return [tagger.tag(text) for text in TEXTS]


@st.composite
def phrases(draw):
    """One to four words as they stand somewhere in the sentences, without the marks around them."""
    words = draw(st.sampled_from(TEXTS)).split()
    start = draw(st.integers(0, len(words) - 1))
    return " ".join(words[start : start + draw(st.integers(1, 4))]).strip(".,;:()'\"") or "Fiji"


def changed_alias(draw, known):
    at = draw(st.integers(0, len(known.aliases) - 1))
    values = {
        "entity_id": st.sampled_from(sorted(known.entities)),
        "rule": st.sampled_from(RULES),
        "form": st.sampled_from(("name", "demonym", "abbreviation", "metonym")),
        "case": st.sampled_from(("any", "exact", "title")),
    }
    column = draw(st.sampled_from(sorted(values)))
    new = replace(known.aliases[at], **{column: draw(values[column])})
    return replace(known, aliases=(*known.aliases[:at], new, *known.aliases[at + 1 :]))


def dropped_alias(draw, known):
    at = draw(st.integers(0, len(known.aliases) - 1))
    return replace(known, aliases=(*known.aliases[:at], *known.aliases[at + 1 :]))


def added_alias(draw, known):
    entity, case = draw(st.sampled_from(sorted(known.entities))), draw(st.sampled_from(("any", "exact", "title")))
    new = Alias(entity, draw(phrases()), case=case, rule=draw(st.sampled_from(RULES)))
    return replace(known, aliases=(*known.aliases, new))


def moved_alias(draw, known):
    at = draw(st.integers(0, len(known.aliases) - 1))
    rest = (*known.aliases[:at], *known.aliases[at + 1 :])
    return replace(known, aliases=(known.aliases[at], *rest))


def other_vetoes(draw, known):
    vetoes = dict(known.vetoes)
    if draw(st.booleans()):
        vetoes.pop(draw(st.sampled_from(sorted(vetoes))))
    else:
        vetoes[draw(phrases())] = "another thing"
    return replace(known, vetoes=vetoes)


def other_cues(draw, known):
    cues = dict(known.cues)
    alias = draw(st.sampled_from(sorted(cues)))
    cues[alias] = draw(st.sampled_from([cues[alias][1:], (*cues[alias], draw(phrases()).lower()), ("@un",)]))
    return replace(known, cues=cues)


def other_kind(draw, known):
    entity = known.entities[draw(st.sampled_from(sorted(known.entities)))]
    kind = draw(st.sampled_from(("organisation", "treaty", "country", "region")))
    return replace(known, entities={**known.entities, entity.entity_id: replace(entity, kind=kind)})


EDITS = (changed_alias, dropped_alias, added_alias, added_alias, moved_alias, other_vetoes, other_cues, other_kind)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_text_that_no_change_concerns_is_tagged_as_before(data):
    known = shipped()
    for edit in data.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=5)):
        known = edit(data.draw, known)
    old, tags = before()
    concerned = Concerned(differing(old, facts(known)))
    for text, was, now in zip(TEXTS, tags, tagged(known), strict=True):
        assert was == now or concerned.has(text), text


def test_what_concerns_few_texts_is_told_from_what_concerns_all():
    known = shipped()
    old, tags = before()
    more = replace(known, aliases=(*known.aliases, Alias("FJI", "talks on trade", case="any")))
    concerned = Concerned(differing(old, facts(more)))
    has = [concerned.has(text) for text in TEXTS]
    changed = [was != now for was, now in zip(tags, tagged(more), strict=True)]
    assert not concerned.is_all
    assert sum(changed) <= sum(has) < len(TEXTS) / 10
    other_words = replace(known, words={**known.words, "given": frozenset()})
    another_language = replace(known, aliases=(*known.aliases, Alias("KHM", "Kambodscha", "xx")))
    for other in (other_words, another_language):
        assert Concerned(differing(old, facts(other))).is_all
    assert not any(map(Concerned(differing(old, old)).has, TEXTS))
