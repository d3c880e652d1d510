"""되돌리기: a bulk change or an import taken back as a whole, while nothing later touched any of its rows.

Each camera and each place gets back what it had; the history keeps both, under one group of their own and with a reason.
What an import brought into the register does not vanish from it: those cameras are recorded as removed, by an act of
their own, and what it had removed or brought back goes the other way. What cameras became by a paper, a step or a contract is
not taken back here: these have ways of their own that say what follows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Officer
from cameras import bulk, findings, importing, lifecycle, periods
from cameras.bulk_change import BULK_CHANGED, subject_of
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, Site
from cameras.numbering import place_key
from casework.refusals import Refusal, refuse_if
from ledger import append
from ledger.models import Entry

# One transaction holds these rows; the undoing of more is a new import of the former file.
MOST_AT_ONCE = 20_000
UNDONE = "cameras.bulk_undone"


def problems(group: UUID) -> Iterator[Refusal]:
    """Why it cannot be taken back (any more)."""
    line = _line(group)
    if line is None:
        yield Refusal("kind", "일괄 변경이나 가져오기로 바뀐 것만 한꺼번에 되돌릴 수 있습니다.")
        return
    if line.kind == BULK_CHANGED and "retention_days" in json.loads(line.payload)["fields"]:
        yield Refusal(
            "period",
            "보관일수를 바꾼 변경은 한꺼번에 되돌리지 않습니다. 짧아지는 보관기간은 다른 사람이 확인해야 합니다.",
            "조례 제24조",
            "일괄 변경에서 보관일수를 다시 정하십시오.",
        )
        return
    if Camera.history.filter(change_group=group).count() > MOST_AT_ONCE:
        yield Refusal(
            "many",
            f"{MOST_AT_ONCE:,}대가 넘는 카메라를 한꺼번에 되돌리지 않습니다.",
            remedy="그 전의 표준데이터 파일을 다시 가져오십시오.",
        )
        return
    numbers = (*_touched(Camera, group), *_touched(Site, group))
    if numbers:
        yield Refusal(
            "touched",
            f"그 뒤에 다시 바뀐 카메라나 설치장소가 있어 한꺼번에 되돌릴 수 없습니다 ({len(numbers)}건 이상).",
            remedy="그 변경 이력을 보고 따로 고치십시오.",
            numbers=numbers,
        )


def is_import(group: UUID) -> bool:
    line = _line(group)
    return line is not None and line.kind == importing.LEDGER_KIND


def _line(group: UUID) -> Entry | None:
    """The ledger's line of the change: it says what kind of change it was."""
    changed = Entry.objects.of_kind(BULK_CHANGED).filter(subject=subject_of(group)).first()
    imported = Entry.objects.of_kind(importing.LEDGER_KIND).filter(payload__contains=group.hex)
    return changed or imported.first()


def _touched(model: Any, group: UUID) -> list[str]:
    """Numbers of rows of which the history says something after it, a few."""
    later = model.history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id")).exclude(
        change_group=group
    )
    touched = model.history.filter(change_group=group).filter(Exists(later))
    return list(touched.order_by("number").values_list("number", flat=True)[:50])


def undo(group: UUID, *, by: Officer, reason: str) -> int:
    """How many cameras got back what they had, or left the register's service with the import that brought them."""
    new = uuid4()
    with transaction.atomic():
        bulk.hold_register_lock()
        ids = sorted(set(Camera.history.filter(change_group=group).order_by().values_list("id", flat=True)))
        # Held before it is asked whether something touched them.
        held = {
            camera.pk: camera
            for camera in Camera.objects.among(ids).select_for_update(of=("self",)).order_by("pk")
        }
        refuse_if(problems(group))
        changed = _restore(Camera, group, new, by=by, reason=reason)
        _restore_places(group, new, by=by, reason=reason)
        created = _created(group)
        _remove(created, new, by=by, reason=reason)
        _put_on_record(held, changed, created, by=by, reason=reason)
        fields = sorted({name for values in changed.values() for name in values})
        if is_import(group):
            places = Site.history.filter(change_group=group).order_by().values_list("id", flat=True)
            findings.follow_import(set(ids), set(places))
        else:
            findings.follow(ids, fields=set(fields))
        append.record(
            UNDONE,
            actor=f"officer:{by.pk}",
            subject=subject_of(new),
            payload={"group": group.hex, "cameras": len(ids), "fields": fields},
        )
    return len(ids)


