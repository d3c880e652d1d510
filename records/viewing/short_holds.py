"""What the web asks for beyond its limits (`records.viewing.limits`): all of it is held for a short time.

An officer is told at once and has a whole working day to say what is held. Where nobody did, what fits under the limits
stays held like any other request, its first hours of each camera: the limits keep somebody from freezing the district,
and never end a right.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, Refused
from footage import holds
from ordinance import holidays
from ordinance.periods import SEOUL
from records.enums import UNANSWERED, RequestEvent
from records.models import PERSONAL, RequestedCamera, ViewingMove, ViewingRequest
from records.viewing import freezing

OFFICE_CLOSES = time(18)
SYSTEM = "system:records"
# Longer than any row of days off.
LONGEST_BREAK = timedelta(days=30)
NARROWED = "누리집의 한도를 넘는 구간: 한도에 드는 앞부분만 유예함"


def ends_at(received_at: datetime) -> datetime:
    """The close of the first whole working day after the receipt."""
    on = timezone.localdate(received_at)
    working = holidays.calendar(on, on + LONGEST_BREAK).next_working_day(on + timedelta(days=1))
    return datetime.combine(working, OFFICE_CLOSES, SEOUL)


def narrow_due(now: datetime | None = None) -> int:
    """Bring down to what fits whatever nobody has looked at in time; how many requests. Each has its own line."""
    at = now or timezone.now()
    due = ViewingRequest.objects.filter(needs_hold=True, holds_lapse_at__lte=at, state__in=UNANSWERED)
    return sum(_narrow_one(request, at) for request in due.defer(*PERSONAL).order_by("pk"))


def _narrow_one(request: ViewingRequest, at: datetime) -> bool:
    try:
        with acts.begin("records.viewing_holds_narrowed", request, actor=SYSTEM, at=at) as act:
            if not act.row.needs_hold or act.row.holds_lapse_at is None:
                act.refuse([Refusal("decided", "그 사이에 담당자가 정한 청구입니다.")])
            _narrow(act, by=None, actor=SYSTEM)
    except Refused:
        return False
    return True


def decline(request: ViewingRequest, *, reason: str, by: Officer) -> None:
    """An officer looked and holds no more than the limits give, with a reason."""
    with acts.begin("records.viewing_not_frozen", request, by=by) as act:
        found = []
        if not reason.strip():
            text = "더 유예하지 않는 사유를 적으십시오."
            found.append(Refusal("reason", text, freezing.ARTICLE, field="reason"))
        if not act.row.needs_hold:
            found.append(Refusal("held", "유예를 정할 것이 없는 청구입니다.", freezing.ARTICLE))
        if act.row.confirmed_at is not None:
            text = "연락이 닿은 청구인의 영상은 한도와 관계없이 유예합니다."
            found.append(Refusal("confirmed", text, freezing.ARTICLE, "‘영상 유예’를 하십시오."))
        act.refuse(found)
        act.move(ViewingMove, RequestEvent.NOT_FREEZE, reason=reason[: freezing.MAX_NOTE])
        _narrow(act, by=by, actor="")
        act.row.needs_hold = False
        act.row.save(update_fields=["needs_hold"])


def _narrow(act: Act[ViewingRequest], *, by: Officer | None, actor: str) -> None:
    """The first hours of each camera that fit; the rest goes. What fits is held before anything is let go."""
    request = act.row
    lines = request.cameras.standing().filter(fits_until_at__isnull=False).select_related("camera", "hold")
    for line in lines.order_by("camera_id", "from_at"):
        _replace(line, by=by, actor=actor)
    request.holds_lapse_at = None
    request.save(update_fields=["holds_lapse_at"])
    act.payload["request"] = request.receipt_number


def _replace(line: RequestedCamera, *, by: Officer | None, actor: str) -> None:
    old, end = line.hold, line.fits_until_at
    if end is None or (old is not None and old.released_at is None and old.until_at <= end):
        return
    line.hold = freezing.freeze(line, until_at=end, actor=actor, by=by)
    line.save(update_fields=["hold"])
    if old is not None and old.released_at is None:
        holds.release(old, reason=NARROWED, by=by, actor=actor, is_replaced=True)
