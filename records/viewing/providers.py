"""What the officials' home page says about requests (`ordinance.due`)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ordinance.due import DueItem, Severity
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from records.enums import RequestState
from records.models import ViewingRequest
from records.viewing.intake import SUBJECT_KIND

ARTICLE = "조례 제22조"
KIND = "열람등 청구"


def open_requests(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Each undecided request by its due date; a postponed one has none until its reason ends."""
    requests = {
        each.receipt_number: each
        for each in ViewingRequest.objects.exclude(state=RequestState.DECIDED).defer(
            "requester_name", "purpose", "appearance"
        )
    }
    dues = {
        due.subject_number: due
        for due in DueDate.objects.open().filter(subject_kind=SUBJECT_KIND, subject_number__in=requests)
    }
    for number, request in requests.items():
        due = dues.get(number)
        left = (due.due_on - now.astimezone(SEOUL).date()).days if due else None
        yield DueItem(
            code="records.viewing_request",
            title=f"열람등 청구 {number}",
            detail="연기 중: 사유가 끝나면 기록하십시오."
            if left is None
            else (f"{left}일 남음" if left > 0 else "오늘까지" if left == 0 else f"{-left}일 지남"),
            severity=Severity.INFO
            if due is None
            else (Severity.OVERDUE if due.due_at <= now else Severity.DUE),
            url_name="viewing:request",
            url_args=(request.pk,),
            article=ARTICLE,
            due_on=due.due_on if due else None,
            since=request.received_at,
            kind=KIND,
        )


def footage_kept(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Decided requests whose footage is still held: somebody has to say when it may go."""
    waiting = ViewingRequest.objects.filter(state=RequestState.DECIDED, holds_released_at__isnull=True)
    if count := waiting.count():
        yield DueItem(
            code="records.viewing_holds",
            title="결정한 청구의 영상이 삭제 유예 중입니다",
            detail="이의제기 기간이 지났으면 유예를 해제하십시오.",
            severity=Severity.INFO,
            url_name="viewing:list",
            count=count,
            article="조례 제24조제1항",
            kind=KIND,
        )
