import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("gate", Path(__file__).parents[2] / "benchmarks" / "_gate.py")
gate = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(gate)


def figure(value, better="lower", **more):
    return {"script": "s", "name": "n", "unit": "x", "better": better, "value": value, "ratio": True, **more}


@pytest.mark.parametrize(
    ("better", "value", "is_worse"),
    [
        ("lower", 1.19, False),
        ("lower", 1.21, True),
        ("lower", 0.2, False),
        ("higher", 0.81, False),
        ("higher", 0.79, True),
        ("higher", 5.0, False),
    ],
)
def test_only_what_lies_beyond_the_band_on_the_bad_side_fails(better, value, is_worse):
    committed = [figure(1.0, better, noise=0.2)]
    assert bool(gate.complaints([figure(value, better)], committed)) is is_worse


def test_a_committed_figure_that_was_not_measured_fails():
    assert gate.complaints([], [figure(1.0, noise=0.2)]) == ["s: n was not measured"]


def test_a_figure_that_is_not_committed_passes():
    assert gate.complaints([figure(9.0)], []) == []


def test_the_committed_figure_is_the_median_and_its_band_twice_the_spread():
    found = gate.committed_figures([[figure(1.0)], [figure(1.2)], [figure(1.1)]])
    assert [(f["value"], f["runs"]) for f in found] == [(1.1, 3)]
    assert found[0]["noise"] == pytest.approx(2 * 0.2 / 1.1, abs=0.001)


def test_a_steady_figure_keeps_the_least_band_and_a_script_may_ask_for_more():
    steady = gate.committed_figures([[figure(1.0)], [figure(1.0)]])
    wide = gate.committed_figures([[figure(1.0, noise=0.3)], [figure(1.0, noise=0.3)]])
    assert (steady[0]["noise"], wide[0]["noise"]) == (gate.LEAST_NOISE, 0.3)


def test_what_is_no_ratio_is_not_committed():
    assert gate.committed_figures([[figure(3.0, ratio=False)]]) == []
