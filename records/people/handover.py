"""인수인계: at each change of shifts of the agents, what one leaves and the next accepts (ordinance art. 18, 19)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from accounts.models import Officer
from casework import acts, refusals, second_person
from casework.refusals import Refusal
from records.duty_enums import StaffKind
from records.models import DutyShift, HandoverCheck, ShiftHandover
from records.people import kinds, roster

ARTICLE = "조례 제19조"
# So long before the change of shifts it may be written.
BEFORE = dt.timedelta(hours=2)
KEEP = "records.change_duty"


def turns(begin: dt.datetime, end: dt.datetime) -> "QuerySet[DutyShift, Any]":
    """Every moment of [begin, end) at which a shift of an agent ends, once each, in order."""
    rows = DutyShift.objects.served().filter(
        staff__kind=StaffKind.MONITORING_STAFF, ends_at__gte=begin, ends_at__lt=end
    )
    return rows.order_by("ends_at").values_list("ends_at", flat=True).distinct()


def undone(begin: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, ShiftHandover | None]]:
    """The changes of shifts that nobody wrote, or that nobody accepted."""
    written = ShiftHandover.objects.filter(turn_at__gte=begin, turn_at__lt=end).in_bulk(field_name="turn_at")
    found = ((turn, written.get(turn)) for turn in turns(begin, end))
    return [(turn, row) for turn, row in found if row is None or row.accepted_at is None]


def current(officer: Officer, now: dt.datetime) -> dt.datetime | None:
    """The change of shifts that this person writes now: the end of the own shift, if it is near or just over."""
    row = (
        DutyShift.objects.served()
        .filter(staff__officer=officer, ends_at__gte=now - dt.timedelta(hours=12), ends_at__lte=now + BEFORE)
        .order_by("-ends_at")
        .first()
    )
    return row.ends_at if row else None


def questions() -> list[str]:
    return list(HandoverCheck.objects.filter(is_in_use=True).values_list("label", flat=True))


def give(
    turn_at: dt.datetime,
    *,
    happened: str,
    equipment: str,
    ticked: Sequence[str],
    by: Officer,
    open_matters: str = "",
    fault: str = "",
) -> ShiftHandover:
    """Write what the shift that ends then leaves. `ticked` are the labels of the checks that were made."""
    row = ShiftHandover(turn_at=turn_at, given_by=by)
    with acts.begin(kinds.HANDED_OVER, row, by=by) as act:
        checks = [{"label": label, "given": label in ticked, "accepted": False} for label in questions()]
        act.refuse(against_giving(turn_at, act.at, by))
        act.refuse(
            refusals.unwritten(
                happened, "happened", "있었던 일을 적으십시오. 없으면 ‘특이사항 없음’이라고 적습니다."
            )
        )
        act.refuse(refusals.unwritten(equipment, "equipment", "장비와 시스템의 상태를 적으십시오."))
        act.refuse(_against_unticked(checks, "given", fault, "fault"))
        act.write(
            happened=happened,
            open_matters=open_matters,
            equipment=equipment,
            checks=checks,
            fault=fault,
            given_at=act.at,
            unchecked=["given_by", "checks"],
        )
        act.payload |= {"turn_at": turn_at.isoformat(), "unticked": _unticked(checks, "given")}
        act.afterwards(roster.judge_again)
    return row


def accept(handover: ShiftHandover, *, ticked: Sequence[str], by: Officer, remark: str = "") -> ShiftHandover:
    """The next shift takes it over; it looks at each check again."""
    with acts.begin(kinds.TAKEN_OVER, handover, by=by) as act:
        act.refuse(against_accepting(act.row, by, act.at))
        checks = [{**check, "accepted": check["label"] in ticked} for check in act.row.checks]
        act.refuse(_against_unticked(checks, "accepted", remark, "remark"))
        act.write(
            checks=checks,
            remark=remark,
            accepted_by=by,
            accepted_at=act.at,
            unchecked=["checks", "accepted_by"],
        )
        act.payload |= {
            "turn_at": act.row.turn_at.isoformat(),
            "unticked": _unticked(checks, "accepted"),
        }
        act.afterwards(roster.judge_again)
    return act.row


def givers(turn_at: dt.datetime) -> set[int]:
    """Whose shift ends then: they write."""
    return _officers(DutyShift.objects.served().filter(ends_at=turn_at))


def of_officer(turns: Iterable[dt.datetime], by: Officer) -> set[dt.datetime]:
    """Of these changes of shifts, those that this person may write."""
    given = list(turns)
    if by.has_perm(KEEP):
        return set(given)
    own = DutyShift.objects.served().filter(staff__officer=by, ends_at__in=given)
    return set(own.values_list("ends_at", flat=True))


def takers(handover: ShiftHandover, at: dt.datetime) -> set[int]:
    """Whose shift follows, or who is on duty now: they accept what another one wrote."""
    return _officers(_following(handover, at)) - {handover.given_by_id}


def _officers(shifts: "QuerySet[DutyShift]") -> set[int]:
    found = shifts.filter(staff__officer__is_active=True).order_by().values_list("staff__officer", flat=True)
    return {key for key in found if key is not None}


def _following(handover: ShiftHandover, at: dt.datetime) -> "QuerySet[DutyShift]":
    """Whoever stands there at the change or later; before it, the colleagues of the shift that ends are there, too."""
    moments = {handover.turn_at, max(at, handover.turn_at)}
    return DutyShift.objects.served().filter(_stands(moments), staff__kind=StaffKind.MONITORING_STAFF)


def against_giving(turn_at: dt.datetime, at: dt.datetime, by: Officer) -> Iterator[Refusal]:
    """Why this person does not write this one, known before a word is written."""
    ending = DutyShift.objects.served().filter(ends_at=turn_at)
    if not ending.exists():
        yield Refusal(
            "turn", "이 시각에 끝나는 근무가 없습니다.", ARTICLE, "근무표를 확인하십시오.", field="turn_at"
        )
    elif not by.has_perm(KEEP) and not ending.filter(staff__officer=by).exists():
        yield Refusal("giver", "이 시각에 근무를 마치는 사람이 적습니다.", ARTICLE)
    if turn_at > at + BEFORE:
        text = f"교대 {BEFORE // dt.timedelta(hours=1)}시간 전부터 적을 수 있습니다."
        yield Refusal("early", text, field="turn_at")
    if ShiftHandover.objects.filter(turn_at=turn_at).exists():
        yield Refusal("twice", "이 교대의 인수인계를 이미 적었습니다.", field="turn_at")


def against_accepting(handover: ShiftHandover, by: Officer, at: dt.datetime) -> Iterator[Refusal]:
    if handover.accepted_at is not None:
        yield Refusal("accepted", "이미 받은 인수인계입니다.", ARTICLE)
    if why := second_person.problem(handover.given_by_id, by, "인계를 적은", does="인수"):
        yield Refusal("self", why, ARTICLE, "다음 근무자가 받습니다.")
    if not by.has_perm(KEEP) and not _following(handover, at).filter(staff__officer=by).exists():
        yield Refusal("taker", "다음 근무를 서는 관제요원이 받습니다.", ARTICLE, "근무표를 확인하십시오.")


def _stands(moments: Iterable[dt.datetime]) -> Q:
    condition = Q(pk__in=[])
    for moment in moments:
        condition |= Q(starts_at__lte=moment, ends_at__gt=moment)
    return condition


def _against_unticked(
    checks: Iterable[Mapping[str, Any]], side: str, words: str, name: str
) -> Iterator[Refusal]:
    if (left := _unticked(checks, side)) and not words.strip():
        text = f"표시하지 않은 점검 항목이 {left}개 있습니다."
        yield Refusal("checks", text, ARTICLE, "점검하거나, 하지 못한 까닭과 조치를 적으십시오.", field=name)


def _unticked(checks: Iterable[Mapping[str, Any]], side: str) -> int:
    return sum(not check[side] for check in checks)


def keep_check(check: HandoverCheck, values: Mapping[str, Any], *, by: Officer) -> HandoverCheck:
    """Another wording or item; what was asked on earlier days stays as it was."""
    with acts.begin(kinds.CHECK_KEPT, check, by=by) as act:
        act.write(**values)
        act.payload |= {"label": act.row.label, "in_use": act.row.is_in_use}
    return act.row


def described(turn_at: dt.datetime) -> str:
    return f"{localtime(turn_at):%Y-%m-%d %H:%M}"
