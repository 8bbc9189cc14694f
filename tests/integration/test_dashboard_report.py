"""`monitor report` and `monitor dashboard` as commands: files, mails, and one clear line when something is wrong."""

import email
import email.policy
import os
import subprocess
import sys

import pytest
from dashboards.report import chart

from tests.contract.tree import ROOT


def run(*arguments, cwd=ROOT, **environment):
    command = [sys.executable, "-c", "from monitor.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **environment}, timeout=120
    )


def test_a_mail_has_text_html_and_the_chart(press, tmp_path):
    out = tmp_path / "week.eml"
    done = run("report", "--data", press, "--out", out, "--watch", "mekong", "--watch-file", press / "watch.toml")
    assert done.returncode == 0, done.stderr
    message = email.message_from_bytes(out.read_bytes(), policy=email.policy.default)
    assert message["Subject"].startswith("The week: Mekong")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Cambodia was named in" in text
    assert "China" not in text.split("Changed beyond noise")[0], "a watchlist's mail is on its names alone"
    assert "cid:trend" in html
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content().startswith(b"\x89PNG")
    assert "http://" not in html.replace("http://www.w3.org", "")


def test_text_and_html_say_the_same(press, tmp_path):
    for name in ("week.txt", "week.html"):
        assert run("report", "--data", press, "--out", tmp_path / name).returncode == 0
    text, html = ((tmp_path / n).read_text("utf-8") for n in ("week.txt", "week.html"))
    said = text.split("\n")[2]
    assert said.split(" was named")[0] in html
    assert "<script" not in html
    assert "<link" not in html
    assert 'href="~/' not in html


@pytest.mark.parametrize("url", ["", "https://trends.example"])
def test_a_text_that_is_a_link_keeps_its_words_without_a_dashboard(url):
    rows = [{"x": 10, "y": 10, "text": "Ukraine 35 · 23 Feb", "href": "~/evidence?entities=UKR"}]
    where = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
    link = where | {"href": {"field": "href"}}
    layers = [{"mark": "text", "encoding": link | {"text": {"field": "text"}}}, {"mark": "point", "encoding": link}]
    svg = chart({"data": {"values": rows}, "layer": layers}, url)
    assert "Ukraine 35 · 23 Feb" in svg
    assert svg.count("<a ") == (2 if url else 0)
    assert ("https://trends.example/evidence?entities=UKR" in svg) == bool(url)


def test_with_an_address_the_report_links_to_the_dashboard(press, tmp_path):
    out = tmp_path / "week.html"
    assert run("report", "--data", press, "--out", out, MONITOR_DASHBOARD_URL="https://trends.example").returncode == 0
    assert 'href="https://trends.example/evidence?' in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--out", "week.pdf"), "must end in"),
        (("--out", "week.html", "--watch", "nobody"), "no watchlist 'nobody'"),
        (("--out", "no/such/folder/week.html"), "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_made_is_one_line_and_exit_2(press, tmp_path, arguments, word):
    done = run("report", "--data", press, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("report", "--out", "x.html")])
def test_nothing_published_is_said(tmp_path, command):
    done = run(*command, "--data", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing is published" in done.stderr
