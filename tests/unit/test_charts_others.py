"""Map, matrix, coverage, sparklines, colours, and what becomes of a drawing before it stands in a page."""

import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import altair
import polars as pl
import pytest
from dashboards.charts.classes import Classes
from dashboards.charts.coverage import SHADE, coverage
from dashboards.charts.matrix import matrix
from dashboards.charts.sparks import sparkline
from dashboards.charts.style import DARK, LIGHT, LINES, base, shortened, text_width, with_colours
from dashboards.charts.world import geometry, world
from dashboards.renderer import draw
from dashboards.tidy import rooted, tidy
from dashboards.writing import titled

STYLE = Path(__file__).parents[2] / "dashboards" / "static" / "style.css"
COUNTRIES = pl.DataFrame(
    [
        {"iso3": "KHM", "name": "Cambodia", "articles": 12, "href": "~/entity/KHM", "label": "Cambodia: 12 articles"},
        {"iso3": "SGP", "name": "Singapore", "articles": 3, "href": "~/entity/SGP", "label": "Singapore: 3 articles"},
        {"iso3": "FRA", "name": "France", "articles": 0, "href": "~/entity/FRA", "label": "France: 0 articles"},
    ]
)


def named(spec, name):
    (layer,) = [layer for layer in spec["layer"] if layer.get("name") == name]
    return layer["data"]["values"]


def test_small_states_are_dots_and_the_others_outlines():
    spec = world(COUNTRIES, "Map")
    assert {f["properties"]["label"].split(":")[0] for f in named(spec, "countries")} == {"Cambodia", "France"}
    assert [dot["href"] for dot in named(spec, "dots")] == ["~/entity/SGP"]


@pytest.mark.parametrize("code", ["SGP", "MLT", "MDV", "FSM", "TUV", "NRU", "BRN", "TLS", "FJI", "TON", "VAT"])
def test_what_is_too_small_to_see_has_a_dot(code):
    assert code in geometry()["dots"]


@pytest.mark.parametrize("code", ["USA", "CAN", "BRA", "CHL", "RUS", "AUS", "NZL", "TWN", "ISL"])
def test_no_country_is_cut_in_two_by_the_edge(code):
    """The cut runs through the Atlantic: the Americas, Russia and the islands each lie on one side."""
    drawn = geometry()
    xs = [x for ring in drawn["shapes"][code] for x, _ in ring]
    assert max(xs) - min(xs) < 0.6 * drawn["width"]


def test_every_country_of_the_gazetteer_is_on_the_map():
    from monitor import gazetteer

    codes = {e.iso3 for e in gazetteer.load().entities.values() if e.kind == "country"}
    assert codes - set(geometry()["shapes"]) - set(geometry()["dots"]) <= {"ATA"}


def test_a_count_of_none_has_a_shade_of_its_own():
    classes = Classes.of([0, 0, 1, 5, 9, 40, 41, 300])
    assert classes.shade(0) == "m0"
    assert classes.shade(1) != "m0"
    assert classes.shade(300) == "m5"
    assert [shade for shade, _ in classes.legend()][:1] == ["m0"]


def test_classes_of_few_values_have_no_empty_class():
    assert Classes.of([2, 2, 2]).legend() == [("m0", "none"), ("m5", "1–2")]
    assert Classes.of([]).legend() == [("m0", "none")]


def test_classes_grow_by_equal_ratios_so_that_a_doubling_shows():
    ends = Classes.of([1, *range(2, 1025)]).bounds
    assert ends == (4, 16, 64, 256, 1024)


def test_a_matrix_has_each_pair_once_below_the_diagonal():
    names = pl.DataFrame({"entity_id": ["A", "B", "C"], "name": ["Aa", "Bb", "Cc"], "short": ["a", "b", "c"]})
    pairs = pl.DataFrame(
        [
            {"entity_a": "B", "entity_b": "A", "articles": 4, "href": "~/pair/A/B", "label": "A and B: 4"},
            {"entity_a": "A", "entity_b": "C", "articles": 1, "href": "~/pair/A/C", "label": "A and C: 1"},
        ]
    )
    cells = named(matrix(pairs, names, "Pairs"), "cells")
    assert [(c["x"] < c["x2"], c["count"]) for c in cells] == [(True, "4"), (True, "1")]
    assert cells[0]["y"] < cells[1]["y"]


def test_coverage_can_be_read_without_colour():
    weeks = pl.DataFrame(
        [
            {
                "publisher": "P",
                "week": date(2026, 6, 1) + timedelta(weeks=i),
                "state": s,
                "href": "~/source/P",
                "label": s,
            }
            for i, s in enumerate(["observed", "partial", "unobserved"])
        ]
    )
    heights = [c["y2"] - c["y"] for c in named(coverage(weeks, "Coverage"), "cells")]
    assert heights[0] > heights[1] > heights[2] > 0


