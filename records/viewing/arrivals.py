"""통지의 도달: from when the person knows, and the days to object run (Procedures Act art. 15).

Sending stops the office's clock; the person's begins when the letter is there. Until that day is on record the footage
stays as if the person did not know yet (`records.viewing.keeping`).
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from records.enums import NoticeWay, RequestEvent
from records.models import ViewingMove, ViewingNotice, ViewingRequest

ARTICLE = "행정절차법 제15조"


def record(notice: ViewingNotice, *, on: dt.date, by: Officer) -> ViewingNotice:
    """The office learned when the letter came: from the post's receipt, or from the person."""
    with acts.begin("records.viewing_arrived", notice.request, by=by) as act:
        held = act.hold(notice)
        act.refuse(_refuse(held, on, timezone.localdate(act.at)))
        _arrive(act, held, on)
    return held


def _refuse(notice: ViewingNotice, on: dt.date, today: dt.date) -> list[Refusal]:
    if notice.arrived_on is not None or notice.way == NoticeWay.HAND:
        return [Refusal("known", "도달한 날을 이미 아는 통지입니다.", ARTICLE)]
    if on > today:
        return [Refusal("future", "도달한 날이 오늘보다 뒤입니다.", ARTICLE, field="on")]
    if on < notice.on:
        return [Refusal("before", "도달한 날이 보낸 날보다 앞섭니다.", ARTICLE, field="on")]
    return []


def opened(request: ViewingRequest) -> int:
    """Its receiver opened the page of the request: what was told there has arrived today. How many notices.

    Of a request whose code was issued anew an officer has read the code, too: whoever opens it proves nothing.
    """
    if request.moves.filter(event=RequestEvent.NEW_CODE).exists():
        return 0
    waiting = request.notices.filter(way=NoticeWay.WEB, arrived_on__isnull=True)
    if not waiting.exists():
        return 0
    with acts.begin("records.viewing_arrived", request, actor="system:website") as act:
        notices = list(waiting.select_for_update(of=("self",)))
        for notice in notices:
            _arrive(act, notice, timezone.localdate(act.at))
    return len(notices)


def _arrive(act: Act[ViewingRequest], notice: ViewingNotice, on: dt.date) -> None:
    notice.arrived_on = on
    notice.save(update_fields=["arrived_on"])
    act.move(ViewingMove, RequestEvent.ARRIVE, on=on, document_number=notice.document_number)
    act.payload |= {"request": act.row.receipt_number, "on": on.isoformat(), "way": notice.way}
