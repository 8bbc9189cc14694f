"""Stories in the warehouse are what the similarity of the texts says, whatever the batches they came in."""

import random
from itertools import combinations

import pytest

from monitor.story import similarity
from tests.sql import made

LETTERS = "中国日本人民政府会议经济发展合作关系今天明年问题计划"
ONE_BAND = [(0, 7)]  # all share it, so that every pair is compared


def spaced(rng):
    return [f"word{rng.randrange(3000)}" for _ in range(120)]


def unspaced(rng):
    return [rng.choice(LETTERS) for _ in range(240)]


def texts(rng):
    """Copies of six texts with more and more changed or added, and texts too short to be compared."""
    found = ["", "One two three", "One two three four", "中国日本人民政", "中国日本人民政府会议"]
    for make, gap in ((spaced, " "), (unspaced, "")) * 3:
        words = make(rng)
        for share in (0, 0.03, 0.1, 0.2):
            copy = [rng.choice(words) if rng.random() < share else w for w in words]
            found += [gap.join(copy), gap.join(copy + make(rng)[: len(copy) // 2]), gap.join(copy[: len(copy) // 3])]
    rng.shuffle(found)
    return found


def components(items):
    """Articles joined by a chain of similar texts, each named by the first of them."""
    story = {i.article_id: {i.article_id} for i in items}
    for a, b in combinations(items, 2):
        if similarity(a.text, b.text) >= 0.45 and story[a.article_id] is not story[b.article_id]:
            story[a.article_id] |= story[b.article_id]
            story.update(dict.fromkeys(story[b.article_id], story[a.article_id]))
    first = {i.article_id: (i.published_at, i.article_id) for i in items}
    return {key: min(members, key=first.__getitem__) for key, members in story.items()}


@pytest.mark.parametrize("size", [7, 1000])
def test_articles_are_one_story_when_their_texts_are_similar(tmp_path, size):
    rng = random.Random(4)
    items = [
        made.article("alpha", str(k), f"2026-11-{1 + k % 20:02}", text) for k, text in enumerate(texts(rng)) if text
    ]
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, [made.feed("alpha")], [])
        for k in range(0, len(items), size):
            part = items[k : k + size]
            warehouse.load(made.batch(part, bands={i.article_id: ONE_BAND for i in part}))
        found = dict(warehouse.connection.execute("SELECT article_id, story_id FROM base.articles").fetchall())
    expected = components(items)
    assert 20 < len(set(expected.values())) < len(items) - 20
    assert found == expected
