"""Passwords kept out of what is printed and logged: in addresses and in the connection strings of databases."""

from __future__ import annotations

import re

# patterns that `re` compiles and keeps at their first use: every command imports this module, few have an error to tell
_IN_ADDRESS = r"(://[^\s/:@]*:)[^\s/]+@"
# a value in quotes (doubled within SQL) that ends where a word does; with a quote left open the rest of the line, else
# up to white space: a word too many is masked rather than a letter too few
_IN_STRING = (
    r"(?i)(\b(?:ssl)?(?:password|passwd|pwd)\s*=\s*)"
    r"""(?:(?P<q>'+)(?:\\.|[^'\\])*(?P=q)(?=[\s'":,;)]|$)|'[^\n]*|(?:\\.|[^\s\\])+)"""
)


def masked(text: str) -> str:
    """The text with `***` in place of each password."""
    return re.sub(_IN_STRING, r"\1***", re.sub(_IN_ADDRESS, r"\1***@", text))
