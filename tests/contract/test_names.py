"""One name for a thing: what pages, commands, named queries and methods may be asked for is called as in SQL."""

import csv
import inspect
import re

import click
import pytest
from dashboards import params
from dashboards.pages.places import LEAST_ARTICLES
from dashboards.params import Params

from monitor import records
from monitor.cli import COMMANDS, cli
from monitor.gazetteer.load import FORMS
from monitor.queries import Archive, named_queries
from monitor.sqlfiles import macros
from tests.contract.tree import ROOT

COLUMNS = {row[0] for row in csv.reader((ROOT / "sql/comments/columns.csv").read_text("utf-8").splitlines())}
SQL = {name for macro in macros().values() if macro.is_table for name in macro.params} | COLUMNS

# what has no counterpart in SQL, with the reason
PAGES = {
    "focus": "which of the entities has the band and the sentences",
    "unit": "a count or a share: SQL gives both",
    "measure": "which of SQL's columns articles, stories and sources is drawn",
    "weeks": "so many weeks up to `until`: SQL has `since`",
    "source": "a source's name, which is `publisher` in SQL: the word of feeds files and of all texts",
    "page": "of a long list: SQL has LIMIT",
    "add": "the field that adds one to `entities`",
}
QUERIES = {
    "limit": "SQL has LIMIT",
    "offset": "SQL has OFFSET",
    "weeks": "so many weeks up to `until`: SQL has `since`",
    "source": "as on pages",
    "bloc": "the id of a bloc, which a page has found already: macros take any of its names",
    "over": "a page's least lift",
    "by_lift": "a page's order",
    "most": "how many articles a page looks through",
    "texts_since": "how far back a page looks through texts",
}
METHODS = {
    "weeks": "so many weeks up to `until`: SQL has `since`",
    "limit": "SQL has LIMIT",
    "within": "the narrowing words of `_within` macros",
    "params": "of named queries and SQL",
    "query": "SQL itself",
    "which": "a vintage by number or day",
    "least": "old name of least_articles",
}
OPTIONS = {
    "data": "a setting",
    "weeks": "so many weeks up to --until: SQL has `since`",
    "measure": "which of SQL's columns is shown",
    "moved": "Python's judgement of a list: no business of one row",
    "param": "a parameter of a named query",
    "format": "of what is printed",
    "out": "where it is printed to",
    "max_rows": "a limit of this program",
    "max_memory": "a limit of this program",
    "query": "a named query or SQL",
}
ASKING = ("trends", "query", "diff")


def options(name):
    """Each word of a command's options, hidden ones left out, and its arguments."""
    command = cli.get_command(click.Context(cli), name)
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    return {(p.opts[0].lstrip("-").replace("-", "_") if isinstance(p, click.Option) else p.name): p for p in shown}


def test_a_page_is_asked_in_the_words_of_sql():
    words = params.NAMES - params.RENAMED.keys()
    assert words <= SQL | PAGES.keys(), "name it as SQL does, or say here why it has no counterpart"
    assert not PAGES.keys() & SQL - {"source"}, "SQL has this name for something"
    assert words <= set(Params.__dataclass_fields__)


