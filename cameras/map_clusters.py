"""Places on a map: clusters of a grid worked out by the database, the places themselves where they are few."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, FloatField, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, Floor

from cameras.enums import CameraState
from cameras.models import Site
from cameras.whereabouts import words

# In so small a number places are shown one by one at any zoom.
FEW_PLACES = 300
# From this zoom on (street level) clusters would hide what a person came to see, up to so many places.
STREET_ZOOM = 17
MANY_PLACES = 2_000
_TILE = 256
_CLUSTER_PIXELS = 64

STANDING = ~Q(cameras__state=CameraState.REMOVED)
PUBLIC = Q(cameras__state=CameraState.OPERATING, cameras__is_sign_exempt=False)


class Box(NamedTuple):
    """A part of the map in degrees; as text it is what a map asks with: west,south,east,north."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> "Box":
        """Raises ValueError with a Korean message for anything that is no box."""
        try:
            sides = [float(part) for part in text.split(",")]
        except ValueError:
            sides = []
        if len(sides) != 4 or not all(math.isfinite(side) for side in sides):
            raise ValueError("bbox는 서,남,동,북 네 숫자입니다.")
        west, south, east, north = sides
        if west > east or south > north:
            raise ValueError("bbox의 서쪽·남쪽이 동쪽·북쪽보다 작아야 합니다.")
        # Maps ask a little beyond the edge of the world; beyond it there is no place.
        return cls(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))

    def __str__(self) -> str:
        return ",".join(f"{side:.6f}" for side in self)


@dataclass(frozen=True, slots=True)
class Cluster:
    latitude: float
    longitude: float
    count: int
    cameras: int
    # A neighbourhood or road in it, as a citizen would call the part of the map.
    label: str = ""
    road: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One site on the map with the number of its cameras."""

    pk: int
    number: str
    address: str
    latitude: float
    longitude: float
    cameras: int


@dataclass(frozen=True, slots=True)
class Found:
    """Either clusters or single places; `total` counts the places in the box."""

    clusters: list[Cluster]
    sites: list[Place]
    total: int


def clusters(sites: QuerySet[Site], box: Box, zoom: int, shown: Q = STANDING) -> Found:
    """What to draw in the box. `shown` says which cameras are counted."""
    inside = Site.objects.with_position().filter(
        latitude__gte=_degrees(box.south),
        latitude__lte=_degrees(box.north),
        longitude__gte=_degrees(box.west),
        longitude__lte=_degrees(box.east),
    )
    if sites.query.where or sites.query.annotations:
        inside = inside.filter(pk__in=sites.order_by().values("pk"))
    many = MANY_PLACES if zoom >= STREET_ZOOM else FEW_PLACES
    keys = list(inside.order_by().values_list("pk", flat=True)[: many + 1])
    if len(keys) <= many:
        places = _places(keys, shown)
        return Found([], places, len(places))
    found, single = _grid(inside, zoom, shown)
    places = _places(single, shown) if single else []
    return Found(found, places, sum(cluster.count for cluster in found) + len(places))


def _places(keys: list[int], shown: Q) -> list[Place]:
    rows = (
        Site.objects.filter(pk__in=keys)
        .annotate(camera_count=Count("cameras", filter=shown))
        .order_by("number")
    )
    return [
        Place(
            site.pk,
            site.number,
            site.address,
            float(site.latitude or 0),
            float(site.longitude or 0),
            site.camera_count,
        )
        for site in rows
    ]


def _grid(inside: QuerySet[Site], zoom: int, shown: Q) -> tuple[list[Cluster], list[int]]:
    """One cluster per cell of a fixed grid, where its places lie on average; and the places that are alone in theirs."""
    step = 360.0 / (2**zoom) * _CLUSTER_PIXELS / _TILE
    rows = (
        inside.order_by()
        .annotate(
            row=Floor(Cast(F("latitude"), FloatField()) / (step * 0.8)),
            column=Floor(Cast(F("longitude"), FloatField()) / step),
        )
        .values("row", "column")
        .annotate(
            count=Count("pk", distinct=True),
            camera_count=Count("cameras", filter=shown),
            some_key=Min("pk"),
            some_lot=Max("lot_address"),
            some_road=Max("road_address"),
            middle_latitude=Avg(Cast(F("latitude"), FloatField())),
            middle_longitude=Avg(Cast(F("longitude"), FloatField())),
        )
        .order_by("row", "column")
    )
    found, single = [], []
    for row in rows:
        if row["count"] == 1:
            single.append(row["some_key"])
        else:
            found.append(
                Cluster(
                    row["middle_latitude"],
                    row["middle_longitude"],
                    row["count"],
                    row["camera_count"],
                    _label(row["some_lot"], row["some_road"]),
                    words.road_address(row["some_road"]).name,
                )
            )
    return _told_apart(found), single


def _told_apart(clusters: list[Cluster]) -> list[Cluster]:
    """Two of one neighbourhood are told by the road as well, and by a number where that is the same, too."""
    often = Counter(cluster.label for cluster in clusters)
    with_roads = [
        replace(cluster, label=f"{cluster.label} {cluster.road}")
        if often[cluster.label] > 1 and cluster.road and cluster.road != cluster.label
        else cluster
        for cluster in clusters
    ]
    often, seen = Counter(cluster.label for cluster in with_roads), Counter[str]()
    found = []
    for cluster in with_roads:
        seen[cluster.label] += 1
        is_alone = often[cluster.label] == 1 or not cluster.label
        found.append(
            cluster if is_alone else replace(cluster, label=f"{cluster.label} ({seen[cluster.label]})")
        )
    return found


def _label(lot: str, road: str) -> str:
    """The neighbourhood, else the road."""
    return words.lot_address(lot).name or words.road_address(road).name


def answer(
    sites: QuerySet[Site],
    box: Box,
    zoom: int,
    point: Callable[[Any], dict[str, Any]],
    shown: Q = PUBLIC,
) -> dict[str, Any]:
    """The map script's JSON; `point` adds what a place is called and where it leads."""
    found = clusters(sites, box, min(max(zoom, 0), 22), shown)
    return {
        "clusters": [
            {
                "latitude": cluster.latitude,
                "longitude": cluster.longitude,
                "count": cluster.count,
                "cameras": cluster.cameras,
                "label": cluster.label,
            }
            for cluster in found.clusters
        ],
        "sites": [
            {
                "latitude": place.latitude,
                "longitude": place.longitude,
                "cameras": place.cameras,
                **point(place),
            }
            for place in found.sites
        ],
        "total": found.total,
    }


def bounds(sites: QuerySet[Site]) -> Box | None:
    """The smallest box around all places, or None without any."""
    keys = sites.order_by().values("pk")
    found = Site.objects.with_position()
    if sites.query.where or sites.query.annotations:
        found = found.filter(pk__in=keys)
    sides = found.aggregate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    )
    if sides["west"] is None:
        return None
    return Box(*(float(sides[name]) for name in ("west", "south", "east", "north")))


def _degrees(side: float) -> Decimal:
    return Decimal(f"{side:.9f}")
