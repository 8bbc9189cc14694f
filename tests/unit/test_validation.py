import csv
import io
import math
from datetime import date

import pytest

from monitor import validation
from monitor.cells import guarded, unguarded
from monitor.errors import UsageError
from monitor.validation import Drawn, Framed, Spot, Text


def units(*coders):
    return list(zip(*coders, strict=True))


def test_alpha_is_that_of_krippendorffs_examples():
    """Computing Krippendorff's Alpha-Reliability (2011): sections A, B and C."""
    meg, owen = "0100000010", "1110010000"
    assert validation.alpha(units(meg, owen)) == pytest.approx(0.095, abs=0.0005)
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert validation.alpha(units(ben, gerry)) == pytest.approx(0.692, abs=0.0005)
    four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    with_gaps = units(*([None if value == "." else value for value in row] for row in four))
    assert validation.alpha(with_gaps) == pytest.approx(0.743, abs=0.0005)


def test_alpha_is_not_defined_without_pairs_or_variation():
    assert validation.alpha([(True, None), (None, False)]) is None
    assert validation.alpha([(True, True), (True, True)]) is None
    assert validation.alpha([(True, True), (False, False)]) == 1


def test_wilson_is_that_of_the_literature():
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20."""
    assert validation.wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=0.00005)
    assert validation.wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=0.00005)
    assert validation.wilson(0, 20) == pytest.approx((0, 0.1611), abs=0.00005)
    assert validation.wilson(0, 0) == (0, 1)


def test_weights_stand_for_the_articles_that_were_not_drawn():
    shared = validation.share([("a", 9.0, True), ("b", 1.0, False)])
    assert (shared.hits, shared.total, shared.value, shared.weighted) == (1, 2, 0.5, 0.9)
    even = validation.share([("a", 3.0, True), ("b", 3.0, False), ("c", 3.0, True)])
    assert (even.weighted_low, even.weighted_high) == pytest.approx((even.low, even.high))
    assert math.isnan(validation.share([]).value)


def test_articles_whose_names_go_wrong_together_count_once():
    """Ten articles of four alike answers each say no more than ten answers."""
    cases = [(f"a{k}", 2.0, k < 7) for k in range(10) for _ in range(4)]
    together = validation.share(cases)
    assert (together.weighted_low, together.weighted_high) == pytest.approx(validation.wilson(0.7, 10))
    assert (together.low, together.high) == pytest.approx(validation.wilson(0.7, 40))


def frame():
    """900 commentary articles on three common names, 40 on a rare one each five, 6 news, 30 without names."""
    common = [Framed(i, "commentary", ("CHN", "USA", "THA")[i % 3], 300) for i in range(900)]
    rare = [Framed(1000 + i, "commentary", f"rare-{i // 5}", 5) for i in range(40)]
    return [
        *common,
        *rare,
        *(Framed(2000 + i, "news", "CHN", 300) for i in range(6)),
        *(Framed(3000 + i, "news", "", 0) for i in range(30)),
    ]


def test_a_draw_is_of_its_seed_alone():
    first = validation.draw(frame(), 60, 1)
    assert first == validation.draw(reversed(frame()), 60, 1)
    assert {d.article_id for d in first} != {d.article_id for d in validation.draw(frame(), 60, 2)}
    assert len({d.article_id for d in first}) == 60


def test_small_strata_and_rare_names_are_drawn_and_weights_add_up_to_the_archive():
    articles = {a.article_id: a for a in frame()}
    drawn = validation.draw(frame(), 60, 1)
    sizes = {}
    for one in drawn:
        sizes.setdefault(validation.stratum(articles[one.article_id]), []).append(one.of / one.taken)
    assert {key: len(of) for key, of in sizes.items()} == {
        ("commentary", "common"): 18,
        ("commentary", "rare"): 18,
        ("news", "common"): 6,
        ("news", "none"): 18,
    }
    assert sum(map(sum, sizes.values())) == pytest.approx(len(articles))
    named = [articles[d.article_id].rarest for d in drawn]
    assert {name for name in named if name.startswith("rare")} == {f"rare-{k}" for k in range(8)}
    assert [named.count(name) for name in ("THA", "USA")] == [6, 6]


@pytest.mark.parametrize(("count", "expected"), [(2, 2), (5000, 976)])
def test_a_draw_has_as_many_as_asked_or_as_there_are(count, expected):
    assert len(validation.draw(frame(), count, 1)) == expected


def test_each_article_of_a_stratum_has_the_same_chance():
    seen = [d.article_id for seed in range(300) for d in validation.draw(frame()[:30], 10, seed)]
    assert all(60 < seen.count(i) < 140 for i in range(30))


TEXT = "Georgia said on Monday that trade with China grew. In Georgia, the US state, peaches are cheap."
TEXTS = {
    -5: Text(-5, "=China and Georgia", TEXT, "https://a.example/1", "news", "t1"),
    7: Text(7, "On peaches", "Peaches are cheap.", "https://a.example/2", "think-tank", "t1"),
}
SPOTS = {
    -5: [
        Spot("CHN", "China", "country", "title", 1, 6, True),
        Spot("CHN", "China", "country", "text", 39, 44, True),
        Spot("GEO", "Georgia", "country", "text", 54, 61, False),
        Spot("un", "United Nations", "organisation", "text", 67, 69, False),
    ]
}


def written():
    return validation.write_sheet([Drawn(-5, 2, 10), Drawn(7, 1, 1)], TEXTS, SPOTS)


def filled(answers, added=None, *, separator=","):
    """The sheet with answers by entity, and names added by article's place."""
    rows = list(csv.DictReader(io.StringIO(written())))
    articles = [row for row in rows if row["row"] == "article"]
    for place, names in (added or {}).items():
        articles[place]["name"] = names
    for row in rows:
        row["answer"] = answers.get(row["entity"], "")
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def test_a_sheet_shows_names_in_context_and_hides_the_answer():
    rows = list(csv.DictReader(io.StringIO(written())))
    assert [(r["row"], r["entity"]) for r in rows] == [
        ("article", ""),
        ("name", "CHN"),
        ("name", "GEO"),
        ("name", "un"),
        ("article", ""),
    ]
    assert rows[1]["passage"].startswith(
        "'=[[China]] and Georgia | Georgia said on Monday that trade with [[China]] grew."
    )
    assert rows[0]["passage"] == TEXT
    assert rows[0]["title"] == "'=China and Georgia"
    assert not any(word in str(row).lower() for row in rows for word in ("true", "false", "counted", "found"))
    assert len({row["seal"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "'=x", "''", "plain", "", "'Ndrangheta", "＝1", "''@"]
)
def test_no_cell_is_a_formula_and_each_comes_back(cell):
    assert guarded(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_coders_filled_in_is_read(separator):
    rows = validation.read_sheet(
        filled({"CHN": "Yes", "GEO": "n", "un": "?"}, {1: "Laos; Viet Nam"}, separator=separator), "a.csv"
    )
    assert [(r.entity, r.found, r.answer, r.added) for r in rows] == [
        ("", False, "", ()),
        ("CHN", True, "yes", ()),
        ("GEO", False, "no", ()),
        ("un", False, "unsure", ()),
        ("", False, "", ("Laos", "Viet Nam")),
    ]
    assert [r.weight for r in rows] == [5, 5, 5, 5, 1]


def test_only_a_whole_sheet_with_known_answers_is_read():
    good = filled({"CHN": "yes"}).decode("utf-8-sig")
    wrong = {
        "has no column seal": good.replace("seal", "sael", 1),
        r"a.csv row 3: the answer 'perhaps' is not yes, no or unsure": filled({"CHN": "perhaps"}).decode("utf-8-sig"),
        "a.csv row 3 is not as it was written": good.replace("CHN,country", "CHM,country"),
        "a.csv row 7 repeats row 3": good + good.splitlines(keepends=True)[2],
        "has no answers": filled({}).decode("utf-8-sig"),
        "row 2 adds 'no' with answer": filled({}, {0: "no"}).decode("utf-8-sig"),
        "has no column row": "",
    }
    for message, text in wrong.items():
        with pytest.raises(UsageError, match=message):
            validation.read_sheet(text.encode(), "a.csv")
    for message, body in {
        "workbook": b"PK\x03\x04",
        "byte 0 is not UTF-8": b"\xe9,row",
        "not a CSV": b'row,"x',
    }.items():
        with pytest.raises(UsageError, match=message):
            validation.read_sheet(body, "a.csv")


def test_two_coders_need_copies_of_one_sheet():
    first = validation.read_sheet(filled({"CHN": "yes"}), "a.csv")
    validation.same_rows(first, validation.read_sheet(filled({"un": "no"}), "b.csv"), ("a.csv", "b.csv"))
    with pytest.raises(UsageError, match=r"a.csv has 1 rows that b.csv has not, such as row 4"):
        validation.same_rows(first, [r for r in first if r.entity != "GEO"], ("a.csv", "b.csv"))
    with pytest.raises(UsageError, match=r"b.csv has 1 rows that a.csv has not"):
        validation.same_rows([r for r in first if r.entity != "GEO"], first, ("a.csv", "b.csv"))


KNOWN = {"Laos": ("LAO", "country"), "Asia": ("asia", "region"), "China": ("CHN", "country")}


def pairs(*sheets):
    return validation.coded_pairs([validation.read_sheet(sheet, "s") for sheet in sheets], KNOWN.get)


def test_a_name_that_one_coder_added_is_the_others_no_where_the_other_coded_it():
    found = pairs(filled({"CHN": "yes", "GEO": "no"}, {0: "Laos", 1: "Asia; The Guild"}), filled({"CHN": "no"}))
    assert [(p.entity, p.kind, p.answers, p.truth, p.found) for p in found] == [
        ("CHN", "country", (True, False), None, True),
        ("GEO", "country", (False, None), False, False),
        ("un", "organisation", (None, None), None, False),
        ("LAO", "country", (True, False), None, False),
        ("the guild", "not in the gazetteer", (True, None), True, False),
    ]


def test_an_added_name_that_has_a_row_is_said_so():
    with pytest.raises(UsageError, match="row 2 adds 'China', which has row 3 of that article"):
        pairs(filled({}, {0: "China"}))


def test_the_card_has_what_can_be_counted_by_hand():
    one = filled({"CHN": "yes", "GEO": "yes", "un": "no"}, {1: "Laos"})
    two = filled({"CHN": "yes", "GEO": "yes", "un": "yes"}, {1: "Laos"})
    rows = validation.read_sheet(one, "a")
    text = validation.section(pairs(one, two), rows, date(2026, 11, 22))
    lines = {line.split(" | ")[0].strip("| "): line for line in text.splitlines() if line.startswith("|")}
    assert lines["**all**"].startswith("| **all** | 1.000 (0.207 to 1.000) | 1 | 0.333 (0.061 to 0.792) | 3 |")
    assert lines["coder 2 alone"].split(" | ")[1:5] == ["1.000 (0.207 to 1.000)", "1", "0.250 (0.046 to 0.699)", "4"]
    assert lines["news"].split(" | ")[3:5] == ["0.500 (0.095 to 0.905)", "2"]
    assert lines["think-tank"].split(" | ")[1:5] == ["·", "0", "0.000 (0.000 to 0.793)", "1"]
    assert lines["**all**"].split(" | ")[-1].startswith("0.455 ("), "one of 5, 5 and 1 articles"
    assert (
        "2026-11-22; articles of the archive: 2, coders: 2.\nPairs of article and name: 3, 3 of them judged;\n1 added."
        in text
    )
    assert "(nominal): 0.000 on 3 pairs" in text


def test_a_section_takes_the_place_of_its_old_one_alone():
    card = validation.with_section("", validation.TITLE + "\n\nold\n")
    assert card == f"# Quality card\n\n{validation.TITLE}\n\nold\n"
    longer = card + "\n## Another\n\nstays\n"
    again = validation.with_section(longer, validation.TITLE + "\n\nnew\n")
    assert again == f"# Quality card\n\n{validation.TITLE}\n\nnew\n\n## Another\n\nstays\n"
    assert validation.kept_section(again) == validation.TITLE + "\n\nnew\n\n"
    assert validation.kept_section("# Card\n") == ""
