"""A pool of worker processes that can be killed one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from monitor.work.lost import Lost, Map
from monitor.work.server import start

B = TypeVar("B")
R = TypeVar("R")


@contextmanager
def process_map(workers: int, timeout: float, memory_mb: int = 0, modules: Sequence[str] = ()) -> Iterator[Map]:
    """A pool of killable worker processes; a batch may take `timeout` seconds, a worker `memory_mb` megabytes.

    `modules` are imported once for all workers, beside what extracting and tagging need.
    """
    context = start(modules)
    pool = ProcessPool(
        max_workers=workers, max_tasks=400, initializer=_start_worker, initargs=(memory_mb,), context=context
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


def _start_worker(memory_mb: int) -> None:
    from monitor.article.limits import limit_memory

    if memory_mb:
        limit_memory(memory_mb)
