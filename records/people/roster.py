"""근무표: generated for months, changed by hand, by absence and by swaps with consent (ordinance art. 16, 18).

One person's shifts never overlap. Every writer holds the rows of the persons whose shifts it writes, in the order of their
keys, so that of two writers the second sees what the first one wrote. What has begun is no plan any more: it is neither
taken out nor swapped.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, refuse_if
from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.periods import DAY, SEOUL
from ordinance.rules import Subject
from records.duty_enums import SwapState
from records.models import DutyRota, DutyShift, DutySwap, StaffMember
from records.people import kinds, patterns

ARTICLE = "조례 제18조"
COVERED, HANDED_OVER = "duty_covered", "handover_done"
# Nobody is on duty longer without a break; a longer line is a slip in a date.
LONGEST_SHIFT = dt.timedelta(hours=48)
MOST_MONTHS = 12
AT_ONCE = 1000


def judge_again() -> None:
    """The finding of the centre follows the roster at once."""
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=[COVERED, HANDED_OVER])


def shown(start: dt.datetime, end: dt.datetime) -> str:
    first, last = localtime(start), localtime(end)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M}~{until}"


# -- a month from the pattern


@dataclass
class Plan:
    """What generating would do: the new shifts, how many stand already, and what other shifts are in the way."""

    new: list[DutyShift] = field(default_factory=list)
    standing: int = 0
    in_the_way: list[DutyShift] = field(default_factory=list)
    people: int = 0


def planned(rota: DutyRota, first_on: dt.date, last_on: dt.date) -> Plan:
    """The shifts of the rota's members in these days that are not on the roster yet. Three queries for any number."""
    members = list(
        rota.members.filter(team__isnull=False)
        .select_related("contract")
        .defer("name", "address")
        .order_by("pk")
    )
    plan = Plan(people=len(members))
    begin, end = _around(first_on, last_on)
    standing: dict[int, list[DutyShift]] = {member.pk: [] for member in members}
    for shift in DutyShift.objects.between(begin, end).filter(staff__rota=rota).order_by("starts_at", "pk"):
        standing.setdefault(shift.staff_id, []).append(shift)
    turns = {
        team: list(patterns.turns(rota, team, first_on, last_on))
        for team in {member.team or 1 for member in members}
    }
    for member in members:
        _plan_one(plan, member, turns[member.team or 1], standing[member.pk])
    return plan


