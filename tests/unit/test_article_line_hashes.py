"""A line is known again by its letters and digits."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.article.plain import line_hash, line_hashes
from tests.unit.article_pages import PARAGRAPHS


def test_line_hashes_disregard_case_and_space_and_skip_short_lines():
    assert line_hashes("Sign up for our edition now\nsign up  for OUR EDITION now!\nYes\n") == line_hashes(
        "Sign up for our edition now"
    )


def test_lines_that_differ_in_a_figure_say_different_things():
    assert len(line_hashes("Dispatch 12: officials met diplomats\nDispatch 13: officials met diplomats")) == 2


@given(st.text(max_size=60))
def test_a_line_is_hashed_by_its_letters_and_digits(line):
    letters = "".join(c for c in line.casefold() if c.isalnum())
    assert line_hash(line) == (line_hash(letters) if len(letters) >= 12 else None)
    assert line_hash(line) == line_hash(" -".join(line))


def test_line_hashes_are_signed_64_bit_numbers_of_distinct_lines():
    assert len(line_hashes("A long enough line\nAnother line of text")) == 2
    assert all(-(2**63) <= h < 2**63 for h in line_hashes("\n".join(PARAGRAPHS)))
