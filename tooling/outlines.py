r"""Make the light outlines of a region that the map draws, from GeoJSON of its groupings and of the land around it.

python -m tooling.outlines demo/epci-bretagne.geojson demo/departements-voisins.geojson \
    maillage/points/static/points/outlines/53.json

Borders that two groupings share are kept once, simplified together (Douglas and Peucker, 1973), put on a grid and told
by differences: the whole of Brittany is some 15 KB compressed. Read by points/frontend/outlines.ts.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

Spot = tuple[int, int]
Ring = list[Spot]

SCALE = 2000  # grid cells in a degree: 55 m
TOLERANCE = 3.2  # cells
SMALLEST = 40  # square cells: islets below are left out, 12 hectares


def _rings(feature: dict[str, Any]) -> Iterator[Ring]:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            spots = [(round(lon * SCALE), round(lat * SCALE)) for lon, lat in ring[:-1]]
            kept = [spot for index, spot in enumerate(spots) if spot != spots[index - 1]]
            if len(kept) >= 3 and abs(_area(kept)) >= SMALLEST:
                yield kept


def _area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _junctions(rings: Iterable[Ring]) -> set[Spot]:
    """Return where more than two borders meet: there lines are cut."""
    beside: dict[Spot, set[Spot]] = {}
    for ring in rings:
        for index, spot in enumerate(ring):
            beside.setdefault(spot, set()).update((ring[index - 1], ring[(index + 1) % len(ring)]))
    return {spot for spot, others in beside.items() if len(others) > 2}


def _cut(ring: Ring, junctions: set[Spot]) -> list[Ring]:
    """Cut a ring at its junctions into lines that end where the next begins; a free ring is one closed line."""
    at = [index for index, spot in enumerate(ring) if spot in junctions]
    if not at:
        start = ring.index(min(ring))
        turned = ring[start:] + ring[:start]
        return [[*turned, turned[0]]]
    turned = ring[at[0] :] + ring[: at[0]]
    ends = [index - at[0] for index in at] + [len(ring)]
    closed = [*turned, turned[0]]
    return [closed[first : last + 1] for first, last in pairwise(ends)]


def _simplified(line: Ring) -> Ring:
    """Douglas and Peucker: keep the spots that stand out by more than TOLERANCE."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    far, where = 0.0, 0
    for index, (x, y) in enumerate(line[1:-1], start=1):
        away = (
            abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
            if length
            else ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        )
        if away > far:
            far, where = away, index
    if far <= TOLERANCE:
        return [line[0], line[-1]]
    return _simplified(line[: where + 1])[:-1] + _simplified(line[where:])


def _by_differences(line: Ring) -> list[int]:
    told = [*line[0]]
    for (x1, y1), (x2, y2) in pairwise(line):
        told += [x2 - x1, y2 - y1]
    return told


def outlines(areas: dict[str, Any], around: dict[str, Any]) -> dict[str, Any]:
    """Return the lines, the groupings as rings of line numbers (~n backwards), and the land around as plain rings."""
    rings = [(feature["properties"], list(_rings(feature))) for feature in areas["features"]]
    junctions = _junctions(ring for _properties, some in rings for ring in some)
    numbers: dict[tuple[Spot, ...], int] = {}
    lines: list[list[int]] = []

    def number_of(line: Ring) -> int:
        if (known := numbers.get(tuple(reversed(line)))) is not None and line[0] != line[-1]:
            return ~known
        if (known := numbers.get(tuple(line))) is None:
            known = numbers[tuple(line)] = len(lines)
            lines.append(_by_differences(_simplified(line)))
        return known

    told = [
        {
            "name": properties["nom"],
            "code": properties["code_siren"],
            "rings": [[number_of(line) for line in _cut(ring, junctions)] for ring in some],
        }
        for properties, some in rings
    ]
    beyond = [
        _by_differences(line)
        for feature in around["features"]
        for ring in _rings(feature)
        if len(line := _simplified([*ring, ring[0]])) > 3
    ]
    return {"scale": SCALE, "lines": lines, "areas": told, "around": beyond}


def main() -> None:
    areas, around, target = map(Path, sys.argv[1:4])
    made = outlines(json.loads(areas.read_text()), json.loads(around.read_text()))
    text = json.dumps(made, separators=(",", ":"), ensure_ascii=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    sys.stderr.write(f"{target}: {len(text)} bytes, {len(gzip.compress(text.encode()))} compressed\n")


if __name__ == "__main__":
    main()
