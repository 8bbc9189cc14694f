"""Made pages as the jobs of a run, and what a run of them stores."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.batch import Batch, EntryOutcome, PendingEntry, PollResult
from monitor.gazetteer import load
from monitor.pipeline.jobs import PageJob
from monitor.records import Entry, Feed, FeedState, Page, Window
from monitor.urls import article_id

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH, LOAD = 50, 400  # as a run's
HTML = "text/html; charset=utf-8"


def page(number, names):
    """A page of some 600 words with a dozen names, in the furniture of a news site."""
    rng = random.Random(number)
    words = (ROOT / "src/monitor/data/sample/themes/trade.txt").read_text("utf-8").split()
    paragraphs = []
    for _ in range(8):
        chosen = rng.choices(words, k=70)
        for at in rng.sample(range(70), 2):
            chosen[at] = rng.choice(names)
        paragraphs.append(f"<p>{' '.join(chosen)}.</p>")
    links = "".join(f"<li><a href='/section/{n}'>Section {n} and more</a></li>" for n in range(60))
    body = f"<article><h1>Report {number}</h1>{''.join(paragraphs)}</article>"
    head = f"<html lang='en'><head><title>Report {number}</title></head>"
    return f"{head}<body><ul>{links}</ul><main>{body}</main></body></html>"


def feeds(count=20):
    return [Feed(f"f{n}", f"Feed {n}", f"https://f{n}.example/feed", f"f{n}", source_type="news") for n in range(count)]


def pending(number):
    url = f"https://f{number % 20}.example/{number}"
    day = NOW - timedelta(days=number % 180)
    entry = Entry(f"f{number % 20}", f"e{number}", url, url, article_id(url), f"Report {number}", published_at=day)
    return PendingEntry(entry, f"f{number % 20}", "en", None, NOW, False, False, 0)


def small_pages():
    """Makes pages of 7 kB: there is little to do for each, so what handing them out costs shows most."""
    names = [e.name for e in load().entities.values() if e.kind == "country"][:120]
    return lambda number: page(number, names).encode()


def batches(count, body=None):
    body, jobs = body or small_pages(), []
    for number in range(count):
        p = pending(number)
        jobs.append(PageJob(p, Page(p.entry.url, p.entry.url, body(number), HTML), None, NOW))
    return [jobs[start : start + BATCH] for start in range(0, count, BATCH)]


def batch_of(done):
    return Batch(
        "r1",
        articles=tuple(d.article for d in done),
        mentions={d.article.article_id: d.mentions for d in done},
        bands={d.article.article_id: d.bands for d in done},
        lines={d.article.article_id: d.lines for d in done},
        outcomes=tuple(
            EntryOutcome(d.article.feed_id, d.job.pending.entry.entry_id, "stored", None, d.article.article_id, 1)
            for d in done
        ),
    )


def prepare(warehouse, entries):
    warehouse.sync_gazetteer(load())
    warehouse.sync_feeds(feeds())
    warehouse.start_run("r1", NOW)
    polls = []
    for feed in feeds():
        mine = tuple(p.entry for p in entries if p.entry.feed_id == feed.feed_id)
        window = Window(feed.feed_id, "r1", NOW, NOW - timedelta(days=200), len(mine), len(mine), True)
        polls.append(PollResult(FeedState(feed.feed_id, status="ok", last_ok_at=NOW), (), window, mine))
    warehouse.save_polls("r1", polls, NOW)
