"""The three processes of the service: their commands and environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from monitor.config import Settings
from monitor.errors import UsageError

NAMES = ("server", "flows", "dashboard")
NEEDS = {
    "server": ("prefect",),
    "flows": ("prefect",),
    "dashboard": ("starlette", "uvicorn", "jinja2", "vl_convert"),
}
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep alive. `health` is an address that answers while it works; `address` is for people.

    An exit code of `hopeless` says that starting it again will not help.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    health: str | None = None
    address: str | None = None
    hopeless: int | None = None


def prefect_environment(settings: Settings) -> dict[str, str]:
    """How Prefect is set up: at home in the data folder, on loopback, reporting to nobody, forgetting old runs."""
    server = f"http://127.0.0.1:{settings.prefect_port}"
    return {
        "PREFECT_HOME": str((settings.data / "prefect").resolve()),
        "PREFECT_API_URL": f"{server}/api",
        "PREFECT_UI_URL": server,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # slots of the concurrency limit must outlive a killed server
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings.keep_runs_days * _DAY),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
        "PREFECT_RUNNER_POLL_FREQUENCY": "5",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "monitor",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        # client and server are of one installation on one machine: each process would ask three times in vain
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_CLI_COLORS": "false",
    }


def checkout(package: Path) -> Path:
    """The checkout that the package `monitor` at this path runs from. Raises UsageError when it is installed alone."""
    root = package.resolve().parents[2]
    if not (root / "flows" / "serve.py").exists():
        raise UsageError("this command needs the checkout with its flows/ and dashboards/: git clone it, `make serve`")
    return root


def missing(name: str) -> str | None:
    """What a program lacks, in words; None when all packages that it needs are installed."""
    lacks = [package for package in NEEDS[name] if find_spec(package) is None]
    return f"{name} needs {', '.join(lacks)}, not installed here: make setup" if lacks else None


def programs(settings: Settings, root: Path, options: Mapping[str, str]) -> list[Program]:
    """The processes of the service in the order of their start; `options` are MONITOR_* settings given by hand."""
    python = sys.executable
    # glibc keeps an arena for each thread otherwise: a tenth of a run's memory
    common = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}
    path = os.pathsep.join((str(root), str(root / "src")))  # the flows of this checkout, and its own library
    shared = {**common, "MONITOR_DATA": str(settings.data.resolve()), **options}
    prefect = {**common, **prefect_environment(settings)}
    # each schedule that is read has all time zones listed: one file of the package tzdata, 3 ms in a system's folders
    own = prefect | ({"PYTHONTZPATH": ""} if find_spec("tzdata") else {})
    server = f"http://127.0.0.1:{settings.prefect_port}"
    found = [
        Program("server", (python, "-m", "prefect", "server", "start"), own, f"{server}/api/health", server),
        Program("flows", (python, "-m", "flows.serve"), {**prefect, **shared, "PYTHONPATH": path}, hopeless=2),
    ]
    if all((root / part).exists() for part in ("dashboards/app.py", "src/monitor/cli/dashboard.py")):
        public = urlsplit(settings.dashboard_url)
        base = public.path.rstrip("/")
        page = f"http://127.0.0.1:{settings.dashboard_port}{base}/"
        behind = ("--allow-host", public.hostname, "--base-path", base) if public.hostname else ()
        command = (python, "-c", "from monitor.cli import main; main()", "dashboard", *behind)
        found.append(Program("dashboard", command, shared, f"{page}healthz", page))
    return found
