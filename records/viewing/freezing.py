"""Holding what a request asks for, and securing at the recorder what no storage here has seen."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from footage import holds, sightings
from footage.models import Hold, VaultFile
from records.enums import CLOSED_UNANSWERED, UNANSWERED, RequestState
from records.models import RequestedCamera, ViewingRequest
from records.viewing import keeping

ARTICLE = "조례 제22조, 제24조제1항제3호"
REASON = "개인영상정보 열람등 청구"
# Nothing is asked for any more, unless somebody objects to that.
OVER = (*CLOSED_UNANSWERED, RequestState.WITHDRAWN)
MAX_NOTE = 500


def freeze(
    line: RequestedCamera, *, until_at: datetime | None = None, actor: str = "", by: Officer | None = None
) -> Hold:
    """A hold on all that the request asks of this camera and range, or on its part until then."""
    (hold,) = freeze_all(line.request, [(line, until_at or line.until_at)], actor=actor, by=by)
    return hold


def freeze_all(
    request: ViewingRequest,
    lines: Sequence[tuple[RequestedCamera, datetime]],
    *,
    actor: str = "",
    by: Officer | None = None,
) -> list[Hold]:
    """The same for several cameras and ranges of a request, each until its own moment."""
    return holds.place_all(
        [(line.camera, line.from_at, min(until_at, line.until_at)) for line, until_at in lines],
        reason=REASON,
        by=by,
        article=ARTICLE,
        case_reference=request.receipt_number,
        actor=actor,
    )


def freeze_by_officer(request: ViewingRequest, *, by: Officer) -> int:
    """Hold now, for as long as the case needs it, all that the web could not, or what was let go; how many cameras."""
    with acts.begin("records.viewing_frozen", request, by=by) as act:
        current = act.row
        lines = [line for line in _lines(current) if current.holds_lapse_at is not None or not is_held(line)]
        is_over = current.state in OVER and not current.remedies.exists()
        if is_over or not lines:
            act.refuse([Refusal("nothing", "유예할 카메라가 없습니다.", ARTICLE)])
        for line in lines:
            if not is_held(line):
                _hold_all(line, by)
        # An officer stands for this one: it does not end by itself.
        current.needs_hold, current.holds_lapse_at, current.holds_released_at = False, None, None
        current.save(update_fields=["needs_hold", "holds_lapse_at", "holds_released_at"])
        act.payload |= {
            "request": current.receipt_number,
            "holds": [line.hold.pk for line in lines if line.hold],
        }
    return len(lines)


def is_held(line: RequestedCamera) -> bool:
    """All that was asked of this camera is held."""
    return line.hold is not None and line.hold.released_at is None and not keeping.is_part(line)


def _hold_all(line: RequestedCamera, by: Officer) -> None:
    part = line.hold
    line.hold = freeze(line, by=by)
    line.already_gone = line.hold.already_gone
    line.is_checked = sightings.is_seen(line.camera, line.from_at, line.until_at)
    line.save(update_fields=["hold", "already_gone", "is_checked"])
    if part is not None and part.released_at is None:
        holds.release(part, reason="청구한 구간 전부를 유예함", by=by, is_replaced=True)


def freeze_again(act: Act[ViewingRequest], *, by: Officer | None, actor: str = "") -> None:
    """Part of an act by which a remedy comes up: what was let go before is held as it was, so far as it is there."""
    request = act.row
    if request.holds_released_at is None:
        return
    again = []
    for line in _lines(request):
        let_go = line.hold
        if let_go is None or let_go.released_at is None or let_go.released_at < request.holds_released_at:
            continue
        line.hold = freeze(line, until_at=let_go.until_at, by=by, actor=actor)
        line.already_gone = line.hold.already_gone
        line.save(update_fields=["hold", "already_gone"])
        again.append(line.hold.pk)
    request.holds_released_at = None
    request.save(update_fields=["holds_released_at"])
    act.payload["holds"] = again


def secure(line: RequestedCamera, note: str, *, by: Officer) -> RequestedCamera:
    """What an officer did at the recorder of a camera that nobody here has seen."""
    request = line.request
    with acts.begin("records.viewing_secured", request, by=by) as act:
        held = act.hold(line)
        found = []
        if not note.strip():
            found.append(Refusal("note", "녹화기에서 확인하고 한 일을 적으십시오.", ARTICLE, field="note"))
        if held.secured_at is not None:
            found.append(Refusal("secured", "이미 기록한 카메라입니다.", ARTICLE))
        act.refuse(found)
        held.secured_at, held.secured_by, held.secured_note = act.at, by, note.strip()[:MAX_NOTE]
        held.save(update_fields=["secured_at", "secured_by", "secured_note"])
        act.payload |= {"request": request.receipt_number, "camera": held.camera.number}
    return held


def is_in_the_vault(line: RequestedCamera) -> bool:
    """An original of the range was copied for this request: whatever the recorder does, that much is kept."""
    kept = VaultFile.objects.originals().filter(case__reference=line.request.receipt_number, removed_at=None)
    return kept.filter(
        camera=line.camera_id, first_at__lt=line.until_at, until_at__gt=line.from_at, problem=""
    ).exists()


def promised() -> Q:
    """Of a row: its request waits for an answer, or its hold stands after it (`RequestedCamera.is_to_be_secured`)."""
    return Q(request__state__in=UNANSWERED) | Q(hold__isnull=False, hold__released_at__isnull=True)


def look_again() -> int:
    """Lines that a later scan has seen meanwhile; how many became known."""
    waiting = RequestedCamera.objects.standing().filter(is_checked=False, secured_at__isnull=True)
    seen = [
        line.pk
        for line in waiting.filter(promised()).select_related("camera")
        if sightings.is_seen(line.camera, line.from_at, line.until_at)
    ]
    return RequestedCamera.objects.filter(pk__in=seen).update(is_checked=True)


def _lines(request: ViewingRequest) -> list[RequestedCamera]:
    return list(request.cameras.standing().select_related("camera", "hold").order_by("camera_id", "from_at"))
