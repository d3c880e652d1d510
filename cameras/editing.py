"""One site or camera entered or changed by hand: in one transaction, checked as a whole, with a reason on its history."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Officer
from cameras import findings, periods
from cameras.enums import LifecycleEvent
from cameras.models import Camera, Move, Site
from cameras.numbering import OWN_PREFIX, place_key
from casework.numbers_of_year import next_number

Values = Mapping[str, Any]
Row = TypeVar("Row", Site, Camera)
REASON_LENGTH = 500
# Written by `cameras.lifecycle` and `cameras.projects` alone.
BY_ACTS_ONLY = frozenset({"state", "removed_on", "installation", "project"})


@transaction.atomic
def add_site(values: Values, *, by: Officer, reason: str) -> Site:
    """A new place; its cameras are added with `add_camera`. Without a 관리번호 it gets the next one of ours this year."""
    given = values.get("number")
    # The number is given under a lock: of two who enter one place at once the second sees the first.
    number = given or next_number(Site, OWN_PREFIX, timezone.localdate())
    if not given:
        _refuse_known_place(values)
    return _write(Site(has_own_number=not given), {**values, "number": number}, by=by, reason=reason)


def _refuse_known_place(values: Values) -> None:
    """The same place entered twice would be two rows for one pole."""
    institution = values.get("institution")
    if institution is None:
        return
    addresses = (values.get("road_address") or "", values.get("lot_address") or "")
    key = place_key(institution.pk, *addresses, values.get("latitude"), values.get("longitude"))
    known = Site.objects.filter(place_key=key).order_by("pk").first()
    if known is not None:
        raise ValidationError(f"이미 대장에 있는 곳입니다: {known}. 그 설치장소에 카메라를 더하십시오.")


@transaction.atomic
def change_site(site: Site, values: Values, *, by: Officer, reason: str) -> Site:
    before = _locked(site)
    institution = before.institution_id
    changed = _write(before, values, by=by, reason=reason)
    findings.follow_sites([changed.pk])
    if changed.institution_id != institution:
        findings.follow_contracts()
    return changed


@transaction.atomic
def add_camera(site: Site, values: Values, *, by: Officer, reason: str) -> Camera:
    """The next camera of a site, planned; numbers of removed cameras are not given again."""
    site = _locked(site)
    camera = _write(Camera(site=site, ordinal=next_ordinal(site)), values, by=by, reason=reason)
    findings.follow([camera.pk])
    return camera


def next_ordinal(site: Site) -> int:
    """Above every number that the site ever gave: also those of cameras that were moved elsewhere."""
    last: int | None = Camera.objects.filter(site=site).aggregate(last=Max("ordinal"))["last"]
    moved_away = Move.objects.filter(act__event=LifecycleEvent.RELOCATE).values("camera")
    formerly = Camera.history.filter(id__in=moved_away, site=site.pk)
    before: int | None = formerly.aggregate(last=Max("ordinal"))["last"]
    return max(last or 0, before or 0) + 1


@transaction.atomic
def change_camera(camera: Camera, values: Values, *, by: Officer, reason: str) -> Camera:
    before = _locked(camera)
    changing = {name for name, value in values.items() if getattr(before, name) != value}
    if "retention_days" in changing:
        change = periods.Change(before.retention_days, values["retention_days"])
        periods.note({before.pk: change}, by=by.pk, reason=reason)
    changed = _write(before, values, by=by, reason=reason)
    findings.follow([changed.pk], fields=changing)
    return changed


def _locked(row: Row) -> Row:
    """The row as it is now, held until the change is stored: two people do not undo each other unseen."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def _write(row: Row, values: Values, *, by: Officer, reason: str) -> Row:
    if not reason.strip():
        raise ValidationError({"reason": "변경 사유를 적어야 합니다."})
    for name, value in values.items():
        if name in BY_ACTS_ONLY:
            raise TypeError(f"{name!r} is written by acts only")
        setattr(row, name, value)
    row.full_clean()
    row._change_reason = reason.strip()[:REASON_LENGTH]  # type: ignore[attr-defined]
    row._history_user = by  # type: ignore[attr-defined]
    row.save()
    return row
