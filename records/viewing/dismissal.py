"""종결: requests behind which nobody could be found, closed one by one or many for one reason.

Not a refusal: a person who is there is answered (`records.viewing.decisions`). Each request has its own step and its
own line in the ledger, and whoever sent it reads how to object on the page of the request.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from records.enums import NoticeWay, RequestEvent
from records.models import ViewingMove, ViewingRequest
from records.viewing import guide, notices
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "표준 개인정보 보호지침 제44조, 시행령 제46조"
MOST_AT_ONCE = 200


@transaction.atomic
def dismiss(requests: Sequence[ViewingRequest], *, reason: str, by: Officer) -> int:
    """All of them or none; how many."""
    for request in sorted(requests, key=lambda each: each.pk):
        _dismiss(request, reason.strip(), by)
    return len(requests)


def _dismiss(request: ViewingRequest, reason: str, by: Officer) -> None:
    with acts.begin("records.viewing_dismissed", request, by=by) as act:
        act.refuse([*check(act.row, reason), *guide.check(by)])
        act.move(ViewingMove, RequestEvent.DISMISS, reason=reason)
        reply = f"청구인을 확인할 수 없어 종결합니다. {reason}"
        notices.write(act, Letter(timezone.localdate(act.at), NoticeWay.WEB, reply), by=by)
        act.close_dues(SUBJECT_KIND, act.row.receipt_number)


def check(request: ViewingRequest, reason: str) -> list[Refusal]:
    found = []
    if not reason:
        found.append(Refusal("reason", "종결하는 사유를 적어야 합니다.", ARTICLE, field="reason"))
    if not request.needs_confirmation:
        found.append(
            Refusal(
                "confirmed",
                "청구인을 확인한 청구는 종결할 수 없습니다.",
                ARTICLE,
                "결정하여 알리십시오.",
                numbers=(request.receipt_number,),
            )
        )
    return found
