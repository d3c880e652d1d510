"""수탁자 교육과 관리·감독 (ordinance art. 11(3), PIPA art. 26(4), Guideline art. 43(3)).

An inspection goes through a checklist whose items the office keeps as data (`InspectionItem`). What was asked and
answered is stored with the inspection, so that a changed item does not change an old one. What was found bad stays
open until its remedy is recorded.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Max
from django.utils.crypto import get_random_string

from accounts.korean import josa
from accounts.models import Officer
from cameras import findings as duty_findings
from cameras.models import ContractorInspection, ContractorTraining, EntrustmentContract, InspectionItem
from casework import acts, refusals
from casework.acts import Act, File
from casework.refusals import Refusal

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


def record_training(
    contract: EntrustmentContract,
    *,
    on: dt.date,
    subject: str,
    attendees: int,
    by: Officer,
    today: dt.date,
    trainer: str = "",
    files: Iterable[File] = (),
) -> ContractorTraining:
    """교육: what was taught to how many of the contractor's people."""
    with acts.begin(TRAINED, contract, by=by) as act:
        act.refuse(_against_day(act.row, on, today, "교육일"))
        if attendees < 1:
            act.refuse([Refusal("attendees", "참석 인원은 1명 이상이어야 합니다.", field="attendees")])
        training = act.add(
            ContractorTraining(
                contract=act.row,
                on=on,
                subject=subject.strip(),
                attendees=attendees,
                trainer=trainer.strip(),
                recorded_by=by,
            )
        )
        act.attach(files, to=training)
        _tell(act, act.row, {"training": training.pk, "on": on.isoformat(), "attendees": attendees})
    return training


def record_inspection(
    contract: EntrustmentContract,
    answers: Sequence[Answer],
    *,
    on: dt.date,
    by: Officer,
    today: dt.date,
    findings: str = "",
    files: Iterable[File] = (),
) -> ContractorInspection:
    """점검: satisfactory when nothing was found bad. Every bad item says what is wrong."""
    bad = sum(answer.result == Result.BAD for answer in answers)
    with acts.begin(INSPECTED, contract, by=by) as act:
        act.refuse(_against_day(act.row, on, today, "점검일"))
        act.refuse(_against_answers(answers))
        inspection = act.add(
            ContractorInspection(
                contract=act.row,
                on=on,
                checklist=[answer.stored() for answer in answers],
                is_satisfactory=not bad,
                findings=findings.strip(),
                inspector=by,
            )
        )
        act.attach(files, to=inspection)
        _tell(act, act.row, {"inspection": inspection.pk, "on": on.isoformat(), "bad": bad})
    return inspection


def _against_answers(answers: Sequence[Answer]) -> Iterator[Refusal]:
    if not answers:
        yield Refusal("empty", "점검 항목이 없습니다.", remedy="‘점검 항목’ 화면에서 항목을 먼저 만드십시오.")
    elif all(answer.result == Result.NONE for answer in answers):
        yield Refusal("none", "모든 항목이 ‘해당 없음’이면 점검한 것이 아닙니다.")
    for answer in answers:
        if answer.result == Result.BAD and not answer.note.strip():
            yield Refusal("silent", f"부적합한 까닭을 적어 주십시오: {answer.item.label}")


def record_remedy(
    inspection: ContractorInspection, *, on: dt.date, remedy: str, by: Officer, today: dt.date
) -> ContractorInspection:
    """시정 완료: what was done about what an inspection found bad."""
    with acts.begin(REMEDIED, inspection, by=by) as act:
        act.refuse(_against_remedy(act.row, on, remedy, today))
        act.write(remedied_on=on, remedy=remedy)
        _tell(act, act.row.contract, {"inspection": act.row.pk, "on": on.isoformat()})
    return act.row


def _against_remedy(
    inspection: ContractorInspection, on: dt.date, remedy: str, today: dt.date
) -> Iterator[Refusal]:
    yield from refusals.unwritten(remedy, "remedy", "시정한 내용을 적어야 합니다.")
    if inspection.is_satisfactory:
        yield Refusal("good", "지적 사항이 없는 점검입니다.")
    if inspection.remedied_on:
        yield Refusal("remedied", f"이미 {inspection.remedied_on:%Y-%m-%d}에 시정한 것으로 기록되었습니다.")
    yield from refusals.outside(on, "on", "시정일", until=today, since=inspection.on, since_name="점검일")


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


def _against_day(contract: EntrustmentContract, on: dt.date, today: dt.date, name: str) -> Iterator[Refusal]:
    yield from refusals.outside(on, "on", name, until=today)
    last = contract.ended_early_on or contract.ends_on
    if not contract.starts_on <= on <= last:
        period = f"{contract.starts_on:%Y-%m-%d} ~ {last:%Y-%m-%d}"
        yield Refusal(
            "period", f"{name}{josa(name, '은/는')} 계약 기간({period}) 안의 날이어야 합니다.", field="on"
        )


def _tell(act: Act[Any], contract: EntrustmentContract, facts: Mapping[str, Any]) -> None:
    act.payload |= {"contract": contract.number, **facts}
    act.afterwards(duty_findings.follow_contracts)