@pytest.mark.parametrize("width", [1180, 366])
def test_long_names_of_sources_leave_room_for_the_weeks(width):
    long = [
        "Donaudampfschifffahrtsgesellschaft and its friends of the river",
        "\u179c\u17b7\u1791\u17d2\u1799\u17b6" * 12,
    ]
    weeks = pl.DataFrame(
        [
            {"publisher": p, "week": date(2026, 6, 1), "state": "observed", "href": "~/", "label": p}
            for p in (*long, "P")
        ]
    )
    spec = coverage(weeks, "Coverage", width)
    names = [row["text"] for row in spec["layer"][1]["data"]["values"]]
    assert names[2] == "P"
    assert all(name.endswith("…") and text_width(name) < spec["padding"]["left"] for name in names[:2])
    assert spec["width"] > width / 2
    assert shortened("short", 100) == "short"


def test_the_title_of_a_picture_is_broken_into_lines_that_fit():
    names = ", ".join(["Bosnia and Herzegovina", "Papua New Guinea", "United Arab Emirates", "Solomon Islands"] * 2)
    plain = base(580, 300, f"Articles per week: {names}", {"left": 40, "right": 100, "top": 12, "bottom": 24}) | {
        "layer": []
    }
    found = titled(plain, "", SimpleNamespace(data_through=None, vintage=1), 3)
    assert " ".join(found["title"]["text"]) == plain["description"]
    assert all(text_width(line, 15) < 720 for line in found["title"]["text"])
    assert found["padding"]["top"] > 12 + 18 * len(found["title"]["text"])


def test_a_sparkline_breaks_where_nothing_was_seen():
    spark = sparkline([1, 2, None, 3, None, 4, 5])
    assert spark.path.count("M") == 3
    assert "h.1" in spark.path
    assert sparkline([0, 0, 0]).y == 20
    assert not sparkline([None, None]).has_end


@pytest.mark.parametrize("spec", [world(COUNTRIES, "Map")], ids=["map"])
def test_altair_accepts_the_specification(spec):
    altair.Chart.from_dict(with_colours(spec, LIGHT)).to_dict()


# --- colours


def linear(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(a, b):
    high, low = sorted((luminance(linear(a)), luminance(linear(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, full severity
BLIND = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def times(rows, vector):
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in rows]


def oklab(rgb):
    """Ottosson 2020."""
    return times(TO_LAB, [max(0.0, c) ** (1 / 3) for c in times(TO_LMS, [max(0.0, c) for c in rgb])])


def seen(colour, matrix_):
    return oklab(times(matrix_, linear(colour)))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_lines_can_be_told_apart(palette, kind):
    """A distance of .06 in OKLab is about three just noticeable differences; direct labels carry the rest."""
    for a, b in combinations(LINES, 2):
        one, other = (seen(palette[c], BLIND[kind]) for c in (a, b))
        distance = sum((x - y) ** 2 for x, y in zip(one, other, strict=True)) ** 0.5
        assert distance > 0.06, f"{a} and {b} look alike: {distance:.3f}"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out_from_the_card(palette):
    for name in (*LINES, "ink", "muted", "warn", "good"):
        assert contrast(palette[name], palette["card"]) >= 4.5, name
    for shade in (*SHADE.values(), "axis"):  # what is drawn, and the border of a field
        assert contrast(palette[shade], palette["card"]) >= 3, shade


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_counts_can_be_read_on_every_shade(palette):
    for shade in ("m0", "m1", "m2", "m3"):
        assert contrast(palette["on1"], palette[shade]) >= 4.5, shade
    for shade in ("m4", "m5"):
        assert contrast(palette["on2"], palette[shade]) >= 4.5, shade


def test_the_style_sheet_has_the_same_colours():
    text = STYLE.read_text("utf-8")
    blocks = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r"\{([^{}]*--c1:[^{}]*)\}", text)
    ]
    assert len(blocks) == 3
    for block, palette in zip(blocks, [LIGHT, DARK, DARK], strict=True):
        assert {k: block[k] for k in palette} == dict(palette)


# --- drawings


def test_a_drawing_names_no_other_host_and_its_links_are_ours():
    svg = draw(world(COUNTRIES, 'A "map" & more'), "svg").decode()
    assert 'href="~/entity/SGP"' in svg
    assert 'role="group" aria-label="A &quot;map&quot; &amp; more"' in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {"http://www.w3.org/2000/svg"}
    assert "style=" not in svg
    assert "font-family" not in svg
    assert 'href="/base/entity/SGP"' in rooted(svg, "/base")


def test_hostile_labels_stay_text():
    hostile = COUNTRIES.with_columns(
        pl.lit('"><script>alert(1)</script>').alias("label"), pl.lit("~/x\"onload='y").alias("href")
    )
    svg = draw(world(hostile, "<b>"), "svg").decode()
    assert "<script" not in svg
    assert "<b>" not in svg
    assert not re.search(r"<[^>]*\sonload=", svg)


def test_an_anchor_that_leads_nowhere_goes():
    svg = '<svg viewBox="0 0 1 1"><a xlink:href="https://elsewhere.example/"><path d="M0,0"/></a></svg>'
    assert "<a" not in tidy(svg, "t")


def test_a_refused_specification_is_an_error_with_a_reason():
    with pytest.raises(ValueError, match=r".+"):
        draw({"mark": "nonsense", "data": {"values": []}}, "svg")
