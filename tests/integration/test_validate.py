"""From a published archive to a sheet, two coders' answers and the card."""

import csv
import sys

import pytest
from click.testing import CliRunner

from monitor import cli, marts, publish
from monitor.errors import UsageError
from tests.quality import score
from tests.sql import made

TRUE_NAMES = {name: entity for name, (entity, _) in made.NAMES.items()}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("validate")
    feeds, items = made.archive(weeks=10)
    oddity = "Chad Smith of Cambodia drew a crowd, and the Kremlin kept silent on it."
    items.append(made.article("source0", "odd", "2026-11-12", oddity, "On a match"))
    with made.open_warehouse(folder) as warehouse:
        made.store(warehouse, feeds, items)
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
    return folder


def invoke(*words, code=0):
    done = CliRunner().invoke(cli.cli, [str(word) for word in words])
    if code == 0:
        assert done.exit_code == 0, done.output + repr(done.exception)
    return done


def sample(data, out, *more):
    return invoke("validate", "sample", "--data", data, "--n", 20, "--out", out, *more).output


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def coded(path, to, answer, missing=None):
    """A coder's copy: `answer` is given a name's row, `missing` an article's."""
    rows = rows_of(path)
    for row in rows:
        if row["row"] == "name":
            row["answer"] = answer(row)
        else:
            row["name"] = missing(row) if missing else ""
            row["answer"] = "" if row["name"] else "no"
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to


@pytest.fixture(scope="module")
def sheet(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("sheets") / "sheet.csv"
    assert "20 of 121 articles" in sample(data, path)
    return path


def test_the_same_seed_draws_the_same_sheet(data, sheet, tmp_path):
    sample(data, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == sheet.read_bytes()
    sample(data, tmp_path / "other.csv", "--seed", 2)
    assert (tmp_path / "other.csv").read_bytes() != sheet.read_bytes()


def test_a_sheet_has_all_source_types_and_names_and_what_the_tagger_vetoed(data, sheet, tmp_path):
    rows = rows_of(sheet)
    assert {r["source_type"] for r in rows} == {"commentary", "think-tank", "news", "government"}
    for row in rows:
        assert row["row"] == "article" or "[[" in row["passage"]
    sample(data, tmp_path / "all.csv", "--n", 500)
    everything = rows_of(tmp_path / "all.csv")
    assert len({r["article"] for r in everything}) == 121
    odd = {r["entity"] for r in everything if r["title"] == "On a match"}
    assert {"", "KHM", "TCD"} <= odd


def test_a_sheet_that_may_hold_answers_is_not_overwritten(data, sheet):
    done = invoke("validate", "sample", "--data", data, "--out", sheet, code=2)
    assert isinstance(done.exception, UsageError)
    assert "may hold answers" in str(done.exception)


def test_a_sheet_that_cannot_be_written_is_one_line_and_exit_2(data, tmp_path):
    done = invoke("validate", "sample", "--data", data, "--out", tmp_path / "missing" / "sheet.csv", code=2)
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).endswith("sheet.csv cannot be written: No such file or directory")


def test_perfect_coders_find_the_taggers_errors(data, sheet, tmp_path):
    """The made archive's tagger is right by construction, so a true coder gives it 1 and 1."""
    said = coded(sheet, tmp_path / "a.csv", lambda r: "yes" if f"[[{r['name']}" in r["passage"] or named(r) else "no")
    card = tmp_path / "card.md"
    text = invoke("validate", "score", said, "--data", data, "--card", card).output
    assert "| **all** | 1.000 (" in text
    assert card.read_text("utf-8").strip() in "# Quality card\n\n" + text


def named(row):
    return any(f"[[{name}]]" in row["passage"] for name, entity in TRUE_NAMES.items() if entity == row["entity"])


def test_two_coders_agree_by_alpha_and_the_card_keeps_one_section(data, sheet, tmp_path):
    first = coded(sheet, tmp_path / "a.csv", lambda r: "yes" if named(r) else "no", lambda r: "Laos; Guild of Weavers")
    second = coded(sheet, tmp_path / "b.csv", lambda r: "no" if r["entity"] == "CHN" else "yes", lambda r: "Laos")
    for _ in range(2):
        invoke("validate", "score", first, second, "--data", data)
    card = (data / "quality-card.md").read_text("utf-8")
    assert card.count("## Validation on an archive") == 1
    assert "articles of the archive: 20, coders: 2." in card
    assert "Krippendorff's alpha (nominal): " in card
    assert "| coder 1 alone | 1.000" in card
    assert "not in the gazetteer (or misspelt): Guild of Weavers." in card
    assert "| with names that the gazetteer does not have |" in card


def test_other_rows_in_the_second_sheet_are_one_line_and_exit_2(data, sheet, tmp_path, monkeypatch, capsys):
    first = coded(sheet, tmp_path / "a.csv", lambda r: "yes")
    second = tmp_path / "b.csv"
    lines = first.read_text("utf-8-sig").splitlines(keepends=True)
    second.write_text("".join(lines[:2] + lines[3:]), "utf-8-sig")
    words = ["monitor", "validate", "score", str(first), str(second), "--data", str(data)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "a.csv has 1 rows that" in error
    assert "such as row 3" in error


@pytest.mark.parametrize(("path", "message"), [("nowhere.csv", "No such file"), (".", "Is a directory")])
def test_a_sheet_that_cannot_be_read_is_named(data, path, message, tmp_path):
    done = invoke("validate", "score", tmp_path / path, "--data", data, code=2)
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)


def test_the_quality_card_of_the_sentences_keeps_the_section(tmp_path, monkeypatch):
    out = tmp_path / "quality.md"
    out.write_text("# Old\n\n## Validation on an archive\n\nmine\n", "utf-8")
    monkeypatch.setattr(sys, "argv", ["score.py", "--out", str(out)])
    score.main()
    text = out.read_text("utf-8")
    assert text.startswith("# Quality of the tagger")
    assert text.endswith("## Validation on an archive\n\nmine\n")
