"""Passwords kept out of what is printed and logged: in addresses and in the connection strings of databases."""

from __future__ import annotations

import re

_IN_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/]+@")
# a value in quotes (doubled within SQL) that ends where a word does; with a quote left open the rest of the line, else
# up to white space: a word too many is masked rather than a letter too few
_IN_STRING = re.compile(
    r"""(\b(?:ssl)?(?:password|passwd|pwd)\s*=\s*)(?:(?P<q>'+)(?:\\.|[^'\\])*(?P=q)(?=[\s'":,;)]|$)|'[^\n]*|(?:\\.|[^\s\\])+)""",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text with `***` in place of each password."""
    return _IN_STRING.sub(r"\1***", _IN_ADDRESS.sub(r"\1***@", text))
