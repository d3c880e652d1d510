"""The duty of ordinance art. 16 and 18 that the roster shows: at every minute enough people watch, today and in the days to come."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, QuerySet, Value
from django.utils.timezone import localtime

from ordinance.models import Ordinance
from ordinance.periods import DAY, SEOUL
from ordinance.rules import Citation, Context, Rule, Subject
from records.competence import standing
from records.duty_enums import StaffKind
from records.models import DutyShift, Pledge, Training
from records.people import coverage, roster
from records.people.coverage import Gap, Shift

# Which figure of the profile says how many of a kind must stand at every minute.
LEAST = {
    StaffKind.MONITORING_STAFF: "duty_least_agents",
    StaffKind.POLICE_SECONDEE: "duty_least_police",
}
AHEAD, BACK = "duty_ahead_days", "duty_judged_days"
NO_ROSTER = "none"


@dataclass(frozen=True)
class Lack:
    """A stretch in which too few of a kind stand."""

    kind: StaffKind
    gap: Gap

    def __str__(self) -> str:
        count = f"{self.gap.count}명" if self.gap.count else "없음"
        return f"{roster.shown(self.gap.from_at, self.gap.until_at)} {self.kind.label} {count}"


def least(context: Context, kind: StaffKind) -> int:
    return int(context.parameter(LEAST[kind]).value)


def span(context: Context) -> tuple[dt.datetime, dt.datetime] | None:
    """From the first shift on record (or some days ago, whichever is later) to the days ahead; None without any."""
    first = DutyShift.objects.aggregate(first=Min("starts_at"))["first"]
    if first is None:
        return None
    back = _midnight(context.on - DAY * int(context.parameter(BACK).value))
    ahead = _midnight(context.on + DAY * (int(context.parameter(AHEAD).value) + 1))
    return max(first, back), ahead


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SEOUL)


def lacks(context: Context, begin: dt.datetime, end: dt.datetime) -> list[Lack]:
    """Every stretch of [begin, end) that lacks somebody, in order: one query for each kind that the profile asks for."""
    found = [Lack(kind, gap) for kind in LEAST for gap in _gaps(context, kind, begin, end)]
    return sorted(found, key=lambda lack: (lack.gap.from_at, lack.kind))


def _gaps(context: Context, kind: StaffKind, begin: dt.datetime, end: dt.datetime) -> Iterator[Gap]:
    if wanted := least(context, kind):
        rows = DutyShift.objects.served().between(begin, end).filter(staff__kind=kind).order_by()
        shifts = list(rows.values_list("starts_at", "ends_at", "staff_id"))
        yield from coverage.gaps(_qualified(context, shifts), begin, end, least=wanted)


def _qualified(context: Context, shifts: list[Shift]) -> Iterator[Shift]:
    """Of those who stand, those who are taught and sworn in on that day (ordinance art. 25): others watch nothing yet.

    Before the first training or pledge on record nobody can say, and all of them count.
    """
    keys = {staff for _, _, staff in shifts}
    taught = standing.days(Training.objects.completed(), "on", keys)
    sworn = standing.days(
        Pledge.objects.standing().filter(kind__in=standing.SECRECY_SWORN), "signed_on", keys
    )
    known = [
        (days, since, int(context.parameter(months).value))
        for days, since, months in (
            (*taught, standing.TRAINING_MONTHS),
            (*sworn, standing.PLEDGE_MONTHS),
        )
        if since is not None
    ]
    for start, end, staff in shifts:
        on = localtime(start).date()
        if all(
            on < since or any(day <= on <= standing.valid_until(day, months) for day in days.get(staff, ()))
            for days, since, months in known
        ):
            yield start, end, staff


def fault(context: Context) -> str:
    """What the finding says: the next stretch, else the last one that is over, and how many there are besides."""
    judged = span(context)
    # One that begins after the days that are judged tells nothing of them.
    if judged is None or judged[0] >= judged[1]:
        return NO_ROSTER
    found = lacks(context, *judged)
    if not found:
        return ""
    today = _midnight(context.on)
    first = next((lack for lack in found if lack.gap.until_at > today), found[-1])
    return f"{first}" + (f" 외 {len(found) - 1}곳" if len(found) > 1 else "")


def district(context: Context) -> QuerySet[Any]:
    return Ordinance.objects.order_by().of(context.profile).in_force(context.on)


DUTY_COVERED = Rule(
    code=roster.COVERED,
    title="24시간 빈틈없는 근무",
    article=16,
    subject=Subject.DISTRICT,
    subjects=district,
    unmet=lambda rows, context: rows if fault(context) else rows.none(),
    evidence=lambda context: Value(fault(context)),
    words={NO_ROSTER: "근무표가 없습니다."},
    message="근무할 사람이 모자란 시간이 있습니다.",
    remedy="그 시간에 설 사람을 근무표에 더하십시오. 지난 것은 실제로 근무한 사람을 확인하여 적습니다.",
    remedy_url="duty:month",
    mended_by="records.change_duty",
    citations=(Citation("제16조"), Citation("제18조")),
    covers=(
        "자치구. 첫 근무가 등록된 때부터(길어도 며칠 전부터) 며칠 뒤까지, 구분마다 정한 수보다 적은 사람이 서는 시간이 "
        "1분이라도 있으면 미이행입니다. 결근으로 적은 근무와, 그날 교육이나 보안서약의 효력이 없는 사람의 근무는 세지 않습니다. 수와 날수는 기준값으로 정합니다."
    ),
    number_field="profile",
    order=1,
)
