"""The sample district's map: a sketch of boundary, neighbourhoods and the very roads along which the sample's cameras stand.

It goes through the same door as a file of the office, and says of itself that it is a sample.
"""

import json
from collections import defaultdict
from typing import Any

from cameras import outline
from portal.sample.places import ROADS

# Longitude, latitude; drawn by hand, far from exact.
BOUNDARY = (
    (126.7960, 37.6010), (126.8150, 37.5900), (126.8400, 37.5780), (126.8600, 37.5700), (126.8780, 37.5570),
    (126.8830, 37.5460), (126.8700, 37.5440), (126.8680, 37.5320), (126.8600, 37.5260), (126.8420, 37.5250),
    (126.8300, 37.5290), (126.8250, 37.5420), (126.8120, 37.5450), (126.7900, 37.5430), (126.7650, 37.5540),
    (126.7700, 37.5650), (126.7830, 37.5760), (126.7930, 37.5800), (126.7960, 37.6010),
)  # fmt: skip


def draw() -> None:
    """Nothing where the office has a file already."""
    if not outline.exists():
        outline.store(outline.read(json.dumps(document()).encode()))


def document() -> dict[str, Any]:
    lines: dict[str, list[Any]] = defaultdict(list)
    for road in ROADS:
        lines[road.name].append([[road.start[1], road.start[0]], [road.end[1], road.end[0]]])
    boundary = {"type": "Polygon", "coordinates": [[list(point) for point in BOUNDARY]]}
    features = [{"type": "Feature", "properties": {}, "geometry": boundary}]
    features += [
        {
            "type": "Feature",
            "properties": {"kind": "road", "name": name},
            "geometry": {"type": "MultiLineString", "coordinates": parts},
        }
        for name, parts in lines.items()
    ]
    return {"type": "FeatureCollection", "sample": True, "features": features}
