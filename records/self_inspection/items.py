"""What is looked at (the eight matters of Guideline art. 48), and what the system itself knows of each for a year.

The titles are our own short words for the guideline's. A fact is `{"label", "value", "is_in_order"}`; the last is None where
a figure says nothing about order. A person judges; the system only lays out.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.designations import responsible_on
from cameras import policy
from cameras.models import Camera, EntrustmentContract
from footage.models import DeletionConfirmation, Hold
from ordinance import rules
from ordinance.models import Assessment
from records.models import ViewingRequest
from records.viewing import figures

Fact = dict[str, Any]
CITATION = "표준 개인정보 보호지침 제48조"
NOTHING_KNOWN = "이 시스템에 자료가 없습니다. 문서와 현장에서 확인하십시오."


@dataclass(frozen=True)
class Item:
    """`rules` are codes of duties whose last figures belong to it; `more` gives further facts of a year."""

    code: str
    title: str
    rules: tuple[str, ...] = ()
    more: Callable[[int], Iterable[Fact]] = lambda year: ()


def _fact(label: str, value: str, is_in_order: bool | None = None) -> Fact:
    return {"label": label, "value": value, "is_in_order": is_in_order}


def _policies(year: int) -> Iterable[Fact]:
    current = policy.current()
    yield _fact(
        "시행 중인 방침",
        f"제{current.version}판 ({current.effective_on} 시행)" if current else "없음",
        bool(current),
    )


def _manager(year: int) -> Iterable[Fact]:
    department = responsible_on(timezone.localdate())
    yield _fact("전담부서", department.name if department else "지정 없음", department is not None)


def _cameras(year: int) -> Iterable[Fact]:
    cameras = Camera.objects.order_by()
    yield _fact("운영·중지 중인 카메라", f"{cameras.in_service().count():,}대")
    yield _fact("그 해에 설치", f"{cameras.installed_in(year).count():,}대")
    yield _fact("그 해에 철거", f"{cameras.filter(removed_on__year=year).count():,}대")


def _footage(year: int) -> Iterable[Fact]:
    confirmed = DeletionConfirmation.objects.filter(confirmed_at__year=year)
    yield _fact(
        "자동삭제 확인",
        f"{confirmed.count():,}회 (이상 있음 {confirmed.filter(is_working=False).count():,}회)",
    )
    yield _fact("삭제 유예", f"그 해에 {Hold.objects.filter(placed_at__year=year).count():,}건")


def _contracts(year: int) -> Iterable[Fact]:
    last = datetime.date(year, 12, 31)
    served = EntrustmentContract.objects.filter(starts_on__lte=last, ends_on__year__gte=year).exclude(
        ended_early_on__lt=datetime.date(year, 1, 1)
    )
    yield _fact("그 해에 효력이 있던 위탁 계약", f"{served.count():,}건")


def _requests(year: int) -> Iterable[Fact]:
    late = figures.late_answered(year)
    yield _fact("열람등 청구", f"{ViewingRequest.objects.filter(received_at__year=year).count():,}건 접수")
    yield _fact("기한을 넘긴 답변", f"{late:,}건", late == 0)


ITEMS = (
    Item("policy", "운영·관리 방침", ("operation_policy",), _policies),
    Item("manager", "관리책임자의 업무", ("responsible_department",), _manager),
    Item(
        "cameras",
        "설치·운영 현황",
        (
            "purpose",
            "place",
            "installation_checklist",
            "registered_builder",
            "prior_consultation",
            "public_consultation",
            "sign",
            "audio_off",
            "centre_link",
            "monitoring_scope",
        ),
        _cameras,
    ),
    Item(
        "footage",
        "수집·이용·제공·파기 현황",
        (
            "retention_limit",
            "footage_overdue",
            "daily_proof",
            "nothing_stored",
            "deletion_confirmed",
            "provision_approved",
            "provision_ended",
            "provision_published",
            "subject_notice",
            "release_deliberated",
        ),
        _footage,
    ),
    Item("contracts", "위탁과 수탁자의 관리·감독", ("contract",), _contracts),
    Item("requests", "정보주체의 권리 행사", ("request_answered", "request_identity"), _requests),
    Item(
        "measures",
        "기술적·관리적·물리적 조치",
        ("playback_reason", "vault_intact", "held_footage", "ledger_witnessed"),
    ),
    Item("necessity", "카메라의 계속 설치·운영 필요성", ("necessity_review",)),
)


def of_code(code: str) -> Item:
    """LookupError for a code that is none of the eight."""
    for item in ITEMS:
        if item.code == code:
            return item
    raise LookupError(code)


def facts(item: Item, year: int) -> list[Fact]:
    """What the system knows today of that matter in that year; one line that says so where it knows nothing."""
    found = [*item.more(year), *of_duties(item.rules)]
    return found or [_fact("시스템의 자료", NOTHING_KNOWN)]


def of_duties(codes: Iterable[str]) -> Iterable[Fact]:
    """The figures of the last assessment, as the screen 조례 점검 has them."""
    known = list(codes)
    if not known:
        return
    last = Assessment.objects.filter(~Q(result={}), finished_at__isnull=False).order_by("-pk").first()
    if last is None:
        yield _fact("조례 점검", "아직 실행하지 않았습니다.")
        return
    for code in known:
        row = last.result.get(code)
        if row is None:
            continue
        text = f"대상 {row['subjects']:,}, 미이행 {row['unmet']:,}, 예외 {row['excepted']:,} ({last.on} 점검)"
        yield _fact(rules.get(code).heading, text, row["unmet"] == 0)
