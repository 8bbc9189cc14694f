"""Questions to the Prefect server over HTTP, with the standard library alone."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any

from monitor.errors import MonitorError

TAG = "monitor"  # our deployments carry it
UNFINISHED = ("RUNNING", "PENDING", "CANCELLING")
FINISHED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_BUSY = 503  # what it answers while SQLite is locked
_BATCH, _MOST_BATCHES = 50, 2_000  # the server deletes fifty at a time
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback is not asked for through a proxy


class ServerError(MonitorError):
    """The Prefect server does not answer, or answers with an error."""


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A run as the server knows it; `automatic` when a schedule made it."""

    run_id: str
    name: str
    deployment_id: str | None
    state: str
    state_name: str
    since: datetime
    expected_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    automatic: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow with its schedule; `limit_id` and `taken` are of its concurrency limit."""

    deployment_id: str
    name: str
    paused: bool
    limit_id: str | None
    taken: int


class PrefectServer:
    """The server at `api`, such as http://127.0.0.1:4200/api. Every method raises ServerError."""

    def __init__(self, api: str, timeout: float = 5.0) -> None:
        self.api = api
        self._timeout = timeout

    def healthy(self) -> bool:
        """Whether the API answers: it says nothing about schedules."""
        try:
            return self._ask("GET", "/health") is True
        except ServerError:
            return False

    def version(self) -> str:
        """The server's version of Prefect."""
        return str(self._ask("GET", "/admin/version"))

    def deployments(self) -> list[Deployment]:
        """Our deployments."""
        found = self._ask("POST", "/deployments/filter", {"deployments": {"tags": {"all_": [TAG]}}})
        return [_deployment(row) for row in found]

    def runs(
        self, states: Iterable[str], *, deployment_id: str | None = None, latest: bool = False, limit: int = 200
    ) -> list[FlowRun]:
        """Runs in these states, by expected start: the earliest first, or the latest."""
        chosen: dict[str, Any] = {"state": {"type": {"any_": list(states)}}}
        if deployment_id is not None:
            chosen["deployment_id"] = {"any_": [deployment_id]}
        body = {
            "flow_runs": chosen,
            "deployments": {"tags": {"all_": [TAG]}},
            "sort": "EXPECTED_START_TIME_DESC" if latest else "EXPECTED_START_TIME_ASC",
            "limit": limit,
        }
        return [_run(row) for row in self._ask("POST", "/flow_runs/filter", body)]

    def start(self, deployment_id: str) -> None:
        """Plan a run of a deployment with its own parameters, due at once."""
        self._ask("POST", f"/deployments/{deployment_id}/create_flow_run", {})

    def set_state(self, run_id: str, state: str, name: str, message: str) -> None:
        """Put a run into a final state, whatever the rules say of it."""
        body = {"state": {"type": state, "name": name, "message": message}, "force": True}
        self._ask("POST", f"/flow_runs/{run_id}/set_state", body)

    def free_slots(self, limit_id: str) -> None:
        """Say that nobody holds a slot of this concurrency limit."""
        self._ask("PATCH", f"/v2/concurrency_limits/{limit_id}", {"active_slots": 0})

    def forget(self, before: datetime) -> int:
        """Delete runs that ended before a time, with their logs; how many they were."""
        ended = {"state": {"type": {"any_": list(FINISHED)}}, "end_time": {"before_": before.isoformat()}}
        gone = 0
        for _ in range(_MOST_BATCHES):
            deleted = self._ask("POST", "/flow_runs/bulk_delete", {"flow_runs": ended, "limit": _BATCH})["deleted"]
            gone += len(deleted)
            if len(deleted) < _BATCH:
                break
        return gone

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  # JSON
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, {"Content-Type": "application/json"}, method=method)
        for pause in (0.5, 1.0, 2.0, None):
            try:
                with DIRECT.open(request, timeout=self._timeout) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code != _BUSY or pause is None:
                    said = error.read()[:200].decode("utf-8", "replace")
                    raise ServerError(f"the Prefect server answered {error.code} to {path}: {said}") from None
            except (OSError, ValueError, HTTPException) as error:  # the last one of a server killed while it answers
                raise ServerError(f"no Prefect server at {self.api}: {error or type(error).__name__}") from None
            time.sleep(pause)
        return None


def _time(raw: str | None) -> datetime | None:
    return datetime.fromisoformat(raw) if raw else None


def _run(row: Mapping[str, Any]) -> FlowRun:
    state = row["state"] or {}
    return FlowRun(
        run_id=row["id"],
        name=row["name"],
        deployment_id=row["deployment_id"],
        state=row["state_type"],
        state_name=row["state_name"],
        since=datetime.fromisoformat(state["timestamp"]),
        expected_at=_time(row["next_scheduled_start_time"] or row["expected_start_time"]),
        started_at=_time(row["start_time"]),
        ended_at=_time(row["end_time"]),
        automatic=bool(row["auto_scheduled"]),
        message=state.get("message") or "",
    )


def _deployment(row: Mapping[str, Any]) -> Deployment:
    limit = row.get("global_concurrency_limit") or {}
    return Deployment(row["id"], row["name"], bool(row["paused"]), limit.get("id"), int(limit.get("active_slots") or 0))
