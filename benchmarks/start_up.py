"""Start of the command line: CPU seconds of `monitor --help` and of `monitor trends`, median and least.

Beside each what Python itself needs for it: an interpreter, and one that has imported the database and the frames.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import _site
import _tree
import end_to_end

MONITOR = Path(sys.executable).parent / "monitor"


def say(name, costs, limit):
    spent = [c["cpu"] for c in costs]
    figure(name, statistics.median(spent), "s CPU", limit=limit, peer=f"least {min(spent):.3f}")


def figure(name, value, unit, **more):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "better": "lower", **more}), flush=True)


def measured(name, command, limit, code, what, times, folder):
    """A command and, in turns with it, the interpreter that runs `code`."""
    ours, bare = [], []
    for _ in range(times):
        ours.append(_tree.run(command, cwd=folder))
        bare.append(_tree.run([sys.executable, "-c", code]))
    say(name, ours, limit)
    ratio = statistics.median(a["cpu"] / b["cpu"] for a, b in zip(ours, bare, strict=True))
    figure(f"{name}, times {what}", ratio, "times", ratio=True, noise=0.2)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    times = 5 if ask.parse_args().quick else 11
    folder = Path(tempfile.mkdtemp(prefix="start-up-"))
    try:
        data = folder / "data"
        with _site.serving(50) as port:
            _site.write_feeds(folder / "feeds.toml", 50, port)
            options = ["--data", data, "--feeds", folder / "feeds.toml", "--allow-network", _site.NETWORK]
            _tree.run([MONITOR, "run", *options], env=end_to_end.environment(), cwd=folder)
        measured("monitor --help", [MONITOR, "--help"], 0.3, "", "an interpreter", times, folder)
        command = [MONITOR, "trends", "--data", data]
        imports = "import duckdb, polars, pyarrow"
        measured("monitor trends", command, 1.0, imports, imports, times, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
