"""On demand: the archive is tagged again with today's gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from prefect import flow, task

from flows import LIMITS, utc_now
from flows.naming import dated
from flows.show import Bar, alive, markdown, table
from flows.waiting import WAITS, waits_for_the_writer
from monitor.config import Settings, load_settings

if TYPE_CHECKING:
    from monitor import service

Then = Literal["switch and publish", "only compare"]


@task(
    name="tag again",
    retries=len(WAITS),
    retry_delay_seconds=WAITS,
    retry_jitter_factor=0.3,
    retry_condition_fn=waits_for_the_writer,
)
def tag_again(settings: Settings, then: Then) -> service.Retagged:
    """Tag beside the old version in batches; one that was stopped goes on where it was."""
    from monitor import service

    bar = Bar("retag-progress")
    done = service.retag(settings, utc_now, switch=then == "switch and publish", progress=bar)
    bar.set(100.0, done.summary)
    return done


@flow(name="retag", flow_run_name=dated("retag"), timeout_seconds=LIMITS.get("retag"))
def retag_flow(then: Then = "only compare", workers: int = 0) -> str:
    """Tag the whole archive again with today's gazetteer and show what differs.

    Args:
        then: Only compare, and leave the new version beside the one in use; or switch to it and publish.
        workers: Worker processes; 0 is one for each core.
    """
    settings = load_settings({"workers": workers})
    with alive(settings):
        done = tag_again(settings, then)
        markdown(done.summary, "retag-summary", "What tagging again changed")
        table(done.rows, "retag-differences", "Counts that differ most, by entity, week and alias")
    return done.summary
