"""A press of made-up sites on loopback: pages of real sizes and shapes, or the pages of a folder, and their feeds.

Run as a program it serves: `_site.py COUNT [FOLDER]` prints {"port"} and answers until it is killed. Each of the
addresses 127.0.4.1 and up has one feed of `PER_HOST` articles; the feed gives title, author and date, as most do.
Bodies go out with gzip, as real ones do.
"""

import asyncio
import contextlib
import gzip
import json
import random
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from _made_page import made_page
from _made_words import sentence, title
from _requests import Requests

PER_HOST = 50
NETWORK = "127.0.4.0/24"


@lru_cache(maxsize=1)
def _found(folder):
    files = sorted(p for p in Path(folder).iterdir() if p.name.endswith((".html", ".html.gz")))
    bodies = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files]
    # A page is served at an address that is not the one it names; each copy is to be an article of its own.
    return [re.sub(rb"""(rel=["']?|og:)(?=canonical|url["'])""", rb"\1not-", body) for body in bodies]


_SEGMENT = re.compile(rb"(?s)(<(?:script|style)\b.*?</(?:script|style)>)|(?<=>)([^<>]+)(?=<)")


def page(number, folder=None):
    """The bytes of an article. A folder with fewer pages gives each again, its words in another order each time.

    Plain copies would be near-duplicates of each other, of which real feeds have few.
    """
    if not folder:
        return made_page(number)
    again, at = divmod(number, len(_found(folder)))
    return _SEGMENT.sub(lambda m: m[1] or _shuffled(m[2], again), _found(folder)[at]) if again else _found(folder)[at]


def _shuffled(text, seed):
    words = text.split(b" ")
    random.Random(seed).shuffle(words)
    return b" ".join(words)


def feed(host, count, base):
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>{escape(title(n))}</title><link>{base}/a/{n}</link><guid>{base}/a/{n}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(hours=1 + n % 600))}</pubDate><dc:creator>Mei Tan</dc:creator>"
        f"<description>{sentence(random.Random(n))}</description></item>"
        for n in range(host * PER_HOST, min((host + 1) * PER_HOST, count))
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    return f"{head}<channel><title>Site {host}</title><link>{base}</link>{items}</channel></rss>".encode()


def write_pages(folder, count, source=None):
    """The same pages as files, for what reads them from a disk."""
    for number in range(count):
        (folder / f"{number:05d}.html").write_bytes(page(number, source))


def write_feeds(path, count, port):
    rows = [
        f'[[feed]]\nid = "s{h}"\nname = "Site {h}"\nurl = "http://127.0.4.{h + 1}:{port}/feed"\nsource = "s{h}"\n'
        'source_type = "news"\nlanguage = "en"\n'
        for h in range(-(-count // PER_HOST))
    ]
    path.write_text("\n".join(rows), "utf-8")


class _Server(Requests):
    count, folder = 0, None

    def answer(self, head):
        path = head.split(b" ", 2)[1].decode()
        address, port = self.transport.get_extra_info("sockname")[:2]
        host = int(address.rpartition(".")[2]) - 1
        if path == "/feed":
            return _http(feed(host, self.count, f"http://{address}:{port}"), "application/rss+xml")
        if path.startswith("/a/"):
            return _packed(int(path[3:]), self.folder)
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _http(body, kind):
    packed = gzip.compress(body, 6)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    return head.encode() + packed


@cache
def _packed(number, folder):
    return _http(page(number, folder), "text/html; charset=utf-8")


async def _serve(count, folder):
    _Server.count, _Server.folder = count, folder
    loop = asyncio.get_running_loop()
    hosts = [f"127.0.4.{h + 1}" for h in range(-(-count // PER_HOST))]
    first = await loop.create_server(_Server, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    servers = [first, *[await loop.create_server(_Server, host, port) for host in hosts[1:]]]
    for number in range(count):
        _packed(number, folder)
    print(json.dumps({"port": port}), flush=True)
    await asyncio.gather(*(s.serve_forever() for s in servers))


@contextlib.contextmanager
def serving(count, folder=None):
    """A server in a process of its own; gives its port."""
    command = [sys.executable, __file__, str(count), *([str(folder)] if folder else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield json.loads(server.stdout.readline())["port"]
        finally:
            server.kill()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
