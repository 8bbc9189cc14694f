"""The dashboard's small parts: parameters, sentences, movers, watchlists, marks in sentences, login."""

import base64
from datetime import date
from urllib.parse import parse_qsl

import polars as pl
import pytest
from dashboards import words
from dashboards.guard import Login
from dashboards.movers import movers
from dashboards.pages.parts import marked
from dashboards.params import FORMS, NAMES, BadParameterError, Params, read
from dashboards.reading import Copy, Name
from dashboards.series import points
from dashboards.watch import read_events, read_watches
from dashboards.writing import environment
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from monitor.cli.options import WITHIN
from monitor.errors import ConfigError
from monitor.gazetteer.load import FORMS as ALIAS_FORMS
from monitor.sqlfiles import sql_text

# --- parameters


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ({}, Params()),
        ({"entities": " KHM, THA ,KHM,"}, Params(entities=("KHM", "THA"))),
        ({"weeks": "all", "unit": "share"}, Params(weeks="all", unit="share")),
        ({"week": "2026-11-16"}, Params(week=date(2026, 11, 16))),
        ({"weeks": "", "nonsense": "x"}, Params()),
        ({"weeks": "0026", "page": "02", "as_of": "007"}, Params(weeks="26", page=2, as_of=7)),
        ({"words": "ភ្នំ\u200bពេញ"}, Params(words="ភ្នំ\u200bពេញ")),
    ],
)
def test_parameters_are_read(given_, found):
    assert read(given_) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("entities", "A,B,C,D,E,F,G"), ("weeks", "3"), ("weeks", "5201"), ("weeks", "٥٢"), ("weeks", "5" * 99),
        ("week", "2026-11-17"), ("week", "yesterday"), ("until", "1066-10-14"), ("page", "0"), ("page", "501"),
        ("page", "1_0"), ("as_of", "-1"), ("weeks", "000520000"), ("weeks", "5 2"), ("page", "0000000019999999999999"),
        ("as_of", "00000000199999999999"), ("as_of", "0000000000"),
        ("unit", "percent"), ("words", "a\nb"), ("words", "\u202ea"), ("words", "x" * 121), ("form", "verb"),
    ],
)  # fmt: skip
def test_parameters_out_of_bounds_are_refused_with_a_reason(name, text):
    with pytest.raises(BadParameterError, match=name):
        read({name: text})


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(max_size=300), max_size=5))
def test_any_text_is_read_or_refused(query):
    try:
        found = read(query)
    except BadParameterError:
        return
    assert len(found.entities) <= 6
    assert 1 <= found.page <= 500


def test_a_view_has_one_address_and_it_leads_back():
    params = Params(entities=("KHM", "THA"), unit="share", source_type="think-tank", words="a&b=c", page=2)
    query = params.query()
    assert read(dict(parse_qsl(query[1:]))) == params
    assert Params().query() == "?"
    assert "unit" not in params.query(unit="count")


def test_what_stands_in_the_path_is_not_repeated():
    assert Params(entities=("KHM",), weeks="26", in_path=("entities",)).query() == "?weeks=26"


@pytest.mark.parametrize(("page", "pages", "older"), [(1, 1, False), (1, 3, True), (3, 3, False), (500, 8000, False)])
def test_a_list_leads_to_pages_that_an_address_may_ask_for(page, pages, older):
    macro = '{% import "macros.html" as m with context %}{{ m.pager(params, pages) }}'
    text = environment("").from_string(macro).render(params=Params(page=page), pages=pages)
    assert ("Older →" in text) == older
    assert ("a shorter range shows the rest" in text) == (page == 500)


def test_a_form_carries_everything_but_its_own_fields():
    kept = Params(entities=("KHM",), source_type="news", page=3, unit="share").kept("source_type")
    assert dict(kept) == {"entities": "KHM", "unit": "share"}


def test_the_filter_offers_every_form_that_a_mention_can_have():
    """Forms come from aliases: the mart and the macro have one more, which the gazetteer refuses."""
    assert FORMS[1:] == WITHIN["form"][1] == ALIAS_FORMS
    assert str(list(ALIAS_FORMS)) in sql_text("marts/article_entities.sql")


# --- sentences


ROW = {
    "articles": 44, "observed_articles": 83, "share": 44 / 83, "week": date(2026, 11, 9), "mean8": 0.08, "change8": 0.4,
    "change8_low": 0.3, "change8_high": 0.5,
}  # fmt: skip


