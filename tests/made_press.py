"""A made-up press: sources of several kinds, two years of articles about real names, an outage, a spike, a copy.

Used by the dashboard's tests and benchmark. Everything follows from the seed.
"""

import hashlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from monitor import gazetteer, marts, publish
from monitor.batch import Batch, EntryOutcome, PollResult
from monitor.records import Article, Entry, Feed, FeedState, Fetch, Mention, Window
from monitor.store import Warehouse

NOW = datetime(2026, 11, 19, 15, tzinfo=UTC)  # a Thursday: the week of the 16th is open
OPEN = date(2026, 11, 16)
SOURCES = [
    ("Asia Observer", "news", "Asia-Pacific", 10), ("Mekong Review", "commentary", "Southeast Asia", 4),
    ("Pacific Outlook", "commentary", "Pacific", 3), ("Strategic Digest", "think-tank", "Asia-Pacific", 3),
    ("Policy Forum", "commentary", "Asia-Pacific", 4), ("Harbour Institute", "think-tank", "East Asia", 2),
    ("Bay Bulletin", "news", "South Asia", 4), ("Ministry Gazette", "government", "Southeast Asia", 2),
    ("Island Times", "news", "Pacific", 3), ("Northern Analyst", "think-tank", "East Asia", 2),
    ("Trade Winds", "commentary", "Asia-Pacific", 3), ("Capital Letter", "commentary", "Europe", 2),
]  # fmt: skip
WEIGHTS = {
    "USA": 30, "CHN": 26, "IND": 16, "JPN": 14, "TWN": 12, "RUS": 10, "IDN": 9, "MMR": 9, "PHL": 9, "AFG": 3, "ISR": 5,
    "SGP": 7, "UKR": 4, "AUS": 8, "PRK": 6, "KHM": 7, "THA": 7, "VNM": 8, "MYS": 6, "KOR": 7, "FJI": 3, "PNG": 3,
    "MDV": 2, "TLS": 2, "LKA": 4, "asean": 18, "un": 11, "eu": 8, "nato": 5, "world-bank": 4, "imf": 3, "pif": 3,
    "quad": 4, "apec": 3,
}  # fmt: skip
SAYINGS = [
    "Officials concede that {} matters more to sanctions than they admit",
    "{} will host the next round of negotiations on labour migration",
    "Analysts expect {} to set out its position before the summit",
    "The communiqué leaves {} with fewer choices on debt relief",
    "For exporters in the region, {} remains the harder question",
    "A quiet bet on {} runs through the budget papers",
    "What {} wants from the digital trade rules is still unclear",
]
TOPICS = ["border talks", "debt relief", "the summit", "sea lanes", "digital trade", "river dams", "labour migration"]


@dataclass(frozen=True)
class Shape:
    weeks: int = 110
    rate: float = 1.0
    seed: int = 7
    outage: tuple[int, ...] = (30, 29)  # weeks back that nobody saw
    broken: int = 12  # weeks back that four sources failed in
    spike: int = 40  # weeks back that Ukraine rose in
    unread: int = 0  # weeks back of which the pages of every second source did not come (0: none)


@cache
def names():
    return gazetteer.load()


def shown_name(entity_id):
    entity = names().entities[entity_id]
    return entity.acronym or entity.name


def feeds():
    return [
        Feed(
            name.lower().replace(" ", "-"), name, f"https://{name.lower().replace(' ', '-')}.example/feed", name,
            kind, region, "en", ("core", "asean") if region == "Southeast Asia" else ("core",),
        )
        for name, kind, region, _ in SOURCES
    ]  # fmt: skip


