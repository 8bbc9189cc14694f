"""The dashboard's page queries at a million articles, within its limits of memory, threads and seconds.

The archive is that of _made_archive.py; the widest views are asked for: names in most articles, over all weeks.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from _made_archive import NOW, made  # noqa: E402
from dashboards.site import LIMITS, Setup, Site  # noqa: E402

from monitor import marts, publish  # noqa: E402
from monitor.queries import Archive  # noqa: E402
from monitor.store import Warehouse  # noqa: E402

SIX = "E000,E001,E002,E003,E004,E005"
PAGES = [
    "/", f"/?weeks=all&entities={SIX}",
    f"/?weeks=all&entities={SIX}&source_type=news&region=asia&salience=repeated&form=name",
    "/?as_of=1", "/entity/E000?weeks=all", "/entity/E000?weeks=all&source_type=news",
    "/evidence?entities=E000&weeks=all&page=500",
    "/evidence?entities=E000&weeks=all&format=csv", "/pair/E000/E001?weeks=all", "/bloc/E250?weeks=all",
    "/source/p7?weeks=all", f"/compare?weeks=all&entities={SIX}", "/map?weeks=104", "/pairs", "/health", "/observed",
    "/search?weeks=all&words=w123", "/search?weeks=all&words=nowhere", "/alerts.atom",
]  # fmt: skip


class NoDrawings:
    """Charts are not what is measured here."""

    def svg(self, _):
        """Nothing is drawn."""
        return "<svg></svg>"


@contextmanager
def timed():
    """The CPU seconds of each named query while it lasts: (seconds, name)."""
    spent, named = [], Archive.named

    def measured(archive, name, params=None):
        before = time.process_time()
        try:
            return named(archive, name, params)
        finally:
            spent.append((time.process_time() - before, name))

    Archive.named = measured
    yield spent
    Archive.named = named


def ask(site, address):
    path, _, query = address.partition("?")
    return site.answer(path, dict(part.split("=") for part in query.split("&") if part), "http://127.0.0.1")


def measure(folder, store):
    site = Site(Setup(folder, store), lambda: datetime.now(UTC))
    site.drawings = NoDrawings()
    slowest, pages, failed = (0.0, ""), (0.0, ""), []
    for address in PAGES:
        with timed() as spent:
            before = time.process_time()
            if ask(site, address).status != 200:
                failed.append(address)
            pages = max(pages, (time.process_time() - before, address))
        slowest = max(slowest, *spent)
    say("the slowest query of a page, CPU", slowest[0], "s", LIMITS.seconds, slowest[1])
    say("the slowest page, CPU without its drawings", pages[0], "s", None, pages[1])
    say("pages that asked for too much", len(failed), "pages", 0, " ".join(failed))


def say(name, value, unit, limit, peer):
    print(json.dumps({"name": name, "value": value, "unit": unit, "better": "lower", "limit": limit, "peer": peer}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a twentieth of the rows")
    parser.add_argument("--keep", type=Path, help="keep the archive in this folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name) / "data"
        if not (folder / "monitor.duckdb").exists():
            made(folder, 50_000 if given.quick else 1_000_000)
            with Warehouse.open(folder, lambda: NOW) as opened:
                marts.refresh(opened)
                publish.publish(opened, NOW)
        measure(folder, Path(name))


if __name__ == "__main__":
    main()
