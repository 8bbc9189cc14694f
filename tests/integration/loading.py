"""A process that loads, builds and publishes a made-up archive step by step, to be killed anywhere and run again."""

import sys
from pathlib import Path

from monitor import marts, publish
from monitor.story import signature_bands
from tests.sql import made

STEP = 6


def work(data: Path) -> None:
    feeds, items = made.archive(weeks=8, sources=3, per_week=3, seed=5)
    with made.open_warehouse(data) as warehouse:
        warehouse.sync_gazetteer(made.Gazetteer())
        warehouse.sync_feeds(feeds)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        for start in range(0, len(items), STEP):
            part = items[start : start + STEP]
            polls = [made.poll(f, [i for i in part if i.feed_id == f]) for f in sorted({i.feed_id for i in part})]
            warehouse.save_polls(f"r{start}", polls, made.NOW)
            bands = {i.article_id: signature_bands(i.text) for i in part}
            lines = {i.article_id: [1, i.article_id] for i in part}
            warehouse.load(made.batch(part, f"r{start}", bands, lines))
            marts.refresh(warehouse)
            assert not marts.check(warehouse)
            publish.publish(warehouse, made.NOW)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
