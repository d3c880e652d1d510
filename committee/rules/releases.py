"""What the committee hears of use and provision outside the purpose (ordinance art. 28 no. 5).

How it hears of one was decided when the request was reviewed (`Provision.committee_care`, from the profile): deliberated
before anything goes out, or reported afterwards, many at once. The ordinance says neither that each needs a vote nor until
when a report is due; both are figures of the profile.
"""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from committee.models import AgendaItem, Resolution
from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.models import HandOver, Provision
from records.provision.states import GONE_OUT
from records.provision_enums import CommitteeCare, PurposeRelation

MONTHS = "release_report_months"
_BEFORE, _REPORT = Q(committee_care=CommitteeCare.BEFORE), Q(committee_care=CommitteeCare.REPORT)


def _gone_out() -> QuerySet[Any]:
    return Provision.objects.order_by().filter(relation=PurposeRelation.OUTSIDE, state__in=GONE_OUT)


def _on_the_agenda(**more: Any) -> Exists:
    """An item that was not dropped, of a meeting that was not called off."""
    items = AgendaItem.objects.filter(
        provisions=OuterRef("pk"), dropped_reason="", meeting__cancelled_on=None
    )
    return Exists(items.filter(**more))


def _reported(context: Context) -> Exists:
    return _on_the_agenda(meeting__enrolled__isnull=False, meeting__on__lte=context.on)


def _due(context: Context) -> Exists:
    """Something of it went out so long ago that a report was due."""
    since = context.months_ago(MONTHS)
    return Exists(HandOver.objects.filter(provision=OuterRef("pk"), at__date__lt=since))


def _to_be_heard(context: Context) -> QuerySet[Any]:
    return _gone_out().filter(_BEFORE | _REPORT & (Q(_reported(context)) | Q(_due(context))))


def _carried(context: Context, **more: Any) -> QuerySet[Resolution]:
    """On an item that names the provision, or under the number that its review names."""
    names_it = Q(item__provisions=OuterRef("pk")) | Q(number=OuterRef("committee_document"))
    return Resolution.objects.passed().filter(names_it, on__lte=context.on, **more)


def _carried_before(context: Context) -> Exists:
    earlier = HandOver.objects.filter(provision=OuterRef(OuterRef("pk"))).annotate(
        day=TruncDate("at", tzinfo=SEOUL)
    )
    return Exists(_carried(context).exclude(Exists(earlier.filter(day__lt=OuterRef("on")))))


def _on_paper_before(context: Context) -> Q:
    """A resolution from before they were kept here, which the review names with its day."""
    earlier = HandOver.objects.filter(provision=OuterRef("pk")).annotate(day=TruncDate("at", tzinfo=SEOUL))
    return Q(committee_paper_on__isnull=False) & ~Q(
        Exists(earlier.filter(day__lt=OuterRef("committee_paper_on")))
    )


def _unheard(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    heard = _BEFORE & (Q(_carried_before(context)) | _on_paper_before(context))
    return rows.exclude(heard).exclude(_REPORT & Q(_reported(context)))


RELEASE_DELIBERATED = Rule(
    code="release_deliberated",
    title="목적 외 이용·제공의 심의와 보고",
    article=28,
    order=2,
    subject=Subject.PROVISION,
    subjects=_to_be_heard,
    unmet=_unheard,
    evidence=lambda context: Case(
        When(
            _BEFORE & (Q(Exists(_carried(context))) | Q(committee_paper_on__isnull=False)), then=Value("late")
        ),
        When(_BEFORE, then=Value("undecided")),
        When(_on_the_agenda(), then=Value("planned")),
        default=Value("unreported"),
        output_field=CharField(),
    ),
    words={
        "late": "위원회가 의결하기 전에 내보낸 영상이 있습니다.",
        "undecided": "먼저 심의하기로 하였으나 가결한 의결이 없습니다.",
        "planned": "안건으로 올렸으나 그 회의가 아직 열리지 않았고, 보고할 때가 지났습니다.",
        "unreported": "내보낸 뒤 보고할 때가 지났는데 위원회에 보고하지 않았습니다.",
    },
    message="목적 외 이용·제공을 위원회가 심의하거나 보고받은 기록이 없습니다.",
    remedy="이 이용·제공을 넣은 안건을 회의에 올리고, 심의하였으면 의결을 기록하십시오.",
    remedy_url="provision:page",
    mended_by="committee.change_meeting",
    citations=(Citation("제28조제5호"),),
    exclusion=Exclusion(
        lambda context: _gone_out().exclude(_BEFORE | _REPORT),
        lambda context: (
            "심의나 보고의 대상이 아닌 것으로 검토한 이용·제공 (그때의 기준값 ‘목적 외 이용·제공과 운영위원회’)"
        ),
    ),
    covers=(
        "목적 밖으로 내보낸 이용·제공. 먼저 심의하기로 한 것은 내보내기 전의 의결(시스템 이전의 종이 의결은 검토서에 적은 날)을, 모아서 보고하기로 한 것은 보고할 때가 지났거나 이미 "
        "보고한 것을 봅니다. 보고할 때는 조례에 없어 기준값으로 정합니다."
    ),
)
