"""Daily: the Prefect server forgets runs with their logs when they are older than the settings say."""

from __future__ import annotations

from datetime import timedelta

from prefect import flow, get_run_logger, task
from prefect.settings import get_current_settings
from prefect.tasks import exponential_backoff

from flows import LIMITS, utc_now
from flows.naming import dated
from flows.show import alive
from monitor.config import Settings, load_settings
from monitor.supervise.server import PrefectServer


@task(name="forget", retries=3, retry_delay_seconds=exponential_backoff(10), retry_jitter_factor=0.5)
def forget(settings: Settings) -> int:
    """Delete old runs in small batches; what hangs on them the server's own sweep takes within a day."""
    server = PrefectServer(str(get_current_settings().api.url), timeout=60)
    return server.forget(utc_now() - timedelta(days=settings.keep_runs_days))


@flow(name="retention", flow_run_name=dated("retention"), timeout_seconds=LIMITS.get("retention"))
def retention_flow() -> int:
    """Forget runs that ended more than `keep_runs_days` days ago."""
    settings = load_settings()
    with alive(settings):
        gone = forget(settings)
    get_run_logger().info("%d runs forgotten, older than %d days", gone, settings.keep_runs_days)
    return gone
