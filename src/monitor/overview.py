"""What an operator is shown of a run and of a week, as Markdown and rows: read from the published copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from monitor.pipeline.report import ledger, run_title
from monitor.pipeline.run import RunReport
from monitor.queries import Archive

_MOST_ROWS = 200


def feed_rows(archive: Archive) -> list[dict[str, str]]:
    """Feeds with status, new entries, failures and what to do; troubled ones first, at most 200."""
    rows = archive.named("run_feeds").head(_MOST_ROWS).to_dicts()
    return [
        {
            "feed": row["feed_id"],
            "status": row["status"],
            "new": str(row["new_entries"]),
            "failures": str(row["consecutive_failures"]),
            "what to do": row["advice"],
        }
        for row in rows
    ]


def failing(archive: Archive) -> tuple[int, int]:
    """Active feeds that failed at their last poll, and all active feeds."""
    failures = archive.named("run_feeds")["consecutive_failures"].fill_null(0)
    return int((failures > 0).sum()), len(failures)


def run_summary(report: RunReport, archive: Archive, page: str) -> str:
    """A run with its ledger, the top movers and where to look further."""
    lines = [f"## {run_title(report)}", "", ledger(report), "", f"{report.seconds:.1f} s", ""]
    if report.failures:
        lines += [
            f"{len(report.failures)} feeds failed; a tenth on any day is normal. The table of feeds says more.",
            "",
        ]
    return "\n".join(lines + _movers(archive) + _links(page))


def week_report(archive: Archive, page: str) -> tuple[date | None, str]:
    """The last week that is over, with names, changes and spikes; None when no week is over yet."""
    week = archive.last_week()
    if week is None:
        return None, "No week is over yet that was observed; the first report comes after one is.\n"
    top = archive.named("top", {"week": week.isoformat(), "limit": 20}).to_dicts()
    parts = [f"# Week of {week:%d %B %Y}", "", _seen(archive, week), "", "## Most named", ""]
    parts += _table(_COLUMNS, map(_top_row, top))
    spikes = [row for row in archive.named("spikes").to_dicts() if row["week"] == week]
    if spikes:
        parts += ["", "## Far more than usual", ""]
        parts += [f"- {r['name']}: {r['stories']} stories, {r['expected_stories']:.1f} expected" for r in spikes]
    return week, "\n".join([*parts, "", *_links(page)])


def _seen(archive: Archive, week: date) -> str:
    row = next((r for r in archive.weeks().to_dicts() if r["week"] == week), None)
    if row is None:
        return ""
    return f"{row['observed_articles']} articles; {row['sources_observed']} of {row['sources']} sources fully observed."


def _movers(archive: Archive) -> list[str]:
    """Names whose share changed beyond noise in the last whole week; before there is history, the most named ones."""
    rows = archive.named("top", {"limit": 200}).to_dicts()
    moved = [r for r in rows if (r["change8_low"] or 0) > 0 or (r["change8_high"] or 0) < 0]
    if moved:
        moved.sort(key=lambda r: -abs(r["change8"]))
        return ["### Top movers of the last whole week", "", *_table(_COLUMNS, map(_top_row, moved[:10])), ""]
    if not rows:
        return ["No whole week with articles yet.", ""]
    title = "### Most named in the last whole week (no change beyond noise)"
    return [title, "", *_table(_COLUMNS, map(_top_row, rows[:10])), ""]


_COLUMNS = ["name", "articles", "stories", "sources", "share", "change on eight weeks"]


def _top_row(row: Mapping[str, Any]) -> list[str]:
    change = row["change8"]
    span = "" if change is None else f" ({row['change8_low']:+.1%} to {row['change8_high']:+.1%})"
    shown = "not known yet" if change is None else f"{change:+.1%}{span}"
    share = "" if row["share"] is None else f"{row['share']:.1%}"
    return [row["name"], str(row["articles"]), str(row["stories"]), str(row["sources"]), share, shown]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return head + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def _links(page: str) -> list[str]:
    return [f"[Dashboard]({page})", ""]
