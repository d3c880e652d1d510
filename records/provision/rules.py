"""Duties of use and provision, judged case by case (ordinance art. 20, 21, 24; PIPA art. 18)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from ordinance.models import DueDate
from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.models import (
    HandOver,
    Provision,
    ProvisionApproval,
    ProvisionPublication,
    ProvisionRestriction,
    SubjectNotice,
)
from records.provision import clocks
from records.provision.states import GONE_OUT, SUBJECT_KIND
from records.provision.subject_notice import OF_PROCEEDINGS, OF_URGENCY
from records.provision_enums import (
    LEAVING,
    ApprovalOutcome,
    ApprovalWay,
    ProvisionState,
    PurposeRelation,
    ReleaseForm,
    ReleaseKind,
)

PAGE = "provision:page"
OUTSIDE = Q(relation=PurposeRelation.OUTSIDE)
MUST_PUBLISH = Q(national_ground__must_publish=True) | Q(
    national_ground__isnull=True, ground__must_publish=True
)


def _released(context: Context) -> QuerySet[Any]:
    """Something was given or shown."""
    return Provision.objects.order_by().filter(state__in=GONE_OUT)


def _clock(purpose: str) -> QuerySet[Any]:
    return DueDate.objects.filter(
        clocks.named(purpose), subject_kind=SUBJECT_KIND, subject_number=OuterRef("number")
    )


def _overdue(purpose: str, context: Context) -> Exists:
    return Exists(_clock(purpose).filter(closed_at__isnull=True, due_on__lt=context.on))


def _approvals(**conditions: Any) -> Exists:
    found = ProvisionApproval.objects.filter(provision=OuterRef("pk"), is_void=False, **conditions)
    return Exists(found)


def _evidence(*cases: tuple[Any, str]) -> Case:
    whens = [When(condition, then=Value(code)) for condition, code in cases]
    return Case(*whens, default=Value(""), output_field=CharField())


Rows = Callable[[Context], QuerySet[Any]]
Condition = Callable[[Context], Any]


def _judged(rows: Rows, unmet: Condition, waits: Condition) -> Rows:
    """Of which something is late or wrong, or nothing is still to come: what waits in time is neither met nor unmet."""
    return lambda context: rows(context).filter(Q(unmet(context)) | ~Q(waits(context)))


def _waiting(rows: Rows, unmet: Condition, waits: Condition) -> Rows:
    return lambda context: rows(context).filter(Q(waits(context)) & ~Q(unmet(context)))


# -- 21: approved, before anything went out


def _unsigned() -> Any:
    """A step before the release that nobody signed, a call that the approver denies, or no line at all."""
    waiting = _approvals(is_after=False, outcome="")
    denied = _approvals(is_after=False, outcome=ApprovalOutcome.REFUSED, way=ApprovalWay.TELEPHONE)
    return waiting | denied | ~_approvals(is_after=False, outcome=ApprovalOutcome.APPROVED)


def _released_before(context: Context) -> Exists:
    """Handed over at an hour before the last approval."""
    later = ProvisionApproval.objects.filter(
        provision=OuterRef("provision"), is_void=False, is_after=False, decided_at__gt=OuterRef("at")
    )
    return Exists(HandOver.objects.filter(Exists(later), provision=OuterRef("pk")))


def _call_waits() -> Exists:
    return _approvals(way=ApprovalWay.TELEPHONE, confirmed_at__isnull=True)


def _call_unconfirmed(context: Context) -> Any:
    return _call_waits() & _overdue(clocks.PHONE, context)


def _unapproved(context: Context) -> Q:
    return Q(_unsigned()) | Q(_released_before(context)) | Q(_call_unconfirmed(context))


PROVISION_APPROVED = Rule(
    code="provision_approved",
    title="이용·제공의 승인",
    article=21,
    subject=Subject.PROVISION,
    subjects=_judged(_released, _unapproved, lambda context: Q(_call_waits())),
    unmet=lambda rows, context: rows.filter(_unapproved(context)),
    evidence=lambda context: _evidence(
        (Q(_unsigned()), "unsigned"),
        (Q(_released_before(context)), "early"),
        (Q(_call_unconfirmed(context)), "call"),
    ),
    words={
        "unsigned": "결재를 마치지 않고 내보낸 영상이 있습니다.",
        "early": "승인하기 전에 내보낸 영상이 있습니다.",
        "call": "전화로 승인한 것을 승인한 사람이 기한까지 확인하지 않았습니다.",
    },
    message="승인 없이 내보낸 영상이 있습니다.",
    remedy="결재 문서를 기록하거나 전화 승인을 확인하십시오. 승인되지 않은 것은 회수하십시오.",
    remedy_url=PAGE,
    mended_by="records.approve_provision",
    citations=(Citation("제21조제1항·제3항"),),
    exclusion=Exclusion(
        _waiting(_released, _unapproved, lambda context: Q(_call_waits())),
        lambda context: "전화로 승인한 것을 확인할 기한이 아직 지나지 않음",
    ),
    covers="영상을 주거나 보인 이용·제공. 아직 결재 중인 요청은 넣지 않습니다.",
)


# -- 21(3): the mayor, afterwards


def _to_be_approved_after(context: Context) -> QuerySet[Any]:
    states = (ProvisionState.APPROVED, ProvisionState.REFUSED, *GONE_OUT)
    return Provision.objects.order_by().filter(_approvals(is_after=True), state__in=states)


def _mayor_late(context: Context) -> Any:
    return _approvals(is_after=True, outcome="") & _overdue(clocks.MAYOR, context)


def _recall_late(context: Context) -> Any:
    return Q(state=ProvisionState.RECALLING) & Q(_overdue(clocks.RECALL, context))


def _not_approved_after(context: Context) -> Q:
    return Q(_mayor_late(context)) | _recall_late(context)


def _mayor_waits(context: Context) -> Q:
    deciding = Q(state__in=(ProvisionState.APPROVED, ProvisionState.HANDED_OVER))
    return deciding & Q(_approvals(is_after=True, outcome="")) | Q(state=ProvisionState.RECALLING)


MAYOR_APPROVAL = Rule(
    code="mayor_approval",
    title="긴급 제공의 구청장 사후승인",
    article=21,
    order=1,
    subject=Subject.PROVISION,
    subjects=_judged(_to_be_approved_after, _not_approved_after, _mayor_waits),
    unmet=lambda rows, context: rows.filter(_not_approved_after(context)),
    evidence=lambda context: _evidence((Q(_mayor_late(context)), "late"), (_recall_late(context), "recall")),
    words={
        "late": "구청장의 사후승인이 기한까지 없습니다.",
        "recall": "승인되지 않은 사본을 기한까지 회수하지 않았습니다.",
    },
    message="구청장의 사후승인이 없습니다.",
    remedy="사후승인을 받아 기록하십시오. 승인되지 않으면 곧바로 회수합니다.",
    remedy_url=PAGE,
    mended_by="records.approve_provision",
    citations=(Citation("제21조제3항"),),
    exclusion=Exclusion(
        lambda context: (
            _released(context).exclude(_approvals(is_after=True))
            | _waiting(_to_be_approved_after, _not_approved_after, _mayor_waits)(context)
        ),
        lambda context: "사후승인을 받는 긴급한 제공이 아니거나, 사후승인·회수의 기한이 아직 지나지 않음",
    ),
    covers="전담부서의 장이 먼저 승인한 긴급한 이용·제공(조례 제21조제1항제6호). 기한은 기준값에 있습니다.",
)


# -- PIPA 18(5): restrictions, in writing both ways


def _to_be_restricted(context: Context) -> QuerySet[Any]:
    return _released(context).filter(OUTSIDE, kind=ReleaseKind.PROVISION)


def _asked() -> QuerySet[Any]:
    return ProvisionRestriction.objects.current().filter(provision=OuterRef("pk"))


def _asked_before() -> Q:
    return Q(Exists(ProvisionRestriction.objects.filter(provision=OuterRef("pk"))))


def _unasked() -> Q:
    """… for the period that stands; what comes back is asked nothing more."""
    is_back = Q(state__in=(ProvisionState.RECALLING, ProvisionState.RECALLED))
    return ~Q(Exists(_asked())) & ~(is_back & _asked_before())


def _answer_waits(context: Context) -> Q:
    return Q(Exists(_asked().filter(answered_on__isnull=True))) & ~Q(state=ProvisionState.RECALLED)


def _unanswered(context: Context) -> Any:
    return _answer_waits(context) & Q(_overdue(clocks.RESTRICTION, context))


def _unrestricted(context: Context) -> Q:
    return _unasked() | _unanswered(context)


PROVISION_RESTRICTIONS = Rule(
    code="provision_restrictions",
    title="제공받는 자에 대한 제한 요청과 회신",
    article=None,
    other_law="개인정보 보호법 제18조제5항",
    subject=Subject.PROVISION,
    subjects=_judged(_to_be_restricted, _unrestricted, _answer_waits),
    unmet=lambda rows, context: rows.filter(_unrestricted(context)),
    evidence=lambda context: _evidence(
        (_unasked() & _asked_before(), "asked_before"),
        (_unasked(), "unasked"),
        (_unanswered(context), "unanswered"),
    ),
    words={
        "unasked": "이용 목적과 방법의 제한을 문서로 요청하지 않았습니다.",
        "asked_before": "이용 기간을 늘린 뒤에 제한을 다시 요청하지 않았습니다.",
        "unanswered": "제한 요청에 대한 회신이 기한까지 없습니다.",
    },
    message="제한 요청이나 그 회신이 없습니다.",
    remedy="제한을 문서로 요청하고, 상대방의 회신을 받아 기록하십시오.",
    remedy_url=PAGE,
    mended_by="records.handle_provision",
    citations=(Citation("제18조제5항", "pipa"), Citation("제8조제1항", "guideline")),
    exclusion=Exclusion(
        lambda context: (
            _released(context).exclude(OUTSIDE, kind=ReleaseKind.PROVISION)
            | _waiting(_to_be_restricted, _unrestricted, _answer_waits)(context)
        ),
        lambda context: (
            "설치 목적 안이거나 구청 안의 이용이어서 제한을 요청할 다른 기관이 없거나, 회신 기한이 아직 지나지 않음"
        ),
    ),
    covers="설치 목적 밖으로 다른 기관에 준 영상. 회신 기한은 기준값에 있습니다.",
)


# -- 24(3): what went out comes to its end


def _with_copies(context: Context) -> QuerySet[Any]:
    return _released(context).filter(form__in=(*LEAVING, ReleaseForm.LIVE))


def _copies_outside(**more: Any) -> Exists:
    return Exists(HandOver.objects.filter(provision=OuterRef("pk"), ending__isnull=True, **more))


def _not_ended(context: Context) -> Exists:
    return _copies_outside(end_due_on__lt=context.on)


def _end_missing(context: Context) -> Q:
    return Q(_recall_late(context)) | Q(_not_ended(context)) | _not_cut(context)


def _end_waits(context: Context) -> Exists:
    return Exists(HandOver.objects.outside().filter(provision=OuterRef("pk")))


def _not_cut(context: Context) -> Q:
    """A live picture that goes on behind the end of its period."""
    live = HandOver.objects.outside().filter(provision=OuterRef("pk"))
    return Q(Exists(live), form=ReleaseForm.LIVE, use_until_on__lt=context.on)


PROVISION_ENDED = Rule(
    code="provision_ended",
    title="제공한 사본의 반환·파기",
    article=24,
    order=5,
    subject=Subject.PROVISION,
    subjects=_judged(_with_copies, _end_missing, _end_waits),
    unmet=lambda rows, context: rows.filter(_end_missing(context)),
    evidence=lambda context: _evidence(
        (_recall_late(context), "recall"), (Q(_not_ended(context)), "overdue"), (_not_cut(context), "live")
    ),
    words={
        "overdue": "이용 기간이 끝난 사본의 반환·파기를 확인하지 못했습니다.",
        "recall": "회수를 요구한 것이 기한까지 돌아오지 않았습니다.",
        "live": "이용 기간이 끝난 실시간 영상의 연결을 끊은 것을 확인하지 못했습니다.",
    },
    message="반환·파기를 확인하지 못한 사본이 있습니다.",
    remedy="상대방에게 확인을 요구하고, 반환·파기 확인서를 받아 기록하십시오.",
    remedy_url=PAGE,
    mended_by="records.handle_provision",
    citations=(Citation("제24조제3항"),),
    exclusion=Exclusion(
        lambda context: (
            _released(context).filter(form=ReleaseForm.VIEWING)
            | _waiting(_with_copies, _end_missing, _end_waits)(context)
        ),
        lambda context: "센터에서 열람하게 한 것이어서 나간 것이 없거나, 아직 돌려받거나 파기할 때가 아님",
    ),
    covers="사본이나 정지화면, 실시간 영상을 준 이용·제공. 기한이 지났다는 것만으로 파기한 것으로 보지 않습니다.",
)


# -- PIPA 18(4): published


def _to_be_published(context: Context) -> QuerySet[Any]:
    return _released(context).filter(OUTSIDE).filter(MUST_PUBLISH)


def _publication_waits(context: Context) -> Exists:
    return Exists(HandOver.objects.filter(provision=OuterRef("pk"), publication=None))


def _not_published(context: Context) -> Q:
    return Q(_unpublished(context)) | Q(_published_late(context))


def _unpublished(context: Context) -> Any:
    """… by the clock of the last hand-over; those from before each had one are counted from their day."""
    untold = HandOver.objects.filter(provision=OuterRef("pk"), publication=None)
    days = int(context.parameter(clocks.DAYS[clocks.PUBLICATION]).value)
    last = dt.datetime.combine(context.on - dt.timedelta(days=days), dt.time.min, SEOUL)
    has_clock = Exists(_clock(clocks.PUBLICATION).filter(closed_at__isnull=True))
    return Q(Exists(untold)) & (
        Q(_overdue(clocks.PUBLICATION, context)) | ~Q(has_clock) & Q(Exists(untold.filter(at__lt=last)))
    )


def _published_late(context: Context) -> Exists:
    """Against the due date that the publication ended, when it was recorded."""
    due = DueDate.objects.filter(
        clocks.named(clocks.PUBLICATION),
        subject_kind=SUBJECT_KIND,
        subject_number=OuterRef("provision__number"),
        closed_at=OuterRef("published_at"),
        due_on__lt=OuterRef("published_on"),
    )
    return Exists(ProvisionPublication.objects.filter(Exists(due), provision=OuterRef("pk")))


PROVISION_PUBLISHED = Rule(
    code="provision_published",
    title="목적 외 이용·제공의 게시",
    article=None,
    other_law="개인정보 보호법 제18조제4항",
    subject=Subject.PROVISION,
    subjects=_judged(_to_be_published, _not_published, _publication_waits),
    unmet=lambda rows, context: rows.filter(_not_published(context)),
    evidence=lambda context: _evidence(
        (_unpublished(context), "missing"), (Q(_published_late(context)), "late")
    ),
    words={
        "missing": "이용·제공한 날부터 30일 안에 게시하지 않았습니다.",
        "late": "게시 기한보다 늦게 게시했습니다.",
    },
    message="기한 안에 게시하지 않았습니다.",
    remedy="지체 없이 게시하십시오. 늦은 것은 사유를 적어 예외를 인정받을 때까지 남습니다.",
    remedy_url=PAGE,
    mended_by="records.publish_provision",
    citations=(Citation("제18조제4항", "pipa"),),
    exclusion=Exclusion(
        lambda context: (
            _released(context).exclude(pk__in=_to_be_published(context).values("pk"))
            | _waiting(_to_be_published, _not_published, _publication_waits)(context)
        ),
        lambda context: (
            "동의나 수사에 따른 것, 설치 목적 안의 것 등 게시하지 않는 이용·제공이거나, 게시 기한이 아직 지나지 않음"
        ),
    ),
    covers="설치 목적 밖의 이용·제공 가운데 법이 게시하라고 한 사유(법 제18조제2항제2호~제6호, 제8호~제10호).",
)


# -- 24(2), Guideline 14: the person filmed


def _to_be_told(context: Context) -> QuerySet[Any]:
    codes = set(OF_URGENCY)
    if context.parameter("investigation_notice_duty").value:
        codes |= OF_PROCEEDINGS
    return _released(context).filter(Q(ground__code__in=codes) | Q(national_ground__code__in=codes))


def _nothing_said(context: Context) -> Q:
    return ~Q(Exists(SubjectNotice.objects.filter(provision=OuterRef("pk"))))


def _untold(context: Context) -> Any:
    return _nothing_said(context) & Q(_overdue(clocks.SUBJECT, context))


def _notice_missing(context: Context) -> Q:
    return Q(_untold(context)) | Q(_to_look_again(context))


def _to_look_again(context: Context) -> Exists:
    """Of the last thing that was said the day has passed."""
    later = SubjectNotice.objects.filter(provision=OuterRef("provision"), pk__gt=OuterRef("pk"))
    last = SubjectNotice.objects.filter(~Exists(later), provision=OuterRef("pk"))
    return Exists(last.filter(look_again_on__lt=context.on))


SUBJECT_NOTICE = Rule(
    code="subject_notice",
    title="정보주체 통지",
    article=24,
    order=6,
    subject=Subject.PROVISION,
    subjects=_judged(_to_be_told, _notice_missing, _nothing_said),
    unmet=lambda rows, context: rows.filter(_notice_missing(context)),
    evidence=lambda context: _evidence((_untold(context), "untold"), (Q(_to_look_again(context)), "again")),
    words={
        "untold": "정보주체에게 알린 기록도, 알리지 않은 까닭도 없습니다.",
        "again": "알리지 않은 까닭을 다시 보기로 한 날이 지났습니다.",
    },
    message="정보주체에게 알린 기록이 없습니다.",
    remedy="정보주체에게 알리고 기록하거나, 알리지 않는 까닭과 다시 볼 날을 적으십시오.",
    remedy_url=PAGE,
    mended_by="records.handle_provision",
    citations=(Citation("제24조제2항"), Citation("제14조", "guideline")),
    exclusion=Exclusion(
        lambda context: (
            _released(context).exclude(pk__in=_to_be_told(context).values("pk"))
            | _waiting(_to_be_told, _notice_missing, _nothing_said)(context)
        ),
        lambda context: (
            "수사·재판의 자료나 급박한 이익을 위하여 준 것이 아니거나, 통지 기한이 아직 지나지 않음"
        ),
    ),
    covers="수사·재판의 자료로 준 영상(조례 제24조제2항)과 급박한 생명·신체·재산의 이익을 위하여 준 영상(지침 제14조).",
)


# -- 20: a particular person


def _about_a_person(context: Context) -> QuerySet[Any]:
    reviewed = Provision.objects.order_by().filter(follows_person=True, reviewed_at__isnull=False)
    return reviewed.exclude(state__in=(ProvisionState.REFUSED, ProvisionState.WITHDRAWN))


_GOES_ON = (ProvisionState.UNDER_APPROVAL, ProvisionState.APPROVED, ProvisionState.HANDED_OVER)


def _goes_on_without(context: Context) -> Any:
    going = Q(state__in=_GOES_ON) | _recall_late(context)
    return Q(consent_withdrawn_on__isnull=False) & going


PARTICULAR_PERSON = Rule(
    code="particular_person",
    title="특정인을 살피는 요청의 근거",
    article=20,
    subject=Subject.PROVISION,
    subjects=_about_a_person,
    unmet=lambda rows, context: rows.filter(Q(person_basis_text="") | _goes_on_without(context)),
    evidence=lambda context: _evidence(
        (Q(person_basis_text=""), "basis"), (_goes_on_without(context), "withdrawn")
    ),
    words={
        "basis": "동의서나 법령의 조문이 기록되지 않았습니다.",
        "withdrawn": "동의를 철회했는데도 이용·제공이 끝나지 않았습니다.",
    },
    message="특정인을 살피는 근거가 없습니다.",
    remedy="근거가 없으면 멈추고, 나간 사본을 회수하십시오.",
    remedy_url=PAGE,
    mended_by="records.handle_provision",
    citations=(Citation("제20조"),),
    exclusion=Exclusion(
        lambda context: Provision.objects.order_by().filter(follows_person=False, reviewed_at__isnull=False),
        lambda context: "특정인을 살피는 요청이 아님",
    ),
    covers=(
        "특정인을 살피려는 이용·제공 요청. 카메라의 조작은 이 시스템에서 기록하지 않으므로 관제 장비의 사용 기록으로 확인합니다."
    ),
)

RULES = (
    PARTICULAR_PERSON,
    PROVISION_APPROVED,
    MAYOR_APPROVAL,
    PROVISION_ENDED,
    SUBJECT_NOTICE,
    PROVISION_PUBLISHED,
    PROVISION_RESTRICTIONS,
)
