"""How a deadline tells its story, what it refuses, and each way of counting against an oracle of a few lines."""

import datetime

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance import deadlines, holiday_seed, parameters
from ordinance.deadlines import RULES, DeadlineError, RequestRoute, WorkingTime
from ordinance.holidays import Calendar
from ordinance.models import Holiday, Parameter
from ordinance.periods import SEOUL
from tests.ordinance.factories import HolidayFactory, day, seoul

DAY = datetime.timedelta(days=1)
WORKING = WorkingTime()
# A busy machine is no reason to fail.
unhurried = settings(deadline=None)
starts = st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31))
tables = st.sets(st.dates(datetime.date(2023, 11, 1), datetime.date(2029, 12, 31)), max_size=150).map(
    lambda days: Calendar.of([(on, "쉬는 날") for on in days], range(1900, 2300))
)


def _off(table: Calendar, on: datetime.date) -> bool:
    return on.weekday() >= 5 or on in table.names


# -- oracles -----------------------------------------------------------------------------------------------------


@unhurried
@given(starts, st.integers(1, 120), tables)
def test_civil_days_agree_with_the_oracle(start, amount, table):
    due = start + DAY * amount
    while _off(table, due):
        due += DAY
    assert RULES["civil"].count(start, amount, calendar=table, working=WORKING).due_on == due


@unhurried
@given(starts, st.integers(1, 40), st.sampled_from(["months", "years", "weeks"]), tables)
def test_civil_calendar_periods_agree_with_the_oracle(start, amount, unit, table):
    amount = amount % 10 + 1 if unit == "years" else amount
    first = start + DAY
    due = first + relativedelta(**{unit: amount})
    if due.day == first.day or unit == "weeks":
        due -= DAY
    while _off(table, due):
        due += DAY
    assert RULES["civil"].count(start, amount, unit, calendar=table, working=WORKING).due_on == due


@unhurried
@given(starts, st.integers(6, 60), st.sampled_from(["petition", "disclosure"]), tables)
def test_working_days_agree_with_the_oracle(start, amount, rule, table):
    working_days = (on for n in range(400) if not _off(table, on := start + DAY * n))
    due = [next(working_days) for _ in range(amount)][-1]
    deadline = RULES[rule].count(start, amount, calendar=table, working=WORKING)
    assert deadline.due_on == due
    assert len(deadline.counted) == amount


@unhurried
@given(starts, st.integers(0, 1439), st.integers(1, 5), tables)
def test_working_hours_agree_with_counting_minutes(start, minute, amount, table):
    received_at = datetime.datetime.combine(start, datetime.time(), SEOUL) + minute * datetime.timedelta(
        minutes=1
    )
    now, left = received_at, amount * 480
    while left:
        works = 9 <= now.hour < 18 and now.hour != 12 and not _off(table, now.date())
        left -= works
        now += datetime.timedelta(minutes=1)
    deadline = RULES["petition"].count(
        received_at.astimezone(datetime.UTC), amount, calendar=table, working=WORKING
    )
    assert deadline.due_at == now
    assert sum((span.until_at - span.from_at for span in deadline.hours), datetime.timedelta()) == (
        datetime.timedelta(hours=8 * amount)
    )


@unhurried
@given(starts, st.integers(1, 90), tables)
def test_counting_back_agrees_with_the_oracle(event, amount, table):
    due = event - DAY * (amount + 1)
    while _off(table, due):
        due -= DAY
    assert RULES["civil_before"].count(event, amount, calendar=table, working=WORKING).due_on == due


@unhurried
@given(starts, st.integers(1, 30), st.sampled_from(["civil", "disclosure"]), tables, starts)
def test_one_more_holiday_never_makes_a_date_earlier(start, amount, rule, table, extra):
    before = RULES[rule].count(start, amount, calendar=table, working=WORKING)
    after = RULES[rule].count(start, amount, calendar=table.changed([(extra, "임시")], []), working=WORKING)
    assert after.due_on >= before.due_on


@unhurried
@given(starts, st.integers(1, 30), st.sampled_from(["civil", "disclosure", "civil_before"]), tables)
def test_every_day_is_either_counted_or_skipped_by_name(start, amount, rule, table):
    deadline = RULES[rule].count(start, amount, calendar=table, working=WORKING)
    skipped = dict(deadline.skipped)
    assert all(skipped.values())
    if rule == "disclosure":
        assert not skipped.keys() & set(deadline.counted)
        days = [start + DAY * n for n in range((deadline.due_on - start).days + 1)]
        assert sorted([*skipped, *deadline.counted]) == days
    assert deadline.internal_due_on <= deadline.due_on
    assert deadline.due_on.isoformat() in deadline.explain()


