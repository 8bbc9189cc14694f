"""`monitor notify`: the ways that alarms go."""

from __future__ import annotations

import click

from monitor.cli.options import utc_now
from monitor.config import Settings, load_settings
from monitor.errors import MonitorError
from monitor.notify import Message, deliver, heartbeat, ways


@click.group()
def notify() -> None:
    """Alarms go to the log, and by webhook and e-mail once their settings are given."""


@notify.command("test")
def test() -> None:
    """Send one test message by every configured way, and ask the heartbeat address.

    Exit code 1 when a way failed.
    """
    settings = load_settings()
    text = f"A test of {utc_now():%Y-%m-%d %H:%M} UTC. Nothing is wrong."
    sent = deliver(settings, Message("Monitor: test", text))
    for result in sent:
        click.echo(f"{result.way:<9} {'sent' if result.error is None else f'failed: {result.error}'}")
    for way, names in (("webhook", "webhook_url"), ("e-mail", "smtp_server, mail_from and mail_to")):
        if way not in ways(settings):
            click.echo(f"{way:<9} off: set {names}")
    broken = [result.way for result in sent if result.error] + _heartbeat_fails(settings)
    if broken:
        raise MonitorError(f"{', '.join(broken)} did not work; `monitor status --settings` shows what is configured")


def _heartbeat_fails(settings: Settings) -> list[str]:
    try:
        click.echo(f"heartbeat {'asked' if heartbeat(settings) else 'off: set heartbeat_url'}")
    except (OSError, ValueError) as error:
        click.echo(f"heartbeat failed: {error}")
        return ["heartbeat"]
    return []
