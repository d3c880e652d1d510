"""What the register knows of places, read anew for each question: two queries.

Nothing is kept between questions but the addresses taken apart (by their text), so that a facility that became exempt a
moment ago is not told of any more.
"""

import math
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from cameras.enums import LandmarkKind
from cameras.models import Camera, Landmark, Site
from cameras.whereabouts.bearings import METRES_PER_DEGREE, Position
from cameras.whereabouts.gazetteer import Gazetteer, spot
from cameras.whereabouts.gazetteer import Landmark as KnownLandmark

AREAS = (LandmarkKind.DONG, LandmarkKind.POSTCODE)
_COLUMNS = ("pk", "number", "road_address", "lot_address", "latitude", "longitude")


def sites_with(cameras: "QuerySet[Camera]") -> "QuerySet[Site]":
    """Sites at which one of the cameras stands."""
    return Site.objects.filter(Exists(cameras.order_by().filter(site=OuterRef("pk")))).order_by()


def known_places(sites: "QuerySet[Site]") -> Gazetteer:
    """The sites that may be told of, and the place names of the office."""
    spots = [
        spot(pk, number, road, lot, _position(latitude, longitude))
        for pk, number, road, lot, latitude, longitude in sites.values_list(*_COLUMNS)
    ]
    landmarks = [
        KnownLandmark(
            each.name, each.names, each.kind in AREAS, Position(float(each.latitude), float(each.longitude))
        )
        for each in Landmark.objects.all()
    ]
    return Gazetteer(spots, landmarks)


def box(centre: Position, metres: float) -> Q:
    """Sites whose position lies in the square around a circle; which lie in the circle is reckoned one by one."""
    north = Decimal(str(metres / METRES_PER_DEGREE))
    east = Decimal(str(metres / (METRES_PER_DEGREE * math.cos(math.radians(centre.latitude)))))
    latitude, longitude = Decimal(str(centre.latitude)), Decimal(str(centre.longitude))
    return Q(
        latitude__range=(latitude - north, latitude + north),
        longitude__range=(longitude - east, longitude + east),
    )


def position_of(site: Site) -> Position | None:
    return _position(site.latitude, site.longitude)


def _position(latitude: object, longitude: object) -> Position | None:
    if latitude is None or longitude is None:
        return None
    return Position(float(str(latitude)), float(str(longitude)))