# -- how it was reached --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_civil_names_the_days_it_rolled_over():
    deadline = deadlines.civil(seoul("2026-08-05 23:59"), 10)
    assert deadline.start_on == day("2026-08-05")
    assert deadline.first_on == day("2026-08-06")
    assert len(deadline.counted) == 10
    assert deadline.nominal_on == day("2026-08-15")
    assert deadline.due_on == day("2026-08-18")
    assert deadline.due_at == seoul("2026-08-19 00:00")
    assert deadline.due_at.tzinfo is datetime.UTC
    assert deadline.skipped == (
        (day("2026-08-15"), "광복절"),
        (day("2026-08-16"), "일요일"),
        (day("2026-08-17"), "대체공휴일(광복절)"),
    )
    assert deadline.is_rolled_over
    assert not deadline.is_verified
    text = deadline.explain()
    assert "시작: 2026-08-05(수) 23:59, 기간 10일" in text
    assert "2026-08-17(월) 대체공휴일(광복절)" in text
    assert "기한: 2026-08-18(화)까지" in text
    assert "민법 제155조부터 제161조까지 (원문 확인 필요)" in text
    assert "잠정" not in text


@pytest.mark.django_db
def test_petition_names_hours_and_says_why_it_began_later():
    deadline = deadlines.petition(seoul("2026-12-24 18:30"), 1)
    assert deadline.is_hourly
    assert deadline.is_verified
    assert deadline.due_at == seoul("2026-12-28 18:00")
    assert [name for _on, name in deadline.skipped] == ["기독탄신일", "토요일", "일요일"]
    text = deadline.explain()
    assert "근무시간 밖에 접수되어 2026-12-28(월) 09:00부터" in text
    assert "기한: 2026-12-28(월) 18:00까지" in text


@pytest.mark.django_db
def test_two_holidays_on_one_day_are_both_named():
    deadline = deadlines.disclosure(day("2025-05-02"), 2)
    assert (day("2025-05-05"), "부처님오신날·어린이날") in deadline.skipped
    assert deadline.due_on == day("2025-05-07")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "is_overdue", "left"),
    [
        ("2026-11-11 12:00", False, 1),
        ("2026-11-12 00:01", False, 0),
        ("2026-11-12 23:59", False, 0),
        ("2026-11-13 00:00", True, -1),
    ],
)
def test_overdue_begins_at_midnight_in_seoul(now, is_overdue, left):
    deadline = deadlines.civil(day("2026-11-02"), 10)
    assert deadline.is_overdue(seoul(now)) is is_overdue
    assert deadline.days_left(seoul(now)) == left


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["civil", "disclosure"])
def test_a_year_without_holidays_makes_the_date_provisional(rule):
    deadline = deadlines.compute(rule, day("2027-12-24"), 10)
    assert deadline.due_on.year == 2028
    assert deadline.is_provisional
    assert deadline.missing_years == (2028,)
    assert "잠정: 2028년 공휴일이 아직 등록되지 않아" in deadline.explain()
    HolidayFactory(on=day("2028-01-01"), by_law=True)
    assert deadlines.compute(rule, day("2027-12-24"), 10).is_provisional, "a year that was only begun"
    holiday_seed.fill([2028], by="command:test")
    assert not deadlines.compute(rule, day("2027-12-24"), 10).is_provisional


@pytest.mark.django_db
def test_one_election_day_does_not_make_a_year_known():
    HolidayFactory(on=day("2028-04-12"), name="국회의원 선거일", kind=Holiday.Kind.ELECTION)
    assert deadlines.civil(day("2028-03-02"), 10).is_provisional


@pytest.mark.django_db
def test_internal_date_is_two_working_days_earlier_but_not_before_the_start():
    assert deadlines.civil(day("2026-11-06"), 10).internal_due_on == day("2026-11-12")
    assert deadlines.civil(day("2026-11-02"), 1).internal_due_on == day("2026-11-02")
    Parameter.objects.create(
        profile="gangseo", code="internal_lead_days", value=0, effective_on=day("2026-01-01"), citation="내부"
    )
    assert deadlines.civil(day("2026-11-06"), 10).internal_due_on == day("2026-11-16")


@pytest.mark.django_db
def test_counting_back_by_the_other_reading_is_a_parameter():
    assert deadlines.before(day("2026-12-15"), 7).due_on == day("2026-12-07")
    Parameter.objects.create(
        profile="gangseo",
        code="count_back_rule",
        value="last_day",
        effective_on=day("2026-01-01"),
        citation="내부",
    )
    assert deadlines.before(day("2026-12-15"), 7).due_on == day("2026-12-08")


