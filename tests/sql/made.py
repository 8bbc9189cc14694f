"""Small made-up archives: a gazetteer, feeds, articles with true spans, and a warehouse filled from them."""

import hashlib
import random
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from monitor import marts, publish
from monitor.batch import Batch, EntryOutcome, PollResult
from monitor.records import Alias, Article, Entity, Entry, Feed, FeedState, Fetch, Mention, Window
from monitor.store import Warehouse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENTITIES = [
    Entity("KHM", "country", "Cambodia", "KH", "KHM", "South-east Asia"),
    Entity("THA", "country", "Thailand", "TH", "THA", "South-east Asia"),
    Entity("VNM", "country", "Viet Nam", "VN", "VNM", "South-east Asia"),
    Entity("CHN", "country", "China", "CN", "CHN", "East Asia"),
    Entity("SUHH", "historical", "Soviet Union", successor_id="RUS"),
    Entity("RUS", "country", "Russia", "RU", "RUS", "Europe"),
    Entity("asean", "organisation", "Association of Southeast Asian Nations", acronym="ASEAN"),
    Entity("un", "organisation", "United Nations", acronym="UN"),
]
REGION = Entity("mekong", "region", "Mekong region")  # is mentioned, and has no weekly counts
NAMES = {
    "Cambodia": ("KHM", "name"),
    "Cambodian": ("KHM", "demonym"),
    "Thailand": ("THA", "name"),
    "Viet Nam": ("VNM", "name"),
    "China": ("CHN", "name"),
    "Soviet Union": ("SUHH", "historical"),
    "Russia": ("RUS", "name"),
    "ASEAN": ("asean", "abbreviation"),
    "United Nations": ("un", "name"),
}
_KINDS = {entity.entity_id: entity.kind for entity in ENTITIES}
_PATTERN = re.compile("|".join(rf"\b{name}\b" for name in sorted(NAMES, key=len, reverse=True)))


@dataclass(frozen=True)
class Membership:
    entity_id: str
    bloc_id: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Gazetteer:
    version: str = "g1"
    entities: dict = field(default_factory=lambda: {e.entity_id: e for e in [*ENTITIES, REGION]})
    aliases: tuple = tuple(Alias(entity_id, name, form=form) for name, (entity_id, form) in NAMES.items())
    memberships: tuple = (
        Membership("KHM", "asean", date(1999, 4, 30)),
        Membership("THA", "asean", date(1967, 8, 8)),
        Membership("VNM", "asean", date(1995, 7, 28)),
    )


def number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def feed(feed_id: str, publisher: str | None = None, **more) -> Feed:
    more = {"source_type": "commentary", "region": "asia", "language": "en", "collections": ("core",)} | more
    return Feed(feed_id, feed_id.title(), f"https://{feed_id}.example/feed", publisher or feed_id, **more)


def tag(field_name: str, text: str) -> list[Mention]:
    mentions = []
    for match in _PATTERN.finditer(text):
        entity_id, form = NAMES[match[0]]
        zone = "title" if field_name == "title" else "lead" if match.start() < 80 else "body"
        mentions.append(
            Mention(
                entity_id,
                _KINDS[entity_id],
                form,
                match[0],
                field_name,
                zone,
                True,
                match.start(),
                match.end(),
                match[0],
            )
        )
    return mentions


def mentions_of(article: Article) -> tuple[Mention, ...]:
    return (*tag("title", article.title), *tag("text", article.text))


def article(feed_id: str, key: str, day: str | None, text: str, title: str = "A title", **more) -> Article:
    url = f"https://{feed_id}.example/{key}"
    when = at(day) if day else None
    seen = when + timedelta(hours=1) if when else NOW
    values = {
        "article_id": number(url), "feed_id": feed_id, "url": url, "canonical_url": url, "title": title,
        "author": None, "published_at": when, "published_from": "feed" if when else "none", "fetched_at": seen,
        "first_seen_at": seen, "week": monday(when.date()) if when else None, "language": "en",
        "word_count": len(text.split()), "status": "full", "reason": None, "text": text, "tagger_version": "t1",
        "extractor_version": "e1",
    }  # fmt: skip
    return Article(**(values | more))


