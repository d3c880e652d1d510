"""제척·기피·회피 (general committee ordinance): a member steps aside from one item, before it is decided."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from casework import acts, refusals
from casework.refusals import Refusal
from committee.enums import RecusalKind
from committee.models import AgendaItem, Recusal, Term

if TYPE_CHECKING:
    from accounts.models import Officer

ARTICLE = "각종 위원회 구성 및 운영에 관한 조례(제척·기피·회피)"
DECLARED, DECIDED = "committee.recusal_declared", "committee.challenge_decided"
LEDGER_KINDS = {DECLARED: "운영위원의 제척·기피·회피", DECIDED: "운영위원 기피 신청의 결정"}


def check(item: AgendaItem, term: Term, reason: str) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "사유를 적으십시오.", ARTICLE)
    if not item.is_to_decide:
        yield Refusal("item", "심의하는 안건에만 기록합니다.", ARTICLE)
    if not term.is_on(item.meeting.on):
        yield Refusal("term", "회의 날에 임기 중인 위원이 아닙니다.", ARTICLE, field="term")
    if item.resolutions.exists():
        yield Refusal("resolved", "이미 의결한 안건입니다.", ARTICLE, "잘못이 있으면 의결을 정정하십시오.")
    if item.ballots.standing().filter(term=term).exists():
        yield Refusal("voted", "이미 의견을 낸 위원입니다. 물러난 위원의 의견은 셀 수 없습니다.", ARTICLE)


def declare(item: AgendaItem, term: Term, kind: RecusalKind, *, reason: str, by: "Officer") -> Recusal:
    """Exclusion and withdrawal count at once; a challenge waits for the committee's decision."""
    with acts.begin(DECLARED, item, by=by) as act:
        act.hold(item.meeting)
        act.refuse(check(act.row, term, reason))
        is_decided = kind != RecusalKind.CHALLENGE
        row = act.add(
            Recusal(
                item=act.row,
                term=term,
                kind=kind,
                reason=reason.strip(),
                is_accepted=True if is_decided else None,
                decided_on=act.row.meeting.on if is_decided else None,
                recorded_by=by,
            )
        )
        act.payload |= {
            "meeting": item.meeting.number,
            "item": item.position,
            "term": term.number,
            "recusal_kind": row.kind,
        }
    return row


def decide(recusal: Recusal, *, is_accepted: bool, on: dt.date, by: "Officer") -> Recusal:
    """기피: what the committee decided on a challenge."""
    with acts.begin(DECIDED, recusal.item, by=by) as act:
        held = act.hold(recusal)
        if held.is_accepted is not None:
            act.refuse([Refusal("decided", "이미 결정한 신청입니다.", ARTICLE)])
        held.is_accepted, held.decided_on = is_accepted, on
        held.save(update_fields=["is_accepted", "decided_on"])
        act.payload |= {
            "meeting": recusal.item.meeting.number,
            "item": recusal.item.position,
            "term": recusal.term.number,
            "accepted": is_accepted,
        }
    return held
