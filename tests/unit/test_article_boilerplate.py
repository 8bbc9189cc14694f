from monitor.article.boilerplate import spans as boilerplate_spans

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
