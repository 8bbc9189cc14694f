"""The web application: Starlette around the site, with feeds, downloads and static files."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboards.downloads import without_texts
from dashboards.guard import LOCAL, Guard, Login
from dashboards.memory import lean
from dashboards.page import Asked
from dashboards.params import Params
from dashboards.site import Answer, Setup, Site
from dashboards.watch import read_events, read_watches
from monitor.config import load_settings
from monitor.errors import MonitorError
from monitor.queries import published_mark as stamp

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
BUSY = 24  # views being built at once in one worker; more are asked to come again
THREADS = 2  # pages are built by so many threads: more would only wait for the interpreter, and keep memory
ENVIRONMENT = "MONITOR_DASHBOARD"
WARM = ("/", "/?unit=share", "/?weeks=26", "/?weeks=104", "/?weeks=all", "/map", "/pairs", "/health")


@dataclass(frozen=True)
class Options:
    """What the command line decided; it reaches the web workers as JSON."""

    data: str
    store: str
    root: str = ""
    hosts: tuple[str, ...] = LOCAL
    user: str = ""
    password: str = ""
    watch: str = "watch.toml"
    events: str = "events.csv"
    origin: str = ""
    warm: bool = True


def from_environment() -> Starlette:
    """The application of a web worker."""
    lean()
    return make(Options(**json.loads(os.environ[ENVIRONMENT])))


def make(options: Options) -> Starlette:
    """The application. Raises ConfigError for a bad watch.toml or events.csv."""
    setup = Setup(
        load_settings({"data": Path(options.data)}).place, Path(options.store), options.root,
        tuple(read_events(Path(options.events))), tuple(read_watches(Path(options.watch))),
    )  # fmt: skip
    site = Site(setup, lambda: datetime.now(UTC), options.origin)
    login = Login.of(options.user, options.password) if options.password else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        warming = asyncio.create_task(keep_warm(site)) if options.warm else None
        yield
        if warming:
            warming.cancel()

    return Starlette(
        routes=Endpoints(site).routes(),
        middleware=[Middleware(Guard, hosts=options.hosts, login=login, root=options.root)],
        lifespan=lifespan,
    )


class Endpoints:
    """All addresses; what is no feed, file or download is a page."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._waiting = asyncio.Semaphore(BUSY)

    def routes(self) -> list[Route]:
        """The addresses in the order they are tried."""
        return [
            Route("/static/{digest}/{name}", self.static),
            Route("/version", self.version),
            Route("/healthz", self.healthz),
            Route("/download/monitor.duckdb", self.whole),
            Route("/download/without-texts.zip", self.without_texts),
            Route("/{path:path}", self.page),
        ]

    async def page(self, request: Request) -> Response:
        """A view: stored, or built in a thread."""
        query = dict(request.query_params)
        path = request.scope["path"]
        origin = f"{request.url.scheme}://{request.url.netloc}{self.site.setup.root}"
        self.site.origin = origin  # the usual views of the next copy are made ready for it
        if found := self._kept(path, query, origin):
            return reply(found, request)
        if self._waiting.locked():
            return PlainTextResponse("busy: come again in a moment\n", 503, {"Retry-After": "2"})
        async with self._waiting:
            return reply(await run_in_threadpool(self.site.answer, path, query, origin), request)

    def _kept(self, path: str, query: dict[str, str], origin: str) -> Answer | None:
        try:
            return self.site.kept(self.site.key(path, query, origin))
        except OSError:
            return None

    async def static(self, request: Request) -> Response:
        """A file of our own; its address changes with its content."""
        name = request.path_params["name"]
        if name not in {p.name for p in STATIC.iterdir()}:
            return PlainTextResponse("not here\n", 404)
        return FileResponse(STATIC / name, headers={"Cache-Control": "public, max-age=31536000, immutable"})

    async def version(self, _: Request) -> Response:
        """The number of the copy that is published now, for pages that are open."""
        try:
            copy = await run_in_threadpool(self.site.copy)
        except (OSError, MonitorError):
            return JSONResponse({"vintage": None}, 503, {"Cache-Control": "no-store"})
        return JSONResponse({"vintage": copy.vintage}, headers={"Cache-Control": "no-store"})

    async def healthz(self, _: Request) -> Response:
        """That this process answers, for a supervisor, and whether there is a copy to show."""
        try:
            stamp(self.site.setup.place)
        except OSError:
            return PlainTextResponse("ok, but nothing is published\n")
        return PlainTextResponse("ok\n")

    async def whole(self, request: Request) -> Response:
        """The published copy as it is."""
        return await self._file(request, lambda asked: asked.archive.path, "monitor.duckdb")

    async def without_texts(self, request: Request) -> Response:
        """The tables without texts."""
        folder = self.site.setup.store
        return await self._file(request, lambda asked: without_texts(asked, folder), "monitor-without-texts.zip")

    async def _file(self, request: Request, made: Callable[[Asked], Path], name: str) -> Response:
        try:
            asked = await run_in_threadpool(self.site.asked, Params())
            tag = f'"{asked.copy.vintage}-{asked.copy.stamp[1]:x}"'
            headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
            async with self._waiting:
                path = await run_in_threadpool(made, asked)
        except (OSError, MonitorError) as error:
            return PlainTextResponse(f"{error}\n", 503)
        if not path.exists():
            return PlainTextResponse("a lake has no file of its own: the tables without texts are there\n", 404)
        return FileResponse(path, filename=name, headers=headers)


def reply(answer: Answer, request: Request) -> Response:
    """An answer on the wire: not at all when the browser has it, packed when it may be."""
    headers = {"ETag": answer.etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding", **answer.headers}
    if answer.status == 200 and request.headers.get("if-none-match") == answer.etag:
        return Response(status_code=304, headers=headers)
    body = answer.body
    if answer.is_packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    elif answer.is_packed:
        body = gzip.decompress(body)
    return Response(body, answer.status, headers, answer.kind)


async def keep_warm(site: Site) -> None:
    """After each publish, ask for the usual views once, so that the first viewer finds them drawn."""
    seen: tuple[int, ...] = ()
    while True:
        try:
            now = stamp(site.setup.place)
        except OSError:
            now = ()
        if now and now != seen:
            seen = now
            for address in WARM:
                path, _, query = address.partition("?")
                asked = dict(pair.split("=") for pair in query.split("&") if pair)
                await run_in_threadpool(site.answer, path, asked, site.origin)
        await asyncio.sleep(1)
