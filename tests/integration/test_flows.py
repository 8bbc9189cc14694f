# ruff: noqa: F811  # fixtures are imported by their names
"""The flows' functions without a server: what they do is the library's, what they add is seen here."""

import importlib
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from monitor import service
from monitor.errors import CheckFailedError, ConfigError, LockedError, UnknownEntityError
from monitor.notify import read_facts
from monitor.schedules import FLOWS, FlowSchedule, read_schedules
from monitor.store import Warehouse
from tests.contract.tree import ROOT
from tests.integration.collecting import collect, now, press, settings  # noqa: F401  # fixtures


@pytest.fixture(scope="module")
def flows(tmp_path_factory):
    """The modules of flows/, imported with a home of their own for Prefect."""
    before = dict(os.environ)
    os.environ["MONITOR_DATA"] = str(tmp_path_factory.mktemp("flows"))
    names = ("serve", "waiting", "naming", "show", *FLOWS)
    yield SimpleNamespace(**{name: importlib.import_module(f"flows.{name}") for name in names})
    os.environ.clear()
    os.environ.update(before)


def test_every_flow_is_offered_with_its_schedule_and_one_run_at_a_time(flows):
    text = (
        '[collect]\nevery = "90s"\nparameters = {all_feeds = true}\n'
        '[report]\ncron = "0 6 * * 1"\ntimezone = "Asia/Tokyo"'
    )
    offered = {s.flow: flows.serve.deployment(s) for s in read_schedules(text, "s.toml")}
    assert tuple(offered) == FLOWS
    assert {d.concurrency_options.collision_strategy.value for d in offered.values()} == {"CANCEL_NEW"}
    assert {d.concurrency_limit for d in offered.values()} == {1}
    assert {d.entrypoint.rpartition(".")[0] for d in offered.values()} == {f"flows.{name}" for name in FLOWS}
    assert offered["collect"].schedules[0].schedule.interval == timedelta(seconds=90)
    assert offered["collect"].parameters == {"all_feeds": True}
    assert offered["report"].schedules[0].schedule.timezone == "Asia/Tokyo"
    assert offered["backup"].schedules == []


@pytest.mark.parametrize(
    "schedule",
    [
        FlowSchedule("collect", parameters={"all_feeds": "perhaps"}),
        FlowSchedule("collect", parameters={"everything": True}),
        FlowSchedule("backup", cron="61 * * * *"),
    ],
)
def test_a_parameter_or_schedule_that_does_not_fit_is_said_at_the_start(flows, schedule):
    with pytest.raises(ConfigError, match=rf"schedules: \[{schedule.flow}\]"):
        flows.serve.deployment(schedule)


def test_the_form_of_a_flow_explains_its_parameters(flows):
    fields = flows.collect.collect_flow.parameters.properties
    assert set(fields) == {"data", "feeds", "all_feeds"}
    assert all(field.get("description") for field in fields.values())


def test_tagging_again_switches_and_publishes_or_only_compares(flows):
    fields = flows.retag.retag_flow.parameters.properties
    assert fields["then"]["enum"] == ["switch and publish", "only compare"]


def test_a_collection_is_noted_and_summed_up(settings):
    outcome = collect(settings)
    assert (outcome.kind, outcome.name) == ("completed", "Completed")
    facts = read_facts(settings.data)
    assert (facts.outcome, facts.feeds, facts.feeds_failing) == ("completed", 3, 0)
    text, table = service.summary_of(settings, outcome.report)
    assert "18 new entries = 18 stored + 0 duplicate" in text
    assert re.search(r"^\| \w+ \| 1 \| 1 \| 1 \| 16.7%", text, re.MULTILINE)
    assert "](http://127.0.0.1:8600/)" in text
    assert [row["new"] for row in table] == ["6", "6", "6"]
    assert {row["what to do"] for row in table} == {"Well."}


def test_a_run_whose_feeds_failed_in_part_is_complete_and_says_so(flows, settings, press):
    press.broken["/feed/1.xml"] = (500, "text/plain", "down")
    outcome = collect(settings)
    assert (outcome.kind, outcome.name) == ("completed", "1 of 3 feeds failed")
    assert flows.collect.STATES[outcome.kind](name=outcome.name).is_completed()
    assert read_facts(settings.data).feeds_failing == 1
    _, table = service.summary_of(settings, outcome.report)
    assert table[0]["feed"] == "press-1"
    assert table[0]["failures"] == "1"


