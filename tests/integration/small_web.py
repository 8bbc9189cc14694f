"""A small web of the tests: raw answers on loopback addresses, with a record of what was asked."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.web import Web, WebSettings


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Line:
    """The server's end of one connection."""

    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader

    async def answer(self, status=200, body=b"", headers=None, length=None):
        head = {"Content-Length": str(len(body) if length is None else length), "Content-Type": "text/html"}
        head |= headers or {}
        lines = "".join(f"{k}: {v}\r\n" for k, v in head.items() if v is not None)
        self.writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1") + body)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def clock():
    return datetime.now(UTC)


Route = Callable[[Line, Asked], Awaitable[None]]


@dataclass
class SmallWeb:
    """Routes by path; `*` takes the rest; a tuple is (status, headers, body). No robots.txt unless there is a route."""

    routes: dict
    host: str = "127.0.0.1"
    ssl: object = None
    asked: list[Asked] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    base: str = ""
    _tasks: set = field(default_factory=set)

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=self.ssl)
        self.base = f"http{'s' if self.ssl else ''}://{self.host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def paths(self):
        return [asked.path for asked in self.asked]

    async def _serve(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while not writer.transport.is_closing():
                    await self._answer_one(Line(writer, reader))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_one(self, line):
        head = (await line.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (h.partition(":") for h in head[1:]) if k}
        asked = Asked(method, path, headers, time.monotonic())
        self.asked.append(asked)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self._route(line, asked)
        finally:
            self.in_flight -= 1

    async def _route(self, line, asked):
        path = asked.path.partition("?")[0]
        route = self.routes.get(path)
        if route is None:
            route = (404, {}, b"") if path == "/robots.txt" else self.routes.get("*", (404, {}, b""))
        if callable(route):
            await route(line, asked)
        else:
            status, headers, body = route
            await line.answer(status, body, headers)


def browse(routes, visit, settings=None, **web):
    """Run `visit(web, small)` against a small web that the guard is told to allow."""
    web.setdefault("clock", clock)
    settings = {"allow_network": ("127.0.0.1/32",), "host_delay": 0.0, "timeout": 2.0} | (settings or {})

    async def go():
        async with SmallWeb(routes) as small, Web(WebSettings(**settings), **web) as client:
            return await visit(client, small)

    return asyncio.run(go())


def get(routes, path="/", kind="feed", settings=None, **options):
    """Fetch one path and return the Response."""

    async def visit(client, small):
        return await client.get(small.base + path, kind=kind, **options)

    return browse(routes, visit, settings)
