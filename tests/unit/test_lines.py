"""What may stand in a line that people read."""

import pytest

from monitor.lines import fit, near, nearest, unfit


@pytest.mark.parametrize(
    "text",
    ["ភ្នំ\u200bពេញ", "नेपाल\u200d", "Ö\u00ad-Ä", "كابول\u200f (AFP)", "東京\u3000新聞", "", "\U0001f468\u200d\U0001f33e"],
)
def test_what_joins_and_parts_letters_is_text(text):
    assert unfit(text) == ""
    assert fit(text) == text


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("a\nb", "U+000A"), ("a\x1b[2J", "U+001B"), ("\x85", "U+0085"), ("a\u2028b", "U+2028"), ("a\u2029b", "U+2029"),
        ("\u202egpj.exe", "U+202E"), ("\u202ax", "U+202A"), ("\u2066x\u2069", "U+2066"), ("\udc80", "U+DC80"),
        ("\ufffe", "U+FFFE"),
    ],
)  # fmt: skip
def test_what_breaks_a_line_or_turns_it_has_no_place(text, which):
    assert unfit(text) == which
    assert unfit(fit(text)) == ""
    assert len(fit(text)) == len(text)


def test_the_nearest_is_found_in_any_case():
    assert near("KAMBODIA", ["Cambodia", "Canada", "Colombia"], 2)[0] == "Cambodia"
    assert nearest("kambodia", ["Cambodia", "Canada"]) == " (did you mean Cambodia?)"
    assert nearest("qqq", ["Cambodia"]) == ""
