"""The chart of a bloc, a pair or a source: its four-week mean is what the trend chart's is."""

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from dashboards.charts.lines import LONG
from dashboards.pages.lone import lone_figure
from dashboards.pages.parts import with_earlier
from dashboards.series import MEAN_WEEKS

SINCE = date(2025, 1, 6)
DRAWN = LONG + 1


def asked():
    until = SINCE + timedelta(weeks=DRAWN - 1)
    copy = SimpleNamespace(span=lambda _weeks, _until=None: (SINCE, until))
    return SimpleNamespace(copy=copy, params=SimpleNamespace(weeks="all", until=None), events=[])


def weeks(**columns):
    """A row for each week from the one that `with_earlier` asks for; a column repeats its last value."""
    rows = []
    for n in range(DRAWN + MEAN_WEEKS - 1):
        row = {"week": with_earlier(SINCE) + timedelta(weeks=n), "state": "observed", "is_open": False}
        rows.append(row | {name: values[min(n, len(values) - 1)] for name, values in columns.items()})
    return pl.DataFrame(rows)


def drawn(figure):
    layer = next(part for part in figure.spec["layer"] if part.get("data", {}).get("name") == "line-any")
    return [row["value"] for row in layer["data"]["values"]]


def figure_of(counts, column):
    return lone_figure(asked(), "A title", counts, column, "any", "~/bloc/x?week={week}")


def test_the_first_drawn_weeks_have_those_before_them_in_their_mean():
    figure = figure_of(weeks(articles=[8, 4, 4, 0, 4], observed_articles=[10]), "articles")
    assert drawn(figure)[:3] == [4.0, 3.0, 3.0]
    assert figure.table["week"][0] == SINCE
    assert figure.table.height == DRAWN


def test_the_mean_of_shares_weighs_each_week_by_its_articles():
    articles, observed = [9, 0, 0, 0], [90, 10, 10, 10]
    share = [a / o for a, o in zip(articles, observed, strict=True)]
    counts = weeks(articles=articles, observed_articles=observed, share=share, share_low=[0.0], share_high=[1.0])
    assert drawn(figure_of(counts, "share"))[0] == pytest.approx(9 / 120)


def test_a_week_that_nobody_saw_is_left_out_of_the_mean():
    counts = weeks(articles=[None, 4, 4, 1], observed_articles=[0, 10])
    assert drawn(figure_of(counts, "articles"))[0] == pytest.approx(3.0)
    of_a_source = weeks(observed_articles=[0, 8], state=["unobserved", "observed"])
    assert drawn(figure_of(of_a_source, "observed_articles"))[0] == pytest.approx(8.0)
