"""A Dask cluster: the scheduler spreads batches over workers on other machines and gives lost ones to another worker.

A batch whose time is over is given up at once, as in the pool. One whose worker dies is sent again; after a second
death it is kept until nothing else is under way, so that only what really kills its worker does so three times and is
given up. What is under way is held here until its result is in: a scheduler that comes back is sent it again.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, SupportsIndex

import dask
from distributed import CancelledError, Client, Future, KilledWorker, Scheduler, get_worker

from monitor.errors import ClusterError, ConfigError
from monitor.work.lost import Lost, Map

log = logging.getLogger(__name__)

_TOPIC = "monitor-timeout"
_STRIKES = 3  # workers that a batch may kill
_CONNECT = 15.0  # seconds to wait for the scheduler, at the start and when it is gone
_PATIENCE = 120.0  # seconds without any worker
_LOOK = 2.0  # seconds between looks at the cluster's size
_SETTINGS = {
    "distributed.comm.timeouts.connect": f"{_CONNECT}s",
    "distributed.admin.large-graph-warning-threshold": "1 GiB",  # a batch of pages is some megabytes by design
}


@contextmanager
def cluster_map(address: str, timeout: float) -> Iterator[Map]:
    """The map on a cluster; a batch may take `timeout` seconds. Raises ClusterError when nobody answers."""
    with dask.config.set(_SETTINGS), _client(address) as client:
        client.run_on_scheduler(_workers)

        def run(function: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
            return _Stream(client, address, _Timed(function, timeout)).results(batches)

        yield run


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False)
    except OSError as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: is `dask scheduler` up? ({error})") from error
    try:
        yield client
    finally:
        client.close(timeout=5)


def _workers(dask_scheduler: Scheduler) -> int:
    """How many there are; said each time, since a scheduler may be a new one: every death is to be told at once.

    Deaths are counted here, because Dask blames a batch for the death of a worker where it only waited its turn.
    """
    dask_scheduler.allowed_failures = 0
    return len(dask_scheduler.workers)


@dataclass(frozen=True, slots=True)
class _Timed:
    """The work of one batch in a worker process, which ends when it takes too long.

    Batch and result are packed here, in the thread that works: Dask's own threads and its scheduler see plain bytes.
    """

    function: Callable[[Any], Any]
    timeout: float

    def __call__(self, parcel: Parcel, key: str) -> bytes:
        worker = get_worker()
        if worker.state.nthreads != 1:
            raise ConfigError(f"worker {worker.name} has {worker.state.nthreads} threads: start it with --nthreads 1")
        guard = threading.Timer(self.timeout, _give_up, [worker, key])
        guard.daemon = True
        guard.start()
        # the kernel ends a process whose guard cannot run, because a regular expression holds the interpreter
        signal.setitimer(signal.ITIMER_REAL, self.timeout + 5)
        try:
            return _pack(self.function(parcel.unpacked()))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            guard.cancel()


class Parcel:
    """Something pickled. Dask passes its bytes on instead of making objects of them and pickling these again."""

    __slots__ = ("_packed",)

    def __init__(self, packed: Any) -> None:  # noqa: ANN401  bytes, or a view of those that came
        self._packed = packed

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[type[Parcel], tuple[Any]]:
        return Parcel, (pickle.PickleBuffer(self._packed) if protocol.__index__() >= 5 else bytes(self._packed),)

    def unpacked(self) -> Any:  # noqa: ANN401
        """What was pickled."""
        return pickle.loads(self._packed)


def _pack(value: Any) -> bytes:  # noqa: ANN401  what the function takes or gives
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _give_up(worker: Any, key: str) -> None:  # noqa: ANN401  Dask's worker
    """Say which batch it was, then end the process: a thread cannot be killed. The nanny starts the next."""
    worker.log_event(_TOPIC, key)
    time.sleep(0.5)
    os._exit(70)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch under way; `deaths` are the workers that died with it so far."""

    batch: Any
    deaths: int
    future: Future[Any]