def test_the_headline_has_count_denominator_verdict():
    said = words.headline("Cambodia", ROW, [], 60)
    assert said.text == (
        "Cambodia was named in 44 of 83 articles (53%) in the week of 9 Nov 2026,"
        " more than noise explains: at the rate of the eight weeks before it would be 6.6."
    )
    assert str(said.html).startswith("<b>Cambodia</b> was named in <b>44 of 83</b>")


def test_one_source_behind_most_of_it_stands_in_the_sentence():
    sources = [{"publisher": "Asia <Observer>", "articles": 27, "all_articles": 44}, {"publisher": "B", "articles": 17}]
    said = words.headline("Cambodia", ROW, sources, 60)
    assert said.text.endswith("61% of them come from one source, Asia <Observer>.")
    assert "Asia &lt;Observer&gt;" in said.html


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "more than noise"),
        ({"change8_low": -0.1, "change8_high": 0.1}, "within the noise"),
        ({"change8_low": -0.4, "change8_high": -0.1}, "less than noise"),
        ({"mean8": None}, "too few observed weeks"),
    ],
)
def test_the_verdict_follows_the_interval(change, word):
    assert word in words.headline("X", ROW | change, [], 60).text


def test_a_young_archive_calls_nothing_much():
    assert "too early" in words.headline("X", ROW | {"mean8": None}, [], 5).text
    assert words.cold_start(5, date(2026, 10, 5)) == [
        "This archive begins with the week of 5 Oct 2026 and spans 5 whole weeks.",
        "Whether a week is more or less than usual can be said once it has 8 whole weeks before it: "
        "from 7 Dec 2026 on.",
        "Spikes are looked for in weeks that have 26 whole weeks before them: from 12 Apr 2027 on.",
    ]
    assert len(words.cold_start(12, date(2026, 8, 3))) == 2
    assert words.cold_start(27, date(2026, 3, 2)) == []
    assert "Nothing has been observed" in words.cold_start(0, None)[0]


def test_a_name_that_nobody_names_is_said_so():
    none = ROW | {"articles": 0, "share": 0.0}
    said = words.headline("Tuvalu", none | {"mean8": 0.0, "change8_low": -0.01, "change8_high": 0.01}, [], 60).text
    assert said == "Tuvalu was named in none of 83 articles in the week of 9 Nov 2026, as in the eight weeks before."
    fallen = words.headline("Tuvalu", none | {"change8_low": -0.1, "change8_high": -0.01}, [], 60).text
    assert fallen.endswith(
        "9 Nov 2026, less than noise explains: at the rate of the eight weeks before it would be 6.6."
    )
    assert words.percent(0.0) == "0%"


def test_filters_that_leave_nothing_are_said():
    empty = ROW | {"articles": 0, "observed_articles": 0, "share": None, "mean8": None}
    for row in (None, empty):
        said = words.headline("Cambodia", row, [], 60, within=True).text
        assert said == "Cambodia: no article of the last whole week is within the filters."


def test_an_unobserved_week_is_no_count():
    assert "was not observed" in words.headline("X", ROW | {"articles": None}, [], 60).text
    assert "was not observed" in words.headline("X", None, [], 60).text


def test_the_week_to_date_is_compared_at_the_same_age():
    row = {"articles": 3, "observed_articles": 36, "earlier_weeks": 8, "same_age_articles": 5.52}
    said = words.to_date([("Cambodia", row), ("Thailand", row | {"articles": 1})])
    assert said.text.endswith("at the same age: Cambodia 3 (5.5), Thailand 1 (5.5).")
    alone = words.to_date([("Cambodia", row | {"earlier_weeks": 0})])
    assert alone.text == "Week to date, 36 articles so far: Cambodia 3."
    none = words.to_date([("Cambodia", row | {"articles": 0, "observed_articles": 0})])
    assert none.text == "Week to date: no article so far."
    assert words.to_date([]) is None


# --- movers


def row(name, share, before, stories=20):
    return {
        "entity_id": name, "share": share, "observed_articles": 80, "mean8": before, "mean8_observed": 640,
        "change8": share - before, "dispersion": 1.5, "stories": stories,
    }  # fmt: skip


def test_a_clear_change_is_kept_and_noise_is_not():
    noise = [row(f"n{i}", 0.2, 0.21) for i in range(50)]
    assert [r["entity_id"] for r in movers([row("down", 0.1, 0.4), row("up", 0.6, 0.1), *noise])] == ["up", "down"]


