"""Project the world once: TopoJSON of Natural Earth in, a compact file of projected outlines and dots out.

    python -m dashboards.build_map WORLD_ATLAS_FOLDER CODES_JSON

The two inputs are the npm packages `world-atlas` (Natural Earth, public domain) and `i18n-iso-countries` (numeric to
alpha-3 codes). The result, `dashboards/geometry/world.json`, is committed: nothing is projected or loaded at run time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

OUT = Path(__file__).parent / "geometry" / "world.json"
WIDTH = 1000
CENTRE = 147.0  # the cut runs down the Atlantic at 33° west, through Greenland's ice and no other land
DOT_AREA = 20.0  # square units of the drawing below which an outline cannot be seen or hit
LONE_AREA = 1.2  # islands smaller than this are left out of a country that has larger parts
NO_CODE = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
LEFT_OUT = {"ATA"}
TOLERANCE = 0.2  # degrees that a simplified line may be off: less than a unit of the drawing
# parts of larger countries in the source, with codes of their own: longitude, latitude
APART = {
    "BES": (-68.3, 12.2), "BVT": (3.4, -54.4), "CCK": (96.8, -12.2), "CXR": (105.6, -10.5), "GLP": (-61.5, 16.2),
    "GUF": (-53.2, 3.9), "MTQ": (-61.0, 14.7), "MYT": (45.1, -12.8), "REU": (55.5, -21.1), "SJM": (16.0, 78.5),
    "TKL": (-171.8, -9.2),
}  # fmt: skip


def main(atlas: Path, codes: Path) -> None:
    """Read the packages' files and write the geometry."""
    numeric = {row[2]: row[1] for row in json.loads(codes.read_text("utf-8"))}
    coarse = outlines(json.loads((atlas / "countries-110m.json").read_text("utf-8")), numeric, TOLERANCE)
    fine = outlines(json.loads((atlas / "countries-50m.json").read_text("utf-8")), numeric)
    finest = outlines(json.loads((atlas / "countries-10m.json").read_text("utf-8")), numeric)
    shapes = {code: kept for code, rings in coarse.items() if (kept := drawable(rings))}
    dots = {c: dot(rings) for c, rings in (finest | fine).items() if c and c not in shapes}
    for code in [c for c in shapes if c and sum(map(area, shapes[c])) < DOT_AREA]:
        dots[code] = dot(fine.get(code, coarse[code]))
    for code, place in APART.items():
        dots[code] = [round(v) for v in project(*unwrapped([place])[0])]
    height = max(y for rings in shapes.values() for ring in rings for _, y in ring)
    OUT.parent.mkdir(exist_ok=True)
    document = {
        "source": "Natural Earth 4.1, public domain, by way of the npm package world-atlas 2; Equal Earth projection",
        "width": WIDTH,
        "height": round(height),
        "shapes": {c: [rounded(r) for r in rings] for c, rings in sorted(shapes.items())},
        "dots": dict(sorted(dots.items())),
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


def outlines(topology: dict[str, Any], numeric: dict[str, str], tolerance: float = 0.0) -> dict[str, list[Ring]]:
    """Projected outer and inner rings of each code; land without a code is kept under the empty code."""
    arcs = [simplified(list(_decoded(arc, topology["transform"])), tolerance) for arc in topology["arcs"]]
    found: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = numeric.get(str(shape.get("id", "")).zfill(3)) or NO_CODE.get(name, "")
        if code in LEFT_OUT or not shape.get("arcs"):
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for ring in (ring for polygon in polygons for ring in polygon):
            for piece in cut(unwrapped(_joined(ring, arcs))):
                found.setdefault(code, []).append([project(*p) for p in piece])
    return found


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    x = y = 0
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield x * kx + dx, y * ky + dy


def simplified(line: list[Point], tolerance: float) -> list[Point]:
    """A line without the points that lie within the tolerance of the rest (Ramer, Douglas and Peucker)."""
    if len(line) < 3 or not tolerance:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = hypot(bx - ax, by - ay)
    off = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else hypot(x - ax, y - ay)
        for x, y in line[1:-1]
    ]
    far = max(range(len(off)), key=off.__getitem__) + 1
    if off[far - 1] < tolerance:
        return [line[0], line[-1]]
    return simplified(line[: far + 1], tolerance)[:-1] + simplified(line[far:], tolerance)


def _joined(ring: list[int], arcs: list[list[Point]]) -> Ring:
    points: Ring = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def unwrapped(ring: Ring) -> Ring:
    """Longitudes about the centre, without jumps: a ring over the date line becomes one piece again."""
    result: Ring = []
    for lon, lat in ring:
        x = (lon - CENTRE + 180) % 360 - 180
        while result and x - result[-1][0] > 180:
            x -= 360
        while result and x - result[-1][0] < -180:
            x += 360
        result.append((x, lat))
    return result


def cut(ring: Ring) -> Iterator[Ring]:
    """The parts of a ring that lie in each turn of the world, moved onto the one that is drawn."""
    for turn in (-360.0, 0.0, 360.0):
        moved = [(x + turn, y) for x, y in ring]
        piece = _half(_half(moved, -180.0, 1), 180.0, -1)
        if len(piece) > 3:
            yield piece


def _half(ring: Ring, edge: float, side: int) -> Ring:
    kept: Ring = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside_a, inside_b = (ax - edge) * side >= 0, (bx - edge) * side >= 0
        if inside_a:
            kept.append((ax, ay))
        if inside_a != inside_b:
            kept.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
    return kept


def project(x: float, lat: float) -> Point:
    """Equal Earth (Savric, Patterson and Jenny 2018), scaled to the drawing, y downwards from 84° north."""
    scale = WIDTH / (2 * _equal_earth(180.0, 0.0)[0])
    east, north = _equal_earth(x, lat)
    return WIDTH / 2 + east * scale, (_equal_earth(0.0, 84.0)[1] - north) * scale


def _equal_earth(x: float, lat: float) -> Point:
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = asin(sqrt(3) / 2 * sin(radians(lat)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return 2 * sqrt(3) * radians(x) * cos(t) / (3 * slope), a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


def area(ring: Ring) -> float:
    """Area of a projected ring by the shoelace rule."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def drawable(rings: list[Ring]) -> list[Ring]:
    """Rings worth drawing: the largest, and the others that can be seen."""
    largest = max(rings, key=area)
    return [r for r in rings if r is largest or area(r) >= LONE_AREA]


def dot(rings: list[Ring]) -> list[int]:
    """The middle of the largest ring."""
    ring = max(rings, key=area)
    return [round(sum(p[i] for p in ring) / len(ring)) for i in (0, 1)]


def rounded(ring: Ring) -> list[list[float]]:
    """A ring with one decimal, without points that fall together, closed."""
    points: list[list[float]] = []
    for x, y in ring:
        point = [round(x, 1), round(y, 1)]
        if not points or point != points[-1]:
            points.append(point)
    return points if points[0] == points[-1] else [*points, points[0]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
