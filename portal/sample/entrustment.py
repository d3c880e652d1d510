"""Contracts of the sample district: most in order, one about to run out, one with gaps.

All dates count back from the day on which the sample is made, so that what is due is due whenever it is made.
"""

from datetime import date, timedelta
from typing import Any

from accounts.models import Officer
from cameras import contractor_supervision, contracts, reentrustment
from cameras.contractor_supervision import Answer, Result
from cameras.enums import ContractCoverage, ContractScope
from cameras.models import Camera, Contractor, EntrustmentContract
from portal.sample.papers import RECORDS_BROUGHT_IN

CONTRACTORS = ("(주)한빛통신기술", "강서정보통신(주)", "(주)늘푸른시스템")
MONITORING = "(주)온누리관제"
RECORDERS = "(주)다온스토리지"
WHOLE = {
    "purpose_and_scope": "영상정보처리기기의 설치·유지보수. 맡긴 업무 밖의 영상정보 처리는 하지 않는다.",
    "reentrustment_limits": "구의 서면 동의 없이 다시 위탁하지 않는다.",
    "safety_measures": "계정을 사람마다 따로 쓰고, 원격 접속은 허가받은 기기로만 한다. 영상을 밖으로 내보내지 않는다.",
    "supervision": "구의 정기 점검을 받고 지적받은 것을 30일 안에 시정한다.",
    "liability": "의무를 어겨 생긴 손해를 배상하고, 구는 계약을 해지할 수 있다.",
}
FAULT = "그만둔 사람 1명의 원격 접속 계정이 남아 있음"


def enter_contracts(by: Officer, today: date) -> None:
    """Once: a district that has contracts keeps its own."""
    if EntrustmentContract.objects.exists():
        return
    _in_order_but_expiring(by, today)
    _with_open_fault(by, today)
    _with_gaps(by, today)
    _monitoring(by, today)
    _recorders(by, today)
    _lapsed(by, today)


def _enter(
    name: str, serial: int, starts_on: date, by: Officer, today: date, **values: Any
) -> EntrustmentContract:
    contractor, _ = Contractor.objects.get_or_create(name=name, defaults={"phone": "02-2600-0000"})
    given = {
        "number": f"{starts_on.year}-안전관리-{serial:03d}",
        "contractor": contractor,
        "scopes": [ContractScope.MAINTENANCE],
        "signed_on": starts_on - timedelta(days=10),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=364),
        **WHOLE,
        **values,
    }
    return contracts.enter(given, by=by, today=today)


def _in_order_but_expiring(by: Officer, today: date) -> None:
    contract = _enter(
        CONTRACTORS[0], 11, today - timedelta(days=340), by, today, title="방범용 CCTV 유지보수 용역"
    )
    _name(contract, 0, by, today)
    _train(contract, today - timedelta(days=300), by, today)
    _inspect(contract, today - timedelta(days=60), by, today, bad="")


def _with_open_fault(by: Officer, today: date) -> None:
    contract = _enter(
        CONTRACTORS[1],
        24,
        today - timedelta(days=200),
        by,
        today,
        title="CCTV 설치 및 유지보수",
        scopes=[ContractScope.INSTALLATION, ContractScope.MAINTENANCE],
        ends_on=today + timedelta(days=530),
    )
    _name(contract, 1, by, today)
    _train(contract, today - timedelta(days=190), by, today)
    _inspect(contract, today - timedelta(days=20), by, today, bad="accounts")
    reentrustment.ask(
        contract,
        contractor_name="가람전기공사",
        phone="02-2600-0001",
        scope="고소작업차를 쓰는 카메라 교체 작업",
        asked_on=today - timedelta(days=5),
        by=by,
        today=today,
    )


def _with_gaps(by: Officer, today: date) -> None:
    contract = _enter(
        CONTRACTORS[2],
        31,
        today - timedelta(days=120),
        by,
        today,
        title="주정차 단속 카메라 유지보수",
        supervision="",
        liability="",
    )
    _name(contract, 2, by, today)


def _monitoring(by: Officer, today: date) -> None:
    contract = _enter(
        MONITORING,
        5,
        today - timedelta(days=150),
        by,
        today,
        title="통합관제센터 모니터링 용역",
        scopes=[ContractScope.MONITORING],
        coverage=ContractCoverage.LINKED,
        purpose_and_scope="관제요원의 실시간 모니터링. 관제센터의 운영과 영상의 제공은 구가 한다.",
        ends_on=today + timedelta(days=580),
    )
    _train(contract, today - timedelta(days=149), by, today)


def _recorders(by: Officer, today: date) -> None:
    """Everybody's footage is on the recorders: one contract about all cameras."""
    contract = _enter(
        RECORDERS,
        17,
        today - timedelta(days=90),
        by,
        today,
        title="저장장치·녹화서버 유지보수",
        coverage=ContractCoverage.ALL,
    )
    _train(contract, today - timedelta(days=80), by, today)


def _lapsed(by: Officer, today: date) -> None:
    """Over, and followed by another firm: nobody names it any more."""
    _enter(
        "(주)가온네트웍스",
        16,
        today - timedelta(days=480),
        by,
        today,
        title="저장장치·녹화서버 유지보수 (지난해)",
        coverage=ContractCoverage.ALL,
    )


def _name(contract: EntrustmentContract, third: int, by: Officer, today: date) -> None:
    """Every third camera; one in twenty-five belongs to nobody's contract."""
    keys = Camera.objects.order_by("number").values_list("pk", flat=True)
    chosen = [key for place, key in enumerate(keys) if place % 25 != 3 and place % len(CONTRACTORS) == third]
    contracts.name_cameras(
        contract, Camera.objects.among(chosen), by=by, reason=RECORDS_BROUGHT_IN, today=today
    )


def _train(contract: EntrustmentContract, on: date, by: Officer, today: date) -> None:
    contractor_supervision.record_training(
        contract,
        on=on,
        subject="영상정보 보호와 비밀유지",
        attendees=12,
        trainer="영상정보팀",
        by=by,
        today=today,
    )


def _inspect(contract: EntrustmentContract, on: date, by: Officer, today: date, *, bad: str) -> None:
    answers = [
        Answer(item, Result.BAD, FAULT) if item.code == bad else Answer(item, Result.GOOD)
        for item in contractor_supervision.items_in_use()
    ]
    contractor_supervision.record_inspection(
        contract, answers, on=on, findings="현장 점검", by=by, today=today
    )