def number(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def article(feed, key, when, chosen, rng, copy_of=None):
    """An article with one sentence for each chosen name, and its mentions with true spans."""
    url = f"https://{feed.feed_id}.example/{key}"
    lead = shown_name(chosen[0]) if chosen else "The week"
    title = f"{lead} and {rng.choice(TOPICS)}"
    text, mentions, zone = "", [], "lead"
    aid = number(url)
    if chosen:
        mentions.append(mention(chosen[0], lead, "title", "title", 0))
    for entity_id in [*chosen, None, None]:
        surface = shown_name(entity_id) if entity_id else "the region"
        saying = rng.choice(SAYINGS)
        start = len(text) + saying.index("{}")
        text += saying.format(surface) + ". "
        if entity_id:
            mentions.append(mention(entity_id, surface, "text", zone, start))
        zone = "body"
    values = {
        "article_id": aid, "feed_id": feed.feed_id, "url": url, "canonical_url": url, "title": title, "author": None,
        "published_at": when, "published_from": "feed", "fetched_at": when + timedelta(hours=2),
        "first_seen_at": when + timedelta(hours=1), "week": when.date() - timedelta(days=when.weekday()),
        "language": "en", "word_count": len(text.split()), "status": "full", "reason": None, "text": text.strip(),
        "story_id": copy_of, "tagger_version": "t1", "extractor_version": "e1",
    }  # fmt: skip
    return Article(**values), tuple(mentions)


def mention(entity_id, surface, field, zone, start):
    kind = names().entities[entity_id].kind
    form = "abbreviation" if surface.isupper() else "name"
    return Mention(entity_id, kind, form, surface, field, zone, True, start, start + len(surface), surface)


def weights_of(shape, back):
    """How likely each name is in the week that lies so many weeks back."""
    weights = dict(WEIGHTS)
    since = shape.spike - back
    if since >= 0:
        weights["UKR"] += int(60 * 0.82**since)
        weights["RUS"] += int(40 * 0.85**since)
    if back == 1:  # the last whole week: a border clash
        weights |= {"KHM": 60, "THA": 45}
    if back in (6, 5):
        weights["asean"] *= 3
    return weights


def written(shape):
    """All articles with their mentions, by week back from the open one."""
    rng = random.Random(shape.seed)
    for back in range(shape.weeks - 1, -1, -1):
        if back in shape.outage:
            continue
        monday = OPEN - timedelta(weeks=back)
        weights = weights_of(shape, back)
        for index, feed in enumerate(feeds()):
            if back == shape.broken and index in (1, 4, 7, 9):
                continue
            expected = SOURCES[index][3] * shape.rate * rng.uniform(0.7, 1.3)
            for n in range(max(1, round(expected * (0.45 if back == 0 else 1)))):
                day = monday + timedelta(days=rng.randrange(3 if back == 0 else 7))
                when = datetime(day.year, day.month, day.day, rng.randrange(6, 20), 5, tzinfo=UTC)
                chosen = list(dict.fromkeys(rng.choices(list(weights), list(weights.values()), k=rng.randint(1, 6))))
                made = article(feed, f"{back}-{n}", when, chosen, rng)
                yield headline(*made) if shape.unread and back == shape.unread and index % 2 else made


def headline(article, mentions):
    """The same with its page kept by an outage."""
    kept = replace(article, status="metadata", reason="timeout", text="", word_count=0)
    return kept, tuple(m for m in mentions if m.field == "title")


def polls(shape):
    """One poll a week and feed that saw the whole week, but for the outage and the broken week."""
    for index, feed in enumerate(feeds()):
        windows: list[Window] = []
        for back in range(shape.weeks - 1, -1, -1):
            if back in shape.outage or (back == shape.broken and index in (1, 4, 7, 9)):
                continue
            monday = datetime.combine(OPEN - timedelta(weeks=back), datetime.min.time(), UTC)
            end = min(monday + timedelta(days=7), NOW)
            # after a gap all entries are new: none of them was seen by the poll before
            known = bool(windows) and windows[-1].polled_at == monday
            windows.append(Window(feed.feed_id, "r1", end, monday, 20, 10 if known else 20, not windows))
        yield feed, windows


def fill(warehouse, shape=Shape()):
    """Load the press into an open warehouse."""
    warehouse.sync_gazetteer(names())
    warehouse.sync_feeds(feeds())
    warehouse.start_run("r1", NOW)
    batch, count = [], 0
    results = []
    for feed, windows in polls(shape):
        fetch = Fetch("r1", "feed", feed.url, NOW, 0.2, "ok", feed.feed_id, 200, 9000)
        for window in windows:
            state = FeedState(feed.feed_id, status="ok", last_poll_at=window.polled_at, last_ok_at=window.polled_at)
            results.append(PollResult(state, (fetch,) if window is windows[-1] else (), window))
    warehouse.save_polls("r1", results, NOW)
    for item in written(shape):
        batch.append(item)
        count += 1
        if len(batch) == 5000:
            _load(warehouse, batch)
            batch = []
    _load(warehouse, batch)
    warehouse.finish_run("r1", NOW, "completed", {"feeds_due": 12, "feeds_ok": 12, "feeds_failed": 0})
    return count


def _load(warehouse, batch):
    states = {a.feed_id: FeedState(a.feed_id, status="ok", last_poll_at=NOW, last_ok_at=NOW) for a, _ in batch}
    entries = {}
    for a, _ in batch:
        entry = Entry(
            a.feed_id, f"{a.article_id:x}", a.url, a.canonical_url, a.article_id, a.title, published_raw="raw",
            published_at=a.published_at,
        )  # fmt: skip
        entries.setdefault(a.feed_id, []).append(entry)
    results = [PollResult(states[feed_id], entries=tuple(found)) for feed_id, found in entries.items()]
    warehouse.save_polls("r1", results, NOW)
    outcomes = tuple(EntryOutcome(a.feed_id, f"{a.article_id:x}", "stored", None, a.article_id, 1) for a, _ in batch)
    mentions = {a.article_id: m for a, m in batch}
    warehouse.load(Batch("r1", (), tuple(a for a, _ in batch), mentions, {}, {}, outcomes))


def make(folder, shape=Shape(), now=NOW):
    """A published archive in a folder; returns how many articles it holds."""
    with Warehouse.open(folder, lambda: now) as warehouse:
        count = fill(warehouse, shape)
        marts.build(warehouse)
        publish.publish(warehouse, now)
    return count
