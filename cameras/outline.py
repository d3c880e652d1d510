"""What lies under the cameras on the map: one GeoJSON file of the office, reduced to what we draw.

Needed are the polygons of the district's outline. A feature may say what else it is by its property `kind`: `road` (a line
with a `name`) or `dong` (a polygon with a `name`); a top-level `"sample": true` says that the file is no survey, and the map
says so. Everything else that a foreign file carries never reaches the stored file, names hold letters and figures only,
so nothing hostile can be served from it. The stored file is always valid or absent. Stations and other points are not in it:
they are the office's place names (`Landmark`).
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.korean import josa

NAMED = ("road", "dong")
_NAME = re.compile(r"[가-힣A-Za-z0-9 .·()-]{1,30}")
STORED_AS = "map/outline.geojson"
MAX_BYTES = 5 * 1024 * 1024
MAX_POSITIONS = 100_000
# A generous frame around the Republic of Korea: what lies outside is a swapped or foreign coordinate.
WEST, EAST, SOUTH, NORTH = 124.0, 132.0, 33.0, 39.0
WGS84_NAMES = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326")

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]


class OutlineRefused(ValueError):
    """The file cannot be the outline; the message says why, in Korean."""


@dataclass(frozen=True)
class Named:
    """A road's lines, or a neighbourhood's rings."""

    kind: str
    name: str
    parts: list[Ring]


@dataclass
class Outline:
    polygons: list[Polygon] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    is_sample: bool = False

    @property
    def positions(self) -> int:
        rings = [ring for polygon in self.polygons for ring in polygon]
        return sum(map(len, [*rings, *(part for each in self.named for part in each.parts)]))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = [point for polygon in self.polygons for point in polygon[0]]
        return (
            min(x for x, _ in points),
            min(y for _, y in points),
            max(x for x, _ in points),
            max(y for _, y in points),
        )

    def as_geojson(self) -> bytes:
        outline = {"type": "MultiPolygon", "coordinates": self.polygons}
        features = [_feature("outline", "", outline)]
        features += [_feature(each.kind, each.name, _geometry(each)) for each in self.named]
        document = {"type": "FeatureCollection", "sample": self.is_sample, "features": features}
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _feature(kind: str, name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kind": kind, "name": name}, "geometry": geometry}


def _geometry(named: Named) -> dict[str, Any]:
    if named.kind == "road":
        return {"type": "MultiLineString", "coordinates": named.parts}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in named.parts]}


def read(content: bytes) -> Outline:
    """Check an uploaded file and reduce it to its polygons."""
    if len(content) > MAX_BYTES:
        raise OutlineRefused(f"파일이 너무 큽니다. {MAX_BYTES // 1024 // 1024}MB까지 올릴 수 있습니다.")
    document = _parse(content)
    _refuse_other_reference_systems(document)
    outline = Outline(is_sample=document.get("sample") is True)
    outline.named, document = _named_apart(document)
    for geometry in _geometries(document):
        for polygon in _polygons(geometry):
            outline.polygons.append(polygon)
    if outline.positions > MAX_POSITIONS:
        raise OutlineRefused(f"꼭짓점이 {MAX_POSITIONS:,}개를 넘습니다. 경계를 단순화한 뒤 올려 주십시오.")
    if not outline.polygons:
        raise OutlineRefused("면(Polygon, MultiPolygon)이 하나도 없습니다.")
    return outline


def _named_apart(document: dict[str, Any]) -> tuple[list[Named], dict[str, Any]]:
    """Roads and neighbourhoods of a collection, and the collection without them."""
    features = document.get("features")
    if not isinstance(features, list):
        return [], document
    named, rest = [], []
    for feature in features:
        kind = _property(feature, "kind")
        if kind in NAMED:
            named.append(_named(kind, feature))
        else:
            rest.append(feature)
    return named, document | {"features": rest}


def _property(feature: Any, name: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    value = properties.get(name) if isinstance(properties, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _named(kind: str, feature: dict[str, Any]) -> Named:
    name = _property(feature, "name")
    if not _NAME.fullmatch(name):
        raise OutlineRefused("길과 동에는 한글·영문·숫자로 된 30자 이내의 이름(name)이 있어야 합니다.")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        raise OutlineRefused(f"{name}: 도형이 없습니다.")
    if kind == "dong":
        if geometry.get("type") not in ("Polygon", "MultiPolygon"):
            raise OutlineRefused(f"{name}: 동의 경계는 면이어야 합니다.")
        return Named(kind, name, [polygon[0] for polygon in _polygons(geometry)])
    coordinates = geometry.get("coordinates")
    lines = [coordinates] if geometry.get("type") == "LineString" else coordinates
    if geometry.get("type") not in ("LineString", "MultiLineString") or not isinstance(lines, list):
        raise OutlineRefused(f"{name}: 길은 선(LineString)이어야 합니다.")
    return Named(kind, name, [_line(line, name) for line in lines])


def _line(line: Any, name: str) -> Ring:
    if not isinstance(line, list) or not 2 <= len(line) <= MAX_POSITIONS:
        raise OutlineRefused(f"{name}: 길은 점 2개 이상이어야 합니다.")
    return [_position(point) for point in line]


def store(outline: Outline) -> None:
    """Replace the outline; the earlier file goes."""
    remove()
    default_storage.save(STORED_AS, ContentFile(outline.as_geojson()))


def remove() -> None:
    if default_storage.exists(STORED_AS):
        default_storage.delete(STORED_AS)


def exists() -> bool:
    return default_storage.exists(STORED_AS)


def with_points(points: Sequence[tuple[str, str, float, float]]) -> bytes | None:
    """The stored file with names at positions (kind, name, latitude, longitude); nothing without a file."""
    content = current()
    if content is None:
        return None
    document = json.loads(content)
    if document["type"] != "FeatureCollection":
        # Stored before roads and neighbourhoods could be in it.
        document = {
            "type": "FeatureCollection",
            "sample": False,
            "features": [_feature("outline", "", document)],
        }
    document["features"] += [
        _feature(kind, name, {"type": "Point", "coordinates": [longitude, latitude]})
        for kind, name, latitude, longitude in points
    ]
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def current() -> bytes | None:
    """The stored outline as GeoJSON, or nothing."""
    try:
        with default_storage.open(STORED_AS) as stored:
            return stored.read()
    except FileNotFoundError:
        return None


def _parse(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise OutlineRefused("UTF-8로 저장된 파일이 아닙니다.") from error
    except RecursionError as error:
        raise OutlineRefused("지나치게 깊이 겹친 파일입니다.") from error
    except json.JSONDecodeError as error:
        raise OutlineRefused(f"JSON 형식이 아닙니다. ({error.lineno}행 {error.colno}열)") from error
    if not isinstance(document, dict):
        raise OutlineRefused("GeoJSON 객체가 아닙니다.")
    return document


def _refuse_constant(name: str) -> float:
    raise OutlineRefused(f"숫자가 아닌 값({name})이 들어 있습니다.")


def _refuse_other_reference_systems(document: dict[str, Any]) -> None:
    """Old files may name another reference system; their metres would be read as degrees."""
    crs = document.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if name not in WGS84_NAMES:
        raise OutlineRefused("좌표계가 WGS84(경위도)가 아닙니다. WGS84로 변환한 뒤 올려 주십시오.")


def _geometries(document: dict[str, Any]) -> Iterable[dict[str, Any]]:
    waiting: list[Any] = [document]
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, dict):
            raise OutlineRefused("GeoJSON 구조가 올바르지 않습니다.")
        match item.get("type"):
            case "FeatureCollection":
                waiting.extend(_members(item, "features"))
            case "GeometryCollection":
                waiting.extend(_members(item, "geometries"))
            case "Feature":
                if item.get("geometry") is not None:
                    waiting.append(item["geometry"])
            case "Polygon" | "MultiPolygon":
                yield item
            case "Point" | "MultiPoint" | "LineString" | "MultiLineString" as kind:
                raise OutlineRefused(f"경계는 면이어야 합니다. {kind}{josa(kind, '이/가')} 들어 있습니다.")
            case _:
                raise OutlineRefused("GeoJSON이 아닙니다. type 값을 알 수 없습니다.")


def _members(item: dict[str, Any], name: str) -> list[Any]:
    members = item.get(name)
    if not isinstance(members, list):
        raise OutlineRefused(f"{name} 목록이 없습니다.")
    return members


def _polygons(geometry: dict[str, Any]) -> Iterable[Polygon]:
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise OutlineRefused("coordinates가 비어 있습니다.")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise OutlineRefused("빈 면이 들어 있습니다.")
        yield [_ring(ring) for ring in polygon]


def _ring(ring: Any) -> Ring:
    if not isinstance(ring, list) or len(ring) < 4:
        raise OutlineRefused("면의 테두리는 점 4개 이상이어야 합니다.")
    if len(ring) > MAX_POSITIONS:
        raise OutlineRefused(f"꼭짓점이 {MAX_POSITIONS:,}개를 넘습니다. 경계를 단순화한 뒤 올려 주십시오.")
    points = [_position(point) for point in ring]
    if points[0] != points[-1]:
        raise OutlineRefused("닫히지 않은 테두리가 있습니다. 첫 점과 끝 점이 같아야 합니다.")
    if abs(_twice_area(points)) < 1e-12:
        raise OutlineRefused("넓이가 없는 면이 있습니다.")
    if _crosses_itself(points):
        raise OutlineRefused("스스로 교차하는 테두리가 있습니다.")
    return points


def _position(point: Any) -> Position:
    if not isinstance(point, list) or not 2 <= len(point) <= 4:
        raise OutlineRefused("좌표는 [경도, 위도] 형식이어야 합니다.")
    longitude, latitude = point[0], point[1]
    for number in (longitude, latitude):
        # Neither infinite nor NaN, nor a whole number that no float holds.
        if isinstance(number, bool) or not isinstance(number, int | float) or not -1_000 < number < 1_000:
            raise OutlineRefused("좌표에 숫자가 아닌 값이 있습니다.")
    if WEST <= latitude <= EAST and SOUTH <= longitude <= NORTH:
        raise OutlineRefused("경도와 위도가 바뀌었습니다. GeoJSON은 [경도, 위도] 순서입니다.")
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        raise OutlineRefused(f"대한민국 밖의 좌표가 있습니다: {longitude:.4f}, {latitude:.4f}")
    return (round(float(longitude), 6), round(float(latitude), 6))


def _twice_area(ring: Ring) -> float:
    return sum(
        x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(_shifted(ring), _shifted(ring)[1:], strict=False)
    )


def _shifted(ring: Ring) -> Ring:
    """Relative to the first point, where small areas do not drown in rounding."""
    x0, y0 = ring[0]
    return [(x - x0, y - y0) for x, y in ring]


def _crosses_itself(ring: Ring) -> bool:
    """Sweep over the edges from west to east; neighbours share a point and may touch there."""
    edges = [(a, b, index) for index, (a, b) in enumerate(pairwise(ring)) if a != b]
    last = len(ring) - 2
    edges.sort(key=lambda edge: min(edge[0][0], edge[1][0]))
    active: list[tuple[Position, Position, int]] = []
    for a, b, index in edges:
        west = min(a[0], b[0])
        active = [edge for edge in active if max(edge[0][0], edge[1][0]) >= west]
        for c, d, other in active:
            neighbours = abs(index - other) <= 1 or {index, other} == {0, last}
            if not neighbours and _properly_cross(a, b, c, d):
                return True
        active.append((a, b, index))
    return False


def _properly_cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Sequence[float], b: Sequence[float], point: Sequence[float]) -> float:
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
