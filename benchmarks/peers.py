"""Pages a CPU second of the whole pipeline beside what a user would pick instead, on the same pages.

Peers live in .venv-peers (`make peers`): the group `peers` of pyproject.toml. They extract from a disk and do nothing
more, ours goes from a loopback server to the published copy.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

import _site
import _tree
import end_to_end

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"
PEERS = {"newspaper4k": ("newspaper", 2.0), "news_please": ("newsplease", 3.0), "trafilatura": ("trafilatura", None)}


def installed(module):
    if not PYTHON.exists():
        return False
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([PYTHON, "-c", code], check=False).returncode == 0


def say(name, value, unit, **more):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "better": "higher", **more}), flush=True)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--pages", type=Path, help="a folder of real pages")
    ask.add_argument("--count", type=int)
    given = ask.parse_args()
    count, rounds = given.count or 1000, 3 if given.quick else 5
    names = [name for name, (module, _) in PEERS.items() if installed(module)]
    for name in PEERS.keys() - set(names):
        say(f"{name} is not installed (make peers)", 0, "not measured")
    folder = Path(tempfile.mkdtemp(prefix="peers-"))
    try:
        (folder / "pages").mkdir()
        _site.write_pages(folder / "pages", count, given.pages)
        with _site.serving(count, given.pages) as port:
            _site.write_feeds(folder / "feeds.toml", count, port)
            costs = {name: [] for name in ["ours", *names]}
            for _ in range(rounds):
                costs["ours"].append(end_to_end.monitor(folder, port)["cpu"])
                for name in names:
                    done = _tree.run([PYTHON, HERE / "_peer.py", name, folder / "pages"])
                    costs[name].append(done["cpu"])
    finally:
        shutil.rmtree(folder)
    ours = costs.pop("ours")
    say("whole pipeline", count / statistics.median(ours), "pages a CPU second", peer=f"{count} pages, {rounds} rounds")
    for name, spent in costs.items():
        ratio = statistics.median(theirs / mine for theirs, mine in zip(spent, ours, strict=True))
        say(f"whole pipeline against {name}'s extractor alone", ratio, "times", limit=PEERS[name][1],
            peer=f"{name} {count / statistics.median(spent):.1f} pages a CPU second")  # fmt: skip


if __name__ == "__main__":
    main()
