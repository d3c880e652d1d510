"""What is due about contracts of entrustment: for the home page, mails and calendars."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from cameras import entrustment
from cameras.enums import ReentrustmentState
from cameras.models import ContractorInspection, EntrustmentContract, Reentrustment
from ordinance import due, parameters
from ordinance.due import DueItem, Severity
from ordinance.periods import SEOUL

ARTICLE = "조례 제11조"
NOTICE_DAYS = "contract_expiry_notice_days"
URGENT_DAYS = "contract_expiry_urgent_days"
KIND = "위탁"


def listen() -> None:
    due.register("cameras.contracts", reminders)


def reminders(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = now.astimezone(SEOUL).date()
    yield from _expiring(today)
    yield from _over_but_used(today)
    yield from _waiting_requests()
    yield from _open_faults()


def _expiring(today: dt.date) -> Iterator[DueItem]:
    days = parameters.snapshot(today, codes=[NOTICE_DAYS, URGENT_DAYS])
    last = today + dt.timedelta(days=int(days[NOTICE_DAYS].value))
    urgent = today + dt.timedelta(days=int(days[URGENT_DAYS].value))
    for contract in (
        EntrustmentContract.objects.in_force(today).ending_between(today, last).order_by("ends_on")
    ):
        left = (contract.ends_on - today).days
        yield DueItem(
            code="cameras.contract_expires",
            title=f"위탁 계약 {contract.number}의 기간이 {'오늘' if not left else f'{left}일 뒤에'} 끝납니다",
            detail="다음 계약을 맺어 등록하십시오. 끝난 계약의 수탁자는 안내판과 방침에 적지 않습니다.",
            severity=Severity.DUE if contract.ends_on <= urgent else Severity.INFO,
            url_name="contracts:contract",
            url_args=(contract.pk,),
            article=ARTICLE,
            due_on=contract.ends_on,
            kind=KIND,
        )


def _over_but_used(today: dt.date) -> Iterator[DueItem]:
    """Contracts that are over, whose cameras still serve and whose work no contract in force goes on with."""
    for contract in entrustment.lapsed(today):
        yield DueItem(
            code="cameras.contract_over",
            title=f"끝난 위탁 계약 {contract.number}의 업무를 이은 계약이 없습니다",
            detail="새 계약을 등록하거나, 더 맡기지 않으면 계약의 대상 카메라를 해제하십시오.",
            severity=Severity.OVERDUE,
            url_name="contracts:contract",
            url_args=(contract.pk,),
            article=ARTICLE,
            due_on=contract.ended_early_on or contract.ends_on,
            kind=KIND,
        )


def _waiting_requests() -> Iterator[DueItem]:
    waiting = Reentrustment.objects.filter(state=ReentrustmentState.ASKED)
    for request in waiting.select_related("contract"):
        yield DueItem(
            code="cameras.reentrustment_waits",
            title=f"위탁 계약 {request.contract.number}의 재위탁 요청에 답해야 합니다",
            detail="동의하기 전에는 재위탁할 수 없습니다.",
            url_name="contracts:contract",
            url_args=(request.contract_id,),
            article="개인정보 보호법 제26조제6항",
            kind=KIND,
            key=f"cameras.reentrustment_waits:{request.pk}",
        )


def _open_faults() -> Iterator[DueItem]:
    faults = ContractorInspection.objects.filter(is_satisfactory=False, remedied_on__isnull=True)
    for inspection in faults.select_related("contract"):
        yield DueItem(
            code="cameras.contractor_fault",
            title=f"위탁 계약 {inspection.contract.number}의 점검에서 지적한 사항이 시정되지 않았습니다",
            detail=f"점검일 {inspection.on:%Y-%m-%d}",
            url_name="contracts:contract",
            url_args=(inspection.contract_id,),
            article=f"{ARTICLE}제3항",
            kind=KIND,
            key=f"cameras.contractor_fault:{inspection.pk}",
        )
