"""What is saved when the feed said it: title, author and date, or the whole text. CPU, interleaved, medians."""

import argparse
import json
import statistics
import time
from pathlib import Path

import _site

from monitor.article.extract import extract
from monitor.records import Page

URL = "https://press.example/2026/05/a-page"


def html_page(body):
    return Page(URL, URL, body, "text/html; charset=utf-8")


def without_head(body):
    """The page with its head's title and date gone, so that they have to be searched for."""
    return body.replace(b"og:title", b"og:none").replace(b"<time ", b"<span ").replace(b"</time>", b"</span>")


def spent(work, things):
    began = time.process_time()
    for thing in things:
        assert work(thing).text
    return (time.process_time() - began) / len(things)


def say(name, value, **more):
    print(json.dumps({"name": name, "value": round(value, 4), "unit": "x", "better": "lower", "ratio": True, **more}))


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--pages", type=Path, help="a folder of real pages")
    given = ask.parse_args()
    pages = [html_page(without_head(_site.page(n, given.pages))) for n in range(40 if given.quick else 150)]
    texts = [extract(page, with_metadata=False).text for page in pages]
    feeds = [
        Page(URL, URL, "".join(f"<p>{line}</p>" for line in text.split("\n")).encode(), from_feed=True)
        for text in texts
    ]
    rounds = [
        (
            spent(lambda p: extract(p, with_metadata=True), pages),
            spent(lambda p: extract(p, with_metadata=False), pages),
            spent(extract, feeds),
        )
        for _ in range(6)
    ][1:]
    whole, bare, fed = (statistics.median(r[k] for r in rounds) for k in range(3))
    peer = f"with metadata {1000 * whole:.2f} ms, without {1000 * bare:.2f} ms, feed's text {1000 * fed:.2f} ms a page"
    say("feed gives title, author, date: share of extraction with metadata",
        statistics.median(b / a for a, b, _ in rounds), limit=0.75, noise=0.15, peer=peer)  # fmt: skip
    say("feed gives the text: share of extraction with metadata",
        statistics.median(c / a for a, _, c in rounds), limit=0.15, noise=0.3)  # fmt: skip


if __name__ == "__main__":
    main()
