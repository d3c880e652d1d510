"""출입통제 (ordinance art. 19): application, prior approval, pledge, escort, in, out, what was carried and seen.

Whoever comes without approval (a repair at night) is recorded as such: the record is true, and the rule `visit_approved`
shows it.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import Officer
from casework import acts, next_steps, refusals, second_person
from casework.acts import Act
from casework.next_steps import NextStep
from casework.receipts import new_number
from casework.refusals import Refusal
from ordinance import assessment
from ordinance.periods import DAY
from ordinance.rules import Subject
from records.duty_enums import VisitEvent, VisitKind, VisitState
from records.models import Visit, VisitMove

ARTICLE = "조례 제19조"
APPROVE, DOOR = "records.approve_visit", "records.keep_door"
PREFIX = "출입"
RULE = "visit_approved"
APPLIED = "records.visit_applied"
APPROVED = "records.visit_approved"
REFUSED = "records.visit_refused"
CANCELLED = "records.visit_cancelled"
ADMITTED = "records.visit_admitted"
LEFT = "records.visit_left"
KINDS = {
    APPLIED: "출입 신청",
    APPROVED: "출입 승인",
    REFUSED: "출입 불승인",
    CANCELLED: "출입 취소",
    ADMITTED: "입실",
    LEFT: "퇴실",
    "records.visit_person_read": "출입하는 사람의 인적사항 열람",
    "records.visit_persons_erased": "출입한 사람의 인적사항 파기",
}
# Nobody applies for a visit further away, and none is longer: a slip in a date.
FURTHEST, LONGEST = 366 * DAY, 7 * DAY
MOST_PEOPLE = 200
APPLICATION = (
    "kind",
    "organisation",
    "name",
    "phone",
    "people",
    "purpose",
    "equipment",
    "contract",
    "planned_from",
    "planned_until",
)
# Without these the row tells nothing of a person.
PERSONAL = ("name", "phone")


def apply(values: Mapping[str, Any], *, by: Officer | None, submission: uuid.UUID | None = None) -> Visit:
    """By an official for somebody, or (`by` None) by the visitor on the public site. `Refused` for what cannot be."""
    row = Visit(state="", entered_by=by, submission=submission)
    with acts.begin(APPLIED, row, by=by, actor="" if by else "system:website") as act:
        act.refuse(_against_plan(values, act.at))
        _store(act, values)
        act.move(VisitMove, VisitEvent.APPLY)
    return row


def _store(act: Act[Visit], values: Mapping[str, Any]) -> None:
    given = {name: values[name] for name in APPLICATION if name in values}
    number = new_number(PREFIX, act.at.date())
    act.write(**given, number=number, received_at=act.at, unchecked=["state", "entered_by", "escort"])
    act.payload |= {"kind": act.row.kind, "people": act.row.people}


def _against_plan(values: Mapping[str, Any], now: dt.datetime) -> Iterator[Refusal]:
    start, end = values["planned_from"], values["planned_until"]
    if end <= start:
        yield Refusal("order", "끝나는 때가 시작하는 때보다 뒤여야 합니다.", field="planned_until")
    elif end - start > LONGEST:
        yield Refusal("long", f"{LONGEST.days}일을 넘는 출입은 나누어 신청하십시오.", field="planned_until")
    if end < now:
        yield Refusal("past", "이미 지난 때입니다.", field="planned_from")
    elif start > now + FURTHEST:
        yield Refusal("far", "1년 안의 출입만 신청할 수 있습니다.", field="planned_from")
    if not 1 <= values.get("people", 1) <= MOST_PEOPLE:
        yield Refusal("people", f"인원은 1명부터 {MOST_PEOPLE}명까지입니다.", field="people")
    if values["kind"] == VisitKind.MAINTENANCE and not values.get("equipment", "").strip():
        text = "유지보수에 가지고 들어갈 장비와 저장매체를 적으십시오. 없으면 ‘없음’이라고 적습니다."
        yield Refusal("equipment", text, ARTICLE, field="equipment")


def approve(visit: Visit, *, escort: Officer, by: Officer) -> Visit:
    with acts.begin(APPROVED, visit, by=by) as act:
        if act.row.entered_by_id and (
            why := second_person.problem(act.row.entered_by_id, by, "신청한", does="승인")
        ):
            act.refuse([Refusal("self", why, ARTICLE)])
        if act.row.planned_until < act.at:
            act.refuse([Refusal("over", "예정한 때가 지나 사전승인을 할 수 없습니다.", ARTICLE)])
        if not escort.is_active:
            act.refuse([Refusal("escort", "사용 중지된 계정입니다.", field="escort")])
        act.write(approved_at=act.at, approved_by=by, escort=escort, unchecked=["approved_by", "escort"])
        act.move(VisitMove, VisitEvent.APPROVE)
    return act.row


def refuse(visit: Visit, *, reason: str, by: Officer) -> Visit:
    with acts.begin(REFUSED, visit, by=by) as act:
        act.refuse(refusals.unwritten(reason, "reason", "승인하지 않는 까닭을 적으십시오.", ARTICLE))
        act.write(refusal=reason)
        act.move(VisitMove, VisitEvent.REFUSE)
    return act.row


def cancel(visit: Visit, *, reason: str, by: Officer) -> Visit:
    with acts.begin(CANCELLED, visit, by=by) as act:
        act.move(VisitMove, VisitEvent.CANCEL, reason=reason)
    return act.row


def admit(visit: Visit, values: Mapping[str, Any], *, by: Officer, reason: str = "") -> Visit:
    """In: pledged, with devices and lenses sealed. Without prior approval only with a `reason`, and it shows."""
    with acts.begin(ADMITTED, visit, by=by) as act:
        is_approved = act.row.state != VisitState.APPLIED
        if not is_approved:
            text = "사전승인을 받지 않은 출입입니다. 들이지 않거나, 들일 수밖에 없던 까닭을 적으십시오."
            act.refuse(refusals.unwritten(reason, "reason", text, ARTICLE))
        act.refuse(_against_admission(act.row, values, act.at))
        act.move(VisitMove, VisitEvent.ADMIT if is_approved else VisitEvent.ADMIT_UNAPPROVED, reason=reason)
        act.write(**values, in_by=by, unchecked=["in_by", "escort"])
        act.payload |= {"approved": is_approved, "pledged": act.row.has_pledged, "sealed": act.row.is_sealed}
        act.afterwards(lambda: _judge_again(act.row))
    return act.row


def _against_admission(row: Visit, values: Mapping[str, Any], now: dt.datetime) -> Iterator[Refusal]:
    if values["in_at"] > now:
        yield Refusal("future", "입실 시각이 아직 오지 않은 시각입니다.", field="in_at")
    if not values.get("has_pledged"):
        yield Refusal("pledge", "보안서약을 받아야 들입니다.", ARTICLE, field="has_pledged")
    if not values.get("is_sealed"):
        text = "휴대전화와 촬영 기기의 렌즈를 봉인하거나 맡겨야 들입니다."
        yield Refusal("seal", text, ARTICLE, field="is_sealed")
    if row.state == VisitState.APPROVED and row.approved_at and values["in_at"] < row.approved_at:
        yield Refusal(
            "before", "입실 시각이 승인보다 앞섭니다.", ARTICLE, "시각을 확인하십시오.", field="in_at"
        )


def leave(visit: Visit, values: Mapping[str, Any], *, by: Officer) -> Visit:
    """Out: what was carried out, whether media were checked, what was seen."""
    with acts.begin(LEFT, visit, by=by) as act:
        act.move(VisitMove, VisitEvent.LEAVE)
        act.refuse(_against_leaving(act.row, values, act.at))
        act.write(**values)
        act.payload |= {"media_checked": act.row.is_media_checked}
        act.afterwards(lambda: _judge_again(act.row))
    return act.row


def _against_leaving(row: Visit, values: Mapping[str, Any], now: dt.datetime) -> Iterator[Refusal]:
    if values["out_at"] > now:
        yield Refusal("future", "퇴실 시각이 아직 오지 않은 시각입니다.", field="out_at")
    if row.in_at and values["out_at"] < row.in_at:
        yield Refusal("order", "퇴실 시각이 입실 시각보다 앞섭니다.", field="out_at")
    if row.kind == VisitKind.MAINTENANCE and not values.get("is_media_checked"):
        text = "유지보수를 마친 사람의 저장매체를 점검해야 합니다."
        yield Refusal("media", text, ARTICLE, field="is_media_checked")


def _judge_again(row: Visit) -> None:
    assessment.follow([row.number], kind=Subject.VISIT, codes=[RULE])


def listen() -> None:
    next_steps.register(Visit, next_steps.each(next_step))


def next_step(row: Visit, now: dt.datetime) -> NextStep | None:
    """Approval before the day, then the door: in, and out. What was never decided or never came is called off."""
    is_over = row.planned_until < now
    if row.state == VisitState.INSIDE:
        return _step(row, "퇴실 기록하기", DOOR, "leave", due_on=localdate(row.planned_until))
    if row.state not in (VisitState.APPLIED, VisitState.APPROVED):
        return None
    if is_over:
        return _step(row, "오지 않은 출입 취소하기", DOOR, "call_off", note="예정한 때가 지났습니다.")
    due_on = localdate(row.planned_from)
    if row.state == VisitState.APPLIED:
        first = frozenset({row.entered_by_id} - {None})
        return _step(row, "출입 승인하기", APPROVE, "approve", due_on=due_on, not_by=first)
    return _step(row, "입실 기록하기", DOOR, "admit", due_on=due_on, note="예정한 때에 오면 기록합니다.")


def _step(row: Visit, verb: str, needs: str, name: str, **more: Any) -> NextStep:
    return NextStep(
        "records.visit",
        verb,
        f"통제구역 출입 {row.number}",
        needs,
        f"visits:{name}",
        (row.pk,),
        since=row.received_at,
        asker_id=row.entered_by_id,
        article=ARTICLE,
        page_name="visits:page",
        page_args=(row.pk,),
        **more,
    )


def at_the_door(now: dt.datetime) -> "QuerySet[Visit]":
    """Who is inside, and who is expected today and tomorrow: what the door needs."""
    coming = Q(
        state__in=[VisitState.APPLIED, VisitState.APPROVED],
        planned_from__lt=now + DAY,
        planned_until__gte=now - DAY / 2,
    )
    rows = Visit.objects.filter(coming | Q(state=VisitState.INSIDE)).select_related("escort").defer(*PERSONAL)
    return rows.order_by("planned_from", "pk")
