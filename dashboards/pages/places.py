"""The map and the matrix of pairs: where attention went, and who is named with whom."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboards import pinned
from dashboards.charts.classes import Classes
from dashboards.charts.matrix import matrix
from dashboards.charts.world import world
from dashboards.page import Asked, Figure, Page
from dashboards.pages.young import young
from dashboards.reading import WEEK, frame, rows
from dashboards.words import day

MAP_WEEKS, LONGEST = 13, 5200
MATRIX_NAMES, NARROW_NAMES, MOST_LIFTED, LEAST_ARTICLES = 13, 6, 14, 5
OVER = 1.05  # a lift that is worth calling more than chance


def whole_weeks(asked: Asked, weeks: int) -> tuple[date, date]:
    """The last whole weeks, first and last Monday; the week to date before any is over."""
    last = asked.copy.last_week or asked.copy.open_week or date(2000, 1, 3)
    return max(asked.copy.first_week or last, last - WEEK * (weeks - 1)), last


def places(asked: Asked) -> Page:
    """Articles by country over a quarter of a year."""
    if asked.copy.last_week is None:
        return young(asked, "map")
    # an address without weeks means a year in charts of weeks, but here all weeks are one colour
    weeks = {"52": MAP_WEEKS, "all": LONGEST}.get(asked.params.weeks) or int(asked.params.weeks)
    since, until = whole_weeks(asked, weeks)
    span = {"since": since, "until": until}
    counts = pinned.by_country(asked, **span) if asked.params.as_of else frame(asked.archive, "page_map", **span)
    drawn = counts.filter(pl.col("iso3").is_not_null()).with_columns(
        (pl.lit("~/entity/") + pl.col("entity_id")).alias("href"),
        pl.format("{}: {} articles", "name", "articles").alias("label"),
    )
    title = f"Articles by country, {day(since)} to {day(until + timedelta(days=6))}"
    legend = Classes.of(counts["articles"].to_list()).legend()
    note = f"articles from light to dark: {', '.join(text for _, text in legend)}"
    shown = counts.select("name", "articles").head(60)
    figure = Figure("map", title, counts, world(drawn, title), shown=shown, note=note)
    named = counts.filter(pl.col("articles") > 0)
    values = {
        "since": since, "until": until, "legend": legend, "here": "map",
        "named": named.height, "countries": counts.height, "top": named.head(12).to_dicts(),
        "ranges": {"4": "4 weeks", "52": "13 weeks", "26": "26 weeks", "104": "2 years"},
    }  # fmt: skip
    return Page("map.html", "Where attention went", values, [figure], pinned="all of it")


def pairs(asked: Asked) -> Page:
    """The most named, two by two, over a year."""
    if asked.copy.last_week is None:
        return young(asked, "pairs")
    since, until = whole_weeks(asked, 52)
    wanted = [n.entity_id for t in asked.params.entities if (n := asked.find(t))]
    usual = rows(asked.archive, "page_top", since=since, until=until, limit=MATRIX_NAMES)
    top = wanted if len(wanted) > 1 else [row["entity_id"] for row in usual]
    counts = frame(asked.archive, "page_matrix", entities=top, since=since, until=until)
    known = asked.copy.names
    names = pl.DataFrame(
        [{"entity_id": e, "name": known[e].shown, "short": known[e].short} for e in top],
        schema={"entity_id": pl.String, "name": pl.String, "short": pl.String},
    )
    drawn = [
        row | {
            "href": f"~/pair/{row['entity_a']}/{row['entity_b']}",
            "label": f"{known[row['entity_a']].shown} and {known[row['entity_b']].shown}: {row['articles']} articles",
        }
        for row in counts.to_dicts()
    ]  # fmt: skip
    schema = {"entity_a": pl.String, "entity_b": pl.String, "articles": pl.Int64, "href": pl.String, "label": pl.String}
    title = f"Articles that name both, {day(since)} to {day(until + timedelta(days=6))}"
    shown = pl.DataFrame(
        [
            {
                "One": known[r["entity_a"]].shown,
                "Other": known[r["entity_b"]].shown,
                "Articles": r["articles"],
                "Lift": round(r["lift"], 2),
            }
            for r in drawn
        ]
    )
    often = [r for r in counts.to_dicts() if r["articles"] >= LEAST_ARTICLES and r["lift"] > OVER]
    lifted = sorted(often, key=lambda r: -r["lift"])[:MOST_LIFTED]
    cells = pl.DataFrame(drawn, schema=schema)
    narrow = matrix(cells, names.head(NARROW_NAMES), title)
    figure = Figure("pairs", title, counts, matrix(cells, names, title), narrow, shown)
    return Page(
        "pairs.html", "Named together", {"lifted": lifted, "is_usual": top != wanted, "here": "pairs"}, [figure]
    )
