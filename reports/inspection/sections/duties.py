"""What the ordinance asks for, and what was unmet."""

from django.db.models import Q, QuerySet

from ordinance.models import Assessment, DueDate, Finding, Parameter, RuleException
from reports.inspection.sections.extent import IN_SPAN, TOUCHED
from reports.inspection.tables import Span, Table


def _open_in(span: Span) -> "QuerySet[Finding]":
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=span.from_on)
    return Finding.objects.filter(still, opened_on__lte=span.until_on).order_by("opened_on", "pk")


TABLES = (
    Table(
        "duties/findings",
        "미이행 사항",
        "조례 전체",
        _open_in,
        (
            ("rule__code", "규칙"),
            ("rule__article", "조문"),
            ("rule__title", "규칙의 뜻"),
            ("rule__subject_kind", "대상"),
            ("number", "대상 번호"),
            "opened_on",
            "evidence",
            "closed_on",
            "closing",
        ),
        TOUCHED,
    ),
    Table(
        "duties/exceptions",
        "점검 예외",
        "조례 전체",
        lambda span: RuleException.objects.filter(granted_at__lt=span.end).order_by("pk"),
        (
            ("rule", "규칙"),
            "subject_kind",
            "number",
            "citation",
            "document_number",
            "from_on",
            "until_on",
            "granted_at",
            "granted_by",
            "revoked_at",
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "duties/assessments",
        "조례 점검의 실행",
        "조례 전체",
        lambda span: Assessment.objects.filter(on__range=(span.from_on, span.until_on)).order_by("pk"),
        ("on", "state", "is_nightly", "started_at", "finished_at"),
        IN_SPAN,
    ),
    Table(
        "duties/due_dates",
        "처리기한",
        "조례 전체",
        lambda span: (
            DueDate.objects.filter(opened_at__lt=span.end)
            .filter(Q(closed_at__isnull=True) | Q(closed_at__gte=span.start))
            .order_by("pk")
        ),
        (
            ("subject_kind", "대상"),
            ("subject_number", "대상 번호"),
            "purpose",
            "start_on",
            "due_on",
            "citation",
            "opened_at",
            "closed_at",
        ),
        TOUCHED,
    ),
    Table(
        "duties/parameters",
        "기준값",
        "조례 전체",
        lambda span: Parameter.objects.order_by("profile", "code", "effective_on"),
        ("profile", "code", "value", "effective_on", "citation", "mark", "document_number"),
        "지금까지 정한 모든 값",
    ),
)
