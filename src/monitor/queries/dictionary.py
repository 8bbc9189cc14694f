"""The data dictionary as Markdown, from the comments that the published copy carries."""

from __future__ import annotations

from itertools import groupby

from monitor.queries.archive import Archive
from monitor.sqlfiles import Macro, macros, meanings, statements, values

_HEAD = """# Data dictionary

Generated from the comments in the database (`COMMENT ON`) by
`python -m monitor.queries.dictionary DATA > docs/data-dictionary.md`.
`main` is for analysts and keeps its names; `mart` is rebuilt at will; `base` is what was collected.
"""
_VALUES = """
## Values

What columns of codes can hold; `<...>` varies. A relation is named where others have a column of the same name. A test
holds this list against the program.
"""
_MACROS = """
## Macros

A macro that gives rows is asked as a table (`FROM trend('Cambodia')`), the others are values. What has a default
may be left out; it is given by its name: `FROM trend('Cambodia', since := DATE '2026-08-31')`.
"""
PARAMETERS = "| parameter | default | meaning |\n|---|---|---|\n"


def data_dictionary(archive: Archive) -> str:
    """Every relation with its columns, types and meanings, then the codes that columns hold, then the macros."""
    sql = statements("store/comments.sql")
    parts = [_HEAD]
    rows = archive.sql(sql["dictionary"]).rows()
    for (relation, about), columns in groupby(rows, key=lambda row: (row[0], row[1])):
        parts.append(f"\n## {relation}\n\n{about}\n\n| column | type | meaning |\n|---|---|---|\n")
        parts += [f"| {name} | {kind} | {meaning}{_where(relation, name)} |\n" for _, _, name, kind, meaning in columns]
    return "".join([*parts, *_codes(), _MACROS, *_of_rows(archive), *_of_values()])


def _where(relation: str, column: str) -> str:
    """A link to the codes of a column, if it has some."""
    name = relation.partition(".")[2]
    key = f"{'mentions' if name in ('next_mentions', 'past_mentions') else name}.{column}"
    found = key if key in values() else column if column in values() else ""
    return f" [Values](#{found.replace('.', '')})" if found else ""


def _codes() -> list[str]:
    parts = [_VALUES]
    for column, codes in values().items():
        parts += [f"\n### {column}\n\n| value | meaning |\n|---|---|\n"]
        parts += [f"| `{value}` | {about} |\n" for value, about in codes.items()]
    return parts


def _of_rows(archive: Archive) -> list[str]:
    """The macros that give rows, each with its parameters and the columns of what it gives."""
    parts = ["\n### Macros that give rows\n"]
    for macro in (m for m in macros().values() if m.is_table):
        parts.append(f"\n#### {macro.name}\n\n{meanings('macros')[macro.name]}\n\n`{macro.signature}`\n\n")
        parts += [PARAMETERS, *(parameter_row(*pair, macro.name) for pair in macro.params.items())]
        parts.append("\n| gives | type | meaning |\n|---|---|---|\n")
        for name, kind in returned(archive, macro):
            parts.append(f"| {name} | {kind} | {_meaning(macro, name)}{_where(f'main.{macro.name}', name)} |\n")
    return parts


def _of_values() -> list[str]:
    plain = [m for m in macros().values() if not m.is_table]
    rows = [f"| `{m.signature}` | {meanings('macros')[m.name]} |\n" for m in plain]
    known = meanings("parameters")
    names = {own if (own := f"{m.name}.{name}") in known else name for m in plain for name in m.params}
    said = [f"| {name} | {known[name]} |\n" for name in sorted(names)]
    return [
        "\n### Macros that give a value\n\n| macro | what it gives |\n|---|---|\n", *rows,
        "\n| parameter | meaning |\n|---|---|\n", *said,
    ]  # fmt: skip


def parameter_row(name: str, default: str | None, macro: str = "") -> str:
    """A line of a Markdown table: a parameter, its default, and what it means with the values that it may have."""
    known = meanings("parameters")
    about = known.get(f"{macro}.{name}") or known[name]
    return f"| `{name}` | {'' if default is None else f'`{default}`'} | {about} |\n"


def returned(archive: Archive, macro: Macro) -> list[tuple[str, str]]:
    """Name and type of the columns that a macro gives."""
    needed = ", ".join("NULL" for default in macro.params.values() if default is None)
    found = archive.sql(f"DESCRIBE FROM {macro.name}({needed})")
    return list(found.select("column_name", "column_type").iter_rows())


def _meaning(macro: Macro, column: str) -> str:
    return meanings("columns").get(f"{macro.name}.{column}") or meanings("columns").get(column, "")


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from monitor.queries.archive import open_archive

    sys.stdout.write(data_dictionary(open_archive(Path(sys.argv[1]))))
