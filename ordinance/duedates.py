"""Due dates of open matters, which follow the table of holidays and remember every date that they had."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from ordinance import deadlines, holidays
from ordinance.deadlines import Deadline
from ordinance.holiday_changes import Change, Moved
from ordinance.models import DueDate, EarlierDueDate, Holiday
from ordinance.periods import SEOUL

# Wide enough that a due date's count never leaves the table that a batch is recounted with.
MARGIN = datetime.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Recount:
    due: DueDate
    deadline: Deadline

    @property
    def is_moved(self) -> bool:
        return self.deadline.due_at != self.due.due_at

    @property
    def is_changed(self) -> bool:
        return (
            self.is_moved
            or self.deadline.is_provisional != self.due.is_provisional
            or self.deadline.internal_due_on != self.due.internal_due_on
        )


def open_for(
    subject_kind: str,
    subject_number: str,
    deadline: Deadline,
    *,
    purpose: str = "answer",
    now: datetime.datetime | None = None,
) -> DueDate:
    """Hangs a counted deadline on a matter. Once per matter and purpose."""
    due = DueDate(
        subject_kind=subject_kind,
        subject_number=subject_number,
        purpose=purpose,
        rule=deadline.rule,
        start_at=_as_instant(deadline.start),
        amount=deadline.amount,
        unit=deadline.unit,
        start_on=deadline.start_on,
        citation=deadline.citation,
        opened_at=now or timezone.now(),
    )
    _take(due, deadline)
    due.full_clean()
    due.save()
    return due


def close(due: DueDate, *, now: datetime.datetime | None = None) -> DueDate:
    """The matter is done: its date stays what it was, whatever happens to holidays."""
    with transaction.atomic():
        locked = DueDate.objects.select_for_update().get(pk=due.pk)
        if locked.closed_at is None:
            locked.closed_at = now or timezone.now()
            locked.save()
    due.refresh_from_db()
    return due


def deadline_of(due: DueDate) -> Deadline:
    """How the date on record is reached with the holidays as they are now."""
    return deadlines.compute(due.rule, due.start_at, due.amount, due.unit)


def follow_holidays(change: Change) -> list[Moved]:
    """Counts anew what the changed days may touch. Part of the change's own transaction."""
    reason = "; ".join(filter(None, [change.reason, *change.notes])) or "공휴일 변경"
    touched = DueDate.objects.open().touched_by(change.days).order_by("pk").select_for_update()
    return _recount(list(touched), reason=reason, by=change.by)


def recheck(*, by: str = "system:due_dates", reason: str = "일일 점검") -> list[Moved]:
    """Counts every open due date anew: catches what was opened while a holiday was being added."""
    with transaction.atomic():
        rows = list(DueDate.objects.open().order_by("pk").select_for_update())
        return _recount(rows, reason=reason, by=by)


def affected_by(
    *, adding: Iterable[tuple[datetime.date, str]] = (), removing: Iterable[Holiday] = ()
) -> list[Moved]:
    """Which open ones another table of holidays would move, without changing anything: for a look before the act."""
    added = list(adding)
    gone = [(holiday.on, holiday.name) for holiday in removing]
    days = [on for on, _name in [*added, *gone]]
    if not days:
        return []
    rows = list(DueDate.objects.open().touched_by(days).order_by("pk"))
    table = _table_for(rows)
    if table is None:
        return []
    return [_as_moved(each) for each in _counted(rows, table.changed(added, gone)) if each.is_moved]


def _recount(rows: list[DueDate], *, reason: str, by: str) -> list[Moved]:
    table = _table_for(rows)
    if table is None:
        return []
    changed = [each for each in _counted(rows, table) if each.is_changed]
    moved = [each for each in changed if each.is_moved]
    told = [_as_moved(each) for each in moved]
    EarlierDueDate.objects.bulk_create(_earlier(each, reason=reason, by=by) for each in moved)
    for each in changed:
        _take(each.due, each.deadline)
    # Not one by one: a day off for the whole country moves whatever is open.
    bulk_update_with_history(
        [each.due for each in changed],
        DueDate,
        ["due_on", "due_at", "internal_due_on", "is_provisional"],
        batch_size=500,
        default_change_reason=reason[:100],
    )
    return told


def _table_for(rows: Sequence[DueDate]) -> holidays.Calendar | None:
    if not rows:
        return None
    first = min(min(row.start_on, row.due_on) for row in rows)
    last = max(max(row.start_on, row.due_on) for row in rows)
    return holidays.calendar(first - MARGIN, last + MARGIN)


def _counted(rows: Sequence[DueDate], table: holidays.Calendar) -> list[Recount]:
    """Office hours are those of the day on which a matter began; a handful of days, so they are kept per call."""
    hours: dict[datetime.date, deadlines.WorkingTime] = {}
    counted = []
    for row in rows:
        if row.start_on not in hours:
            hours[row.start_on] = deadlines.WorkingTime.on_record(row.start_on)
        counted.append(
            Recount(
                row,
                deadlines.compute(
                    row.rule,
                    row.start_at,
                    row.amount,
                    row.unit,
                    calendar=table,
                    working=hours[row.start_on],
                ),
            )
        )
    return counted


def _take(due: DueDate, deadline: Deadline) -> None:
    due.due_on = deadline.due_on
    due.due_at = deadline.due_at
    due.internal_due_on = deadline.internal_due_on
    due.is_provisional = deadline.is_provisional


def _earlier(recount: Recount, *, reason: str, by: str) -> EarlierDueDate:
    return EarlierDueDate(
        due_date=recount.due,
        due_on=recount.due.due_on,
        due_at=recount.due.due_at,
        new_due_on=recount.deadline.due_on,
        reason=reason[:500],
        changed_at=timezone.now(),
        changed_by=by,
    )


def _as_moved(recount: Recount) -> Moved:
    return Moved(
        subject_kind=recount.due.subject_kind,
        subject_number=recount.due.subject_number,
        purpose=recount.due.purpose,
        old_due_on=recount.due.due_on,
        new_due_on=recount.deadline.due_on,
    )


def _as_instant(start: datetime.date | datetime.datetime) -> datetime.datetime:
    if isinstance(start, datetime.datetime):
        return start
    return datetime.datetime.combine(start, datetime.time(), SEOUL)
