import json
import socketserver
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from monitor.cli.notify import notify
from monitor.config import load_settings
from monitor.errors import ConfigError, MonitorError
from monitor.notify import (
    Alarm,
    AlarmBook,
    CollectFacts,
    Health,
    Message,
    check_ways,
    deliver,
    evaluate,
    heartbeat,
    news,
    read_facts,
    ways,
    write_facts,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = CollectFacts(NOW, "completed", "9 of 10 feeds answered", feeds=10, feeds_failing=1, good_at=NOW)
WELL = Health(NOW, NOW - 9 * HOUR, GOOD, int(9e9))


class Hook(BaseHTTPRequestHandler):
    """Takes posts and gets; answers with the server's status."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append((self.path, self.headers.get("Content-Type"), body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"said")

    do_GET = do_POST  # noqa: N815  # the name that the base class calls

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.got, server.status = [], 200
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


class Postman(socketserver.StreamRequestHandler):
    """As much SMTP as a letter needs."""

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 here")
        letter, reading = [], False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if reading and line != ".":
                letter.append(line)
                continue
            word = line[:4].upper()
            self.server.commands.append(word)
            if reading:
                reading = False
                self.server.letters.append("\n".join(letter))
                self.say("250 taken")
            elif word == "DATA":
                reading = True
                self.say("354 go on")
            elif word == "RCPT" and self.server.refuses:
                self.say("550 no such person")
            elif word == "EHLO":
                self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif word == "AUTH":
                self.say("235 known")
            else:
                self.say("221 bye" if word == "QUIT" else "250 well")


class Stranger(socketserver.StreamRequestHandler):
    """Speaks, and not HTTP."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")


@pytest.fixture
def post():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.daemon_threads = True
        server.letters, server.commands, server.refuses = [], [], False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.address = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def mailing(post, **more):
    return {
        "smtp_server": post.address,
        "smtp_security": "none",
        "mail_from": "monitor@example.org",
        "mail_to": "one@example.org, two@example.org",
    } | more


def test_all_is_off_until_configured():
    assert list(ways(load_settings())) == ["log"]
    assert heartbeat(load_settings()) is False


def test_the_webhook_gets_the_form_that_slack_reads(hook):
    sent = deliver(load_settings({"webhook_url": hook.url + "/T/B"}), Message("Subject", "What and why"))
    assert [(s.way, s.error) for s in sent] == [("log", None), ("webhook", None)]
    path, kind, body = hook.got[0]
    assert (path, kind) == ("/T/B", "application/json")
    assert json.loads(body) == {"text": "*Subject*\nWhat and why"}


def test_a_webhook_that_refuses_is_told_and_keeps_no_other_from_it(hook, post):
    hook.status = 403
    settings = load_settings({"webhook_url": hook.url, **mailing(post)})
    sent = {s.way: s.error for s in deliver(settings, Message("Subject", "Text"))}
    assert sent == {"log": None, "webhook": "HTTP 403 said", "e-mail": None}
    assert len(post.letters) == 1


def test_mail_goes_to_all_receivers_with_user_and_password(post):
    settings = load_settings(mailing(post, smtp_user="me", smtp_password="secret"))
    sent = deliver(settings, Message("Feeds\r\nBcc: x@example.org", "Ärger mit Feeds"))
    assert sent[-1].error is None
    letter = post.letters[0]
    assert "Subject: Feeds Bcc: x@example.org" in letter
    assert "To: one@example.org, two@example.org" in letter
    assert post.commands.count("RCPT") == 2
    assert "AUTH" in post.commands


def test_mail_that_is_refused_or_has_no_server_is_told(post):
    post.refuses = True
    assert "no such person" in deliver(load_settings(mailing(post)), Message("S", "T"))[-1].error
    nobody = load_settings(mailing(post, smtp_server="127.0.0.1:9"))
    assert deliver(nobody, Message("S", "T"))[-1].error


