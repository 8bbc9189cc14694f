import pytest

from monitor.config import load_settings, provenance
from monitor.errors import ConfigError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def origin(name, options=None):
    return next(row[2] for row in provenance(options) if row[0] == name)


def test_later_sources_win(folder, monkeypatch):
    (folder / "monitor.toml").write_text("host_delay = 4.0\n")
    assert load_settings().host_delay == 4.0
    (folder / ".env").write_text("MONITOR_HOST_DELAY=3\n")
    assert load_settings().host_delay == 3.0
    monkeypatch.setenv("MONITOR_HOST_DELAY", "2")
    assert load_settings().host_delay == 2.0
    assert load_settings({"host_delay": 1}).host_delay == 1.0


def test_provenance_names_the_source(folder, monkeypatch):
    assert origin("timeout") == "default"
    (folder / "monitor.toml").write_text("timeout = 9.0\n")
    assert origin("timeout") == "monitor.toml"
    (folder / ".env").write_text("MONITOR_TIMEOUT=8\n")
    assert origin("timeout") == ".env"
    monkeypatch.setenv("MONITOR_TIMEOUT", "7")
    assert origin("timeout") == "environment MONITOR_TIMEOUT"
    assert origin("timeout", {"timeout": 5}) == "option"


def test_networks_are_comma_separated_in_the_environment(monkeypatch):
    monkeypatch.setenv("MONITOR_ALLOW_NETWORK", "127.0.1.0/24, 10.0.0.0/8")
    assert load_settings().allow_network == ("127.0.1.0/24", "10.0.0.0/8")


def test_an_option_not_given_does_not_hide_the_environment(monkeypatch):
    monkeypatch.setenv("MONITOR_ALLOW_NETWORK", "127.0.1.0/24")
    assert load_settings({"allow_network": (), "workers": None}).allow_network == ("127.0.1.0/24",)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MONITOR_HOST_DELAY", "fast", "host_delay (environment MONITOR_HOST_DELAY)"),
        ("MONITOR_HOST_DELAY", "-1", "greater than or equal to 0"),
        ("MONITOR_ALLOW_NETWORK", "127.0.0.1/99", "does not appear to be an IPv4 or IPv6 network"),
        ("MONITOR_WEEK_ZONE", "Mars/Base", "no time zone"),
        ("MONITOR_DATA", "", "data (environment MONITOR_DATA): is empty"),
        ("MONITOR_FEEDS", "", "is empty: name a file or an address"),
        ("MONITOR_DATA", "  ", "is empty: name a folder"),
        ("MONITOR_CONTACT", "me\r\nX-Evil: 1", "one printable line"),
    ],
)
def test_a_bad_value_says_which_and_where(monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert says in str(error.value)


def test_an_empty_folder_that_may_be_left_out_is_none(monkeypatch):
    monkeypatch.setenv("MONITOR_GAZETTEER", "")
    monkeypatch.setenv("MONITOR_SCHEDULES", "")
    assert load_settings().gazetteer is load_settings().schedules is None


def test_unknown_setting_in_the_file_is_an_error(folder):
    (folder / "monitor.toml").write_text("host_dely = 1\n")
    with pytest.raises(ConfigError, match="unknown setting 'host_dely'"):
        load_settings()


def test_a_foreign_name_in_dotenv_is_none_of_our_business(folder):
    (folder / ".env").write_text("DATABASE_URL=x\nMONITOR_WORKERS=2\n")
    assert load_settings().workers == 2


def test_a_broken_file_is_one_line(folder):
    (folder / "monitor.toml").write_text("data = \n")
    with pytest.raises(ConfigError, match=r"monitor\.toml"):
        load_settings()


@pytest.mark.parametrize(
    "line",
    [
        "smtp_password = 123456",
        'webhook_url = ["https://hooks.example/123456"]',
        'heartbeat_url = {secret = "123456"}',
    ],
)
def test_a_bad_secret_is_not_printed(folder, line):
    (folder / "monitor.toml").write_text(line + "\n")
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert f"setting {line.split()[0]} (monitor.toml): " in str(error.value)
    assert "valid string" in str(error.value)
    assert "123456" not in str(error.value)


def test_a_bad_value_that_is_no_secret_is_shown(folder):
    (folder / "monitor.toml").write_text("smtp_server = 123456\n")
    with pytest.raises(ConfigError, match="got 123456"):
        load_settings()
