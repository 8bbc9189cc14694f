"""Start of the command line: CPU seconds of `monitor --help` and of `monitor trends`, median and least."""

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
    print(json.dumps({"name": name, "value": round(statistics.median(spent), 3), "unit": "s CPU", "better": "lower",
                      "limit": limit, "peer": f"least {min(spent):.3f}"}), flush=True)  # fmt: skip


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    times = 5 if ask.parse_args().quick else 11
    say("monitor --help", [_tree.run([MONITOR, "--help"]) for _ in range(times)], 0.3)
    folder = Path(tempfile.mkdtemp(prefix="start-up-"))
    try:
        data = folder / "data"
        with _site.serving(50) as port:
            _site.write_feeds(folder / "feeds.toml", 50, port)
            options = ["--data", data, "--feeds", folder / "feeds.toml", "--allow-network", _site.NETWORK]
            _tree.run([MONITOR, "run", *options], env=end_to_end.environment(), cwd=folder)
        command = [MONITOR, "trends", "--data", data]
        say("monitor trends", [_tree.run(command, cwd=folder) for _ in range(times)], 1.0)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
