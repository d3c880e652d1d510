"""조건의 이행 (ordinance art. 28): what a conditional decision asks for, followed up until it is done."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from casework import acts, refusals
from casework.acts import File
from casework.refusals import Refusal
from committee import following
from committee.models import ResolutionCondition

if TYPE_CHECKING:
    from accounts.models import Officer

ARTICLE = "조례 제28조"
DATED, FULFILLED = "committee.condition_dated", "committee.condition_fulfilled"
LEDGER_KINDS = {DATED: "의결 조건의 이행 기한", FULFILLED: "의결 조건의 이행"}


def lines(text: str) -> list[str]:
    """A condition a line, without the numbers before them."""
    return [line.strip().lstrip("-·•").strip() for line in text.splitlines() if line.strip()]


def set_due(condition: ResolutionCondition, due_on: dt.date, *, by: "Officer") -> ResolutionCondition:
    with acts.begin(DATED, condition, by=by) as act:
        act.refuse(_against(act.row))
        act.write(due_on=due_on)
        act.payload |= _told(act.row) | {"due": due_on.isoformat()}
        following.resolution(act, act.row.resolution)
    return act.row


def fulfil(
    condition: ResolutionCondition,
    *,
    on: dt.date,
    proof: str,
    by: "Officer",
    today: dt.date,
    files: Iterable[File] = (),
) -> ResolutionCondition:
    with acts.begin(FULFILLED, condition, by=by) as act:
        act.refuse(
            [
                *_against(act.row),
                *refusals.unwritten(proof, "proof", "어떻게 이행하였는지 적으십시오.", ARTICLE),
                *refusals.outside(
                    on, "on", "이행한 날", until=today, since=act.row.resolution.on, since_name="의결일"
                ),
            ]
        )
        act.write(fulfilled_on=on, proof=proof)
        act.attach(files)
        act.payload |= _told(act.row) | {"on": on.isoformat()}
        following.resolution(act, act.row.resolution)
    return act.row


def _against(condition: ResolutionCondition) -> Iterator[Refusal]:
    if condition.fulfilled_on is not None:
        yield Refusal("done", "이미 이행을 기록한 조건입니다.", ARTICLE)
    if condition.resolution.is_corrected:
        yield Refusal("corrected", "정정된 의결의 조건입니다. 정정한 의결에서 처리하십시오.", ARTICLE)


def _told(condition: ResolutionCondition) -> dict[str, object]:
    return {"resolution": condition.resolution.number, "condition": condition.position}
