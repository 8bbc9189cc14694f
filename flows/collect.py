"""The collection run as a Prefect flow: `python flows/collect.py` runs it once with a temporary server."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Before Prefect is imported: it reads these once. Nothing is reported home, and a busy machine may start slowly.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "monitor")

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from monitor.config import load_settings
from monitor.pipeline import RunReport, collect
from monitor.pipeline.report import feed_table, run_markdown, run_title
from monitor.pipeline.sources import load_feeds


def _now() -> datetime:
    return datetime.now(UTC)


@task(name="collect", retries=0)
def collect_once(options: dict[str, Any], all_: bool) -> RunReport:
    """The whole pipeline as one task: a task is a stage, never an article."""
    settings = load_settings(options)
    return collect(settings, load_feeds(settings, _now), _now, all_=all_)


@flow(name="collect", flow_run_name="collect-{data}")
def collect_flow(data: str | None = None, feeds: str | None = None, all_feeds: bool = False) -> dict[str, Any]:
    """Collect once and show what came of it."""
    report = collect_once({"data": Path(data) if data else None, "feeds": feeds}, all_feeds)
    create_markdown_artifact(run_markdown(report), key="run-summary", description=run_title(report))
    create_table_artifact(feed_table(report), key="failed-feeds", description="Feeds that failed in this run")
    return report.as_dict()


if __name__ == "__main__":
    collect_flow(*sys.argv[1:3])
