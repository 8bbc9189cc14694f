"""Run docs/analysis.ipynb on an archive and keep its outputs. `make notebook` runs it on the demo's."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import vl_convert

NOTEBOOK = Path(__file__).with_name("analysis.ipynb")


def executed(notebook: dict[str, Any], data: Path) -> dict[str, Any]:
    """The notebook with the outputs that its cells give, run one after the other on the archive in `data`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, count = [], 0
    with _environment("MONITOR_DATA", str(data)):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                cell = cell | {"execution_count": count, "outputs": _run("".join(cell["source"]), names, count)}
            cells.append(cell)
    return notebook | {"cells": cells}


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        os.environ.update({} if before is None else {name: before})


def _run(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Outputs of one cell: what it printed, and the value of its last expression."""
    tree, value, said = ast.parse(source), None, io.StringIO()
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(said):
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if text := said.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)})
    if value is not None:
        data = {kind: _lines(text) for kind, text in _shown(value).items()}
        outputs.append({"output_type": "execute_result", "execution_count": count, "data": data, "metadata": {}})
    return outputs


def _shown(value: object) -> dict[str, str]:
    """A chart as SVG, a frame as HTML, anything else as text: nothing that a reader's browser would have to fetch."""
    if hasattr(value, "to_dict") and "$schema" in (spec := value.to_dict()):
        return {"image/svg+xml": vl_convert.vegalite_to_svg(spec), "text/plain": f"chart: {spec['description']}"}
    if isinstance(value, pl.DataFrame):
        with pl.Config(tbl_rows=12, fmt_str_lengths=80, tbl_width_chars=160):
            return {"text/html": value._repr_html_(), "text/plain": str(value)}
    return {"text/plain": repr(value)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    done = executed(json.loads(NOTEBOOK.read_text("utf-8")), Path(sys.argv[1]))
    NOTEBOOK.write_text(json.dumps(done, ensure_ascii=False, indent=1) + "\n", "utf-8")
