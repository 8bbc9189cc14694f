# ruff: noqa: F811  # a fixture is imported by its name
"""Mentions are stored with their spans and sentences, and names that no list has become entities."""

import pytest

from monitor.records import Mention
from monitor.store.sentences import sentence_spans
from tests.sql import made
from tests.unit.small_warehouse import one_article, rows, warehouse  # noqa: F401  # fixture


def test_every_span_says_its_surface_and_its_sentence(warehouse):
    item = one_article(title="ASEAN meets")
    made.store(warehouse, [made.feed("alpha")], [item])
    found = rows(
        warehouse,
        "SELECT field, surface, char_start, char_end, sentence_start, sentence_end FROM base.mentions ORDER BY ALL",
    )
    assert len(found) == 5
    sentences = set()
    for field, surface, start, end, first, last in found:
        source = item.title if field == "title" else item.text
        assert source[start:end] == surface
        sentences.add(source[first:last])
    assert sentences == {
        "ASEAN meets", "Cambodia and Thailand met.", "Dr. Smith of ASEAN said no.", "China stayed away."
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("The U.S. Senate met China. Then it left.", "China", "The U.S. Senate met China."),
        ("He said: “China won.” Then he left.", "China", "He said: “China won.”"),
        ("中国和柬埔寨会谈。泰国没有参加。", "泰国", "泰国没有参加。"),
        ("A heading on China\nA line on trade", "China", "A heading on China"),
        ("It grew 3.5 per cent in China alone", "China", "It grew 3.5 per cent in China alone"),
        ("Is it? (Yes!) China won… Then, “No.”", "China", "China won…"),
        ("Mr. A. Ж. É. Prof. China won. A man left.", "China", "Mr. A. Ж. É. Prof. China won."),
        ("In 2020 г. China won vs. Xmr. Man.", "China", "China won vs. Xmr."),
    ],
)
def test_sentences(text, name, sentence):
    start = text.index(name)
    [(first, last)] = sentence_spans(text, [(start, start + len(name))])
    assert text[first:last] == sentence


def test_an_organisation_that_only_its_shape_found_becomes_an_unlisted_entity(warehouse):
    item = one_article(text="The Mekong Rice Council met.")
    found = Mention("x-mekong-rice-council", "organisation", "name", "Mekong Rice Council", "text", "lead", True, 4, 23,
                    "Mekong Rice Council", listed=False, name="Mekong Rice Council")  # fmt: skip
    made.store(warehouse, [made.feed("alpha")], [item], mentions={item.article_id: (found,)})
    assert rows(warehouse, "SELECT name, listed FROM base.entities WHERE entity_id = 'x-mekong-rice-council'") == [
        ("Mekong Rice Council", False)
    ]
    warehouse.sync_gazetteer(made.Gazetteer(version="g2"))
    assert rows(warehouse, "SELECT count(*) FROM base.entities WHERE NOT listed") == [(1,)]
    assert not warehouse.sync_gazetteer(made.Gazetteer(version="g2"))
