"""Where work runs: a `map_` that the caller hands to the pipeline; inline, in a process pool, or on a cluster.

A `map_` takes a function and an iterable of batches and yields, in any order, a result or `Lost` for each batch.
It pulls from the iterable only as fast as it works, so what waits in memory is bounded.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from monitor.errors import ConfigError

B = TypeVar("B")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lost:
    """A batch whose worker was killed: `reason` is timeout or crash."""

    batch: Any
    reason: str


Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


def split_lost(run: Map, function: Callable[[list[B]], R], batches: Iterable[list[B]]) -> Iterator[R | Lost]:
    """Results of `run`; a lost batch is tried again item by item, so that only its culprit is given up."""
    again: deque[list[B]] = deque()
    for result in run(function, batches):
        if isinstance(result, Lost) and len(result.batch) > 1:
            again.extend([item] for item in result.batch)
        else:
            yield result
    yield from run(function, again) if again else ()


@contextmanager
def process_map(workers: int, timeout: float, memory_mb: int = 0) -> Iterator[Map]:
    """A pool of killable worker processes; a batch may take `timeout` seconds, a worker `memory_mb` megabytes."""
    pool = ProcessPool(
        max_workers=workers, max_tasks=400, initializer=_start_worker, initargs=(memory_mb,), context=_context()
    )

    def run(function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R | Lost]:
        waiting: dict[Future[R], B] = {}
        for batch in batches:
            waiting[pool.schedule(function, args=[batch], timeout=timeout)] = batch
            while len(waiting) >= 2 * workers:
                yield from _finished(waiting)
            yield from _finished(waiting, block=False)
        while waiting:
            yield from _finished(waiting)

    try:
        yield run
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    else:
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.join()


def _finished(waiting: dict[Future[R], B], *, block: bool = True) -> Iterator[R | Lost]:
    done, _ = wait(waiting, timeout=None if block else 0, return_when=FIRST_COMPLETED)
    for future in done:
        batch = waiting.pop(future)
        try:
            yield future.result()
        except TimeoutError:
            yield Lost(batch, "timeout")
        except (ProcessExpired, MemoryError):
            yield Lost(batch, "crash")


def _context() -> multiprocessing.context.BaseContext:
    """Workers are forked from a clean server that has the heavy imports done, never from this threaded process."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["monitor.pipeline.warm"])
    return context


def _start_worker(memory_mb: int) -> None:
    from monitor.article import limit_memory

    if memory_mb:
        limit_memory(memory_mb)


def executor(name: str, workers: int, timeout: float = 60.0, memory_mb: int = 1500) -> AbstractContextManager[Map]:
    """The map for a setting: inline or processes[:N]. Raises ConfigError."""
    kind, _, argument = name.partition(":")
    if kind == "inline" and not argument:
        return inline()
    if kind == "processes" and (not argument or (argument.isdigit() and int(argument))):
        return process_map(int(argument or workers), timeout, memory_mb)
    raise ConfigError(f"setting executor: {name!r} is not inline or processes[:N]")


@contextmanager
def inline() -> Iterator[Map]:
    """The builtin map: everything in this process, for tests and debugging."""
    yield map
