"""The regression gate: figures that are ratios against the committed ones, each within its noise band."""

import statistics

LEAST_NOISE = 0.10


def committed_figures(rounds):
    """One figure of several runs: the median, and as its band twice the spread that the runs showed."""
    by_key = {}
    for figure in (f for figures in rounds for f in figures if f.get("ratio")):
        by_key.setdefault((figure["script"], figure["name"]), []).append(figure)
    return [_settled(figures) for figures in by_key.values()]


def _settled(figures):
    values = [f["value"] for f in figures]
    middle = statistics.median(values)
    spread = (max(values) - min(values)) / abs(middle) if middle else 0.0
    noise = max(LEAST_NOISE, figures[0].get("noise", 0.0), 2 * spread)
    kept = {key: figures[0][key] for key in ("script", "name", "unit", "better")}
    return kept | {"value": round(middle, 4), "noise": round(noise, 3), "runs": len(values)}


def worse(figure, before):
    """Whether a figure lies beyond the committed one's noise band on its bad side."""
    band = before["noise"] * abs(before["value"])
    if before["better"] == "lower":
        return figure["value"] > before["value"] + band
    return figure["value"] < before["value"] - band


def complaints(figures, committed):
    """A line for each committed figure that is worse now, or that was not measured."""
    now = {(f["script"], f["name"]): f for f in figures}
    lines = []
    for before in committed:
        figure = now.get((before["script"], before["name"]))
        what = f"{before['script']}: {before['name']}"
        if figure is None:
            lines.append(f"{what} was not measured")
        elif worse(figure, before):
            lines.append(f"{what} is {figure['value']:.4g}, committed {before['value']:.4g} ± {before['noise']:.0%}")
    return lines
