"""The whole pipeline, from a loopback server to the published copy, beside a bare loop of trafilatura.

The bare loop reads the same pages from a disk in two processes, with the same options, and does nothing else: it is
the least that any program built on trafilatura can cost. CPU of all processes of each, the server's left out; start-up
is in both. `--pages FOLDER` takes real pages (.html, .html.gz) instead of made-up ones.
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

HERE = Path(__file__).resolve().parent
PROFILE = HERE / "_profile.py"


def say(name, value, unit, **more):
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "better": "lower", **more}), flush=True)


def monitor(folder, port, workers=2, memory=False):
    """One run into an empty archive; what it cost, with its report."""
    data = Path(tempfile.mkdtemp(prefix="data-", dir=folder))
    feeds = folder / "feeds.toml"
    options = ["--data", data, "--feeds", feeds, "--allow-network", _site.NETWORK, "--workers", workers, "--json"]
    command = [Path(sys.executable).parent / "monitor", "run", *options]
    try:
        cost = _tree.run(command, memory=memory, cwd=folder, env=environment())
    finally:
        shutil.rmtree(data)
    report = json.loads(cost["out"])["counts"]
    assert report["articles"] == report["discovered"] == report["stored"], report
    return cost


def environment():
    import os

    return {k: v for k, v in os.environ.items() if not k.startswith("MONITOR_")} | {"MONITOR_HOST_DELAY": "0"}


def bare(folder, workers=2):
    return _tree.run([sys.executable, HERE / "_bare.py", folder / "pages", workers])


def shares(folder, port, count, rounds):
    """Interleaved runs of both; the whole pipeline against the loop."""
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(bare(folder)["cpu"])
        ours.append(monitor(folder, port)["cpu"])
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    say(
        "whole pipeline, CPU a page, share of a bare trafilatura loop",
        statistics.median(ratios),
        "x",
        limit=1.08,
        ratio=True,
        noise=0.12,
        peer=f"bare loop {1000 * statistics.median(theirs) / count:.2f} ms, "
        f"ours {1000 * statistics.median(ours) / count:.2f} ms; {count} pages, least {min(ratios):.3f}, "
        f"most {max(ratios):.3f}",
    )


def profile(folder, port, count):
    """CPU by stage of one run with everything in one process."""
    data = folder / "profiled"
    cost = _tree.run([sys.executable, PROFILE, data, folder / "feeds.toml"], env=environment(), cwd=folder)
    shutil.rmtree(data)
    for stage, seconds in json.loads(cost["out"].splitlines()[-1]).items():
        say(f"of it, {stage}", 1000 * seconds / count, "ms a page")


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--pages", type=Path, help="a folder of real pages")
    ask.add_argument("--count", type=int)
    ask.add_argument("--only", choices=("shares", "profile", "memory"))
    given = ask.parse_args()
    count = given.count or (600 if given.quick else 2000)
    folder = Path(tempfile.mkdtemp(prefix="end-to-end-"))
    try:
        (folder / "pages").mkdir()
        _site.write_pages(folder / "pages", count, given.pages)
        with _site.serving(count, given.pages) as port:
            _site.write_feeds(folder / "feeds.toml", count, port)
            if given.only in (None, "shares"):
                shares(folder, port, count, 3 if given.quick else 5)
            if given.only in (None, "profile") and not given.quick:
                profile(folder, port, count)
            if given.only in (None, "memory") and not given.quick:
                peak = monitor(folder, port, memory=True)
                say("memory of the whole tree at its peak (PSS)", peak["peak_mb"], "MB", limit=700,
                    peer=f"by process {peak['parts']}")  # fmt: skip
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
