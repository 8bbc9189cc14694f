"""Passwords kept out of what is printed and logged: in addresses and in PostgreSQL's connection strings."""

from __future__ import annotations

import re

_IN_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/]+@")
_IN_STRING = re.compile(r"""(\b(?:ssl)?password\s*=\s*)(?:'+(?:\\.|[^'\\])*'*|(?:\\.|[^\s'"\\])+)""", re.IGNORECASE)


def masked(text: str) -> str:
    """The text with `***` in place of each password."""
    return _IN_STRING.sub(r"\1***", _IN_ADDRESS.sub(r"\1***@", text))
