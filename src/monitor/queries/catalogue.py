"""The named queries of sql/queries: what each is about and which parameters it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from monitor.errors import QueryError
from monitor.lines import near
from monitor.sqlfiles import sql_files, sql_text

V = TypeVar("V")
_PARAM = re.compile(r"^-- param: (\w+)(?: = (.*))?$", re.MULTILINE)
_ONCE = re.compile(r"^-- once: (\w+) = (\w+)$", re.MULTILINE)
_ABOUT = re.compile(r"^-- about: (.+)$", re.MULTILINE)


def by_new_names(given: Mapping[str, V], once: Mapping[str, str]) -> dict[str, V]:
    """What is given by the names of today; `once` maps old names to them. A new name holds before its old one."""
    old = {once[name]: value for name, value in given.items() if name in once}
    new = {name: value for name, value in given.items() if name not in once}
    return old | {name: value for name, value in new.items() if value not in ("", None) or name not in old}


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One file of sql/queries; `params` maps each parameter to its default, None where it must be given.

    `once` maps the names that parameters had in earlier versions, which still answer, to those of now.
    """

    name: str
    about: str
    params: dict[str, str | None]
    sql: str
    once: dict[str, str] = field(default_factory=dict)

    def bind(self, given: dict[str, object]) -> dict[str, object]:
        """All parameters with their values. Raises QueryError for an unknown or a missing one."""
        given = by_new_names(given, self.once)
        if unknown := sorted(given.keys() - self.params.keys()):
            raise QueryError(
                f"query {self.name} has no parameter {unknown[0]}: it takes {', '.join(self.params) or 'none'}"
            )
        bound = {name: given.get(name, default) for name, default in self.params.items()}
        if missing := [name for name, value in bound.items() if value in (None, "") and self.params[name] is None]:
            raise QueryError(f"query {self.name} needs --param {missing[0]}=VALUE")
        return {name: None if value == "" else value for name, value in bound.items()}


@cache
def data_checks() -> dict[str, str]:
    """The checks of sql/checks that what changed has passed before each publish, with what each looks for."""
    texts = {path.stem: sql_text(f"checks/{path.name}") for path in sql_files("checks")}
    return {name: found[1] for name, text in texts.items() if (found := _ABOUT.search(text))}


@cache
def named_queries() -> dict[str, NamedQuery]:
    """All named queries; those of the dashboard's pages (page_*) among them."""
    found = {}
    for path in sql_files("queries"):
        text = sql_text(f"queries/{path.name}")
        about = _ABOUT.search(text)
        params = {name: default if default else None for name, default in _PARAM.findall(text)}
        params = {name: "" if default == "''" else default for name, default in params.items()}
        found[path.stem] = NamedQuery(path.stem, about[1] if about else "", params, text, dict(_ONCE.findall(text)))
    return found


def analysts_queries() -> dict[str, NamedQuery]:
    """The named queries for people; those of the dashboard's pages may change with it."""
    return {name: query for name, query in named_queries().items() if not name.startswith("page_")}


def named_query(name: str) -> NamedQuery:
    """The query of that name. Raises QueryError that suggests the nearest."""
    if found := named_queries().get(name):
        return found
    close = near(name, analysts_queries(), 3, 0.5)
    hint = f"did you mean {', '.join(close)}?" if close else "monitor query without a name lists them"
    raise QueryError(f"no query is named {name!r}: {hint}")
