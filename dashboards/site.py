"""The site: from a path and a query to a finished answer, kept for as long as the published copy stays."""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dashboards import params as parameters
from dashboards.atom import alerts
from dashboards.charts.frame import Event
from dashboards.drawings import DrawingError, Drawings
from dashboards.memory import give_back
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.params import BadParameterError, Params
from dashboards.pinned import pinned
from dashboards.reading import Copy, Reader, read_copy
from dashboards.routes import PINNABLE, ROUTES
from dashboards.turns import Turns
from dashboards.watch import Watch
from dashboards.writing import as_csv, as_html, as_json, as_png, draw, environment
from monitor.errors import MonitorError, QueryError, UnknownEntityError
from monitor.queries import Limits, open_archive
from monitor.queries import published_mark as stamp
from monitor.records import Place

log = logging.getLogger(__name__)

REOPEN_AFTER = 100  # pages
KEPT_BYTES = 6_000_000  # finished answers, most of them packed
LIMITS = Limits(seconds=5.0, megabytes=128, threads=1)
TYPES = {
    "html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8",
    "png": "image/png", "atom": "application/atom+xml; charset=utf-8",
}  # fmt: skip
# what a script asks for when it swaps the main part: with the drawing that its screen shows
WIDTHS = ("wide", "middle", "narrow")
KNOWN = parameters.NAMES | {"format", "figure", "fragment"}
FEED = re.compile(r"/alerts\.atom|/watch/(?P<slug>[a-z0-9-]{1,80})\.atom")


@dataclass(frozen=True)
class Setup:
    """How the dashboard was started."""

    place: Place
    store: Path
    root: str = ""
    events: tuple[Event, ...] = ()
    watches: tuple[Watch, ...] = ()
    limits: Limits = LIMITS