def test_the_pages_words_are_documented():
    addresses = (ROOT / "docs/dashboards.md").read_text("utf-8").partition("## Addresses")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)[`=]", addresses))
    assert params.NAMES - {"add"} <= told
    table = (
        (ROOT / "docs/query.md").read_text("utf-8").partition("## The same words everywhere")[2].partition("\n## ")[0]
    )
    assert {*records.PARTS, "least_articles", "entities", "words", "as_of"} <= set(re.findall(r"`(\w+)`", table))


@pytest.mark.parametrize("query", named_queries().values(), ids=lambda q: q.name)
def test_a_named_query_is_asked_in_the_words_of_sql(query):
    assert query.params.keys() <= SQL | QUERIES.keys()


@pytest.mark.parametrize("name", ASKING)
def test_a_command_is_asked_in_the_words_of_sql(name):
    assert options(name).keys() <= SQL | OPTIONS.keys()


@pytest.mark.parametrize("name", [n for n, f in vars(Archive).items() if inspect.isfunction(f) and n[0] != "_"])
def test_a_method_is_asked_in_the_words_of_sql(name):
    assert inspect.signature(getattr(Archive, name)).parameters.keys() - {"self"} <= SQL | METHODS.keys()


def test_the_archive_is_narrowed_by_the_same_words_everywhere():
    """The words of `trend_within` are those of `monitor trends`, of named queries, of methods and of pages."""
    words = set(records.PARTS)
    assert words == {p for p, default in macros()["trend_within"].params.items() if default == "''"}
    assert words <= options("trends").keys()
    assert words <= named_queries()["pair"].params.keys()
    assert words == set(Params().filters) - {"source"}
    for name, query in named_queries().items():
        asked = words & query.params.keys()
        assert all(query.params[word] == "" for word in asked), f"{name}: no filter is the default"


def test_the_same_values_are_allowed_everywhere():
    """SQL's own list is in its error messages: tests/sql/test_archive.py has them."""
    text = (ROOT / "sql/views/030_macros.sql").read_text("utf-8")
    for word, values in (("salience", records.SALIENCES), ("form", (*records.FORMS, "other"))):
        quoted = ", ".join(f"'{value}'" for value in ("", *values))
        assert f"{word} NOT IN ({quoted})" in text
    assert FORMS is records.FORMS
    assert tuple(v for v in params.SALIENCES if v) == records.SALIENCES
    assert tuple(v for v in params.FORMS if v) == records.FORMS
    given = options("trends")
    assert tuple(given["salience"].type.choices) == records.SALIENCES
    assert tuple(given["form"].type.choices) == records.FORMS
    for value in records.SOURCE_TYPES:
        assert value in given["source_type"].help


# where the same parameter has another default than SQL's, with the reason
OTHERWISE = {
    ("partners", "since"): "the last 52 weeks: whom one was named with ten years ago is seldom meant",
}


@pytest.mark.parametrize("name", [n for n in named_queries() if n.removeprefix("page_") in macros()])
def test_a_named_query_has_the_defaults_of_its_macro(name):
    theirs = name.removeprefix("page_")
    macro = macros().get(f"{theirs}_within") or macros()[theirs]
    for word, default in named_queries()[name].params.items():
        if word in macro.params and (name, word) not in OTHERWISE:
            as_sql = macro.params[word]
            assert default == (as_sql and as_sql.removeprefix("DATE ").strip("'")), word


def test_the_pages_leave_out_the_lift_of_as_few_articles():
    assert macros()["partners"].params["least_articles"] == str(LEAST_ARTICLES)


@pytest.mark.parametrize("name", [n for n in macros() if inspect.isfunction(getattr(Archive, n, None))])
def test_a_method_has_the_defaults_of_its_macro(name):
    given = inspect.signature(getattr(Archive, name)).parameters
    for word, default in macros()[name].params.items():
        if word in given and word not in ("since", "until"):  # None there, which is any
            assert str(given[word].default) == default or default is None, word


def test_old_names_of_an_address_still_answer():
    old = {"type": "news", "names": "KHM,THA", "q": "debt", "salience": "two"}
    new = {"source_type": "news", "entities": "KHM,THA", "words": "debt", "salience": "repeated"}
    assert params.read(old) == params.read(new) != Params()
    assert params.RENAMED.keys() <= params.NAMES, "an address that differs in them is another page"
    assert params.read({"type": "news", "source_type": "government"}).source_type == "government"
    assert params.read({"source_type": "", "type": "news"}).source_type == "news", "a form sends empty fields too"


def test_old_names_of_a_named_query_still_answer():
    for name, old, new in (("partners", "least", "least_articles"), ("feed_history", "feed", "feed_id")):
        query = named_queries()[name]
        asked = {"entity": "KHM"} if name == "partners" else {}
        assert query.bind(asked | {old: "3"}) == query.bind(asked | {new: "3"})
        for both in ({old: "4", new: "3"}, {new: "3", old: "4"}):
            assert query.bind(asked | both) == query.bind(asked | {new: "3"})


def test_old_options_still_answer():
    hidden = {
        (name, option)
        for name in COMMANDS
        for p in cli.get_command(click.Context(cli), name).params
        if getattr(p, "hidden", False)
        for option in p.opts
    }
    assert {("trends", "--name-form"), ("dashboard", "--watch")} <= hidden
