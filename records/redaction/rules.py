"""The duty of Guideline art. 46 that redactions show: who else can be recognised is covered, and a second person looked it through."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from ordinance.rules import Citation, Exclusion, Rule, Subject
from records.enums import RequestEvent
from records.look_enums import LookCase
from records.models import Redaction, ViewingAppointment, ViewingMove, ViewingRequest
from records.redaction.states import ARTICLE
from records.redaction_enums import RedactionState

CODE = "masking_checked"


def _shown() -> QuerySet[ViewingAppointment]:
    return ViewingAppointment.objects.filter(request=OuterRef("pk"), shown_at__isnull=False)


def _redactions(key: str = "pk") -> QuerySet[Redaction]:
    """Begun and not dropped: the office itself says that others can be recognised."""
    rows = Redaction.objects.filter(case_kind=LookCase.VIEWING, case_key=OuterRef(key))
    return rows.exclude(state=RedactionState.DROPPED)


def _moves(event: RequestEvent, key: str = "pk") -> QuerySet[ViewingMove]:
    return ViewingMove.objects.filter(request=OuterRef(key), event=event)


def _with_others() -> Q:
    return Q(Exists(_redactions())) | Q(Exists(_moves(RequestEvent.MASK)))


def _shown_requests() -> QuerySet[Any]:
    return ViewingRequest.objects.order_by().filter(Exists(_shown()))


def _before() -> Q:
    """Every redaction of the request was checked before that showing, or, with another tool, another person looked it through."""
    late = _redactions("request").exclude(state=RedactionState.CHECKED, checked_at__lte=OuterRef("shown_at"))
    by_redaction = Q(Exists(_redactions("request"))) & ~Q(Exists(late))
    by_other_tool = ~Q(Exists(_redactions("request"))) & Q(
        Exists(_moves(RequestEvent.MASKED, "request").filter(at__lte=OuterRef("shown_at")))
    )
    return by_redaction | by_other_tool


def _unchecked() -> Q:
    """Not even by now."""
    late = _redactions().exclude(state=RedactionState.CHECKED)
    nothing = ~Q(Exists(_redactions())) & ~Q(Exists(_moves(RequestEvent.MASKED)))
    return Q(Exists(late)) | nothing


MASKING_CHECKED = Rule(
    code=CODE,
    title="다른 사람을 가린 영상의 확인",
    article=None,
    other_law=ARTICLE,
    subject=Subject.REQUEST,
    subjects=lambda context: _shown_requests().filter(_with_others()),
    unmet=lambda rows, context: rows.filter(Exists(_shown().filter(~_before()))),
    evidence=lambda context: Case(
        When(_unchecked(), then=Value("unchecked")), default=Value("later"), output_field=CharField()
    ),
    words={
        "unchecked": "다른 사람을 가리기로 하고, 두 번째 사람이 확인하지 않은 영상을 보였습니다.",
        "later": "다른 사람을 가린 영상을 두 번째 사람이 확인하기 전에 보였습니다.",
    },
    message="다른 사람을 가린 영상을 확인하기 전에 보였습니다.",
    remedy="무엇을 보였는지 확인하고, 다른 사람이 보였으면 개인정보 보호책임자에게 알리십시오. 남은 가림 처리는 다른 담당자가 확인합니다.",
    remedy_url="viewing:request",
    mended_by="records.read_viewing_person",
    citations=(Citation("제46조", "guideline"),),
    exclusion=Exclusion(
        lambda context: _shown_requests().exclude(_with_others()),
        lambda context: "다른 사람을 가리기로 한 기록이 없는 열람",
    ),
    covers=(
        "영상을 보인 열람등 청구 가운데 가림 처리를 시작한 것. 영상마다 만든 사람이 아닌 담당자가 확인한 뒤에 보였는지 봅니다."
    ),
    number_field="receipt_number",
)
RULES = (MASKING_CHECKED,)
