"""An archive at work: what can happen to its numbers between two publishes, each by the store's own functions."""

import shutil
from copy import copy
from dataclasses import replace
from datetime import timedelta

from monitor import marts, publish
from monitor.article.plain import line_hashes
from monitor.queries import open_archive
from monitor.records import Mention
from monitor.store import Warehouse, boilerplate, retag
from monitor.store.forget import bury, compact, look
from monitor.store.frames import mentions_frame
from monitor.store.zone import sync_week_zone
from monitor.story import signature_bands
from tests.sql import made

MEASURES = ("articles", "stories", "sources", "mentions")


class Desk:
    """One writer with a clock of its own; `now` moves on by a minute with everything that happens."""

    def __init__(self, folder, now=made.NOW):
        self.now = now
        self.warehouse = Warehouse.open(folder, lambda: self.now)
        self.warehouse.sync_gazetteer(made.Gazetteer())
        self.feeds = {}
        self.items = {}
        self.run = 0

    def at_a_copy(self, folder):
        """Another desk that goes on from here, in a copy of this one's folder; this one was closed."""
        other = copy(self)
        other.feeds, other.items = dict(self.feeds), dict(self.items)
        shutil.copytree(self.warehouse.data, folder, symlinks=True)
        other.warehouse = Warehouse.open(folder, lambda: other.now)
        return other

    def declare(self, *feeds):
        self.feeds |= {f.feed_id: f for f in feeds}
        self.warehouse.sync_feeds(list(self.feeds.values()))

    def retire(self, feed_id):
        del self.feeds[feed_id]
        self.warehouse.sync_feeds(list(self.feeds.values()))

    def tick(self):
        self.now += timedelta(minutes=1)
        self.run += 1
        return f"run{self.run}"

    def arrive(self, *items, first=False, backfilled=False):
        """Items polled and loaded in one run, at whose end repeated lines are looked for."""
        run = self.tick()
        items = [replace(i, is_backfilled=backfilled) for i in items]
        self.items |= {i.article_id: i for i in items}
        self.warehouse.start_run(run, self.now)
        polls = [
            made.poll(f, [i for i in items if i.feed_id == f], self.now, first=first, backfilled=backfilled)
            for f in sorted({i.feed_id for i in items})
        ]
        self.warehouse.save_polls(run, polls, self.now)
        bands = {i.article_id: signature_bands(i.text) for i in items}
        lines = {i.article_id: line_hashes(i.text) for i in items}
        self.warehouse.load(made.batch(items, run, bands, lines))
        boilerplate.revise(self.warehouse.connection, self.now)
        self.warehouse.finish_run(run, self.now, "completed", {})

    def retag(self, version, tag=made.tag):
        """Tag all articles again by a function of (field, text), and switch."""
        self.tick()
        con = self.warehouse.connection
        for page in retag.untagged(con, version, 50):
            lines = self.warehouse.known_lines(sorted({a.publisher for a in page}))
            mentions = {
                a.article_id: [*tag("title", a.title), *plain(tag("text", a.text), a.text, lines[a.publisher])]
                for a in page
            }
            retag.save_tagged(con, version, list(mentions), mentions_frame(page, mentions))
        self.warehouse.sync_gazetteer(made.Gazetteer(version))
        retag.switch(con, version, self.now)

    def forget(self, target):
        self.tick()
        bury(self.warehouse, look(self.warehouse, target), "asked", self.now)
        compact(self.warehouse)

    def zone(self, name):
        self.tick()
        sync_week_zone(self.warehouse, name)

    def publish(self):
        self.tick()
        marts.refresh(self.warehouse)
        assert marts.check(self.warehouse) == []
        publish.publish(self.warehouse, self.now)

    def parts(self, before, after, entity="KHM"):
        """{(week, reason): (articles, stories, sources, mentions)} of the difference between two vintages."""
        with open_archive(self.warehouse.place) as archive:
            found = archive.diff(before, after).filter(entity_id=entity)
        return {(str(r["week"]), r["reason"]): tuple(r[m] for m in MEASURES) for r in found.to_dicts()}

    def events(self, before, after):
        with open_archive(self.warehouse.place) as archive:
            return archive.diff_events(before, after).rows()

    def close(self):
        self.warehouse.close()


def plain(mentions, text, lines):
    """Mentions in lines that are boilerplate are not counted."""
    known, start = [], 0
    for line in text.split("\n"):
        if set(line_hashes(line)) & lines:
            known.append((start, start + len(line)))
        start += len(line) + 1
    return [
        m._replace(zone="boilerplate", counted=False) if any(a <= m.char_start < b for a, b in known) else m
        for m in mentions
    ]


def tag_all_as(entity_id, word):
    """A tagger that knows one word more."""

    def tag(field, text):
        start = text.find(word)
        found = made.tag(field, text)
        if start >= 0:
            form = Mention(entity_id, "country", "name", word, field, "body", True, start, start + len(word), word)
            found.append(form)
        return found

    return tag
