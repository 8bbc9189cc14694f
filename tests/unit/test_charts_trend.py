"""The trend chart's specification: what is drawn, what is not, and what leads where."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import altair
import polars as pl
import pytest
from dashboards.charts.frame import Event, Outage, Peak, View, make_frame
from dashboards.charts.heads import heads
from dashboards.charts.labels import Note, place, spread
from dashboards.charts.style import DARK, LIGHT, tick_values, with_colours
from dashboards.charts.trend import trend
from dashboards.series import SCHEMA

FIRST = date(2026, 6, 1)


def rows(entity, values, *, low=None, high=None, is_open=True, first=FIRST):
    """One series; the last week is open unless said otherwise."""
    found = []
    for i, value in enumerate(values):
        week = first + timedelta(weeks=i)
        found.append(
            {
                "entity_id": entity, "name": f"Name {entity}", "short": entity, "week": week, "value": value,
                "low": None if value is None or low is None else value * low,
                "high": None if value is None or high is None else value * high, "mean": value,
                "is_open": is_open and i == len(values) - 1, "href": f"~/evidence?entities={entity}&week={week}",
                "label": f"{entity} {week}: {value}",
            }
        )  # fmt: skip
    return found


def frame(*series):
    return pl.DataFrame([row for one in series for row in one], schema=SCHEMA)


def view(**more):
    return View(**({"title": "Articles per week", "focus": "KHM"} | more))


def layers(spec, name):
    return [layer for layer in spec["layer"] if layer.get("data", {}).get("name") == name]


def drawn(spec, name):
    (layer,) = layers(spec, name)
    return layer["data"]["values"]


VALUES = [3.0, 5.0, None, 0.0, 4.0, 6.0, 2.0]


def test_a_gap_is_a_gap_and_a_zero_is_a_zero():
    spec = trend(frame(rows("KHM", VALUES)), view())
    values = [row["value"] for row in drawn(spec, "line-KHM")]
    assert values[2] is None
    assert values[3] == 0.0
    (layer,) = layers(spec, "line-KHM")
    assert layer["mark"]["invalid"].startswith("break-paths")


def test_a_week_between_two_gaps_is_drawn_as_a_dot():
    spec = trend(frame(rows("KHM", [1.0, 2.0, None, 7.0, None, 2.0, 3.0, 1.0])), view())
    assert [row["value"] for row in drawn(spec, "alone")] == [7.0]


def test_the_neighbour_of_another_name_does_not_join_a_lone_week():
    spec = trend(frame(rows("KHM", [None, 5.0], is_open=False), rows("THA", [6.0, 7.0], is_open=False)), view())
    assert [row["entity_id"] for row in drawn(spec, "alone")] == ["KHM"]


def test_the_open_week_is_hollow_and_dashed_and_not_part_of_the_line():
    spec = trend(frame(rows("KHM", VALUES)), view())
    assert drawn(spec, "line-KHM")[-1]["value"] is None
    (hollow,) = layers(spec, "hollow")
    assert hollow["mark"]["fill"] == "var(--card)"
    assert [row["value"] for row in hollow["data"]["values"]] == [2.0]
    (way,) = layers(spec, "open-KHM")
    assert way["mark"]["strokeDash"]
    assert [row["value"] for row in way["data"]["values"]] == [6.0, 2.0]


def test_no_dashed_way_leads_to_the_open_week_out_of_a_gap():
    spec = trend(frame(rows("KHM", [3.0, None, 2.0])), view())
    assert not layers(spec, "open-KHM")
    assert len(drawn(spec, "hollow")) == 1


@pytest.mark.parametrize(
    ("values", "share"),
    [([5.0, 7.0], False), ([0.0, 0.0], False), ([12_345.0, 80_000.0], False), ([0.004, 0.9], True), ([0.0, 1.0], True)],
)
def test_the_baseline_is_zero_and_the_top_holds_all(values, share):
    spec = trend(frame(rows("KHM", values, is_open=False)), view(share=share))
    scales = [
        layer["encoding"]["y"]["scale"]
        for layer in spec["layer"]
        if "domain" in (layer["encoding"].get("y", {}).get("scale") or {})
    ]
    assert len(scales) == 1
    assert scales[0]["domain"][0] == 0
    assert scales[0]["domain"][1] >= max(values)
    assert not share or scales[0]["domain"][1] <= 1


def test_the_band_is_on_the_focused_line_alone_breaks_with_it_and_ends_before_the_open_week():
    points = frame(rows("KHM", VALUES, low=0.8, high=1.2), rows("THA", VALUES))
    band = drawn(trend(points, view()), "band")
    assert len(band) == len(VALUES)
    assert band[2]["high"] is None
    assert band[-1]["high"] is None
    assert band[0] == {"week": "2026-06-01", "low": pytest.approx(2.4), "high": pytest.approx(3.6)}


def test_without_intervals_there_is_no_band():
    assert not layers(trend(frame(rows("KHM", VALUES)), view()), "band")


def test_beyond_sixty_weeks_the_mean_is_thick_and_the_week_thin():
    short, long = (trend(frame(rows("KHM", [5.0] * n)), view()) for n in (60, 61))
    assert not layers(short, "weekly-KHM")
    (thin,), (thick,) = layers(long, "weekly-KHM"), layers(long, "line-KHM")
    assert thin["mark"]["strokeWidth"] < 1 < thick["mark"]["strokeWidth"]


def test_each_known_value_is_a_link_to_its_sentences_and_no_gap_is():
    links = drawn(trend(frame(rows("KHM", VALUES)), view()), "links")
    assert [row["href"] for row in links if row["value"] == 0.0] == ["~/evidence?entities=KHM&week=2026-06-22"]
    assert len(links) == 6


def texts(spec):
    return {row["text"] for layer in spec["layer"] for row in layer["data"]["values"] if "text" in row}


def test_names_stand_at_line_ends_and_there_is_no_legend():
    spec = trend(frame(rows("KHM", VALUES * 5), rows("THA", VALUES * 5)), view())
    assert {"Name KHM 6", "Name THA 6"} <= texts(spec)
    assert '"legend": None' not in str(spec).replace("'legend': None", "")
    narrow = trend(frame(rows("KHM", VALUES * 5)), view(width=366, short_names=True))
    assert "KHM 6" in texts(narrow)


def test_where_weeks_are_wide_the_label_stands_by_the_open_one_and_says_no_value_of_another():
    spec = trend(frame(rows("KHM", VALUES)), view())
    assert "Name KHM" in texts(spec)
    assert "Name KHM 6" not in texts(spec)


def test_up_to_a_quarter_year_mondays_are_labelled():
    spec = trend(frame(rows("KHM", VALUES)), view())
    (axis,) = [axis for layer in spec["layer"] if (axis := layer["encoding"]["x"].get("axis"))]
    assert [date.fromisoformat(day).weekday() for day in axis["values"]] == [0] * len(VALUES)
    assert "1 Jun 2026" in axis["labelExpr"]
    assert "8 Jun" in axis["labelExpr"]


def test_texts_above_the_plot_that_would_touch_stand_in_rows():
    outage = Outage(FIRST + timedelta(weeks=2), FIRST + timedelta(weeks=2), "3 of 9 sources failed")
    events = [Event(FIRST + timedelta(weeks=2, days=n), f"A summit of some length {n}") for n in range(5)]
    points = frame(rows("KHM", VALUES * 3))
    placed = heads(view(outages=[outage], events=events), make_frame(points, view(), 60))
    every = [placed.shades[0][2], *placed.rules]
    assert placed.rows == 3
    assert [head.row is None for head in every].count(True) == 3, "what finds no room is left out"
    for a, b in combinations([head for head in every if head.row is not None], 2):
        assert a.row != b.row or a.right <= b.left or b.right <= a.left


@pytest.mark.parametrize("weeks", [(2, 5, 8, 17, 20), (0, 1, 2, 3, 4), (15, 16, 18, 19, 20), (1, 19)])
def test_no_rule_runs_through_a_text(weeks):
    events = [Event(FIRST + timedelta(weeks=n), f"Summit number {n}") for n in weeks]
    outages = [Outage(FIRST + timedelta(weeks=n), FIRST + timedelta(weeks=n + 1), "3 of 9 failed") for n in (3, 9, 16)]
    points = frame(rows("KHM", VALUES * 3))
    for width in (366, 860):
        placed = heads(view(outages=outages, events=events, width=width), make_frame(points, view(width=width), 60))
        texts = [head for head in (*(s[2] for s in placed.shades), *placed.rules) if head.row is not None]
        assert any(head.has_rule for head in texts)
        for rule in (head for head in texts if head.has_rule):
            crossed = [text for text in texts if text.row < rule.row and text.left < rule.x < text.right]
            assert not crossed


def test_outages_are_shaded_and_say_how_many_failed():
    outage = Outage(FIRST + timedelta(weeks=2), FIRST + timedelta(weeks=2), "3 of 9 sources failed")
    spec = trend(frame(rows("KHM", VALUES)), view(outages=[outage]))
    (box,) = drawn(spec, "outages")
    assert box["x2"] > box["x"]
    assert box["text"] == "3 of 9 sources failed"


def test_outages_outside_the_range_are_left_out():
    old = Outage(FIRST - timedelta(weeks=9), FIRST - timedelta(weeks=8), "no data")
    assert not layers(trend(frame(rows("KHM", VALUES)), view(outages=[old])), "outages")


def test_notes_are_few_and_an_event_is_marked():
    peaks = [Peak("KHM", FIRST + timedelta(weeks=i), f"note {i}") for i in (0, 1, 4, 5)]
    spec = trend(frame(rows("KHM", VALUES)), view(peaks=peaks, notes=1, events=[Event(date(2026, 6, 20), "Summit")]))
    texts = [row["text"] for layer in spec["layer"] for row in layer["data"]["values"] if "text" in row]
    assert sum(text.startswith("note") for text in set(texts)) == 1
    assert "Summit" in texts


def test_a_note_crosses_an_upright_only_where_there_is_no_other_place():
    note = Note(100, 50, "Ukraine 35")
    assert place([note], [], 400, 1)[0].align == "left"
    assert place([note], [], 400, 1, uprights=[130.0])[0].align == "right"
    assert place([note], [], 400, 1, uprights=[130.0, 70.0, 100.0])


def test_an_archive_without_any_point_still_has_a_chart():
    assert trend(frame(), view())["layer"]
    assert trend(frame(rows("KHM", [None, None])), view())["layer"]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_notebook_takes_the_same_specification(colours):
    points = frame(rows("KHM", VALUES, low=0.8, high=1.2), rows("THA", VALUES))
    spec = with_colours(trend(points, view(events=[Event(date(2026, 6, 20), "Summit")])), colours)
    assert "var(--" not in str(spec)
    altair.Chart.from_dict(spec).to_dict()


@pytest.mark.parametrize("wanted", [[10, 10, 10], [5, 200, 201, 203], [0, 0, 0, 0, 0, 0], [300, 1], []])
def test_end_labels_never_touch_and_stay_within_bounds(wanted):
    placed = spread(wanted, 16, 4, 248)
    ordered = sorted(placed)
    assert all(b - a >= 16 - 1e-9 for a, b in pairwise(ordered))
    assert all(4 <= y <= 248 for y in placed)
    assert sorted(range(len(wanted)), key=lambda i: (wanted[i], i)) == sorted(
        range(len(placed)), key=placed.__getitem__
    )


def test_a_label_that_has_room_stays_where_it_is():
    assert spread([50.0, 100.0], 16, 4, 248) == [50.0, 100.0]


def test_a_note_keeps_off_lines_and_off_other_notes():
    note, twin = Note(100, 100, "Cambodia 44"), Note(104, 100, "Thailand 40")
    wall = [(x, y) for x in range(105, 200, 4) for y in range(80, 120, 4)]
    (placed,) = place([note], wall, 400, 3)
    assert placed.align in ("right", "center")
    assert len({(p.x, p.y) for p in place([note, twin], [], 400, 3)}) == 2


def test_a_note_without_a_clear_place_is_left_out():
    everywhere = [(x, y) for x in range(0, 400, 3) for y in range(0, 240, 3)]
    assert place([Note(100, 100, "Cambodia 44")], everywhere, 400, 3) == []


@pytest.mark.parametrize(("top", "whole"), [(7, True), (0.27, False), (1.0, False), (4, True), (85_000, True)])
def test_ticks_are_few_even_and_whole_where_they_must_be(top, whole):
    ticks = tick_values(top, whole=whole)
    assert ticks[0] == 0
    assert 3 <= len(ticks) <= 7
    assert ticks[-1] <= top
    assert not whole or all(float(t).is_integer() for t in ticks)


@pytest.mark.parametrize("size", [720, 366])
def test_the_bold_label_at_a_line_end_has_more_room(size):
    """A browser draws bold letters an eighth wider: a long name would leave its card."""
    chart = frame(rows("KHM", VALUES), rows("THA", VALUES[:3]))
    bold, plain = (trend(chart, view(focus=focus, width=size))["padding"]["right"] for focus in ("KHM", "nobody"))
    assert bold - 20 == pytest.approx((plain - 20) * 1.13, rel=0.02)
