"""The week in one file: HTML without any request, a mail with text, HTML and picture, or plain text.

`python -m dashboards.report --data DIR --weeks N --out report.html|week.eml|week.txt [--watch SLUG]`
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from markupsafe import Markup

from dashboards import words
from dashboards.atom import examples
from dashboards.charts.style import Spec
from dashboards.movers import movers
from dashboards.page import Asked, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.overview import chosen_names
from dashboards.pages.standing import headline
from dashboards.pages.watching import standing, watched
from dashboards.params import Params
from dashboards.reading import Reader, read_copy, rows
from dashboards.renderer import draw
from dashboards.tidy import rooted
from dashboards.watch import read_events, read_watches
from dashboards.writing import HERE, environment, titled
from monitor.config import load_settings
from monitor.errors import DataFolderError, MonitorError, UsageError
from monitor.queries import open_archive
from monitor.queries import published_mark as stamp

ANCHOR = re.compile(r'<a href="~/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def week_of(asked: Asked, slug: str) -> Page:
    """What the report says, for all names or for those of a watchlist. Raises NotThereError."""
    week = asked.copy.last_week
    if week is None:
        raise NotThereError("nothing has been observed yet: there is no week to report")
    everyone = parts.ranking(asked, week, "", parts.EVERYONE)
    title, listed = "The week in mentions", [r for r in everyone[:15] if r["articles"]]
    if slug:
        watch, found, _ = watched(asked, slug)
        title, listed, everyone = f"The week: {watch.name}", standing(asked, found), standing(asked, found)
    moved = movers(everyone)
    names, _ = chosen_names(asked, everyone, moved)
    figure, _ = parts.trend_figure(asked, names, names[0])
    spikes = rows(asked.archive, "page_spikes", since=week, until=week, limit=10)
    spikes = [s for s in spikes if not slug or s["entity_id"] in {r["entity_id"] for r in everyone}]
    told = list(dict.fromkeys([names[0], *(r["entity_id"] for r in moved[:5])]))
    values: dict[str, Any] = {
        "week": week, "listed": listed, "movers": moved[:10], "moved_ids": {r["entity_id"] for r in moved},
        "names": names, "focus": asked.copy.names[names[0]],
        "sparks": parts.sparks(asked, [r["entity_id"] for r in (*listed, *moved[:10])], week),
        "spikes": [words.spike(s, asked.copy.names[s["entity_id"]].shown) for s in spikes],
        "sentences": [(asked.copy.names[e].shown, parts.evidence_rows(asked, e, week, week, 4)) for e in told],
        "quoted": {e: examples(asked, {"entity_id": e, "week": week}) for e in told},
        "seen": (seen := rows(asked.archive, "page_weeks", since=week, until=week)[0]),
        "partly_seen": words.unseen(seen),
        "cold": words.cold_start(asked.copy.complete_weeks, asked.copy.first_week),
        "headline": headline(asked, names[0], week, everyone),
    }  # fmt: skip
    return Page("report.html", title, values, [figure])


def as_html(page: Page, asked: Asked, url: str) -> str:
    """One file: style, charts and sentences inside; links lead to articles and, if there is one, the dashboard."""
    figure = page.figures[0]
    style = (HERE / "static" / "style.css").read_text("utf-8")
    return environment(url).get_template(page.template).render(
        page=page, title=page.title, copy=asked.copy, params=asked.params, url=url, style=Markup(style),
        wide=chart(figure.spec, url), narrow=chart(figure.narrow, url), now=asked.now, **page.values,
    )  # fmt: skip


def chart(spec: Spec | None, url: str) -> Markup:
    """The drawing; its points are links where there is a dashboard to link to, else their texts alone stay."""
    if spec is None:
        return Markup("")
    svg = draw(spec, "svg").decode()
    return Markup(
        rooted(svg, url) if url else ANCHOR.sub(lambda link: link[1] if "<text" in link[1] else "", svg)
    )  # Vega escapes


def as_text(page: Page, asked: Asked) -> str:
    """The same in plain text, seventy or so characters a line at most where it can be."""
    values = page.values
    lines = [page.title, "", values["headline"].text, *filter(None, [values["partly_seen"]]), ""]
    lines += [f"{'Name':28}{'Articles':>9}{'Share':>8}{'Usual':>8}"]
    lines += [_row(r, asked) for r in values["listed"]]
    if values["movers"]:
        lines += ["", "Changed beyond noise:"]
        lines += [
            f"  {asked.copy.names[r['entity_id']].shown}: {r['articles']}, usual {r['usual_articles']:.1f}"
            for r in values["movers"]
        ]
    lines += ["", *(s.text for s in values["spikes"])]
    for entity_id, quoted in values["quoted"].items():
        lines += ["", asked.copy.names[entity_id].shown, *(f"  {q}" for q in quoted)]
    return "\n".join([*lines, "", origin(asked), ""])


def _row(row: dict[str, Any], asked: Asked) -> str:
    usual = "·" if row["usual_articles"] is None else f"{row['usual_articles']:.1f}"
    name = asked.copy.names[row["entity_id"]].shown[:27]
    return f"{name:28}{words.number(row['articles']):>9}{words.percent(row['share']):>8}{usual:>8}"


def origin(asked: Asked) -> str:
    """Where the numbers come from, in one line."""
    state = asked.copy.state
    return (
        f"{state['sources']} sources, data through {asked.copy.data_through:%Y-%m-%d %H:%M} UTC,"
        f" copy {asked.copy.vintage}, tagger {state['tagger']}, gazetteer {state['gazetteer']}."
        " Counts are of this set of sources alone."
    )


def as_mail(page: Page, asked: Asked, url: str) -> bytes:
    """A mail without sender and receivers: text, and HTML with the chart as an attached picture."""
    message = EmailMessage()
    message["Subject"] = f"{page.title}, {page.values['week']}: {page.values['headline'].text[:90]}"
    message["Date"] = asked.now
    message.set_content(as_text(page, asked))
    html = (
        environment(url)
        .get_template("mail.html")
        .render(page=page, title=page.title, copy=asked.copy, url=url, origin=origin(asked), **page.values)
    )
    message.add_alternative(html, subtype="html")
    picture = titled(page.figures[0].spec or {}, page.figures[0].note, asked.copy, int(asked.copy.state["sources"]))
    body = message.get_payload()[1]  # type: ignore[index]  # text first, HTML second
    body.add_related(draw(picture, "png", 1.5), "image", "png", cid="<trend>")  # type: ignore[union-attr]
    return bytes(message)


def finished(page: Page, asked: Asked, suffix: str, url: str) -> bytes:
    """The bytes of a file that ends so."""
    if suffix == ".eml":
        return as_mail(page, asked, url)
    return (as_text(page, asked) if suffix == ".txt" else as_html(page, asked, url)).encode()


def write(args: argparse.Namespace, now: datetime) -> None:
    """Make the file that was asked for. Raises MonitorError."""
    place = load_settings({"data": Path(args.data)}).place
    archive = Reader(open_archive(place))
    copy = read_copy(archive, stamp(place))
    watches = tuple(read_watches(Path(args.watch_file)))
    asked = Asked(archive, copy, Params(weeks=str(args.weeks)), now, tuple(read_events(Path(args.events))), watches)
    try:
        page = week_of(asked, args.watch)
    except NotThereError as error:
        raise UsageError(str(error)) from None
    out, url = Path(args.out), args.url.rstrip("/")
    made = finished(page, asked, out.suffix, url)
    try:
        out.write_bytes(made)
    except OSError as error:
        raise DataFolderError(f"{out} cannot be written: {error.strerror}") from None


def main() -> int:
    """Read the options, write the file."""
    parser = argparse.ArgumentParser(prog="monitor report")
    parser.add_argument("--data", default="data")
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--out", required=True)
    parser.add_argument("--watch", default="")
    parser.add_argument("--watch-file", default="watch.toml")
    parser.add_argument("--events", default="events.csv")
    parser.add_argument("--url", default="")
    args = parser.parse_args()
    try:
        write(args, datetime.now(UTC))
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)  # noqa: T201  # the last word of a command
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
