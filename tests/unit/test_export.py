import json

import polars as pl
import pytest

from monitor import marts, publish
from monitor.errors import DataFolderError
from monitor.export import export, verify
from monitor.queries import open_archive
from tests.sql import made


@pytest.fixture
def archive(tmp_path):
    with made.open_warehouse(tmp_path / "data") as warehouse:
        feeds, items = made.archive(weeks=8)
        made.store(warehouse, feeds, [*items, made.article("source0", "undated", None, "Cambodia has no date.")])
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
    with open_archive(tmp_path / "data") as opened:
        yield opened


@pytest.mark.parametrize("texts", [False, True])
def test_the_months_together_are_the_archive(archive, tmp_path, texts):
    manifest = json.loads(export(archive, tmp_path / "out", texts=texts).read_text())
    for name in ("articles", "mentions", *(["article_texts"] if texts else [])):
        files = sorted((tmp_path / "out" / name).glob("*.parquet"))
        assert len(files) >= 2
        whole = archive.sql(f"FROM {name}")
        assert pl.concat([pl.read_parquet(f) for f in files]).sort(whole.columns).equals(whole.sort(whole.columns))
    assert (tmp_path / "out" / "article_texts").exists() == texts
    assert sum(f["rows"] for f in manifest["files"] if f["path"].startswith("articles/")) == 97
    assert (manifest["vintage"], manifest["gazetteer"], manifest["tagger_versions"]) == (1, "g1", ["t1"])
    assert manifest["texts"] is texts


def test_the_manifest_tells_a_changed_file(archive, tmp_path):
    first = export(archive, tmp_path / "out").read_text()
    assert export(archive, tmp_path / "out").read_text() == first
    assert verify(tmp_path / "out") == []
    (tmp_path / "out" / "entities.parquet").write_bytes(b"x")
    (tmp_path / "out" / "feeds.parquet").unlink()
    assert verify(tmp_path / "out") == ["entities.parquet", "feeds.parquet"]


def test_a_folder_that_cannot_be_written_is_a_clear_error(archive, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderError, match="cannot be written"):
        export(archive, tmp_path / "file")
