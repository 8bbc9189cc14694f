"""The watch over the service: that schedules really start runs, that no dead run stays, that alarms are told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.notify import AlarmBook
from monitor.supervise.living import living, running_folder
from monitor.supervise.server import UNFINISHED, FlowRun, PrefectServer, ServerError
from monitor.supervise.sweep import broken, sweep

log = logging.getLogger(__name__)

ROUND = 15.0  # seconds between two looks
SWEEP_ROUNDS = 4
OVERDUE = timedelta(minutes=5)
_RAN = (*UNFINISHED, "COMPLETED", "FAILED", "CRASHED")
_STARTED = ("RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLING")


def verdict(runs: Sequence[FlowRun], since: datetime, now: datetime, patience: timedelta) -> tuple[bool, str | None]:
    """Whether a scheduled run started after `since`; else, once patience is over, what is wrong."""
    fresh = [r for r in runs if r.automatic and r.state != "CANCELLED"]  # these never ran, whatever start they show
    if any(r.started_at and r.started_at >= since for r in fresh):
        return True, None
    if now - since <= patience:
        return False, None
    seconds = f"{patience.total_seconds():.0f} s"
    if not any(r.expected_at and r.expected_at >= since for r in fresh):
        return False, (
            f"the Prefect server answers, but its scheduler made no run in {seconds}: a version that does not fit "
            "does this (sqlalchemy 2.1 is one); `monitor doctor` compares versions with the ones that are known to work"
        )
    return False, (
        f"runs are scheduled, but none started in {seconds}: the process `flows` does not take them; "
        "its own lines above say why"
    )


class Watch:
    """Looks at the service every 15 seconds in a thread; `fail` ends the service, `restart` starts a process anew."""

    def __init__(
        self,
        server: PrefectServer,
        settings: Settings,
        clock: Callable[[], datetime],
        fail: Callable[[str], None],
        restart: Callable[[str, str], None],
    ) -> None:
        self._server = server
        self._settings = settings
        self._clock = clock
        self._fail = fail
        self._restart = restart
        self._alarms = AlarmBook(settings, clock())
        self._born = clock()
        self._since: datetime | None = None
        self._checked = False
        self._judged: set[str] = set()  # crashed runs that were looked at
        self._round = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="watch", daemon=True)

    def clear(self) -> bool:
        """Gate of the flows: the server answers, and what nobody works on is marked as such."""
        try:
            if not self._server.healthy():
                return False
            sweep(self._server, None, self._clock())
        except ServerError as error:
            log.info("waiting for the server: %s", error)
            return False
        self._since, self._checked = self._clock(), False
        return True

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Cease to look."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def farewell(self) -> None:
        """Mark what the stop interrupted, while the server still answers."""
        self.stop()
        try:
            sweep(PrefectServer(self._server.api, timeout=1.5), None, self._clock())
        except ServerError as error:
            log.warning("interrupted runs could not be marked: %s", error)

    def look(self) -> None:
        """One look; alarms are looked at whatever the server says, since its absence may be what they are for."""
        now = self._clock()
        is_thorough = self._round % SWEEP_ROUNDS == 0
        self._round += 1
        try:
            self._look_at_runs(now, is_thorough=is_thorough)
        finally:
            if is_thorough:
                self._alarms.check(now)

    def _look_at_runs(self, now: datetime, *, is_thorough: bool) -> None:
        if self._since is None:
            self._absent(now)
        elif not self._checked:
            self._self_check(self._since, now)
        elif is_thorough:
            sweep(self._server, living(running_folder(self._settings.data)), now)
            self._overdue(now)
        if self._since is not None:
            self._start_anew(now)

    def _keep_looking(self) -> None:
        while not self._stop.wait(ROUND):
            try:
                self.look()
            except (MonitorError, OSError) as error:
                log.warning("the watch could not look: %s", error)
            except (ValueError, LookupError, TypeError, AttributeError):  # an answer of another form than known
                log.exception("the watch tripped and looks again")

    def _absent(self, now: datetime) -> None:
        if now - self._born > timedelta(seconds=self._settings.self_check):
            patience = f"{self._settings.self_check:.0f} s"
            self._fail(f"no Prefect server at {self._server.api} in {patience}; see its lines above")

    def _self_check(self, since: datetime, now: datetime) -> None:
        patience = timedelta(seconds=self._settings.self_check)
        try:
            runs = self._server.runs(_STARTED, latest=True) + self._server.runs(["SCHEDULED"])
        except ServerError as error:
            if now - since > patience:
                self._fail(f"{error}; `monitor doctor` looks for the reason")
            return
        self._checked, wrong = verdict(runs, since, now, patience)
        if wrong:
            self._fail(wrong)
        elif self._checked:
            log.info("self-check passed: a scheduled run started")

    def _start_anew(self, now: datetime) -> None:
        """Do not leave what a killed run had to do to the next one, which may be due in a day."""
        crashed = self._server.runs(["CRASHED"], latest=True, limit=10)
        new = {run.run_id for run in broken(crashed, now)} - self._judged
        if not new:  # as nearly always, told by one small question
            return
        paused = {d.deployment_id for d in self._server.deployments() if d.paused}
        for run in broken(self._server.runs(_RAN, latest=True, limit=50), now):
            if run.run_id in new and run.deployment_id and run.deployment_id not in paused:
                log.warning("run %s crashed: its flow is started anew", run.name)
                self._server.start(run.deployment_id)
        self._judged |= new

    def _overdue(self, now: datetime) -> None:
        waits = [now - r.expected_at for r in self._server.runs(["SCHEDULED"]) if r.expected_at]
        if waits and max(waits) > OVERDUE:
            self._restart("flows", f"a run has been due for {max(waits).total_seconds() / 60:.0f} minutes")
