"""Settings: monitor.toml, then .env, then MONITOR_* in the environment, then options; the later one wins."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from monitor.errors import ConfigError
from monitor.masked import masked
from monitor.records import Place

FILE = "monitor.toml"


class Settings(BaseSettings):
    """Every setting with its default; the description is what docs and `status --settings` show."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_", env_file=".env", toml_file=FILE, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="folder of the warehouse and its published copies")
    feeds: str | None = Field(
        None, description="feeds file: path or URL of TOML, OPML or CSV; else feeds.toml here, else the built-in list"
    )
    allow_network: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="private networks that collection may reach, as CIDR, comma separated"
    )
    host_delay: float = Field(1.0, ge=0, le=3600, description="seconds between requests to one host")
    timeout: float = Field(30.0, gt=0, le=600, description="seconds in all for one request")
    workers: int = Field(0, ge=0, le=256, description="worker processes; 0 is one for each core")
    pages_per_host: int = Field(50, ge=1, description="pages fetched from one host in one run; the rest stay pending")
    contact: str = Field("", max_length=200, description="e-mail or URL put into the user agent")
    warehouse: str = Field(
        "", description="catalogue of a DuckLake, such as ducklake:postgres:dbname=monitor host=db; else a file in data"
    )
    warehouse_data: str = Field("", description="the lake's data: folder or s3://bucket/prefix; else data/lake")
    s3_endpoint: str = Field("", description="URL of an object store that is not Amazon's; the keys are in AWS_*")
    week_zone: str = Field("UTC", description="time zone whose Monday starts a week")
    gazetteer: Path | None = Field(None, description="folder of own gazetteer files, added to the built-in ones")
    executor: str = Field("processes", description="where work runs: inline, processes[:N] or dask:tcp://host:port")
    schedules: Path | None = Field(
        None, description="schedules file; else schedules.toml here, else the built-in schedules"
    )
    prefect_port: int = Field(4200, ge=1, le=65535, description="loopback port of the Prefect server and its pages")
    dashboard_port: int = Field(8600, ge=1, le=65535, description="loopback port of the dashboard")
    dashboard_url: str = Field("", description="address of the dashboard in summaries and alarms, when it is published")
    self_check: float = Field(180.0, gt=0, description="seconds after a start within which a scheduled run must start")
    keep_runs_days: int = Field(7, ge=1, description="days that the Prefect server remembers runs and their logs")
    keep_backups: int = Field(7, ge=1, description="daily backups that are kept")
    alarm_hours: float = Field(2.0, gt=0, description="hours without a good collection before the alarm")
    alarm_feeds_share: float = Field(0.2, gt=0, le=1, description="share of failing feeds above which the alarm goes")
    alarm_free_gb: float = Field(2.0, ge=0, description="gigabytes free on the data disk below which the alarm goes")
    webhook_url: SecretStr | None = Field(None, description="address that alarms are posted to in Slack's form")
    smtp_server: str = Field("", description="host:port of the server that alarms are mailed by")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="encryption of mail on its way")
    smtp_user: str = Field("", description="user name at the mail server, when it wants one")
    smtp_password: SecretStr | None = Field(None, description="password at the mail server")
    mail_from: str = Field("", description="sender of mailed alarms")
    mail_to: Annotated[tuple[str, ...], NoDecode] = Field((), description="receivers of alarms, comma separated")
    heartbeat_url: SecretStr | None = Field(
        None, description="address asked after each good collection, so that a dead box is noticed elsewhere"
    )

    @field_validator("allow_network", "mail_to", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401  # whatever a source holds
        return tuple(x.strip() for x in value.split(",") if x.strip()) if isinstance(value, str) else value

    @field_validator("data", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:  # noqa: ANN401  # whatever a source holds
        if isinstance(value, str) and not value.strip():
            raise ValueError("is empty: name a folder, or . for the one you are in")
        return value

    @field_validator("feeds")
    @classmethod
    def _a_list(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("is empty: name a file or an address")
        return value

    @field_validator("gazetteer", "schedules", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:  # noqa: ANN401  # whatever a source holds
        return None if value == "" else value

    @field_validator("allow_network")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network, strict=False)
        return value

    @field_validator("week_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone; use a name such as Asia/Phnom_Penh") from None
        return value

    @field_validator("warehouse")
    @classmethod
    def _lake(cls, value: str) -> str:
        if value and not value.startswith("ducklake:"):
            raise ValueError("must begin with ducklake:, such as ducklake:postgres:dbname=monitor host=db")
        return value

    @field_validator("dashboard_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.match(r"https?://[\w\[]", value):
            raise ValueError("must be an address such as https://monitor.example.org/")
        return value

    @field_validator("contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one printable line")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of the sources, the strongest first."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def place(self) -> Place:
        """Where the archive is."""
        return Place(self.data, self.warehouse, self.warehouse_data, self.s3_endpoint)

    @property
    def worker_count(self) -> int:
        """Number of worker processes that `workers` stands for."""
        return self.workers or os.cpu_count() or 1


def load_settings(options: Mapping[str, object] | None = None) -> Settings:
    """Settings from all sources; `options` with value None are not given. Raises ConfigError."""
    given = {k: v for k, v in (options or {}).items() if v is not None and v != ()}
    _check_file(Path(FILE))
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        why = str(first["msg"]).removeprefix("Value error, ")
        where = _origin(name, given)
        value = first["input"]
        got = "" if _is_secret(name) else f"; got {(masked(value) if isinstance(value, str) else value)!r}"
        raise ConfigError(f"setting {name} ({where}): {why}{got}") from None


def provenance(options: Mapping[str, object] | None = None) -> list[tuple[str, str, str, str]]:
    """Rows (name, value, where it came from, description) of all settings."""
    given = {k: v for k, v in (options or {}).items() if v is not None and v != ()}
    settings = load_settings(given)
    return [
        (
            name,
            _shown(getattr(settings, name)),
            _origin(name, given),
            info.description or "",
        )
        for name, info in Settings.model_fields.items()
    ]


def _is_secret(name: str) -> bool:
    kind = Settings.model_fields[name].annotation if name in Settings.model_fields else None
    return SecretStr in (kind, *get_args(kind))


def _shown(value: object) -> str:
    return masked(", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value))


def _origin(name: str, given: Mapping[str, object]) -> str:
    sources: list[tuple[str, Mapping[str, Any]]] = [
        ("option", given),
        (f"environment MONITOR_{name.upper()}", EnvSettingsSource(Settings)()),
        (".env", DotEnvSettingsSource(Settings)()),
        (FILE, TomlConfigSettingsSource(Settings)()),
    ]
    return next((label for label, values in sources if values.get(name) is not None), "default")


def _check_file(path: Path) -> None:
    try:
        keys = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None
    for key in keys.keys() - Settings.model_fields.keys():
        raise ConfigError(f"{path}: unknown setting {key!r}; known are {', '.join(Settings.model_fields)}")
