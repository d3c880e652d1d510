"""좁히기: a radius brings cameras that have nothing to do with what is asked for; an officer drops them with a reason.

Only what nobody named can be dropped, never the last one, and only before anything is decided. Dropping lets nothing go:
another officer than who dropped a camera releases its hold, and until then it can be taken back.
"""

from typing import Any

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal
from footage import holds
from records.models import RequestedCamera
from records.viewing import against_ledger
from records.viewing.freezing import ARTICLE, MAX_NOTE


def drop(line: RequestedCamera, reason: str, *, by: Officer) -> RequestedCamera:
    with acts.begin("records.viewing_range_dropped", line.request, by=by) as act:
        held = act.hold(line)
        act.refuse(_refuse_drop(held, reason))
        held.dropped_at, held.dropped_by, held.drop_reason = act.at, by, reason.strip()[:MAX_NOTE]
        held.save(update_fields=["dropped_at", "dropped_by", "drop_reason"])
        act.payload |= _named(held)
    return held


def _refuse_drop(line: RequestedCamera, reason: str) -> list[Refusal]:
    found = []
    if not reason.strip():
        text = "이 청구와 관계없다고 보는 사유를 적으십시오."
        found.append(Refusal("reason", text, ARTICLE, field="reason"))
    if line.place_id is None:
        text = "청구인이 고른 카메라는 뺄 수 없습니다."
        found.append(Refusal("named", text, ARTICLE, "그 카메라에 대하여 결정하십시오."))
    if line.dropped_at is not None:
        found.append(Refusal("dropped", "이미 뺀 카메라입니다.", ARTICLE))
    if not line.request.is_undecided:
        found.append(Refusal("decided", "결정한 뒤에는 뺄 수 없습니다.", ARTICLE))
    if not line.request.cameras.standing().exclude(pk=line.pk).exists():
        text = "마지막 카메라는 뺄 수 없습니다."
        found.append(Refusal("last", text, ARTICLE, "그 카메라에 대하여 결정하십시오."))
    return found


def take_back(line: RequestedCamera, *, by: Officer) -> RequestedCamera:
    """It belongs to the request after all; what was let go meanwhile has to be held anew (`freezing`)."""
    with acts.begin("records.viewing_range_taken_back", line.request, by=by) as act:
        held = act.hold(line)
        if held.dropped_at is None:
            act.refuse([Refusal("dropped", "뺀 카메라가 아닙니다.", ARTICLE)])
        if not act.row.is_undecided:
            act.refuse([Refusal("decided", "결정한 뒤에는 되돌릴 수 없습니다.", ARTICLE)])
        held.dropped_at, held.dropped_by, held.drop_reason = None, None, ""
        held.save(update_fields=["dropped_at", "dropped_by", "drop_reason"])
        act.payload |= _named(held)
    return held


def let_go(line: RequestedCamera, *, by: Officer) -> RequestedCamera:
    """Release what was dropped; whatever else keeps the footage keeps it."""
    with acts.begin("records.viewing_range_released", line.request, by=by) as act:
        held = act.hold(line)
        hold = held.hold
        if held.dropped_at is None or hold is None or hold.released_at is not None:
            act.refuse([Refusal("held", "뺀 카메라의 유예가 없습니다.", ARTICLE)])
        else:
            if why := why_not_by(held, by):
                act.refuse([Refusal("second", why, ARTICLE)])
            holds.release(
                hold, reason=f"청구와 관계없는 카메라: {held.drop_reason}"[: holds.MAX_REASON], by=by
            )
            act.payload |= _named(held)
    return held


def _named(line: RequestedCamera) -> dict[str, Any]:
    return {
        "request": line.request.receipt_number,
        "camera": line.camera.number,
        "holds": [line.hold_id] if line.hold_id else [],
    }


def why_not_by(line: RequestedCamera, by: Officer | None) -> str:
    """What was dropped by one is released by another, and only what the ledger says was dropped.

    The operator's command has no officer.
    """
    if wrong := against_ledger.fault_of_dropped(line):
        return wrong
    return second_person.problem(line.dropped_by_id, by, "이 카메라를 뺀", does="해제") if by else ""
