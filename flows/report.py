"""Monday morning: the report of the week that is over."""

from __future__ import annotations

from prefect import flow, task

from flows import LIMITS
from flows.naming import dated
from flows.show import alive, markdown
from monitor import service
from monitor.config import Settings, load_settings


@task(name="write report", retries=1, retry_delay_seconds=30)
def write_report(settings: Settings) -> str:
    """Also a file in the data folder's reports."""
    text, _ = service.write_week_report(settings)
    return text


@flow(name="report", flow_run_name=dated("report"), timeout_seconds=LIMITS.get("report"))
def report_flow() -> None:
    """The names of the last full week, what changed beyond noise, and what stood out."""
    settings = load_settings()
    with alive(settings):
        markdown(write_report(settings), "week-report", "The last full week")
