"""What a command and all its descendants cost: CPU seconds, wall seconds, and at wish their memory.

As a program it runs the command and prints one JSON object on stderr's last line. It adopts orphans (a fork server
ends after its parent), so that their CPU time is counted too; its own is not.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


def run(command, *, memory=False, env=None, cwd=None):
    """Run a command; {"cpu", "wall", "out", "peak_mb", "parts"}. Raises on failure."""
    line = [sys.executable, __file__, *(["--memory"] if memory else []), *map(str, command)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=env, cwd=cwd)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stderr.splitlines()[-1]) | {"out": done.stdout}


def _children():
    """Parent of each process, by /proc."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(stat.parent.name)] = int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found


def _family():
    parents, family = _children(), {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return family - {os.getpid()}


def _proportional(pid):
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def _watch(done, peak):
    while not done.wait(0.1):
        parts = {pid: _proportional(pid) / 1024 for pid in _family()}
        if sum(parts.values()) > peak["peak_mb"]:
            peak.update(peak_mb=sum(parts.values()), parts=sorted(map(round, parts.values()), reverse=True))


def main(command):
    ctypes.CDLL(None, use_errno=True).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    peak, done = {"peak_mb": 0.0, "parts": []}, threading.Event()
    memory = command[0] == "--memory"
    began = time.perf_counter()
    child = subprocess.Popen(command[memory:])
    watcher = threading.Thread(target=_watch, args=(done, peak))
    if memory:
        watcher.start()
    code = child.wait()
    wall = time.perf_counter() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    done.set()
    if memory:
        watcher.join()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"cpu": spent.ru_utime + spent.ru_stime, "wall": wall, **peak}), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
