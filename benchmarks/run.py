"""Run every benchmark into docs/benchmarks.md, or the quick ones against the committed figures (`--check`).

A benchmark is a script of this folder that prints one JSON object a line:
{"name", "value", "unit", "better": "lower"|"higher", "limit"?, "peer"?, "ratio"?: bool, "noise"?: 0.15}.
With `--check` it is called with `--quick`, and every figure that is a ratio is held against benchmarks/committed.json.
"""

import argparse
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COMMITTED = HERE / "committed.json"
NOT_BENCHMARKS = {"run.py"}
PACKAGES = ("duckdb", "polars", "trafilatura", "feedparser", "aiohttp", "ahocorasick_rs")


def scripts(names):
    found = [p for p in sorted(HERE.glob("*.py")) if p.name not in NOT_BENCHMARKS and not p.name.startswith("_")]
    return [p for p in found if not names or p.stem in names]


def measure(script, quick):
    command = [sys.executable, str(script), *(["--quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{script.name} failed:\n{done.stderr[-2000:]}")
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [dict(json.loads(line), script=script.stem) for line in lines]


def holds(figure):
    if figure.get("limit") is None:
        return None
    return figure["value"] <= figure["limit"] if figure["better"] == "lower" else figure["value"] >= figure["limit"]


def worse(figure, committed):
    """Beyond the noise band on the bad side."""
    band = figure.get("noise", 0.15) * abs(committed["value"])
    if figure["better"] == "lower":
        return figure["value"] > committed["value"] + band
    return figure["value"] < committed["value"] - band


def report(figures):
    head = [
        "# Benchmarks",
        "",
        "Written by `make bench`. CPU time or ratios within one run, medians of at least five.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]
    body = []
    for script in dict.fromkeys(f["script"] for f in figures):
        body += [
            "",
            f"## {script}",
            "",
            "| figure | value | unit | limit | holds | beside |",
            "|---|--:|---|--:|---|---|",
        ]
        for f in (f for f in figures if f["script"] == script):
            mark = {None: "", True: "yes", False: "**no**"}[holds(f)]
            limit = "" if f.get("limit") is None else f"{f['limit']:g}"
            body.append(f"| {f['name']} | {f['value']:.4g} | {f['unit']} | {limit} | {mark} | {f.get('peer') or ''} |")
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(head + body) + "\n", "utf-8")


def check(figures):
    committed = {(f["script"], f["name"]): f for f in json.loads(COMMITTED.read_text("utf-8"))}
    bad = []
    for figure in figures:
        before = committed.get((figure["script"], figure["name"]))
        if before and figure.get("ratio") and worse(figure, before):
            bad.append(
                f"{figure['script']}: {figure['name']} is {figure['value']:.4g}, committed {before['value']:.4g}"
            )
    print(f"{len(figures)} figures, {len(bad)} worse than committed")
    if bad:
        sys.exit("\n".join(bad))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="quick figures against the committed ones")
    parser.add_argument("--commit", action="store_true", help="write the quick figures as the committed ones")
    parser.add_argument("names", nargs="*", help="scripts to run; all by default")
    options = parser.parse_args()
    quick = options.check or options.commit
    figures = [f for script in scripts(options.names) for f in measure(script, quick)]
    if options.commit:
        COMMITTED.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    elif options.check:
        check(figures)
    else:
        report(figures)
    for figure in figures:
        print(json.dumps(figure))


if __name__ == "__main__":
    main()