def _around(first_on: dt.date, last_on: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start, end = (dt.datetime.combine(day, dt.time(), SEOUL) for day in (first_on, last_on + 2 * DAY))
    return start, end


def _plan_one(
    plan: Plan,
    member: StaffMember,
    turns: Iterable[tuple[dt.datetime, dt.datetime, str]],
    standing: Sequence[DutyShift],
) -> None:
    for start, end, label in turns:
        if not member.is_employed(localtime(start).date()):
            continue
        met = [shift for shift in standing if shift.starts_at < end and start < shift.ends_at]
        if any((shift.starts_at, shift.ends_at) == (start, end) for shift in met):
            plan.standing += 1
        elif met:
            plan.in_the_way.extend(met)
        else:
            plan.new.append(DutyShift(staff=member, starts_at=start, ends_at=end, label=label))


def generate(rota: DutyRota, first_on: dt.date, last_on: dt.date, *, by: Officer) -> Plan:
    """Put the pattern's shifts on the roster. What stands stays; where another shift is in the way, none is added."""
    with acts.begin(kinds.DUTY_GENERATED, rota, by=by) as act:
        act.refuse(_against_span(first_on, last_on))
        _hold(act.row.members.values_list("pk", flat=True))
        plan = planned(act.row, first_on, last_on)
        act.refuse(_against_plan(plan))
        act.refuse(_against_own_past(plan, act.at, by))
        DutyShift.objects.bulk_create(plan.new, batch_size=AT_ONCE)
        act.payload |= {
            "from": first_on.isoformat(),
            "until": last_on.isoformat(),
            "created": len(plan.new),
            "unchanged": plan.standing,
        }
        act.afterwards(judge_again)
    return plan


def _against_span(first_on: dt.date, last_on: dt.date) -> Iterator[Refusal]:
    if last_on < first_on:
        yield Refusal("order", "마지막 날이 첫날보다 앞섭니다.", field="last_on")
    elif last_on > first_on + MOST_MONTHS * 31 * DAY:
        yield Refusal("long", f"한 번에 {MOST_MONTHS}달까지 짤 수 있습니다.", field="last_on")


def _against_plan(plan: Plan) -> Iterator[Refusal]:
    if not plan.people:
        text = "이 근무조에 조가 정해진 사람이 없습니다."
        yield Refusal("nobody", text, remedy="인력에서 근무조와 조를 먼저 정하십시오.")
    elif not plan.new:
        yield Refusal("nothing", "더할 근무가 없습니다. 이 기간의 근무가 이미 모두 있습니다.")


def _against_own_past(plan: Plan, now: dt.datetime, by: Officer) -> Iterator[Refusal]:
    begun = {shift.staff_id: shift for shift in plan.new if shift.starts_at <= now}
    for shift in begun.values():
        for refusal in against_own(shift.staff, shift.starts_at, now, by):
            yield replace(refusal, remedy="지나간 날의 근무는 다른 담당자가 짭니다.", field="first_on")


def _hold(staff: Iterable[int]) -> dict[int, StaffMember]:
    rows = StaffMember.objects.select_for_update(of=("self",)).filter(pk__in=sorted(set(staff)))
    return {row.pk: row for row in rows.defer("name", "address").order_by("pk")}


# -- by hand


def add_shift(
    staff: StaffMember, start: dt.datetime, end: dt.datetime, *, by: Officer, label: str = ""
) -> DutyShift:
    """One shift of one person, also of the past where the record lacks it. `Refused` where it overlaps another."""
    shift = DutyShift(staff=staff, starts_at=start, ends_at=end, label=label)
    with acts.begin(kinds.SHIFT_ADDED, shift, by=by) as act:
        held = _hold([staff.pk])[staff.pk]
        act.refuse([*_against_period(start, end), *_against_others(held, start, end)])
        act.refuse(against_own(held, start, act.at, by))
        act.write(unchecked=["staff"])
        _tell(act)
    return shift


def against_own(staff: StaffMember, start: dt.datetime, now: dt.datetime, by: Officer) -> Iterator[Refusal]:
    """A shift that has begun lets its person look, and explains looks: another one says that it was stood."""
    if not staff.officer_id or start > now:
        return
    if why := second_person.problem(staff.officer_id, by, "그 근무를 선", does="기록"):
        yield Refusal("own", why, ARTICLE, field="staff")


def _tell(act: Act[DutyShift]) -> None:
    act.payload |= {
        "staff": act.row.staff.number,
        "starts_at": act.row.starts_at.isoformat(),
        "ends_at": act.row.ends_at.isoformat(),
    }
    act.afterwards(judge_again)


def _against_period(start: dt.datetime, end: dt.datetime) -> Iterator[Refusal]:
    if end <= start:
        yield Refusal("order", "종료는 시작보다 뒤여야 합니다.", field="ends_at")
    elif end - start > LONGEST_SHIFT:
        hours = LONGEST_SHIFT // dt.timedelta(hours=1)
        text = f"{hours}시간을 넘는 근무입니다. 날짜를 확인하십시오."
        yield Refusal("long", text, field="ends_at")


def _against_others(
    staff: StaffMember,
    start: dt.datetime,
    end: dt.datetime,
    *,
    without: Iterable[int] = (),
    name: str = "starts_at",
) -> Iterator[Refusal]:
    """A person who is not employed then, or has a shift then."""
    if not staff.is_employed(localtime(start).date()):
        text = f"사번 {staff.number}의 근무 기간이 아닙니다."
        yield Refusal("employed", text, "조례 제17조", "인력에서 기간을 확인하십시오.", field=name)
    others = staff.shifts.between(start, end).exclude(pk__in=list(without))
    if other := others.order_by("starts_at").first():
        text = f"사번 {staff.number}의 다른 근무({shown(other.starts_at, other.ends_at)})와 겹칩니다."
        yield Refusal("overlap", text, ARTICLE, field=name)


def remove_shift(shift: DutyShift, *, by: Officer) -> None:
    """Take a shift that has not begun off the roster; the ledger keeps whose and when it was."""
    with acts.begin(kinds.SHIFT_REMOVED, shift, subject=shift.ledger_subject, by=by) as act:
        act.refuse(_against_begun(act.row, act.at))
        act.refuse(_against_bound(act.row))
        _tell(act)
        act.row.delete()


def _against_begun(shift: DutyShift, at: dt.datetime) -> Iterator[Refusal]:
    if shift.starts_at <= at:
        text = "이미 시작한 근무입니다."
        yield Refusal("begun", text, ARTICLE, "오지 않은 것은 결근으로 적습니다.")


def _against_bound(shift: DutyShift) -> Iterator[Refusal]:
    stand_in = DutyShift.objects.filter(stands_in_for=shift).exists()
    if stand_in or DutySwap.objects.filter(Q(shift=shift) | Q(other=shift)).exists():
        text = "교환하거나 다른 사람이 대신한 근무는 지울 수 없습니다."
        yield Refusal("bound", text, remedy="결근으로 적으십시오.")


# -- absence


def mark_absent(
    shift: DutyShift, *, reason: str, by: Officer, stand_in: StaffMember | None = None
) -> DutyShift | None:
    """The person does not stand this shift; somebody may stand it instead. Returns the shift of the stand-in."""
    with acts.begin(kinds.ABSENT, shift, by=by) as act:
        if act.row.absent_reason:
            act.refuse([Refusal("absent", "이미 결근으로 적은 근무입니다.")])
        act.write(absent_reason=reason)
        act.payload["reason"] = reason
        _tell(act)
        return _stand_in(act.row, stand_in, by=by) if stand_in else None


def stand_in(shift: DutyShift, staff: StaffMember, *, by: Officer) -> DutyShift:
    """Somebody stands the shift of one who is absent."""
    return _stand_in(shift, staff, by=by)


def _stand_in(shift: DutyShift, staff: StaffMember, *, by: Officer) -> DutyShift:
    made = DutyShift(
        staff=staff,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        label=shift.label,
        stands_in_for=shift,
    )
    with acts.begin(kinds.STOOD_IN, made, by=by) as act:
        held = _hold([staff.pk])[staff.pk]
        act.refuse(_against_stand_in(shift, held))
        act.refuse(against_own(held, shift.starts_at, act.at, by))
        act.write(unchecked=["staff", "stands_in_for"])
        act.payload["shift"] = shift.pk
        _tell(act)
    return made


def _against_stand_in(shift: DutyShift, staff: StaffMember) -> Iterator[Refusal]:
    if staff.pk == shift.staff_id:
        yield Refusal("self", "결근한 사람이 자기 근무를 대신할 수 없습니다.", ARTICLE, field="stand_in")
        return
    if not shift.absent_reason:
        yield Refusal("present", "결근으로 적은 근무만 다른 사람이 대신합니다.", field="stand_in")
    if DutyShift.objects.filter(stands_in_for=shift).exists():
        yield Refusal("taken", "이 근무는 이미 다른 사람이 대신합니다.", field="stand_in")
    if staff.kind != shift.staff.kind:
        text = f"같은 구분({shift.staff.get_kind_display()})의 사람이 대신해야 합니다."
        yield Refusal("kind", text, "조례 제17조", field="stand_in")
    yield from _against_others(staff, shift.starts_at, shift.ends_at, name="stand_in")


# -- swaps


def ask_swap(
    shift: DutyShift, asked: StaffMember, *, by: Officer, other: DutyShift | None = None, reason: str = ""
) -> DutySwap:
    """Ask a colleague to take a shift of one's own, for one of theirs or for none."""
    swap = DutySwap(shift=shift, other=other, asked=asked, asked_by=by, reason=reason.strip())
    with acts.begin(kinds.SWAP_ASKED, swap, by=by) as act:
        act.refuse(_against_asking(swap, by))
        act.refuse(_against_swap(swap, act.at))
        act.write(asked_at=act.at, unchecked=["shift", "other", "asked", "asked_by"])
        act.payload |= {"shift": shift.pk, "other": other.pk if other else None, "asked": asked.pk}
    return swap


def _against_asking(swap: DutySwap, by: Officer) -> Iterator[Refusal]:
    if swap.shift.staff.officer_id != by.pk:
        text = "자기 근무만 바꾸자고 할 수 있습니다."
        yield Refusal("own", text, remedy="다른 사람의 근무는 담당자가 결근과 대신 근무로 바꿉니다.")
    if swap.asked_id == swap.shift.staff_id:
        yield Refusal("self", "자기 자신과는 근무를 바꿀 수 없습니다.", ARTICLE, field="asked")
    elif swap.asked.officer_id is None:
        text = "이 사람은 계정이 없어 동의할 수 없습니다."
        yield Refusal("account", text, remedy="담당자에게 대신 근무로 바꾸어 달라고 하십시오.", field="asked")
    if swap.other is not None and swap.other.staff_id != swap.asked_id:
        yield Refusal("other", "받을 근무가 그 사람의 근무가 아닙니다.", field="other")


def _against_swap(swap: DutySwap, at: dt.datetime) -> Iterator[Refusal]:
    """Whether both can stand what they would get, as things are now."""
    giver, taker, shift, other = swap.shift.staff, swap.asked, swap.shift, swap.other
    if giver.pk == taker.pk:
        return
    if taker.kind != giver.kind:
        text = f"같은 구분({giver.get_kind_display()})의 사람끼리 바꿉니다."
        yield Refusal("kind", text, "조례 제17조", field="asked")
    for one in filter(None, (shift, other)):
        yield from _against_begun(one, at)
        if one.absent_reason:
            yield Refusal("absent", "결근으로 적은 근무는 바꿀 수 없습니다.")
    given = [one.pk for one in (shift, other) if one]
    yield from _against_others(taker, shift.starts_at, shift.ends_at, without=given, name="asked")
    if other is not None:
        yield from _against_others(giver, other.starts_at, other.ends_at, without=given, name="other")


def answer_swap(swap: DutySwap, *, agrees: bool, by: Officer) -> DutySwap:
    """The one who was asked consents, and the shifts change hands; or declines."""
    with acts.begin(kinds.SWAP_ANSWERED, swap, by=by) as act:
        act.refuse(_against_answer(act.row, by))
        if agrees:
            _hold([act.row.shift.staff_id, act.row.asked_id])
            act.refuse(_against_swap(act.row, act.at))
            _exchange(act)
        act.write(
            state=SwapState.AGREED if agrees else SwapState.DECLINED, answered_by=by, answered_at=act.at
        )
        act.payload |= {"shift": act.row.shift_id, "agreed": agrees}
    return act.row


def _exchange(act: Act[DutySwap]) -> None:
    shift = act.hold(act.row.shift)
    giver = shift.staff_id
    if act.row.other is not None:
        other = act.hold(act.row.other)
        other.staff_id = giver
        other.save(update_fields=["staff"])
    shift.staff_id = act.row.asked_id
    shift.save(update_fields=["staff"])
    act.afterwards(judge_again)


def _against_answer(swap: DutySwap, by: Officer) -> Iterator[Refusal]:
    if swap.state != SwapState.ASKED:
        yield Refusal("answered", f"이미 끝난 요청입니다({swap.get_state_display()}).")
    if swap.asked.officer_id != by.pk:
        yield Refusal("asked", "요청받은 사람만 답할 수 있습니다.", ARTICLE)


def withdraw_swap(swap: DutySwap, *, by: Officer) -> DutySwap:
    with acts.begin(kinds.SWAP_ANSWERED, swap, by=by) as act:
        if act.row.state != SwapState.ASKED:
            act.refuse([Refusal("answered", f"이미 끝난 요청입니다({act.row.get_state_display()}).")])
        if act.row.asked_by_id != by.pk:
            act.refuse([Refusal("own", "요청한 사람만 거둘 수 있습니다.")])
        act.write(state=SwapState.WITHDRAWN, answered_by=by, answered_at=act.at)
        act.payload |= {"shift": act.row.shift_id, "agreed": False}
    return act.row


def on_duty(officer: Officer, at: dt.datetime | None = None) -> bool:
    """Whether a shift of this account's person runs at that moment."""
    now = at or timezone.now()
    return (
        DutyShift.objects.served()
        .filter(staff__officer=officer, starts_at__lte=now, ends_at__gt=now)
        .exists()
    )


def keep_rota(rota: DutyRota, values: Mapping[str, Any], *, by: Officer) -> DutyRota:
    """A pattern and its beginning. What was generated from it stays."""
    with acts.begin(kinds.ROTA_KEPT, rota, by=by) as act:
        act.write(**values)
        act.payload |= {"pattern": act.row.pattern, "anchor_on": act.row.anchor_on.isoformat()}
    return act.row


def refuse_plan(first_on: dt.date, last_on: dt.date) -> None:
    """Before a plan is laid out: `Refused` for days that cannot be."""
    refuse_if(_against_span(first_on, last_on))
