"""The service's flows: names, schedules, retries, limits and artifacts around the library. No logic here.

The library's working parts are imported in the tasks: the process that only serves the flows stays small.
Prefect reads its settings once, when it is imported; what the service or the operator has set stays.
"""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from monitor.config import load_settings
from monitor.schedules import load_schedules
from monitor.supervise.programs import prefect_environment

_settings = prefect_environment(load_settings())
if "PREFECT_API_URL" not in os.environ:  # started by hand: a temporary server with a home of its own
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL", "PREFECT_SERVER_API_PORT"):
        del _settings[name]
    _settings["PREFECT_HOME"] += "-by-hand"
    Path(_settings["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
for name, value in _settings.items():
    os.environ.setdefault(name, value)

logging.getLogger("monitor").setLevel(logging.INFO)  # the library's lines are part of a run's log

LIMITS = {s.flow: s.time_limit.total_seconds() for s in load_schedules(load_settings()) if s.time_limit}


def utc_now() -> datetime:
    """The wall clock, handed down to the library."""
    return datetime.now(UTC)
