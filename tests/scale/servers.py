"""The real parts, on loopback and started here: PostgreSQL, an S3 store, a Dask scheduler with workers."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from monitor.records import Place

REQUIRED = os.environ.get("MONITOR_REQUIRE_SCALE") == "1"
BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
ADVICE = (ROOT / "docs/operate.md").read_text("utf-8")
DASK_SETTINGS = dict(re.findall(r"^ +export (DASK_\w+)=(\S+)", ADVICE, re.MULTILINE))


def need(found: object, what: str) -> None:
    if not found and REQUIRED:
        pytest.fail(f"MONITOR_REQUIRE_SCALE=1 and {what} is missing")
    if not found:
        pytest.skip(f"{what} is missing: install it to run this test")


def postgres_bin() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    found = shutil.which("pg_ctl")
    return next((f for f in folders if (f / "initdb").exists()), Path(found).resolve().parent if found else None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Postgres:
    """A server of its own in a temporary folder; as root it runs as nobody, because PostgreSQL refuses root."""

    folder: Path
    bin: Path
    port: int = field(default_factory=free_port)
    count: int = 0

    def _run(self, program: str, *arguments: str) -> None:
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        command = [str(self.bin / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **user)
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self) -> None:
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        self._run("initdb", "-D", str(self.data), "-U", "monitor", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-D", str(self.data), "-o", options, "-w", "-t", "60", "-l", f"{self.data}/log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """As a crash would: the postmaster and so, by their own doing, its children."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def database(self) -> str:
        """A fresh catalogue, as the setting names it."""
        self.count += 1
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "monitor", f"lake{self.count}")
        return f"ducklake:postgres:dbname=lake{self.count} host=127.0.0.1 port={self.port} user=monitor"


@contextmanager
def postgres():
    where = postgres_bin()
    need(where, "PostgreSQL (Debian's package postgresql)")
    need(find_spec("duckdb_extension_postgres_scanner"), "monitor[ducklake]")
    base = Path(tempfile.mkdtemp(prefix="monitor-postgres-"))  # pytest's own folders are closed to others
    base.chmod(0o755)
    server = Postgres(base / "postgres", where)
    try:
        server.create()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base)


def lake_of(folder: Path, catalogue: str | None = None, files: str | None = None, endpoint: str = "") -> Place:
    """A lake of its own; its catalogue is a DuckDB file, which is quicker, unless PostgreSQL is what is tested."""
    need(find_spec("duckdb_extension_ducklake"), "monitor[ducklake]")
    catalogue = catalogue or f"ducklake:{folder / 'catalogue.ducklake'}"
    return Place(folder / "data", catalogue, files or str(folder / "files"), endpoint)


@contextmanager
def s3():
    """The endpoint of an S3 server with a bucket `archive`."""
    need(find_spec("moto") and find_spec("flask"), "moto")
    import boto3

    port = free_port()
    process = subprocess.Popen(
        [BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(port), 30)
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        client = boto3.client("s3", endpoint_url=endpoint, **keys)
        client.create_bucket(Bucket="archive")
        client.close()
        yield endpoint
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, seconds: float):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


@dataclass
class Dask:
    """A scheduler and workers, each a process, as docs/operate.md starts them."""

    folder: Path
    port: int = field(default_factory=free_port)
    scheduler: subprocess.Popen | None = None
    nannies: list[subprocess.Popen] = field(default_factory=list)

    @property
    def executor(self) -> str:
        return f"dask:tcp://127.0.0.1:{self.port}"

    def _start(self, name: str, *arguments: str) -> subprocess.Popen:
        log = (self.folder / f"{name}.log").open("ab")
        env = {**os.environ, **DASK_SETTINGS, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([BIN / "dask", *arguments], stdout=log, stderr=log, env=env, cwd=self.folder)
        log.close()
        return process

    def start_scheduler(self) -> None:
        options = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        self.scheduler = self._start("scheduler", "scheduler", *options)

    def start_workers(self, count: int) -> None:
        options = ("--nworkers", str(count), "--nthreads", "1", "--no-dashboard", "--memory-limit", "1.5GB")
        address = f"tcp://127.0.0.1:{self.port}"
        self.nannies.append(self._start("worker", "worker", address, *options, "--death-timeout", "60"))

    def worker_processes(self) -> list[int]:
        """The processes that do the work: the children of the nannies."""
        found = []
        for nanny in self.nannies:
            for stat in Path("/proc").glob("[0-9]*/stat"):
                try:
                    parent = int(stat.read_text().rpartition(")")[2].split()[1])
                    command = stat.with_name("cmdline").read_bytes()
                except OSError:
                    continue
                if parent == nanny.pid and b"spawn_main" in command:
                    found.append(int(stat.parent.name))
        return found

    def stop(self) -> None:
        """At once: the nannies first, so that they start nothing anew."""
        workers = self.worker_processes()
        for process in [*self.nannies, *([self.scheduler] if self.scheduler else [])]:
            process.kill()
            process.wait()
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def dask_cluster(folder: Path, workers: int = 2):
    need(find_spec("distributed"), "monitor[dask]")
    cluster = Dask(folder)
    cluster.start_scheduler()
    cluster.start_workers(workers)
    try:
        wait_for(lambda: answers(cluster.port), 60)
        yield cluster
    finally:
        cluster.stop()
