"""`monitor doctor`: what is wrong, and what to do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from monitor.cli.options import data_option, json_option, utc_now
from monitor.config import load_settings
from monitor.doctor import examine
from monitor.errors import MonitorError

MARKS = {"good": "ok", "note": "--", "odd": "??", "bad": "!!"}


@click.command()
@data_option
@json_option
def doctor(data: Path | None, as_json: bool) -> None:
    """Check the machine, the folder, the service, the archive with its published copy, feeds, backups and alarms.

    Exit code 1 when something does not work.
    """
    found = examine(load_settings({"data": data}), utc_now())
    if as_json:
        from monitor.cli import show

        show.as_json([asdict(f) for f in found])
    else:
        for finding in found:
            click.echo(f"{MARKS[finding.level]}  {finding.name:<12} {finding.said}")
            if finding.todo:
                click.echo(f"{'':<17}-> {finding.todo}")
    bad = [f.name for f in found if f.level == "bad"]
    if bad:
        raise MonitorError(f"{len(bad)} of {len(found)} checks are bad: {', '.join(bad)}")
