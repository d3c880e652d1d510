"""Duties towards who asks, judged request by request (ordinance art. 22; PIPA art. 35, 36; Decree art. 46)."""

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from ordinance.models import DueDate
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.enums import TOLD, DecisionOutcome, RequestEvent, RequestState
from records.models import ViewingAppointment, ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import lateness

PAGE = "viewing:request"
TELLING = (DecisionOutcome.GRANTED, DecisionOutcome.PARTLY)
ENDED_BY_ITS_SENDER = Q(state=RequestState.WITHDRAWN)


def _requests() -> QuerySet[Any]:
    return ViewingRequest.objects.order_by()


def _due() -> QuerySet[DueDate]:
    return lateness.answers(DueDate.objects.filter(subject_number=OuterRef("receipt_number")))


def _evidence(*cases: tuple[Any, str]) -> Case:
    whens = [When(condition, then=Value(code)) for condition, code in cases]
    return Case(*whens, default=Value(""), output_field=CharField())


# -- 22: answered in its days


def _route_due() -> QuerySet[DueDate]:
    """Of the answer on another route of this office, which owes it there by that route's law."""
    return lateness.of_routes(DueDate.objects.filter(subject_number=OuterRef("receipt_number")))


def _to_be_answered(context: Context) -> QuerySet[Any]:
    """Answered, or past its last day; what still has time is not judged yet."""
    past = Q(_overdue(context)) | Q(_route_overdue(context))
    answered = Q(state__in=TOLD) & (~_route_waits() | Q(_late_somewhere(context)))
    return _requests().filter(answered | past).exclude(ENDED_BY_ITS_SENDER)


def _route_waits() -> Q:
    return Q(Exists(_route_due().filter(closed_at__isnull=True)))


def _not_judged(context: Context) -> QuerySet[Any]:
    waits = _requests().filter(state__in=TOLD).exclude(pk__in=_to_be_answered(context).values("pk"))
    return _requests().filter(ENDED_BY_ITS_SENDER) | waits


def _overdue(context: Context) -> Exists:
    return Exists(_due().filter(closed_at__isnull=True, due_on__lt=context.on))


def _answered_late() -> Exists:
    return _after_its_day(_due())


def _after_its_day(dues: QuerySet[DueDate]) -> Exists:
    return Exists(dues.annotate(closed_on=TruncDate("closed_at")).filter(closed_on__gt=F("due_on")))


def _route_overdue(context: Context) -> Exists:
    return Exists(_route_due().filter(closed_at__isnull=True, due_on__lt=context.on))


def _route_late() -> Exists:
    return _after_its_day(_route_due())


def _late_somewhere(context: Context) -> Any:
    here = Q(_overdue(context)) | Q(_answered_late())
    return here | Q(_route_overdue(context)) | Q(_route_late())


REQUEST_ANSWERED = Rule(
    code="request_answered",
    title="열람등 청구에 대한 답",
    article=22,
    order=1,
    subject=Subject.REQUEST,
    subjects=_to_be_answered,
    unmet=lambda rows, context: rows.filter(_late_somewhere(context)),
    evidence=lambda context: _evidence(
        (Q(_overdue(context)), "overdue"),
        (Q(_route_overdue(context)), "route"),
        (Q(_answered_late()), "late"),
        (Q(_route_late()), "route_late"),
    ),
    words={
        "route": "이송한 경로에서 기한까지 답한 기록이 없습니다.",
        "route_late": "이송한 경로의 기한이 지난 뒤에 끝났습니다.",
        "overdue": "기한까지 결정하여 알린 기록이 없습니다.",
        "late": "기한보다 늦게 알렸습니다.",
    },
    message="기한 안에 답하지 않았습니다.",
    remedy="지체 없이 결정하여 알리십시오. 늦은 것은 사유를 적어 예외를 인정받을 때까지 남습니다.",
    remedy_url=PAGE,
    mended_by="records.decide_viewingrequest",
    citations=(Citation("제22조제2항"), Citation("제35조제3항", "pipa"), Citation("제36조제2항", "pipa")),
    exclusion=Exclusion(
        _not_judged,
        lambda context: "청구인이 취하하여 답할 것이 없거나, 이송한 경로에서 답할 기한이 아직 지나지 않음",
    ),
    covers="답을 알렸거나 기한이 지난 열람등 청구와, 이송한 경로에서 답할 청구. 보완을 기다리거나 열람을 연기한 동안은 그 뒤의 기한으로 봅니다.",
    number_field="receipt_number",
)


# -- 22: nothing is told or shown before it is known who asks


def _told() -> QuerySet[ViewingDecision]:
    return ViewingDecision.objects.filter(request=OuterRef("pk"), outcome__in=TELLING, notice__isnull=False)


def _shown() -> QuerySet[ViewingAppointment]:
    return ViewingAppointment.objects.filter(request=OuterRef("pk"), shown_at__isnull=False)


def _with_content(context: Context) -> QuerySet[Any]:
    return _requests().filter(Q(Exists(_told())) | Q(Exists(_shown())))


def _seen_first() -> QuerySet[ViewingMove]:
    return ViewingMove.objects.filter(request=OuterRef("request"), event=RequestEvent.IDENTIFY)


def _told_before() -> Any:
    """A decision that tells of the footage was notified before an officer saw who it is."""
    before = _told().filter(~Exists(_seen_first().filter(at__lte=OuterRef("notice__at"))))
    return Q(Exists(before))


def _unidentified() -> Any:
    return Q(identified_at__isnull=True)


REQUEST_IDENTITY = Rule(
    code="request_identity",
    title="청구인이 본인이나 대리인인지 확인",
    article=22,
    order=2,
    subject=Subject.REQUEST,
    subjects=_with_content,
    unmet=lambda rows, context: rows.filter(_unidentified() | _told_before()),
    evidence=lambda context: _evidence((_unidentified(), "nobody"), (_told_before(), "later")),
    words={
        "nobody": "영상의 내용을 알리거나 보였는데 본인이나 대리인임을 확인한 기록이 없습니다.",
        "later": "영상의 내용을 알린 뒤에 본인이나 대리인임을 확인했습니다.",
    },
    message="본인이나 대리인임을 확인하기 전에 영상의 내용을 알렸습니다.",
    remedy="신분증으로 확인하여 기록하고, 다른 사람에게 알린 것이면 개인정보 보호책임자에게 알리십시오.",
    remedy_url=PAGE,
    mended_by="records.read_viewing_person",
    citations=(Citation("제22조제1항"), Citation("제46조", "pipa-decree"), Citation("제44조", "guideline")),
    exclusion=Exclusion(
        lambda context: (
            _requests().filter(state__in=TOLD).exclude(pk__in=_with_content(context).values("pk"))
        ),
        lambda context: "영상의 내용을 알리거나 보이지 않고 끝난 청구",
    ),
    covers="영상이 있다고 알렸거나 보인 열람등 청구.",
    number_field="receipt_number",
)

RULES = (REQUEST_ANSWERED, REQUEST_IDENTITY)
