"""Rules for persons whose first name or surname is a country's: what stands around the name."""

from __future__ import annotations

import re

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, veto

PERSON = veto("person")
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
RELATIVE = re.compile(r"(?:,|;|,? and) ([A-Z][a-z]+)(?=[.,; ])")
IRISH = re.compile(r"(?:O'|Mc|Mac)(?=[A-Z])")


def named(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    """A name with a surname after it: "Jordan Dyer, a senior", "Israel Rodriguez, 19, of", "Kenya Wilson"."""
    if sense.is_given and _is_given_name(ctx, end, word):
        ctx.persons |= {sense.alias}
        return PERSON
    if sense.is_person and SURNAME_AGED.match(ctx.text, end):
        return PERSON
    return person(ctx, sense) if sense.is_person and _is_namesake(ctx, start, end, sense, word) else None


def described(ctx: Context, end: int, sense: Sense) -> Verdict | None:
    """A name with a comma after it: "Israel, 38, coached", "Chad, who lives in"."""
    is_aged = sense.is_person and AGED.match(ctx.text, end)
    return person(ctx, sense) if is_aged or (sense.is_given and OF_PERSON.match(ctx.text, end)) else None


def _is_namesake(ctx: Context, start: int, end: int, sense: Sense, word: str) -> bool:
    """Such as "Kenya Wilson" and "Chad R. Stone"."""
    if not (sense.is_given or sense.alias in ctx.words["given_countries"]):
        return False
    initial = INITIAL.match(ctx.text, end) if word[1:] == "" else None
    if initial and sense.alias in ctx.words["initialed"] | ctx.words["given_prone"]:
        return initial[1] not in ctx.words["weak_first"] and initial[1] not in ctx.aliases
    return word in ctx.words["surnames"] and ctx.previous_word(start).lower() not in ctx.words["place_before"]


def introduced(ctx: Context, start: int, end: int, sense: Sense, role: str | None, word: str) -> Verdict | None:
    """After a title, a given name, an initial or a relation such as "daughter," a person's name."""
    if (role == "given" and _is_placed(ctx, start, word)) or (role is None and _closes_sentence(ctx, start - 3)):
        return None
    if role == "kin":
        return _relative(ctx, end, sense)
    if role == "titles" and SURNAME.match(ctx.text, end):  # "Rev. Israel Zoberman": that span only
        return PERSON if sense.alias in ctx.words["person_prone"] else None
    return person(ctx, sense)


def _relative(ctx: Context, end: int, sense: Sense) -> Verdict | None:
    """Such as "three sons, Chad, Israel and Jordan": the others of the list are persons as well."""
    verdict = person(ctx, sense)
    while verdict and (other := RELATIVE.match(ctx.text, end)):
        ctx.listed[other.start(1)] = PERSON
        end = other.end()
    return verdict


def at_work(ctx: Context, end: int, sense: Sense) -> Verdict | None:
    """Such as "store manager India Falk" and "law professor Kenya Whitfield, who"."""
    is_named = sense.is_person and SURNAME.match(ctx.text, end) and _is_given_name(ctx, end, ctx.next_word(end))
    return PERSON if is_named else None


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


def is_first_name(ctx: Context, start: int, end: int, word: str) -> bool:
    """Such as "Verne" before "Holland": a capital in mid-sentence that opens no name of a place."""
    if (
        not word[-1:].isalpha()
        or not (word[0].isupper() and word[1:].islower())
        or word in ctx.words["weak_first"] | ctx.words["before_country"]
    ):
        return False
    before = ctx.text[max(0, start - len(word) - 3) : start - len(word) - 1]
    return (before[1:] == " " and before[0].islower()) or ctx.text.startswith((", a ", ", an ", ", who "), end)


def person(ctx: Context, sense: Sense) -> Verdict | None:
    """A name that persons bear is one here, and for the rest of the text."""
    if sense.alias not in ctx.words["person_prone"]:
        return None
    ctx.persons |= {sense.alias}
    return PERSON


def _is_given_name(ctx: Context, end: int, word: str) -> bool:
    """Such as "Jordan Dyer, a senior": a capital that is no headline's, since what follows it is not capital."""
    close = end + 1 + len(word)
    word = IRISH.sub("", word.removesuffix("'s"))
    if word in ctx.words["after_country"] or word in ctx.words["heads_last"] or not word[1:].islower():
        return False
    if word in ctx.words["given"]:
        return True
    rest = ctx.text[close : close + 2]
    return rest[:1] in ",.;)" or (rest[:1] == " " and (rest[1:].islower() or rest[1:].isdigit())) or rest == "'s"
