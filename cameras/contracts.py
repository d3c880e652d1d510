"""위탁 (ordinance art. 11, PIPA art. 26, Decree art. 26): contracts of entrustment and what is entrusted on.

Installation and maintenance, and the work of monitoring, may be entrusted; the operation of the whole centre may not
(art. 11(1)): this module, the form and the database each refuse it. A contract that lacks one of the five contents
of Decree art. 26(1) may be stored, since the office must be able to record what it signed; the rule `contract` is
then unmet. Nothing is deleted: a contract ends, a request for re-entrustment is answered.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Officer
from cameras import findings
from cameras.entrustment import cameras_of
from cameras.enums import ContractCoverage, ContractScope
from cameras.models import ContractCamera, EntrustmentContract, Reentrustment
from cameras.querysets import CameraQuerySet
from casework.models import Attachment
from ledger import append

ENTERED = "cameras.contract_entered"
CHANGED = "cameras.contract_changed"
ENDED = "cameras.contract_ended"
NAMED = "cameras.contract_cameras_named"
RELEASED = "cameras.contract_cameras_released"
REENTRUSTMENT = "cameras.contract_reentrustment_answered"
LEDGER_KINDS = {
    ENTERED: "위탁 계약 등록",
    CHANGED: "위탁 계약 변경",
    ENDED: "위탁 계약 중도 해지",
    NAMED: "위탁 계약의 카메라 지정",
    RELEASED: "위탁 계약의 카메라 해제",
    REENTRUSTMENT: "재위탁 동의·거부",
}

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


@transaction.atomic
def enter(
    values: Mapping[str, Any], *, by: Officer, today: dt.date, attachments: Sequence[Attachment] = ()
) -> EntrustmentContract:
    """Record a contract, with its line in the ledger. ValidationError for what cannot be."""
    contract = _write(EntrustmentContract(), values, by=by, reason="위탁 계약 등록", today=today)
    contract.attachments.add(*attachments)
    findings.follow_entrustment()
    _tell(ENTERED, contract, by, {"missing": len(missing_contents(contract))})
    return contract


@transaction.atomic
def change(
    contract: EntrustmentContract,
    values: Mapping[str, Any],
    *,
    by: Officer,
    reason: str,
    today: dt.date,
    attachments: Sequence[Attachment] = (),
) -> EntrustmentContract:
    """Correct or amend a contract, with history; files are added, never taken away."""
    _require(reason, "reason", "변경 사유를 적어야 합니다.")
    locked = EntrustmentContract.objects.select_for_update().get(pk=contract.pk)
    if "contractor" in values and values["contractor"] != locked.contractor:
        raise ValidationError({"contractor": "수탁자가 바뀌면 새 계약으로 등록하십시오."})
    _write(locked, values, by=by, reason=reason, today=today)
    _refuse_records_outside(locked)
    locked.attachments.add(*attachments)
    findings.follow_entrustment()
    _tell(CHANGED, locked, by, {"missing": len(missing_contents(locked))})
    return locked


def _write(
    contract: EntrustmentContract, values: Mapping[str, Any], *, by: Officer, reason: str, today: dt.date
) -> EntrustmentContract:
    for name, value in values.items():
        if name not in FIELDS:
            raise TypeError(f"a contract has no {name!r} to write")
        setattr(contract, name, value.strip() if isinstance(value, str) else value)
    if contract.is_whole_centre_operation:
        raise ValidationError({"is_whole_centre_operation": WHOLE_CENTRE_REFUSED})
    if unknown := set(contract.scopes) - set(ContractScope.values):
        raise ValidationError({"scopes": f"위탁할 수 있는 업무가 아닙니다: {', '.join(sorted(unknown))}"})
    # Entrusting nothing yet is one of the gaps that may be stored (`missing_contents`).
    contract.full_clean(exclude=() if contract.scopes else ("scopes",))
    _refuse_days(contract, today)
    _refuse_double(contract)
    _keep(contract, by, reason)
    return contract


def _keep(contract: EntrustmentContract, by: Officer, reason: str) -> None:
    contract._change_reason = reason.strip()[:500]  # type: ignore[attr-defined]
    contract._history_user = by  # type: ignore[attr-defined]
    contract.save()


def _refuse_days(contract: EntrustmentContract, today: dt.date) -> None:
    if contract.signed_on > today:
        raise ValidationError({"signed_on": "계약일은 오늘보다 뒤일 수 없습니다."})
    if contract.signed_on > contract.ends_on:
        raise ValidationError({"signed_on": "계약일이 계약 종료일보다 뒤입니다."})


def _refuse_double(contract: EntrustmentContract) -> None:
    """The same contract entered twice under two numbers: same contractor and name at the same time."""
    same = (
        EntrustmentContract.objects.filter(contractor=contract.contractor, title=contract.title)
        .filter(starts_on__lte=contract.ends_on, ends_on__gte=contract.starts_on)
        .exclude(ended_early_on__lt=contract.starts_on)
        .exclude(pk=contract.pk)
        .first()
    )
    if same:
        raise ValidationError(
            {
                "title": f"기간이 겹치는 같은 이름의 계약이 이미 있습니다: {same.number}. 계약명을 확인하십시오."
            }
        )


def _refuse_records_outside(contract: EntrustmentContract) -> None:
    outside = Q(on__lt=contract.starts_on) | Q(on__gt=contract.ends_on)
    if contract.trainings.filter(outside).exists() or contract.inspections.filter(outside).exists():
        raise ValidationError({"starts_on": "바꾼 기간 밖에 이미 기록한 교육이나 점검이 있습니다."})


@transaction.atomic
def end_early(
    contract: EntrustmentContract, *, on: dt.date, reason: str, by: Officer, today: dt.date
) -> EntrustmentContract:
    """중도 해지: from that day on nothing is entrusted by this contract. It cannot be taken back."""
    _require(reason, "reason", "해지 사유를 적어야 합니다.")
    locked = EntrustmentContract.objects.select_for_update().get(pk=contract.pk)
    if locked.ended_early_on:
        raise ValidationError(f"이미 {locked.ended_early_on:%Y-%m-%d}에 해지한 계약입니다.")
    if not locked.starts_on <= on <= locked.ends_on:
        raise ValidationError({"on": "해지일은 계약 기간 안의 날이어야 합니다."})
    if on > today:
        raise ValidationError({"on": "해지일은 오늘보다 뒤일 수 없습니다."})
    locked.ended_early_on, locked.ended_early_reason = on, reason.strip()
    _keep(locked, by, reason)
    locked.reentrustments.filter(ended_on__isnull=True).update(ended_on=on)
    findings.follow_entrustment()
    _tell(ENDED, locked, by, {"on": on.isoformat()})
    return locked


# -- re-entrustment


@transaction.atomic
def ask_for_reentrustment(
    contract: EntrustmentContract,
    *,
    contractor_name: str,
    scope: str,
    asked_on: dt.date,
    today: dt.date,
    phone: str = "",
) -> Reentrustment:
    """The contractor wants to have somebody else do part of it; nothing is allowed until the district consents."""
    if asked_on > today:
        raise ValidationError({"asked_on": "요청일은 오늘보다 뒤일 수 없습니다."})
    if not EntrustmentContract.objects.in_force(asked_on).filter(pk=contract.pk).exists():
        raise ValidationError({"asked_on": "그날 효력이 없는 계약입니다. 재위탁할 수 없습니다."})
    if contractor_name.strip() == contract.contractor.name:
        raise ValidationError({"contractor_name": "수탁자 자신에게 재위탁할 수 없습니다."})
    request = Reentrustment(
        contract=contract,
        contractor_name=contractor_name.strip(),
        phone=phone.strip(),
        scope=scope.strip(),
        asked_on=asked_on,
    )
    request.full_clean()
    request.save()
    findings.follow_contracts()
    return request


@transaction.atomic
def consent(
    request: Reentrustment, *, on: dt.date, document: str, by: Officer, today: dt.date
) -> Reentrustment:
    """동의 (PIPA art. 26(6)), by a document. A refused request is not consented to: it has to be made again."""
    _require(document, "document", "동의한 문서번호를 적어야 합니다(개인정보 보호법 제26조제6항).")
    waiting = _waiting(request, on, today)
    waiting.consented_on, waiting.consent_document = on, document.strip()
    return _answer(waiting, by, "consented")


@transaction.atomic
def refuse(request: Reentrustment, *, on: dt.date, reason: str, by: Officer, today: dt.date) -> Reentrustment:
    """거부: nothing may be entrusted on. The request is over with it."""
    _require(reason, "reason", "거부 사유를 적어야 합니다.")
    waiting = _waiting(request, on, today)
    waiting.refused_on, waiting.refusal_reason, waiting.ended_on = on, reason.strip(), on
    return _answer(waiting, by, "refused")


@transaction.atomic
def end_reentrustment(request: Reentrustment, *, on: dt.date, today: dt.date) -> Reentrustment:
    """The other firm's work is over."""
    current = Reentrustment.objects.select_for_update().get(pk=request.pk)
    if not current.is_in_effect:
        raise ValidationError("동의하여 하고 있는 재위탁만 끝낼 수 있습니다.")
    if current.consented_on and not current.consented_on <= on <= today:
        raise ValidationError({"on": "종료일은 동의일부터 오늘까지의 날이어야 합니다."})
    current.ended_on = on
    current.save()
    findings.follow_contracts()
    return current


