"""What is written as a feeds file is read back the same."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds_file import append_feed, read_feeds, set_active, write_opml, write_toml
from monitor.lines import fit
from monitor.records import SOURCE_TYPES, Feed

words = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=12)
joined = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Z")), min_size=1, max_size=12).map(fit)
names = st.tuples(words, st.lists(words | joined, max_size=3)).map(lambda pair: " ".join((pair[0], *pair[1])))
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)


@st.composite
def feeds_lists(draw):
    ids = draw(st.lists(slugs, min_size=1, max_size=6, unique=True))
    return [
        Feed(
            feed_id,
            draw(names),
            f"https://{feed_id}.example/{draw(slugs)}",
            draw(words),
            draw(st.sampled_from(SOURCE_TYPES)),
            draw(st.sampled_from(["", "Asia-Pacific"])),
            draw(st.sampled_from(["", "en", "pt-BR"])),
            tuple(draw(st.lists(slugs, max_size=3, unique=True))),
            draw(st.booleans()),
            draw(st.sampled_from([None, True, False])),
            draw(st.sampled_from([None, "Asia/Dili"])),
        )
        for feed_id in ids
    ]


@given(feeds_lists())
def test_round_trips(feeds):
    assert read_feeds(write_toml(feeds), "t") == feeds
    assert read_feeds(write_opml(feeds), "o") == feeds


@given(feeds_lists(), st.booleans())
def test_edits_touch_one_feed(feeds, active):
    text = append_feed("# kept\n" + write_toml(feeds), Feed("one-more-feed", "N", "https://n.example/", "n.example"))
    edited = read_feeds(set_active(text, feeds[0].feed_id, active), "t")
    assert edited[0].active is active
    assert edited[1:] == read_feeds(text, "t")[1:]
