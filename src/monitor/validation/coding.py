"""One or two coders' rows as pairs of an article and a name, each with the tagger's answer and theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.errors import UsageError
from monitor.validation.reading import Row
from monitor.validation.sheet import KINDS

UNKNOWN = "not in the gazetteer"
Resolve = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """`answers` has one place a coder: whether the article has the name, None where not judged or unsure.

    `kind` is an entity's, or UNKNOWN for an added name that the gazetteer does not have. `name` is as written.
    """

    article: str
    entity: str
    name: str
    kind: str
    source_type: str
    weight: float
    found: bool
    answers: tuple[bool | None, ...]
    is_added: bool = False

    @property
    def truth(self) -> bool | None:
        """What the coders that answered agree on; None when they do not, or nobody answered."""
        given = {answer for answer in self.answers if answer is not None}
        return given.pop() if len(given) == 1 else None


def coded_pairs(sheets: Sequence[Sequence[Row]], resolve: Resolve) -> list[Pair]:
    """All judged and added pairs; `resolve` gives id and kind of an added name, None for one that it does not know.

    A name that only one of two coders added is a "no" of the other, if the other coded that article. Added regions and
    treaties are left out, as the charts leave them out. Raises UsageError for an added name that has a row already.
    """
    answers = [{row.key: _ANSWERS.get(row.answer) for row in rows if row.entity} for rows in sheets]
    judged = [_pair(row, row.entity, row.kind, row.name, [one.get(row.key) for one in answers])
              for row in sheets[0] if row.entity]  # fmt: skip
    added = [_added(rows, resolve) for rows in sheets]
    coded = [{row.article for row in rows if row.answer or row.added} for rows in sheets]
    found: dict[tuple[str, str], Pair] = {}
    for names in added:
        for key, (row, kind, name) in names.items():
            given = [True if key in one else False if key[0] in at else None
                     for one, at in zip(added, coded, strict=True)]  # fmt: skip
            found.setdefault(key, _pair(row, key[1], kind, name, given, is_added=True))
    return judged + list(found.values())


_ANSWERS = {"yes": True, "no": False}


def _pair(
    row: Row, entity: str, kind: str, name: str, answers: Iterable[bool | None], *, is_added: bool = False
) -> Pair:
    found = row.found and not is_added
    return Pair(row.article, entity, name, kind, row.source_type, row.weight, found, tuple(answers), is_added)


def _added(rows: Sequence[Row], resolve: Resolve) -> dict[tuple[str, str], tuple[Row, str, str]]:
    lines = {row.key: row.line for row in rows if row.entity}
    found: dict[tuple[str, str], tuple[Row, str, str]] = {}
    for row in rows:
        for name in row.added:
            entity, kind = resolve(name) or (" ".join(name.casefold().split()), UNKNOWN)
            if line := lines.get((row.article, entity)):
                raise UsageError(f"row {row.line} adds {name!r}, which has row {line} of that article: answer there")
            if kind in (*KINDS, UNKNOWN):
                found.setdefault((row.article, entity), (row, kind, name))
    return found