def test_a_run_that_reached_nothing_has_failed(flows, settings):
    unreachable = settings.model_copy(update={"allow_network": ()})
    outcome = collect(unreachable)
    assert (outcome.kind, outcome.name) == ("failed", "No feed reached")
    assert flows.collect.STATES[outcome.kind]().is_failed()
    assert read_facts(settings.data).good_at is None


def test_a_run_beside_another_writer_is_skipped_and_not_noted(flows, settings):
    waited = []
    with Warehouse.open(settings.data, now):
        outcome = collect(settings, sleep=waited.append)
    assert 20 <= sum(waited) <= 40
    assert (outcome.kind, outcome.name) == ("skipped", "Skipped")
    assert flows.collect.STATES[outcome.kind]().is_cancelled()
    assert read_facts(settings.data) is None


def test_a_writer_that_ends_soon_is_waited_for(settings):
    other = Warehouse.open(settings.data, now)
    outcome = collect(settings, sleep=lambda _seconds: other.close())
    assert outcome.name == "Completed"


def test_a_failing_check_is_noted_for_the_alarm(settings, monkeypatch):
    def stop(*_args, **_more):
        raise CheckFailedError("1 data check failed: duplicates")

    monkeypatch.setattr(service, "collect", stop)
    outcome = collect(settings)
    assert (outcome.kind, outcome.name) == ("failed", "Data check failed")
    assert read_facts(settings.data).outcome == "check_failed"


class State:
    def __init__(self, error):
        self.error = error

    def result(self, raise_on_failure):
        assert not raise_on_failure
        return self.error


def test_what_is_worth_another_try(flows):
    locked, wrong = State(LockedError("held")), State(UnknownEntityError("no"))
    assert flows.waiting.waits_for_the_writer(None, None, locked)
    assert not flows.waiting.waits_for_the_writer(None, None, wrong)
    assert flows.collect.is_passing(None, None, State(OSError("reset")))
    assert not flows.collect.is_passing(None, None, wrong)


def test_the_bar_asks_the_server_rarely_and_more_rarely_as_a_run_lasts(flows, monkeypatch):
    moved, clock = [], iter(range(100_000))
    monkeypatch.setattr(flows.show, "create_progress_artifact", lambda **_: UUID(int=1))
    monkeypatch.setattr(flows.show, "update_progress_artifact", lambda _id, **to: moved.append(to["progress"]))
    monkeypatch.setattr(flows.show, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    bar = flows.show.Bar("key")
    for done in range(60):
        bar("feeds", done, 60)
    in_a_minute = len(moved)
    for done in range(1440):
        bar("articles", done, 1440)
    assert 2 <= in_a_minute <= 5
    assert len(moved) <= 35
    assert moved == sorted(moved)
    bar.set(100.0, "done")
    assert moved[-1] == 100


def test_a_run_has_the_name_of_its_flow_and_time(flows):
    assert flows.naming.dated("collect")().startswith(f"collect {now():%Y-%m-%d %H}")


def test_prefect_started_by_hand_has_a_home_beside_the_service_own(flows):
    assert Path(os.environ["PREFECT_HOME"]).name == "prefect-by-hand"
    assert "PREFECT_API_URL" not in os.environ


def test_by_hand_a_flow_runs_on_a_server_of_its_own(press, tmp_path):
    feeds, home = tmp_path / "feeds.toml", tmp_path / "home"
    feeds.write_text(press.feeds_toml())
    home.mkdir()
    more = {"MONITOR_ALLOW_NETWORK": "127.0.0.0/8", "MONITOR_HOST_DELAY": "0", "MONITOR_EXECUTOR": "inline"}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE" and "PREFECT" not in k}
    done = subprocess.run(
        [sys.executable, str(ROOT / "flows" / "collect.py"), str(tmp_path / "data"), str(feeds)],
        env={**environment, "HOME": str(home), **more},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Finished in state Completed('3 of 3 feeds answered, 18 articles stored'" in done.stdout + done.stderr
    assert (tmp_path / "data" / "prefect-by-hand" / "prefect.db").exists()
    assert not (home / ".prefect").exists()


def test_the_process_that_serves_the_flows_stays_small(tmp_path):
    code = (
        "import sys; from flows.serve import *;"
        "[flow_of(s.flow) for s in load_schedules(load_settings())];"
        "print(sorted({'polars', 'duckdb', 'trafilatura', 'pyarrow'} & set(sys.modules)))"
    )
    environment = os.environ | {"MONITOR_DATA": str(tmp_path), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
