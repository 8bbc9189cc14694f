"""Write docs/reference.md, docs/data-dictionary.md and the functions in docs/query.md. `make docs` runs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor import marts, publish
from monitor.cli import COMMANDS, cli
from monitor.config import Settings
from monitor.queries import Archive, open_archive
from monitor.queries.dictionary import PARAMETERS, data_dictionary, parameter_row, returned
from monitor.sqlfiles import macros, meanings
from monitor.store import Warehouse

PAGE = Path(__file__).with_name("reference.md")
DICTIONARY = Path(__file__).with_name("data-dictionary.md")
QUERY = Path(__file__).with_name("query.md")
FROM_HERE, TO_HERE = "<!-- functions, made by `make docs` -->\n", "<!-- end of functions -->\n"
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


@contextmanager
def empty_archive() -> Iterator[Archive]:
    """An archive of nothing: its comments, columns and macros are those of any other."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        with Warehouse.open(Path(folder), lambda: now) as warehouse:
            marts.build(warehouse)
            publish.publish(warehouse, now)
        with open_archive(Path(folder)) as archive:
            yield archive


def query_page(archive: Archive) -> str:
    """docs/query.md with the functions as the SQL declares them."""
    text = QUERY.read_text("utf-8")
    before, after = text.partition(FROM_HERE)[0], text.partition(TO_HERE)[2]
    return before + FROM_HERE + _functions(archive) + TO_HERE + after


def _functions(archive: Archive) -> str:
    tables = [macro for macro in macros().values() if macro.is_table]
    rows = ["", "| function | what it gives | columns |", "|---|---|---|"]
    for macro in tables:
        columns = ", ".join(name for name, _ in returned(archive, macro))
        rows.append(f"| `{macro.signature}` | {_cell(meanings('macros')[macro.name])} | {columns} |")
    # a test sees to it that a parameter has one default, but for functions where all must be given
    defaults = {name: default for m in tables for name, default in m.params.items() if default is not None}
    own = {f"{macro.name}.{name}": macro.params[name] for macro in tables for name in macro.params}
    names = sorted({name for macro in tables for name in macro.params} | (own.keys() & meanings("parameters").keys()))
    said = [parameter_row(name, own.get(name, defaults.get(name))) for name in names]
    return "\n".join([*rows, "", PARAMETERS]) + "".join(said) + "\n"


if __name__ == "__main__":
    PAGE.write_text(reference(), "utf-8")
    with empty_archive() as published:
        DICTIONARY.write_text(data_dictionary(published), "utf-8")
        QUERY.write_text(query_page(published), "utf-8")
