"""수수료: what a viewing costs by the profile's table, and when it costs nothing (Decree art. 47).

Only an ordinance sets an amount; where none is on record it is zero. Who had to ask because of the office pays nothing.
"""

import datetime as dt
from dataclasses import dataclass

from casework.refusals import Refusal
from ordinance import parameters
from records.enums import FeeExemption, FeeForm

ARTICLE = "개인정보 보호법 제38조제3항, 시행령 제47조"
AMOUNTS = {
    FeeForm.VIEWING: "viewing_fee_viewing",
    FeeForm.COPY: "viewing_fee_copy",
    FeeForm.STILL: "viewing_fee_still",
}


@dataclass(frozen=True, slots=True)
class Fee:
    """What was given how often, why nothing is due, and the receipt of what was paid."""

    form: str
    units: int = 1
    exemption: str = ""
    receipt_number: str = ""


def table(on: dt.date) -> dict[FeeForm, int]:
    """Won for one of each form."""
    found = parameters.snapshot(on, codes=list(AMOUNTS.values()))
    return {form: int(found[code].value) for form, code in AMOUNTS.items()}


def amount(fee: Fee, on: dt.date) -> int:
    """Won that are due."""
    return 0 if fee.exemption else table(on)[FeeForm(fee.form)] * fee.units


def check(fee: Fee, on: dt.date) -> list[Refusal]:
    if fee.form not in AMOUNTS:
        return [Refusal("form", "무엇을 보이거나 내주었는지 고르십시오.", ARTICLE, field="fee_form")]
    found = []
    if not 1 <= fee.units <= 1_000:
        found.append(Refusal("units", "수량은 1에서 1,000까지입니다.", ARTICLE, field="fee_units"))
    if fee.exemption and fee.exemption not in FeeExemption.values:
        found.append(Refusal("exemption", "받지 않는 까닭을 고르십시오.", ARTICLE, field="fee_exemption"))
    if found:
        return found
    due, receipt = amount(fee, on), fee.receipt_number.strip()
    if due and not receipt:
        text = f"수수료 {due:,}원의 영수증 번호를 적으십시오."
        found.append(Refusal("receipt", text, ARTICLE, "받지 않으면 그 까닭을 고르십시오.", field="receipt"))
    if not due and receipt:
        text = "받을 수수료가 없습니다. 영수증 번호를 지우십시오."
        found.append(Refusal("receipt", text, ARTICLE, field="receipt"))
    return found
