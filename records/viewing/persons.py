"""The persons of requests: what is kept of them, and that it goes when it was promised.

The days count from the completion: the last step of a request of which nothing is open any more, no remedy, no viewing
still to be held, no deletion still to be carried out. Whether somebody released a hold has nothing to do with it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from casework import persons, portions, threads
from casework.models import InnerNote, Message
from ledger.append import record
from ordinance import parameters
from records.enums import TOLD, RequestEvent
from records.models import (
    PERSONAL,
    CopyLeaving,
    DecisionDraft,
    RangeDecision,
    RequestedCamera,
    RequestedPlace,
    SearchResult,
    ViewingAppointment,
    ViewingDecision,
    ViewingMove,
    ViewingNotice,
    ViewingRemedy,
    ViewingRequest,
    ViewingSupplement,
)
from records.viewing import corrections, papers
from records.viewing.states import SUBJECT_KIND

CODE = "viewing_request"
DAYS = "viewing_request_person_days"
PURPOSES = {
    "find": "청구한 영상 찾기",
    "identify": "본인·대리인 확인",
    "contact": "청구인에게 연락",
    "answer": "결정과 회신",
}
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[ViewingRequest]":
    """Completed so long ago that the persons go, however the footage stands."""
    days = int(parameters.value(DAYS, timezone.localdate(now)).value)
    of_request = {"request": OuterRef("pk")}
    return (
        ViewingRequest.objects.filter(state__in=TOLD, person_erased_at__isnull=True)
        .exclude(Exists(ViewingRemedy.objects.filter(ended_on__isnull=True, **of_request)))
        .exclude(Exists(ViewingAppointment.objects.awaited().filter(**of_request)))
        .exclude(pk__in=corrections.undone().values("pk"))
        # Letting the footage go is no step of the matter.
        .annotate(completed_at=Max("moves__at", filter=~Q(moves__event=RequestEvent.FINISH)))
        .filter(completed_at__lte=now - timedelta(days=days))
        .order_by("pk")
    )


def erase(now: datetime) -> int:
    """Erase one portion; how many requests it was. A remedy that was filed just now keeps its person."""
    with transaction.atomic():
        requests = portions.hold(lambda: due(now).defer(*PERSONAL), ERASED_AT_ONCE)
        if not requests:
            return 0
        keys = [request.pk for request in requests]
        ViewingRequest.objects.filter(pk__in=keys).update(
            **dict.fromkeys(PERSONAL, ""), person_digest="", person_erased_at=now
        )
        # With the salt goes every way from the ledger's digest back to the words.
        ViewingDecision.objects.filter(request__in=keys).update(reason="", investigation="", salt="")
        RangeDecision.objects.filter(decision__request__in=keys).update(reason="")
        DecisionDraft.objects.filter(request__in=keys).update(content="")
        ViewingRemedy.objects.filter(request__in=keys).update(words="")
        threads.erase(SUBJECT_KIND, [request.receipt_number for request in requests])
        papers.let_go(keys, now)
        ViewingSupplement.objects.filter(request__in=keys).update(note="")
        ViewingNotice.objects.filter(request__in=keys).update(reply="", salt="")
        ViewingMove.objects.filter(request__in=keys).update(reason="")
        RequestedCamera.objects.filter(request__in=keys).update(secured_note="", drop_reason="")
        SearchResult.objects.filter(line__request__in=keys).update(note="")
        RequestedPlace.objects.filter(request__in=keys).update(words="", position="")
        ViewingAppointment.objects.filter(request__in=keys).update(note="")
        CopyLeaving.objects.filter(copy__request__in=keys).update(receiver_name="")
        record(
            "records.viewing_persons_erased",
            actor="system:records",
            subject="viewing-requests",
            payload={"requests": [request.receipt_number for request in requests]},
        )
    return len(requests)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="영상정보 열람등 청구의 처리",
            model=ViewingRequest,
            columns=PERSONAL,
            items="청구인과 영상에 찍힌 사람의 성명, 전화번호, 생년월일, 주소, 관계, 청구 목적과 사유, 인상착의, 카메라를 몰라 적은 장소",
            purpose="영상정보의 존재확인·열람·정정·삭제 청구를 받아 본인이나 대리인임을 확인하고 답하는 데 씁니다.",
            ground="개인정보 보호법 제15조제1항제2호, 제35조·제36조, 표준 개인정보 보호지침 제44조, 조례 제22조",
            along=(
                (ViewingDecision, "reason"),
                (ViewingDecision, "investigation"),
                (RangeDecision, "reason"),
                (DecisionDraft, "content"),
                (ViewingRemedy, "words"),
                (Message, "text"),
                (InnerNote, "text"),
                (ViewingNotice, "reply"),
                (RequestedPlace, "words"),
                (RequestedPlace, "position"),
                (CopyLeaving, "receiver_name"),
            ),
            days=DAYS,
            kept_from="처리가 모두 끝난 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
            purposes=PURPOSES,
            read_kind="records.viewing_person_read",
            permission="records.read_viewing_person",
            subject=lambda request: request.ledger_subject,
        )
    )
