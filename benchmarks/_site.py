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

PER_HOST = 50
NETWORK = "127.0.4.0/24"
_SCOPES = ("u", "l", "js", "md", "lg")
_PLACES = [
    "Indonesia",
    "Vietnam",
    "Cambodia",
    "Thailand",
    "Malaysia",
    "Singapore",
    "Japan",
    "China",
    "India",
    "Australia",
    "Russia",
    "Ukraine",
    "France",
    "Germany",
    "Brazil",
    "Kenya",
    "Nigeria",
    "Egypt",
    "Turkey",
    "Iran",
    "Pakistan",
    "Bangladesh",
    "Laos",
    "Myanmar",
    "Fiji",
    "Peru",
    "Chile",
    "Canada",
    "Mexico",
    "Spain",
]
_BODIES = ("ASEAN", "the United Nations", "the World Bank", "the European Union", "NATO", "the IMF", "OPEC", "the WTO")
_ACTORS = [
    "officials",
    "ministers",
    "analysts",
    "farmers",
    "exporters",
    "lawmakers",
    "engineers",
    "teachers",
    "unions",
    "regulators",
    "bankers",
    "voters",
    "mayors",
    "researchers",
    "lenders",
    "planners",
]
_VERBS = [
    "argued",
    "warned",
    "agreed",
    "found",
    "reported",
    "insisted",
    "doubted",
    "learned",
    "hoped",
    "promised",
    "denied",
    "noticed",
    "feared",
    "proposed",
]
_THINGS = [
    "tariffs",
    "ports",
    "budgets",
    "harvests",
    "elections",
    "fisheries",
    "subsidies",
    "railways",
    "treaties",
    "reserves",
    "wages",
    "schools",
    "hospitals",
    "pipelines",
    "data",
    "borders",
    "loans",
    "courts",
    "dams",
    "tourism",
    "vaccines",
    "currencies",
    "investors",
    "housing",
    "water",
    "rice",
    "energy",
]
_LINKS = ("before", "although", "while", "because", "until", "so that", "unless", "since", "whereas")
_ADJECTIVES = [
    "early",
    "late",
    "costly",
    "modest",
    "local",
    "foreign",
    "rural",
    "coastal",
    "annual",
    "hidden",
    "public",
    "fragile",
    "steady",
    "sudden",
    "partial",
    "joint",
]


def _thing(rng):
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_THINGS)}"


def sentence(rng):
    """A sentence of its own: pages share few runs of four words, so that none is another's near-duplicate."""
    where = rng.choice(_PLACES) if rng.random() < 0.25 else rng.choice(_BODIES) if rng.random() < 0.1 else _thing(rng)
    said = f"{rng.choice(_ACTORS)} in {where} {rng.choice(_VERBS)} that {_thing(rng)} would outweigh {_thing(rng)}"
    tail = f"{rng.choice(_LINKS)} {rng.choice(_ACTORS)} {rng.choice(_VERBS)} {_thing(rng)} in {rng.randrange(2, 90)}"
    return f"{said[0].upper()}{said[1:]} {tail} {rng.choice(_THINGS)} near {rng.choice(_PLACES[12:])[:3].lower()}ia."


def _dress(rng, kind):
    """Attributes as design systems write them: extractors search each of these strings."""
    more = " ".join(
        f"{rng.choice(('u', 'l', 'js', 'md', 'lg'))}-{rng.choice(_THINGS)}" for _ in range(rng.randrange(5))
    )
    track = f' data-track="{rng.getrandbits(60):x}"' if rng.random() < 0.3 else ""
    ident = f' id="{kind[:3]}-{rng.getrandbits(20)}"' if rng.random() < 0.15 else ""
    return f'class="{kind} {kind}--{rng.choice(_THINGS)} {more}"{track}{ident}'


def _wrapped(rng, inner, depth):
    for level in range(depth):
        inner = f"<div {_dress(rng, f'box-{level}')}>{inner}</div>"
    return inner


def _links(rng, count, kind):
    return "".join(
        f"<li {_dress(rng, kind + '__item')}><a {_dress(rng, kind + '__link')} "
        f'href="/{rng.choice(_THINGS)}/{rng.getrandbits(32):x}"><span {_dress(rng, "label")}>'
        f"{rng.choice(_THINGS).title()} and {rng.choice(_THINGS)} {i}</span></a></li>"
        for i in range(count)
    )


