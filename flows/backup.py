"""Daily: a copy of the warehouse that was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow, task

from flows import LIMITS, utc_now
from flows.naming import dated
from flows.show import alive, markdown
from flows.waiting import WAITS, waits_for_the_writer
from monitor.config import Settings, load_settings

if TYPE_CHECKING:
    from monitor.backup import Backup


@task(
    name="back up",
    retries=len(WAITS),
    retry_delay_seconds=WAITS,
    retry_jitter_factor=0.3,
    retry_condition_fn=waits_for_the_writer,
)
def back_up(settings: Settings) -> Backup:
    """Copy and open; waits for the writer to end."""
    from monitor import service

    return service.backup(settings, utc_now)


@flow(name="backup", flow_run_name=dated("backup"), timeout_seconds=LIMITS.get("backup"))
def backup_flow() -> str:
    """Copy the warehouse into the data folder's backups, open the copy, keep the last few."""
    settings = load_settings()
    with alive(settings):
        done = back_up(settings)
        markdown(f"`{done.path}`: {done.bytes / 1e6:.1f} MB, opened and whole", "backup", "The last backup")
    return str(done.path)
