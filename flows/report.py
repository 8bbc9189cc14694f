"""Monday morning: the report of the week that is over."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task

from flows import LIMITS
from flows.naming import dated
from flows.show import alive, markdown
from monitor.config import Settings, load_settings


@task(name="write report", retries=1, retry_delay_seconds=30)
def write_report(settings: Settings) -> tuple[str, list[Path]]:
    """As text, and as a file in the data folder's reports once a week is over."""
    from monitor import service

    text, path = service.write_week_report(settings)
    return text, [path] if path else []


@task(name="draw report", retries=1, retry_delay_seconds=30)
def draw_report(settings: Settings, report: Path) -> Path:
    """The same week with charts in one HTML file."""
    from monitor import service

    return service.write_week_page(settings, report)


@flow(name="report", flow_run_name=dated("report"), timeout_seconds=LIMITS.get("report"))
def report_flow() -> list[str]:
    """The names of the last whole week, what changed beyond noise, and what stood out."""
    settings = load_settings()
    with alive(settings):
        text, reports = write_report(settings)
        markdown(text, "week-report", "The last whole week")
        return [str(draw_report(settings, report)) for report in reports]
