"""Every example of docs/query.md is run, and where a question is asked in several ways they answer the same."""

import json
import random
import re
import shlex
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.export import export
from monitor.queries import open_archive
from tests.sql import made
from tests.sql.desk import Desk

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "query.md").read_text("utf-8")
BLOCKS = [(kind, code.strip()) for kind, code in re.findall(r"```(sql|sh|python)\n(.*?)```", TEXT, re.DOTALL)]


def questions():
    """Blocks that follow each other, each language once: ways to ask one question."""
    found = []
    for kind, code in BLOCKS:
        if not found or kind in found[-1]:
            found.append({})
        found[-1][kind] = code
    return found


QUESTIONS = questions()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Thirty weeks, published twice: a spike in the last whole week, a late article in between."""
    desk = Desk(tmp_path_factory.mktemp("cookbook"))
    feeds, items = made.archive(weeks=30)
    desk.declare(*feeds)
    rng = random.Random(4)
    texts = [made.paragraph(rng, 60, ["United Nations"]) for _ in range(40)]
    more = [made.article(f"source{k % 4}", f"rise{k}", "2026-11-11", text) for k, text in enumerate(texts)]
    desk.arrive(*items, *more, first=True)
    desk.publish()
    desk.arrive(made.article("source1", "late", "2026-11-10", "Cambodia met Thailand and ASEAN at harvest. " * 9))
    desk.declare(made.feed("newcomer"))
    desk.publish()
    desk.close()
    return desk.warehouse.data


def by_sql(data, code):
    """In a client of one's own, as the page says."""
    with duckdb.connect(str((data / "monitor.duckdb").resolve()), read_only=True) as con:
        return pl.DataFrame(con.sql(code.rstrip(";")).pl())


def by_shell(data, code, *more):
    words = [w.replace("FOLDER", str(data / "out")) for w in shlex.split(code)]
    assert words[0] == "monitor"
    done = CliRunner().invoke(cli, [*words[1:], "--data", str(data), *more])
    assert done.exit_code == 0, done.output
    assert done.output.strip()
    return done.output


def by_python(data, code):
    with open_archive(data) as archive:
        return eval(
            code.replace("FOLDER", str(data / "out")),
            {"archive": archive, "date": date, "export": export, "Path": Path},
        )


def plain(rows):
    """Rows as JSON has them, numbers rounded."""
    return [
        {k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()}
        for row in json.loads(json.dumps(rows, default=str))
    ]


def common(*answers):
    """The answers with the columns that all have."""
    shared = set.intersection(*(set(rows[0]) for rows in answers))
    assert len(shared) >= 1
    return [[{k: row[k] for k in sorted(shared)} for row in rows] for rows in answers]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: next(iter(q.values()))[:60])
def test_every_way_to_ask_answers_the_same(data, question):
    answers = []
    if "sql" in question:
        answers.append(plain(by_sql(data, question["sql"]).to_dicts()))
    if "python" in question:
        found = by_python(data, question["python"])
        answers += [plain(found.to_dicts())] if isinstance(found, pl.DataFrame) else []
    if "sh" in question:
        by_shell(data, question["sh"])
        if "export" not in question["sh"]:
            answers.append(plain(json.loads(by_shell(data, question["sh"], "--format", "json"))))
    assert all(answers), "an example without rows shows nothing"
    if len(answers) > 1 and not is_apart(question):
        first, *others = common(*answers)
        for other in others:
            assert other == first


def is_apart(question):
    """Movers in SQL are the list before it is judged; own questions show each way by another example."""
    return "--moved" in question.get("sh", "") or "a.source_type" in question.get("sql", "")


@pytest.mark.parametrize("code", [code for kind, code in BLOCKS if kind == "sql"])
def test_sql_is_taken_as_it_stands(data, code):
    direct = plain(by_sql(data, code).to_dicts())
    with open_archive(data) as archive:
        assert plain(archive.sql(code).to_dicts()) == direct
    words = ["query", code, "--format", "json", "--data", str(data)]
    assert plain(json.loads(CliRunner().invoke(cli, words).output)) == direct


def test_every_macro_is_in_the_cookbook(data):
    """But for arithmetic and the small ones that others are made of."""
    with open_archive(data) as archive:
        macros = archive.sql("""SELECT DISTINCT function_name FROM duckdb_functions()
            WHERE function_type = 'table_macro' AND schema_name = 'main' AND NOT internal""")["function_name"]
    assert [name for name in macros if not re.search(rf"\b{name}\(", TEXT)] == []


def test_a_spike_is_explained_by_volume_share_sources_and_sentences(data):
    with open_archive(data) as archive:
        found = archive.spikes().to_dicts()
        said = archive.named("spike_sentences", {"week": found[0]["week"]})
    assert [(spike["name"], str(spike["week"])) for spike in found] == [("United Nations", "2026-11-09")]
    told = found[0]["explanation"]
    for part in (
        f"{found[0]['stories']} stories of {found[0]['sources']} sources",
        "% of what they wrote",
        "times the",
    ):
        assert part in told
    assert len(found[0]["sentences"]) == 3 == said["publisher"].n_unique()
    assert said["sentence"].to_list() == found[0]["sentences"]
    assert all("United Nations" in sentence for sentence in found[0]["sentences"])


def test_most_questions_are_asked_in_all_three_ways():
    whole = [q for q in QUESTIONS if len(q) == 3]
    assert len(whole) >= 18
