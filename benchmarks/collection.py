"""Figures of collection: what a poll, a parse, a page and a gzip bomb cost. One JSON object a line.

`--quick` measures less. The server is a process of its own, so that CPU time is the client's alone.
"""

import argparse
import asyncio
import io
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import feedparser
from _documents import NOW, document, paragraphs, web_page
from _feed_server import HOSTS, serving
from _figure import figure

from monitor import poll
from monitor.article.extract import extract
from monitor.feed import parse_feed
from monitor.records import Feed, FeedState, Page
from monitor.web import Web, WebSettings

SETTINGS = {"allow_network": ("127.0.0.0/16",), "host_delay": 0.0, "timeout": 60.0, "connections": 100}


def cpu(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def median_cpu(work, times):
    work()
    return statistics.median(cpu(work) for _ in range(times))


async def poll_all(ports, count):
    """Poll `count` unchanged feeds, decisions included."""
    feed, state = Feed("f", "F", "http://f/", "f"), FeedState("f", etag='"x"')

    async def one(web, i):
        host = HOSTS[i % len(HOSTS)]
        response = await web.get(f"http://{host}:{ports[host]}/feed/{i}", kind="feed", etag=state.etag)
        after = poll.decide(state, feed, response, None, new=0, entry_times=(), now=NOW, jitter=0.5)
        return response.outcome == "not_modified" and after.status == "ok"

    async with Web(WebSettings(**SETTINGS), lambda: datetime.now(UTC)) as web:
        return await asyncio.gather(*(one(web, i) for i in range(count)))


async def bare_all(ports, count):
    """The same requests by aiohttp alone."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:

        async def one(i):
            host = HOSTS[i % len(HOSTS)]
            async with session.get(f"http://{host}:{ports[host]}/feed/{i}", headers={"If-None-Match": '"x"'}) as answer:
                return answer.status == 304

        return await asyncio.gather(*(one(i) for i in range(count)))


def polls(ports, quick):
    count = 1000 if quick else 10_000
    assert all(asyncio.run(poll_all(ports, 200)))
    assert all(asyncio.run(bare_all(ports, 200)))
    ours = cpu(lambda: asyncio.run(poll_all(ports, count)))
    bare = cpu(lambda: asyncio.run(bare_all(ports, count)))
    figure(
        "unchanged feed, client CPU",
        1000 * ours / count,
        "ms",
        limit=1.0,
        peer=f"aiohttp alone {1000 * bare / count:.2f} ms",
    )
    figure("unchanged feed, share of aiohttp alone", ours / bare, "x", ratio=True, noise=0.3)
    figure("10,000 feeds answering 304, client CPU", ours * 10_000 / count, "s", limit=30.0)


def parses(quick):
    times = 5 if quick else 11
    for kind, full, limit in (("full texts", True, 0.35), ("summaries", False, 0.35)):
        body = document(100, full=full)
        assert len(parse_feed(body, "https://example.com/feed", now=NOW).entries) == 100
        ours = median_cpu(lambda body=body: parse_feed(body, "https://example.com/feed", now=NOW), times)
        peer = median_cpu(lambda body=body: feedparser.parse(io.BytesIO(body)), times)
        name = f"changed feed of 100 {kind}"
        figure(f"{name}, CPU", 1000 * ours, "ms", peer=f"feedparser's defaults {1000 * peer:.0f} ms")
        figure(f"{name}, share of feedparser's defaults", ours / peer, "x", limit=limit, ratio=True, noise=0.25)


def pages(quick):
    count = 20 if quick else 100
    bodies = [web_page(i) for i in range(count)]
    texts = ["".join(f"<p>{p}</p>" for p in paragraphs(i, 12)).encode() for i in range(count)]

    def from_pages(with_metadata):
        for body in bodies:
            found = extract(Page("https://e.com/a", "https://e.com/a", body, "text/html"), with_metadata=with_metadata)
            assert found.status == "full"

    def from_feed():
        for text in texts:
            assert extract(Page("https://e.com/a", "https://e.com/a", text, from_feed=True)).status == "full"

    whole = median_cpu(lambda: from_pages(True), 5) / count
    bare = median_cpu(lambda: from_pages(False), 5) / count
    fed = median_cpu(from_feed, 5) / count
    figure("page to article with its metadata, CPU", 1000 * whole, "ms", peer=f"without metadata {1000 * bare:.1f} ms")
    figure("text in the feed, share of a page's cost", fed / bare, "x", ratio=True, noise=0.3)


def grown(code, *arguments):
    """Run code in a process of its own and return the number it prints."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout)


BOMB = """
import asyncio, sys, threading, time
from datetime import UTC, datetime
from pathlib import Path
from monitor.web import Web, WebSettings
settings = WebSettings(allow_network=("127.0.0.0/16",), host_delay=0.0, timeout=60.0)
sizes = []
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
def watch():
    while sizes is not None and not done:
        sizes.append(resident())
        time.sleep(0.001)
done = []
async def main():
    async with Web(settings, lambda: datetime.now(UTC)) as web:
        assert (await web.get(sys.argv[1] + "/feed", kind="feed")).outcome == "ok"
        before = resident()
        watcher = threading.Thread(target=watch)
        watcher.start()
        assert (await web.get(sys.argv[1] + "/bomb", kind="feed")).outcome == "too_large"
        done.append(True)
        watcher.join()
        print(max(sizes) - before)
asyncio.run(main())
"""
WORKER = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import collection
import monitor.pipeline.worker
from monitor.article.extract import extract
from monitor.gazetteer import load
from monitor.mention import Tagger
from monitor.records import Page
tagger = Tagger(load(None))
for i in range(int(sys.argv[2])):
    found = extract(Page("https://e.com/a", "https://e.com/a", collection.web_page(i), "text/html"))
    tagger.tag(found.text, found.title)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def memory(ports, quick):
    host = HOSTS[0]
    figure("gzip bomb of 300 MB, growth of the client", grown(BOMB, f"http://{host}:{ports[host]}"), "MB", limit=20.0)
    here = str(Path(__file__).resolve().parent)
    figure("a worker's peak memory", grown(WORKER, here, "30" if quick else "300"), "MB", limit=250.0)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    options = arguments.parse_args()
    parses(options.quick)
    pages(options.quick)
    with serving() as ports:
        polls(ports, options.quick)
        memory(ports, options.quick)


if __name__ == "__main__":
    main()
