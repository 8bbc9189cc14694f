"""What one page may cost: sizes, time and memory."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one extraction. Sizes count bytes, elements or rows; `seconds` is wall time."""

    seconds: float = 8.0
    body: int = 5 * 1024 * 1024
    elements: int = 40_000
    table_rows: int = 200
    list_items: int = 400
    links: int = 2_000
    depth: int = 200


class SlowPageError(BaseException):
    """The page took too long. Not an Exception, so that no handler inside the extractor swallows it."""


@contextmanager
def soft_time_limit(seconds: float) -> Iterator[None]:
    """Raise SlowPageError after `seconds` in the main thread, where signals reach; elsewhere the pool's limit holds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(_number: int, _frame: FrameType | None) -> None:
        raise SlowPageError

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory(megabytes: int) -> None:
    """Let this process grow by at most so much address space; for the initializer of a worker."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) if Path("/proc/self/statm").exists() else 0
    wanted = pages * resource.getpagesize() + megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
