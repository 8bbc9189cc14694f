"""What the service costs beside the work itself: the server's CPU in a run of 500 feeds, its database, memory.

Claim: at most 2 % of a run of 500 feeds that fetches 2,500 pages (the median of five), at most 100 MB a day of
database, the whole tree within 1.5 GB. Sites answer at once, so that a run is as short as it can be. The server is not
asked during a run: its answers would be measured with it.
"""

import argparse
import json
import random
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.integration.press import COUNTRIES, Press, serving  # noqa: E402  # the checkout is on the path only now
from tests.integration.service_trial import WORDS, Trial, memory, processes  # noqa: E402

IDLE = '[collect]\ncron = "0 0 1 1 *"\nparameters = {all_feeds = true}\n'
TICKS = 100  # of /proc/PID/stat a second
RUNS_A_DAY = 48
ENTRIES = 5  # of a feed
FULL_RUNS, EMPTY_RUNS = 5, 3
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
STEMS = [
    a + b for a in ("mar", "ten", "pol", "gov", "trad", "sec", "vis", "lab", "cor", "fin") for b in ("a", "e", "i", "o")
]
ENDINGS = ("tion", "ment", "ly", "ing", "ers", "al", "ity", "ous", "ed", "s")


def cpu(pid):
    """CPU seconds of a process and of its children that ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def of_run(pids):
    """The processes of runs: what runs a flow, and what that started."""
    return {p for p, line in pids.items() if WORDS["run"] in line or "multiprocessing" in line}


class WidePress(Press):
    """Articles of some 600 words that are not alike, so that they cost what real ones do."""

    def page(self, n, k):
        """The page of an article, the same each time."""
        chance = random.Random(f"{n}-{k}")
        words = [f"{chance.choice(STEMS)}{chance.choice(ENDINGS)}" for _ in range(600)]
        for place in range(0, 600, 60):
            words[place] = chance.choice(COUNTRIES)
        lines = (" ".join(words[i : i + 20]).capitalize() + "." for i in range(0, 600, 20))
        paragraphs = "".join(f"<p>{line}</p>" for line in lines)
        head = f"<html lang='en'><head><title>Item {n}-{k}</title></head>"
        return f"{head}<body><article>{paragraphs}</article></body></html>"


class Meter:
    """CPU by process as last seen, and the most memory."""

    def __init__(self, service):
        self.service, self.seen, self.most = service, {}, 0.0

    def look(self):
        """Take the CPU and memory of now."""
        pids = processes(self.service.process.pid)
        for pid in of_run(pids):
            self.seen[pid] = max(self.seen.get(pid, 0.0), cpu(pid))
        self.most = max(self.most, memory(pids)[0])

    def run(self):
        """One collection; seconds of CPU of the run and of the server, and its length."""
        service = self.service
        deployment = next(d for d in service.deployments() if d.name == "collect")
        server, before, began = service.pid_of("server"), cpu(service.pid_of("server")), time.monotonic()
        self.seen.clear()
        path = f"/deployments/{deployment.deployment_id}/create_flow_run"
        run_id = service.server._ask("POST", path, {"parameters": {}})["id"]
        while state_of(service, run_id) not in ENDED:
            self.look()
            time.sleep(0.3)
        spent, length = cpu(server) - before, time.monotonic() - began
        while of_run(processes(service.process.pid)):  # what is still ending is of this run, not of the next
            self.look()
            time.sleep(0.3)
        return sum(self.seen.values()), spent, length


def database(service):
    """The server's database, to be read without asking the server, which would be measured with it."""
    return closing(sqlite3.connect(f"file:{service.data}/prefect/prefect.db?mode=ro", uri=True, timeout=30))


def state_of(service, run_id):
    with database(service) as db:
        row = db.execute("SELECT state_type FROM flow_run WHERE id = ?", (str(uuid.UUID(run_id)),)).fetchone()
    return row and row[0]


def database_bytes(service):
    with database(service) as db:
        pages, free = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
        return (pages - free) * db.execute("PRAGMA page_size").fetchone()[0]


def say(name, value, unit, limit=None, **more):
    figure = {"name": name, "value": round(value, 4), "unit": unit, "better": "lower", "limit": limit}
    sys.stdout.write(json.dumps(figure | more) + "\n")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def idling(service):
    """CPU of the server in six stretches of ten seconds when nothing runs, seconds a second."""
    server, stretches = service.pid_of("server"), []
    for _ in range(6):
        before, began = cpu(server), time.monotonic()
        time.sleep(10)
        stretches.append((cpu(server) - before) / (time.monotonic() - began))
    return stretches


def measure(service, press):
    time.sleep(60)  # a server has things to do in its first minute, whatever runs
    meter, idle = Meter(service), idling(service)
    full = []
    for _ in range(FULL_RUNS):
        full.append(meter.run())
        press.first += ENTRIES
    press.first -= ENTRIES
    size = database_bytes(service)
    empty = [meter.run() for _ in range(EMPTY_RUNS)]
    growth = (database_bytes(service) - size) / EMPTY_RUNS
    idle += idling(service)
    resting = memory(processes(service.process.pid))[0]
    rest = statistics.median(idle)  # what the server does now and then is left to the run
    beyond = [max(spent - rest * length, 0) for _, spent, length in full]
    run_cpu, spent, seconds = (statistics.median(column) for column in zip(*full, strict=True))
    shares = [own / length for own, (_, _, length) in zip(beyond, full, strict=True)]
    of_cpu = statistics.median(own / run for own, (run, _, _) in zip(beyond, full, strict=True))
    each = f"{FULL_RUNS} runs: {', '.join(f'{share:.4f}' for share in shares)}"
    say(f"run of {press.feeds} feeds, {ENTRIES * press.feeds} pages, {seconds:.0f} s: CPU", run_cpu, "s")
    name = "server's CPU beyond its idling, of the run's time"
    say(name, statistics.median(shares), "share", 0.02, ratio=True, noise=1.0, peer=each)
    say("server's CPU in it, idling included", spent, "s")
    say("server's CPU beyond its idling, of the run's CPU", of_cpu, "share", ratio=True, noise=1.0)
    say("run with nothing new: CPU", statistics.median(run for run, _, _ in empty), "s")
    alone = statistics.median(max(spent - rest * length, 0) for _, spent, length in empty)
    say("run with nothing new: server's CPU beyond its idling", alone, "s")
    say("server when idle", rest * 100, "% of a core")
    say(f"database a day, {RUNS_A_DAY} runs", growth * RUNS_A_DAY / 1e6, "MB", 100)
    say("memory of the tree when idle", resting, "MB")
    say("memory of the tree at most", meter.most, "MB", 1500)
    warehouse = (service.data / "warehouse.duckdb").stat().st_size
    say("warehouse", warehouse / 1e6, "MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--feeds", type=int)
    given = parser.parse_args()
    feeds = given.feeds or (60 if given.quick else 500)
    with serving(WidePress(feeds=feeds, entries=ENTRIES)) as press, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feeds.toml"
        path.write_text(press.feeds_toml())
        more = {"MONITOR_PAGES_PER_HOST": "100000"}
        service = Trial(Path(folder) / "data", str(path), free_port(), allow="127.0.0.0/8", environment=more)
        service.schedules = IDLE
        service.start()
        try:
            service.wait(lambda: len(service.deployments()) >= 7, 180, "the flows")
            service.wait(lambda: "self-check passed" in service.log_text(), 120, "the self-check")
            measure(service, press)
        finally:
            service.stop()


if __name__ == "__main__":
    main()
