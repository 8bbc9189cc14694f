"""One at a time: who builds a view, while others who want the same wait for it."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Turn:
    """The lock of a key, and how many threads hold it or wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: int = 0


class Turns:
    """A lock for each key. It lasts for as long as a thread holds it or waits for it: keys are as many as addresses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[Hashable, _Turn] = {}

    def __len__(self) -> int:
        return len(self._turns)

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """Around what one thread at a time may do for a key; the last one to leave takes the lock away."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.threads += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.threads -= 1
                if not turn.threads:
                    del self._turns[key]