def test_one_of_many_borderline_changes_is_not_called():
    borderline = row("edge", 0.35, 0.22)
    assert movers([borderline])
    assert not movers([borderline, *(row(f"n{i}", 0.2, 0.2) for i in range(99))])


def test_few_stories_are_never_a_change_nor_is_an_unknown_one():
    assert not movers([row("rare", 0.05, 0.001, stories=4)])
    assert not movers([row("new", 0.4, 0.1) | {"change8": None}])
    assert movers([]) == []


# --- marks, weeks not over


def test_names_are_marked_and_all_else_is_escaped():
    text = 'An <i>"A"</i> & B'
    assert marked(text, [(7, 8), (16, 17)]) == Markup(
        "An &lt;i&gt;&#34;<mark>A</mark>&#34;&lt;/i&gt; &amp; <mark>B</mark>"
    )


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=5))
def test_marks_never_lose_or_double_a_character(text, spans):
    assert (
        marked(text, spans).replace(Markup("<mark>"), "").replace(Markup("</mark>"), "").unescape()
        == Markup(Markup.escape(text)).unescape()
    )


def test_a_week_of_which_nothing_was_seen_yet_is_no_zero():
    names = {"KHM": Name("KHM", "country", "Cambodia", None, "KHM")}
    copy = Copy((), {}, names, ("KHM",), {}, {})
    row = {"entity_id": "KHM", "state": "observed", "stories": 0, "sources": 0, "share_low": None, "share_high": None}
    weeks = [(date(2026, 11, 9), 0, 7, False), (date(2026, 11, 16), 0, 0, True)]
    counts = pl.DataFrame(
        [row | {"week": w, "articles": a, "observed_articles": n, "share": a / n if n else None, "is_open": o}
         for w, a, n, o in weeks]
    )  # fmt: skip
    assert points(counts, Params(), copy, "KHM")["value"].to_list() == [0.0, None]


# --- the operator's files, login


def test_watchlists_and_events_are_read(tmp_path):
    (tmp_path / "w.toml").write_text('[[watch]]\nname = "Lower Mekong"\nentities = ["KHM", "Thailand"]\n')
    (tmp_path / "e.csv").write_text("date,label,url\n2026-11-12,Summit,https://example.org/\n")
    (watch,) = read_watches(tmp_path / "w.toml")
    (event,) = read_events(tmp_path / "e.csv")
    assert (watch.slug, watch.entities) == ("lower-mekong", ("KHM", "Thailand"))
    assert (event.day, event.text, event.href) == (date(2026, 11, 12), "Summit", "https://example.org/")
    assert read_watches(tmp_path / "none.toml") == []
    assert read_events(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("watch = 3", "two brackets"), ("[[watch]]\nname='x'", "needs name and entities"), ("x = 1", "unknown key 'x'"),
        ("[[watch]]\nname='!'\nentities=['a']", "a word or more"),
        ("[[watch]]\nname='x'\nentities=[]", "must be a list"),
        ("[[watch]]\nname='x'\nentities=['a']\n" * 2, "two watchlists"), ("[[", "w.toml"),
    ],
)  # fmt: skip
def test_a_bad_watchlist_names_its_fault(tmp_path, text, word):
    (tmp_path / "w.toml").write_text(text)
    with pytest.raises(ConfigError, match=word.replace("[", r"\[")):
        read_watches(tmp_path / "w.toml")


def test_an_event_may_not_lead_to_a_script(tmp_path):
    (tmp_path / "e.csv").write_text("date,label,url\n2026-11-12,Summit,javascript:alert(1)\n")
    with pytest.raises(ConfigError, match="line 2"):
        read_events(tmp_path / "e.csv")


@pytest.mark.parametrize(
    ("header", "admitted"),
    [
        ("monitor:pass", True), ("monitor:pässword", False), ("MONITOR:pass", False), ("monitor:pass ", False),
        ("", False),
    ],
)  # fmt: skip
def test_login_admits_only_the_right_pair(header, admitted):
    login = Login.of("monitor", "pass")
    assert login.admits("Basic " + base64.b64encode(header.encode()).decode()) is admitted
    assert not login.admits("Bearer " + base64.b64encode(b"monitor:pass").decode())
    assert not login.admits("Basic not base64!")
