"""The sample's articles: enough of them, alike to none, shaped over the weeks, and the same on any day."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from monitor.sample import outlets, pieces, published_at

NOW = datetime(2026, 5, 7, 15, 30, tzinfo=UTC)


def shingles(piece):
    words = " ".join(piece.paragraphs).lower().split()
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def week_of(piece, now=NOW):
    day = published_at(piece, now).astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def named(pattern, weeks):
    return sum(bool(re.search(pattern, " ".join(p.paragraphs))) for p in pieces() if p.weeks_ago in weeks)


def test_enough_articles_from_enough_outlets():
    counts = Counter(piece.outlet.key for piece in pieces())
    assert len(pieces()) >= 180
    assert len(counts) == len(outlets()) >= 10
    assert min(counts.values()) >= 10


def test_each_article_has_the_length_of_a_commentary():
    lengths = [sum(len(paragraph.split()) for paragraph in piece.paragraphs) for piece in pieces()]
    assert min(lengths) >= 350
    assert max(lengths) <= 700
    assert sum(length >= 400 for length in lengths) >= 195


def test_no_two_articles_are_alike_but_the_copies():
    sets = [(piece, shingles(piece)) for piece in pieces() if piece.origin is None]
    worst = max(len(a & b) / len(a | b) for (_, a), (_, b) in combinations(sets, 2))
    assert worst < 0.5


def test_one_story_is_carried_word_for_word_by_three_outlets():
    copies = [piece for piece in pieces() if piece.origin]
    assert len(copies) == 2
    (original,) = [p for p in pieces() if p.title == copies[0].title and p.origin is None]
    assert {piece.paragraphs for piece in copies} == {original.paragraphs}
    assert len({piece.outlet.key for piece in [*copies, original]}) == 3
    for copy in copies:
        assert original.outlet.name in copy.source_line
        assert published_at(copy, NOW) > published_at(original, NOW)


def test_no_paragraph_repeats_within_an_article_or_three_times_within_an_outlet():
    for piece in pieces():
        assert len(set(piece.paragraphs)) == len(piece.paragraphs)
        sentences = [s for p in piece.paragraphs for s in re.split(r"(?<=[.?!]) ", p) if len(s.split()) > 5]
        assert len(set(sentences)) == len(sentences)
    uses = Counter((piece.outlet.key, paragraph) for piece in pieces() for paragraph in piece.paragraphs)
    assert max(uses.values()) <= 2


def test_paths_and_titles_are_unique_and_hold_no_date():
    assert len({piece.path for piece in pieces()}) == len(pieces())
    assert len({piece.title.lower() for piece in pieces() if not piece.origin}) == len(pieces()) - 2
    assert not [piece.path for piece in pieces() if re.search(r"/20\d\d/", piece.path)]


def test_no_template_is_left_in_the_text():
    for piece in pieces():
        for text in (piece.title, *piece.paragraphs):
            assert not set("{}|<>") & set(text)
            assert "  " not in text
            assert " ." not in text.replace(" ...", "")
            assert text.strip() == text


def test_paragraphs_are_whole_sentences():
    for piece in pieces():
        for paragraph in piece.paragraphs:
            assert re.match(r"[A-ZÀ-Ý“\"]", paragraph)
            assert re.search(r"[.?!][”\"]?$", paragraph)
            assert paragraph.count("“") == paragraph.count("”")
            assert paragraph.count('"') % 2 == 0
            assert not re.search(r"\b(\w+) \1\b", paragraph)


@pytest.mark.parametrize("now", [NOW, datetime(2027, 1, 4, 0, 0, tzinfo=UTC), datetime(2025, 3, 2, 23, 59, tzinfo=UTC)])
def test_articles_fall_in_the_26_whole_weeks_before(now):
    monday = (now - timedelta(days=now.weekday())).date()
    for piece in pieces():
        assert week_of(piece, now) == monday - timedelta(weeks=piece.weeks_ago)
        assert published_at(piece, now) < now
    assert {piece.weeks_ago for piece in pieces()} == set(range(1, 27))


def test_any_day_of_a_week_gives_the_same_dates():
    for piece in pieces():
        assert published_at(piece, NOW) == published_at(piece, datetime(2026, 5, 4, 0, 5, tzinfo=UTC))


def test_weeks_have_a_shape():
    taiwan = "Taiwan Strait|Taipei"
    assert named(taiwan, {12}) >= 6
    assert named(taiwan, {12}) >= 2 * max(named(taiwan, {week}) for week in range(1, 27) if week not in {11, 12})
    assert named("ASEAN", {5, 6, 7}) > 1.4 * named("ASEAN", {18, 19, 20})
    assert named("Timor", range(1, 9)) >= 2 * named("Timor", range(9, 18)) > 0


def test_one_outlet_began_later():
    late = [piece for piece in pieces() if piece.outlet.since_weeks == 8]
    assert len(late) >= 10
    assert max(piece.weeks_ago for piece in late) <= 8


def test_the_odd_cases_are_there():
    odd = Counter(piece.special for piece in pieces() if piece.special)
    assert odd == {"paywall": 1, "missing": 1, "members": 2, "undated": 1}
    assert Counter(piece.language for piece in pieces() if piece.language != "en") == {"fr": 2, "id": 2}


@pytest.mark.parametrize(
    "name",
    [
        "ASEAN",
        "Association|association",
        "United Nations",
        "World Bank",
        "European Union",
        "BRICS",
        "Pacific Islands Forum",
        "Soviet Union",
        "People’s Republic of Kampuchea|People's Republic of Kampuchea",
        "South Vietnam",
        "Burma",
        "the Kremlin|The Kremlin",
        "Beijing said",
        "Timor-Leste",
        "Kosovo",
        "Papua New Guinea",
        "Kyrgyzstan",
        "Saudi Arabia",
        "Côte|Congo",
        "Canberra",
    ],
)
def test_names_of_many_kinds_occur(name):
    assert [piece for piece in pieces() if re.search(name, " ".join(piece.paragraphs))]


def test_every_article_names_countries():
    some = re.compile(
        r"China|Beijing|Austral|Nouvelle-Zélande|Indonesia|Vietnam|Thai|Cambodia|Soviet|Laos|Japan|India|Russia|Singapore|Malaysia"
        r"|Philippines|Myanmar|Fiji|Korea|Timor|Tonga|Pakistan|United States|Washington|Cina|Jepang|Japon|Chine"
    )
    for piece in pieces():
        assert len(set(some.findall(" ".join(piece.paragraphs)))) >= 3, piece.title
