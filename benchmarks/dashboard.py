"""The dashboard on 60,000 articles and three years: bytes, first chart, switches, CPU, pages a second, memory.

Wall-clock figures are medians in headless Chromium; on a busy machine they say more of the machine.
"""

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.browser.chromium import CHROMIUM, SWITCHES  # noqa: E402
from tests.made_press import Shape, make  # noqa: E402
from tests.press_site import serving  # noqa: E402

FULL, QUICK = Shape(weeks=156, rate=9.6), Shape(weeks=60, rate=1.0)
NAMES = [
    *("USA", "CHN", "IND", "JPN", "TWN", "RUS", "IDN", "MMR", "PHL", "AFG", "ISR", "SGP", "UKR", "AUS", "PRK", "KHM"),
    *("THA", "VNM", "MYS", "KOR", "asean", "un", "eu", "nato", "imf"),
]


def say(name, value, unit, better="lower", limit=None):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "better": better, "limit": limit}))


def fetch(url, packed=True):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"} if packed else {})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def processes(parent):
    """The process and those below it: pid -> command line."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found, known = {}, {parent}
    for row in rows.splitlines() * 3:
        pid, ppid, args = row.split(None, 2)
        if int(ppid) in known or int(pid) == parent:
            known.add(int(pid))
            found[int(pid)] = args
    return found


def cpu(pids):
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def megabytes(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def private(pid):
    """What would come free if the process ended: without the library pages that it shares with other workers."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024


def roles(client):
    """The renderer and the web workers of a running dashboard."""
    found = processes(client.process.pid)
    renderer = [p for p, a in found.items() if "dashboards.renderer" in a]
    workers = [p for p, a in found.items() if "spawn_main" in a] or [client.process.pid]
    return renderer[0], workers


def quiet(client):
    """Wait until the usual views are drawn: nothing burns CPU any more."""
    pids = list(processes(client.process.pid))
    before = -1.0
    while (now := cpu(pids)) - before > 0.1:
        before = now
        time.sleep(1)


def new_page_cpu(client, pages):
    pids = list(processes(client.process.pid))
    spent = []
    for path in pages:
        before = cpu(pids)
        fetch(client.origin + path)
        spent.append(cpu(pids) - before)
    return statistics.median(spent)


def rate(client, paths, threads):
    """Pages a second over some threads."""
    todo, lock = list(paths), threading.Lock()

    def work():
        while True:
            with lock:
                if not todo:
                    return
                path = todo.pop()
            fetch(client.origin + path)

    started = time.monotonic()
    crew = [threading.Thread(target=work) for _ in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return len(paths) / (time.monotonic() - started)


def in_browser(client):
    """Milliseconds to the first chart and for switches, stored and not."""
    from playwright.sync_api import sync_playwright

    first, stored, fresh = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for n in range(9):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(client.origin + "/")
            page.wait_for_timeout(100)
            first.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            names = f"{NAMES[n]},{NAMES[n + 9]}"
            page.goto(f"{client.origin}/?entities={names}")
            page.wait_for_timeout(200)
            fresh.append(switch(page, "Share"))
            switch(page, "Count")
            stored.append(switch(page, "Share"))
            context.close()
        browser.close()
    return map(statistics.median, (first, stored, fresh))


SWITCH = """(word) => new Promise((done) => {
  const before = document.documentElement.dataset.swapped || "0", started = performance.now();
  [...document.querySelectorAll(".seg a")].find((a) => a.textContent === word).click();
  const look = () => (document.documentElement.dataset.swapped || "0") !== before
    ? requestAnimationFrame(() => done(performance.now() - started)) : setTimeout(look, 2);
  look();
})"""


def switch(page, word):
    return page.evaluate(SWITCH, word)


def measure(folder, quick):
    with serving(folder) as client:
        fetch(client.origin + "/")
        quiet(client)
        page = fetch(client.origin + "/")
        say("first page, gzipped, with style and script", (len(page) + assets(client)) / 1000, "kB", limit=100)
        views = [f"/entity/{n}?weeks={w}" for n in NAMES[:8] for w in ("78",)]
        say("a page never drawn, CPU of all processes", new_page_cpu(client, views), "s", limit=0.6)
        if not quick:
            first, stored, fresh = in_browser(client)
            say("first chart from a stored chart", first, "ms", limit=250)
            say("a switch, stored", stored, "ms", limit=80)
            say("a switch, not stored", fresh, "ms", limit=300)
    with serving(folder, "--workers", "2") as client:
        fetch(client.origin + "/")
        quiet(client)
        stored = ["/", "/?unit=share", "/map", "/health"] * (20 if quick else 200)
        rate(client, stored[:40], 8)
        say("stored views a second, two workers", rate(client, stored, 8), "1/s", "higher", 200)
        new = [f"/?entities={a},{b}&weeks=64" for a in NAMES[:5] for b in NAMES[5 : 9 if quick else 17]]
        say("new views a second, two workers", rate(client, new, 4), "1/s", "higher", 3)
        memory(client, quick)


def assets(client):
    """Packed bytes of the style sheet and the script."""
    text = fetch(client.origin + "/", packed=False).decode()
    found = set(re.findall(r'"(/static/[^"]+\.(?:css|js))"', text))
    return sum(len(gzip.compress(fetch(client.origin + address))) for address in found)


def memory(client, quick):
    """Of a web worker and of the renderer, the latter after more than 600 charts."""
    renderer, workers = roles(client)
    early = megabytes(renderer)
    charts = [f"/?entities={a},{b},{c}&weeks=40" for a in NAMES[:8] for b in NAMES[8:14] for c in NAMES[14:22]]
    rate(client, charts[: 20 if quick else 310], 4)
    say("web worker, memory of its own", max(map(private, workers)), "MB", limit=150)
    say("web worker, resident, shared libraries included", max(map(megabytes, workers)), "MB")
    say("renderer, resident", megabytes(renderer), "MB", limit=300)
    say("renderer, growth over these charts", megabytes(renderer) - early, "MB", limit=40)


def cold_start(folder):
    started = time.monotonic()
    with serving(folder) as client:
        fetch(client.origin + "/")
        say("cold start to the first page", time.monotonic() - started, "s", limit=3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"articles: {make(folder, QUICK if quick else FULL)}", file=sys.stderr)
        cold_start(folder)
        measure(folder, quick)


if __name__ == "__main__":
    main()
