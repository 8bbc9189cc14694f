"""The tagger's quality card (`docs/quality.md`, written by `make quality`) as sections of text and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

CARD = Path(__file__).parents[1] / "docs" / "quality.md"


@dataclass
class Section:
    """A heading with its paragraphs and the rows of its table, the first of which names the columns."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def card(path: Path = CARD) -> list[Section]:
    """The sections of the card; none when there is no card."""
    try:
        text = path.read_text("utf-8")
    except OSError:
        return []
    sections: list[Section] = []
    for block in text.split("\n\n"):
        stripped = block.strip()
        if stripped.startswith("#"):
            sections.append(Section(stripped.lstrip("# ")))
        elif stripped.startswith("|") and sections:
            lines = [line.strip().strip("|").split("|") for line in stripped.splitlines()]
            cells = [[cell.strip().replace("**", "").replace("`", "") for cell in line] for line in lines]
            sections[-1].rows += [row for row in cells if set("".join(row)) - set("-: ")]
        elif stripped and sections:
            sections[-1].paragraphs.append(" ".join(stripped.replace("`", "").split()))
    return sections