@pytest.mark.django_db
def test_counting_takes_two_queries_however_long(django_assert_num_queries):
    for amount in (1, 3660):
        with django_assert_num_queries(2):
            deadlines.civil(day("2026-01-05"), amount)


@pytest.mark.django_db
def test_a_run_of_holidays_longer_than_the_first_guess_is_still_counted():
    Holiday.objects.bulk_create(Holiday(on=day("2026-11-03") + DAY * n, name="긴 연휴") for n in range(900))
    deadline = deadlines.civil(day("2026-11-02"), 1)
    assert deadline.due_on == day("2026-11-03") + DAY * 902 == day("2029-04-23")


# -- routes ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "rule", "due"),
    [
        ("pipa_viewing", "civil", "2026-11-12"),
        ("disclosure", "disclosure", "2026-11-13"),
        ("petition", "petition", "2026-11-19"),
    ],
)
def test_each_route_counts_by_its_own_rule(route, rule, due):
    deadline = deadlines.for_route(route, seoul("2026-11-02 10:00"))
    assert (deadline.rule, deadline.due_on) == (rule, day(due))


@pytest.mark.django_db
def test_the_rule_of_a_route_is_a_parameter():
    Parameter.objects.create(
        profile="gangseo",
        code="counting_rule_pipa_viewing",
        value="disclosure",
        effective_on=day("2026-11-01"),
        citation="내부 지침",
    )
    route = RequestRoute.PIPA_VIEWING
    assert deadlines.for_route(route, seoul("2026-10-30 10:00")).rule == "civil"
    assert deadlines.for_route(route, seoul("2026-11-02 10:00")).rule == "disclosure"
    assert deadlines.for_route(route, seoul("2026-11-02 10:00"), days=3).due_on == day("2026-11-04")


@pytest.mark.django_db
def test_a_route_without_parameters_is_refused():
    with pytest.raises(parameters.UnknownParameter, match="counting_rule"):
        deadlines.for_route("petition", seoul("2000-01-04 10:00"))
    with pytest.raises(ValueError, match="nowhere"):
        deadlines.for_route("nowhere", seoul("2026-11-02 10:00"))


# -- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "start", "amount", "unit", "message"),
    [
        ("civil", datetime.datetime(2026, 11, 2, 10), 10, "days", "시간대가 없는"),  # noqa: DTZ001
        ("civil", "2026-11-02", 10, "days", "날짜나 시각"),
        ("civil", None, 10, "days", "날짜나 시각"),
        ("civil", datetime.date(1, 1, 1), 10, "days", "1948년부터"),
        ("civil", datetime.date(9999, 12, 31), 10, "days", "2200년까지"),
        ("civil", datetime.date(2026, 11, 2), 0, "days", "1일부터"),
        ("civil", datetime.date(2026, 11, 2), -3, "days", "1일부터"),
        ("civil", datetime.date(2026, 11, 2), 10**9, "days", "3660일까지"),
        ("civil", datetime.date(2026, 11, 2), 1.5, "days", "정수"),
        ("civil", datetime.date(2026, 11, 2), True, "days", "정수"),
        ("civil", datetime.date(2026, 11, 2), 11, "years", "10년까지"),
        ("civil", datetime.date(2026, 11, 2), 10, "hours", "단위"),
        ("guess", datetime.date(2026, 11, 2), 10, "days", "계산 방법"),
        ("petition", datetime.date(2026, 11, 2), 5, "days", "접수 시각이 필요"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_korean(rule, start, amount, unit, message):
    with pytest.raises(DeadlineError, match=message):
        deadlines.compute(rule, start, amount, unit)


@pytest.mark.django_db
def test_a_timeline_says_of_each_day_what_a_question_would(django_assert_num_queries):
    given = Parameter.objects.filter(code="appeal_days").order_by("effective_on").first()
    later = given.effective_on + datetime.timedelta(days=40)
    Parameter.objects.create(
        code=given.code, profile=given.profile, effective_on=later, value=60, citation="x", mark=given.mark
    )
    days = [given.effective_on + datetime.timedelta(days=each) for each in (0, 39, 40, 4000)]
    with django_assert_num_queries(1):
        timeline = parameters.Timeline("appeal_days")
        told = [timeline.value("appeal_days", on).value for on in days]
    assert told == [parameters.value("appeal_days", on).value for on in days]
    assert told[1] != told[2]
    with pytest.raises(parameters.UnknownParameter, match="appeal_days"):
        timeline.value("appeal_days", given.effective_on - datetime.timedelta(days=1))
