"""Rules for names of countries and peoples: money, languages, persons, companies."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.mention.context import EDGES, Context
from monitor.mention.lexicon import Sense
from monitor.mention.towns import TOWN, before_town_word, begins_town, is_of_country, is_town_of, state_follows
from monitor.mention.verdict import Verdict, uncounted, veto

Rule = Callable[[Context, int, int, Sense], Verdict | None]

AGE = re.compile(
    r"(?:, \d\d,(?: of)?|[A-Z]\w+ of|\b(?:St|Ave|Rd|Street|Avenue|Road|Lane|Drive)\.?,|\bmiles (?:\w+ )?of"
    r"|\b[Cc]ity limits of|\b(?:Interstate|Route|Highway|I-) ?\d+ (?:near|in|at|outside)) $"
)
# "Jordan, who play Japan" is a team
OF_PERSON = re.compile(r", (?:\d\d, |who (?!(?:play|are|have|face|meet|take|host)\b))")
# an age, a student's year or initials after a surname: "Israel, 38, coached", "Holland, a junior guard", "Chad, S. and"
AGED = re.compile(
    r", (?:[1-9]\d, (?=[a-z])|an? (?:[\w-]+ ){0,2}(?:freshman|sophomore|junior|senior)"
    r"(?=[,.;]| (?:at|from|in|who|on|guard|forward|center)\b)"
    r"|(?!U\.)[A-Z]\.(?: ?[A-Z]\.)*(?: \(|,| and | & ))"
)
SURNAME_AGED = re.compile(r" [A-Z][a-z]+(?:-[A-Z][a-z]+)?, [1-9]\d?, (?=[a-z])")
INITIAL = re.compile(r" [A-Z]\. ([A-Z][a-z]+)")
SURNAME = re.compile(r" [A-Z][a-z]+")
LISTED = re.compile(r"(?:,|,? and|,? or) ([A-Z][a-z]+)(?=[.,;:)?!\" ])")
COMPANY = re.compile(
    r"((?: [A-Z&][\w&'.-]*+){0,3})"
    r" (?:Inc|Ltd|Corp|plc|PLC|AG|NV|LLC|GmbH|SpA|Incorporated|Airlines|Airways|Air Lines)\b"
)
# "Iraq Petroleum Company", while "U.S. Company Wins" is a headline
COMPANY_OF = re.compile(r"(?: [A-Z&][\w&'.-]*+){1,3} (?:Co|Cos|Company)\b")
CURRENCY = uncounted("currency")
LANGUAGE = veto("language")
WARE = veto("ware")
WATER = veto("water")
PERSON = veto("person")
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
            return TOWN
        is_aged = sense.is_person and AGED.match(ctx.text, end)
        return _person(ctx, sense) if is_aged or (sense.is_given and OF_PERSON.match(ctx.text, end)) else None
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
    if sense.is_given and _is_given_name(ctx, end, word):
        ctx.persons |= {sense.alias}
        return PERSON
    if sense.is_person and SURNAME_AGED.match(ctx.text, end):  # "Israel Rodriguez, 19, of"
        return PERSON
    if sense.is_person and _is_namesake(ctx, start, end, sense, word):
        return _person(ctx, sense)
    if sense.is_town and begins_town(ctx, end):
        return TOWN
    return OF_COMPANY if _is_company(ctx, end, sense) else None


def _is_namesake(ctx: Context, start: int, end: int, sense: Sense, word: str) -> bool:
    """Such as "Kenya Wilson" and "Chad R. Stone"."""
    if not (sense.is_given or sense.alias in ctx.words["given_countries"]):
        return False
    initial = INITIAL.match(ctx.text, end) if word[1:] == "" else None
    if initial and sense.alias in ctx.words["initialed"] | ctx.words["given_prone"]:
        return initial[1] not in ctx.words["weak_first"] and initial[1] not in ctx.aliases
    return word in ctx.words["surnames"] and ctx.previous_word(start).lower() not in ctx.words["place_before"]


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
        return _introduced(ctx, start, end, sense, role, word)
    if role == "language_before":
        return _language(ctx, end, sense, word)
    if sense.form == "name" and role == "town_before" and is_town_of(ctx, start, sense):
        return TOWN
    if sense.is_surname and _is_first_name(ctx, start, end, word):
        return _person(ctx, sense)
    if sense.is_small_town and _is_of_town(ctx, start, end, word):
        ctx.maybe_towns |= {sense.alias}
    return None


def _is_of_town(ctx: Context, start: int, end: int, word: str) -> bool:
    """Such as "Wilson, 54, of Palestine", and "near Peru" among American places, not "near Poland's border"."""
    if word == "near":
        return ctx.text[end] != "'" and ctx.is_local
    return AGE.search(ctx.text, max(0, start - 30), start) is not None and not is_of_country(ctx, start)


def _introduced(ctx: Context, start: int, end: int, sense: Sense, role: str | None, word: str) -> Verdict | None:
    """After a title, a given name, an initial or a relation such as "daughter," a person's name."""
    if (role == "given" and _is_placed(ctx, start, word)) or (role is None and _closes_sentence(ctx, start - 3)):
        return None
    if role == "titles" and SURNAME.match(ctx.text, end):  # "Rev. Israel Zoberman": that span only
        return PERSON if sense.alias in ctx.words["person_prone"] else None
    return _person(ctx, sense)


def _closes_sentence(ctx: Context, at: int) -> bool:
    """Whether a letter is no initial: "hepatitis A. Israel said", "beat India A. Kenya drew"."""
    before = ctx.previous_word(at)
    return before.lower() in ctx.words["lettered"] or any(end == at - 1 for _, end, _ in ctx.found)


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


def _person(ctx: Context, sense: Sense) -> Verdict | None:
    if sense.alias not in ctx.words["person_prone"]:
        return None
    ctx.persons |= {sense.alias}
    return PERSON


def _is_given_name(ctx: Context, end: int, word: str) -> bool:
    """Such as "Jordan Dyer, a senior": a capital that is no headline's, since what follows it is not capital."""
    if word in ctx.words["after_country"] or word in ctx.words["heads_last"] or not word[1:].islower():
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
        if ctx.next_word(end)[:1].isalpha() and ctx.next_word(end) not in ctx.words["after_language"]:
            return None
        _list_languages(ctx, end)
        return LANGUAGE
    # "in French, and in Greek" against "in French, Belgian and Dutch ports"
    is_apart = ctx.text[end] == "," and ctx.text[end + 2 : end + 3].islower()
    return LANGUAGE if is_apart or ctx.text[end] in '.;:)?"' else None


def _list_languages(ctx: Context, end: int) -> None:
    """Remember the languages that a list goes on with: "speaks Spanish, Portuguese and Greek"."""
    while (more := LISTED.match(ctx.text, end)) and more[1] in ctx.words["language_demonyms"]:
        end = more.end()
        if ctx.text[end] == " " and ctx.next_word(end) not in ctx.words["after_language"]:
            break
        ctx.languages |= {more.start(1)}
