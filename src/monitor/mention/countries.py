"""Rules for names of countries and peoples: money, languages, persons, towns, and names that mean two things."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.mention.context import EDGES, Context
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, uncounted, veto

Rule = Callable[[Context, int, int, Sense], Verdict | None]

AGE = re.compile(
    r"(?:, \d\d,(?: of)?|[A-Z]\w+ of|\b(?:St|Ave|Rd|Street|Avenue|Road|Lane|Drive)\.?,|\bmiles (?:\w+ )?of"
    r"|\b[Cc]ity limits of) $"
)
OF_PERSON = re.compile(r", (?:\d\d, |who )")
COMPANY = re.compile(
    r"((?: [A-Z&][\w&'.-]*+){0,3})"
    r" (?:Inc|Ltd|Corp|plc|PLC|AG|NV|LLC|GmbH|SpA|Incorporated|Airlines|Airways|Air Lines)\b"
)
CURRENCY = uncounted("currency")
LANGUAGE = veto("language")
WARE = veto("ware")
WATER = veto("water")
PERSON = veto("person")
TOWN = veto("town")
HYPHENATED = veto("hyphenated American")
OF_COMPANY = veto("name of a company")
QUARTER = veto("quarter of a city")
TICKER = veto("ticker")
ADDRESS = veto("web address")


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
    if left == " ":
        word = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
        if word in ctx.before or sense.is_watched or (text[start - 2] == "." and len(word) == 2):
            return _before(ctx, start, end, sense, word)
    elif left in "<@_":
        return ADDRESS if left != "<" else TICKER if sense.form == "abbreviation" else None
    return None


def _mark(ctx: Context, start: int, end: int, sense: Sense, after: str) -> Verdict | None:
    """A state after a comma, a currency's sign, a ticker (<CAN.TO>) or a web address (China.org)."""
    if after == ",":
        if sense.form == "name" and _state_follows(ctx, sense, start, end):
            ctx.towns |= {sense.alias}
            return TOWN
        return _person(ctx, sense) if sense.is_given and OF_PERSON.match(ctx.text, end) else None
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
        if sense.is_given and _is_given_name(ctx, end, word):
            ctx.persons |= {sense.alias}
            return PERSON
        return OF_COMPANY if _is_company(ctx, end, sense) else None
    if role == "currency":
        return _currency(ctx, start, sense)
    if role == "water_after":
        return WATER if sense.form != "abbreviation" else None
    if role == "town_people" and sense.is_small_town:
        ctx.maybe_towns |= {sense.alias}
    if sense.form == "name":
        return _town_compound(ctx, sense, word) if role == "town_after" else None
    return _people(ctx, start, end, sense, role, word) if sense.form == "demonym" else None


def _is_company(ctx: Context, end: int, sense: Sense) -> bool:
    """Such as "Canada Packers Inc" and "American Corp"; "Japanese Mitsui Corp" tells where it is from."""
    match = COMPANY.match(ctx.text, end)
    return match is not None and (sense.form == "name" or not match[1])


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


def _town_compound(ctx: Context, sense: Sense, word: str) -> Verdict | None:
    if sense.alias not in ctx.words["towns"]:
        return None
    if word in ctx.words["town_firm"]:
        ctx.towns |= {sense.alias}
    return TOWN


def _state_follows(ctx: Context, sense: Sense, start: int, end: int) -> bool:
    """Such as "Lebanon, Pa." and "Peru, Indiana"; a list of places may run on from a large country to a state."""
    if ctx.text[end + 1] != " " or not ctx.text[end + 2 : end + 3].isupper():
        return False
    words = ctx.text[end + 2 : end + 26].split(" ")[:2]
    if sense.alias in ctx.words["small_towns"]:
        word, two = words[0].rstrip(",;:)"), " ".join(words).rstrip(".,;:)")
        return word in ctx.words.states or word.rstrip(".") in ctx.words["states"] or two in ctx.words["states"]
    if sense.alias not in ctx.words["towns"]:
        return False
    if words[0].rstrip(",;:)") in ctx.words["state_marks"]:
        return True
    is_at = ctx.previous_word(start).lower() in ctx.words["place_before"]
    return is_at and words[0][-1:] in ",.;)" and words[0][:-1] in ctx.words["states"]


