from datetime import UTC, date, datetime

import pytest

from reports.period import Period, UnusablePeriod
from tests.reports.situations import seoul


@pytest.mark.parametrize(
    "text",
    [
        "",
        "202",
        "2026Q0",
        "2026Q5",
        "2026q3",
        "2026 Q3",
        "2026-Q3",
        " 2026Q3",
        "2026Q3\n",
        "26Q3",
        "２０２６Q3",
        "2026Q33",
        "0000Q1",
        "9999Q4",
        "Q3",
        "none",
        "2026Q3;",
    ],
)
def test_only_one_spelling_is_a_period(text):
    with pytest.raises(UnusablePeriod):
        Period.parse(text)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_first_and_last_day(code, first, last):
    period = Period.parse(code)
    assert (period.from_on, period.until_on) == (first, last)
    assert Period.containing(first) == Period.containing(last) == period


def test_bounds_are_midnights_in_seoul():
    period = Period.parse("2026Q3")
    assert period.from_at.astimezone(UTC) == datetime(2026, 6, 30, 15, tzinfo=UTC)
    assert period.until_at.astimezone(UTC) == datetime(2026, 9, 30, 15, tzinfo=UTC)
    assert not period.has_ended(seoul(2026, 9, 30, 23, 59, 59))
    assert period.has_ended(seoul(2026, 10, 1))
    assert not period.has_begun(seoul(2026, 6, 30, 23, 59, 59))
    assert period.has_begun(seoul(2026, 7, 1))


def test_previous_quarter_crosses_the_year():
    assert Period.parse("2026Q1").previous.code == "2025Q4"
    assert Period.parse("2026Q3").previous.code == "2026Q2"


def test_future_is_refused_with_the_day_it_can_be_issued():
    with pytest.raises(UnusablePeriod, match="2026-10-01"):
        Period.parse("2026Q4").refuse_future(seoul(2026, 9, 30, 23, 59))
    Period.parse("2026Q4").refuse_future(seoul(2026, 10, 1, 0, 0))


def test_a_year_is_a_period_of_twelve_months():
    year = Period.parse("2026")
    assert (year.label, year.code, year.previous.code) == ("2026년", "2026", "2025")
    assert (year.from_on, year.until_on, len(year.months)) == (date(2026, 1, 1), date(2026, 12, 31), 12)
    assert year.says("분기 중에 접수한 것과 분기 말의 것, 앞 분기") == "그해에 접수한 것과 연말의 것, 앞 해"
    assert Period.parse("2026Q3").says("분기 말") == "분기 말"
