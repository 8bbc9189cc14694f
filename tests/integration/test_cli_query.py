"""`monitor query` with what an analyst may ask: odd types, and more than fits."""

import json
import signal
import subprocess
import sys
import time

import pytest

from monitor.errors import QueryError
from tests.integration.commands import runner
from tests.sql import made
from tests.sql.desk import Desk

ODD = "SELECT INTERVAL 1 DAY AS i, 1 AS a, 2 AS a, DATE 'infinity' AS d, 1.10 AS n, 'nan'::DOUBLE AS x, 'y'::BLOB AS b"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("query"))
    feeds, items = made.archive(weeks=3)
    desk.declare(*feeds)
    desk.arrive(*items, first=True)
    desk.publish()
    desk.close()
    return desk.warehouse.data


@pytest.fixture
def query(data):
    return runner(data, "query")


def test_odd_types_in_every_form(query, tmp_path):
    assert json.loads(query(ODD, "--format", "json")) == [
        {"i": "1 day", "a": 1, "a_1": 2, "d": "infinity", "n": 1.10, "x": None, "b": "y"}
    ]
    assert query(ODD, "--format", "csv") == "i,a,a_1,d,n,x,b\n1 day,1,2,infinity,1.10,NaN,y\n"
    assert "infinity" in query(ODD)
    query(ODD, "--format", "parquet", "--out", str(tmp_path / "odd.parquet"))


@pytest.mark.parametrize("more", [(), ("--param", "a=1")])
def test_an_answer_of_too_many_rows_is_refused_whole(query, more):
    asked = "SELECT range, $a AS a FROM range(1000000000)" if more else "FROM range(1000000000) AS r"
    told = query(asked, *more, fails=QueryError)
    assert "more than 100,000 rows" in told
    assert "--max-rows" in told
    assert "monitor export" in told
    assert "more than 2 rows" in query("SELECT * FROM range(3)", "--max-rows", "2", fails=QueryError)
    assert query("SELECT * FROM range(3)", "--max-rows", "3", "--format", "csv") == "range\n0\n1\n2\n"
    assert query("SELECT $a AS a; -- done;", "--param", "a=x", "--format", "csv") == "a\nx\n"


def test_an_answer_that_needs_too_much_memory_says_how_to_give_more(query):
    told = query("SELECT list(range) FROM range(100000000)", "--max-memory", "64", fails=QueryError)
    assert "more memory" in told
    assert "--max-memory" in told


@pytest.mark.long
def test_texts_of_more_than_a_column_holds_are_one_line(query):
    assert "more memory" in query("SELECT repeat('x', 100000000) AS a FROM range(30)", fails=QueryError)


def test_a_parameter_that_is_not_given_is_named(query):
    assert "--param a=VALUE" in query("SELECT $a AS a", fails=QueryError)


def test_a_parameter_that_the_query_does_not_have_is_named(query):
    told = query("SELECT 1 AS a", "--param", "week=1", fails=QueryError)
    assert "no parameter $week: it takes none; write $week where its value belongs, or leave it out" in told
    told = query("SELECT $b AS a, $a AS b", "--param", "a=1", "--param", "B=1", fails=QueryError)
    assert "no parameter $B: it takes $a, $b" in told


@pytest.mark.parametrize("more", [(), ("--param", "a=1")])
def test_ctrl_c_ends_a_long_query(data, more):
    asked = f"SELECT count(*) FROM range(1000000000000) AS r{' WHERE r.range > $a::INTEGER' if more else ''}"
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "query", asked, "--data", str(data), *more]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    ) as process:
        time.sleep(3)  # until it is at work
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=5)
        finally:
            process.kill()
    assert process.returncode == 130
    assert err.decode().strip().startswith("monitor: interrupted")
