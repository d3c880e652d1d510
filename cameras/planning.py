"""What is known of cameras while they are planned: the place, what for, how many. The rest is asked when they stand.

Ground and the dataset's purpose follow from the purpose by the tables of the day (`ordinance.purposes`, 설치목적 대응표)
wherever nobody states them.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Officer
from cameras import editing, projects, purposes
from cameras.enums import DatasetPurpose
from cameras.models import Camera, InstallationProject, PurposeMapping, Site
from ordinance.purposes import fits

# More at one place at once is a slip of the keyboard.
MOST_AT_ONCE = 50
PLACE_FIELDS = ("institution", "road_address", "lot_address", "latitude", "longitude")
REASON = "설치 계획"


def derived(purpose: str, on: datetime.date | None = None) -> dict[str, Any]:
    """Ground and dataset purpose that go with a purpose; what the tables leave open is left out.

    The line of 설치목적 대응표 comes first where its ground fits; else the ground that asks for nothing besides.
    """
    fitting = fits(on).get(purpose)
    lines = list(PurposeMapping.objects.filter(install_purpose=purpose).order_by("pk"))
    line = next((each for each in lines if fitting is None or each.pipa25_ground in fitting), None)
    if line is not None:
        return {"pipa25_ground": line.pipa25_ground, "dataset_purpose": line.dataset_purpose}
    found: dict[str, Any] = {"dataset_purpose": lines[0].dataset_purpose if lines else DatasetPurpose.OTHER}
    if fitting:
        found["pipa25_ground"] = min(fitting, key=lambda item: (len(fitting[item].needs), item))
    return found


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was stated, with what follows from it. ValidationError where no table says the ground."""
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    whole = {**derived(str(stated.get("install_purpose", ""))), **stated}
    if "pipa25_ground" not in whole:
        raise ValidationError(
            {"pipa25_ground": "이 설치목적의 근거를 정한 표가 없습니다. 설치 근거를 고르십시오."}
        )
    if purposes.stores_nothing(whole["pipa25_ground"]):
        whole["retention_days"] = purposes.NOT_STORED_DAYS
    return whole


@transaction.atomic
def plan(
    place: Site | Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    many: int = 1,
    by: Officer,
    reason: str = "",
    project: InstallationProject | None = None,
    on: datetime.date | None = None,
) -> list[Camera]:
    """So many planned cameras at one place, known or new (`PLACE_FIELDS`); all or none."""
    if not 1 <= many <= MOST_AT_ONCE:
        raise ValidationError({"many": f"한 번에 {MOST_AT_ONCE}대까지 계획합니다."})
    why = reason.strip() or REASON
    site = place if isinstance(place, Site) else editing.add_site(place, by=by, reason=why)
    whole = completed(values)
    return [projects.plan_camera(site, whole, by=by, reason=why, project=project, on=on) for _ in range(many)]
