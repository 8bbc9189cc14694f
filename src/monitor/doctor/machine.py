"""The machine and the installation."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from monitor.config import Settings
from monitor.doctor.finding import Finding
from monitor.duckfile import is_duckdb
from monitor.notify import read_facts
from monitor.supervise.server import PrefectServer

# what is known to work together: from .. to (not included); a server with sqlalchemy 2.1 looks healthy and schedules
# nothing, with fastapi 0.155 a flow without a server dies, DuckDB files of 2.0 cannot be read by 1.5
PINS = {
    "prefect": ("3.8.8", "3.8.9"),
    "fastapi": ("0", "0.151"),
    "sqlalchemy": ("2", "2.1"),
    "duckdb": ("1.5.5", "1.5.6"),
}


READERS = "Readers are fine: query, trends, report, dashboard"


def numbers(text: str) -> tuple[int, ...]:
    """1.10.2rc1 as (1, 10, 2): enough to compare releases."""
    return tuple(int(n) for n in re.findall(r"\d+", text.split("+")[0])[:3])


def versions(_settings: Settings, _now: datetime) -> Finding:
    """Installed versions against those that are known to work together."""
    wrong, missing, found = [], [], []
    for package, (least, below) in PINS.items():
        try:
            have = version(package)
        except PackageNotFoundError:
            missing.append(package)
            continue
        found.append(f"{package} {have}")
        if not numbers(least) <= numbers(have) < numbers(below):
            wrong.append(f"{package} {have} (known to work: {least} up to below {below})")
    if wrong:
        return Finding(
            "bad", "; ".join(wrong), "Install the versions of requirements.lock: rm .venv/.ready; make setup"
        )
    if missing:
        bad = "duckdb" in missing
        return Finding(
            "bad" if bad else "note", f"not installed: {', '.join(missing)}", "The service needs: make setup"
        )
    return Finding("good", ", ".join(found))


def data_folder(settings: Settings, _now: datetime) -> Finding:
    """Whether the data folder is there and can be written."""
    data = settings.data
    if not data.exists():
        return Finding("note", f"{data} does not exist yet", "The first run makes it: monitor run")
    if not os.access(data, os.W_OK | os.X_OK):
        return Finding(
            "bad", f"{data} cannot be written by this user", f"{READERS}; to write, be its owner, or chown it"
        )
    warehouse = data / "warehouse.duckdb"
    if warehouse.exists() and warehouse.stat().st_size and not is_duckdb(warehouse):
        todo = "Move it away and put the last backup in its place (docs/operate.md); published copies may be whole"
        return Finding("bad", f"{warehouse} is no DuckDB database", todo)
    return Finding("good", f"{data.resolve()}, {sum(_sizes(data)) / 1e6:,.0f} MB")


def disk(settings: Settings, _now: datetime) -> Finding:
    """Free space, against the alarm's threshold and what the next publish needs."""
    free = shutil.disk_usage(_existing(settings.data)).free
    warehouse = settings.data / "warehouse.duckdb"
    need = 2 * warehouse.stat().st_size if warehouse.exists() else 0
    said = f"{free / 1e9:.1f} GB free"
    if free < need or free / 1e9 < settings.alarm_free_gb:
        large = ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in _folders(settings.data))
        return Finding("bad", said, f"Make room; in the data folder: {large}" if large else "Make room")
    return Finding("good", said)


def clock(settings: Settings, now: datetime) -> Finding:
    """A clock that went back would give fetches and runs times that are not true."""
    facts = read_facts(settings.data)
    files = [p for p in (settings.data / "warehouse.duckdb", settings.data / "monitor.duckdb") if p.exists()]
    newest = max((datetime.fromtimestamp(p.stat().st_mtime, now.tzinfo) for p in files), default=None)
    latest = max((t for t in (newest, facts.at if facts else None) if t), default=None)
    if latest is not None and now < latest - timedelta(seconds=60):
        said = f"it is {now:%Y-%m-%d %H:%M} UTC here, but the data were written at {latest:%Y-%m-%d %H:%M}"
        return Finding("bad", said, "Set the clock (timedatectl set-ntp true) before the next run")
    return Finding("good", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def ports(settings: Settings, _now: datetime) -> Finding:
    """Whether the service's ports are free, or its own."""
    taken = [port for port in (settings.prefect_port, settings.dashboard_port) if _answers(port)]
    if settings.prefect_port in taken and not PrefectServer(_api(settings), timeout=2).healthy():
        said = f"port {settings.prefect_port} is taken by something that is no Prefect server"
        return Finding("bad", said, "End it, or set prefect_port")
    if not taken:
        return Finding("good", f"{settings.prefect_port} and {settings.dashboard_port} are free: the service is not up")
    return Finding("good", f"{', '.join(map(str, taken))} in use")


def lock(settings: Settings, _now: datetime) -> Finding:
    """Who writes to the warehouse now."""
    path = settings.data / "warehouse.lock"
    if not path.exists():
        return Finding("good", "no writer yet")
    may_write = os.access(path, os.W_OK)
    if not may_write and not os.access(path, os.R_OK):
        return Finding("note", "this user may not read it", READERS)
    with path.open("r+" if may_write else "r") as file:
        try:  # who may only read can take a shared lock alone, which a writer's keeps out as well
            fcntl.lockf(file, (fcntl.LOCK_EX if may_write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return Finding("note", f"held by {file.read().strip() or 'another writer'}", "Normal while a run goes on")
    return Finding("good", "free") if may_write else Finding("note", "free, but this user may not take it", READERS)


def _api(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.prefect_port}/api"


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _existing(path: Path) -> Path:
    return next(p for p in (path.resolve(), *path.resolve().parents) if p.exists())


def _sizes(folder: Path) -> list[int]:
    return [p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]


def _folders(data: Path) -> list[tuple[str, int]]:
    found = [(p.name, sum(_sizes(p))) for p in data.iterdir() if p.is_dir()] if data.exists() else []
    return sorted(found, key=lambda item: -item[1])
