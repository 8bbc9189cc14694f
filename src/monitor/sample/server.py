"""The sample site on loopback: the standard library's server, with ETag, Last-Modified, 304, robots.txt and 404."""

from __future__ import annotations

import errno
import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.errors import MonitorError
from monitor.records import Feed
from monitor.sample.forms import entries, feed_body
from monitor.sample.pages import article_page, feed_type, index_page, missing_page
from monitor.sample.plan import outlets, pieces, published_at

HOST = "127.0.0.1"
DEFAULT_PORT = 8736
ROBOTS = "User-agent: *\nDisallow: /common-ground-observer/members/\n"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """One resource of the site."""

    body: bytes
    media_type: str
    modified: datetime | None = None

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def sample_feeds(port: int = DEFAULT_PORT) -> list[Feed]:
    """The sample site's feeds as the pipeline wants them declared."""
    return [
        Feed(
            feed_id=outlet.slug,
            name=outlet.name,
            url=f"http://{HOST}:{port}{outlet.feed_path}",
            publisher=outlet.name,
            source_type=outlet.source_type,
            region="Asia-Pacific",
            language="en",
            collections=outlet.collections,
            full_text=True if outlet.form in {"rss2-full", "atom-full", "json"} else None,
            timezone=outlet.zone,
        )
        for outlet in outlets().values()
    ]


@contextmanager
def serve_sample(now: datetime, port: int = DEFAULT_PORT) -> Iterator[list[Feed]]:
    """Serve the sample site on 127.0.0.1 while the block runs, dated back from `now`; gives its feeds.

    Port 0 takes a free one. Raises MonitorError when the port is taken.
    """
    try:
        server = _Server((HOST, port), _Handler)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise MonitorError(
            f"the sample site needs port {port} on {HOST} and cannot have it ({error.strerror});"
            " stop what uses it, or wait for another demo to end"
        ) from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    try:
        bound = server.server_address[1]
        server.documents = site(f"http://{HOST}:{bound}", now)
        thread.start()
        yield sample_feeds(bound)
    finally:
        if thread.is_alive():
            server.shutdown()
            thread.join()
        server.server_close()


def site(base: str, now: datetime) -> Mapping[str, Document]:
    """All resources by path. Only dates depend on `now`, and that by whole weeks."""
    found = {"/robots.txt": Document(ROBOTS.encode(), "text/plain; charset=utf-8")}
    for outlet in outlets().values():
        newest = published_at(entries(outlet, now)[0], now)
        body = feed_body(outlet, base, now).encode()
        found[outlet.feed_path] = Document(body, f"{feed_type(outlet)}; charset=utf-8", newest)
        found[f"/{outlet.slug}/"] = Document(index_page(outlet, base).encode(), "text/html; charset=utf-8")
    for piece in pieces():
        if piece.special != "missing":
            page = article_page(piece, base, now).encode()
            at = None if piece.special == "undated" else published_at(piece, now)
            found[piece.path] = Document(page, "text/html; charset=utf-8", at)
    return found


class _Server(ThreadingHTTPServer):
    """The server with the site that it serves."""

    daemon_threads = True
    documents: Mapping[str, Document]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the server's site."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
    server_version = "sample"
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        document = self._document()
        if document is None:
            self._send(404, Document(missing_page().encode(), "text/html; charset=utf-8"))
        elif self._is_known(document):
            self._send(304, document)
        else:
            self._send(200, document)

    do_HEAD = do_GET  # noqa: N815  the base class calls methods by these names

    def log_message(self, format: str, *args: object) -> None:
        _LOG.debug(format, *args)

    def _document(self) -> Document | None:
        return self.server.documents.get(self.path.partition("?")[0])

    def _is_known(self, document: Document) -> bool:
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return document.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since = self.headers.get("If-Modified-Since")
        if since is None or document.modified is None:
            return False
        try:
            return document.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, status: int, document: Document) -> None:
        self.send_response(status)
        if status != 404:
            self.send_header("ETag", document.etag)
            if document.modified:
                gmt = document.modified.astimezone(UTC)
                self.send_header("Last-Modified", format_datetime(gmt, usegmt=True))
        if status != 304:
            self.send_header("Content-Type", document.media_type)
            self.send_header("Content-Length", str(len(document.body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(document.body)
