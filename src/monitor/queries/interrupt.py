"""Ctrl-C during a question: DuckDB's client is deaf to it in some of its ways to take rows, such as with parameters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

import duckdb

_T = TypeVar("_T")
_LOOK = 0.1  # seconds


def interruptible(cursor: duckdb.DuckDBPyConnection, work: Callable[[], _T]) -> _T:
    """What `work` makes of the cursor. Raises KeyboardInterrupt as soon as what runs on the cursor has ended.

    The work is done in a thread of its own, so that the main one, which alone is told of Ctrl-C, is free to hear it.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    done = _thread().submit(work)
    try:
        while not done.done():  # a signal that another thread gets does not end a wait without an end
            wait([done], _LOOK)
        return done.result()
    except KeyboardInterrupt:
        while not done.done():  # an interrupt is forgotten when it comes between two statements
            cursor.interrupt()
            wait([done], _LOOK)
        raise
    finally:
        del done  # its error leads back to it: the file would stay open until garbage is collected


@cache
def _thread() -> ThreadPoolExecutor:
    """One thread for all questions of the main one, which asks one at a time: a new one each costs a millisecond."""
    return ThreadPoolExecutor(1, "question")
