"""수당 (ordinance art. 30; general committee ordinance art. 18): for attending, within the budget, by the profile's amount.

Not for officials of the district, nor for councillors who sit as councillors. Account numbers are not kept here.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework import acts, refusals
from casework.refusals import Refusal
from committee import attendance, following
from committee.enums import SeatGround
from committee.models import AllowanceLine, AllowanceSheet, HeardExpert, Meeting, Term
from ordinance import parameters

if TYPE_CHECKING:
    from accounts.models import Officer

ARTICLE = "조례 제30조"
AMOUNT, DAYS = "committee_allowance_won", "committee_allowance_days"
MADE, PAID = "committee.allowances_made", "committee.allowances_paid"
LEDGER_KINDS = {MADE: "위원회 수당 조서 작성", PAID: "위원회 수당 지급"}


@dataclass(frozen=True, slots=True)
class Due:
    """One person who attended: what is due, or why nothing is."""

    term: Term | None
    expert: HeardExpert | None
    amount: int
    why_none: str = ""

    @property
    def who(self) -> str:
        if self.term is not None:
            return f"{self.term.member.shown_name} ({self.term.member.affiliation})"
        return f"{self.expert.name} ({self.expert.affiliation})" if self.expert else ""


def why_none(term: Term) -> str:
    """Why an attending member gets nothing; empty when the allowance is due."""
    if term.member.is_district_official or term.is_ex_officio:
        return "구 소속 공무원(조례 제30조)"
    if term.ground == SeatGround.COUNCILLOR:
        return "구의원의 직무로 참석(각종 위원회 조례 제18조)"
    return ""


def due(meeting: Meeting) -> list[Due]:
    amount = int(parameters.value(AMOUNT, meeting.on).value)
    found = []
    for term in attendance.present_terms(meeting):
        reason = why_none(term)
        found.append(Due(term, None, 0 if reason else amount, reason))
    for expert in meeting.experts.all():
        reason = "구 소속 공무원(조례 제30조)" if expert.is_district_official else ""
        found.append(Due(None, expert, 0 if reason else amount, reason))
    return found


def check(meeting: Meeting, budget_line: str, document_number: str) -> Iterator[Refusal]:
    if meeting.is_written:
        yield Refusal("written", "수당은 회의에 참석한 사람에게 줍니다. 서면심의에는 없습니다.", ARTICLE)
    elif not meeting.attendances.exists():
        yield Refusal("attendance", "출석을 먼저 기록하십시오.", ARTICLE)
    if AllowanceSheet.objects.filter(meeting=meeting).exists():
        yield Refusal("made", "이미 조서를 만든 회의입니다.", ARTICLE)
    yield from refusals.unwritten(budget_line, "budget_line", "예산 과목을 적으십시오.", ARTICLE)
    yield from refusals.unwritten(document_number, "document_number", "문서번호를 적으십시오.", ARTICLE)


def make(meeting: Meeting, *, budget_line: str, document_number: str, by: "Officer") -> AllowanceSheet:
    """조서: a line for everybody who attended, with the amount of that day."""
    sheet = AllowanceSheet(meeting=meeting, made_by=by)
    with acts.begin(MADE, sheet, by=by) as act:
        held = act.hold(meeting)
        act.refuse(check(held, budget_line, document_number))
        act.write(budget_line=budget_line, document_number=document_number, made_at=act.at)
        lines = due(held)
        for each in lines:
            act.add(
                AllowanceLine(
                    sheet=sheet,
                    term=each.term,
                    expert=each.expert,
                    amount=each.amount,
                    why_none=each.why_none,
                )
            )
        act.payload |= {
            "meeting": held.number,
            "eligible": sum(each.amount > 0 for each in lines),
            "won": sum(each.amount for each in lines),
            "document": sheet.document_number,
        }
        following.meeting(act, held)
    return sheet


def pay(sheet: AllowanceSheet, *, on: dt.date, by: "Officer", today: dt.date) -> AllowanceSheet:
    with acts.begin(PAID, sheet, by=by) as act:
        if act.row.paid_on is not None:
            act.refuse([Refusal("paid", "이미 지급을 기록했습니다.", ARTICLE)])
        since = act.row.meeting.on
        act.refuse(
            refusals.outside(
                on, "on", "지급일", until=today, since=since, since_name="회의 날", article=ARTICLE
            )
        )
        act.write(paid_on=on)
        act.payload |= {"meeting": act.row.meeting.number, "on": on.isoformat()}
        following.meeting(act, act.row.meeting)
    return act.row
