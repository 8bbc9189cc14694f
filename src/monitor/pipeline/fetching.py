"""The network side of a run: an asyncio client in a thread, seen from the pipeline as a plain iterator."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.records import Response
from monitor.urls import site_of
from monitor.web import Kind, Web

T = TypeVar("T")
_WAITING = 200  # responses that may wait for the pipeline: bounds memory at a few hundred pages
_LANES = 2  # requests in flight on one host


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """One GET with what it is for."""

    item: T
    url: str
    kind: Kind
    etag: str | None = None
    last_modified: str | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class _Broken:
    error: BaseException


def fetch_all(
    make_web: Callable[[], Web], requests: Iterable[Request[T]]
) -> Iterator[tuple[Request[T], Response] | None]:
    """Responses as they come; None when a quarter of a second passed without one, so that the caller may act."""
    answers: queue.Queue[tuple[Request[T], Response] | _Broken | None] = queue.Queue(maxsize=_WAITING)
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(make_web, list(requests), answers, stop), name="fetch", daemon=True)
    thread.start()
    try:
        while True:
            try:
                answer = answers.get(timeout=0.25)
            except queue.Empty:
                yield None
                continue
            if answer is None:
                return
            if isinstance(answer, _Broken):
                raise answer.error
            yield answer
    finally:
        stop.set()
        while thread.is_alive():
            _drain(answers)
            thread.join(0.05)


def in_batches(
    stream: Iterable[T | None], size: int, seconds: float, clock: Callable[[], float] = time.monotonic
) -> Iterator[list[T]]:
    """Batches of at most `size`, none held back longer than about `seconds`."""
    batch: list[T] = []
    since = clock()
    for item in stream:
        if item is not None:
            since = since if batch else clock()
            batch.append(item)
        if batch and (len(batch) >= size or clock() - since >= seconds):
            yield batch
            batch = []
    if batch:
        yield batch


def _drain(answers: queue.Queue[T]) -> None:
    while not answers.empty():
        answers.get_nowait()


def _run(
    make_web: Callable[[], Web],
    requests: list[Request[T]],
    answers: queue.Queue[tuple[Request[T], Response] | _Broken | None],
    stop: threading.Event,
) -> None:
    try:
        asyncio.run(_fetch(make_web, requests, answers, stop))
        answers.put(None)
    except BaseException as error:  # noqa: BLE001  # carried to the caller's thread and raised there
        answers.put(_Broken(error))


async def _fetch(
    make_web: Callable[[], Web],
    requests: list[Request[T]],
    answers: queue.Queue[tuple[Request[T], Response] | _Broken | None],
    stop: threading.Event,
) -> None:
    """A lane takes a host's requests one after another, so that a slow host holds up nobody else."""
    hosts: dict[str, deque[Request[T]]] = defaultdict(deque)
    for request in requests:
        hosts[site_of(request.url)].append(request)
    async with make_web() as web:

        async def lane(todo: deque[Request[T]]) -> None:
            while todo and not stop.is_set():
                request = todo.popleft()
                response = await web.get(
                    request.url,
                    kind=request.kind,
                    etag=request.etag,
                    last_modified=request.last_modified,
                    trusted=request.trusted,
                )
                while True:
                    try:
                        answers.put_nowait((request, response))
                        break
                    except queue.Full:
                        await asyncio.sleep(0.02)
                        if stop.is_set():
                            return

        await asyncio.gather(*(lane(todo) for todo in hosts.values() for _ in range(min(_LANES, len(todo)))))
