"""Where work runs: a `map_` that the caller hands to the pipeline; inline, in a process pool, or on a cluster.

A `map_` takes a function and an iterable of batches and yields, in any order, a result or `Lost` for each batch.
It pulls from the iterable only as fast as it works, so what waits in memory is bounded.
"""

from __future__ import annotations

import gc
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from monitor.errors import ConfigError
from monitor.work.lost import Lost, Map

__all__ = ["Lost", "Map", "executor", "inline", "split_lost"]

B = TypeVar("B")
R = TypeVar("R")

_COUNT = re.compile("[0-9]{1,4}")  # isdigit would take a superscript too


def split_lost(run: Map, function: Callable[[list[B]], R], batches: Iterable[list[B]]) -> Iterator[R | Lost]:
    """Results of `run`; a lost batch is tried again item by item, so that only its culprit is given up."""
    again: deque[list[B]] = deque()
    for result in run(function, batches):
        if isinstance(result, Lost) and len(result.batch) > 1:
            again.extend([item] for item in result.batch)
        else:
            yield result
    yield from run(function, again) if again else ()


def executor(
    name: str, workers: int, timeout: float = 60.0, memory_mb: int = 1500, modules: Sequence[str] = ()
) -> AbstractContextManager[Map]:
    """The map for a setting: inline, processes[:N] or dask:ADDRESS. Raises ConfigError, ClusterError."""
    kind, _, argument = name.partition(":")
    if kind == "inline" and not argument:
        return _settled(inline())
    if kind == "processes" and (not argument or (_COUNT.fullmatch(argument) and int(argument))):
        from monitor.work.pool import process_map  # not for a command that starts the server first

        return _settled(process_map(int(argument or workers), timeout, memory_mb, modules))
    if kind == "dask" and "://" in argument:
        return _settled(_cluster(argument, timeout))
    raise ConfigError(f"setting executor: {name!r} is not inline, processes[:N] or dask:tcp://host:port")


@contextmanager
def _settled(map_: AbstractContextManager[Map]) -> Iterator[Map]:
    """Look for garbage less: neither in what is loaded by now nor at every 700 objects, of which a batch has thousands.

    Else more than half of the time in which a run reads results goes there.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(20_000, *thresholds[1:])
    gc.freeze()
    try:
        with map_ as run:
            yield run
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def _cluster(address: str, timeout: float) -> AbstractContextManager[Map]:
    try:
        from monitor.work.cluster import cluster_map  # an extra, and slow to import
    except ModuleNotFoundError as error:
        raise ConfigError(f"setting executor: {error.name} is missing; install monitor[dask]") from None
    return cluster_map(address, timeout)


@contextmanager
def inline() -> Iterator[Map]:
    """The builtin map: everything in this process, for tests and debugging."""
    yield map
