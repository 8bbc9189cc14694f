"""A run in words: the texts that the command line and the flows show."""

from __future__ import annotations

from monitor.pipeline.run import RunReport

_OUTCOMES = ("stored", "duplicate", "refused", "failed", "pending")


def run_title(report: RunReport) -> str:
    """One line: how many feeds answered and what was stored."""
    return f"{report.feeds_ok} of {report.feeds_due} feeds, {report.counts.get('articles', 0)} articles"


def ledger(report: RunReport) -> str:
    """Discovered = stored + duplicate + refused + failed + pending, with the figures."""
    parts = " + ".join(f"{report.counts.get(k, 0)} {k}" for k in _OUTCOMES)
    return f"{report.counts.get('discovered', 0)} new entries = {parts}"


def summary(report: RunReport, *, failures: bool = True) -> str:
    """A run in a few lines for a terminal."""
    counts = report.counts
    lines = [
        f"{report.feeds_ok} of {report.feeds_due} feeds that were due answered; {report.seconds:.1f} s",
        ledger(report),
        f"{counts.get('articles', 0)} articles and {counts.get('mentions', 0)} mentions stored",
        f"published {report.published}" if report.published else "nothing new to publish",
    ]
    if not failures:
        return "\n".join(lines)
    if report.failures:
        lines.append(f"{len(report.failures)} feeds failed (a tenth failing on any day is normal):")
        lines += [
            f"  {feed_id}: {status}{f' - {note}' if note else ''}" for feed_id, status, note in report.failures[:10]
        ]
    if len(report.failures) > 10:
        lines.append(f"  and {len(report.failures) - 10} more: monitor status")
    return "\n".join(lines)
