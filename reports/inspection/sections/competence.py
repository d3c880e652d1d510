"""Who was taught and sworn in, which cameras were open to whom, whom the manager let through, who turned a camera."""

from django.db.models import Q, QuerySet

from records.competence import gates, pledges
from records.models import (
    CameraPermission,
    CameraPermissionMove,
    CameraTurn,
    GateLift,
    PermissionReview,
    PermissionReviewLine,
    Pledge,
    Training,
    TrainingSession,
)
from records.permissions import granting
from reports.inspection.sections.extent import IN_SPAN, TOUCHED
from reports.inspection.tables import By, Link, Span, Table


def _pledges(span: Span, way_is_signed: bool) -> "QuerySet[Pledge]":
    """What was recorded in the span; `way_is_signed` tells those signed in the portal from papers that were filed."""
    return Pledge.objects.filter(
        recorded_at__gte=span.start, recorded_at__lt=span.end, signed_at__isnull=not way_is_signed
    ).order_by("pk")


def _reviews(span: Span) -> "QuerySet[PermissionReview]":
    opened = Q(opened_at__gte=span.start, opened_at__lt=span.end)
    signed = Q(signed_at__gte=span.start, signed_at__lt=span.end)
    return PermissionReview.objects.filter(opened | signed).order_by("year", "half")


PLEDGE_COLUMNS = (
    ("pk", "서약 번호"),
    "kind",
    ("text__version", "문안의 판"),
    ("staff__number", "사번"),
    "about",
    "signed_on",
    "way",
    ("digest", "문안의 SHA-256"),
    "recorded_by",
    "recorded_at",
    "withdrawn_at",
    "withdrawn_why",
)
PLEDGE_FACTS = {"문안의 판": "version", "문안의 SHA-256": "sha256", "사번": "staff"}
TABLES = (
    Table(
        "people/training_sessions",
        "교육의 실시",
        "제25조",
        lambda span: TrainingSession.objects.filter(
            starts_at__gte=span.start, starts_at__lt=span.end
        ).order_by("starts_at", "pk"),
        (
            ("pk", "교육 번호"),
            ("course__title", "과정"),
            "starts_at",
            "ends_at",
            "place",
            "closed_at",
            "called_off_why",
        ),
        IN_SPAN,
    ),
    Table(
        "people/trainings",
        "교육 이수",
        "제25조",
        lambda span: Training.objects.filter(on__gte=span.from_on, on__lte=span.until_on).order_by("pk"),
        (
            ("staff__number", "사번"),
            ("course__title", "과정"),
            ("session", "교육 번호"),
            "on",
            "minutes",
            "way",
            "attended_at",
            "score",
            "certificate_number",
            "completed_at",
            "issuer",
            "recorded_by",
            "recorded_at",
            "withdrawn_at",
            "withdrawn_why",
        ),
        "이 기간의 교육일. 이수번호가 없는 것은 이수하지 않은 것입니다.",
    ),
    Table(
        "people/pledges_signed",
        "포털에서 서명한 보안서약",
        "제25조",
        lambda span: _pledges(span, way_is_signed=True),
        PLEDGE_COLUMNS,
        IN_SPAN,
        Link(pledges.SIGNED, "서약 번호", By.PAYLOAD, "pledge", PLEDGE_FACTS, is_complete=True),
    ),
    Table(
        "people/pledges_filed",
        "종이로 받은 보안서약",
        "제25조",
        lambda span: _pledges(span, way_is_signed=False),
        PLEDGE_COLUMNS,
        f"{IN_SPAN}. 출입자와 제공받는 사람의 성명은 담지 않습니다.",
        Link(pledges.FILED, "서약 번호", By.PAYLOAD, "pledge", PLEDGE_FACTS, is_complete=True),
    ),
    Table(
        "people/camera_permissions",
        "카메라 접근권한",
        "제23조제1항",
        lambda span: CameraPermission.objects.filter(
            from_on__lte=span.until_on, until_on__gte=span.from_on
        ).order_by("pk"),
        (
            ("pk", "권한 번호"),
            ("staff__number", "사번"),
            "scope",
            "purpose",
            "area",
            ("camera__number", "카메라 번호"),
            "abilities",
            "from_on",
            "until_on",
            "reason",
            "state",
            "granted_at",
        ),
        f"{TOUCHED}. 상태는 묶음을 만든 때의 것입니다.",
        Link(granting.ASKED, "권한 번호", By.SUBJECT, "camera-permission:{}"),
    ),
    Table(
        "people/camera_permission_moves",
        "카메라 접근권한의 신청·부여·변경·말소",
        "제23조제1항",
        lambda span: CameraPermissionMove.objects.filter(at__gte=span.start, at__lt=span.end).order_by("pk"),
        (("permission", "권한 번호"), "event", "on", "at", "by", "reason", "document_number"),
        IN_SPAN,
    ),
    Table(
        "people/permission_reviews",
        "카메라 접근권한의 정기 점검",
        "제23조제1항",
        _reviews,
        ("year", "half", "opened_by", "opened_at", "signed_by", "signed_at", ("digest", "SHA-256")),
        IN_SPAN,
    ),
    Table(
        "people/permission_review_lines",
        "카메라 접근권한 정기 점검의 항목",
        "제23조제1항",
        lambda span: PermissionReviewLine.objects.filter(review__in=_reviews(span)).order_by("review", "pk"),
        (
            ("review__year", "연도"),
            ("review__half", "반기"),
            ("permission", "권한 번호"),
            "verdict",
            "reason",
            "by",
            "at",
        ),
        "위 점검의 모든 항목",
    ),
    Table(
        "people/gate_lifts",
        "교육·서약 등의 요건을 예외로 넘긴 것",
        "제23조, 제25조",
        lambda span: GateLift.objects.filter(at__gte=span.start, at__lt=span.end).order_by("pk"),
        (
            ("pk", "예외 번호"),
            "officer",
            "case_kind",
            "case_number",
            "gates",
            "reason",
            "lifted_by",
            "at",
            "until_at",
        ),
        IN_SPAN,
        Link(gates.LIFTED, "예외 번호", By.PAYLOAD, "lift", is_complete=True),
    ),
    Table(
        "people/camera_turns",
        "카메라의 회전·확대",
        "제10조",
        lambda span: CameraTurn.objects.filter(turned_at__gte=span.start, turned_at__lt=span.end).order_by(
            "turned_at", "pk"
        ),
        (
            ("camera__number", "카메라 번호"),
            ("staff__number", "사번"),
            "turned_at",
            "reason",
            ("incident__number", "상황 번호"),
            "returned_at",
            "is_permitted",
            "entered_by",
            "entered_at",
        ),
        "이 기간에 돌린 것으로 적은 것. 관제 시스템이 남긴 것은 접속기록에 있습니다.",
    ),
)
