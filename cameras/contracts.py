"""위탁 (ordinance art. 11, PIPA art. 26, Decree art. 26): contracts of entrustment and what is entrusted on.

Installation and maintenance, and the work of monitoring, may be entrusted; the operation of the whole centre may not
(art. 11(1)): this module, the form and the database each refuse it. A contract that lacks one of the five contents
of Decree art. 26(1) may be stored, since the office must be able to record what it signed; the rule `contract` is
then unmet. Nothing is deleted: a contract ends, a request for re-entrustment is answered.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q

from accounts.models import Officer
from cameras import findings, reentrustment
from cameras.entrustment import cameras_of
from cameras.enums import ContractCoverage, ContractScope
from cameras.models import ContractCamera, Contractor, EntrustmentContract
from cameras.querysets import CameraQuerySet
from cameras.reentrustment_states import UNFINISHED
from casework import acts, refusals
from casework.acts import Act, File
from casework.refusals import Refusal

ENTERED = "cameras.contract_entered"
CHANGED = "cameras.contract_changed"
ENDED = "cameras.contract_ended"
NAMED = "cameras.contract_cameras_named"
RELEASED = "cameras.contract_cameras_released"
CONTRACTOR = "cameras.contractor_kept"
LEDGER_KINDS = {
    ENTERED: "위탁 계약 등록",
    CHANGED: "위탁 계약 변경",
    ENDED: "위탁 계약 중도 해지",
    NAMED: "위탁 계약의 카메라 지정",
    RELEASED: "위탁 계약의 카메라 해제",
    CONTRACTOR: "수탁자 등록·변경",
}

ARTICLE = "조례 제11조"
WHOLE_CENTRE_REFUSED = "통합관제센터의 운영 전부는 위탁할 수 없습니다(조례 제11조제1항)."
# The five of Decree art. 26(1), in its order.
CONTENTS = ("purpose_and_scope", "reentrustment_limits", "safety_measures", "supervision", "liability")
FIELDS = (
    "number",
    "contractor",
    "title",
    "scopes",
    "coverage",
    "institution",
    "signed_on",
    "starts_on",
    "ends_on",
    *CONTENTS,
    "is_whole_centre_operation",
)


def missing_contents(contract: EntrustmentContract) -> list[str]:
    """Which of the five contents of Decree art. 26(1), or the entrusted work itself, the contract lacks."""
    names = [name for name in ("scopes", *CONTENTS) if not _is_written(getattr(contract, name))]
    return [str(EntrustmentContract._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def _is_written(value: str | list[str]) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def enter(
    values: Mapping[str, Any], *, by: Officer, today: dt.date, files: Iterable[File] = ()
) -> EntrustmentContract:
    """Record a contract. `Refused` for what cannot be."""
    with acts.begin(ENTERED, EntrustmentContract(), by=by) as act:
        _write(act, values, reason="위탁 계약 등록", today=today)
        act.attach(files)
        _tell(act, {"missing": len(missing_contents(act.row))})
        act.afterwards(findings.follow_entrustment)
    return act.row


def change(
    contract: EntrustmentContract,
    values: Mapping[str, Any],
    *,
    by: Officer,
    reason: str,
    today: dt.date,
    files: Iterable[File] = (),
) -> EntrustmentContract:
    """Correct or amend a contract, with history; files are added, never taken away."""
    with acts.begin(CHANGED, contract, by=by) as act:
        act.refuse(refusals.unwritten(reason, "reason", "변경 사유를 적어야 합니다."))
        if values.get("contractor", act.row.contractor) != act.row.contractor:
            act.refuse(
                [Refusal("contractor", "수탁자가 바뀌면 새 계약으로 등록하십시오.", field="contractor")]
            )
        _write(act, values, reason=reason, today=today)
        act.attach(files)
        _tell(act, {"missing": len(missing_contents(act.row))})
        act.afterwards(findings.follow_entrustment)
    return act.row


def _write(act: Act[EntrustmentContract], values: Mapping[str, Any], *, reason: str, today: dt.date) -> None:
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"a contract has no {sorted(unknown)} to write")
    for name, value in values.items():
        setattr(act.row, name, value.strip() if isinstance(value, str) else value)
    act.refuse(_against_work(act.row))
    # Entrusting nothing yet is one of the gaps that may be stored (`missing_contents`).
    act.write(reason=reason, unchecked=() if act.row.scopes else ("scopes",), **values)
    act.refuse(_against_period(act.row, today))


def _against_work(contract: EntrustmentContract) -> Iterator[Refusal]:
    if contract.is_whole_centre_operation:
        yield Refusal("whole", WHOLE_CENTRE_REFUSED, field="is_whole_centre_operation")
    if unknown := set(contract.scopes) - set(ContractScope.values):
        sentence = f"위탁할 수 있는 업무가 아닙니다: {', '.join(sorted(unknown))}"
        yield Refusal("scopes", sentence, ARTICLE, field="scopes")


def _against_period(contract: EntrustmentContract, today: dt.date) -> Iterator[Refusal]:
    yield from refusals.outside(contract.signed_on, "signed_on", "계약일", until=today)
    if contract.signed_on > contract.ends_on:
        yield Refusal("signed", "계약일이 계약 종료일보다 뒤입니다.", field="signed_on")
    outside = Q(on__lt=contract.starts_on) | Q(on__gt=contract.ends_on)
    if contract.trainings.filter(outside).exists() or contract.inspections.filter(outside).exists():
        sentence = "바꾼 기간 밖에 이미 기록한 교육이나 점검이 있습니다."
        yield Refusal("records", sentence, field="starts_on")
    if same := _same_at_that_time(contract):
        sentence = f"기간이 겹치는 같은 이름의 계약이 이미 있습니다: {same.number}."
        yield Refusal("double", sentence, remedy="계약명을 확인하십시오.", field="title")


def _same_at_that_time(contract: EntrustmentContract) -> EntrustmentContract | None:
    """The same contract entered twice under two numbers: same contractor and name at the same time."""
    found: EntrustmentContract | None = (
        EntrustmentContract.objects.filter(contractor=contract.contractor, title=contract.title)
        .filter(starts_on__lte=contract.ends_on, ends_on__gte=contract.starts_on)
        .exclude(ended_early_on__lt=contract.starts_on)
        .exclude(pk=contract.pk)
        .first()
    )
    return found


def end_early(
    contract: EntrustmentContract, *, on: dt.date, reason: str, by: Officer, today: dt.date
) -> EntrustmentContract:
    """중도 해지: from that day on nothing is entrusted by this contract. It cannot be taken back."""
    with acts.begin(ENDED, contract, by=by) as act:
        act.refuse(_against_ending(act.row, on, reason, today))
        act.write(ended_early_on=on, ended_early_reason=reason, reason=reason)
        for asked in act.row.reentrustments.filter(state__in=UNFINISHED):
            reentrustment.end_with_contract(act, asked, on)
        _tell(act, {"on": on.isoformat()})
        act.afterwards(findings.follow_entrustment)
    return act.row


def _against_ending(
    contract: EntrustmentContract, on: dt.date, reason: str, today: dt.date
) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "해지 사유를 적어야 합니다.")
    if contract.ended_early_on:
        yield Refusal("ended", f"이미 {contract.ended_early_on:%Y-%m-%d}에 해지한 계약입니다.")
    if not contract.starts_on <= on <= contract.ends_on:
        yield Refusal("period", "해지일은 계약 기간 안의 날이어야 합니다.", field="on")
    yield from refusals.outside(on, "on", "해지일", until=today)


# -- cameras


def covers_nothing(contract: EntrustmentContract) -> bool:
    """Nobody has said whose cameras it is about: no sign can name the contractor for it."""
    is_named = contract.coverage == ContractCoverage.NAMED
    return is_named and not cameras_of(contract).not_removed().exists()


def name_cameras(
    contract: EntrustmentContract, cameras: CameraQuerySet, *, by: Officer, reason: str, today: dt.date
) -> int:
    """The contract is about these cameras too; how many were not named before. Refused for a contract that is over."""
    with acts.begin(NAMED, contract, by=by) as act:
        act.refuse(_against_naming(act.row, reason, today))
        standing = ContractCamera.objects.filter(contract=act.row, released_on__isnull=True)
        new = cameras.not_removed().exclude(pk__in=standing.values("camera"))
        keys = list(new.order_by("pk").values_list("pk", flat=True))
        ContractCamera.objects.bulk_create(
            [
                ContractCamera(contract=act.row, camera_id=key, named_on=today, named_reason=reason.strip())
                for key in keys
            ],
            batch_size=2_000,
        )
        _follow_cameras(act, keys)
    return len(keys)


def _against_naming(contract: EntrustmentContract, reason: str, today: dt.date) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "지정 사유를 적어야 합니다.")
    if contract.coverage != ContractCoverage.NAMED:
        yield Refusal(
            "coverage",
            f"이 계약의 대상은 ‘{contract.get_coverage_display()}’입니다.",
            remedy="카메라를 지정하려면 먼저 계약의 대상을 고치십시오.",
        )
    if contract.ends_on < today or (contract.ended_early_on and contract.ended_early_on <= today):
        yield Refusal("over", "끝난 계약입니다. 카메라를 지정할 수 없습니다.")


def release_cameras(
    contract: EntrustmentContract, cameras: CameraQuerySet, *, by: Officer, reason: str, today: dt.date
) -> int:
    """The contract is about these cameras no longer; how many were named until now."""
    with acts.begin(RELEASED, contract, by=by) as act:
        act.refuse(refusals.unwritten(reason, "reason", "해제 사유를 적어야 합니다."))
        lines = ContractCamera.objects.filter(
            contract=act.row, released_on__isnull=True, camera__in=cameras.order_by().values("pk")
        )
        keys = list(lines.values_list("camera", flat=True))
        lines.update(released_on=today, released_reason=reason.strip())
        _follow_cameras(act, keys)
    return len(keys)


def _follow_cameras(act: Act[EntrustmentContract], cameras: list[int]) -> None:
    _tell(act, {"cameras": len(cameras)})
    act.afterwards(lambda: findings.follow(cameras, codes=["sign"]))
    act.afterwards(findings.follow_contracts)


def _tell(act: Act[EntrustmentContract], facts: Mapping[str, Any]) -> None:
    """No names: a contractor may be a person."""
    act.payload |= {"contract": act.row.number, "contractor": act.row.contractor_id, **facts}


# -- contractors


def keep_contractor(contractor: Contractor, *, name: str, phone: str, by: Officer) -> Contractor:
    """수탁자 as it stands on signs and policy, entered or put right."""
    with acts.begin(CONTRACTOR, contractor, by=by) as act:
        act.write(name=name, phone=phone)
        act.payload["contractor"] = act.row.pk
        act.afterwards(findings.follow_entrustment)
    return act.row