@dataclass(frozen=True)
class Answer:
    """A finished answer, packed once (`is_packed`) unless that gains nothing."""

    status: int
    kind: str
    body: bytes
    is_packed: bool = False
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """One web worker's site. Threads may ask at the same time; a view is built once and then kept."""

    def __init__(self, setup: Setup, clock: Callable[[], datetime], origin: str = "") -> None:
        self.setup = setup
        self.clock = clock
        self.origin = origin
        self.drawings = Drawings(setup.store)
        self.templates = environment(setup.root)
        self._archive: Reader | None = None
        self._copy: Copy | None = None
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self.turns = Turns()
        self._busy = self._built_since = 0

    def kept(self, key: tuple[object, ...]) -> Answer | None:
        """A stored answer, without waiting for anything."""
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
            return found

    def key(self, path: str, query: Mapping[str, str], origin: str) -> tuple[object, ...]:
        """What an answer depends on. Raises OSError when there is no published copy."""
        return stamp(self.setup.place), path, tuple(sorted((k, v) for k, v in query.items() if k in KNOWN)), origin

    def answer(self, path: str, query: Mapping[str, str], origin: str) -> Answer:
        """The answer to a GET; errors are pages too."""
        try:
            key = self.key(path, query, origin)
            if found := self.kept(key):
                return found
            with self.turns.alone(key), self._counted():
                return self.kept(key) or self._built(key, path, query, origin)
        except (OSError, MonitorError) as error:
            return self._failed(error)
        except Exception:  # the page border: one broken view must not look like a broken server
            log.exception("%s?%s", path, dict(query))
            return self._message(500, "This page failed", "It is written to the log; the other pages work.", None)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Around a build. DuckDB keeps some kilobytes a join until a file is closed: now and then it is opened anew."""
        with self._lock:
            self._busy += 1
            self._built_since += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                if not self._busy and self._built_since >= REOPEN_AFTER and self._archive:
                    self._built_since = 0
                    self._archive.archive.close()
                    give_back()

    def _built(self, key: tuple[object, ...], path: str, query: Mapping[str, str], origin: str) -> Answer:
        """A page from one copy: when a new one came in the middle, it is built again."""
        answer = self._build(path, query, origin)
        if (now := self.key(path, query, origin)) != key:
            return self._keep(now, self._build(path, query, origin))
        return self._keep(key, answer)

    def _build(self, path: str, query: Mapping[str, str], origin: str) -> Answer:
        copy = self.copy()
        try:
            if feed := FEED.fullmatch(path):
                return made(200, TYPES["atom"], alerts(self.asked(Params()), origin, feed["slug"] or ""))
            params = parameters.read(query)
            view, found = match(path)
            params = replace(params, **found, in_path=tuple(found))
            if params.as_of and params.is_filtered:
                raise BadParameterError("a copy keeps the counts of all sources: as_of cannot be combined with filters")
            _need_offered(params, copy)
            asked = replace(self.asked(params), numbers=query.get("format") in ("csv", "json"))
            then = pinned(asked) if params.as_of else asked
            page = view(then if view in PINNABLE else replace(asked, params=replace(params, as_of=None)))
            return self._written(page, params, query, then.copy if page.pinned else copy, origin + path)
        except BadParameterError as error:
            return self._message(400, "That view cannot be shown", str(error), copy)
        except (NotThereError, UnknownEntityError) as error:
            return self._message(404, "Not here", str(error), copy)
        except QueryError as error:
            if stamp(self.setup.place) != copy.stamp:
                raise
            log.warning("%s: %s", path, error)
            hint = "A shorter range, fewer names or no filters ask for less."
            return self._message(503, "The question took too long or failed", str(error), copy, hint)

    def asked(self, params: Params) -> Asked:
        """What a view function gets. Raises OSError or a MonitorError when the copy cannot be read."""
        copy = self.copy()
        return Asked(self.archive(), copy, params, self.clock(), self.setup.events, self.setup.watches)

    def _written(self, page: Page, params: Params, query: Mapping[str, str], copy: Copy, address: str) -> Answer:
        form = query.get("format", "html")
        figure = page.figure(query.get("figure", ""))
        if form == "html":
            return self._html(page, params, copy, address, fragment=query.get("fragment", ""))
        if form not in parameters.FORMATS:
            return self._message(400, "That view cannot be shown", f"format is {', '.join(parameters.FORMATS)}", copy)
        if form == "json":
            wanted = [figure] if figure and query.get("figure") else list(page.figures)
            return made(page.status, TYPES["json"], as_json(page, wanted, copy).encode())
        if figure is None or (form == "png" and figure.spec is None):
            what = "picture" if form == "png" else "figure"
            return self._message(404, "Not here", f"This page has no {what} of that name.", copy)
        return self._figure(figure, form, copy)

    def _figure(self, figure: Figure, form: str, copy: Copy) -> Answer:
        if form == "csv":
            name = {"Content-Disposition": f'attachment; filename="{figure.name}.csv"'}
            return made(200, TYPES["csv"], as_csv(figure).encode(), name)
        try:
            return made(200, TYPES["png"], as_png(figure, self.drawings, copy, int(copy.state["sources"])))
        except DrawingError as error:
            return self._message(503, "The picture could not be drawn", str(error), copy)

    def _html(self, page: Page, params: Params, copy: Copy | None, address: str, *, fragment: str = "") -> Answer:
        drawn = draw(list(page.figures), self.drawings, self.setup.root, fragment if fragment in WIDTHS else "")
        shared: dict[str, Any] = {
            "copy": copy, "newest": self._copy or copy, "params": params, "here": page.values.get("here"),
            "watches": self.setup.watches,
            "events": page.values.get("events", ()), "origin": address,
        }  # fmt: skip
        text = as_html(self.templates, page, drawn, shared, bool(fragment))
        headers = {"X-Title": quote(f"{page.title} · monitor")} if fragment else {}
        if any(d.error for d in drawn.values()):
            headers["Cache-Control"] = "no-store"
        return made(page.status, TYPES["html"], text.encode(), headers)

    def _message(self, status: int, title: str, message: str, copy: Copy | None, hint: str = "") -> Answer:
        page = Page("message.html", title, {"message": message, "hint": hint}, status=status)
        return self._html(page, Params(), copy, "")

    def _failed(self, error: Exception) -> Answer:
        log.warning("the published copy cannot be read: %s", error)
        with self._lock:
            self._copy = None
        hint = "It comes back by itself as soon as a good copy is published: monitor run, or monitor demo for a sample."
        message = str(error) if isinstance(error, MonitorError) else "There is no published copy in the data folder."
        # nothing published is no fault of the server: a supervisor must not restart it for that
        status = 404 if isinstance(error, FileNotFoundError) else 503
        return self._message(status, "The published copy cannot be read", message, None, hint)

    def archive(self) -> Reader:
        """The archive, opened at the first question. Raises DataFolderError."""
        with self._lock:
            if self._archive is None:
                limits = replace(self.setup.limits, spill=self.setup.store / "spill")
                self._archive = Reader(open_archive(self.setup.place, limits))
            return self._archive

    def copy(self) -> Copy:
        """The facts of the copy that is published now. Raises OSError or a MonitorError."""
        mark = stamp(self.setup.place)
        if self._copy is None or self._copy.stamp != mark:
            found = read_copy(self.archive(), mark)
            with self._lock:
                self._copy = found
                stale = [key for key in self._kept if key[0] != mark]
                for key in stale:
                    self._size -= _weight(self._kept.pop(key))
        return self._copy

    def _keep(self, key: tuple[object, ...], answer: Answer) -> Answer:
        if answer.status >= 400 or "Cache-Control" in answer.headers:
            return answer
        with self._lock:
            self._kept[key] = answer
            self._size += _weight(answer)
            while self._size > KEPT_BYTES:
                self._size -= _weight(self._kept.popitem(last=False)[1])
        return answer


def made(status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with its tag, packed where that is worth it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    is_packed = len(body) > 500 and kind != TYPES["png"]
    return Answer(status, kind, gzip.compress(body, 6, mtime=0) if is_packed else body, is_packed, tag, headers or {})


def _weight(answer: Answer) -> int:
    return len(answer.body) + 500


def match(path: str) -> tuple[Callable[[Asked], Page], dict[str, Any]]:
    """The view of a path and the parameters in it. Raises NotThereError."""
    for pattern, view, read in ROUTES:
        if found := pattern.fullmatch(path):
            return view, read(found)
    raise NotThereError("There is no such page.")


def _need_offered(params: Params, copy: Copy) -> None:
    """A filter that no source fits would show gaps where there are none. Raises BadParameterError."""
    for name, offered in copy.options.items():
        value = str(params[name])
        if value and value not in offered:
            there = ", ".join(sorted(offered))
            raise BadParameterError(f"no source has the {name.replace('_', ' ')} {value!r}: there are {there}")