def _restore(model: Any, group: UUID, new: UUID, *, by: Officer, reason: str) -> dict[int, dict[str, Any]]:
    """Rows that the change changed, with what they had; written back with their history."""
    before = _before(model, group)
    names = sorted({name for values in before.values() for name in values})
    if not names:
        return before
    rows = _rows(model, before, names)
    if model is Camera and "retention_days" in names:
        now = dict(Camera.objects.among(list(before)).order_by("pk").values_list("pk", "retention_days"))
        place = names.index("retention_days") + 1
        periods.note(
            {row[0]: periods.Change(now[row[0]], row[place]) for row in rows}, by=by.pk, reason=reason
        )
    bulk.update(model, names, rows)
    bulk.record_history(model, list(before), bulk.CHANGED, by=by.pk, reason=reason, group=new)
    return before


def _restore_places(group: UUID, new: UUID, *, by: Officer, reason: str) -> None:
    """A place is recognised by a key of its own (`numbering.place_key`), which no history keeps."""
    before = _restore(Site, group, new, by=by, reason=reason)
    for site in Site.objects.filter(pk__in=list(before)).order_by("pk"):
        key = place_key(
            site.institution_id, site.road_address, site.lot_address, site.latitude, site.longitude
        )
        Site.objects.filter(pk=site.pk).update(place_key=key)


def _created(group: UUID) -> list[int]:
    found = Camera.history.filter(change_group=group, history_type=bulk.CREATED).order_by("id")
    return list(found.values_list("id", flat=True))


def _remove(created: Sequence[int], new: UUID, *, by: Officer, reason: str) -> None:
    rows = [(key, CameraState.REMOVED.value, timezone.localdate()) for key in created]
    bulk.update(Camera, ("state", "removed_on"), rows)
    bulk.record_history(Camera, created, bulk.CHANGED, by=by.pk, reason=reason, group=new)


def _put_on_record(
    held: Mapping[int, Camera],
    changed: Mapping[int, Mapping[str, Any]],
    created: Sequence[int],
    *,
    by: Officer,
    reason: str,
) -> None:
    """Whoever enters or leaves service by the undoing does so by an act, as with the import itself."""
    back = [held[key] for key, values in changed.items() if "state" in values]
    removed = [held[key] for key in created] + [one for one in back if one.state != CameraState.REMOVED]
    revived = [one for one in back if one.state == CameraState.REMOVED]
    for event, cameras in ((LifecycleEvent.REMOVE, removed), (LifecycleEvent.REVIVE, revived)):
        if cameras:
            lifecycle.record_import(event, cameras, on=timezone.localdate(), by=by.pk, reason=reason)


def _before(model: Any, group: UUID) -> dict[int, dict[str, Any]]:
    """What each row had, of the fields that the change changed; two queries."""
    earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    records = list(
        model.history.filter(change_group=group, history_type=bulk.CHANGED).annotate(
            previous=Subquery(earlier.order_by("-history_id").values("history_id")[:1])
        )
    )
    found = model.history.in_bulk(
        [record.previous for record in records if record.previous], field_name="history_id"
    )
    names = [field.attname for field in model.history.model.tracked_fields]
    return {
        record.id: {
            name: getattr(found[record.previous], name)
            for name in names
            if getattr(found[record.previous], name) != getattr(record, name)
        }
        for record in records
        if record.previous
    }


def _rows(model: Any, before: Mapping[int, Mapping[str, Any]], changed: Sequence[str]) -> list[list[Any]]:
    """As `bulk.update` takes them: key, then each field; what one row did not change stays as it is."""
    rows = (
        model._default_manager.filter(pk__in=list(before))
        if model is Site
        else Camera.objects.among(list(before))
    )
    now = {row["pk"]: row for row in rows.order_by("pk").values("pk", *changed)}
    return [[key, *(values.get(name, now[key][name]) for name in changed)] for key, values in before.items()]
