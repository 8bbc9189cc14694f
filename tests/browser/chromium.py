"""A browser for tests: Debian's Chromium driven by Playwright; axe-core from a package, when there is one."""

import os
import shutil
import subprocess
import tarfile
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip
AXE = "axe-core@4"


@pytest.fixture(scope="module")  # while it is open, its event loop runs in this thread
def chromium():
    """The browser; without one the tests are skipped, unless MONITOR_REQUIRE_BROWSER=1 says that this is a failure."""
    if not Path(CHROMIUM).exists():
        said = f"no browser at {CHROMIUM}: apt-get install chromium"
        if os.environ.get("MONITOR_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page that remembers what it asked for and what it complained of."""
    with opened(chromium) as tab:
        yield tab


@contextmanager
def opened(chromium, **options):
    """A page in a context of its own."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"} | options)
    found = context.new_page()
    found.requests, found.complaints = [], []
    found.on("request", lambda request: found.requests.append(request.url))
    found.on("console", lambda m: found.complaints.append(m.text) if m.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: found.complaints.append(str(error)))
    yield found
    context.close()


def wait_until(page, expression, seconds=10):
    """Poll: Playwright's own waiting for a function fails under a strict content policy."""
    for _ in range(int(seconds * 20)):
        with suppress(Error):  # a navigation under way takes the answer along
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The source of axe-core (MPL-2.0, not ours to keep here): from a Python package that carries it, else from npm."""
    try:
        return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        pass
    folder = tmp_path_factory.mktemp("axe")
    if shutil.which("npm"):
        packed = subprocess.run(
            ["npm", "pack", AXE, "--silent"], cwd=folder, capture_output=True, text=True, timeout=120
        )
        if packed.returncode == 0:
            with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
                return archive.extractfile("package/axe.min.js").read().decode()
    pytest.skip("axe-core is not at hand: neither npm nor the package axe-playwright-python gives it")
