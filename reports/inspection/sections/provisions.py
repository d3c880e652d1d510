"""Use and provision of footage, and what became of the copies."""

from django.db.models import Q, QuerySet

from records.models import (
    CopyEnding,
    HandOver,
    HandOverFile,
    Provision,
    ProvisionApproval,
    ProvisionExtension,
    ProvisionMove,
    ProvisionPublication,
    SubjectNotice,
)
from reports.inspection.tables import By, Link, Span, Table


def _provisions(span: Span) -> "QuerySet[Provision]":
    moved = ProvisionMove.objects.filter(at__gte=span.start, at__lt=span.end).values("provision")
    received = Q(received_at__gte=span.start, received_at__lt=span.end)
    return Provision.objects.filter(received | Q(pk__in=moved)).order_by("received_at", "pk")


TABLES = (
    Table(
        "provisions/provisions",
        "이용·제공",
        "제20조, 제21조",
        _provisions,
        (
            ("number", "번호"),
            "kind",
            "state",
            "received_at",
            ("letter_number", "요청 문서번호"),
            "letter_on",
            ("unit__agency__name", "기관"),
            ("unit__name", "기관의 부서"),
            ("department__name", "이용 부서"),
            "form",
            "use_until_on",
            "is_urgent",
            "follows_person",
            "relation",
            ("ground__citation", "조례의 근거"),
            ("national_ground__citation", "법의 근거"),
            "committee_care",
            "copies_end",
            "holds_released_at",
        ),
        "이 기간에 접수하거나 처리한 것",
        Link("records.provision_received", "번호", By.SUBJECT, "provision:{}"),
    ),
    Table(
        "provisions/approvals",
        "이용·제공의 결재",
        "제21조",
        lambda span: ProvisionApproval.objects.filter(provision__in=_provisions(span)).order_by(
            "provision", "pk"
        ),
        (
            ("provision__number", "번호"),
            "position",
            "step",
            "is_after",
            "outcome",
            "capacity",
            "way",
            "decided_at",
            "approver",
            "document_number",
            "is_void",
        ),
        "위 건의 모든 결재",
    ),
    Table(
        "provisions/extensions",
        "이용 기간의 연장",
        "제24조제3항",
        lambda span: ProvisionExtension.objects.filter(provision__in=_provisions(span)).order_by(
            "provision", "pk"
        ),
        (
            ("provision__number", "번호"),
            "former_until_on",
            "until_on",
            "letter_number",
            "asked_at",
            "asked_by",
            "step",
            "outcome",
            "capacity",
            "way",
            "decided_at",
            "approver",
            "document_number",
        ),
        "위 건의 모든 연장",
    ),
    Table(
        "provisions/hand_overs",
        "영상정보의 인계",
        "제21조, 제24조제3항",
        lambda span: HandOver.objects.filter(provision__in=_provisions(span)).order_by("provision", "pk"),
        (
            ("provision__number", "번호"),
            ("pk", "인계 번호"),
            "at",
            "file_name",
            "medium",
            "file_count",
            "is_masked",
            "handed_by",
            "use_until_on",
            "end_due_on",
        ),
        "위 건의 모든 인계",
    ),
    Table(
        "provisions/files",
        "인계한 파일",
        "제21조",
        lambda span: HandOverFile.objects.filter(hand_over__provision__in=_provisions(span)).order_by("pk"),
        (("hand_over__pk", "인계 번호"), "name", "sha256", "size", "is_checked"),
        "위 인계의 모든 파일",
    ),
    Table(
        "provisions/endings",
        "제공한 사본의 반환·파기",
        "제24조제3항",
        lambda span: CopyEnding.objects.filter(hand_over__provision__in=_provisions(span)).order_by("pk"),
        (("hand_over__pk", "인계 번호"), "kind", "at", "document_number", "recorded_at", "recorded_by"),
        "위 인계의 반환·파기. 줄이 없는 인계는 아직 밖에 있거나 사본이 없는 것입니다.",
    ),
    Table(
        "provisions/publications",
        "이용·제공의 게시",
        "법 제18조제4항",
        lambda span: ProvisionPublication.objects.filter(provision__in=_provisions(span)).order_by("pk"),
        (
            ("provision__number", "번호"),
            "released_on",
            "released_again_on",
            "published_on",
            "shown_until_on",
            "taken_down_at",
        ),
        "위 건의 게시",
    ),
    Table(
        "provisions/subject_notices",
        "정보주체 통지",
        "제24조제2항",
        lambda span: SubjectNotice.objects.filter(provision__in=_provisions(span)).order_by("pk"),
        (("provision__number", "번호"), "outcome", "on", "look_again_on", "recorded_at", "recorded_by"),
        "위 건의 통지",
    ),
)