def _before(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    role = ctx.before.get(word)
    if role == "quarter":
        return QUARTER
    if role in ("given", "titles") or (word[1:] == "." and word[0].isupper()):
        return None if role == "given" and _is_placed(ctx, start, word) else _person(ctx, sense)
    if role == "language_before":
        return _language(ctx, end, sense, word)
    if sense.form == "name" and role == "town_before" and _is_town_of(ctx, start, sense):
        return TOWN
    if sense.is_surname and _is_first_name(ctx, start, end, word):
        return _person(ctx, sense)
    if sense.is_small_town and AGE.search(ctx.text, max(0, start - 30), start):
        ctx.maybe_towns |= {sense.alias}
    return None


def _is_placed(ctx: Context, start: int, word: str) -> bool:
    """Whether a given name is a place's: "in Victoria Kenya won", "in San Jose Cuba lost"."""
    before = ctx.previous_word(start - len(word) - 1)
    return before in ctx.words["saints"] or (
        word in ctx.words["given_places"] and before.lower() in ("in", "at", "near")
    )


def _is_first_name(ctx: Context, start: int, end: int, word: str) -> bool:
    """Such as "Verne" before "Holland": a capital in mid-sentence that opens no name of a place."""
    if (
        not word[-1:].isalpha()
        or not (word[0].isupper() and word[1:].islower())
        or word in ctx.words["weak_first"] | ctx.words["before_country"]
    ):
        return False
    before = ctx.text[max(0, start - len(word) - 3) : start - len(word) - 1]
    return (before[1:] == " " and before[0].islower()) or ctx.text.startswith((", a ", ", an ", ", who "), end)


def _is_town_of(ctx: Context, start: int, sense: Sense) -> bool:
    """Such as "the city of Lebanon": firm for the whole text."""
    if sense.alias not in ctx.words["towns"]:
        return False
    if " ".join(ctx.text[max(0, start - 30) : start].split()[-2:]) not in ctx.words["town_before"]:
        return False
    ctx.towns |= {sense.alias}
    return True


def _person(ctx: Context, sense: Sense) -> Verdict | None:
    if sense.alias not in ctx.words["person_prone"]:
        return None
    ctx.persons |= {sense.alias}
    return PERSON


def _is_given_name(ctx: Context, end: int, word: str) -> bool:
    """Such as "Jordan Dyer, a senior": a capital that is no headline's, since what follows it is not capital."""
    if word in ctx.words["after_country"] or not word[1:].islower():
        return False
    if word in ctx.words["given"]:
        return True
    close = end + 1 + len(word)
    rest = ctx.text[close : close + 2]
    return rest[:1] in ",.;)" or (rest[:1] == " " and (rest[1:].islower() or rest[1:].isdigit())) or rest == "'s"


def _language(ctx: Context, end: int, sense: Sense, word: str) -> Verdict | None:
    """Such as "in French." is the language; "in French waters" and "in French, Belgian and Dutch ports" are not."""
    if sense.form != "demonym" or sense.alias not in ctx.words["language_demonyms"] or sense.shouted:
        return None
    if word != "in" and word != "into":
        return LANGUAGE if not ctx.next_word(end)[:1].isalpha() or ctx.next_word(end) in ("and", "or", "at") else None
    # "in French, and in Greek" against "in French, Belgian and Dutch ports"
    is_apart = ctx.text[end] == "," and ctx.text[end + 2 : end + 3].islower()
    return LANGUAGE if is_apart or ctx.text[end] in '.;:)?"' else None