@dataclass(slots=True)
class _Stream:
    """One pass over some batches: what is under way, by key, and the keys that something happened to."""

    client: Client
    address: str
    work: _Timed
    waiting: dict[str, _Sent] = field(default_factory=dict)
    suspects: deque[tuple[Any, int]] = field(default_factory=deque)
    news: queue.SimpleQueue[tuple[str, bool]] = field(default_factory=queue.SimpleQueue)
    sent: int = 0
    slots: int = 1
    looked_at: float = float("-inf")
    seen_at: float = field(default_factory=time.monotonic)

    def results(self, batches: Iterable[Any]) -> Iterator[Any]:
        """A result or `Lost` for each batch; two batches a worker are under way, the next is taken when one is done."""
        self.client.subscribe_topic(_TOPIC, lambda event: self.news.put((event[1], True)))
        try:
            for batch in batches:
                self._send(batch)
                while len(self.waiting) >= 2 * self._size():
                    yield from self._finished(_LOOK)
                while not self.news.empty():
                    yield from self._finished(0)
            yield from self._rest()
            while self.suspects:  # each alone, so that its worker's death is its own doing
                self._send(*self.suspects.popleft())
                yield from self._rest()
        finally:
            self.client.unsubscribe_topic(_TOPIC)
            self.client.cancel([sent.future for sent in self.waiting.values()])

    def _rest(self) -> Iterator[Any]:
        while self.waiting:
            self._size()
            yield from self._finished(_LOOK)

    def _send(self, batch: Any, deaths: int = 0) -> None:  # noqa: ANN401
        self.sent += 1
        key = f"monitor-{self.client.id}-{id(self):x}-{self.sent}"
        future = self.client.submit(self.work, Parcel(_pack(batch)), key, key=key, pure=False)
        self.waiting[key] = _Sent(batch, deaths, future)
        future.add_done_callback(lambda _: self.news.put((key, False)))

    def _size(self) -> int:
        """How many workers there are. Raises ClusterError when there were none for long, or nobody knows."""
        now = time.monotonic()
        if now - self.looked_at < _LOOK:
            return self.slots
        if self.client.status == "closed":
            raise ClusterError(f"the Dask scheduler at {self.address} is gone: what is stored stays, run again")
        self.looked_at = now
        try:
            workers = self.client.run_on_scheduler(_workers)
        except (OSError, TimeoutError):  # it is being looked for again
            return self.slots
        if workers:
            self.seen_at, self.slots = now, workers
        elif now - self.seen_at > _PATIENCE:
            raise ClusterError(f"the Dask scheduler at {self.address} had no worker for {_PATIENCE:.0f} s")
        return self.slots

    def _finished(self, seconds: float) -> Iterator[Any]:
        """What the next piece of news settles, waited for so many seconds."""
        try:
            key, is_late = self.news.get(timeout=seconds) if seconds else self.news.get_nowait()
        except queue.Empty:
            return
        if (sent := self.waiting.pop(key, None)) is None:
            return
        if is_late:
            sent.future.cancel()
            yield Lost(sent.batch, "timeout")
            return
        try:
            yield pickle.loads(sent.future.result())
        except MemoryError:
            yield Lost(sent.batch, "crash")
        except CancelledError:  # the scheduler forgot it: it was started anew
            log.warning("the Dask scheduler forgot a batch, it is sent again")
            self._send(sent.batch, sent.deaths)
        except KilledWorker:
            yield from self._bereaved(sent.batch, sent.deaths + 1)

    def _bereaved(self, batch: Any, deaths: int) -> Iterator[Any]:  # noqa: ANN401
        if deaths >= _STRIKES:
            log.warning("a batch killed its worker %d times and is set aside", deaths)
            yield Lost(batch, "crash")
        elif deaths == 1:
            self._send(batch, deaths)
        else:
            self.suspects.append((batch, deaths))
