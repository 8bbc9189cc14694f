"""Run every benchmark into docs/benchmarks.md, or the quick ones against the committed figures (`--check`).

A benchmark is a script of this folder that prints one JSON object a line:
{"name", "value", "unit", "better": "lower"|"higher", "limit"?, "peer"?, "ratio"?: bool, "noise"?: 0.15}.
With `--check` it is called with `--quick`, and every figure that is a ratio is held against benchmarks/committed.json,
whose noise bands come from repeated rounds (`--commit 3`). Naming scripts runs these alone and renews their sections.
"""

import argparse
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from _gate import committed_figures, complaints

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COMMITTED = HERE / "committed.json"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`, a section a script. CPU time or ratios within one run, medians of several.
"""
TABLE = ("| figure | value | unit | limit | holds | beside |", "|---|--:|---|--:|---|---|")
NOT_BENCHMARKS = {"run.py"}
# left out of the gate, which has eight minutes: peers, a million rows, services, what needs idle cores or is no ratio
LONG = {
    *("peers", "tagging_peers", "growth", "service", "scale", "dashboard", "page_queries"),
    *("retag", "simulation", "workers"),
}
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


def report(figures):
    """Renew the sections of the scripts that were run; the others stay as they were."""
    text = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
    sections = {part.partition("\n")[0]: part for part in text.split("\n## ")[1:]}
    for script in dict.fromkeys(f["script"] for f in figures):
        sections[script] = section(script, [f for f in figures if f["script"] == script])
    there = [script.stem for script in scripts([]) if script.stem in sections]
    DOCUMENT.write_text(HEAD + "".join(f"\n## {sections[name].rstrip()}\n" for name in there), "utf-8")


def section(script, figures):
    when = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    rows = [script, "", f"{when}, {versions}", "", *TABLE]
    for f in figures:
        mark = {None: "", True: "yes", False: "**no**"}[holds(f)]
        limit = "" if f.get("limit") is None else f"{f['limit']:g}"
        rows.append(f"| {f['name']} | {f['value']:.4g} | {f['unit']} | {limit} | {mark} | {f.get('peer') or ''} |")
    return "\n".join(rows)


def check(figures, names):
    committed = json.loads(COMMITTED.read_text("utf-8"))
    bad = complaints(figures, [f for f in committed if not names or f["script"] in names])
    print(f"{len(figures)} figures, {len(bad)} worse than committed")
    if bad:
        sys.exit("\n".join(bad))


def commit(rounds, names):
    """Write the median of some quick rounds; what other scripts committed stays."""
    before = json.loads(COMMITTED.read_text("utf-8")) if COMMITTED.exists() and names else []
    kept = [f for f in before if f["script"] not in names]
    figures = sorted(kept + committed_figures(rounds), key=lambda f: f["script"])
    COMMITTED.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(figures)} figures committed")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="quick figures against the committed ones")
    parser.add_argument("--commit", type=int, metavar="ROUNDS", help="commit the medians of so many quick rounds")
    parser.add_argument("names", nargs="*", help="scripts to run; all by default")
    options = parser.parse_args()
    if options.commit:
        commit([_all(options.names, quick=True) for _ in range(options.commit)], options.names)
        return
    figures = _all(options.names, quick=options.check)
    for figure in figures:
        print(json.dumps(figure))
    if options.check:
        check(figures, options.names)
    else:
        report(figures)


def _all(names, *, quick):
    chosen = [p for p in scripts(names) if names or not quick or p.stem not in LONG]
    return [f for script in chosen for f in measure(script, quick)]


if __name__ == "__main__":
    main()
