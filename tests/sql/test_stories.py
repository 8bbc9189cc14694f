"""Stories through the warehouse: copies are found, whatever was changed in them; unrelated articles never meet."""

import random
from itertools import accumulate

import pytest

from monitor.story import signature_bands
from tests.sql import made

WORDS = [f"{a}{b}{c}" for a in "bcdfgklmnprstvz" for b in "aeiou" for c in ("n", "rt", "st", "lk", "mp", "d")]
HABIT = list(accumulate(1 / (n + 3) for n in range(len(WORDS))))  # few words make most of a text, as in any language
COPIES = 150


def prose(rng, length):
    return rng.choices(WORDS, cum_weights=HABIT, k=length)


def one_in_twenty(rng, words):
    return [rng.choice(WORDS) if rng.random() < 0.05 else w for w in words]


def boxed(rng, words):
    """Another outlet's frame around it: a line above, 150 words of teasers below."""
    return [*prose(rng, 20), *words, *prose(rng, 150)]


def article(feed, key, words, day="2026-11-12"):
    return made.article(feed, key, day, " ".join(words), f"Piece {key}")


def load(folder, items):
    """The warehouse with all items, in batches as a run brings them."""
    warehouse = made.open_warehouse(folder)
    feeds = [made.feed(f) for f in sorted({i.feed_id for i in items})]
    made.store(warehouse, feeds, [])
    for start in range(0, len(items), 2500):
        part = items[start : start + 2500]
        polls = [made.poll(f.feed_id, [i for i in part if i.feed_id == f.feed_id]) for f in feeds]
        warehouse.save_polls("r1", polls, made.NOW)
        bands = {i.article_id: signature_bands(i.text) for i in part}
        warehouse.load(made.batch(part, bands=bands, mentions={i.article_id: () for i in part}))
    return warehouse


def stories(warehouse):
    return dict(warehouse.frame("SELECT article_id, story_id FROM base.articles").rows())


@pytest.mark.parametrize("change", [one_in_twenty, boxed])
def test_copies_are_one_story_with_their_first(tmp_path, change):
    """At least 97 in 100, of 250 to 900 words; the story is named after the first article, and no two meet."""
    rng = random.Random(4)
    texts = [prose(rng, rng.randrange(250, 900)) for _ in range(COPIES)]
    firsts = [article("wire", str(k), words, "2026-11-10") for k, words in enumerate(texts)]
    copies = [article("paper", str(k), change(rng, words)) for k, words in enumerate(texts)]
    items = [*firsts, *copies]
    rng.shuffle(items)
    with load(tmp_path, items) as warehouse:
        found = stories(warehouse)
    together = sum(found[c.article_id] == f.article_id for f, c in zip(firsts, copies, strict=True))
    assert together / COPIES >= 0.97
    assert all(found[f.article_id] == f.article_id for f in firsts)


def test_ten_thousand_unrelated_articles_make_no_pair(tmp_path):
    """Of four sites, each with a frame of 50 words of its own around every text."""
    rng = random.Random(5)
    frames = [prose(rng, 50) for _ in range(4)]
    items = [
        article(
            f"site{k % 4}", str(k), [*frames[k % 4][:10], *prose(rng, rng.randrange(150, 500)), *frames[k % 4][10:]]
        )
        for k in range(10_000)
    ]
    with load(tmp_path, items) as warehouse:
        found = stories(warehouse)
    assert len(found) == 10_000
    assert all(article_id == story_id for article_id, story_id in found.items())


def test_copies_of_more_than_sixty_days_ago_are_another_story(tmp_path):
    words = prose(random.Random(6), 300)
    items = [article("wire", "old", words, "2026-08-01"), article("paper", "new", words)]
    with load(tmp_path, items) as warehouse:
        assert len(set(stories(warehouse).values())) == 2
