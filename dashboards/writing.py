"""Pages written: HTML through templates, CSV, JSON and PNG of figures."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards import words
from dashboards.charts.style import LIGHT, Spec, with_colours
from dashboards.drawings import DrawingError, Drawings
from dashboards.page import Figure, Page
from dashboards.params import FORMS, LAST_PAGE, RANGES, SALIENCES
from dashboards.reading import Copy
from dashboards.tidy import rooted
from monitor.cells import to_csv

HERE = Path(__file__).parent
NOTHING = Markup("")
TITLE_SIZE = 15


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as a page shows it: the drawings among which the style sheet chooses, or why there are none."""

    wide: Markup = NOTHING
    middle: Markup = NOTHING
    narrow: Markup = NOTHING
    error: str = ""


def environment(root: str) -> Environment:
    """Templates with escaping on, for a dashboard that lives under `root`."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        root=root,
        asset=lambda name: asset(name, root),
        ranges=RANGES,
        saliences=SALIENCES,
        forms=FORMS,
        last_page=LAST_PAGE,
    )
    found.filters.update(
        cell=cell, day=words.day, moment=moment, moment_day=moment_day, percent=words.percent, signed=signed,
        number=words.number, ids=lambda names: tuple(n.entity_id for n in names), without=_without,
        **{"with": _with},
    )  # fmt: skip
    return found


def asset(name: str, root: str) -> str:
    """The address of a static file; it changes with its content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"{root}/static/{digest}/{name}"


def cell(value: object) -> str:
    """A table cell for a person."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return words.number(value) if abs(value) >= 10 else f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return words.day(value)
    return "·" if value is None else str(value)


def moment(value: datetime | None) -> str:
    """An instant in UTC."""
    return "never" if value is None else f"{value:%a} {value.day} {value:%b %Y %H:%M} UTC"


def moment_day(value: datetime | None) -> str:
    """The day of an instant."""
    return "undated" if value is None else f"{value:%a} {value.day} {value:%b %Y}"


def signed(value: float) -> str:
    """A difference of counts with its sign."""
    rounded = round(value)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "±0"


def _without(ids: tuple[str, ...], entity_id: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != entity_id)


def _with(query: str, name: str, value: str) -> str:
    return query + ("" if query.endswith("?") else "&") + urlencode({name: value})


def draw(figures: list[Figure], drawings: Drawings, root: str, only: str = "") -> dict[str, Drawn]:
    """Each figure's drawings, or `only` that of a width; a renderer that fails costs the chart, not the page."""
    found = {}
    for figure in figures:
        specs = {"wide": figure.spec, "middle": figure.middle, "narrow": figure.narrow}
        if only:
            specs = {"wide": specs[only] or figure.spec}
        try:
            found[figure.name] = Drawn(**{width: _markup(spec, drawings, root) for width, spec in specs.items()})
        except DrawingError as error:
            found[figure.name] = Drawn(error=str(error))
    return found


def _markup(spec: Spec | None, drawings: Drawings, root: str) -> Markup:
    # Vega escapes what it writes: names and labels reach the SVG as text
    return Markup(rooted(drawings.svg(spec), root)) if spec else NOTHING


def as_html(env: Environment, page: Page, drawn: Mapping[str, Drawn], shared: Mapping[str, Any], fragment: bool) -> str:
    """The page, or only what stands in its main part."""
    layout = "fragment.html" if fragment else "base.html"
    values = {"layout": layout, "page": page, "drawn": drawn, "title": page.title, **shared, **page.values}
    return env.get_template(page.template).render(values)


def as_csv(figure: Figure) -> str:
    """The figure's numbers; lists are joined by semicolons, and no cell can start a spreadsheet formula."""
    return to_csv(figure.table)


def as_json(page: Page, figures: list[Figure], copy: Copy) -> str:
    """The same numbers for a machine, with what they are."""
    document = {
        "title": page.title,
        "vintage": copy.vintage,
        "data_through": copy.data_through,
        "figures": {f.name: {"title": f.title, "rows": f.table.to_dicts()} for f in figures},
    }
    if (headline := page.values.get("headline")) is not None:
        document["headline"] = headline.text
    return json.dumps(document, default=str, ensure_ascii=False)


def as_png(figure: Figure, drawings: Drawings, copy: Copy, count: int) -> bytes:
    """The picture with its title, where the numbers come from and until when they reach. Raises DrawingError."""
    if figure.spec is None:
        raise DrawingError("this figure is a table only")
    return drawings.png(titled(figure.spec, figure.note, copy, count))


def titled(spec: Spec, note: str, copy: Copy, count: int) -> Spec:
    """A specification that can leave the page: real colours, a title, and a line on its origin."""
    through = f"{words.day(copy.data_through)}" if copy.data_through else "never"
    origin = f"{count} sources; data through {through}; copy {copy.vintage}"
    if any(layer.get("data", {}).get("name") == "band" for layer in spec["layer"]):
        note = "95 % bands are counting noise"
    if note:
        origin += f"; {note}"
    padding = spec["padding"]
    # a bold letter is 0.6 of its size wide, a little more than most titles need
    room = spec["width"] + padding["left"] + padding["right"]
    title = textwrap.wrap(spec["description"], int(room / (0.6 * TITLE_SIZE)))
    moved = {
        **spec,
        "background": "var(--card)",
        "padding": {**padding, "top": padding["top"] + 40 + 18 * len(title), "left": padding["left"] + 10,
                    "right": padding["right"] + 10, "bottom": padding["bottom"] + 12},
        "title": {
            "text": title, "subtitle": origin, "anchor": "start", "frame": "bounds", "fontSize": TITLE_SIZE,
            "color": "var(--ink)", "subtitleColor": "var(--muted)", "offset": 14,
        },
    }  # fmt: skip
    resolved: Spec = with_colours(moved, LIGHT)
    return resolved
