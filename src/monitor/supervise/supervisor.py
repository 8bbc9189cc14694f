"""Starts processes, restarts what dies or hangs, and stops all of them: a loop in one thread."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import TextIO

from monitor.supervise.programs import Program
from monitor.supervise.server import DIRECT

log = logging.getLogger(__name__)

STEADY = 60.0  # seconds after which a process counts as well started
HUNG = 90.0  # seconds without an answer before a process that answered before is restarted
LONGEST_PAUSE = 60.0
_ASK_EVERY = 10.0

# Linux ends a child with its parent when the child asks for it: a killed supervisor leaves no orphans behind.
_TETHER = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15);"
    "os.getppid() == int(sys.argv[1]) or sys.exit('the supervisor is gone'); os.execv(sys.argv[2], sys.argv[2:])"
)


def pause_before(failures: int) -> float:
    """Seconds to wait before the next start after so many failures in a row: 1, 2, 4 ... at most 60."""
    return float(min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))) if failures else 0.0


def answers(url: str, timeout: float = 3.0) -> bool:
    """Whether an address answers, be it with an error: what is busy or has nothing to show is not hung."""
    try:
        with DIRECT.open(url, timeout=timeout):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, HTTPException):
        return False


@dataclass(slots=True)
class _Child:
    program: Program
    gate: Callable[[], bool] | None = None
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    asked: float = 0.0
    answered: float | None = None
    starts: int = 0
    readers: list[threading.Thread] = field(default_factory=list)


class Supervisor:
    """Keeps programs alive. A program with a gate is started when its gate says so, each time anew.

    Every process leads a session of its own, so that what it started ends with it; its output comes out here with its
    name before each line.
    """

    def __init__(self, environment: Mapping[str, str], out: TextIO = sys.stdout, folder: Path | None = None) -> None:
        self._environment = {k: v for k, v in environment.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self._out = out
        self._folder = folder
        self._children: list[_Child] = []
        self._stop = threading.Event()
        self.failure: str | None = None

    def add(self, program: Program, gate: Callable[[], bool] | None = None) -> None:
        """Take a program into care; programs start in the order in which they were added."""
        self._children.append(_Child(program, gate))

    def stop(self, failure: str | None = None) -> None:
        """Ask the loop to end, because of a failure if there is one; safe from signal handlers and threads."""
        self.failure = self.failure or failure
        self._stop.set()

    def restart(self, name: str, why: str) -> None:
        """End a program at once; the loop starts it anew."""
        for child in self._children:
            if child.program.name == name and child.process:
                log.warning("%s is started anew: %s", name, why)
                _signal_group(child.process.pid, signal.SIGKILL)

    def pids(self) -> dict[str, int]:
        """Name and process id of what runs now."""
        return {c.program.name: c.process.pid for c in self._children if c.process and c.process.poll() is None}

    def starts(self) -> dict[str, int]:
        """How often each program was started."""
        return {c.program.name: c.starts for c in self._children}

    def run(self, between: Callable[[], None] | None = None, limit: float = 14.0) -> None:
        """Keep all alive until `stop`, then end them within `limit` seconds, the first one last and after `between`."""
        try:
            while not self._stop.is_set():
                for child in self._children:
                    self._care(child, time.monotonic())
                self._stop.wait(0.3)
        finally:
            self._end(between, time.monotonic() + limit)

    def _care(self, child: _Child, now: float) -> None:
        process = child.process
        if process is None:
            if now >= child.not_before and (child.gate is None or child.gate()):
                self._start(child)
        elif process.poll() is not None:
            self._buried(child, now)
        else:
            if now - child.started >= STEADY:
                child.failures = 0
            self._ask(child, now)

    def _start(self, child: _Child) -> None:
        command = list(child.program.command)
        if sys.platform == "linux":
            command = [sys.executable, "-S", "-E", "-c", _TETHER, str(os.getpid()), *command]
        child.process = subprocess.Popen(
            command,
            env={**self._environment, **child.program.env},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child.started, child.answered, child.starts = time.monotonic(), None, child.starts + 1
        reader = threading.Thread(target=self._relay, args=(child.program.name, child.process.stdout), daemon=True)
        reader.start()
        child.readers = [*(t for t in child.readers if t.is_alive()), reader]
        log.info("%s started, process %d", child.program.name, child.process.pid)

    def _relay(self, name: str, lines: TextIO | None) -> None:
        if lines is None:
            return
        with lines:
            for line in lines:
                with suppress(ValueError, OSError):  # our own output may be gone; theirs must still be drained
                    self._out.write(f"{name:<9} | {line.rstrip()}\n")
                    self._out.flush()

    def _buried(self, child: _Child, now: float) -> None:
        process = child.process
        if process is None:
            return
        _signal_group(process.pid, signal.SIGKILL)  # what it started must not go on beside its successor
        if process.returncode == child.program.hopeless:
            self.stop(f"{child.program.name} ended because of what it was given; its last line above says what")
            return
        child.failures += 1
        child.not_before = now + pause_before(child.failures)
        child.process = None
        log.warning(
            "%s ended (%s) after %.0f s; starting it again in %.0f s",
            *(child.program.name, _ending(process.returncode), now - child.started, pause_before(child.failures)),
        )

    def _ask(self, child: _Child, now: float) -> None:
        if child.program.health is None or now - child.asked < _ASK_EVERY:
            return
        child.asked = now
        if answers(child.program.health):
            child.answered = now
        elif child.answered is not None and now - child.answered > HUNG and child.process:
            log.warning("%s has not answered for %.0f s and is ended", child.program.name, now - child.answered)
            _signal_group(child.process.pid, signal.SIGKILL)

    def _end(self, between: Callable[[], None] | None, deadline: float) -> None:
        self._end_some(self._children[1:], deadline - 5)
        if between is not None:
            between()
        self._end_some(self._children[:1], deadline)

    def _end_some(self, children: Sequence[_Child], deadline: float) -> None:
        running = [c.process for c in children if c.process]
        for process in running:
            _signal_group(process.pid, signal.SIGTERM, alone=True)
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        for child in children:
            for reader in child.readers:
                reader.join(1.0)
            child.process = None


def _signal_group(pid: int, number: int, *, alone: bool = False) -> None:
    """Signal the process, or all of its session's group: the leader may be dead already."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number) if alone else os.killpg(pid, number)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
