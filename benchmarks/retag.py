"""An archive of articles of 6 KB tagged again, read and written: CPU seconds of the process and of its workers.

`--texts FILE` makes the articles of JSON lines with a "text", several of them an article; without it, of the made
texts of benchmarks/tagging.py. A line is a paragraph, as in extracted texts. `--articles` says how many (100,000); with
fewer the figure is scaled to 100,000, start-up apart.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing import forkserver
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from tagging import figure, made_texts  # noqa: E402

from monitor import gazetteer  # noqa: E402
from monitor.batch import Batch  # noqa: E402
from monitor.config import load_settings  # noqa: E402
from monitor.pipeline.retag import retag  # noqa: E402
from monitor.records import Article, Feed  # noqa: E402
from monitor.store import Warehouse  # noqa: E402

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIZE = 6000
ALL = 100_000
BATCH = 5000


def articles(texts, first, count):
    """Articles of about 6 KB, each of texts drawn anew."""
    chance = random.Random(first)
    made = []
    for number in range(first, first + count):
        parts, size = [], 0
        while size < SIZE:
            parts.append(chance.choice(texts))
            size += len(parts[-1].encode())
        text = "\n".join(parts)[:SIZE]
        url = f"https://made.example/{number}"
        made.append(
            Article(
                number, "made", url, url, text[:60].split("\n")[0], None, NOW, "feed", NOW, NOW, date(2026, 11, 16),
                "en", len(text.split()), "full", None, text, tagger_version="past", extractor_version="made",
            )
        )  # fmt: skip
    return made


def fill(data, texts, count):
    with Warehouse.open(data, lambda: NOW) as warehouse:
        warehouse.sync_gazetteer(gazetteer.load())
        warehouse.sync_feeds([Feed("made", "Made", "https://made.example/rss", "made")])
        for first in range(0, count, BATCH):
            warehouse.load(Batch("made", articles=tuple(articles(texts, first, min(BATCH, count - first)))), NOW)


def spent():
    """Seconds of CPU of this process and of its workers, whose server is ended so that they are reckoned."""
    forkserver._forkserver._stop()
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(data, count, executor, texts):
    fill(data, texts, count)
    settings = load_settings({"data": data, "executor": executor})
    before, began = spent(), time.perf_counter()
    report = retag(settings, lambda: NOW, apply=False)
    taken = spent() - before
    if report.articles != count or report.given_up:
        sys.exit(f"{report.articles} of {count} articles tagged, {len(report.given_up)} given up")
    with Warehouse.open(data, lambda: NOW) as warehouse:
        mentions = warehouse.frame("SELECT count(*) AS n FROM base.next_mentions")["n"][0]
    return taken, time.perf_counter() - began, mentions


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--executor", default="processes")
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    count = chosen.articles or (4000 if chosen.quick else ALL)
    texts = made_texts(2)
    if chosen.texts:
        texts = [json.loads(line)["text"] for line in chosen.texts.read_text("utf-8").splitlines()]
    texts = ["\n".join(part.replace("\n", " ") for part in text.split("\n\n")) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        few, _, _ = measured(Path(folder) / "few", count // 10, chosen.executor, texts)
        taken, wall, mentions = measured(Path(folder) / "all", count, chosen.executor, texts)
    each = (taken - few) / (count - count // 10)
    start = taken - each * count
    scaled = start + each * ALL
    more = {"articles": count, "mentions": mentions, "wall_seconds": round(wall, 1), "start_seconds": round(start, 2)}
    limit = None if chosen.quick else 30
    figure("100,000 articles of 6 KB tagged again, read and written", scaled, "s CPU", "lower", limit=limit, **more)


if __name__ == "__main__":
    main()
