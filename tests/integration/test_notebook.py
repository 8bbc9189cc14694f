"""The notebook is run: its cells on another archive here, its kept outputs are those of a whole run."""

import importlib.util
import json

import pytest

from tests.contract.tree import ROOT
from tests.made_press import Shape, make

spec = importlib.util.spec_from_file_location("make_notebook", ROOT / "docs" / "make_notebook.py")
make_notebook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_notebook)


@pytest.fixture(scope="module")
def notebook():
    return json.loads(make_notebook.NOTEBOOK.read_text("utf-8"))


def kinds(cell):
    """What a cell gave, without what it said."""
    return [(o["output_type"], sorted(o.get("data", ()))) for o in cell["outputs"]]


def codes(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_every_cell_runs_on_another_archive_and_gives_what_is_kept(notebook, tmp_path):
    make(tmp_path, Shape(weeks=40))
    fresh = make_notebook.executed(notebook, tmp_path)
    for kept, now in zip(codes(notebook), codes(fresh), strict=True):
        assert kinds(now) == kinds(kept), "".join(kept["source"])
        assert kept["execution_count"] == now["execution_count"]
    charts = [o for c in codes(fresh) for o in c["outputs"] if "image/svg+xml" in o.get("data", {})]
    assert len(charts) == 3
    for chart in charts:
        drawn = "".join(chart["data"]["image/svg+xml"])
        assert drawn.startswith("<svg")
        assert "var(--" not in drawn


def test_what_is_kept_asks_nobody(notebook):
    """No script, and no address but those of names of XML."""
    text = json.dumps([cell["outputs"] for cell in codes(notebook)])
    assert "<script" not in text
    for address in ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"):
        text = text.replace(address, "")
    assert "http" not in text