def _waiting(request: Reentrustment, on: dt.date, today: dt.date) -> Reentrustment:
    current = Reentrustment.objects.select_for_update().select_related("contract").get(pk=request.pk)
    if current.refused_on:
        raise ValidationError(
            f"{current.refused_on:%Y-%m-%d}에 거부한 재위탁입니다. 다시 하려면 새로 요청을 받아 기록하십시오."
        )
    if current.consented_on:
        raise ValidationError(f"이미 {current.consented_on:%Y-%m-%d}에 동의한 재위탁입니다.")
    if current.ended_on:
        raise ValidationError("이미 끝난 재위탁입니다.")
    if on > today or (current.asked_on and on < current.asked_on):
        raise ValidationError({"on": "결정일은 요청일부터 오늘까지의 날이어야 합니다."})
    return current


def _answer(request: Reentrustment, by: Officer, decision: str) -> Reentrustment:
    request.full_clean()
    request.save()
    findings.follow_contracts()
    _tell(REENTRUSTMENT, request.contract, by, {"reentrustment": request.pk, "decision": decision})
    return request


# -- cameras


def covers_nothing(contract: EntrustmentContract) -> bool:
    """Nobody has said whose cameras it is about: no sign can name the contractor for it."""
    is_named = contract.coverage == ContractCoverage.NAMED
    return is_named and not cameras_of(contract).not_removed().exists()


