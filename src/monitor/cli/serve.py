"""`monitor serve`: the service, supervised."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

import monitor
from monitor.cli.listen import need_free
from monitor.cli.options import collect_options, utc_now
from monitor.config import Settings, load_settings
from monitor.errors import DataFolderError, LockedError, MonitorError, UsageError
from monitor.feeds_file import read_feeds, read_text
from monitor.notify import check_ways
from monitor.schedules import load_schedules
from monitor.store.lock import WriterLock
from monitor.supervise import Program, Supervisor, Watch, programs
from monitor.supervise.programs import NAMES, checkout, missing
from monitor.supervise.server import PrefectServer


@click.command()
@collect_options
@click.option("--schedules", type=click.Path(path_type=Path), help="Schedules file (default: schedules.toml here).")
@click.option("--part", type=click.Choice(NAMES), multiple=True, help="Only this process, for systemd; repeatable.")
def serve(
    data: Path | None,
    feeds: str | None,
    workers: int | None,
    allow_network: tuple[str, ...],
    schedules: Path | None,
    part: tuple[str, ...],
) -> None:
    """Run the service: Prefect server, scheduled flows and dashboard, restarted when they die.

    Ctrl-C or SIGTERM stops all within 15 seconds. Everything listens on loopback only.
    """
    given = {"data": data, "feeds": feeds, "workers": workers, "allow_network": allow_network, "schedules": schedules}
    settings = load_settings(given)
    logging.basicConfig(level="INFO", format="%(asctime)s serve | %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    offered = programs(settings, checkout(Path(monitor.__file__)), _environment(given))
    wanted = _installed([p for p in offered if not part or p.name in part], part)
    _check(settings, wanted)
    supervisor = Supervisor(os.environ)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stop())
    with _alone(settings.data, wanted):
        _serve(supervisor, wanted, settings)
    if supervisor.failure:
        raise MonitorError(supervisor.failure)


def _serve(supervisor: Supervisor, wanted: list[Program], settings: Settings) -> None:
    """Start the programs and the watch over them, and stay until told to stop."""
    api = f"http://127.0.0.1:{settings.prefect_port}/api"
    watch = Watch(PrefectServer(api), settings, utc_now, supervisor.stop, supervisor.restart)
    for program in wanted:
        supervisor.add(program, watch.clear if program.name == "flows" else None)
        if program.address:
            click.echo(f"{program.name:<9} | {program.address}")
    watched = any(p.name == "flows" for p in wanted)
    if watched:
        watch.start()
    supervisor.run(watch.farewell if watched else None)
    click.echo("stopped")


@contextmanager
def _alone(data: Path, wanted: list[Program]) -> Iterator[None]:
    """Hold the locks of these processes: two servers or flows of one folder spoil each other's runs."""
    locks = [WriterLock(data / "prefect" / f"{p.name}.lock") for p in wanted if p.name != "dashboard"]
    try:
        for lock in locks:
            lock.acquire()
        yield
    except LockedError as error:
        raise UsageError(f"a service of this folder is running already ({error}): end it first") from None
    finally:
        for lock in locks:
            lock.release()


def _environment(given: Mapping[str, object]) -> dict[str, str]:
    """Options as settings for the processes; paths absolute."""
    found = {}
    for name, value in given.items():
        if value is None or value == ():
            continue
        plain = value.resolve() if isinstance(value, Path) else value
        found[f"MONITOR_{name.upper()}"] = ",".join(plain) if isinstance(plain, tuple) else str(plain)
    return found


def _installed(wanted: list[Program], part: tuple[str, ...]) -> list[Program]:
    """Those that can run: without the dashboard's packages the rest of the service still works. Raises UsageError."""
    lacking = {p.name: lack for p in wanted if (lack := missing(p.name))}
    for name, lack in lacking.items():
        if name != "dashboard" or part:
            raise UsageError(lack)
        click.echo(f"no dashboard: {lack}")
    return [p for p in wanted if p.name not in lacking]


def _check(settings: Settings, wanted: list[Program]) -> None:
    """Find what would make the service fail over and over, and say it once. Raises UsageError, DataFolderError."""
    if not wanted:
        raise UsageError("there is no dashboards/app.py in this checkout, so no dashboard to serve")
    load_schedules(settings)
    check_ways(settings)
    _check_feeds(settings.feeds or "feeds.toml", wanted=settings.feeds is not None)
    try:
        (settings.data / "prefect").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(f"{settings.data} cannot be made: {error.strerror}") from None
    if not os.access(settings.data, os.W_OK):
        raise DataFolderError(f"{settings.data} cannot be written by this user")
    _check_ports(settings, wanted)


def _check_ports(settings: Settings, wanted: list[Program]) -> None:
    ports = {"server": settings.prefect_port, "dashboard": settings.dashboard_port}
    if settings.prefect_port == settings.dashboard_port:
        raise UsageError(f"prefect_port and dashboard_port are both {settings.prefect_port}: give each its own")
    for program in wanted:
        if program.name in ports:
            name = "PREFECT" if program.name == "server" else "DASHBOARD"
            need_free("127.0.0.1", ports[program.name], "the service", f"MONITOR_{name}_PORT=...")


def _check_feeds(name: str, *, wanted: bool) -> None:
    """Read a feeds file once; an address is left to the runs. Raises FeedsFileError."""
    path = Path(name)
    if name.startswith(("http://", "https://")) or not (wanted or path.exists()):
        return
    read_feeds(read_text(path), name)
