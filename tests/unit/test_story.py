import random

from hypothesis import given
from hypothesis import strategies as st

from monitor.story import shingles, signature_bands, similarity

WORDS = [f"word{n}" for n in range(4000)]


def article(rng, length=500):
    return [rng.choice(WORDS) for _ in range(length)]


def changed(rng, words, share):
    return [rng.choice(WORDS) if rng.random() < share else w for w in words]


def share_a_band(a, b):
    return bool(set(signature_bands(" ".join(a))) & set(signature_bands(" ".join(b))))


def test_copies_with_one_word_in_twenty_changed_are_found():
    rng = random.Random(1)
    pairs = [(a, changed(rng, a, 0.05)) for a in (article(rng) for _ in range(300))]
    assert sum(share_a_band(a, b) for a, b in pairs) / 300 >= 0.97


def test_copies_with_boilerplate_added_are_found():
    rng = random.Random(2)
    box = article(rng, 60)
    texts = [article(rng) for _ in range(300)]
    assert sum(share_a_band(t, [*box[:20], *t, *box]) for t in texts) / 300 >= 0.97


def test_unrelated_articles_share_no_band():
    rng = random.Random(3)
    seen = {}
    for n in range(2000):
        for band in signature_bands(" ".join(article(rng, 200))):
            assert seen.setdefault(band, n) == n


def test_scripts_without_spaces_are_shingled_by_characters():
    text = "日本政府は水曜日、カンボジアとの外相会談で地域の安全保障について協議したと発表した。"
    assert all(len(s) == 8 for s in shingles(text))
    assert len(signature_bands(text)) == 28


def test_too_short_a_text_has_no_signature():
    assert signature_bands("three short words") == []
    assert similarity("", "a b c d e") == 0.0


@given(st.text())
def test_any_text_is_signed_the_same_way_twice(text):
    bands = signature_bands(text)
    assert bands == signature_bands(text)
    assert all(-(2**31) <= h < 2**31 for _, h in bands)
    assert not bands or similarity(text, text) == 1.0
