"""Three ways of counting days, each of which says how it came to its date.

* Civil Act 155-161: the first day is not counted, holidays are, but a period does not end on a Saturday or holiday.
* Petitions Act 19: up to five days are counted in working hours from the receipt, eight to a day; longer ones in
  days with the first day counted; Saturdays and holidays are left out.
* Disclosure Act 29: in days with the first day counted; Saturdays and holidays are left out.

Which one governs a request is a parameter (`counting_rule_<route>`), since PIPA does not say it of its own ten days.
Everything is counted in Seoul's days: 23:59 and 00:01 there are two days, whatever the day is in UTC. A `datetime` is
an instant and must be aware; a `date` is that day in Seoul. Counting itself is pure: it takes a `Calendar` and a
`WorkingTime`, and only the functions at the end of this module fetch them.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from ordinance import holidays, parameters
from ordinance.holidays import Calendar
from ordinance.models import Mark
from ordinance.periods import (
    DAY,
    SEOUL,
    DeadlineError,
    Unit,
    check_amount,
    check_start,
    day_text,
    end_of_day,
    end_of_period,
    period_text,
    start_of_period_before,
)
from ordinance.working_time import WorkingTime

__all__ = [
    "RULES",
    "SEOUL",
    "Deadline",
    "DeadlineError",
    "RequestRoute",
    "Unit",
    "WorkingTime",
    "before",
    "civil",
    "compute",
    "disclosure",
    "for_route",
    "petition",
]

Skipped = tuple[tuple[datetime.date, str], ...]


class RequestRoute(StrEnum):
    """청구 경로: what a request is by law, which its sender often picks wrongly."""

    PIPA_VIEWING = "pipa_viewing"
    DISCLOSURE = "disclosure"
    PETITION = "petition"


ANSWER_DAYS = {
    RequestRoute.PIPA_VIEWING: "viewing_answer_days",
    RequestRoute.DISCLOSURE: "disclosure_answer_days",
    RequestRoute.PETITION: "petition_answer_days",
}


# Periods of the administration follow the Civil Act.
GENERAL = "행정기본법 제6조제1항"


@dataclass(frozen=True, slots=True)
class WorkSpan:
    """Working hours that were counted, in Seoul's time."""

    from_at: datetime.datetime
    until_at: datetime.datetime

    def __str__(self) -> str:
        return f"{day_text(self.from_at.date())} {self.from_at:%H:%M}~{self.until_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date and how it was reached."""

    rule: str
    rule_label: str
    citation: str
    mark: str
    start: datetime.date | datetime.datetime
    start_on: datetime.date
    amount: int
    unit: str
    first_on: datetime.date
    counted: tuple[datetime.date, ...]
    skipped: Skipped
    nominal_on: datetime.date
    due_on: datetime.date
    due_at: datetime.datetime
    internal_due_on: datetime.date
    missing_years: tuple[int, ...] = ()
    hours: tuple[WorkSpan, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def is_verified(self) -> bool:
        """Whether the provision was read in the official text."""
        return self.mark == Mark.VERIFIED

    @property
    def is_provisional(self) -> bool:
        """The count reached a year whose holidays are not on record."""
        return bool(self.missing_years)

    @property
    def is_hourly(self) -> bool:
        return bool(self.hours)

    @property
    def is_rolled_over(self) -> bool:
        return self.due_on != self.nominal_on

    @property
    def rolled_over(self) -> Skipped:
        """The days between the end as counted and the due date."""
        low, high = sorted((self.nominal_on, self.due_on))
        return tuple((on, name) for on, name in self.skipped if low <= on <= high) if low != high else ()

    def is_overdue(self, now: datetime.datetime) -> bool:
        return now >= self.due_at

    def days_left(self, now: datetime.datetime) -> int:
        """Calendar days in Seoul; 0 on the last day, negative afterwards."""
        return (self.due_on - now.astimezone(SEOUL).date()).days

    def explain(self, *, is_public: bool = False) -> str:
        """The count in Korean, for a page or a letter: start, what was left out and why, end, provision.

        To citizens without the office's own earlier day, and only with provisions that were read in the official text.
        """
        lines = [self._start_text(), *self.notes]
        if self.is_hourly:
            lines += [f"셈한 근무시간: {', '.join(map(str, self.hours))}"]
        elif self.counted:
            lines.append(
                f"셈한 날: {day_text(self.counted[0])}부터 {day_text(self.counted[-1])}까지 {len(self.counted)}일"
            )
        passed = [pair for pair in self.skipped if pair not in self.rolled_over]
        if passed:
            lines.append("넣지 않은 날: " + ", ".join(f"{day_text(on)} {name}" for on, name in passed))
        if self.is_rolled_over:
            days = ", ".join(f"{day_text(on)} {name}" for on, name in self.rolled_over)
            moved = "당겼습니다" if self.due_on < self.nominal_on else "미루었습니다"
            lines.append(
                f"마지막 날 {day_text(self.nominal_on)}이 근무일이 아니어서 {day_text(self.due_on)}로 {moved} ({days})"
            )
        lines.append(self._due_text())
        if not is_public:
            lines.append(f"내부 기한: {day_text(self.internal_due_on)}")
        if self.is_provisional:
            years = ", ".join(f"{year}년" for year in self.missing_years)
            lines.append(f"잠정: {years} 공휴일이 아직 등록되지 않아 기한이 달라질 수 있습니다.")
        if not is_public:
            lines.append(f"근거: {self.citation} ({Mark(self.mark).label})")
        elif basis := RULES[self.rule].compared_citation:
            lines.append(f"근거: {basis}")
        return "\n".join(lines)

    def _start_text(self) -> str:
        if isinstance(self.start, datetime.datetime):
            local = self.start.astimezone(SEOUL)
            start = f"{day_text(local.date())} {local:%H:%M}"
        else:
            start = day_text(self.start_on)
        return f"시작: {start}, 기간 {period_text(self.amount, self.unit)} ({self.rule_label})"

    def _due_text(self) -> str:
        if self.is_hourly:
            return f"기한: {day_text(self.due_on)} {self.due_at.astimezone(SEOUL):%H:%M}까지"
        return f"기한: {day_text(self.due_on)}까지"

    def __str__(self) -> str:
        return self._due_text()


@dataclass(frozen=True)
class Count:
    """The bare result of counting, before it is dressed as a `Deadline`."""

    first_on: datetime.date
    counted: tuple[datetime.date, ...]
    skipped: Skipped
    nominal_on: datetime.date
    due_on: datetime.date
    due_at: datetime.datetime | None = None
    hours: tuple[WorkSpan, ...] = ()
    notes: tuple[str, ...] = ()
    # From where to where the table of holidays decided something.
    looked_from: datetime.date | None = None


class Rule:
    """One way of counting. `count` is pure; two calls with the same arguments give the same deadline."""

    code: ClassVar[str]
    label: ClassVar[str]
    citation: ClassVar[str]
    mark: ClassVar[str] = Mark.VERIFIED
    # What of the citation was compared with the official text, where not all of it was.
    compared: ClassVar[str] = ""

    @property
    def compared_citation(self) -> str:
        return self.citation if self.mark == Mark.VERIFIED else self.compared

    def count(
        self,
        start: datetime.date | datetime.datetime,
        amount: int,
        unit: str = Unit.DAYS,
        *,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Deadline:
        start_on = check_start(start)
        check_amount(amount, unit)
        result = self.steps(start, start_on, amount, unit, calendar, working)
        looked = sorted((result.looked_from or result.first_on, result.due_on))
        years = range(looked[0].year, looked[1].year + 1)
        return Deadline(
            rule=self.code,
            rule_label=self.label,
            citation=self.citation,
            mark=str(self.mark),
            start=start,
            start_on=start_on,
            amount=amount,
            unit=str(unit),
            first_on=result.first_on,
            counted=result.counted,
            skipped=result.skipped,
            nominal_on=result.nominal_on,
            due_on=result.due_on,
            due_at=result.due_at or end_of_day(result.due_on),
            internal_due_on=_internal_due_on(result, start_on, calendar, working),
            missing_years=tuple(year for year in years if year not in calendar.known_years),
            hours=result.hours,
            notes=result.notes,
        )

    def steps(
        self,
        start: datetime.date | datetime.datetime,
        start_on: datetime.date,
        amount: int,
        unit: str,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Count:
        raise NotImplementedError


def _internal_due_on(
    result: Count, start_on: datetime.date, calendar: Calendar, working: WorkingTime
) -> datetime.date:
    """Some working days earlier, so that an answer can still be signed; never before the matter arrived."""
    on = result.due_on
    for _ in range(working.internal_lead_days):
        on = calendar.previous_working_day(on - DAY)
    return min(result.due_on, max(on, start_on)) if start_on <= result.due_on else on


class CivilRule(Rule):
    code = "civil"
    label = "민법: 첫날 불산입, 말일이 토요일·공휴일이면 다음 날 만료"
    citation = f"{GENERAL}, 민법 제155조부터 제161조까지"
    # law.md has the Civil Act from memory; nobody has compared it with the official text yet.
    mark = Mark.MEMORY
    compared = GENERAL
    counts_first_day: ClassVar[bool] = False

    def steps(
        self,
        start: datetime.date | datetime.datetime,
        start_on: datetime.date,
        amount: int,
        unit: str,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Count:
        first_on = start_on if self.counts_first_day else start_on + DAY
        return _calendar_count(first_on, amount, unit, calendar)


class CivilFromMidnightRule(CivilRule):
    """A period that begins at midnight counts its first day (Civil Act 157, second sentence)."""

    code = "civil_from_midnight"
    label = "민법: 오전 0시부터 시작하여 첫날 산입, 말일이 토요일·공휴일이면 다음 날 만료"
    counts_first_day = True


def _calendar_count(first_on: datetime.date, amount: int, unit: str, calendar: Calendar) -> Count:
    """Every day counts, the end moves off Saturdays and holidays (Civil Act 159-161)."""
    nominal_on = end_of_period(first_on, amount, unit)
    due_on = calendar.next_working_day(nominal_on)
    passed = _days(nominal_on, due_on - DAY)
    return Count(
        first_on=first_on,
        counted=tuple(_days(first_on, nominal_on)),
        skipped=tuple((on, calendar.name(on)) for on in passed),
        nominal_on=nominal_on,
        due_on=due_on,
        looked_from=nominal_on,
    )


def _days(from_on: datetime.date, until_on: datetime.date) -> list[datetime.date]:
    return [from_on + DAY * n for n in range((until_on - from_on).days + 1)]


class CountBackRule(Rule):
    """How late something may happen to be a number of days *before* an event, such as a meeting's notice.

    Counted as the Civil Act counts forward: the event's own day is left out. With clear days, that many whole days lie
    between; this is the reading that no one can contest. A last day without office moves to the working day before.
    """

    code = "civil_before"
    label = "민법: 거꾸로 셈, 행사일 불산입"
    citation = f"{GENERAL}, 민법 제157조·제159조(역산)"
    mark = Mark.MEMORY
    compared = GENERAL

    def steps(
        self,
        start: datetime.date | datetime.datetime,
        start_on: datetime.date,
        amount: int,
        unit: str,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Count:
        last_counted = start_of_period_before(start_on, amount, unit)
        nominal_on = last_counted - DAY if working.counts_back_clear_days else last_counted
        due_on = calendar.previous_working_day(nominal_on)
        passed = _days(due_on + DAY, nominal_on)
        counted = tuple(reversed(_days(last_counted, start_on - DAY)))
        note = (
            "기간 전부가 사이에 들어가도록 그 전날까지로 봅니다."
            if working.counts_back_clear_days
            else "마지막으로 셈한 날까지로 봅니다."
        )
        return Count(
            first_on=start_on - DAY,
            counted=counted,
            skipped=tuple((on, calendar.name(on)) for on in reversed(passed)),
            nominal_on=nominal_on,
            due_on=due_on,
            notes=(note,),
            looked_from=nominal_on,
        )


class WorkingDayRule(Rule):
    """The first day counts, Saturdays and holidays do not."""

    def steps(
        self,
        start: datetime.date | datetime.datetime,
        start_on: datetime.date,
        amount: int,
        unit: str,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Count:
        if unit != Unit.DAYS:
            return _calendar_count(start_on, amount, unit, calendar)
        counted: list[datetime.date] = []
        skipped: list[tuple[datetime.date, str]] = []
        on = start_on
        while True:
            if calendar.is_working_day(on):
                counted.append(on)
            else:
                skipped.append((on, calendar.name(on)))
            if len(counted) == amount:
                break
            on += DAY
        return Count(
            first_on=counted[0],
            counted=tuple(counted),
            skipped=tuple(skipped),
            nominal_on=on,
            due_on=on,
            looked_from=start_on,
        )


class DisclosureRule(WorkingDayRule):
    code = "disclosure"
    label = "정보공개법: 첫날 산입, 토요일·공휴일 불산입"
    citation = "공공기관의 정보공개에 관한 법률 제29조"
    mark = Mark.MEMORY


class PetitionRule(WorkingDayRule):
    code = "petition"
    label = "민원처리법: 5일 이하는 근무시간, 6일 이상은 첫날 산입, 토요일·공휴일 불산입"
    citation = "민원 처리에 관한 법률 제19조"

    def steps(
        self,
        start: datetime.date | datetime.datetime,
        start_on: datetime.date,
        amount: int,
        unit: str,
        calendar: Calendar,
        working: WorkingTime,
    ) -> Count:
        if unit != Unit.DAYS or amount > working.hourly_up_to_days:
            return super().steps(start, start_on, amount, unit, calendar, working)
        if not isinstance(start, datetime.datetime):
            raise DeadlineError(
                f"{working.hourly_up_to_days}일 이하의 민원은 시간으로 셈하므로 접수 시각이 필요합니다."
            )
        return _hourly_count(start.astimezone(SEOUL), amount, calendar, working)


def _hourly_count(
    received_at: datetime.datetime, amount: int, calendar: Calendar, working: WorkingTime
) -> Count:
    """Working hours from the receipt on; time outside of office hours does not count, nor do days without."""
    left = datetime.timedelta(hours=working.hours_per_day) * amount
    hours: list[WorkSpan] = []
    skipped: list[tuple[datetime.date, str]] = []
    on = received_at.date()
    while left > datetime.timedelta():
        if not calendar.is_working_day(on):
            skipped.append((on, calendar.name(on)))
        else:
            for begin, end in working.spans:
                from_at = max(received_at, _at(on, begin))
                until_at = min(_at(on, end), from_at + left)
                if from_at < until_at:
                    hours.append(WorkSpan(from_at, until_at))
                    left -= until_at - from_at
        on += DAY
    due_at = hours[-1].until_at
    note = f"1일을 근무시간 {working.hours_per_day}시간으로 보아 접수 시각부터 셈합니다."
    began = hours[0].from_at
    notes = (
        (note,)
        if began == received_at
        else (note, f"근무시간 밖에 접수되어 {day_text(began.date())} {began:%H:%M}부터 셈합니다.")
    )
    return Count(
        first_on=began.date(),
        counted=tuple(dict.fromkeys(span.from_at.date() for span in hours)),
        skipped=tuple(skipped),
        nominal_on=due_at.date(),
        due_on=due_at.date(),
        due_at=due_at.astimezone(datetime.UTC),
        hours=tuple(hours),
        notes=notes,
        looked_from=received_at.date(),
    )


def _at(on: datetime.date, clock: datetime.time) -> datetime.datetime:
    if clock == datetime.time.max:
        return datetime.datetime.combine(on + DAY, datetime.time(), SEOUL)
    return datetime.datetime.combine(on, clock, SEOUL)


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (CivilRule(), CivilFromMidnightRule(), CountBackRule(), PetitionRule(), DisclosureRule())
}


# -- counting with what is on record ---------------------------------------------------------------------------


def compute(
    rule: str,
    start: datetime.date | datetime.datetime,
    amount: int,
    unit: str = Unit.DAYS,
    *,
    calendar: Calendar | None = None,
    working: WorkingTime | None = None,
    profile: str | None = None,
) -> Deadline:
    """Counts by the rule of that code, with the holidays and hours on record unless others are given."""
    if rule not in RULES:
        raise DeadlineError(f"알 수 없는 계산 방법입니다: {rule} (가능: {', '.join(RULES)})")
    start_on = check_start(start)
    check_amount(amount, unit)
    hours = working or WorkingTime.on_record(start_on, profile)

    def count(table: Calendar) -> Deadline:
        return RULES[rule].count(start, amount, unit, calendar=table, working=hours)

    return count(calendar) if calendar is not None else _with_table(count, start_on, amount, unit)


def _with_table(
    count: Callable[[Calendar], Deadline], start_on: datetime.date, amount: int, unit: str
) -> Deadline:
    """Fetches as many years as the count can need, and more in the odd case that it ran over their end."""
    span = (end_of_period(start_on, amount, unit) - start_on) * 2 + DAY * 40
    while True:
        deadline = count(holidays.calendar(start_on - span, start_on + span))
        if deadline.due_on.year <= (start_on + span).year:
            return deadline
        span *= 2


def civil(
    start: datetime.date | datetime.datetime,
    days: int,
    unit: str = Unit.DAYS,
    *,
    from_midnight: bool = False,
    calendar: Calendar | None = None,
    working: WorkingTime | None = None,
) -> Deadline:
    """Civil Act. `from_midnight` when the period begins at midnight by its own terms, so that its first day counts."""
    rule = CivilFromMidnightRule.code if from_midnight else CivilRule.code
    return compute(rule, start, days, unit, calendar=calendar, working=working)


def petition(
    received_at: datetime.date | datetime.datetime,
    days: int,
    unit: str = Unit.DAYS,
    *,
    calendar: Calendar | None = None,
    working: WorkingTime | None = None,
) -> Deadline:
    return compute(PetitionRule.code, received_at, days, unit, calendar=calendar, working=working)


def disclosure(
    received_on: datetime.date | datetime.datetime,
    days: int,
    unit: str = Unit.DAYS,
    *,
    calendar: Calendar | None = None,
    working: WorkingTime | None = None,
) -> Deadline:
    return compute(DisclosureRule.code, received_on, days, unit, calendar=calendar, working=working)


def before(
    event_on: datetime.date | datetime.datetime,
    days: int,
    unit: str = Unit.DAYS,
    *,
    calendar: Calendar | None = None,
    working: WorkingTime | None = None,
) -> Deadline:
    """The last day on which something is still that long before the event."""
    return compute(CountBackRule.code, event_on, days, unit, calendar=calendar, working=working)


def for_route(
    route: str,
    received_at: datetime.date | datetime.datetime,
    *,
    days: int | None = None,
    profile: str | None = None,
) -> Deadline:
    """The answer's deadline by the rule and the number of days that are on record for that route."""
    known = RequestRoute(route)
    on = check_start(received_at)
    codes = [f"counting_rule_{known}", ANSWER_DAYS[known]]
    found = parameters.snapshot(on, profile, codes=codes)
    for code in codes:
        if code not in found and not (days is not None and code == ANSWER_DAYS[known]):
            raise parameters.UnknownParameter(f"설정값이 없습니다: {code}")
    amount = days if days is not None else int(found[ANSWER_DAYS[known]].value)
    return compute(str(found[codes[0]].value), received_at, amount, profile=profile)
