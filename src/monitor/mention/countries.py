"""Rules for names of countries and peoples: money, languages, persons, companies."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.mention.context import EDGES, Context
from monitor.mention.languages import LANGUAGE, language
from monitor.mention.lexicon import Sense
from monitor.mention.persons import at_work, described, introduced, is_first_name, named, person
from monitor.mention.towns import TOWN, before_town_word, begins_town, is_of_country, is_town_of, state_follows
from monitor.mention.verdict import Verdict, uncounted, veto

Rule = Callable[[Context, int, int, Sense], Verdict | None]

AGE = re.compile(
    r"(?:, \d\d,(?: of)?|[A-Z]\w+ of|\b(?:St|Ave|Rd|Street|Avenue|Road|Lane|Drive)\.?,|\bmiles (?:\w+ )?of"
    r"|\b[Cc]ity limits of|\b(?:Interstate|Route|Highway|I-) ?\d+ (?:near|in|at|outside)) $"
)
# "LEBANON, Pa. (AP) - A fire": the town for the whole text, whatever else it names
DATELINE = re.compile(r", [A-Z][\w.]+(?: [A-Z][\w.]+)?(?: \([A-Z]\w+\))? ?-")
COMPANY = re.compile(
    r"((?: [A-Z&][\w&'.-]*+){0,3})"
    r" (?:Inc|Ltd|Corp|plc|PLC|AG|NV|LLC|GmbH|SpA|Incorporated|Airlines|Airways|Air Lines)\b"
)
# "Iraq Petroleum Company", while "U.S. Company Wins" is a headline
COMPANY_OF = re.compile(r"(?: [A-Z&][\w&'.-]*+){1,3} (?:Co|Cos|Company)\b")
CURRENCY = uncounted("currency")
WARE = veto("ware")
WATER = veto("water")
HYPHENATED = veto("hyphenated American")
OF_COMPANY = veto("name of a company")
QUARTER = veto("quarter of a city")
TICKER = veto("ticker")
SHIP = veto("ship")
PRESS = veto("newspaper")
STRAIN = veto("strain of a virus")
ADDRESS = veto("web address")
# what stands before makes a name of it: "Little Italy", "USS America", "Air Jamaica"
NAMED_AFTER = {"quarter": QUARTER, "ship": SHIP, "airline": OF_COMPANY}


def country(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """What every name of a country and every demonym is asked; None keeps it. Speed matters here: it runs for each."""
    text = ctx.text
    after = text[end]
    if after == " ":
        word = text[end + 1 : text.find(" ", end + 1)]
        role = ctx.after.get(word)
        if role or (word and word[0].isupper()):
            verdict = _after(ctx, start, end, sense, role, word.rstrip(EDGES))
            if verdict:
                return verdict
    elif after in ",.>$-" and (verdict := _mark(ctx, start, end, sense, after)):
        return verdict
    left = text[start - 1]
    if left == " " and start:
        word = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
        if word in ctx.before or sense.is_watched or (text[start - 2] == "." and len(word) == 2):
            return _before(ctx, start, end, sense, word)
    elif left in "<@_/":
        return _marked(text, start, end, sense, left)
    return None


def _marked(text: str, start: int, end: int, sense: Sense, left: str) -> Verdict | None:
    """A ticker, an address, or a strain: "<CAN", "@china", "A/Hong Kong/1/68"."""
    if left == "/":
        return STRAIN if text[end] == "/" and text[end + 1].isdigit() else None
    return ADDRESS if left != "<" else TICKER if sense.form == "abbreviation" else None


def _mark(ctx: Context, start: int, end: int, sense: Sense, after: str) -> Verdict | None:
    """A state after a comma, a currency's sign, a ticker (<CAN.TO>) or a web address (China.org)."""
    if after == ",":
        if sense.form == "name" and state_follows(ctx, sense, start, end):
            ctx.towns |= {sense.alias}
            if sense.shouted and DATELINE.match(ctx.text, end):
                ctx.datelines |= {sense.alias}
            return TOWN
        return described(ctx, end, sense) if sense.is_person or sense.is_given else None
    if after == "$":
        return CURRENCY
    if after == "-":
        return _compound(ctx, end, sense) if sense.form == "demonym" else None
    if sense.form == "abbreviation":
        return TICKER if ctx.text[start - 1] == "<" else None
    return ADDRESS if after == "." and ctx.text[end + 1].islower() else None


