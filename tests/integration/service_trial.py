"""A trial of the whole service: start it, let schedules run, kill its processes in turn, measure, stop it.

By hand: python -m tests.integration.service_trial --minutes 20 --feeds URL --port 8843 --allow 127.0.1.0/24
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.supervise.server import FINISHED, UNFINISHED, PrefectServer, ServerError

ROOT = Path(__file__).resolve().parents[2]
SCHEDULES = """
[collect]
every = "INTERVAL"
time_limit = "5m"
parameters = { all_feeds = true }

[refresh]
cron = "10 2 * * *"

[backup]
cron = "40 3 * * *"
"""
WORDS = {  # what tells a process by its command line
    "server": "prefect server start",
    "flows": "-m flows.serve",
    "dashboard": "main() dashboard",
    "run": "-m prefect.engine",
}


def processes(root):
    """pid -> command line of everything under a process."""
    parents, lines = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            lines[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    found, fresh = {root}, True
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in found} - found
        found |= fresh
    return {pid: lines.get(pid, "") for pid in found}


def memory(pids):
    """Proportional and resident megabytes: shared pages are counted once in the first."""
    pss = rss = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1])
                elif line.startswith("Rss:"):
                    rss += int(line.split()[1])
    return pss / 1024, rss / 1024


@dataclass
class Trial:
    data: Path
    feeds: str
    port: int
    interval: int = 60
    allow: str = ""
    environment: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    samples: list = field(default_factory=list)
    kills: list = field(default_factory=list)
    began: float = 0.0
    schedules: str = SCHEDULES

    def start(self):
        self.data.mkdir(parents=True, exist_ok=True)
        schedules = self.data / "schedules.toml"
        schedules.write_text(self.schedules.replace("INTERVAL", f"{self.interval}s"))
        environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE",)},
            "PYTHONPATH": str(ROOT / "src"),
            "MONITOR_PREFECT_PORT": str(self.port),
            "MONITOR_DASHBOARD_PORT": str(self.port + 2),
            "MONITOR_HOST_DELAY": "0",
            "MONITOR_ALLOW_NETWORK": self.allow,
            **self.environment,
        }
        command = [sys.executable, "-c", "from monitor.cli import main; main()", "serve"]
        options = ["--data", str(self.data), "--feeds", self.feeds, "--schedules", str(schedules)]
        with (self.data / "service.log").open("w") as log:  # the service has its own hold on it
            self.process = subprocess.Popen(
                [*command, *options], env=environment, cwd=self.data, stdout=log, stderr=subprocess.STDOUT
            )
        self.server = PrefectServer(f"http://127.0.0.1:{self.port}/api")
        self.began = time.monotonic()
        self.began_at = datetime.now(UTC)

    def stop(self):
        """Seconds that the stop took, and its exit code."""
        before = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        return time.monotonic() - before, code

    def pid_of(self, name):
        found = [pid for pid, line in processes(self.process.pid).items() if WORDS[name] in line]
        return min(found) if found else None

    def wait(self, condition, seconds, what):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the service ended: {self.tail()}"
            if (value := condition()) not in (None, False):
                return value
            time.sleep(0.5)
        raise AssertionError(f"waited {seconds} s for {what}: {self.tail()}")

    def log_text(self):
        return (self.data / "service.log").read_text()

    def tail(self):
        return "\n".join(self.log_text().splitlines()[-15:])

    def deployments(self):
        """Our flows as the server has them; none while it is down."""
        with suppress(ServerError):
            return self.server.deployments()
        return []

    def runs(self, flow="collect"):
        """Runs that began, the latest first; none while the server is down."""
        with suppress(ServerError):
            found = next((d for d in self.deployments() if d.name == flow), None)
            return (
                self.server.runs([*FINISHED, *UNFINISHED], deployment_id=found.deployment_id, latest=True)
                if found
                else []
            )
        return []

    def a_run_started_after(self, moment):
        return any(r.started_at and r.started_at >= moment and r.state != "CANCELLED" for r in self.runs())

    def kill(self, name, seconds=60.0):
        """kill -9, and how long until what it did is done again."""
        if name == "run":  # not one that waits for its time
            self.wait(lambda: any(r.state == "RUNNING" for r in self.runs()), 2 * self.interval, "a run")
        pid = self.wait(lambda: self.pid_of(name), 90, f"a process {name}")
        moment, before = datetime.now(UTC), time.monotonic()
        os.kill(pid, signal.SIGKILL)
        self.wait(lambda: self.pid_of(name) not in (None, pid), seconds + self.interval, f"{name} again")
        if name == "server":
            self.wait(self.server.healthy, seconds, "the server's answer")
        up = time.monotonic() - before
        self.wait(lambda: self.a_run_started_after(moment), seconds + self.interval, "a run after it")
        self.kills.append({"killed": name, "up_s": round(up, 1), "next_run_s": round(time.monotonic() - before, 1)})

    def sample(self):
        pids = processes(self.process.pid)
        pss, rss = memory(pids)
        parts = {}
        for pid, line in pids.items():
            name = next((n for n, words in WORDS.items() if words in line), line.split("/")[-1][:40])
            parts[name] = parts.get(name, 0) + round(memory([pid])[0])
        link = self.data / "monitor.duckdb"
        age = time.time() - link.stat().st_mtime if link.exists() else None
        row = {"t": round(time.monotonic() - self.began), "pss_mb": round(pss), "rss_mb": round(rss)}
        self.samples.append(row | {"processes": len(pids), "age_s": age and round(age), "parts": parts})

    def sampling(self, stop, every=5.0):
        def keep():
            while not stop.wait(every):
                with suppress(OSError):
                    self.sample()

        thread = threading.Thread(target=keep, daemon=True)
        thread.start()
        return thread

    def due(self):
        """Seconds that each scheduled collection was late, cancelled ones apart, and what hangs."""
        end = datetime.now(UTC)
        rows = [r for r in self.runs() if r.automatic and r.expected_at and self.began_at < r.expected_at < end]
        late = sorted(
            (r.started_at - r.expected_at).total_seconds() for r in rows if r.started_at and r.state != "CANCELLED"
        )
        return {
            "due": len(rows),
            "started": len(late),
            "cancelled": sum(r.state == "CANCELLED" for r in rows),
            "late_over_30_s": sum(s > 30 for s in late),
            "median_s": late[len(late) // 2] if late else None,
            "latest_s": late[-1] if late else None,
            "states": {s: sum(r.state == s for r in rows) for s in {r.state for r in rows}},
            "hanging": sum(r.state in UNFINISHED and end - r.since > timedelta(minutes=5) for r in rows),
        }

    def left_running(self):
        """Unfinished runs in the server's database after the stop."""
        with sqlite3.connect(self.data / "prefect" / "prefect.db") as db:
            query = "select count(*) from flow_run where state_type in ('RUNNING', 'PENDING', 'CANCELLING')"
            return db.execute(query).fetchone()[0]

    def figures(self):
        """Memory and age of the published copy, of the samples taken."""
        settled = [s for s in self.samples if s["t"] >= 300] or self.samples
        half = len(settled) // 2 or 1
        first, last = (sorted(s["pss_mb"] for s in part) for part in (settled[:half], settled[half:] or settled))
        ages = [s["age_s"] for s in self.samples if s["age_s"] is not None]
        return {
            "most_pss_mb": max(s["pss_mb"] for s in self.samples),
            "most_rss_mb": max(s["rss_mb"] for s in self.samples),
            "median_pss_mb_first_half": first[len(first) // 2],
            "median_pss_mb_second_half": last[len(last) // 2],
            "oldest_copy_s": max(ages, default=None),
        }


def trial(service, minutes, victims, tick=None):
    """Run the service for so long, kill the victims evenly spread, and say what was measured."""
    service.start()
    stop = threading.Event()
    service.sampling(stop)
    try:
        service.wait(lambda: any(r.state == "COMPLETED" for r in service.runs()), 150, "a first collection")
        spacing = (minutes * 60 - 120) / (len(victims) + 1)
        for number, victim in enumerate(victims, 1):
            pause(service, number * spacing, tick)
            service.kill(victim)
        pause(service, minutes * 60, tick)
        result = service.due()
    finally:
        stop.set()
        seconds, code = service.stop()
    return {
        "minutes": round((time.monotonic() - service.began) / 60, 1),
        **result,
        **service.figures(),
        "kills": service.kills,
        "stop_s": round(seconds, 1),
        "exit_code": code,
        "left_running": service.left_running(),
        "database_mb": round((service.data / "prefect" / "prefect.db").stat().st_size / 1e6, 1),
    }


def pause(service, until, tick):
    """Wait until so many seconds after the start; `tick` every two minutes lets the web's time pass."""
    while (left := service.began + until - time.monotonic()) > 0:
        assert service.process.poll() is None, f"the service ended: {service.tail()}"
        time.sleep(min(left, 120))
        if tick:
            with suppress(OSError), urllib.request.urlopen(tick, timeout=10):
                pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--feeds", required=True)
    parser.add_argument("--port", type=int, default=8843)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--allow", default="")
    parser.add_argument("--tick")
    parser.add_argument("--kill", default="server,flows,run")
    given = parser.parse_args()
    service = Trial(given.data, given.feeds, given.port, allow=given.allow)
    result = trial(service, given.minutes, given.kill.split(","), given.tick)
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    (given.data / "samples.json").write_text(json.dumps(service.samples))


if __name__ == "__main__":
    main()
