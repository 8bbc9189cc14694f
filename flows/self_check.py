"""A flow that does nothing: that it runs shows that schedules work."""

from prefect import flow, get_run_logger

from flows import utc_now
from flows.naming import dated


@flow(name="self-check", flow_run_name=dated("self-check"), timeout_seconds=60)
def self_check_flow() -> None:
    """Say that a scheduled run started. The service looks for such a run after each start, and daily."""
    get_run_logger().info("a scheduled run started at %s", utc_now().isoformat(timespec="seconds"))
