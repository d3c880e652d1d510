"""청구인 확인: an officer made sure that there is somebody, before anything is decided."""

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from records.enums import ConfirmedBy, RequestEvent
from records.models import ViewingMove, ViewingRequest


def confirm(request: ViewingRequest, how: str, *, by: Officer, note: str = "") -> ViewingRequest:
    """An officer made sure that there is somebody; who it is, is another question (`records.viewing.identity`)."""
    known = ConfirmedBy(how)
    with acts.begin("records.viewing_confirmed", request, by=by) as act:
        current = act.row
        if current.confirmed_at is not None:
            act.refuse([Refusal("confirmed", "이미 확인한 청구입니다.", "시행령 제46조")])
        act.move(ViewingMove, RequestEvent.CONFIRM, reason=note)
        current.confirmed_at, current.confirmed_by, current.confirmed_how = act.at, by, known
        current.holds_lapse_at = None
        current.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_how", "holds_lapse_at"])
        act.payload |= {"request": current.receipt_number, "how": known.value}
    return current
