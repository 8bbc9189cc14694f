"""The ways that a message goes: always the log; a webhook and e-mail when they are configured."""

from __future__ import annotations

import json
import logging
import re
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from urllib.parse import urlsplit

from monitor.config import Settings
from monitor.errors import ConfigError

log = logging.getLogger(__name__)

_PATIENCE = 10.0
_WEB = ("http://", "https://")
_PORT = re.compile("[0-9]{1,5}")
_PLAIN = re.compile("[!-~]+")
_NO_ADDRESS = (
    "the address must begin with http:// or https:// and be one: a host, no user, no space, a port up to 65535"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A subject of one line and the text."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one way; `error` is None when the other side took the message."""

    way: str
    error: str | None = None


def ways(settings: Settings) -> dict[str, Callable[[Message], None]]:
    """The configured ways by name. Raises ConfigError for mail that lacks a part."""
    found: dict[str, Callable[[Message], None]] = {"log": _to_log}
    if settings.webhook_url:
        found["webhook"] = lambda message: _to_webhook(settings, message)
    if settings.smtp_server:
        if not (settings.mail_from and settings.mail_to):
            raise ConfigError("setting smtp_server: mail needs mail_from and mail_to as well")
        _host_port(settings.smtp_server)
        found["e-mail"] = lambda message: _to_mail(settings, message)
    return found


def check_ways(settings: Settings) -> None:
    """Raise ConfigError for what no message could go by."""
    ways(settings)
    for name in ("webhook_url", "heartbeat_url"):
        address = getattr(settings, name)
        if address and not _is_address(address.get_secret_value()):
            raise ConfigError(f"setting {name}: {_NO_ADDRESS}")


def deliver(settings: Settings, message: Message) -> list[Sent]:
    """Send by every way; one that fails does not keep the others from it."""
    results = []
    for way, send in ways(settings).items():
        try:
            send(message)
            results.append(Sent(way))
        except (OSError, smtplib.SMTPException, ValueError, HTTPException) as error:
            log.error("alarm not sent by %s: %s", way, error)
            results.append(Sent(way, str(error) or type(error).__name__))
    return results


def heartbeat(settings: Settings) -> bool:
    """Ask the heartbeat address, if there is one.

    Raises OSError when it does not answer well, ValueError when it is no address.
    """
    if not settings.heartbeat_url:
        return False
    request = _http(settings.heartbeat_url.get_secret_value())
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return True
    except HTTPException as error:
        raise OSError(f"the answer is not HTTP: {error!r}") from error


def _to_log(message: Message) -> None:
    log.warning("%s: %s", message.subject, " ".join(message.text.split()))


def _to_webhook(settings: Settings, message: Message) -> None:
    url = settings.webhook_url.get_secret_value() if settings.webhook_url else ""
    body = json.dumps({"text": f"*{message.subject}*\n{message.text}"}).encode()
    request = _http(url, body)
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return
    except urllib.error.HTTPError as error:
        raise OSError(f"HTTP {error.code} {error.read()[:100].decode('utf-8', 'replace')}".strip()) from None


def _http(url: str, body: bytes | None = None) -> urllib.request.Request:
    if not _is_address(url):
        raise ValueError(_NO_ADDRESS)
    headers = {"User-Agent": "monitor"} | ({"Content-Type": "application/json"} if body else {})
    return urllib.request.Request(url, body, headers)


def _is_address(url: str) -> bool:
    """Whether urllib can ask it: what it cannot, it says with the whole address, which is a secret."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return False
    return is_whole and url.startswith(_WEB) and _PLAIN.fullmatch(url) is not None


def _to_mail(settings: Settings, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.subject.split())
    mail["From"], mail["To"] = settings.mail_from, ", ".join(settings.mail_to)
    mail.set_content(message.text)
    host, port = _host_port(settings.smtp_server)
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=_PATIENCE)
    with connection as smtp:
        if settings.smtp_security == "starttls":
            smtp.starttls(context=context)
        if settings.smtp_user:
            smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value() if settings.smtp_password else "")
        smtp.send_message(mail)


def _host_port(server: str) -> tuple[str, int]:
    host, _, port = server.rpartition(":")
    if not host or not _PORT.fullmatch(port) or not 0 < int(port) < 65536:
        raise ConfigError(f"setting smtp_server: {server!r} is not host:port")
    return host.strip("[]"), int(port)
