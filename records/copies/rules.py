"""The duties that copies show: who else can be recognised was covered before one left, or somebody decided that the original
may leave (Guideline art. 46); and what its purpose no longer needs is destroyed, there and here (ordinance art. 24(3))."""

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.copy_enums import CopySource, CopyWay
from records.models import CaseCopy, CopyPart
from records.redaction.states import ARTICLE
from records.redaction_enums import RedactionState


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
    """One that is outside and in its time is judged when that is over, or when it came back."""
    judged = Q(leaving__hand_over__ending__isnull=False) | Q(_is_over(context)) & ~_given()
    return _made().filter(judged | _here(context) | _outside(context))


def _given() -> Q:
    return Q(leaving__hand_over__isnull=False, leaving__hand_over__ending__isnull=True)


def _still_here() -> Any:
    return Exists(CaseCopy.objects.order_by().here().filter(pk=OuterRef("pk")))


def _here(context: Context) -> Any:
    return Q(_is_over(context)) & Q(_still_here())


def _outside(context: Context) -> Any:
    return _given() & Q(leaving__hand_over__end_due_on__lt=context.on)


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
    mended_by="records.make_casecopy",
    citations=(Citation("제24조제3항"),),
    exclusion=Exclusion(
        lambda context: _made().exclude(pk__in=_judged(context).values("pk")),
        lambda context: (
            "아직 사건이 진행 중이거나, 기관의 이용 기간이 끝나지 않았거나, 정보주체 본인이 받아 돌려받을 것이 아닌 사본"
        ),
    ),
    covers="이 시스템에서 만들어 기관에 준 사본 가운데 이용 기간이 끝났거나 돌아온 것과, 사건이 끝났거나 거두어들인 사본.",
)


def _left() -> QuerySet[CaseCopy]:
    """Handed over or downloaded, to whomever."""
    return _made().filter(leaving__at__isnull=False)


def _unchecked() -> Any:
    """A covered copy of which a file was not looked through by another person before it left."""
    checked = Q(
        ~Q(redaction__maker=F("redaction__checker")),
        redaction__state=RedactionState.CHECKED,
        redaction__checked_at__lte=OuterRef("leaving__at"),
    )
    parts = _held().filter(result__isnull=False)
    return Q(source=CopySource.MASKED) & (Exists(parts.exclude(checked)) | Q(~Exists(parts)))


def _undecided() -> Any:
    """An original for which nobody else had said, before it left, that it may."""
    decided = Q(is_allowed=True, decided_at__lte=F("leaving__at")) & ~Q(decided_by=F("requested_by"))
    return Q(source=CopySource.ORIGINAL) & ~decided


COPY_MASKED = Rule(
    code="copy_masked",
    title="내보낸 영상 사본의 가림과 확인",
    article=None,
    other_law=ARTICLE,
    subject=Subject.COPY,
    subjects=lambda context: _left(),
    unmet=lambda rows, context: rows.filter(_unchecked() | _undecided()),
    evidence=lambda context: Case(
        When(_undecided(), then=Value("undecided")), default=Value("unchecked"), output_field=CharField()
    ),
    words={
        "unchecked": "두 번째 사람이 확인하지 않은 가림 처리로 만든 사본이 나갔습니다.",
        "undecided": "다른 사람이 허용하기 전에 가리지 않은 원본의 사본이 나갔습니다.",
    },
    message="가림을 확인하기 전에 나간 사본이 있습니다.",
    remedy="무엇이 나갔는지 확인하고, 다른 사람이 보이면 받은 쪽에서 거두어들이고 개인정보 보호책임자에게 알리십시오.",
    remedy_url="copies:page",
    mended_by="records.make_casecopy",
    citations=(Citation("제46조", "guideline"),),
    exclusion=Exclusion(
        lambda context: _made().exclude(pk__in=_left().values("pk")), lambda context: "아직 나가지 않은 사본"
    ),
    covers=(
        "정보주체가 내려받거나 받은 사본과 기관에 인계한 사본 모두. 가린 사본은 만든 사람이 아닌 담당자가 확인한 뒤에, 원본은 요청한 사람이 아닌 "
        "사람이 사유를 보고 허용한 뒤에 나갔는지 봅니다. 이 시스템에서 만들지 않은 파일의 인계는 이용·제공의 기록에서 봅니다."
    ),
)
RULES = (COPY_MASKED, COPY_ENDED)
