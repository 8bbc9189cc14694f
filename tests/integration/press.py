"""A small press on loopback: feeds and pages that a test can watch, slow down and break."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNTRIES = ("Cambodia", "Thailand", "Viet Nam", "Indonesia", "Japan", "Fiji", "Mongolia")
SENTENCES = (
    "Officials in {0} said that the review of item {1} would go on through the next quarter of the year.",
    "For {0}, the price of waiting on item {1} grows, as freight rates and the cost of rice keep climbing.",
    "Analysts hold that {0} has more room in matter {1} than its neighbours tend to assume, and they may be right.",
    "The delegation of {0} called the talks on paper {1} frank, and gave few details of what comes next to the press.",
)


def story(feed, number):
    """Paragraphs of one article, long enough to be a full text, unlike any other's."""
    country = COUNTRIES[(feed + number) % len(COUNTRIES)]
    return [SENTENCES[(number + k) % 4].format(country, f"{feed}-{number}-{k}") for k in range(9)]


class Press:
    """`feeds` feeds of `entries` entries each, numbered from `first`; `delay` seconds before each page."""

    def __init__(self, feeds=3, entries=6, delay=0.0):
        self.feeds, self.entries, self.delay, self.first = feeds, entries, delay, 0
        self.hits = Counter()
        self.broken = {}
        self.hang = set()
        self.port = 0

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def page_url(self, feed, number):
        return self.url(f"/a/{feed}/{number}")

    def feeds_toml(self):
        rows = [
            f'[[feed]]\nid = "press-{n}"\nname = "Press {n}"\nurl = "{self.url(f"/feed/{n}.xml")}"\n'
            f'source = "press-{n}"\n'
            'source_type = "commentary"\nregion = "Asia-Pacific"\nlanguage = "en"\n'
            for n in range(self.feeds)
        ]
        return "\n".join(rows)

    def feed(self, n):
        items = "".join(
            f"<item><title>Item {n}-{k}</title><link>{self.page_url(n, k)}</link><guid>{n}-{k}</guid>"
            f"<pubDate>{format_datetime(NOW - timedelta(days=3 * (self.first + self.entries - k), hours=n))}</pubDate>"
            f"<author>desk@example.org (Desk)</author><description>{story(n, k)[0]}</description></item>"
            for k in range(self.first + self.entries - 1, self.first - 1, -1)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press {n}</title>{items}</channel></rss>'

    def page(self, n, k):
        paragraphs = "".join(f"<p>{text}</p>" for text in story(n, k))
        return (
            f"<html lang='en'><head><title>Item {n}-{k}</title></head><body><nav><a href='/'>Home</a></nav>"
            f"<main><article><h1>Item {n}-{k}</h1>{paragraphs}</article></main></body></html>"
        )

    def answer(self, path):
        """(status, content type, body) of a path."""
        if path in self.broken:
            return self.broken[path]
        parts = path.strip("/").split("/")
        if parts[0] == "feed":
            return 200, "application/rss+xml", self.feed(int(parts[1].partition(".")[0]))
        if parts[0] == "a":
            return 200, "text/html; charset=utf-8", self.page(int(parts[1]), int(parts[2]))
        return 404, "text/plain", "no such page"


def _handler(press, wait):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

        def do_GET(self):
            press.hits[self.path] += 1
            if self.path.startswith("/a/") and press.delay:
                wait.wait(press.delay)
            if self.path in press.hang:
                wait.wait(5)
            status, kind, text = press.answer(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that was killed in the middle is what these tests are about."""


@contextmanager
def serving(press):
    """The press on a free port of 127.0.0.1."""
    wait = threading.Event()
    server = _Server(("127.0.0.1", 0), _handler(press, wait))
    press.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield press
    finally:
        wait.set()
        server.shutdown()
        server.server_close()
        thread.join()
