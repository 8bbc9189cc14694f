"""The data dictionary as Markdown, from the comments that the published copy carries."""

from __future__ import annotations

from itertools import groupby

from monitor.queries.archive import Archive
from monitor.sqlfiles import statements

_HEAD = """# Data dictionary

Generated from the comments in the database (`COMMENT ON`) by
`python -m monitor.queries.dictionary DATA > docs/data-dictionary.md`.
`main` is for analysts and keeps its names; `mart` is rebuilt at will; `base` is what was collected.
"""


def data_dictionary(archive: Archive) -> str:
    """Every relation with its columns, types and meanings, then the macros with their parameters."""
    sql = statements("store/comments.sql")
    parts = [_HEAD]
    rows = archive.sql(sql["dictionary"]).rows()
    for (relation, about), columns in groupby(rows, key=lambda row: (row[0], row[1])):
        parts.append(f"\n## {relation}\n\n{about}\n\n| column | type | meaning |\n|---|---|---|\n")
        parts += [f"| {name} | {kind} | {meaning} |\n" for _, _, name, kind, meaning in columns]
    parts.append("\n## Macros\n\n| macro | parameters | what it gives |\n|---|---|---|\n")
    parts += [
        f"| {name} | {', '.join(given)} | {about} |\n" for name, _, given, about in archive.sql(sql["macros"]).rows()
    ]
    return "".join(parts)


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from monitor.queries.archive import open_archive

    sys.stdout.write(data_dictionary(open_archive(Path(sys.argv[1]))))
