from pathlib import Path

from monitor import marts, publish
from monitor.queries import open_archive
from monitor.queries.dictionary import data_dictionary
from monitor.store.comments import comment_all
from tests.sql import made

ROOT = Path(__file__).resolve().parents[2]


def test_every_relation_and_column_is_commented_and_the_dictionary_is_current(tmp_path):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=3))
        marts.build(warehouse)
        assert comment_all(warehouse.connection, {m.name: m.about for m in marts.marts()}) == []
        marts.refresh(warehouse, [made.at("2026-11-09").date()])
        publish.publish(warehouse, made.NOW)
    with open_archive(tmp_path) as archive:
        text = data_dictionary(archive)
        bare = archive.sql("""SELECT table_name, column_name FROM duckdb_columns()
            WHERE schema_name IN ('base', 'mart', 'main') AND NOT internal AND coalesce(comment, '') = ''""")
    assert bare.rows() == []
    assert text == (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
