"""종결: requests behind which nobody could be found, closed one by one or many for one reason.

Not a refusal: a person who is there is answered (`records.viewing.decisions`). Not before some working days, so that
whoever sent it could be reached. Each request has its own step and its own line in the ledger; its sender is told by the
way that the request names, and reads how to object there and on the page of the request.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from ordinance import holidays, parameters
from records.enums import NoticeKind, NoticeWay, RequestEvent
from records.models import ViewingMove, ViewingRequest
from records.viewing import guide, lateness, notices, talking
from records.viewing.notices import Letter

ARTICLE = "표준 개인정보 보호지침 제44조, 시행령 제46조"
MOST_AT_ONCE = 200
# Longer than any row of days off with the days of waiting.
LONGEST_WAIT = dt.timedelta(days=60)


@transaction.atomic
def dismiss(
    requests: Sequence[ViewingRequest], *, reason: str, by: Officer, document_number: str = ""
) -> int:
    """All of them or none; how many. `document_number`: of the letters to those who did not choose the website."""
    for request in sorted(requests, key=lambda each: each.pk):
        _dismiss(request, reason.strip(), document_number.strip(), by)
    return len(requests)


def _dismiss(request: ViewingRequest, reason: str, document_number: str, by: Officer) -> None:
    with acts.begin("records.viewing_dismissed", request, by=by) as act:
        way = NoticeWay.WEB if act.row.wants_web_notice else NoticeWay.POST
        today = timezone.localdate(act.at)
        act.refuse([*check(act.row, reason, document_number, today), *guide.check(by)])
        act.move(ViewingMove, RequestEvent.DISMISS, reason=reason, document_number=document_number)
        reply = f"청구인을 확인할 수 없어 종결합니다. {reason}"
        notices.write(act, NoticeKind.CLOSING, Letter(today, way, reply, document_number), by=by)
        lateness.close_answer(act.row, act.at)


def first_day(received_at: dt.datetime) -> dt.date:
    """The first day on which such a request may be closed."""
    on = timezone.localdate(received_at)
    calendar = holidays.calendar(on, on + LONGEST_WAIT)
    for _ in range(int(parameters.value("viewing_dismissal_days", on).value)):
        on = calendar.next_working_day(on + dt.timedelta(days=1))
    return on + dt.timedelta(days=1)


def check(request: ViewingRequest, reason: str, document_number: str, on: dt.date) -> list[Refusal]:
    found = []
    if on < (first := first_day(request.received_at)):
        found.append(
            Refusal(
                "early",
                f"접수한 지 얼마 되지 않아 종결할 수 없습니다. {first}부터 종결할 수 있습니다.",
                ARTICLE,
                "그때까지 청구인에게 연락하십시오.",
                numbers=(request.receipt_number,),
            )
        )
    if not request.wants_web_notice and not document_number:
        found.append(
            Refusal(
                "document",
                "우편으로 답을 받겠다고 한 청구입니다.",
                "행정절차법 제14조",
                "종결을 알린 문서의 번호를 적으십시오.",
                field="document_number",
                numbers=(request.receipt_number,),
            )
        )
    found += talking.refuse_unread(request, ARTICLE)
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
