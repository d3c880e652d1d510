"""Situations of the public site's tests."""

from decimal import Decimal
from typing import Any

from accounts.models import Institution
from cameras.enums import CameraState, DatasetPurpose, InstallPurpose, Pipa25Ground
from cameras.models import Camera, Site


def make_place(number: str, address: str, cameras: int = 1, **changes: Any) -> Site:
    """A site with operating cameras; `changes` go to every camera."""
    institution = Institution.objects.get_or_create(name="서울특별시 강서구청")[0]
    offset = Decimal(sum(number.encode()) % 97) / 10_000
    site = Site.objects.create(
        number=number,
        institution=institution,
        road_address=address,
        latitude=Decimal("37.5509") + offset,
        longitude=Decimal("126.8495") + offset,
    )
    facts: dict[str, Any] = {
        "state": CameraState.OPERATING,
        "install_purpose": InstallPurpose.CRIME_PREVENTION,
        "dataset_purpose": DatasetPurpose.NEIGHBOURHOOD_CRIME,
        "pipa25_ground": Pipa25Ground.CRIME,
        "retention_days": 30,
        "filming_direction": "360도 전방면",
        **changes,
    }
    for ordinal in range(1, cameras + 1):
        name = f"{number}-{ordinal}"
        Camera.objects.create(site=site, ordinal=ordinal, number=name, recording_key=name, **facts)
    return site
