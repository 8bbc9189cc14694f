"""Made-up sentences and titles: the words of the made pages, of the feeds and of their links."""

import random

_PLACES = [
    "Indonesia",
    "Vietnam",
    "Cambodia",
    "Thailand",
    "Malaysia",
    "Singapore",
    "Japan",
    "China",
    "India",
    "Australia",
    "Russia",
    "Ukraine",
    "France",
    "Germany",
    "Brazil",
    "Kenya",
    "Nigeria",
    "Egypt",
    "Turkey",
    "Iran",
    "Pakistan",
    "Bangladesh",
    "Laos",
    "Myanmar",
    "Fiji",
    "Peru",
    "Chile",
    "Canada",
    "Mexico",
    "Spain",
]
_BODIES = ("ASEAN", "the United Nations", "the World Bank", "the European Union", "NATO", "the IMF", "OPEC", "the WTO")
_ACTORS = [
    "officials",
    "ministers",
    "analysts",
    "farmers",
    "exporters",
    "lawmakers",
    "engineers",
    "teachers",
    "unions",
    "regulators",
    "bankers",
    "voters",
    "mayors",
    "researchers",
    "lenders",
    "planners",
]
_VERBS = [
    "argued",
    "warned",
    "agreed",
    "found",
    "reported",
    "insisted",
    "doubted",
    "learned",
    "hoped",
    "promised",
    "denied",
    "noticed",
    "feared",
    "proposed",
]
THINGS = [
    "tariffs",
    "ports",
    "budgets",
    "harvests",
    "elections",
    "fisheries",
    "subsidies",
    "railways",
    "treaties",
    "reserves",
    "wages",
    "schools",
    "hospitals",
    "pipelines",
    "data",
    "borders",
    "loans",
    "courts",
    "dams",
    "tourism",
    "vaccines",
    "currencies",
    "investors",
    "housing",
    "water",
    "rice",
    "energy",
]
_LINKS = ("before", "although", "while", "because", "until", "so that", "unless", "since", "whereas")
_ADJECTIVES = [
    "early",
    "late",
    "costly",
    "modest",
    "local",
    "foreign",
    "rural",
    "coastal",
    "annual",
    "hidden",
    "public",
    "fragile",
    "steady",
    "sudden",
    "partial",
    "joint",
]


def _thing(rng):
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(THINGS)}"


def sentence(rng):
    """A sentence of its own: pages share few runs of four words, so that none is another's near-duplicate."""
    where = rng.choice(_PLACES) if rng.random() < 0.25 else rng.choice(_BODIES) if rng.random() < 0.1 else _thing(rng)
    said = f"{rng.choice(_ACTORS)} in {where} {rng.choice(_VERBS)} that {_thing(rng)} would outweigh {_thing(rng)}"
    tail = f"{rng.choice(_LINKS)} {rng.choice(_ACTORS)} {rng.choice(_VERBS)} {_thing(rng)} in {rng.randrange(2, 90)}"
    return f"{said[0].upper()}{said[1:]} {tail} {rng.choice(THINGS)} near {rng.choice(_PLACES[12:])[:3].lower()}ia."


def title(number):
    rng = random.Random(number)
    return f"{rng.choice(_PLACES)} and its {rng.choice(THINGS)}: what {rng.choice(_ACTORS)} want, part {number}"