def test_mail_does_not_go_in_the_clear_when_tls_was_asked_for(post):
    settings = load_settings(mailing(post, smtp_security="starttls"))
    assert deliver(settings, Message("S", "T"))[-1].error
    assert post.letters == []


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_server": "mail:25"},
        *(
            {"smtp_server": server, "mail_from": "a", "mail_to": "b"}
            for server in ("mail", "mail:²", "mail:٢٥", "mail:0", "mail:99999", "mail:" + "9" * 5000)
        ),
    ],
)
def test_half_a_mail_configuration_is_an_error(given):
    with pytest.raises(ConfigError, match="smtp_server"):
        ways(load_settings(given))


def test_the_heartbeat_address_is_asked(hook):
    assert heartbeat(load_settings({"heartbeat_url": hook.url + "/beat"}))
    assert hook.got[0][0] == "/beat"
    hook.status = 500
    with pytest.raises(OSError, match="500"):
        heartbeat(load_settings({"heartbeat_url": hook.url}))


def test_secrets_are_not_shown():
    settings = load_settings({"webhook_url": "http://h/secret", "smtp_password": "secret"})
    assert "secret" not in f"{settings.webhook_url} {settings.smtp_password} {settings!r}".replace("SecretStr", "")


def test_notify_test_tries_every_way(hook, post, monkeypatch):
    for name, value in {"webhook_url": hook.url, "heartbeat_url": hook.url, **mailing(post)}.items():
        monkeypatch.setenv(f"MONITOR_{name.upper()}", value)
    result = CliRunner().invoke(notify, ["test"], catch_exceptions=False)
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()][-4:] == [
        ["log", "sent"],
        ["webhook", "sent"],
        ["e-mail", "sent"],
        ["heartbeat", "asked"],
    ]
    hook.status = 500
    result = CliRunner().invoke(notify, ["test"])
    assert "webhook, heartbeat did not work" in str(result.exception)


def keys(health, **options):
    return [a.key for a in evaluate(health, load_settings(options))]


def test_nothing_is_wrong_when_all_is_well():
    assert keys(WELL) == []


@pytest.mark.parametrize(
    ("health", "found"),
    [
        (replace(WELL, facts=replace(GOOD, good_at=NOW - 3 * HOUR)), ["silence"]),
        (replace(WELL, facts=replace(GOOD, good_at=NOW - 3 * HOUR), since=NOW - HOUR), []),
        (replace(WELL, facts=None), ["silence"]),
        (replace(WELL, facts=None, since=NOW - HOUR), []),
        (replace(WELL, facts=replace(GOOD, outcome="check_failed")), ["check"]),
        (replace(WELL, facts=replace(GOOD, feeds_failing=2)), []),
        (replace(WELL, facts=replace(GOOD, feeds_failing=3)), ["feeds"]),
        (replace(WELL, facts=replace(GOOD, feeds=3, feeds_failing=3)), []),
        (replace(WELL, free_bytes=int(1e9)), ["disk"]),
    ],
)
def test_each_alarm_at_its_threshold(health, found):
    assert keys(health) == found


def test_an_alarm_is_told_once_reminded_daily_and_over_once():
    alarm = Alarm("disk", "Full", "Make room")
    lines, told = news([alarm], {}, NOW)
    assert lines == ["Full. Make room"]
    assert news([alarm], told, NOW + HOUR) == ([], told)
    lines, again = news([alarm], told, NOW + 25 * HOUR)
    assert lines == ["Still: Full. Make room"]
    assert news([], again, NOW + 26 * HOUR) == (["Over: Full"], {})


def test_facts_keep_the_time_of_the_last_good_collection(tmp_path):
    write_facts(tmp_path, GOOD)
    write_facts(tmp_path, CollectFacts(NOW + HOUR, "failed", "disk full"))
    assert read_facts(tmp_path) == CollectFacts(NOW + HOUR, "failed", "disk full", good_at=NOW)
    (tmp_path / "last_collect.json").write_text("{")
    assert read_facts(tmp_path) is None


