# ruff: noqa: F811  # fixtures are imported by their names
"""The dashboard in a real browser: reading down to the source, switches, keyboard, phone, dark, and nothing outside."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.browser.chromium import axe, chromium, opened, page, wait_until  # noqa: F401  # fixtures
from tests.contract.tree import ROOT
from tests.made_press import NOW, Shape, feeds, make
from tests.press_site import serving

from monitor import marts, publish
from monitor.store import Warehouse

pytestmark = pytest.mark.browser

PAGES = [
    "/", "/?unit=share&weeks=all&entities=KHM,THA,asean,USA,CHN,UKR", "/entity/KHM",
    "/evidence?entities=KHM&week=2026-11-09",
    "/observed", "/pair/KHM/THA", "/bloc/asean", "/source/Asia%20Observer", "/search?words=debt", "/search",
    "/compare?entities=KHM,THA", "/map", "/pairs", "/health", "/method", "/watch/mekong", "/download", "/nothing-here",
    "/?source_type=commentary", "/?as_of=1",
]  # fmt: skip
SETTINGS = {
    "light": {}, "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}  # fmt: skip


def ready(page):
    wait_until(page, "document.documentElement.dataset.ready === '1'")


def test_from_a_point_to_its_sentences_to_the_source(page, client):
    page.goto(client.origin + "/?entities=KHM")
    ready(page)
    point = page.locator(".wide .chart a[aria-label*='week of 9 Nov 2026']").first
    told = point.get_attribute("aria-label")
    articles = re.search(r": (\d+) of \d+ articles", told)[1]
    point.click(force=True)
    wait_until(page, "location.pathname === '/evidence'")
    assert f"{articles} articles" in page.locator("main").inner_text()
    assert page.locator("mark").first.inner_text() == "Cambodia"
    source = page.locator(".src a[rel~=external]").first
    assert source.get_attribute("href").startswith("https://")
    assert "noopener" in source.get_attribute("rel")


def test_a_switch_swaps_the_chart_and_back_undoes_it(page, client):
    page.goto(client.origin + "/?entities=KHM,THA")
    ready(page)
    heading = page.locator("#h-trend")
    assert heading.inner_text() == "Articles per week"
    page.get_by_role("link", name="Share", exact=True).click()
    wait_until(page, "document.querySelector('#h-trend').textContent.startsWith('Share')")
    assert page.evaluate("document.documentElement.dataset.swapped") == "1"
    assert "unit=share" in page.url
    assert page.evaluate("document.activeElement.textContent") == "Share", "the focus stays where it was"
    page.go_back()
    wait_until(page, "document.querySelector('#h-trend').textContent === 'Articles per week'")
    assert "unit=share" not in page.url
    page.go_forward()
    wait_until(page, "document.querySelector('#h-trend').textContent.startsWith('Share')")
    page.reload()
    assert heading.inner_text().startswith("Share")


def test_names_can_be_added_and_taken_out(page, client):
    page.goto(client.origin + "/?entities=KHM")
    ready(page)
    page.get_by_label("Add a name to the chart").fill("Viet Nam")
    page.get_by_role("button", name="Add").click()
    wait_until(page, "document.querySelectorAll('.chips li:not(.add)').length === 2")
    assert "VNM" in page.locator(".chips a.x").last.get_attribute("href") or "KHM" in page.url
    page.get_by_role("link", name="Take Cambodia out").click()
    wait_until(page, "document.querySelectorAll('.chips li:not(.add)').length === 1")
    assert "Vietnam" in page.locator(".chips").inner_text()


def test_a_filter_applies_as_it_is_chosen(page, client):
    page.goto(client.origin + "/?entities=USA")
    ready(page)
    page.locator("details.filters summary").click()
    page.get_by_label("Source type").select_option("think-tank")
    wait_until(page, "document.documentElement.dataset.swapped === '1'")
    assert "source_type=think-tank" in page.url
    assert "entities=USA" in page.url
    assert page.get_by_label("Source type").input_value() == "think-tank"


def test_everything_works_without_scripts(chromium, client):
    with opened(chromium, java_script_enabled=False) as tab:
        tab.goto(client.origin + "/?entities=KHM")
        assert not tab.locator("button.theme").is_visible()
        tab.get_by_role("link", name="Share", exact=True).click()
        assert tab.locator("#h-trend").inner_text().startswith("Share")
        tab.get_by_label("Add a name to the chart").fill("Thailand")
        tab.get_by_role("button", name="Add").click()
        assert tab.locator(".chips li:not(.add)").count() == 2
        assert "unit=share" in tab.url
        tab.locator("details.filters summary").click()
        tab.get_by_label("Source type").select_option("news")
        tab.get_by_role("button", name="Apply").click()
        assert "type=news" in tab.url
        tab.get_by_text("Data as a table").first.click()
        assert tab.locator("details.data table").first.is_visible()
        tab.locator(".wide .chart a[aria-label*='week of 9 Nov 2026']").first.click(force=True)
        assert "/evidence" in tab.url


def test_the_keyboard_steps_along_the_line_and_opens_the_point(page, client):
    page.goto(client.origin + "/entity/KHM")
    ready(page)
    assert page.locator(".wide .chart a[tabindex='0']").count() == 1, "one tab stop a chart"
    page.locator(".wide .chart a[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "week of 9 Nov 2026" in label
    assert page.locator(".tip:visible").inner_text() == label
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    wait_until(page, "location.pathname === '/evidence'")
    assert "week=2026-11-09" in page.url


@pytest.mark.parametrize("path", ["/entity/KHM", "/map", "/pairs", "/health"])
def test_a_chart_is_one_tab_stop(page, client, path):
    page.goto(client.origin + path)
    ready(page)
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate("[document.activeElement.tagName, Boolean(document.activeElement.closest('.chart'))]")
        if stop[0] == "BODY":  # the end of the page
            break
        stops.append(stop)
    assert [tag for tag, in_chart in stops if in_chart] == ["a"]


def test_up_and_down_change_the_line(page, client):
    page.goto(client.origin + "/?entities=KHM,USA")
    ready(page)
    page.locator(".wide .chart a[aria-label^='Cambodia, week of 2 Nov']").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("United States, week of 2 Nov")


def test_the_first_tab_stop_skips_to_the_content(page, client):
    page.goto(client.origin + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_pointer_finds_the_nearest_point(page, client):
    page.goto(client.origin + "/entity/KHM")
    ready(page)
    box = page.locator(".wide .chart a[aria-label*='week of 5 Oct 2026'] circle").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] - 8)
    wait_until(page, "(document.querySelector('.tip') || {}).textContent?.includes('week of 5 Oct 2026')")


def test_light_and_dark_can_be_switched_and_are_remembered(page, client):
    page.goto(client.origin + "/")
    ready(page)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.goto(client.origin + "/map")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_complain_of_nothing_ask_nobody_else_and_pass_axe(chromium, client, axe, path, setting):
    with opened(chromium, **SETTINGS[setting]) as tab:
        tab.goto(client.origin + path)
        ready(tab)
        for width in (390, 360, 320) if setting == "phone" else (1280, 768):
            tab.set_viewport_size({"width": width, "height": 844})
            overflow = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"the page scrolls sideways at {width}"
        tab.set_viewport_size(SETTINGS[setting].get("viewport", {"width": 1280, "height": 900}))
        tab.evaluate(axe)
        found = tab.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))")
        assert found == []
        expected = ["404"] if path == "/nothing-here" else []
        assert [c for c in tab.complaints if not any(e in c for e in expected)] == []
        assert all(url.startswith(client.origin) for url in tab.requests), tab.requests


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_without_end_pushes_nothing_aside(page, client, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(client.origin + "/entity/KHM")
    texts = ".evidence a, .sources td a, blockquote"
    page.evaluate(f"document.querySelectorAll('{texts}').forEach((e) => e.textContent = 'x'.repeat(90))")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("width", [640, 820, 1000])
def test_names_of_sources_break_between_words(page, client, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(client.origin + "/?entities=USA")
    heights = page.evaluate("[...document.querySelectorAll('.sources td a')].map((a) => a.getClientRects().length)")
    assert heights
    assert max(heights) <= 2


def test_a_page_is_printed_in_the_colours_of_paper(chromium, client):
    with opened(chromium, color_scheme="dark") as tab:
        tab.goto(client.origin + "/")
        ready(tab)
        tab.evaluate("document.documentElement.dataset.theme = 'dark'")
        dark = tab.evaluate("getComputedStyle(document.body).color")
        tab.emulate_media(media="print")
        assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(22, 25, 29)" != dark
        assert tab.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"


def test_a_sentence_in_arabic_runs_from_the_right(page, client):
    page.goto(client.origin + "/evidence?entities=KHM&week=2026-11-09")
    page.evaluate("document.querySelector('blockquote').textContent = '\u064a\u062a\u0648\u0642\u0639 Cambodia'")
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote')).direction") == "rtl"


def test_on_a_phone_the_changes_come_first_and_the_narrow_chart_is_shown(chromium, client):
    with opened(chromium, **SETTINGS["phone"]) as tab:
        tab.goto(client.origin + "/")
        ready(tab)
        tops = tab.evaluate(
            "['changed', 'trend', 'most'].map((c) => document.querySelector('.' + c).getBoundingClientRect().top)"
        )
        assert tops == sorted(tops)
        assert tab.locator(".plot.narrow .chart").is_visible()
        assert not tab.locator(".plot.wide .chart").is_visible()


CHARTS = ["/", "/compare?entities=KHM,THA,asean,USA", "/health", "/pair/KHM/THA", "/entity/KHM", "/pairs"]
LETTERS = """[...document.querySelectorAll('.plot .chart text')].filter((t) => t.getBoundingClientRect().height)
    .map((t) => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""


# 640: a laptop at twice the size; a scrollbar takes some fifteen pixels of a window, which 761 and 1181 allow for
@pytest.mark.parametrize("width", [390, 640, 761, 768, 820, 900, 1024, 1180, 1181, 1280])
def test_the_letters_of_a_chart_stay_readable_at_every_width(chromium, client, width):
    with opened(chromium, viewport={"width": width, "height": 900}) as tab:
        for path in CHARTS:
            tab.goto(client.origin + path)
            sizes = tab.evaluate(LETTERS)
            assert sizes, path
            assert 11 <= min(sizes) <= max(sizes) <= 18, path
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_switch_on_a_tablet_brings_the_drawing_for_a_tablet(chromium, client):
    with opened(chromium, viewport={"width": 820, "height": 900}) as tab:
        tab.goto(client.origin + "/compare?entities=KHM,THA")
        ready(tab)
        tab.get_by_role("link", name="Share", exact=True).click()
        wait_until(tab, "document.documentElement.dataset.swapped === '1'")
        assert tab.locator(".plot .chart").count() == 1
        assert min(tab.evaluate(LETTERS)) >= 11


def test_a_new_copy_is_told_to_an_open_page(chromium, tmp_path):
    make(tmp_path, Shape(weeks=14, rate=0.5, outage=(), spike=0, broken=99))
    with serving(tmp_path) as site, opened(chromium) as tab:
        tab.goto(site.origin + "/")
        ready(tab)
        later = NOW + timedelta(minutes=5)
        with Warehouse.open(tmp_path, lambda: later) as warehouse:
            warehouse.sync_feeds(feeds()[:11])
            marts.build(warehouse)
            publish.publish(warehouse, later)
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        wait_until(tab, "!document.querySelector('.news').hidden")
        assert "copy 1" in tab.locator(".badge").inner_text(), "nothing moves under the reader's eyes"
        tab.locator(".news a").click()
        wait_until(tab, "document.querySelector('.badge').textContent.includes('copy 2')")


def test_the_report_is_one_file_that_asks_for_nothing(page, press, tmp_path):
    out = tmp_path / "report.html"
    command = [sys.executable, "-m", "dashboards.report", "--data", str(press), "--out", str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    page.goto(out.as_uri())
    assert page.locator(".wide .chart").is_visible()
    assert page.locator("mark").count() > 3
    assert page.requests == [out.as_uri()]
    assert page.complaints == []
