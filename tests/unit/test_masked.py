"""Passwords are not printed, whichever way a connection string holds them."""

import traceback

import duckdb
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.config import load_settings
from monitor.errors import ConfigError, ConflictError, DataFolderError
from monitor.masked import masked
from monitor.store.transaction import explained, transaction


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ducklake:postgres:dbname=m password=hunter2 host=db", "ducklake:postgres:dbname=m password=*** host=db"),
        ("postgres:password = 'hunter 2' host=db", "postgres:password = *** host=db"),
        (r"PASSWORD='hunt\'er2' host=db", "PASSWORD=*** host=db"),
        (r"password=hunt\ er2 host=db", "password=*** host=db"),
        ("ATTACH 'postgres:password=''hunter 2'' host=db'", "ATTACH 'postgres:password=*** host=db'"),
        ("ducklake:postgres://me:hunter2@db/m?sslmode=on", "ducklake:postgres://me:***@db/m?sslmode=on"),
        ("postgres://me:hunt@er2@db/m", "postgres://me:***@db/m"),
        ("host=db sslpassword=hunter2", "host=db sslpassword=***"),
        ('password="hunter2" host=db', "password=*** host=db"),
        ("password=x'hunter2 host=db", "password=*** host=db"),
        ('at "password=\'hun ter2": unterminated in "password=\'hun ter2"', 'at "password=***'),
        ("ducklake:mysql:host=h passwd=hunter2 db=m", "ducklake:mysql:host=h passwd=*** db=m"),
        ("https://:hunter2@feeds.example/list.toml", "https://:***@feeds.example/list.toml"),
        ("dbname=m host=db port=5432", "dbname=m host=db port=5432"),
        ("https://me@feeds.example:8080/a@b", "https://me@feeds.example:8080/a@b"),
    ],
)
def test_a_password_is_masked_and_nothing_else(text, shown):
    assert masked(text) == shown
    assert masked(shown) == shown


def test_an_error_that_quotes_a_connection_string_hides_its_password():
    error = DataFolderError('unable to connect at "host=db password=hunter2": refused')
    assert str(error) == 'unable to connect at "host=db password=*** refused'
    assert "hunter2" not in repr(error)


def test_what_a_database_said_is_masked_before_it_is_cut_and_is_no_cause():
    said = 'Transaction conflict at "host=db password=hunter2hunter2hunter2 dbname=m": ' + "x" * 170
    assert "hunter2" not in str(explained(duckdb.TransactionException(said)))
    with duckdb.connect() as con, pytest.raises(ConflictError) as error, transaction(con):
        raise duckdb.TransactionException(said)
    assert "hunter2" not in "".join(traceback.format_exception(error.value))


def test_settings_show_how_the_catalogue_is_reached_without_its_password(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_WAREHOUSE", "ducklake:postgres:dbname=m host=db password=hunter2")
    shown = CliRunner().invoke(cli, ["status", "--settings"], terminal_width=200).output
    assert "dbname=m" in shown
    assert "hunter2" not in shown


def test_a_refused_catalogue_is_shown_without_its_password(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_WAREHOUSE", "postgres:password='hunter 2'")
    with pytest.raises(ConfigError, match="must begin with ducklake") as error:
        load_settings()
    assert "hunter" not in str(error.value)