def _cards(rng, count):
    return "".join(
        _wrapped(
            rng,
            f'<a {_dress(rng, "card__image")} href="/a/{rng.getrandbits(30)}"><img alt="" loading="lazy" '
            f'src="/img/{rng.getrandbits(48):x}.jpg" srcset="/img/s.jpg 300w, /img/m.jpg 600w"></a>'
            f'<div {_dress(rng, "card__text")}><h3 {_dress(rng, "card__title")}><a href="/a/{i}">'
            f"{sentence(rng)[:70]}</a></h3><p {_dress(rng, 'card__excerpt')}>{sentence(rng)}</p>"
            f'<span {_dress(rng, "card__meta")}><time datetime="2026-05-0{rng.randrange(1, 9)}">{i} May</time>'
            f"<svg {_dress(rng, 'icon')}><path d='M1 2l3 4'></path></svg></span></div>",
            3,
        )
        for i in range(count)
    )


def _script(rng, size):
    values = ",".join(f'"k{rng.getrandbits(24):x}":[{rng.random():.6f},"{rng.getrandbits(60):x}"]' for _ in range(40))
    text = f"window.__state=Object.assign(window.__state||{{}},{{{values}}});"
    return "<script>" + (text * (size // len(text) + 1))[:size] + "//</script>"


def _inline(rng, text, number):
    """A paragraph with links and stress, as editors leave it."""
    words = text.split(" ")
    for tag in rng.sample(("a", "em", "strong", "span", "b"), rng.randrange(4)):
        at = rng.randrange(len(words))
        href = f' href="/t/{number}"' if tag == "a" else ""
        words[at] = f"<{tag}{href}>{words[at]}</{tag}>"
    return " ".join(words)


def _body(rng):
    parts = []
    for number in range(rng.randrange(7, 26)):
        text = _inline(rng, " ".join(sentence(rng) for _ in range(rng.randrange(1, 4))), number)
        parts.append(_wrapped(rng, f"<p {_dress(rng, 'paragraph')}>{text}</p>", rng.choice((0, 0, 0, 1))))
        if rng.random() < 0.15:
            parts.append(f"<h2>{rng.choice(_THINGS).title()} and their price</h2>")
        if rng.random() < 0.12:
            image = f'<img src="/img/{number}.jpg" alt=""><figcaption>{sentence(rng)}</figcaption>'
            parts.append(_wrapped(rng, f"<figure {_dress(rng, 'figure')}>{image}</figure>", 2))
        if rng.random() < 0.08:
            parts.append(f"<blockquote><p>{sentence(rng)}</p></blockquote>")
        if rng.random() < 0.1:
            parts.append(_wrapped(rng, "<span>Advertisement</span><script>ads.push({})</script>", 3))
    return "".join(parts)


def title(number):
    rng = random.Random(number)
    return f"{rng.choice(_PLACES)} and its {rng.choice(_THINGS)}: what {rng.choice(_ACTORS)} want, part {number}"


def made_page(number):
    """A page of 30 to 150 kB: head, scripts, navigation, article, related cards, comments, footer."""
    rng = random.Random(f"page {number}")
    name = escape(title(number))
    scripts = [_script(rng, rng.randrange(1_000, 14_000)) for _ in range(rng.randrange(2, 5))]
    comments = "".join(
        f"<li {_dress(rng, 'comment')}>{_wrapped(rng, f'<p>{sentence(rng)}</p>', 2)}</li>"
        for _ in range(rng.randrange(0, 12))
    )
    metas = "".join(f'<meta property="og:x{i}" content="{rng.getrandbits(60):x}">' for i in range(12))
    menu, foot = _links(rng, rng.randrange(30, 90), "menu"), _links(rng, rng.randrange(20, 70), "foot")
    post = (
        f'<article {_dress(rng, "post")}><h1>{name}</h1><div {_dress(rng, "byline")}>By <a href="/mei">Mei Tan</a>'
        f"</div><div {_dress(rng, 'post__content')}>{_body(rng)}</div></article>"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name} | The Made Press</title>{metas}'
        f'<meta property="og:title" content="{name}"><meta name="author" content="Mei Tan">'
        f"<style>{'.a{margin:0;padding:1px 2px}' * rng.randrange(50, 400)}</style>{scripts[0]}</head><body>"
        f"<header {_dress(rng, 'site')}><nav><ul>{menu}</ul></nav></header>{scripts[1]}<main>"
        f"{_wrapped(rng, post, 4)}<div {_dress(rng, 'rail')}><h2>Related</h2>{_cards(rng, rng.randrange(8, 30))}</div>"
        f'<section id="comments"><ol class="comment-list">{comments}</ol></section></main>'
        f"<footer {_dress(rng, 'foot')}><ul>{foot}</ul><p>All rights reserved. The Made Press.</p></footer>"
        f"{''.join(scripts[2:])}</body></html>"
    ).encode()


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


class _Server(asyncio.Protocol):
    count, folder = 0, None

    def connection_made(self, transport):
        self.transport, self.held = transport, b""

    def data_received(self, data):
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head.split(b" ", 2)[1].decode()))

    def answer(self, path):
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
