"""Who may do what, who was on duty, who looked."""

from django.db.models import Q

from casework.models import RoleChange
from records.models import (
    AccessFinding,
    AccessLogFile,
    AccessReview,
    DutyShift,
    FootageLook,
    Incident,
    ShiftHandover,
    StaffMember,
    Visit,
)
from reports.inspection.sections.extent import IN_SPAN, TOUCHED
from reports.inspection.tables import Table

TABLES = (
    Table(
        "people/role_changes",
        "권한 변경",
        "제23조제1항",
        lambda span: RoleChange.objects.filter(asked_at__lt=span.end).order_by("pk"),
        ("officer", "kind", "state", "role_before", "role", "asked_at", "asked_by"),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "people/staff",
        "인력",
        "제16조, 제17조",
        lambda span: (
            StaffMember.objects.filter(starts_on__lte=span.until_on)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=span.from_on))
            .order_by("number")
        ),
        (("number", "사번"), "kind", "employer", "account", "officer", "starts_on", "ends_on"),
        TOUCHED,
    ),
    Table(
        "people/duty",
        "근무",
        "제16조",
        lambda span: DutyShift.objects.filter(starts_at__lt=span.end, ends_at__gt=span.start).order_by(
            "starts_at", "pk"
        ),
        (
            ("staff__number", "사번"),
            "starts_at",
            "ends_at",
            "label",
            "absent_reason",
            ("stands_in_for__staff__number", "대신한 사람의 사번"),
        ),
        TOUCHED,
    ),
    Table(
        "people/handovers",
        "근무의 인수인계와 교대 보안 점검",
        "제18조, 제19조",
        lambda span: ShiftHandover.objects.filter(turn_at__gte=span.start, turn_at__lt=span.end).order_by(
            "turn_at", "pk"
        ),
        (
            "turn_at",
            "given_by",
            "given_at",
            "accepted_by",
            "accepted_at",
            "checks",
            "fault",
            "happened",
            "open_matters",
            "equipment",
            "remark",
        ),
        IN_SPAN,
    ),
    Table(
        "people/incidents",
        "관제 중 인지한 상황",
        "제18조",
        lambda span: Incident.objects.filter(noticed_at__gte=span.start, noticed_at__lt=span.end).order_by(
            "noticed_at", "pk"
        ),
        (
            ("number", "사건번호"),
            "noticed_at",
            ("camera__number", "카메라 번호"),
            "kind",
            ("staff__number", "사번"),
            "body_told",
            "told_how",
            "told_at",
            "result",
            ("hold", "유예 번호"),
        ),
        IN_SPAN,
    ),
    Table(
        "people/visits",
        "통제구역 출입",
        "제19조",
        lambda span: Visit.objects.filter(planned_from__lt=span.end, planned_until__gt=span.start).order_by(
            "planned_from", "pk"
        ),
        (
            "number",
            "state",
            "kind",
            "zone",
            "organisation",
            "people",
            "purpose",
            "equipment",
            ("contract__number", "위탁 계약"),
            "received_at",
            "approved_at",
            "approved_by",
            "escort",
            "has_pledged",
            "is_sealed",
            "in_at",
            "in_by",
            "carried_in",
            "out_at",
            "equipment_used",
            "carried_out",
            "is_media_checked",
            "seen",
            "remark",
        ),
        "이 기간에 예정한 것. 성명과 연락처는 담지 않습니다.",
    ),
    Table(
        "people/looks",
        "영상 재생",
        "제23조제2항",
        lambda span: FootageLook.objects.filter(granted_at__gte=span.start, granted_at__lt=span.end).order_by(
            "granted_at", "pk"
        ),
        (
            ("pk", "재생 번호"),
            "officer",
            "case_kind",
            "case_number",
            "step",
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            "granted_at",
            "frames_stepped",
            "stills",
            "closed_at",
            "closed_how",
        ),
        "이 시스템에서 이 기간에 재생한 것. 녹화기와 관제 시스템에서 본 것은 접속기록에 있습니다.",
    ),
    Table(
        "people/access_logs",
        "가져온 접속기록 파일",
        "제23조",
        lambda span: AccessLogFile.objects.filter(begun_at__lt=span.end, last_at__gte=span.start).order_by(
            "begun_at", "pk"
        ),
        (
            ("ledger_entry", "원장 번호"),
            "name",
            ("sha256", "SHA-256"),
            "map",
            "begun_at",
            "rows",
            "created",
            "known",
            "rejected",
            "first_at",
            "last_at",
        ),
        "이 기간의 기록이 든 파일. 기록의 줄은 관제 시스템의 것이므로 담지 않습니다.",
    ),
    Table(
        "people/access_reviews",
        "접속기록 점검",
        "제23조",
        lambda span: AccessReview.objects.filter(
            made_at__isnull=False, month__lte=span.until_on, month__gte=span.from_on.replace(day=1)
        ).order_by("month"),
        (
            ("month", "점검한 달"),
            "made_at",
            "signed_at",
            "signed_by",
            "countersigned_at",
            "countersigned_by",
            "frozen_at",
            ("digest", "SHA-256"),
        ),
        "이 기간에 든 달의 점검",
    ),
    Table(
        "people/access_findings",
        "접속기록 점검에서 물은 것",
        "제23조제2항",
        lambda span: AccessFinding.objects.filter(
            review__month__lte=span.until_on, review__month__gte=span.from_on.replace(day=1)
        ).order_by("number"),
        (
            ("number", "번호"),
            "rule",
            "officer",
            "explained_at",
            "judgement",
            "judged_at",
            "judged_by",
            "measured_at",
            "measured_by",
        ),
        "이 기간에 든 달의 점검에서. 소명과 판정의 글은 담지 않습니다.",
    ),
)
