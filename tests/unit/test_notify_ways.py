# ruff: noqa: F811  # fixtures are imported by their names
"""The ways a message goes: log, web hook, mail, heartbeat; off until configured, and each failure is told."""

import json
import socketserver
import threading

import pytest
from click.testing import CliRunner

from monitor.cli.notify import notify
from monitor.config import load_settings
from monitor.errors import ConfigError, MonitorError
from monitor.notify import Message, check_ways, deliver, heartbeat, ways
from tests.unit.receivers import hook, mailing, post  # noqa: F401  # fixtures


class Stranger(socketserver.StreamRequestHandler):
    """Speaks, and not HTTP."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")


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