def test_the_book_tells_over_a_restart_only_once(hook, tmp_path):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed", detail="duplicates: 3 rows"))
    AlarmBook(settings, NOW).check(NOW)
    AlarmBook(settings, NOW).check(NOW + HOUR)
    assert len(hook.got) == 1
    assert "duplicates: 3 rows" in json.loads(hook.got[0][2])["text"]
    write_facts(tmp_path, replace(GOOD, at=NOW + HOUR))
    AlarmBook(settings, NOW).check(NOW + HOUR)
    assert json.loads(hook.got[1][2])["text"].startswith("*Monitor: Over: A data check failed")


def test_an_alarm_that_nobody_took_is_sent_again(hook, tmp_path):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    hook.status = 500
    book = AlarmBook(settings, NOW)
    book.check(NOW)
    hook.status = 200
    book.check(NOW + timedelta(minutes=1))
    book.check(NOW + timedelta(minutes=2))
    assert len(hook.got) == 2


def test_a_disk_that_keeps_no_book_does_not_tell_every_minute(hook, tmp_path, monkeypatch):
    settings = load_settings({"data": tmp_path, "webhook_url": hook.url, "alarm_free_gb": 0})
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    book = AlarmBook(settings, NOW)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("monitor.notify.book.os.replace", full)
        for minute in range(3):
            book.check(NOW + timedelta(minutes=minute))
        assert len(hook.got) == 1
    write_facts(tmp_path, GOOD)
    book.check(NOW + timedelta(minutes=5))
    assert json.loads(hook.got[1][2])["text"].startswith("*Monitor: Over: A data check failed")
    assert not AlarmBook(settings, NOW).open_alarms()


NO_ADDRESSES = [
    "127.0.0.1/secret",
    "https://127.0.0.1:1 secret/",
    "https://127.0.0.1/se cret/secret",
    "https://127.0.0.1:²/secret",
    "https://127.0.0.1:99999/secret",
    "https://me:secret@127.0.0.1/secret",
    "https://[::1/secret",
    "https:///secret",
    "https://127.0.0.1/secré/secret",
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_reaches_nobody_and_is_not_shown(address, monkeypatch):
    for name in ("webhook_url", "heartbeat_url"):
        monkeypatch.setenv(f"MONITOR_{name.upper()}", address)
    result = CliRunner().invoke(notify, ["test"])
    assert isinstance(result.exception, MonitorError), result.exception
    assert "webhook   failed: the address must begin with" in result.output
    assert "heartbeat failed: the address must begin with" in result.output
    assert "secret" not in result.output + str(result.exception)


def test_a_heartbeat_that_is_answered_by_no_web_server_is_told(monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("MONITOR_HEARTBEAT_URL", f"http://127.0.0.1:{server.server_address[1]}/")
        result = CliRunner().invoke(notify, ["test"])
        server.shutdown()
    assert "heartbeat failed" in result.output
    assert isinstance(result.exception, MonitorError)


@pytest.mark.parametrize("address", NO_ADDRESSES)
@pytest.mark.parametrize("name", ["webhook_url", "heartbeat_url"])
def test_an_address_that_is_none_is_said_without_showing_it(name, address, tmp_path):
    settings = load_settings({"data": tmp_path, name: address})
    with pytest.raises(ConfigError, match=f"setting {name}: the address must begin with http") as caught:
        check_ways(settings)
    assert "secret" not in str(caught.value)


def test_a_disk_that_keeps_no_facts_does_not_end_the_run(tmp_path, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    write_facts(tmp_path, GOOD)
    monkeypatch.setattr("monitor.notify.facts.os.replace", full)
    assert write_facts(tmp_path, replace(GOOD, outcome="failed", detail="the disk is full")).outcome == "failed"
    assert "last_collect.json cannot be written: No space left on device" in caplog.text
    assert read_facts(tmp_path).outcome == "completed"


def test_a_book_that_was_edited_by_hand_is_read_in_utc(tmp_path):
    (tmp_path / "alarms.json").write_text('{"check": {"text": "t", "told_at": "2026-11-22T11:00:00"}}')
    write_facts(tmp_path, replace(GOOD, outcome="check_failed"))
    book = AlarmBook(load_settings({"data": tmp_path, "alarm_free_gb": 0}), NOW)
    assert book.check(NOW) == []
    assert len(book.check(NOW + timedelta(hours=24))) == 1
