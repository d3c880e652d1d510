"""Holding what a request asks for, and securing at the recorder what no storage here has seen."""

from accounts.models import Officer
from cameras.models import Camera
from casework import acts
from casework.refusals import Refusal
from footage import holds, sightings
from footage.models import Hold
from records.enums import UNANSWERED, RequestEvent, RequestState
from records.models import RequestedCamera, ViewingMove, ViewingRequest

ARTICLE = "조례 제22조, 제24조제1항제3호"
REASON = "개인영상정보 열람등 청구"
MAX_NOTE = 500


def freeze(request: ViewingRequest, camera: Camera, *, actor: str = "", by: Officer | None = None) -> Hold:
    """A hold on all that the request asks of this camera."""
    return holds.place(
        camera,
        request.from_at,
        request.until_at,
        reason=REASON,
        by=by,
        article=ARTICLE,
        case_reference=request.receipt_number,
        actor=actor,
    )


def freeze_by_officer(request: ViewingRequest, *, by: Officer) -> int:
    """Hold now what the web could not, or what it let go unconfirmed; how many cameras."""
    with acts.begin("records.viewing_frozen", request, by=by) as act:
        current = act.row
        lines = [line for line in _lines(current) if line.hold is None or line.hold.released_at is not None]
        if current.state == RequestState.DISMISSED or not lines:
            act.refuse([Refusal("nothing", "유예할 카메라가 없습니다.", ARTICLE)])
        for line in lines:
            line.hold = freeze(current, line.camera, by=by)
            line.already_gone = line.hold.already_gone
            line.is_checked = sightings.is_seen(line.camera, current.from_at, current.until_at)
            line.save(update_fields=["hold", "already_gone", "is_checked"])
        # An officer stands for this one: it does not end by itself.
        current.needs_hold, current.holds_lapse_at, current.holds_released_at = False, None, None
        current.save(update_fields=["needs_hold", "holds_lapse_at", "holds_released_at"])
        act.payload |= {
            "request": current.receipt_number,
            "holds": [line.hold.pk for line in lines if line.hold],
        }
    return len(lines)


def decline_to_freeze(request: ViewingRequest, *, reason: str, by: Officer) -> None:
    """An officer looked and holds nothing, with a reason."""
    with acts.begin("records.viewing_not_frozen", request, by=by) as act:
        current = act.row
        found = []
        if not reason.strip():
            found.append(Refusal("reason", "유예하지 않는 사유를 적으십시오.", ARTICLE, field="reason"))
        if not current.needs_hold:
            found.append(Refusal("held", "유예를 정할 것이 없는 청구입니다.", ARTICLE))
        act.refuse(found)
        act.move(ViewingMove, RequestEvent.NOT_FREEZE, reason=reason[:MAX_NOTE])
        current.needs_hold = False
        current.save(update_fields=["needs_hold"])
        act.payload["request"] = current.receipt_number


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


def look_again() -> int:
    """Lines that a later scan has seen meanwhile; how many became known."""
    waiting = RequestedCamera.objects.filter(is_checked=False, secured_at__isnull=True)
    seen = [
        line.pk
        for line in waiting.filter(request__state__in=UNANSWERED).select_related("camera", "request")
        if sightings.is_seen(line.camera, line.request.from_at, line.request.until_at)
    ]
    return RequestedCamera.objects.filter(pk__in=seen).update(is_checked=True)


def _lines(request: ViewingRequest) -> list[RequestedCamera]:
    return list(request.cameras.select_related("camera", "hold").order_by("camera_id"))
