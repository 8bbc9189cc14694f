"""Sentences: numbers said in words, as parts that HTML and plain text both can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from monitor.trends import CHANGE_WEEKS, SPIKE_WEEKS

MOSTLY = 0.5  # a source that gives this share of a name's articles is named beside the number
LEAST_MOSTLY = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text in parts; the strong ones are set in bold."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def html(self) -> Markup:
        """The sentence with its strong parts marked; every part is escaped."""
        pieces = (
            Markup("<b>{}</b>").format(text) if strong else Markup("{}").format(text) for text, strong in self.parts
        )
        return Markup("").join(pieces)

    @property
    def text(self) -> str:
        """The sentence without marks."""
        return "".join(text for text, _ in self.parts)


def day(value: date) -> str:
    """A date as pages write it."""
    return f"{value.day} {value:%b %Y}"


def number(value: float | None) -> str:
    """A count with thousands apart; a middle dot for what is not known."""
    if value is None:
        return "·"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}"


def percent(value: float | None) -> str:
    """A share; one decimal below ten per cent."""
    if value is None:
        return "·"
    return f"{value:.0%}" if abs(value) >= 0.0995 or not value else f"{value:.1%}"


def missing(articles: int) -> str:
    """Articles that feeds announced and whose pages are not at hand."""
    return f"{number(articles)} announced article{'' if articles == 1 else 's'} missing"


def unseen(week: dict[str, Any]) -> str:
    """What was not seen of a week, in a sentence or two; nothing for one that was observed."""
    when = f"The week of {day(week['week'])}"
    if week["state"] == "unobserved":
        return f"{when} was not observed: this is a gap, not a zero."
    if week["state"] != "partial":
        return ""
    in_full = f": {week['sources_observed']} of {week['sources']} sources in full" if week.get("sources") else ""
    told = f"{when} was partly seen{in_full}."
    if not (count := week.get("missing_articles")):
        return told
    kept = "article is missing: its page waits" if count == 1 else "articles are missing: their pages wait"
    return f"{told} {number(count)} announced {kept} to be fetched, or an outage kept {'it' if count == 1 else 'them'}."


def main_source(sources: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The source that most of the articles come from, if there is one and enough articles to say so."""
    if not sources or sources[0]["all_articles"] < LEAST_MOSTLY:
        return None
    return sources[0] if sources[0]["articles"] >= MOSTLY * sources[0]["all_articles"] else None


def headline(
    name: str, row: dict[str, Any] | None, sources: list[dict[str, Any]], complete: int, *, within: bool = False
) -> Sentence:
    """What the last whole week says of a name: count, denominator, verdict, and the source behind most of it."""
    if within and (row is None or not row["observed_articles"]):
        return Sentence(((name, True), (": no article of the last whole week is within the filters.", False)))
    if row is None or row["articles"] is None:
        return Sentence(((name, True), (" was not observed in the last whole week: no source was seen.", False)))
    share = f" ({percent(row['share'])})" if row["articles"] else ""
    parts = [
        ("Within the filters, " if within else "", False),
        (name, True),
        (" was named in ", False),
        (f"{number(row['articles']) if row['articles'] else 'none'} of {number(row['observed_articles'])}", True),
        (f" articles{share} in the week of {day(row['week'])}{_verdict(row, complete)}.", False),
    ]
    if not complete:
        parts[-1] = (f" articles so far; its first week, that of {day(row['week'])}, is not over yet.", False)
    if most := main_source(sources):
        share = percent(most["articles"] / most["all_articles"])
        parts.append((f" {share} of them come from one source, {most['publisher']}.", True))
    return Sentence(tuple(parts))


def _verdict(row: dict[str, Any], complete: int) -> str:
    if row["mean8"] is None:
        if complete < CHANGE_WEEKS + 1:
            return f", too early to call much or little: change needs {CHANGE_WEEKS} whole weeks before"
        return ", with too few observed weeks before to compare"
    if not row["mean8"] and not row["articles"]:
        return ", as in the eight weeks before"
    usual = number(round(row["mean8"] * row["observed_articles"], 1))
    usual = f"at the rate of the eight weeks before it would be {usual}"
    if "change8_low" not in row:  # a filtered view: there is no interval to judge by
        return f"; {usual}"
    if row["change8_low"] > 0:
        return f", more than noise explains: {usual}"
    if row["change8_high"] < 0:
        return f", less than noise explains: {usual}"
    return f", within the noise of its usual: {usual}"


def to_date(rows: list[tuple[str, dict[str, Any]]]) -> Sentence | None:
    """The open week of some names, each with its mean at the same age where earlier weeks were polled at that age."""
    if not rows:
        return None
    first = rows[0][1]
    if not first["observed_articles"]:
        return Sentence((("Week to date: no article so far.", False),))
    count, weeks = first["observed_articles"], first["earlier_weeks"]
    start = f"Week to date, {number(count)} article{'' if count == 1 else 's'} so far"
    if weeks:
        start += (
            f", in brackets the mean of the {weeks} weeks before at the same age"
            if weeks > 1
            else (", in brackets the week before at the same age")
        )
    parts = [(f"{start}: ", False)]
    for index, (name, row) in enumerate(rows):
        usual = f" ({number(round(row['same_age_articles'] or 0.0, 1))})" if weeks else ""
        parts += [
            (f"{name} {number(row['articles'])}", True),
            (usual + (", " if index + 1 < len(rows) else "."), False),
        ]
    return Sentence(tuple(parts))


def spike(row: dict[str, Any], name: str) -> Sentence:
    """Why a week is called a spike."""
    parts = [
        (name, True),
        (f" stood in {row['stories']} stories from {row['sources']} sources in the week of {day(row['week'])}", False),
        (f", {row['ratio']:.1f} times the {number(round(row['expected_stories'], 1))} that its history expects", False),
        (f" ({percent(row['share'])} of all articles).", False),
    ]
    if row["top_source_stories"] >= MOSTLY * row["stories"]:
        parts.append((f" {row['top_source']} gave {row['top_source_stories']} of the stories.", False))
    return Sentence(tuple(parts))


def cold_start(complete: int, first: date | None) -> list[str]:
    """What an archive whose first week began on `first` cannot say yet, and from when on it can."""
    if first is None:
        return ["Nothing has been observed yet: run a collection, then come back."]
    if complete > SPIKE_WEEKS:
        return []
    spans = f"{complete} whole week{'' if complete == 1 else 's'}" if complete else "no whole week yet"
    told = [f"This archive begins with the week of {day(first)} and spans {spans}."]
    if complete <= CHANGE_WEEKS:
        told.append(
            f"Whether a week is more or less than usual can be said once it has {CHANGE_WEEKS} whole weeks before it:"
            f" from {day(first + (CHANGE_WEEKS + 1) * timedelta(days=7))} on."
        )
    told.append(
        f"Spikes are looked for in weeks that have {SPIKE_WEEKS} whole weeks before them:"
        f" from {day(first + (SPIKE_WEEKS + 1) * timedelta(days=7))} on."
    )
    return told
