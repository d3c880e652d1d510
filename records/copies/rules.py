"""The duty of ordinance art. 24(3) that copies show: what its purpose no longer needs is destroyed, there and here."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.copy_enums import CopyWay
from records.models import CaseCopy, CopyPart


def _made() -> QuerySet[CaseCopy]:
    made: QuerySet[CaseCopy] = CaseCopy.objects.order_by().made()
    return made


def _held() -> QuerySet[CopyPart]:
    return CopyPart.objects.filter(copy=OuterRef("pk"))


def _is_over(context: Context) -> Any:
    """Since the day before at the latest: the vault ends within minutes what no hold keeps."""
    parts = _held().annotate(released_on=TruncDate("hold__released_at", tzinfo=SEOUL))
    on_hold = Exists(parts.filter(Q(hold__released_at=None) | Q(released_on__gte=context.on)))
    return (
        ~on_hold
        | Q(withdrawn_at__date__lt=context.on)
        | Q(leaving__way=CopyWay.DOWNLOAD, leaving__expires_at__date__lt=context.on)
    )


def _judged(context: Context) -> QuerySet[Any]:
    return _made().filter(Q(leaving__hand_over__isnull=False) | Q(_is_over(context)))


def _still_here() -> Any:
    return Exists(CaseCopy.objects.order_by().here().filter(pk=OuterRef("pk")))


def _here(context: Context) -> Any:
    return Q(_is_over(context)) & Q(_still_here())


def _outside(context: Context) -> Any:
    given = Q(leaving__hand_over__isnull=False, leaving__hand_over__ending__isnull=True)
    return given & Q(leaving__hand_over__end_due_on__lt=context.on)


COPY_ENDED = Rule(
    code="copy_ended",
    title="내보낸 영상 사본의 파기",
    article=24,
    order=7,
    subject=Subject.COPY,
    subjects=_judged,
    unmet=lambda rows, context: rows.filter(_here(context) | _outside(context)),
    evidence=lambda context: Case(
        When(_outside(context), then=Value("outside")),
        When(_here(context), then=Value("here")),
        default=Value(""),
        output_field=CharField(),
    ),
    words={
        "outside": "이용 기간이 끝난 사본의 반환·파기를 확인하지 못했습니다.",
        "here": "사건이 끝났거나 거두어들인 사본이 증거 보관함에 남아 있습니다.",
    },
    message="파기하지 않은 사본이 있습니다.",
    remedy="기관의 사본은 확인서를 받아 기록하십시오. 여기 남은 사본은 보관함의 파기가 멈춘 까닭을 시스템 관리자와 확인하십시오.",
    remedy_url="copies:page",
    citations=(Citation("제24조제3항"),),
    exclusion=Exclusion(
        lambda context: _made().exclude(pk__in=_judged(context).values("pk")),
        lambda context: "아직 사건이 진행 중이거나, 정보주체 본인이 받아 돌려받을 것이 아닌 사본",
    ),
    covers="이 시스템에서 만들어 기관에 준 사본과, 사건이 끝났거나 거두어들인 사본.",
)
RULES = (COPY_ENDED,)
