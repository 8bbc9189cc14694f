"""What DuckDB may answer and a polars frame, Python's dates, JSON or CSV cannot hold."""

import json
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from monitor.cells import to_csv, to_json
from monitor.cli import show
from monitor.queries.answer import as_frame, distinct

TEXT = {
    "INTERVAL 1 DAY": "1 day",
    "[INTERVAL 3 MONTH]": "[3 months]",
    "{'a': {'b': INTERVAL 1 DAY}}": "{'a': {'b': 1 day}}",
    "union_value(k := 2)": "2",
    "1::VARIANT": "1",
    "'10'::BIT": "10",
    "1::BIGNUM": "1",
    "TIMETZ '01:00:00+02'": "01:00:00+02",
    "row(1, 2)": "(1, 2)",
    "DATE 'infinity'": "infinity",
    "TIMESTAMP '-infinity'": "-infinity",
    "TIMESTAMPTZ 'infinity'": "infinity",
    "'infinity'::TIMESTAMP_NS": "infinity",
    "'0044-03-15 (BC)'::DATE": "0044-03-15 (BC)",
    "DATE '10000-01-01'": "10000-01-01",
    "[DATE 'infinity']": "[infinity]",
    "{'a': [{'b': TIMESTAMP 'infinity'}]}": "{'a': [{'b': infinity}]}",
    "340282366920938463463374607431768211455::UHUGEINT": "340282366920938463463374607431768211455",
    "170141183460469231731687303715884105727": "170141183460469231731687303715884105727",
    "[-170141183460469231731687303715884105728]": "[-170141183460469231731687303715884105728]",
    "MAP {'a': DATE 'infinity'}": "{a=infinity}",
}


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


@pytest.mark.parametrize(("value", "text"), TEXT.items())
def test_what_polars_or_python_cannot_hold_is_duckdbs_text(con, value, text):
    assert as_frame(con.sql(f"SELECT {value} AS v")).rows() == [(text,)]
    assert as_frame(con.sql(f"SELECT {value} AS v, $x AS x", params={"x": 1})).rows() == [(text, 1)]


def test_other_columns_keep_their_types(con):
    found = as_frame(
        con.sql("SELECT DATE 'infinity' AS a, DATE '9999-12-31' AS b, DATE '0001-01-01' AS c, NULL::DATE AS d")
    )
    assert found.rows() == [("infinity", date(9999, 12, 31), date(1, 1, 1), None)]
    assert found.dtypes == [pl.String, pl.Date, pl.Date, pl.Date]


def test_columns_of_one_name_are_told_apart(con):
    found = as_frame(con.sql('SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS "b""c", 5 AS A'))
    assert found.to_dicts() == [{"a": 1, "a_2": 2, "a_1": 3, 'b"c': 4, "A": 5}]
    assert distinct(["a", "a", "a"]) == ["a", "a_1", "a_2"]


def test_a_long_number_is_a_number_while_it_has_38_digits(con):
    found = as_frame(con.sql("SELECT 99999999999999999999999999999999999999 AS a, sum(range) AS b FROM range(4)"))
    assert to_json(found.to_dicts()) == '[{"a": 99999999999999999999999999999999999999, "b": 6}]'


def test_no_more_rows_are_taken_than_tell_that_there_are_more(con):
    assert as_frame(con.sql("FROM range(1000000000)"), 5).height == 6
    assert as_frame(con.sql("FROM range(5) ORDER BY range DESC"), 5)["range"].to_list() == [4, 3, 2, 1, 0]


def test_json_is_json_and_loses_no_digit():
    row = {
        "d": Decimal("1.10"),
        "big": Decimal("123456789012345678901234567890.12"),
        "n": [float("nan"), float("inf"), 1.5],
        "day": date(2026, 11, 9),
        "bytes": b"a\x00\\",
        "text": "Phnom Penh ភ្នំពេញ \x1b",
        "map": {1: None},
        "truth": True,
    }
    text = to_json([row])
    assert "NaN" not in text
    assert json.loads(text, parse_float=Decimal) == [
        row | {"n": [None, None, Decimal("1.5")], "day": "2026-11-09", "bytes": "a\\x00\\x5C", "map": {"1": None}}
    ]


def test_csv_takes_what_is_nested(con):
    found = as_frame(
        con.sql(
            "SELECT ['a', 'b'] AS l, {'x': 1.50} AS s, 'x'::BLOB AS b, [[1, 2]] AS ll, MAP {'k': 1} AS m, "
            "[1]::INT[1] AS r"
        )
    )
    assert to_csv(found) == 'l,s,b,ll,m,r\na;b,"{""x"": 1.50}",x,"[[1, 2]]","{""k"": 1}",[1]\n'


def test_no_text_in_csv_is_a_formula(con):
    found = as_frame(
        con.sql(
            "SELECT '=HYPERLINK(1)' AS a, -1 AS \"=n\", -1.5::DECIMAL(4, 1) AS d, ['@x', 'y'] AS l, '-' AS s, "
            "'a-b' AS t, NULL::VARCHAR AS v, '=1'::BLOB AS b, '=e'::ENUM('=e') AS e, chr(9) || '=1' AS tab, "
            "'＝1' AS wide"
        )
    )
    assert to_csv(found) == ("a,'=n,d,l,s,t,v,b,e,tab,wide\n'=HYPERLINK(1),-1,-1.5,'@x;y,'-,a-b,,'=1,'=e,'\t=1,'＝1\n")


def test_a_quoted_text_is_no_formula_and_one_that_was_guarded_is_told_apart():
    assert to_csv(pl.DataFrame({"a": ["'No'", "'=1", "''-", "'", ""]})).splitlines() == [
        "a", "'No'", "''=1", "'''-", "'", '""',
    ]  # fmt: skip


def test_a_table_obeys_no_markup_and_no_control_code(capsys):
    show.frame(pl.DataFrame({"[/red]": ["\x1b[31mred\\[/b]"], "n": [Decimal("2.50")]}), "table")
    out = capsys.readouterr().out
    assert "[/red]" in out
    assert "\x1b" not in out
    assert "red\\[/b]" in out
    assert "2.50" in out


def test_a_table_shows_what_joins_and_parts_letters_and_obeys_nothing():
    assert show.cell("ភ្នំ\u200bពេញ") == "ភ្នំ\u200bពេញ"
    assert show.cell("a\x1b[2J\u202eb") == "a\ufffd[2J\ufffdb"
