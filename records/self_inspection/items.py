"""What is looked at (the eight matters of Guideline art. 48), and what the system itself knows of each for a year.

The titles are our own short words for the guideline's. A fact is `{"label", "value", "is_in_order"}`; the last is None where
a figure says nothing about order. A person judges; the system only lays out.

A year is told as it was known when it was over. Where nothing was on record yet, that is said: it is neither zero nor order.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.designations import responsible_on
from cameras import policy
from cameras.enums import IN_SERVICE
from cameras.models import Camera, EntrustmentContract
from footage.models import DeletionConfirmation, Hold
from ordinance import rules
from ordinance.models import Assessment
from ordinance.periods import SEOUL
from records.models import ViewingRequest
from records.self_inspection import calendar
from records.viewing import figures

Fact = dict[str, Any]
CITATION = "표준 개인정보 보호지침 제48조"
NOTHING_KNOWN = "이 시스템에 자료가 없습니다. 문서와 현장에서 확인하십시오."
NOT_RECORDED = "기록 없음"


@dataclass(frozen=True)
class Item:
    """`rules` are codes of duties whose last figures belong to it; `more` gives further facts of a year."""

    code: str
    title: str
    rules: tuple[str, ...] = ()
    more: Callable[[int], Iterable[Fact]] = lambda year: ()


def _fact(label: str, value: str, is_in_order: bool | None = None) -> Fact:
    return {"label": label, "value": value, "is_in_order": is_in_order}


def _last_day(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)


def _end(year: int) -> datetime.datetime:
    """The first instant after it."""
    return datetime.datetime(year + 1, 1, 1, tzinfo=SEOUL)


def _counted(label: str, count: int, unit: str, year: int, more: str = "") -> Fact:
    """None of a year before the office worked with this system is no zero."""
    is_known = bool(count) or _is_recorded(year)
    return _fact(label, f"{count:,}{unit}{more}" if is_known else NOT_RECORDED)


def _is_recorded(year: int) -> bool:
    since = calendar.first_year()
    return since is not None and since <= year


def _there(label: str, value: str, absent: str, year: int) -> Fact:
    """What stood at the end of the year: not to be there is a fault of a year that is on record only."""
    if value:
        return _fact(label, value, True)
    return _fact(label, absent, False) if _is_recorded(year) else _fact(label, NOT_RECORDED)


def _policies(year: int) -> Iterable[Fact]:
    last = policy.published().filter(effective_on__lte=_last_day(year)).first()
    said = f"제{last.version}판 ({last.effective_on} 시행)" if last else ""
    yield _there("연말에 시행 중이던 방침", said, "없음", year)


def _manager(year: int) -> Iterable[Fact]:
    department = responsible_on(_last_day(year))
    yield _there("연말의 전담부서", department.name if department else "", "지정 없음", year)


def _cameras(year: int) -> Iterable[Fact]:
    just_before = _end(year) - datetime.timedelta(microseconds=1)
    stood = Camera.history.as_of(just_before).filter(state__in=IN_SERVICE)
    yield _counted("연말에 운영·중지 중이던 카메라", stood.count(), "대", year)
    cameras = Camera.objects.order_by()
    yield _counted("그 해에 설치", cameras.installed_in(year).count(), "대", year)
    yield _counted("그 해에 철거", cameras.filter(removed_on__year=year).count(), "대", year)


def _footage(year: int) -> Iterable[Fact]:
    confirmed = DeletionConfirmation.objects.filter(confirmed_at__year=year)
    faults = f" (이상 있음 {confirmed.filter(is_working=False).count():,}회)"
    yield _counted("자동삭제 확인", confirmed.count(), "회", year, faults)
    yield _counted("그 해에 건 삭제 유예", Hold.objects.filter(placed_at__year=year).count(), "건", year)


def _contracts(year: int) -> Iterable[Fact]:
    last = datetime.date(year, 12, 31)
    served = EntrustmentContract.objects.filter(starts_on__lte=last, ends_on__year__gte=year).exclude(
        ended_early_on__lt=datetime.date(year, 1, 1)
    )
    yield _counted("그 해에 효력이 있던 위탁 계약", served.count(), "건", year)


def _requests(year: int) -> Iterable[Fact]:
    late = figures.late_answered(year)
    received = ViewingRequest.objects.filter(received_at__year=year).count()
    yield _counted("접수한 열람등 청구", received, "건", year)
    answered = figures.answered(year)
    found = _counted("기한을 넘긴 답변", late, "건", year, f" / 답한 청구 {answered:,}건")
    # None late of none is no order.
    yield found | {"is_in_order": late == 0 if answered else None}


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
    """What the system knows of that matter in that year; one line that says so where it knows nothing."""
    found = [*item.more(year), *of_duties(item.rules, year)]
    return found or [_fact("시스템의 자료", NOTHING_KNOWN)]


def of_duties(codes: Iterable[str], year: int | None = None) -> Iterable[Fact]:
    """The figures of the last assessment, of that year or of all, as the screen 조례 점검 has them."""
    known = list(codes)
    if not known:
        return
    finished = Assessment.objects.filter(~Q(result={}), finished_at__isnull=False)
    if year is not None:
        finished = finished.filter(finished_at__lt=_end(year), on__year=year)
    last = finished.order_by("-pk").first()
    if last is None and year is None:
        yield _fact("조례 점검", "아직 실행하지 않았습니다.")
        return
    if last is None:
        yield _fact(
            "조례 점검",
            f"{NOT_RECORDED}: 그 해에 마친 점검이 없습니다. 지금의 점검 결과는 그 해의 것이 아닙니다.",
        )
        return
    for code in known:
        row = last.result.get(code)
        if row is None:
            continue
        text = f"대상 {row['subjects']:,}, 미이행 {row['unmet']:,}, 예외 {row['excepted']:,} ({last.on} 점검)"
        # Of nobody nothing is in order.
        yield _fact(rules.get(code).heading, text, row["unmet"] == 0 if row["subjects"] else None)
