"""The network side of a run: an asyncio client in a thread, seen from the pipeline as plain iterators."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from monitor.records import Response
from monitor.urls import site_of
from monitor.web import Kind, Web

T = TypeVar("T")
_WAITING = 200  # responses that may wait for the pipeline: bounds memory at a few hundred pages
_LANES = 2  # requests of one host that are under way or waiting for their turn at once
_TICK = 0.25  # seconds


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """One GET with what it is for."""

    item: T
    url: str
    kind: Kind
    etag: str | None = None
    last_modified: str | None = None
    trusted: bool = False


class Fetcher:
    """One client in a thread of its own. Several streams may be open at once; they share the hosts' turns."""

    def __init__(self, make_web: Callable[[], Web]) -> None:
        self._make_web = make_web
        self._web: Future[Web] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._web.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def stream(self, requests: Iterable[Request[T]]) -> Iterator[tuple[Request[T], Response] | None]:
        """Responses as they come; None when a quarter of a second passed without one, so that the caller may act."""
        answers: queue.SimpleQueue[tuple[Request[T], Response] | None] = queue.SimpleQueue()
        room = asyncio.Semaphore(_WAITING)
        work = asyncio.run_coroutine_threadsafe(_fetch(self._web.result(), list(requests), answers, room), self._loop)
        work.add_done_callback(lambda _: answers.put(None))
        try:
            while True:
                try:
                    answer = answers.get(timeout=_TICK)
                except queue.Empty:
                    yield None
                    continue
                if answer is None:
                    break
                self._loop.call_soon_threadsafe(room.release)
                yield answer
            work.result()
        finally:
            work.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._loop.close()

    async def _main(self) -> None:
        try:
            async with self._make_web() as web:
                self._web.set_result(web)
                await self._stop.wait()
                rest = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
                for task in rest:
                    task.cancel()
                await asyncio.gather(*rest, return_exceptions=True)
        except Exception as error:
            if self._web.done():
                raise
            self._web.set_exception(error)


async def _fetch(
    web: Web,
    requests: list[Request[T]],
    answers: queue.SimpleQueue[tuple[Request[T], Response] | None],
    room: asyncio.Semaphore,
) -> None:
    """A lane takes a host's requests one after another, so that a slow host holds up nobody else.

    An answer waits for room without asking again and again: forty lanes that did took a tenth of a run's CPU.
    A lane ends when a page times out: what a host with hanging pages has left waits for the next run.
    """
    hosts: dict[str, deque[Request[T]]] = defaultdict(deque)
    for request in requests:
        hosts[site_of(request.url)].append(request)

    async def lane(todo: deque[Request[T]]) -> None:
        hangs = False
        while todo and not hangs:
            request = todo.popleft()
            response = await _ask(web, request)
            hangs = request.kind == "page" and response.outcome == "timeout"
            await room.acquire()
            answers.put((request, response))

    lanes = (lane(todo) for todo in hosts.values() for _ in range(min(_LANES, len(todo))))
    await asyncio.gather(*lanes)


async def _ask(web: Web, request: Request[T]) -> Response:
    return await web.get(
        request.url,
        kind=request.kind,
        etag=request.etag,
        last_modified=request.last_modified,
        trusted=request.trusted,
    )


def in_batches(
    stream: Iterable[T | None],
    size: int,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    *,
    idle: float | None = None,
) -> Iterator[list[T]]:
    """Batches of at most `size`, none held back longer than about `seconds`.

    With `idle`, an empty batch says that so many seconds passed without an item.
    """
    batch: list[T] = []
    since = last = clock()
    for item in stream:
        if item is not None:
            last = clock()
            since = since if batch else last
            batch.append(item)
        if batch and (len(batch) >= size or clock() - since >= seconds):
            yield batch
            batch = []
        elif idle is not None and not batch and clock() - last >= idle:
            yield []
            last = clock()
    if batch:
        yield batch
