from datetime import timedelta

import pytest

from monitor.config import load_settings
from monitor.errors import ConfigError
from monitor.schedules import FLOWS, load_schedules, read_schedules


def one(text, flow="collect"):
    return next(s for s in read_schedules(text, "s.toml") if s.flow == flow)


def test_the_built_in_schedules_collect_every_half_hour(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = {s.flow: s for s in load_schedules(load_settings())}
    assert tuple(found) == FLOWS
    assert found["collect"].every == timedelta(minutes=30)
    assert found["report"].cron == "0 6 * * 1"
    assert found["collect"].time_limit < found["collect"].every


def test_the_operator_file_here_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schedules.toml").write_text('[collect]\nevery = "2h"')
    found = {s.flow: s for s in load_schedules(load_settings())}
    assert found["collect"].every == timedelta(hours=2)
    assert found["backup"].every is None
    assert found["backup"].cron is None


def test_a_schedule_with_everything():
    text = (
        '[collect]\ncron = "5 6 * * 1"\ntimezone = "Asia/Phnom_Penh"\nactive = false\nparameters = {all_feeds = true}'
    )
    found = one(text)
    assert (found.cron, found.timezone, found.active) == ("5 6 * * 1", "Asia/Phnom_Penh", False)
    assert found.parameters == {"all_feeds": True}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[collect", "s.toml"),
        ("[gather]", "no flow"),
        ("collect = 3", "must be a table"),
        ("[collect]\nevry = '3m'", "unknown key 'evry'"),
        ("[collect]\nevery = '3 weeks'", "no duration"),
        ("[collect]\nevery = '0m'", "no duration"),
        ("[collect]\nevery = 30", "no duration"),
        ("[collect]\nevery = '5s'", "shorter than 30s"),
        ("[collect]\nevery = '999999d'", "longer than a year"),
        ("[collect]\nevery = '5m'\ncron = '* * * * *'", "either every or cron"),
        ("[collect]\ncron = '* * *'", "five fields"),
        ("[collect]\ncron = '99 * * * *'", "99 is no minute, which is 0 to 59"),
        ("[collect]\ncron = '*/5 8-24 * * *'", "24 is no hour"),
        ("[collect]\ncron = '0 0 * * mon,8'", "8 is no weekday"),
        ("[collect]\ntimezone = 'Mars/Olympus'", "no time zone"),
        ("[collect]\nactive = 'yes'", "true or false"),
        ("[collect]\nparameters = 3", "a table"),
    ],
)
def test_a_fault_is_named_with_its_place(text, words):
    with pytest.raises(ConfigError, match=words):
        read_schedules(text, "s.toml")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        load_schedules(load_settings({"schedules": tmp_path / "none.toml"}))


@pytest.mark.parametrize("cron", ["*/90 * * * *", "0 0 31 12 7", "0 6 * * mon#2", "5,35 0-23/2 L jan-mar *"])
def test_what_only_the_scheduler_can_judge_is_left_to_it(cron):
    assert read_schedules(f"[collect]\ncron = '{cron}'", "s.toml")[0].cron == cron
