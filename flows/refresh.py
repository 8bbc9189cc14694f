"""Nightly: all marts anew, all checks, publish."""

from __future__ import annotations

from prefect import flow, task

from flows import LIMITS, utc_now
from flows.naming import dated
from flows.show import alive
from flows.waiting import WAITS, waits_for_the_writer
from monitor.config import Settings, load_settings


@task(
    name="rebuild",
    retries=len(WAITS),
    retry_delay_seconds=WAITS,
    retry_jitter_factor=0.3,
    retry_condition_fn=waits_for_the_writer,
)
def rebuild(settings: Settings) -> str:
    """Build, check, publish; waits for another writer to end."""
    from monitor import service

    return str(service.rebuild(settings, utc_now) or "")


@task(
    name="prune",
    retries=len(WAITS),
    retry_delay_seconds=WAITS,
    retry_jitter_factor=0.3,
    retry_condition_fn=waits_for_the_writer,
)
def prune(settings: Settings) -> str:
    """Drop what replaced gazetteer versions had tagged."""
    from monitor import service

    return str(service.forget_replaced(settings, utc_now) or "")


@flow(name="refresh", flow_run_name=dated("refresh"), timeout_seconds=LIMITS.get("refresh"))
def refresh_flow() -> str:
    """Build all marts from the base tables, run the data checks, publish, and prune replaced versions of mentions."""
    settings = load_settings()
    with alive(settings):
        rebuilt = rebuild(settings)
        return prune(settings) or rebuilt
