import json

import pytest
from click.testing import CliRunner

from monitor.cli.gazetteer import gazetteer
from monitor.cli.tag import tag
from monitor.errors import GazetteerError, UnknownEntityError, UsageError


def run(command, *args, given=""):
    return CliRunner().invoke(command, args, input=given, catch_exceptions=True)


def rows(result):
    assert result.exception is None, result.exception
    return [json.loads(line) for line in result.output.splitlines()]


def test_text_from_standard_input():
    (row,) = rows(run(tag, given="ASEAN met in Laos; the Red Sea is far."))
    assert row["countries"] == [
        {"code": "LAO", "start": 13, "end": 17, "surface": "Laos", "form": "name", "counted": True}
    ]
    assert row["orgs"] == [
        {
            "id": "asean",
            "name": "Association of Southeast Asian Nations",
            "listed": True,
            "start": 0,
            "end": 5,
            "surface": "ASEAN",
            "form": "abbreviation",
            "counted": True,
        }
    ]
    assert row["others"] == [
        {
            "id": "red-sea",
            "name": "Red Sea",
            "kind": "region",
            "start": 23,
            "end": 30,
            "surface": "Red Sea",
            "counted": True,
        }
    ]


def test_json_lines_keep_their_ids_and_order():
    given = '{"id": 7, "text": "Laos"}\n\n{"id": "b", "text": "Peru", "title": "Cuba"}\n'
    found = rows(run(tag, "--jsonl", given=given))
    assert [(r["id"], [c["code"] for c in r["countries"]]) for r in found] == [(7, ["LAO"]), ("b", ["PER"])]


def test_files_are_read_in_turn(tmp_path):
    (tmp_path / "a.txt").write_text("Laos", "utf-8")
    (tmp_path / "b.txt").write_text("Peru", "utf-8")
    found = rows(run(tag, str(tmp_path / "a.txt"), str(tmp_path / "b.txt")))
    assert [r["countries"][0]["code"] for r in found] == ["LAO", "PER"]


def test_unlisted_organisations_are_marked():
    (row,) = rows(run(tag, given="She left Kampot Pepper University."))
    assert [(o["id"], o["listed"]) for o in row["orgs"]] == [("x-kampot-pepper-university", False)]
    (row,) = rows(run(tag, "--listed-only", given="She left Kampot Pepper University."))
    assert row["orgs"] == []


@pytest.mark.parametrize(
    ("args", "given", "message"),
    [
        ((), b"", "text is empty"),
        ((), b" \n", "text is empty"),
        ((), b"a\xff", "byte 1 is not UTF-8"),
        (("--jsonl",), b"", "input is empty"),
        (("--jsonl",), b'{"id": 1, "text": "a"}\n{"id": 2\n', "line 2: not JSON"),
        (("--jsonl",), b'{"id": 1, "text": "a\xff"}\n', "line 1: byte 20 is not UTF-8"),
        (("--jsonl",), b'{"id": ' + b"1" * 5000 + b', "text": "a"}\n', "line 1: a number or the nesting is beyond"),
        (("--jsonl",), b'{"id": ' + b"[" * 20000 + b"\n", "line 1: a number or the nesting is beyond"),
        (("--jsonl",), b"[1]\n", 'line 1: not an object with a "text"'),
        (("--jsonl",), b'{"id": 1}\n', 'line 1: not an object with a "text"'),
        (("--jsonl",), b'{"id": 1, "text": " "}\n', "line 1: the text is empty"),
        (("--jsonl",), b'{"id": 1, "text": "a", "title": 3}\n', 'line 1: "title"'),
        (("missing.txt",), b"", r"missing\.txt: No such file"),
    ],
)
def test_bad_input_is_one_plain_line(args, given, message):
    result = run(tag, *args, given=given)
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    with pytest.raises(UsageError, match=message):
        raise result.exception


def test_check_counts_what_there_is(tmp_path):
    assert "250 country" in run(gazetteer, "check").output
    (tmp_path / "aliases.csv").write_text("bad\n", "utf-8")
    assert isinstance(run(gazetteer, "check", str(tmp_path)).exception, GazetteerError)


def test_search_by_part_of_a_name():
    found = json.loads(run(gazetteer, "search", "mekong", "river", "--json").output)
    assert {row["id"] for row in found} == {"mrc", "mekong"}
    assert isinstance(run(gazetteer, "search", "qqqqqq").exception, UnknownEntityError)


def test_explain_says_what_was_vetoed():
    result = run(gazetteer, "explain", "New Mexico is not Mexico.")
    assert "us-state" in result.output
    assert "1 kept, 1 vetoed" in result.output
    assert isinstance(run(gazetteer, "explain", given=" ").exception, UsageError)


def test_half_a_surrogate_pair_is_no_end(tmp_path):
    given = '{"id": "\\ud800", "text": "\\ud800 Laos"}\n'
    (row,) = rows(run(tag, "--jsonl", given=given))
    assert row["id"] == "\ud800"
    assert [(c["code"], c["start"]) for c in row["countries"]] == [("LAO", 2)]


def test_search_says_what_it_leaves_out():
    found = run(gazetteer, "search", "an")
    assert "more; give more letters" in found.output
    assert len(json.loads(run(gazetteer, "search", "an", "--json").output)) > 20


@pytest.mark.parametrize(("words", "error"), [("", UsageError), ("zzzzqq", UnknownEntityError)])
def test_search_of_nothing(words, error):
    found = run(gazetteer, "search", words)
    assert isinstance(found.exception, error)
    assert "gazetteer search" not in str(found.exception)


def test_a_file_to_explain_is_to_be_piped(tmp_path):
    (tmp_path / "a.txt").write_text("Laos", "utf-8")
    found = run(gazetteer, "explain", str(tmp_path / "a.txt"))
    assert isinstance(found.exception, UsageError)
    assert "pipe it in" in str(found.exception)
