"""The generator of the sample's articles: small themes, and the rules that hold for each combination."""

from collections import Counter
from itertools import combinations

from monitor.sample.prose import arrange, parse_theme, typographic, write

THEME = parse_theme(
    "canal",
    """[plan]
weeks: 9 7 5 3 2 1
outlets: a b a b a b
authors: x y

[titles]
One
Two @e5
Three @o2
Four
Five @k1
Six

[experts]
Ann, a geographer
Bob, a pilot

[openings]
Opening {one|two} here.
Another opening.
A third opening, says {expert}, or {so|not}.

[evidence]
Fact a, says {expert}.
Fact b, says {expert}.
Fact c.
Fact d.
Fact e.
Fact f.

[counters]
But {x|y}.
Though z.
Yet w.

[conclusions]
So {p|q|r}.
Thus s.
Hence t.
""",
)


def test_a_theme_file_is_read():
    assert THEME.weeks == (9, 7, 5, 3, 2, 1)
    assert THEME.titles == ("One", "Two", "Three", "Four", "Five", "Six")
    assert [len(part) for part in THEME.passages] == [3, 6, 3, 3]


def test_each_article_is_one_argument():
    for article in arrange(THEME):
        parts = [part for part, _ in article]
        assert parts[0] == 0
        assert parts[-1] == 3
        assert Counter(parts)[1] in {3, 4}
        assert Counter(parts)[2] == 1
        assert len(set(article)) == len(article)


def test_a_title_may_ask_for_a_passage():
    articles = arrange(THEME)
    assert (1, 4) in articles[1]
    assert (0, 1) in articles[2]
    assert (3, 0) in articles[4]


def test_two_articles_of_a_theme_share_at_most_half_of_their_passages():
    for one, other in combinations(arrange(THEME), 2):
        assert len(set(one) & set(other)) <= 3


def test_passages_are_used_evenly():
    uses = Counter(place for article in arrange(THEME) for place in article)
    assert {place for place in uses if place[0] == 0} == {(0, 0), (0, 1), (0, 2)}
    assert max(uses[place] for place in uses if place[0] != 1) <= 3
    assert len([place for place in uses if place[0] == 1]) == 6


def test_no_slot_stays_open_and_no_person_speaks_twice_in_an_article():
    for paragraphs in write(THEME):
        text = " ".join(paragraphs)
        assert not set("{}|") & set(text)
        assert text.count("Ann, a geographer") <= 2


def test_a_second_use_is_worded_otherwise():
    wordings = {paragraph for article in write(THEME) for paragraph in article if paragraph.startswith("But")}
    assert wordings == {"But x.", "But y."}


def test_writing_again_gives_the_same():
    assert write(THEME) == write(THEME)


def test_quotation_marks_are_set():
    assert typographic("""He said "it's 'so'" ("no").""") == "He said “it’s ‘so’” (“no”)."
