"""`monitor dashboard`: starts the pages, which live beside the package in the checkout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

import monitor
from monitor.cli.listen import need_free
from monitor.cli.options import data_option
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.supervise.programs import missing

INTERRUPTED = {0, -signal.SIGINT, -signal.SIGTERM, 130, 143}


@click.command()
@data_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: the setting dashboard_port).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--web-workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--base-path", default="", help="Path under which a reverse proxy shows it.")
@click.option("--proxy", default="127.0.0.1", show_default=True, help="Proxies whose forwarded headers are believed.")
@click.option("--allow-host", multiple=True, help="Name that requests may come for, behind a proxy; repeatable.")
@click.option("--user", default="monitor", show_default=True, help="Login; MONITOR_DASHBOARD_PASSWORD turns it on.")
@click.option("--watch-file", default="watch.toml", show_default=True, help="Watchlists.")
# its old name: in `monitor report` it is one of the watchlists
@click.option("--watch", "watch_file", default="watch.toml", hidden=True)
@click.option("--events", default="events.csv", show_default=True, help="Dates to mark on charts.")
def dashboard(data: Path | None, port: int | None, web_workers: int, **options: str | tuple[str, ...]) -> None:
    """Serve the dashboard of the published copy until Ctrl-C."""
    settings = load_settings({"data": data})
    command = [
        "--data",
        str(settings.data),
        "--port",
        str(port or settings.dashboard_port),
        "--workers",
        str(web_workers),
    ]
    for name, value in options.items():
        for one in (value,) if isinstance(value, str) else value:
            command += [f"--{name.replace('_', '-')}", one]
    need_free(str(options["host"]), port or settings.dashboard_port, "the dashboard", "--port")
    address = f"http://{options['host']}:{port or settings.dashboard_port}{options['base_path']}/"
    click.echo(f"dashboard: {address} (Ctrl-C stops it)")
    code = run_module("dashboards", command)
    if code not in INTERRUPTED:
        sys.exit(code)


def run_module(module: str, arguments: list[str]) -> int:
    """Run a module of the checkout as a process of its own; a signal to us is passed on. Raises UsageError."""
    root = Path(monitor.__file__).resolve().parents[2]
    if not (root / "dashboards" / "app.py").exists():
        raise UsageError("this command needs the checkout with its dashboards/: git clone it, `make dashboard`")
    if lack := missing("dashboard"):
        raise UsageError(lack)
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], env={**os.environ, "PYTHONPATH": path})
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
        if process.poll() is None:
            process.terminate()
            process.wait()
