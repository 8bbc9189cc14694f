"""Validation on an operator's own archive: draw articles, give coders a sheet, score the tagger against them."""

from monitor.validation.agreement import alpha, share, wilson
from monitor.validation.card import TITLE, kept_section, section, with_section
from monitor.validation.coding import Pair, coded_pairs
from monitor.validation.draw import Drawn, Framed, draw, stratum
from monitor.validation.reading import Row, read_sheet, same_rows
from monitor.validation.sheet import KINDS, Spot, Text, write_sheet

__all__ = [
    "KINDS",
    "TITLE",
    "Drawn",
    "Framed",
    "Pair",
    "Row",
    "Spot",
    "Text",
    "alpha",
    "coded_pairs",
    "draw",
    "kept_section",
    "read_sheet",
    "same_rows",
    "section",
    "share",
    "stratum",
    "wilson",
    "with_section",
    "write_sheet",
]
