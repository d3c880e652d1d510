"""수탁자 교육과 관리·감독 (ordinance art. 11(3), PIPA art. 26(4), Guideline art. 43(3)).

An inspection goes through a checklist whose items the office keeps as data (`InspectionItem`). What was asked and
answered is stored with the inspection, so that a changed item does not change an old one. What was found bad stays
open until its remedy is recorded.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.crypto import get_random_string

from cameras import findings as duty_findings
from cameras.models import ContractorInspection, ContractorTraining, EntrustmentContract, InspectionItem
from casework.models import Attachment
from ledger import append

if TYPE_CHECKING:
    from accounts.models import Officer

TRAINED = "cameras.contractor_trained"
INSPECTED = "cameras.contractor_inspected"
REMEDIED = "cameras.contractor_fault_remedied"
LEDGER_KINDS = {TRAINED: "수탁자 교육 기록", INSPECTED: "수탁자 점검 기록", REMEDIED: "수탁자 지적 사항 시정"}


class Result(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NONE = "none"

    @property
    def label(self) -> str:
        return {"good": "적합", "bad": "부적합", "none": "해당 없음"}[self.value]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the inspector found about one item."""

    item: InspectionItem
    result: Result
    note: str = ""

    def stored(self) -> dict[str, str]:
        return {
            "code": self.item.code,
            "label": self.item.label,
            "result": self.result.value,
            "note": self.note.strip(),
        }


def items_in_use() -> list[InspectionItem]:
    """What the next inspection looks at, in order."""
    return list(InspectionItem.objects.filter(is_in_use=True))


def add_item(label: str, *, citation: str = "") -> InspectionItem:
    """A further item at the end of the list."""
    last = InspectionItem.objects.aggregate(last=Max("position"))["last"] or 0
    item = InspectionItem(
        code=f"item-{get_random_string(8).lower()}",
        label=label.strip(),
        citation=citation.strip(),
        position=min(last + 10, 32_767),
    )
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def record_training(
    contract: EntrustmentContract,
    *,
    on: dt.date,
    subject: str,
    attendees: int,
    by: "Officer",
    today: dt.date,
    trainer: str = "",
    attachments: Sequence[Attachment] = (),
) -> ContractorTraining:
    """교육: what was taught to how many of the contractor's people."""
    _refuse_day(contract, on, today, "교육일")
    if attendees < 1:
        raise ValidationError({"attendees": "참석 인원은 1명 이상이어야 합니다."})
    training = ContractorTraining(
        contract=contract,
        on=on,
        subject=subject.strip(),
        attendees=attendees,
        trainer=trainer.strip(),
        recorded_by=by,
    )
    training.full_clean()
    training.save()
    training.attachments.add(*attachments)
    duty_findings.follow_contracts()
    _tell(TRAINED, contract, by, {"training": training.pk, "on": on.isoformat(), "attendees": attendees})
    return training


@transaction.atomic
def record_inspection(
    contract: EntrustmentContract,
    answers: Sequence[Answer],
    *,
    on: dt.date,
    by: "Officer",
    today: dt.date,
    findings: str = "",
    attachments: Sequence[Attachment] = (),
) -> ContractorInspection:
    """점검: satisfactory when nothing was found bad. Every bad item says what is wrong."""
    _refuse_day(contract, on, today, "점검일")
    _refuse_answers(answers)
    inspection = ContractorInspection(
        contract=contract,
        on=on,
        checklist=[answer.stored() for answer in answers],
        is_satisfactory=all(answer.result != Result.BAD for answer in answers),
        findings=findings.strip(),
        inspector=by,
    )
    inspection.full_clean()
    inspection.save()
    inspection.attachments.add(*attachments)
    bad = sum(answer.result == Result.BAD for answer in answers)
    duty_findings.follow_contracts()
    _tell(INSPECTED, contract, by, {"inspection": inspection.pk, "on": on.isoformat(), "bad": bad})
    return inspection


def _refuse_answers(answers: Sequence[Answer]) -> None:
    if not answers:
        raise ValidationError("점검 항목이 없습니다. ‘점검 항목’ 화면에서 항목을 먼저 만드십시오.")
    if all(answer.result == Result.NONE for answer in answers):
        raise ValidationError("모든 항목이 ‘해당 없음’이면 점검한 것이 아닙니다.")
    silent = [a.item.label for a in answers if a.result == Result.BAD and not a.note.strip()]
    if silent:
        raise ValidationError([f"부적합한 까닭을 적어 주십시오: {label}" for label in silent])


@transaction.atomic
def record_remedy(
    inspection: ContractorInspection, *, on: dt.date, remedy: str, by: "Officer", today: dt.date
) -> ContractorInspection:
    """시정 완료: what was done about what an inspection found bad."""
    current = ContractorInspection.objects.select_for_update().get(pk=inspection.pk)
    if not remedy.strip():
        raise ValidationError({"remedy": "시정한 내용을 적어야 합니다."})
    if current.is_satisfactory:
        raise ValidationError("지적 사항이 없는 점검입니다.")
    if current.remedied_on:
        raise ValidationError(f"이미 {current.remedied_on:%Y-%m-%d}에 시정한 것으로 기록되었습니다.")
    if not current.on <= on <= today:
        raise ValidationError({"on": "시정일은 점검일부터 오늘까지의 날이어야 합니다."})
    current.remedied_on, current.remedy = on, remedy.strip()
    current.full_clean()
    current.save()
    duty_findings.follow_contracts()
    _tell(REMEDIED, current.contract, by, {"inspection": current.pk, "on": on.isoformat()})
    return current


def in_words(inspection: ContractorInspection) -> list[dict[str, str]]:
    """The checklist as it was answered, with the result in Korean."""
    known = {result.value: result.label for result in Result}
    return [
        {
            "label": str(line.get("label", "")),
            "result": str(line.get("result", "")),
            "result_label": known.get(line.get("result", ""), "-"),
            "note": str(line.get("note", "")),
        }
        for line in inspection.checklist
    ]


def _refuse_day(contract: EntrustmentContract, on: dt.date, today: dt.date, name: str) -> None:
    if on > today:
        raise ValidationError({"on": f"{name}은 오늘보다 뒤일 수 없습니다."})
    last = contract.ended_early_on or contract.ends_on
    if not contract.starts_on <= on <= last:
        raise ValidationError(
            {
                "on": f"{name}은 계약 기간({contract.starts_on:%Y-%m-%d} ~ {last:%Y-%m-%d}) 안의 날이어야 합니다."
            }
        )


def _tell(kind: str, contract: EntrustmentContract, by: "Officer", facts: Mapping[str, Any]) -> None:
    append.record(
        kind,
        actor=f"officer:{by.pk}",
        subject=f"contract:{contract.pk}",
        payload={"contract": contract.number, **facts},
    )
