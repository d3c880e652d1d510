"""되돌리기: a bulk change taken back as a whole, while nothing later touched any of its rows.

Each camera gets back what it had; the history keeps both, under one group of their own and with a reason. What cameras
became by a paper, a step or a contract is not taken back here: these have ways of their own that say what follows.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Officer
from cameras import bulk, findings
from cameras.bulk_change import BULK_CHANGED, subject_of
from cameras.models import Camera
from casework.refusals import Refusal, refuse_if
from ledger import append
from ledger.models import Entry

UNDONE = "cameras.bulk_undone"


def problems(group: UUID) -> Iterator[Refusal]:
    """Why it cannot be taken back (any more)."""
    line = Entry.objects.of_kind(BULK_CHANGED).filter(subject=subject_of(group)).first()
    if line is None:
        yield Refusal("kind", "일괄 변경으로 바뀐 것만 되돌릴 수 있습니다.")
        return
    if "retention_days" in json.loads(line.payload)["fields"]:
        yield Refusal(
            "period",
            "보관일수를 바꾼 변경은 한꺼번에 되돌리지 않습니다. 짧아지는 보관기간은 다른 사람이 확인해야 합니다.",
            "조례 제24조",
            "일괄 변경에서 보관일수를 다시 정하십시오.",
        )
        return
    later = Camera.history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    touched = _records(group).filter(Exists(later))
    numbers = tuple(touched.order_by("number").values_list("number", flat=True)[:50])
    if numbers:
        yield Refusal(
            "touched",
            f"그 뒤에 다시 바뀐 카메라가 있어 한꺼번에 되돌릴 수 없습니다 ({len(numbers)}대 이상).",
            remedy="그 카메라의 변경 이력을 보고 따로 고치십시오.",
            numbers=numbers,
        )


def undo(group: UUID, *, by: Officer, reason: str) -> int:
    """How many cameras got back what they had."""
    new = uuid4()
    with transaction.atomic():
        ids = list(_records(group).order_by("id").values_list("id", flat=True))
        # Held before it is asked whether something touched them.
        list(Camera.objects.among(ids).select_for_update().values_list("pk", flat=True))
        refuse_if(problems(group))
        before = _before(group)
        changed = sorted({name for values in before.values() for name in values})
        rows = _rows(before, changed)
        bulk.update(Camera, changed, rows)
        bulk.record_history(Camera, ids, bulk.CHANGED, by=by.pk, reason=reason, group=new)
        findings.follow(ids, fields=set(changed))
        append.record(
            UNDONE,
            actor=f"officer:{by.pk}",
            subject=subject_of(new),
            payload={"group": group.hex, "cameras": len(ids), "fields": changed},
        )
    return len(ids)


def _records(group: UUID) -> Any:
    return Camera.history.filter(change_group=group, history_type="~")


def _before(group: UUID) -> dict[int, dict[str, Any]]:
    """What each camera had, of the fields that the change changed; two queries."""
    earlier = Camera.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    records = list(
        _records(group).annotate(previous=Subquery(earlier.order_by("-history_id").values("history_id")[:1]))
    )
    numbers = [record.previous for record in records if record.previous]
    found = Camera.history.in_bulk(numbers, field_name="history_id")
    names = [field.attname for field in Camera.history.model.tracked_fields]
    return {
        record.id: {
            name: getattr(found[record.previous], name)
            for name in names
            if getattr(found[record.previous], name) != getattr(record, name)
        }
        for record in records
        if record.previous
    }


def _rows(before: Mapping[int, Mapping[str, Any]], changed: list[str]) -> list[list[Any]]:
    """As `bulk.update` takes them: key, then each field; what one camera did not change stays as it is."""
    now = {row["pk"]: row for row in Camera.objects.among(list(before)).order_by("pk").values("pk", *changed)}
    return [[key, *(values.get(name, now[key][name]) for name in changed)] for key, values in before.items()]
