"""Contracts of entrustment as the office enters them."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Officer
from cameras import contractor_supervision, contracts, reentrustment
from cameras.contractor_supervision import Answer, Result
from cameras.models import (
    Camera,
    Contractor,
    ContractorInspection,
    EntrustmentContract,
    InspectionItem,
    Reentrustment,
)
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import ContractorFactory

TODAY = dt.date(2026, 11, 20)
_serial = iter(range(1, 1_000_000))


def values(**changes) -> dict:
    """A complete contract of this year."""
    number = next(_serial)
    return {
        "number": f"계약-{number}",
        "contractor": changes.pop("contractor", None) or ContractorFactory(),
        "title": f"CCTV 유지보수 {number}",
        "scopes": ["maintenance"],
        "signed_on": dt.date(2025, 12, 20),
        "starts_on": dt.date(2026, 1, 1),
        "ends_on": dt.date(2026, 12, 31),
        "purpose_and_scope": "카메라와 저장장치의 유지보수",
        "reentrustment_limits": "구의 동의 없이 재위탁하지 않는다.",
        "safety_measures": "계정을 사람마다 따로 쓴다.",
        "supervision": "해마다 점검을 받는다.",
        "liability": "위반하면 손해를 배상한다.",
        **changes,
    }


def entered(by: Officer | None = None, *, today: dt.date | None = None, **changes) -> EntrustmentContract:
    return contracts.enter(values(**changes), by=by or OfficerFactory(), today=today or TODAY)


def entrusted_now(*cameras: Camera, name: str = "", phone: str = "02-1", **changes) -> EntrustmentContract:
    """A contract in force today whose contractor is entrusted with these cameras."""
    today = timezone.localdate()
    contractor = ContractorFactory(**({"name": name} if name else {}), phone=phone)
    given = {
        "contractor": contractor,
        "signed_on": today - dt.timedelta(days=60),
        "starts_on": today - dt.timedelta(days=50),
        "ends_on": today + dt.timedelta(days=300),
        **changes,
    }
    contract = contracts.enter(values(**given), by=OfficerFactory(), today=today)
    return named(contract, *cameras) if cameras else contract


def named(contract: EntrustmentContract, *cameras: Camera) -> EntrustmentContract:
    """The contract is about these cameras, from the day on which it began."""
    contracts.name_cameras(
        contract,
        Camera.objects.filter(pk__in=[camera.pk for camera in cameras]),
        by=OfficerFactory(),
        reason="계약 체결",
        today=contract.starts_on,
    )
    return contract


def inspected(contract: EntrustmentContract, *, bad: int = 0, **facts) -> ContractorInspection:
    """An inspection on 2 March 2026 in which the first `bad` items were found bad."""
    items = contractor_supervision.items_in_use()
    answers = [
        Answer(item, Result.BAD if place < bad else Result.GOOD, "미비" if place < bad else "")
        for place, item in enumerate(items)
    ]
    facts.setdefault("on", dt.date(2026, 3, 2))
    return contractor_supervision.record_inspection(
        contract, answers, by=OfficerFactory(), today=TODAY, **facts
    )


def trained(contract: EntrustmentContract, **facts):
    given = {"on": dt.date(2026, 3, 2), "subject": "개인정보 보호", "attendees": 5, **facts}
    return contractor_supervision.record_training(contract, by=OfficerFactory(), today=TODAY, **given)


def asked(contract: EntrustmentContract, **facts) -> Reentrustment:
    given = {
        "contractor_name": "가람전기",
        "scope": "고소작업차 작업",
        "asked_on": dt.date(2026, 4, 1),
        **facts,
    }
    return reentrustment.ask(contract, by=OfficerFactory(), today=TODAY, **given)


@dataclass
class ContractorsWorld:
    contractor: Contractor
    contract: EntrustmentContract
    inspection: ContractorInspection
    request: Reentrustment
    item: InspectionItem


def a_contractors_world() -> ContractorsWorld:
    contract = entered()
    return ContractorsWorld(
        contract.contractor,
        contract,
        inspected(contract, bad=1),
        asked(contract),
        InspectionItem.objects.first(),
    )
