"""Lines that are not the article's own: bylines, bios, subscription boxes, headlines of other articles."""

import pytest

from monitor.article.boilerplate import spans as boilerplate_spans
from monitor.article.plain import line_hashes
from tests.unit.article_pages import PARAGRAPHS

BODY = "\n".join(
    f"Paragraph {n} weighs what the ministers promised against what the ports could carry in a year of high water."
    for n in range(8)
)


def marked(text, **more):
    return [text[a:b] for a, b in boilerplate_spans(text, **more)]


def test_a_closing_line_that_begins_with_the_author_is_a_bio_whatever_its_verb():
    bio = "Mei Tan directs the Fiji programme of an institute in Suva."
    assert marked(f"{BODY}\n{bio}", author="Mei Tan") == [bio]


def test_a_paragraph_in_the_middle_that_names_the_author_is_text():
    line = "Mei Tan directs the Fiji programme of an institute in Suva."
    assert marked(f"{line}\n{BODY}\n{BODY}", author="Mei Tan") == []


def test_one_word_is_no_author():
    assert marked(f"{BODY}\nStaff in Suva agree with that reading.", author="Staff") == []


TEXT = "\n".join(PARAGRAPHS)
BOILERPLATE = [
    "By Mei Tan",
    "By John Okafor and Ana Souza, Phnom Penh",
    "Sok Dara is a senior fellow at the Institute for Regional Studies in Cambodia.",
    "Dr Lena Vogel and Ana Souza are researchers with an observatory in Johannesburg.",
    "About the author: she has lived in Laos.",
    "The author is based in Singapore.",
    "Subscribe to our newsletter for more on Indonesia",
    "Sign up for weekly analysis of China",
    "Follow us on Facebook and X",
    "Read more: Japan and the question of rice",
    "Related stories",
    "This article was originally published in the Jakarta Post.",
    "The views expressed are those of the author and not of the Government of Australia.",
    "The post Trade talks appeared first on Example.",
    "© 2026 Example, Singapore. All rights reserved.",
    "Photo: Jane Doe / Flickr",
]


@pytest.mark.parametrize("line", BOILERPLATE)
def test_boilerplate_lines_at_the_end_are_found(line):
    text = f"{TEXT}\n{line}"
    assert boilerplate_spans(text) == ((len(TEXT) + 1, len(text)),)


ARTICLE_LINES = [
    "By 2030 China will have spent more than any of its neighbours on ports and railways in the region.",
    "Cambodia is a member of the Association and has twice held its chair.",
    "President Marcos is a frequent guest in Tokyo, and Japan has noticed.",
    "Support for the pact has fallen in Thailand, where prices rose by a fifth.",
    "Support US sanctions or lose the market: that, Jakarta fears, is the choice.",
    "Follow US policy in Asia long enough and its returns to the Philippines come as no surprise.",
    "Join US troops in Darwin for a day and the shape of the alliance becomes clear.",
    "Donating rice to Laos was the easy part, and Viet Nam did it without delay.",
    "Sponsored by China, the port in Sri Lanka was to pay for itself within a decade of its opening to ships.",
    "Copyright law in Australia is older than the web, and its courts are older still.",
    "The views expressed in Jakarta last week were not those of Kuala Lumpur.",
    "Published by the ministry in Hanoi in May, the plan has since been revised twice, each time to spend less.",
    "Prabowo Subianto is the president of Indonesia, and Indonesia wants him at home.",
    "More in Fiji than in Samoa, voters asked who would pay.",
    "More on this will be known when the ministers of Viet Nam and Laos meet; until then both capitals keep silent, "
    "and what is said in private differs from what is said in public.",
    "Related disputes in the South China Sea have taken years to settle, and each has cost the claimants more than "
    "they expected when they first sent their ships, their lawyers and their surveyors to the shoals and the reefs.",
]


@pytest.mark.parametrize("line", ARTICLE_LINES)
def test_lines_of_the_article_are_not_taken_for_boilerplate(line):
    assert boilerplate_spans(f"{PARAGRAPHS[0]}\n{line}\n{PARAGRAPHS[1]}\n{PARAGRAPHS[2]}") == ()
    assert boilerplate_spans(f"{TEXT}\n{line}") == ()


def test_related_headlines_go_with_their_heading():
    text = f"{TEXT}\nRelated articles\nTen things to know about Fiji\nNauru votes again"
    assert text[slice(*boilerplate_spans(text)[0])].endswith("Nauru votes again")


def test_lines_known_from_the_source_are_boilerplate():
    line = "Example is an independent journal of Pacific affairs"
    known = frozenset(line_hashes(line))
    assert boilerplate_spans(f"{line}\n{TEXT}", known) == ((0, len(line)),)
    assert boilerplate_spans(f"{line}\n{TEXT}") == ()
