"""CPU of a run's stages, everything in one process: `_profile.py DATA FEEDS` prints {stage: seconds} after the run.

Functions are wrapped where the pipeline calls them; what a stage spends inside another is taken from it.
"""

import functools
import json
import sys
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

BEGAN = time.process_time()

import _site  # noqa: E402

from monitor import marts, publish  # noqa: E402
from monitor.config import load_settings  # noqa: E402
from monitor.mention import Tagger  # noqa: E402
from monitor.pipeline import fetching, run, worker  # noqa: E402
from monitor.pipeline.run import collect  # noqa: E402
from monitor.pipeline.sources import load_feeds  # noqa: E402
from monitor.store import Warehouse  # noqa: E402

SPENT = defaultdict(float)
_stack = [["rest of the main thread", 0.0]]


def timed(owner, name, stage):
    """Charge the main thread's CPU, and that of DuckDB's threads, inside a function to its stage."""
    inner = getattr(owner, name)

    @functools.wraps(inner)
    def wrapper(*given, **named):
        if threading.current_thread() is not threading.main_thread():
            return inner(*given, **named)
        now = time.thread_time()
        SPENT[_stack[-1][0]] += now - _stack[-1][1]
        _stack.append([stage, time.thread_time()])
        try:
            return inner(*given, **named)
        finally:
            _, since = _stack.pop()
            now = time.thread_time()
            SPENT[stage] += now - since
            _stack[-1][1] = now

    setattr(owner, name, wrapper)


def fetch_thread():
    inner = fetching.Fetcher._run

    def wrapper(self):
        inner(self)
        SPENT["fetch: HTTP, robots.txt, decoding"] += time.thread_time()

    fetching.Fetcher._run = wrapper


def main():
    timed(worker, "extract", "extract")
    timed(Tagger, "tag", "tag")
    timed(worker, "signature_bands", "near-duplicate signatures and line hashes")
    timed(worker, "line_hashes", "near-duplicate signatures and line hashes")
    timed(worker, "parse_feed", "poll: parse the feeds")
    timed(Warehouse, "load", "load: frames, inserts, stories")
    timed(Warehouse, "save_polls", "poll: store entries")
    timed(marts, "refresh", "marts")
    timed(marts, "check", "checks")
    timed(publish, "publish", "publish")
    timed(run, "revise", "boilerplate")
    timed(worker, "shared_tagger", "start-up: tagger")
    timed(Warehouse, "sync_gazetteer", "start-up: gazetteer into the archive")
    timed(Warehouse, "known_lines", "reads before the work")
    timed(Warehouse, "pending", "reads before the work")
    fetch_thread()
    SPENT["start-up: imports"] = time.process_time() - BEGAN
    given = {"data": Path(sys.argv[1]), "feeds": sys.argv[2], "allow_network": (_site.NETWORK,), "executor": "inline"}
    settings = load_settings(given)
    clock = functools.partial(datetime.now, UTC)
    _stack[-1][1] = time.thread_time()
    collect(settings, load_feeds(settings, clock), clock)
    SPENT[_stack[0][0]] += time.thread_time() - _stack[0][1]
    SPENT["threads of DuckDB and polars"] = max(time.process_time() - sum(SPENT.values()), 0.0)
    print(json.dumps(dict(sorted(SPENT.items(), key=lambda item: -item[1]))))


if __name__ == "__main__":
    main()
