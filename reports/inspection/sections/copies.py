"""Footage that was covered, and copies that were made to leave: who decided, who checked, and how each one left."""

from django.db.models import Q, QuerySet

from records.models import CaseCopy, CopyLeaving, CopyPart, Redaction
from records.redaction.steps import PROPOSED
from reports.inspection.sections.extent import TOUCHED
from reports.inspection.tables import By, Link, Span, Table

COPY_ASKED = "records.copy_asked"


def _redactions(span: Span) -> "QuerySet[Redaction]":
    begun = Q(created_at__gte=span.start, created_at__lt=span.end)
    checked = Q(checked_at__gte=span.start, checked_at__lt=span.end)
    return Redaction.objects.filter(begun | checked).order_by("pk")


def _copies(span: Span) -> "QuerySet[CaseCopy]":
    asked = Q(requested_at__gte=span.start, requested_at__lt=span.end)
    left = Q(leaving__at__gte=span.start, leaving__at__lt=span.end)
    withdrawn = Q(withdrawn_at__gte=span.start, withdrawn_at__lt=span.end)
    return CaseCopy.objects.filter(asked | left | withdrawn).distinct().order_by("pk")


TABLES = (
    Table(
        "copies/redactions",
        "가림 처리",
        "표준지침 제46조",
        _redactions,
        (
            ("pk", "가림 번호"),
            "case_kind",
            "case_number",
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            "state",
            "created_at",
            "source_sha256",
            "maker",
            "made_at",
            "result_sha256",
            ("doubts", "의심 장면"),
            "checker",
            "checked_at",
        ),
        "이 기간에 시작하거나 확인한 것",
        Link(PROPOSED, "가림 번호", By.PAYLOAD, "redaction", {"카메라 번호": "camera", "사건 번호": "case"}),
    ),
    Table(
        "copies/copies",
        "나가는 영상 사본",
        "제24조제3항, 표준지침 제46조",
        _copies,
        (
            ("number", "사본번호"),
            ("request__receipt_number", "열람등 청구"),
            ("provision__number", "이용·제공"),
            "source",
            "ground",
            "requested_by",
            "requested_at",
            "is_allowed",
            "decided_by",
            "decided_at",
            ("state", "만들기"),
            "mark",
            "manifest_sha256",
            "sealed_by",
            "sealed_at",
            "withdrawn_by",
            "withdrawn_at",
        ),
        TOUCHED,
        Link(COPY_ASKED, "사본번호", By.PAYLOAD, "copy"),
    ),
    Table(
        "copies/files",
        "영상 사본의 파일",
        "제24조제3항",
        lambda span: CopyPart.objects.filter(copy__in=_copies(span)).order_by("copy", "pk"),
        (
            ("copy__number", "사본번호"),
            "name",
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            ("redaction", "가림 번호"),
            "source_sha256",
            "sha256",
            "frames",
            "seconds",
            "problem",
        ),
        "위 사본의 모든 파일",
    ),
    Table(
        "copies/leavings",
        "영상 사본의 인계와 내려받기",
        "제24조제3항",
        lambda span: CopyLeaving.objects.filter(copy__in=_copies(span)).order_by("copy", "pk"),
        (
            ("copy__number", "사본번호"),
            "way",
            "at",
            "by",
            ("hand_over", "인계 번호"),
            "medium",
            "medium_number",
            "signature_way",
            "opened_at",
            "expires_at",
            "most",
            "used",
        ),
        "위 사본이 나간 것. 받은 사람의 성명은 담지 않습니다.",
    ),
)
