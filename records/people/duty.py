"""근무: the roster. A person's shifts never overlap; one may begin where the other ends."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import Officer
from casework.refusals import Refusal
from records.models import DutyShift, StaffMember
from records.people import roster
from records.people.importing import Change, Line, bring, staff_by_number
from records.tabular import Column, ImportResult, instant, needed

LEDGER_KIND = "records.duty_imported"
COLUMNS = (Column("사번"), Column("시작"), Column("종료"))
_Period = tuple[datetime.datetime, datetime.datetime]


def import_file(
    path: str | Path,
    *,
    dry_run: bool = False,
    skip_invalid: bool = False,
    actor: str = "system:import",
    by: Officer | None = None,
) -> ImportResult:
    """New shifts are added; what the file lacks stays. `by`: who brings it in the portal."""
    with transaction.atomic():
        result = bring(
            path,
            COLUMNS,
            partial(_judge, by),
            kind=LEDGER_KIND,
            subject="duty",
            actor=actor,
            dry_run=dry_run,
            skip_invalid=skip_invalid,
        )
        if result.is_stored:
            roster.judge_again()
    return result


def _judge(by: Officer | None, lines: Sequence[Line]) -> Iterable[tuple[Line, Change]]:
    read = [(line, line.take("사번", needed), _period(line)) for line in lines]
    staff = staff_by_number({number for _, number, _ in read if number})
    standing = _standing(staff.values(), [period for _, _, period in read if period])
    taken: dict[str, list[tuple[_Period, int]]] = defaultdict(list)
    right: list[tuple[Line, StaffMember, _Period]] = []
    for line, number, period in read:
        if number and number not in staff:
            line.refuse("사번", "등록되지 않은 사번입니다. 인력을 먼저 가져오십시오.")
        if not line.errors and number and period:
            taken[number].append((period, line.row))
            right.append((line, staff[number], period))
    overlaps = _overlaps(taken)
    now, own = timezone.now(), dict[int, list[Refusal]]()
    for line, person, period in right:
        if line.row in overlaps:
            line.refuse("시작", f"{overlaps[line.row]}행의 근무와 겹칩니다.")
            continue
        same = standing[person.pk].get(period)
        if same is None and (other := _overlapping(period, standing[person.pk])):
            line.refuse("시작", f"이미 등록된 근무({_shown(other)})와 겹칩니다.")
            continue
        if by is not None and same is None and period[0] <= now:
            if person.pk not in own:
                own[person.pk] = list(roster.against_own(person, period[0], now, by))
            for refusal in own[person.pk]:
                line.refuse("사번", refusal.text)
        yield line, (same or DutyShift(staff=person, starts_at=period[0], ends_at=period[1]), {})


def _period(line: Line) -> _Period | None:
    start, end = line.take("시작", instant), line.take("종료", instant)
    if start is None or end is None:
        return None
    if end <= start:
        line.refuse("종료", "시작보다 뒤여야 합니다.")
    elif end - start > roster.LONGEST_SHIFT:
        line.refuse("종료", f"{roster.LONGEST_SHIFT.days * 24}시간을 넘는 근무입니다. 날짜를 확인하십시오.")
    else:
        return start, end
    return None


def _standing(
    staff: Iterable[StaffMember], periods: Sequence[_Period]
) -> dict[int, dict[_Period, DutyShift]]:
    found: dict[int, dict[_Period, DutyShift]] = defaultdict(dict)
    if not periods:
        return found
    shifts = DutyShift.objects.between(
        min(start for start, _ in periods), max(end for _, end in periods)
    ).filter(staff__in=[person.pk for person in staff])
    for shift in shifts:
        found[shift.staff_id][shift.starts_at, shift.ends_at] = shift
    return found


def _overlaps(taken: dict[str, list[tuple[_Period, int]]]) -> dict[int, int]:
    """Rows of the file that overlap an earlier row of the same person; the same line twice counts as that too."""
    found: dict[int, int] = {}
    for periods in taken.values():
        last: tuple[datetime.datetime, int] | None = None
        for (start, end), row in sorted(periods):
            if last is not None and start < last[0]:
                found[row] = last[1]
            if last is None or end > last[0]:
                last = end, row
    return found


def _overlapping(period: _Period, standing: dict[_Period, DutyShift]) -> _Period | None:
    return next((other for other in standing if other[0] < period[1] and period[0] < other[1]), None)


def _shown(period: _Period) -> str:
    return "~".join(f"{localtime(at):%Y-%m-%d %H:%M}" for at in period)
