"""The analyst's functions are told as the SQL declares them: parameters, defaults, allowed values, columns."""

from collections import defaultdict

import pytest

from monitor import records
from monitor.queries.dictionary import returned
from monitor.sqlfiles import macros, meanings, sql_files, sql_text
from tests.contract.test_docs import make_reference


@pytest.fixture(scope="module")
def archive():
    with make_reference.empty_archive() as archive:
        yield archive


def test_every_macro_is_read_from_its_sql():
    declared = sum(sql_text(f"{f}/{p.name}").count(" MACRO ") for f in ("functions", "views") for p in sql_files(f))
    assert len(macros()) == declared
    assert macros().keys() == meanings("macros").keys()


def test_every_parameter_is_told_and_nothing_else():
    said = meanings("parameters")
    plain = {name for macro in macros().values() for name in macro.params}
    qualified = {f"{macro.name}.{name}" for macro in macros().values() for name in macro.params}
    assert plain <= said.keys() <= plain | qualified


def test_a_parameter_has_one_default():
    defaults = defaultdict(set)
    for macro in macros().values():
        for name, default in macro.params.items():
            defaults[name].add(default)
    told = {name: values - {None} for name, values in defaults.items()}
    assert {name for name, values in told.items() if len(values) > 1} == set()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("source_type", records.SOURCE_TYPES), ("salience", records.SALIENCES), ("form", (*records.FORMS, "other")),
    ],
)  # fmt: skip
def test_a_parameter_tells_the_values_that_it_takes(name, values):
    assert [value for value in values if value not in meanings("parameters")[name]] == []


@pytest.mark.parametrize("macro", [m for m in macros().values() if m.is_table], ids=lambda m: m.name)
def test_every_column_that_a_macro_gives_is_told(archive, macro):
    known = meanings("columns")
    untold = [n for n, _ in returned(archive, macro) if f"{macro.name}.{n}" not in known and n not in known]
    assert untold == []


def test_a_client_is_told_the_defaults(archive):
    said = dict(archive.sql("SELECT function_name, comment FROM duckdb_functions() WHERE comment IS NOT NULL").rows())
    assert said["partners"].endswith(f" Called {macros()['partners'].signature}.")


def test_the_functions_of_the_query_page_are_up_to_date(archive):
    assert make_reference.QUERY.read_text("utf-8") == make_reference.query_page(archive), "run `make docs`"
