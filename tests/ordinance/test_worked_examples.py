"""Every worked example, by the seeded table of holidays, from instants in UTC as they are stored."""

import datetime

import pytest

from ordinance import deadlines
from ordinance.periods import SEOUL
from tests.ordinance.worked_examples import EXAMPLES, Example

pytestmark = pytest.mark.django_db


def _start(text: str) -> datetime.date | datetime.datetime:
    if len(text) == 10:
        return datetime.date.fromisoformat(text)
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(datetime.UTC)


def _shown(example: Example, deadline: deadlines.Deadline) -> str:
    if len(example.due) == 10:
        return f"{deadline.due_on:%Y-%m-%d}"
    return f"{deadline.due_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda each: f"{each.rule}-{each.start}-{each.amount}{each.unit}"
)
def test_due_date_is_the_one_counted_by_hand(example):
    deadline = deadlines.compute(example.rule, _start(example.start), example.amount, example.unit)
    assert _shown(example, deadline) == example.due, f"{example.why}\n{deadline.explain()}"
    assert not deadline.is_provisional


def test_there_are_enough_examples_and_none_twice():
    assert len(EXAMPLES) >= 60
    assert len({each[:4] for each in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize(
    "example",
    [each for each in EXAMPLES if len(each.start) == 10],
    ids=lambda each: f"{each.rule}-{each.start}-{each.amount}{each.unit}",
)
def test_a_date_and_its_first_and_last_minute_in_seoul_are_the_same_day(example):
    """Whatever the day in UTC: counting by days looks at Seoul's date only."""
    expected = deadlines.compute(example.rule, _start(example.start), example.amount, example.unit).due_on
    for clock in ("00:01", "08:59", "09:00", "23:59"):
        instant = _start(f"{example.start} {clock}")
        assert deadlines.compute(example.rule, instant, example.amount, example.unit).due_on == expected
