"""What the service has been doing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.backup import FOLDER
from monitor.config import Settings
from monitor.doctor.finding import Finding
from monitor.errors import DataFolderError
from monitor.feeds_file import read_feeds
from monitor.notify import AlarmBook, ways
from monitor.overview import failing
from monitor.queries import open_archive
from monitor.schedules import load_schedules
from monitor.supervise.server import FINISHED, UNFINISHED, PrefectServer

_SHOWN = 5


def schedules(settings: Settings, _now: datetime) -> Finding:
    """The schedules file can be read."""
    planned = [s for s in load_schedules(settings) if s.active and (s.every or s.cron)]
    return Finding("good", ", ".join(f"{s.flow} {s.cron or _short(s.every)}" for s in planned))


def feed_list(settings: Settings, _now: datetime) -> Finding:
    """The list of feeds can be read; one at an address is left to the runs."""
    name = settings.feeds or "feeds.toml"
    if name.startswith(("http://", "https://")):
        return Finding("good", f"from {name}")
    if settings.feeds is None and not Path(name).exists():
        return Finding("good", "the built-in list")
    try:
        found = read_feeds(Path(name).read_text("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        return Finding("bad", f"{name} cannot be read as a feeds file: {error}", "Mend it, or set feeds to another")
    return Finding("good", f"{sum(f.active for f in found)} active feeds in {name}")


def server(settings: Settings, _now: datetime) -> Finding:
    """Whether the Prefect server answers and plans runs: health alone does not show that."""
    asked = _server(settings)
    if not asked.healthy():
        return Finding("note", f"no Prefect server at {asked.api}", "Start the service: make serve")
    planned, offered = asked.runs(["SCHEDULED"]), asked.deployments()
    said = f"Prefect {asked.version()}, {len(offered)} flows, {len(planned)} runs planned"
    if not offered:
        return Finding("bad", said, "The process `flows` has registered nothing: see its lines in the service's log")
    if not any(r.automatic for r in planned):
        return Finding("bad", said, "Its scheduler plans nothing: compare versions above, then restart the service")
    return Finding("good", said)


def runs(settings: Settings, now: datetime) -> Finding:
    """The last runs, and what hangs."""
    asked = _server(settings)
    if not asked.healthy():
        return Finding("note", "not known without the server")
    late = [r for r in asked.runs(["SCHEDULED"]) if r.expected_at and now - r.expected_at > timedelta(minutes=5)]
    done = asked.runs(FINISHED, latest=True, limit=_SHOWN)
    said = "; ".join(f"{r.name}: {r.state_name}" for r in done) or "none ended yet"
    said += "".join(f"; {r.name}: {r.state_name}" for r in asked.runs(UNFINISHED))
    if late:
        return Finding("bad", f"{len(late)} runs are overdue; {said}", "The process `flows` takes no runs: restart it")
    if done and all(r.state in ("FAILED", "CRASHED") for r in done):
        return Finding("bad", said, f"All of the last {len(done)} failed: {done[0].message[:200]}")
    return Finding("good", said)


def snapshot(settings: Settings, now: datetime) -> Finding:
    """How old the copy is that readers open."""
    if settings.place.is_lake:
        return _vintage(settings)
    link = settings.data / "monitor.duckdb"
    if link.is_symlink() and not link.exists():
        return Finding(
            "bad", f"the published copy {link.readlink().name} is missing", "Publish again: monitor run --all"
        )
    if not link.exists():
        return Finding("note", "nothing is published yet", "The first run publishes: monitor run")
    age = now - datetime.fromtimestamp(link.stat().st_mtime, UTC)
    said = f"{link.resolve().name}, published {_ago(age)} ago"
    if age > timedelta(hours=settings.alarm_hours):
        return Finding("odd", said, "Nothing was published for long: is the service up, does a data check fail?")
    return Finding("good", said)


def _vintage(settings: Settings) -> Finding:
    try:
        with open_archive(settings.place) as archive:
            return Finding("good", f"readers are at {archive.path.name} of the lake")
    except DataFolderError as error:
        return Finding("bad", str(error), "Does the catalogue answer, and did a run publish?")


def feeds(settings: Settings, _now: datetime) -> Finding:
    """The share of feeds that fail."""
    try:
        with open_archive(settings.place) as archive:
            bad, active = failing(archive)
    except DataFolderError as error:
        if (settings.data / "monitor.duckdb").exists():
            return Finding("bad", str(error), "Publish again: monitor run --all")
        return Finding("note", "nothing is published yet")
    said = f"{bad} of {active} feeds failed at their last poll"
    if active and bad > settings.alarm_feeds_share * active:
        return Finding("bad", said, "A tenth is normal: is the network up? monitor query feeds says more of each")
    return Finding("good", said)


def backups(settings: Settings, now: datetime) -> Finding:
    """The last backup."""
    if settings.place.is_lake:
        return Finding("note", "a lake is backed up where it is: its catalogue by pg_dump, then its data files")
    found = sorted((settings.data / FOLDER).glob("warehouse-*.duckdb"))
    if not found:
        return Finding("note", "none yet", "The service makes one a day; `monitor serve` must be up for it")
    age = now - datetime.fromtimestamp(found[-1].stat().st_mtime, UTC)
    level = "odd" if age > timedelta(days=2) else "good"
    return Finding(
        level, f"{len(found)}, the last {_ago(age)} ago", "See the runs of `backup`" if level == "odd" else ""
    )


def alarms(settings: Settings, now: datetime) -> Finding:
    """Alarms that were told, and by which ways."""
    told = AlarmBook(settings, now).open_alarms()
    by = ", ".join(ways(settings))
    if told:
        return Finding("bad", "; ".join(a.text for a in told.values()), f"They were told by {by}")
    hint = "" if len(ways(settings)) > 1 else "Only the log hears them: set webhook_url or smtp_server"
    return Finding("note" if hint else "good", f"none; told by {by}", hint)


def _server(settings: Settings) -> PrefectServer:
    return PrefectServer(f"http://127.0.0.1:{settings.prefect_port}/api")


def _short(span: timedelta | None) -> str:
    return f"every {span.total_seconds() / 60:g} min" if span else "on demand"


def _ago(age: timedelta) -> str:
    minutes = age.total_seconds() / 60
    return (
        f"{minutes:.0f} minutes"
        if minutes < 120
        else f"{minutes / 60:.0f} hours"
        if minutes < 2880
        else f"{age.days} days"
    )
