"""Holidays and due dates for tests; law itself comes by `migrate`."""

import datetime

import factory

from ordinance import deadlines, duedates
from ordinance.models import DueDate, Holiday
from ordinance.periods import SEOUL


def seoul(text: str) -> datetime.datetime:
    """An instant as it is stored, from what a clock in Seoul shows."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(datetime.UTC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class HolidayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Holiday
        skip_postgeneration_save = True

    on = datetime.date(2026, 11, 11)
    name = "임시공휴일"
    kind = Holiday.Kind.TEMPORARY
    source = "관보"

    class Params:
        by_law = factory.Trait(kind=Holiday.Kind.NATIONAL, name="법정공휴일")


def open_due(rule: str, start: str, amount: int, number: str = "2026-1", unit: str = "days") -> DueDate:
    began = day(start) if len(start) == 10 else seoul(start)
    return duedates.open_for("viewing_request", number, deadlines.compute(rule, began, amount, unit))