@transaction.atomic
def name_cameras(
    contract: EntrustmentContract, cameras: CameraQuerySet, *, by: Officer, reason: str, today: dt.date
) -> int:
    """The contract is about these cameras too; how many were not named before. Refused for a contract that is over."""
    _require(reason, "reason", "지정 사유를 적어야 합니다.")
    locked = EntrustmentContract.objects.select_for_update().get(pk=contract.pk)
    if locked.coverage != ContractCoverage.NAMED:
        raise ValidationError(
            f"이 계약의 대상은 ‘{locked.get_coverage_display()}’입니다. 카메라를 지정하려면 먼저 계약의 대상을 고치십시오."
        )
    if locked.ends_on < today or (locked.ended_early_on and locked.ended_early_on <= today):
        raise ValidationError("끝난 계약입니다. 카메라를 지정할 수 없습니다.")
    standing = ContractCamera.objects.filter(contract=locked, released_on__isnull=True)
    new = cameras.not_removed().exclude(pk__in=standing.values("camera"))
    keys = list(new.order_by("pk").values_list("pk", flat=True))
    ContractCamera.objects.bulk_create(
        [
            ContractCamera(contract=locked, camera_id=key, named_on=today, named_reason=reason.strip())
            for key in keys
        ],
        batch_size=2_000,
    )
    _follow_cameras(keys)
    _tell(NAMED, locked, by, {"cameras": len(keys)})
    return len(keys)


@transaction.atomic
def release_cameras(
    contract: EntrustmentContract, cameras: CameraQuerySet, *, by: Officer, reason: str, today: dt.date
) -> int:
    """The contract is about these cameras no longer; how many were named until now."""
    _require(reason, "reason", "해제 사유를 적어야 합니다.")
    locked = EntrustmentContract.objects.select_for_update().get(pk=contract.pk)
    lines = ContractCamera.objects.filter(
        contract=locked, released_on__isnull=True, camera__in=cameras.order_by().values("pk")
    )
    keys = list(lines.values_list("camera", flat=True))
    lines.update(released_on=today, released_reason=reason.strip())
    _follow_cameras(keys)
    _tell(RELEASED, locked, by, {"cameras": len(keys)})
    return len(keys)


def _follow_cameras(cameras: list[int]) -> None:
    findings.follow(cameras, codes=["sign"])
    findings.follow_contracts()


def _require(text: str, name: str, message: str) -> None:
    if not text.strip():
        raise ValidationError({name: message})


def _tell(kind: str, contract: EntrustmentContract, by: Officer, facts: Mapping[str, Any]) -> None:
    """No names: a contractor may be a person."""
    append.record(
        kind,
        actor=f"officer:{by.pk}",
        subject=f"contract:{contract.pk}",
        payload={"contract": contract.number, "contractor": contract.contractor_id, **facts},
    )
