"""The server that workers are forked from: a clean process that has the heavy imports done. Light to import."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext, ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any

_WARM = "monitor.pipeline.warm"
_turn = threading.Lock()


class _Worker(ForkServerProcess):
    """A process that does not import the module which was started as the program.

    No work of ours is defined there, and in the service that module is Prefect's: a second and 50 MB for each worker.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802  multiprocessing's own
        with _main_hidden():
            return ForkServerProcess._Popen(process_obj)


class _Context(ForkServerContext):
    Process = _Worker


@contextmanager
def _main_hidden() -> Iterator[None]:
    with _turn:
        shown = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = shown


def start_early(executor: str, modules: Sequence[str] = ()) -> None:
    """Start it before a command's own imports where the setting asks for processes: the two take as long."""
    if executor.startswith("processes"):
        start(modules)


def start(modules: Sequence[str] = ()) -> BaseContext:
    """Start it unless it runs; workers are never forked from a run's own process, which has threads.

    `modules` are imported once for all workers, beside what extracting and tagging need.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = _Context()
    context.set_forkserver_preload([_WARM, *modules])
    resource_tracker.ensure_running()  # else the next would start it, and it unblocks signals
    with _interrupt_held_back():
        forkserver.ensure_running()
    return context


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """What is started in the block does not see Ctrl-C until it says otherwise: it is for the run, which ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
