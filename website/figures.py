"""The few figures that the public site shows, each counted from the register at the moment of reading."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet

from cameras.enums import InstallPurpose, Pipa25Ground
from cameras.models import Camera


@dataclass(frozen=True)
class PurposeCount:
    code: str
    label: str
    cameras: int


@dataclass(frozen=True)
class FrontPage:
    cameras: int
    sites: int
    shortest_days: int | None
    longest_days: int | None
    purposes: list[PurposeCount]


# What stores nothing has no period to tell of (PIPA art. 25(1) item 6).
STORED = ~Q(pipa25_ground=Pipa25Ground.NOT_STORED)


def front_page() -> FrontPage:
    """Counts of operating cameras; two queries however many cameras there are."""
    cameras = public_cameras()
    totals = cameras.aggregate(
        cameras=Count("pk"),
        sites=Count("site", distinct=True),
        shortest=Min("retention_days", filter=STORED),
        longest=Max("retention_days", filter=STORED),
    )
    rows = cameras.values("install_purpose").annotate(cameras=Count("pk")).order_by("-cameras")
    return FrontPage(
        cameras=totals["cameras"],
        sites=totals["sites"],
        shortest_days=totals["shortest"],
        longest_days=totals["longest"],
        purposes=[
            PurposeCount(row["install_purpose"], InstallPurpose(row["install_purpose"]).label, row["cameras"])
            for row in rows
        ],
    )


def public_cameras() -> "QuerySet[Camera]":
    """Operating cameras of facilities that are not exempt (PIPA art. 25(4) proviso)."""
    cameras: QuerySet[Camera] = Camera.objects.public().order_by()
    return cameras
