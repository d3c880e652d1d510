"""What was held, proved, shortened and kept."""

from django.db.models import Q, QuerySet

from footage.hold_proofs import PLACED
from footage.models import (
    DailyProof,
    DeletionConfirmation,
    Hold,
    Scan,
    ShortenedCamera,
    VaultCase,
    VaultFile,
)
from reports.inspection.sections.extent import IN_SPAN, TOUCHED
from reports.inspection.tables import By, Link, Span, Table


def _in_force(span: Span) -> "QuerySet[Hold]":
    still = Q(released_at__isnull=True) | Q(released_at__gte=span.start)
    return Hold.objects.filter(still, placed_at__lt=span.end).order_by("placed_at", "pk")


TABLES = (
    Table(
        "footage/holds",
        "삭제 유예",
        "제24조제1항",
        _in_force,
        (
            ("pk", "유예 번호"),
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            "article",
            "case_reference",
            "placed_at",
            "placed_by",
            "released_at",
            "released_by",
        ),
        TOUCHED,
        Link(
            PLACED,
            "유예 번호",
            By.SUBJECT,
            "hold:{}",
            {"카메라 번호": "camera", "사건 번호": "case"},
            is_complete=True,
        ),
    ),
    Table(
        "footage/proofs",
        "일일 파기 확인",
        "제24조제2항",
        lambda span: DailyProof.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (
            ("camera__number", "카메라 번호"),
            "on",
            "proved_at",
            "retention_days",
            "oldest_allowed_at",
            "oldest_found_at",
            "destroyed_count",
            "result",
            "reason",
        ),
        "이 기간의 날마다, 카메라마다. 줄이 없는 날은 확인하지 않은 날입니다.",
    ),
    Table(
        "footage/deletion_confirmations",
        "자동삭제 확인",
        "표준지침 제42조제2항",
        lambda span: DeletionConfirmation.objects.filter(
            confirmed_at__gte=span.start, confirmed_at__lt=span.end
        ).order_by("pk"),
        (
            ("ledger_sequence", "원장 번호"),
            "confirmed_at",
            "confirmed_by",
            ("period_from", "대상 기간의 시작"),
            ("period_until", "대상 기간의 끝"),
            ("cycle", "삭제 주기"),
            "is_working",
        ),
        IN_SPAN,
        Link(
            "footage.deletion_confirmed",
            "원장 번호",
            values={"대상 기간의 시작": "from", "대상 기간의 끝": "until", "삭제 주기": "cycle"},
            is_complete=True,
        ),
    ),
    Table(
        "footage/shortenings",
        "보관기간 단축",
        "제24조",
        lambda span: ShortenedCamera.objects.filter(shortening__at__lt=span.end).order_by("pk"),
        (
            ("camera__number", "카메라 번호"),
            "days_before",
            "days_after",
            ("shortening__at", "줄인 때"),
            ("shortening__by", "줄인 사람"),
            ("shortening__confirmed_at", "확인한 때"),
            ("shortening__confirmed_by", "확인한 사람"),
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "footage/scans",
        "저장소 확인",
        "제24조",
        lambda span: Scan.objects.filter(finished_at__gte=span.start, finished_at__lt=span.end).order_by(
            "pk"
        ),
        (("storage__name", "저장소"), "state", "started_at", "finished_at", "error"),
        IN_SPAN,
    ),
    Table(
        "footage/vault_cases",
        "증거 보관함의 사건",
        "제24조제1항",
        lambda span: (
            VaultCase.objects.filter(opened_at__lt=span.end)
            .filter(Q(destroyed_at__isnull=True) | Q(destroyed_at__gte=span.start))
            .order_by("pk")
        ),
        ("reference", "opened_at", "destroyed_at"),
        TOUCHED,
    ),
    Table(
        "footage/vault_files",
        "증거 보관함의 파일",
        "제24조제1항",
        lambda span: (
            VaultFile.objects.filter(kept_at__lt=span.end)
            .filter(Q(removed_at__isnull=True) | Q(removed_at__gte=span.start))
            .order_by("pk")
        ),
        (
            ("case__reference", "사건 번호"),
            ("camera__number", "카메라 번호"),
            ("storage__name", "저장소"),
            "made_as",
            "path",
            "first_at",
            "until_at",
            "bytes",
            "sha256",
            "kept_at",
            "checked_at",
            "problem",
            "removed_at",
        ),
        TOUCHED,
    ),
)
