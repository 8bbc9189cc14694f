"""Write docs/reference.md (commands, options, settings) and docs/data-dictionary.md. `make docs` runs it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor import marts, publish
from monitor.cli import COMMANDS, cli
from monitor.config import Settings
from monitor.queries import open_archive
from monitor.queries.dictionary import data_dictionary
from monitor.store import Warehouse

PAGE = Path(__file__).with_name("reference.md")
DICTIONARY = Path(__file__).with_name("data-dictionary.md")
EXIT_CODES = (
    ("0", "done; a run is done also when nothing was due or some feeds failed"),
    ("1", "an error that has no name of its own"),
    ("2", "wrong input or configuration: the line says what to do"),
    ("3", "feeds were due and not one could be reached"),
    ("4", "another writer holds the warehouse"),
    ("5", "a data check stopped the publish; the last good copy stays"),
    ("130", "interrupted; what was stored is safe"),
)


def reference() -> str:
    """The whole page."""
    parts = ["# Reference", "", "Made from the program by `make docs`; a test fails when it is not up to date.", ""]
    parts += ["## Exit codes", "", "| code | meaning |", "|---|---|", *(f"| {c} | {m} |" for c, m in EXIT_CODES), ""]
    parts += ["## Settings", "", _settings(), "", "## Commands", ""]
    with click.Context(cli, info_name="monitor") as context:
        for name in COMMANDS:
            command = cli.get_command(context, name)
            if command is not None:
                parts += _command(command, f"monitor {name}", "###")
    return "\n".join(parts).rstrip() + "\n"


def _settings() -> str:
    rows = [
        "In `monitor.toml`, `.env`, the environment (`MONITOR_` and the name in capitals) and options: the later wins.",
        'In `monitor.toml` a line is `host_delay = 2` or `allow_network = ["10.0.0.0/8"]`.',
        "`monitor status --settings` shows each value with where it came from.",
        "",
        "| setting | default | what it is |",
        "|---|---|---|",
    ]
    for name, info in Settings.model_fields.items():
        default = "" if info.default in (None, (), "") else f"`{info.default}`"
        rows.append(f"| {name} | {default} | {_cell(info.description or '')} |")
    return "\n".join(rows)


def _command(command: click.Command, path: str, level: str) -> list[str]:
    about = " ".join((command.help or "").replace("\b", "").split())
    lines = [f"{level} {path}", "", about, ""]
    rows = [_row(p) for p in command.params if not getattr(p, "hidden", False)]
    if rows:
        lines += ["| option | default | what it does |", "|---|---|---|", *rows, ""]
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            lines += _command(inner, f"{path} {name}", level + "#")
    return lines


def _row(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        name = ", ".join([*param.opts, *param.secondary_opts])
        about = param.help or ""
    else:
        name, about = param.human_readable_name, "argument"
    if isinstance(param.type, click.Choice):
        about += f" ({', '.join(map(str, param.type.choices))})"
    plain = param.default in (None, False, (), "") or "UNSET" in repr(param.default)
    return f"| `{name}` | {'' if plain else f'`{param.default}`'} | {_cell(about)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def dictionary() -> str:
    """The data dictionary of an empty archive: its comments are those of any other."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        with Warehouse.open(Path(folder), lambda: now) as warehouse:
            marts.build(warehouse)
            publish.publish(warehouse, now)
        with open_archive(Path(folder)) as archive:
            return data_dictionary(archive)


if __name__ == "__main__":
    PAGE.write_text(reference(), "utf-8")
    DICTIONARY.write_text(dictionary(), "utf-8")
