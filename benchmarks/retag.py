"""An archive of articles of 6 KB tagged again, read and written: CPU seconds of the process and of its workers.

First all of them, as after a change of the rules or word lists, then after an operator has added one alias.

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
from importlib.resources import files
from multiprocessing import forkserver
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from tagging import figure, made_texts  # noqa: E402

from monitor import gazetteer  # noqa: E402
from monitor.batch import Batch  # noqa: E402
from monitor.config import load_settings  # noqa: E402
from monitor.mention import tagger_version  # noqa: E402
from monitor.pipeline.knowledge import keep_gazetteer  # noqa: E402
from monitor.pipeline.retag import retag  # noqa: E402
from monitor.records import Article, Feed  # noqa: E402
from monitor.store import Warehouse  # noqa: E402

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIZE = 6000
ALL = 100_000
BATCH = 5000
WORD = "fishermen"


def articles(texts, first, count, version):
    """Articles of about 6 KB, each of texts drawn anew, that a version has tagged."""
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
                "en", len(text.split()), "full", None, text, tagger_version=version, extractor_version="made",
            )
        )  # fmt: skip
    return made


def fill(data, texts, count, version):
    with Warehouse.open(data, lambda: NOW) as warehouse:
        keep_gazetteer(warehouse, None)
        warehouse.sync_feeds([Feed("made", "Made", "https://made.example/rss", "made")])
        for first in range(0, count, BATCH):
            made = tuple(articles(texts, first, min(BATCH, count - first), version))
            warehouse.load(Batch("made", articles=made))


def added(folder):
    """An operator's folder with one alias more, a word of one labelled sentence."""
    header = files("monitor").joinpath("data/aliases.csv").read_text("utf-8").splitlines()[0]
    row = {"entity_id": "FJI", "alias": WORD, "language": "en", "form": "name", "case": "exact", "source": "own"}
    folder.mkdir()
    (folder / "aliases.csv").write_text(header + "\n" + ",".join(row.get(name, "") for name in header.split(",")))
    return folder


def spent():
    """Seconds of CPU of this process and of its workers, whose server is ended so that they are reckoned."""
    forkserver._forkserver._stop()
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(data, count, executor, texts, own):
    """CPU and wall seconds, and how many articles were tagged and mentions stored; `own` is an operator's folder."""
    fill(data, texts, count, tagger_version(gazetteer.version()) if own else "past")
    settings = load_settings({"data": data, "executor": executor, "gazetteer": own})
    before, began = spent(), time.perf_counter()
    report = retag(settings, lambda: NOW, apply=False)
    taken = spent() - before
    if report.articles + report.left != count or report.given_up or (report.left == 0) != (own is None):
        sys.exit(f"{report.articles} of {count} articles tagged, {report.left} left, {len(report.given_up)} given up")
    with Warehouse.open(data, lambda: NOW) as warehouse:
        mentions = warehouse.frame("SELECT count(*) AS n FROM base.next_mentions")["n"][0]
    return taken, time.perf_counter() - began, {"tagged": report.articles, "mentions": mentions}


def scaled(folder, count, executor, texts, own=None):
    """Seconds of CPU for 100,000 articles, start-up apart, and what else there is to tell."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        few, _, _ = measured(Path(name) / "few", count // 10, executor, texts, own)
        taken, wall, found = measured(Path(name) / "all", count, executor, texts, own)
    each = (taken - few) / (count - count // 10)
    start = taken - each * count
    more = {"articles": count, "wall_seconds": round(wall, 1), "start_seconds": round(start, 2), **found}
    return start + each * ALL, more


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
    limit = None if chosen.quick else 30
    with tempfile.TemporaryDirectory() as folder:
        full, more = scaled(folder, count, chosen.executor, texts)
        figure("100,000 articles of 6 KB tagged again, read and written", full, "s CPU", "lower", limit=limit, **more)
        some, more = scaled(folder, count, chosen.executor, texts, added(Path(folder) / "own"))
        name = "100,000 articles of 6 KB after one alias was added"
        told = {"peer": f"{more['tagged'] * 100 // count} % of them have a word of it and were tagged again"}
        figure(name, some, "s CPU", "lower", limit=limit, **more, **told)
        figure("one alias added over all tagged again", some / full, "ratio", "lower")


if __name__ == "__main__":
    main()
