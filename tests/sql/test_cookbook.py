"""Every example of docs/query.md is run: SQL, shell and Python."""

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor import marts, publish
from monitor.cli import cli
from monitor.queries import open_archive
from tests.sql import made

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "query.md").read_text("utf-8")


def examples(language):
    return [block.strip() for block in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cookbook")
    with made.open_warehouse(folder) as warehouse:
        made.store(warehouse, *made.archive(weeks=30))
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
    return folder


@pytest.mark.parametrize("query", examples("sql"))
def test_sql(data, query):
    with open_archive(data) as archive:
        assert archive.sql(query).height > 0


@pytest.mark.parametrize("code", examples("python"))
def test_python(data, code):
    with open_archive(data) as archive:
        frame = eval(code, {"archive": archive, "date": date})
        assert frame.width > 0


@pytest.mark.parametrize("line", [line for block in examples("sh") for line in block.splitlines()])
def test_shell(data, line):
    words = shlex.split(line)
    assert words[0] == "monitor"
    done = CliRunner().invoke(cli, [*words[1:], "--data", str(data)])
    assert done.exit_code == 0, done.output
    assert done.output.strip()


def test_the_three_ways_say_the_same(data):
    with open_archive(data) as archive:
        python = archive.trend("Cambodia", weeks=12).select("week", "articles", "share")
        sql = archive.sql("SELECT week, articles, share FROM trend('Cambodia', since := DATE '2026-08-31')")
    assert python.equals(sql)
    done = CliRunner().invoke(cli, ["trends", "Cambodia", "--weeks", "12", "--format", "json", "--data", str(data)])
    assert [row["articles"] for row in json.loads(done.output)] == python["articles"].to_list()
