"""Calendar arithmetic of the Civil Act, and how dates and periods are written in Korean."""

import datetime
from calendar import monthrange
from zoneinfo import ZoneInfo

from ordinance.models import DueDate

SEOUL = ZoneInfo("Asia/Seoul")
DAY = datetime.timedelta(days=1)
Unit = DueDate.Unit
WEEKDAYS = "월화수목금토일"
# Ten years: longer than any period that an office answers in, short enough that a slip of the key is noticed.
LONGEST = {Unit.DAYS: 3660, Unit.WEEKS: 522, Unit.MONTHS: 120, Unit.YEARS: 10}
EARLIEST_YEAR, LATEST_YEAR = 1948, 2200


class DeadlineError(ValueError):
    """A period that cannot be counted; the message is for the person who asked."""


def check_start(start: datetime.date | datetime.datetime) -> datetime.date:
    """The day in Seoul on which a period starts."""
    if isinstance(start, datetime.datetime):
        if start.tzinfo is None or start.utcoffset() is None:
            raise DeadlineError("시간대가 없는 시각으로는 기한을 셈할 수 없습니다.")
        start_on = start.astimezone(SEOUL).date()
    elif isinstance(start, datetime.date):
        start_on = start
    else:
        raise DeadlineError("시작은 날짜나 시각이어야 합니다.")
    if not EARLIEST_YEAR <= start_on.year <= LATEST_YEAR:
        raise DeadlineError(
            f"{EARLIEST_YEAR}년부터 {LATEST_YEAR}년까지의 날짜만 셈할 수 있습니다: {start_on}"
        )
    return start_on


def check_amount(amount: int, unit: str) -> None:
    if unit not in LONGEST:
        raise DeadlineError(f"알 수 없는 기간 단위입니다: {unit}")
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise DeadlineError("기간은 정수여야 합니다.")
    longest = LONGEST[Unit(unit)]
    if not 1 <= amount <= longest:
        raise DeadlineError(
            f"기간은 1{Unit(unit).label}부터 {longest}{Unit(unit).label}까지여야 합니다: {amount}"
        )


def end_of_period(first_on: datetime.date, amount: int, unit: str) -> datetime.date:
    """The last day of a period whose first day is counted (Civil Act 160)."""
    if unit == Unit.DAYS:
        return first_on + DAY * (amount - 1)
    if unit == Unit.WEEKS:
        return first_on + DAY * (7 * amount - 1)
    months = amount * (12 if unit == Unit.YEARS else 1)
    year, month = shift_month(first_on, months)
    length = monthrange(year, month)[1]
    if first_on.day > length:
        # The last month has no such day: the period ends with the month (Civil Act 160(3)).
        return datetime.date(year, month, length)
    return datetime.date(year, month, first_on.day) - DAY


def start_of_period_before(event_on: datetime.date, amount: int, unit: str) -> datetime.date:
    """The earliest day of a period that ends on the day before the event; the mirror of `end_of_period`."""
    if unit == Unit.DAYS:
        return event_on - DAY * amount
    if unit == Unit.WEEKS:
        return event_on - DAY * 7 * amount
    year, month = shift_month(event_on, -amount * (12 if unit == Unit.YEARS else 1))
    return datetime.date(year, month, min(event_on.day, monthrange(year, month)[1]))


def shift_month(on: datetime.date, months: int) -> tuple[int, int]:
    count = on.year * 12 + on.month - 1 + months
    return count // 12, count % 12 + 1


def end_of_day(on: datetime.date) -> datetime.datetime:
    """A period ends with the end of its last day (Civil Act 159): midnight in Seoul, stored in UTC."""
    return datetime.datetime.combine(on + DAY, datetime.time(), SEOUL).astimezone(datetime.UTC)


def day_text(on: datetime.date) -> str:
    return f"{on:%Y-%m-%d}({WEEKDAYS[on.weekday()]})"


def written_day(on: datetime.date) -> str:
    """As official letters write a day: 2026. 11. 28."""
    return f"{on.year}. {on.month}. {on.day}."


def period_text(amount: int, unit: str) -> str:
    return f"{amount}{Unit(unit).label}"