def _compound(ctx: Context, end: int, sense: Sense) -> Verdict | None:
    """Such as "French-speaking" and "Mexican-Americans", not "Cuban-American relations"."""
    text = ctx.text
    if text.startswith(("-language", "-speaking", "-speaker"), end):
        return LANGUAGE
    if text.startswith(("-American", " American"), end):
        close = end + 9 + (text[end + 9] == "s")
        return None if ctx.next_word(close) in ctx.words["relation"] else HYPHENATED
    return None


def _after(ctx: Context, start: int, end: int, sense: Sense, role: str | None, word: str) -> Verdict | None:
    if role is None:
        return _capital_follows(ctx, start, end, sense, word)
    if role == "currency":
        return _currency(ctx, start, sense)
    if role == "water_after":
        return WATER if sense.form != "abbreviation" else None
    if role == "press":
        return _press(ctx, end, sense, word)
    if sense.form == "name":
        return before_town_word(ctx, start, end, sense, role, word)
    return _people(ctx, start, end, sense, role, word) if sense.form == "demonym" else None


def _press(ctx: Context, end: int, sense: Sense, word: str) -> Verdict | None:
    """Such as "Jamaica Observer" and "Philippine Daily Inquirer", not "Palestine Observer Mission"."""
    if word == "Daily":
        return PRESS if ctx.next_word(end + 6) in ctx.words["dailies"] else None
    is_observer = word == "Observer" and (sense.form != "name" or ctx.next_word(end + 9)[:1].isupper())
    return None if is_observer else PRESS


def _capital_follows(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    """A surname, the rest of a town's name, or that of a company."""
    if (sense.is_person or sense.is_given) and (verdict := named(ctx, start, end, sense, word)):
        return verdict
    if sense.is_town and begins_town(ctx, end):
        return TOWN
    return OF_COMPANY if _is_company(ctx, end, sense) else None


def _is_company(ctx: Context, end: int, sense: Sense) -> bool:
    """Such as "Canada Packers Inc" and "American Corp"; "Japanese Mitsui Corp" tells where it is from."""
    match = COMPANY.match(ctx.text, end)
    if match is None:
        return sense.form == "name" and COMPANY_OF.match(ctx.text, end) is not None
    return sense.form == "name" or not match[1]


def _people(ctx: Context, start: int, end: int, sense: Sense, role: str, word: str) -> Verdict | None:
    """What follows a demonym: its money, its language or its food."""
    if role == "currency_of":
        return _money(ctx, start, end, sense, word)
    if role == "american":
        return _compound(ctx, end, sense)
    if role == "language" and (sense.alias in ctx.words["language_demonyms"] or word.startswith("language")):
        return LANGUAGE
    return WARE if role == "ware" else None


def _money(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    """Such as "South Korean won" and "Danish crown", not "the United States won" and "the Danish crown prince"."""
    if (word, sense.entity_id) not in ctx.words.money or (sense.alias[-1] == "s" and word == "won"):
        return None
    beyond = ctx.next_word(end + 1 + len(word)) if ctx.text[end + 1 + len(word)] == " " else ""
    return None if beyond in ctx.words["royal"] else _currency(ctx, start, sense)


def _currency(ctx: Context, start: int, sense: Sense) -> Verdict | None:
    """The currency itself is not counted; a sum in it is, unless context.toml says no. US dollars are everybody's."""
    if sense.entity_id == "USA" or "sums" in ctx.words["uncounted_money"]:
        return CURRENCY
    words = ctx.text[max(0, start - 24) : start].replace(" of ", " ").split()
    is_sum = bool(words) and (words[-1][-1].isdigit() or words[-1].lower() in ctx.words["numbers"])
    return None if is_sum else CURRENCY


def _before(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    role = ctx.before.get(word)
    if role in NAMED_AFTER and (role != "airline" or sense.form == "name"):
        return NAMED_AFTER[role]
    if role in ("given", "titles", "kin") or (word[1:] == "." and word[0].isupper()):
        return introduced(ctx, start, end, sense, role, word)
    if role == "language_before":
        return language(ctx, start, end, sense, word)
    if role == "work":
        return at_work(ctx, end, sense)
    if sense.form == "name" and role == "town_before" and is_town_of(ctx, start, sense):
        return TOWN
    if sense.is_surname and is_first_name(ctx, start, end, word):
        return person(ctx, sense)
    if sense.is_small_town and _is_of_town(ctx, start, end, word):
        ctx.maybe_towns |= {sense.alias}
    return None


def _is_of_town(ctx: Context, start: int, end: int, word: str) -> bool:
    """Such as "Wilson, 54, of Palestine", and "near Peru" among American places, not "near Poland's border"."""
    if word == "near":
        return ctx.text[end] != "'" and ctx.is_local
    return AGE.search(ctx.text, max(0, start - 30), start) is not None and not is_of_country(ctx, start)