def entry_of(item: Article, entry_id: str | None = None, feed_id: str | None = None) -> Entry:
    return Entry(
        feed_id or item.feed_id, entry_id or f"{item.article_id:x}", item.url, item.canonical_url, item.article_id,
        item.title, published_raw="raw", published_at=item.published_at,
    )  # fmt: skip


def batch(items, run_id="r1", bands=None, lines=None, mentions=None, fetches=()) -> Batch:
    outcomes = tuple(
        EntryOutcome(i.feed_id, f"{i.article_id:x}", "stored", i.reason, i.article_id, attempts=1) for i in items
    )
    return Batch(
        run_id, tuple(fetches), tuple(items), mentions or {i.article_id: mentions_of(i) for i in items},
        bands or {}, lines or {}, outcomes,
    )  # fmt: skip


def window(feed_id: str, polled: datetime, oldest: datetime | None, *, first=False, entries=10, new=1) -> Window:
    return Window(feed_id, "r1", polled, oldest, entries, new, first)


def poll(feed_id: str, items=(), polled=NOW, oldest=None, *, first=False, **more) -> PollResult:
    state = FeedState(feed_id, status="ok", last_poll_at=polled, last_ok_at=polled)
    oldest = oldest or min((i.published_at for i in items if i.published_at), default=None)
    fetch = Fetch("r1", "feed", f"https://{feed_id}.example/feed", polled, 0.1, "ok", feed_id, 200, 1000)
    return PollResult(
        state, (fetch,), window(feed_id, polled, oldest, first=first), tuple(map(entry_of, items)), **more
    )


def open_warehouse(path, now=NOW) -> Warehouse:
    return Warehouse.open(path, lambda: now)


def store(warehouse: Warehouse, feeds, items, *, polls=None, run_id="r1", now=NOW, **more) -> None:
    """Feeds, polls that cover all of their articles' time, and the articles."""
    warehouse.sync_gazetteer(Gazetteer())
    warehouse.sync_feeds(feeds)
    warehouse.start_run(run_id, now)
    if polls is None:
        polls = [poll(f.feed_id, [i for i in items if i.feed_id == f.feed_id], now, first=True) for f in feeds]
    warehouse.save_polls(run_id, polls, now)
    warehouse.load(batch(items, run_id, **more))
    warehouse.finish_run(run_id, now, "completed", {})


def publish_archive(folder, weeks: int):
    """An archive of so many weeks, built and published in a folder, closed; the folder."""
    with open_warehouse(folder) as warehouse:
        store(warehouse, *archive(weeks=weeks))
        marts.refresh(warehouse)
        publish.publish(warehouse, NOW)
    return folder


_TALK = """officials said the talks would resume next month despite a quiet year for trade ministers weighing new rules
on shipping energy and digital services while border villages waited for news of the harvest and rivers ran low"""
FILLER = _TALK.split()


def paragraph(rng: random.Random, words: int, names: list[str]) -> str:
    """Plain filler with names strewn in, in sentences of a dozen words."""
    chosen = [rng.choice(FILLER) for _ in range(words)]
    for name in names:
        chosen[rng.randrange(words)] = name
    pieces = [" ".join(chosen[i : i + 12]) for i in range(0, words, 12)]
    return " ".join(piece[0].upper() + piece[1:] + "." for piece in pieces)


def archive(weeks=12, sources=4, per_week=3, seed=1, last=date(2026, 11, 16)):
    """Feeds and articles over some weeks, the last of which begins at `last`."""
    rng = random.Random(seed)
    types = ("commentary", "think-tank", "news", "government")
    feeds = [
        feed(f"source{i}", source_type=types[i % 4], collections=("core", "asean", f"c{i % 2}")) for i in range(sources)
    ]
    items = []
    for back in range(weeks):
        start = last - timedelta(weeks=back)
        for f in feeds:
            for k in range(per_week):
                day = start + timedelta(days=rng.randrange(6))
                names = rng.choices(list(NAMES), weights=range(len(NAMES), 0, -1), k=rng.randrange(1, 7))
                title = f"On {rng.choice(list(NAMES))} and {rng.choice(FILLER)} {back} {k}"
                items.append(article(f.feed_id, f"{back}-{k}", day.isoformat(), paragraph(rng, 90, names), title))
    return feeds, items


def backdated(item: Article, days: int) -> Article:
    moved = item.published_at - timedelta(days=days)
    return replace(item, published_at=moved, week=monday(moved.date()))
