"""The table of holidays as the decree has it, and what a change does to open due dates."""

import datetime
import io
import json

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.errors import RefusedEntry
from ledger.models import Entry
from ordinance import due, duedates, holiday_changes, holiday_seed, holidays, seeding, tasks
from ordinance.models import DueDate, EarlierDueDate, Holiday
from tests.ordinance.factories import HolidayFactory, day, open_due, seoul

pytestmark = pytest.mark.django_db

# The table of the shared law notes, computed from the decree's rules: date, whether it is a substitute.
BY_DECREE = {
    2026: "01-01 02-16 02-17 02-18 03-01 03-02* 05-01 05-05 05-24 05-25* 06-03 06-06 07-17 08-15 08-17* "
    "09-24 09-25 09-26 10-03 10-05* 10-09 12-25",
    2027: "01-01 02-06 02-07 02-08 02-09* 03-01 05-01 05-03* 05-05 05-13 06-06 07-17 07-19* 08-15 08-16* "
    "09-14 09-15 09-16 10-03 10-04* 10-09 10-11* 12-25 12-27*",
}


@pytest.mark.parametrize("year", BY_DECREE)
def test_the_seeded_year_is_the_decree_day_by_day(year):
    rows = Holiday.objects.of_year(year).order_by("on")
    shown = [f"{row.on:%m-%d}{'*' if row.kind == Holiday.Kind.SUBSTITUTE else ''}" for row in rows]
    assert shown == BY_DECREE[year].split()


@pytest.mark.parametrize(
    ("on", "name", "kind"),
    [
        ("2026-05-01", "노동절", "national"),
        ("2026-07-17", "제헌절", "national"),
        ("2027-02-07", "설날", "national"),
        ("2027-05-03", "대체공휴일(노동절)", "substitute"),
        ("2026-06-03", "지방선거일", "election"),
        ("2025-06-03", "대통령 선거일", "election"),
        ("2025-01-27", "임시공휴일", "temporary"),
        ("2024-10-01", "임시공휴일(국군의 날)", "temporary"),
    ],
)
def test_seeded_days_have_name_kind_and_source(on, name, kind):
    holiday = Holiday.objects.get(on=on)
    assert (holiday.name, holiday.kind) == (name, kind)
    assert holiday.source.startswith("관공서의 공휴일에 관한 규정 (holidays ")
    assert holiday.history.count() == 1


@pytest.mark.parametrize(
    ("on", "is_holiday", "is_working_day"),
    [
        ("2026-07-17", True, False),
        ("2025-07-17", False, True),
        ("2025-05-01", False, True),
        ("2026-11-21", False, False),
        ("2026-11-22", True, False),
        ("2026-11-23", False, True),
    ],
)
def test_saturday_is_no_holiday_but_no_working_day_either(on, is_holiday, is_working_day):
    assert holidays.is_holiday(day(on)) is is_holiday
    assert holidays.is_working_day(day(on)) is is_working_day


def test_a_correction_wins_over_the_package(monkeypatch):
    corrections = (
        holiday_seed.Correction(day("2031-07-17"), "제헌절", "national", "규정 제2조", is_removed=True),
        holiday_seed.Correction(day("2031-11-11"), "새 국경일", "national", "규정 제2조"),
    )
    monkeypatch.setattr(holiday_seed, "CORRECTIONS", corrections)
    days = {row.on: row for row in holiday_seed.of_year(2031)}
    assert day("2031-07-17") not in days
    assert (days[day("2031-11-11")].name, days[day("2031-11-11")].source) == ("새 국경일", "규정 제2조")


# -- adding and removing -----------------------------------------------------------------------------------------------


def test_a_new_day_moves_what_is_open_and_keeps_the_old_date():
    opened = open_due("civil", "2026-11-02", 10)
    untouched = open_due("civil", "2026-11-16", 10, number="2026-2")
    change = holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7", reason="국무회의 의결")
    opened.refresh_from_db()
    assert (opened.due_on, opened.due_at) == (day("2026-11-13"), seoul("2026-11-14 00:00"))
    assert [(each.subject_number, each.old_due_on, each.new_due_on) for each in change.moved] == [
        ("2026-1", day("2026-11-12"), day("2026-11-13"))
    ]
    earlier = opened.earlier.get()
    assert (earlier.due_on, earlier.new_due_on, earlier.changed_by) == (
        day("2026-11-12"),
        day("2026-11-13"),
        "officer:7",
    )
    assert "국무회의 의결" in earlier.reason
    assert "2026-11-12 임시공휴일" in earlier.reason
    untouched.refresh_from_db()
    assert untouched.due_on == day("2026-11-26")
    assert not untouched.earlier.exists()
    line = Entry.objects.get(kind="due_date.moved")
    assert (line.actor, line.subject) == ("officer:7", "viewing_request:2026-1")
    assert json.loads(line.payload)["new_due_on"] == "2026-11-13"


def test_removing_the_day_moves_it_back_and_keeps_both_dates():
    holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
    opened = open_due("civil", "2026-11-02", 10)
    assert opened.due_on == day("2026-11-13")
    change = holidays.remove(Holiday.objects.get(on="2026-11-12"), by="officer:7", reason="취소")
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    assert len(change.moved) == 1
    holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
    opened.refresh_from_db()
    assert [each.due_on for each in opened.earlier.all()] == [day("2026-11-13"), day("2026-11-12")]


def test_closed_ones_do_not_move():
    closed = duedates.close(open_due("civil", "2026-11-02", 10))
    assert not closed.is_open
    change = holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
    closed.refresh_from_db()
    assert closed.due_on == day("2026-11-12")
    assert change.moved == []
    assert not EarlierDueDate.objects.exists()


@pytest.mark.parametrize(
    ("rule", "start", "amount", "added", "before", "after"),
    [
        ("petition", "2026-11-02 10:00", 7, "2026-11-04", "2026-11-10", "2026-11-11"),
        ("petition", "2026-11-02 10:00", 2, "2026-11-03", "2026-11-04", "2026-11-05"),
        ("disclosure", "2026-11-02", 10, "2026-11-02", "2026-11-13", "2026-11-16"),
        ("civil_before", "2026-12-15", 7, "2026-12-07", "2026-12-07", "2026-12-04"),
        ("civil", "2026-11-02", 10, "2026-11-04", "2026-11-12", "2026-11-12"),
    ],
)
def test_every_rule_follows_the_table(rule, start, amount, added, before, after):
    opened = open_due(rule, start, amount)
    assert opened.due_on == day(before)
    holidays.add(day(added), "임시공휴일", by="officer:7")
    opened.refresh_from_db()
    assert opened.due_on == day(after)
    assert opened.earlier.exists() is (before != after)


def test_hours_that_move_within_a_day_keep_the_earlier_instant():
    opened = open_due("petition", "2026-11-02 10:00", 1)
    holidays.add(day("2026-11-02"), "임시공휴일", by="officer:7")
    opened.refresh_from_db()
    assert opened.due_at == seoul("2026-11-03 18:00")
    assert opened.earlier.get().due_at == seoul("2026-11-03 10:00")


def test_a_form_that_saves_the_row_has_the_same_effect():
    opened = open_due("civil", "2026-11-02", 10)
    holiday = HolidayFactory(on=day("2026-11-12"))
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-13")
    holiday.on = day("2026-11-19")
    holiday.save()
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    holiday.on = day("2026-11-12")
    holiday.save()
    Holiday.objects.filter(on=day("2026-11-12")).delete()
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    assert opened.earlier.count() == 4


def test_many_rows_at_once_move_dates_too():
    opened = open_due("civil", "2026-11-02", 10)
    Holiday.objects.bulk_create(
        [Holiday(on=day("2026-11-12"), name="임시공휴일"), Holiday(on=day("2026-11-13"), name="임시공휴일")]
    )
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-16")
    assert opened.earlier.count() == 1


def test_who_changes_the_table_is_a_reference_even_when_nothing_moves():
    with pytest.raises(RefusedEntry, match="참조"):
        holidays.add(day("2026-11-12"), "임시공휴일", by="김 주무관")
    assert not Holiday.objects.filter(on="2026-11-12").exists()


def test_several_changes_move_a_date_once():
    opened = open_due("civil", "2026-11-02", 10)
    with holiday_changes.changing(by="officer:7", reason="연휴") as change:
        holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
        holidays.add(day("2026-11-13"), "임시공휴일", by="officer:7")
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-16")
    assert opened.earlier.count() == 1
    assert len(change.moved) == 1


def test_a_failed_change_leaves_nothing():
    opened = open_due("civil", "2026-11-02", 10)

    def fails_half_way() -> None:
        with holiday_changes.changing(by="officer:7"):
            holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_half_way()
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    assert not Holiday.objects.filter(on="2026-11-12").exists()
    holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-13")


def test_what_would_move_is_shown_without_moving_it():
    open_due("civil", "2026-11-02", 10)
    moved = duedates.affected_by(adding=[(day("2026-11-12"), "임시공휴일")])
    assert [(each.old_due_on, each.new_due_on) for each in moved] == [(day("2026-11-12"), day("2026-11-13"))]
    assert DueDate.objects.get().due_on == day("2026-11-12")
    assert not Holiday.objects.filter(on="2026-11-12").exists()
    holidays.add(day("2026-11-12"), "임시공휴일", by="officer:7")
    back = duedates.affected_by(removing=Holiday.objects.filter(on="2026-11-12"))
    assert [each.new_due_on for each in back] == [day("2026-11-12")]
    assert duedates.affected_by() == []


def test_the_coming_year_makes_provisional_dates_firm():
    opened = open_due("civil", "2027-12-24", 10)
    assert opened.is_provisional
    holiday_seed.fill([2028], by="command:test")
    opened.refresh_from_db()
    assert not opened.is_provisional
    assert opened.due_on == day("2028-01-03")
    assert not opened.earlier.exists()


def test_the_same_day_twice_is_refused_and_bulk_updates_too():
    with pytest.raises(ValidationError, match="같은 이름"):
        holidays.add(day("2026-10-09"), "한글날", by="officer:7")
    with pytest.raises(NotImplementedError, match="공휴일"):
        Holiday.objects.update(name="x")


def test_a_matter_has_one_due_date_per_purpose():
    open_due("civil", "2026-11-02", 10)
    with pytest.raises(ValidationError):
        open_due("civil", "2026-11-03", 10)


def test_a_due_date_can_still_tell_how_it_was_reached():
    opened = open_due("petition", "2026-11-02 23:59", 7)
    deadline = duedates.deadline_of(DueDate.objects.get())
    assert deadline.due_at == opened.due_at
    assert "2026-11-02(월) 23:59" in deadline.explain()


def test_the_daily_check_catches_what_was_counted_with_an_older_table():
    opened = open_due("civil", "2026-11-02", 10)
    DueDate.objects.update(due_on="2026-11-11", due_at=seoul("2026-11-12 00:00"))
    assert tasks.check_holidays() is None
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    assert opened.earlier.get().reason == "일일 점검"


def test_queries_of_a_change_do_not_grow_with_untouched_matters():
    def queries_of_adding(on: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            holidays.add(day(on), "임시공휴일", by="officer:7")
        return len(queries)

    open_due("civil", "2026-11-16", 10, number="first")
    with_one = queries_of_adding("2026-11-12")
    for number in range(40):
        open_due("civil", "2026-11-16", 10, number=str(number))
    assert queries_of_adding("2026-11-13") == with_one


def test_queries_of_a_change_do_not_grow_with_moved_matters():
    def queries_of_moving(count: int, on: str) -> int:
        for number in range(count):
            open_due("civil", "2026-11-02", 10, number=f"{on}-{number}")
        with CaptureQueriesContext(connection) as queries:
            change = holidays.add(day(on), "임시공휴일", by="officer:7")
        assert len(change.moved) == count
        return len(queries)

    one = queries_of_moving(1, "2026-11-12")
    DueDate.objects.update(closed_at=seoul("2026-11-12 00:00"))
    assert queries_of_moving(40, "2026-11-13") == one
    assert DueDate.history.filter(history_type="~").count() == 41


# -- a year that is missing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        ("2026-09-30", None),
        ("2027-09-30", None),
        ("2027-10-01", 2028),
        ("2027-12-31", 2028),
        ("2028-01-01", 2028),
    ],
)
def test_a_missing_year_is_noticed_from_the_first_of_october(today, missing):
    assert holidays.missing_year(day(today)) == missing
    items = [item for item in due.collect(seoul(f"{today} 00:01")) if item.code == "ordinance.holidays"]
    assert [f"{missing}년" in item.title for item in items] == ([True] if missing else [])


def test_a_year_that_was_only_begun_is_still_missing():
    HolidayFactory(on=day("2028-01-01"), by_law=True)
    (item,) = [i for i in due.collect(seoul("2027-10-01 09:00")) if i.code == "ordinance.holidays"]
    assert "법정공휴일 1일" in item.title


def test_the_instant_before_october_in_seoul_is_not_october_in_utc():
    assert not [i for i in due.collect(seoul("2027-09-30 23:59")) if i.code == "ordinance.holidays"]
    assert [i for i in due.collect(seoul("2027-10-01 00:00")) if i.code == "ordinance.holidays"]


def test_the_system_check_and_the_command_say_so():
    assert not [each for each in run_checks(databases=["default"]) if each.id == "ordinance.W001"]
    Holiday.objects.filter(on__year__gte=2026).delete()
    warnings = [each for each in run_checks(databases=["default"]) if each.id == "ordinance.W001"]
    assert len(warnings) == 1
    out = io.StringIO()
    with pytest.raises(CommandError, match="공휴일이 등록되지 않았습니다") as failure:
        call_command("check_holidays", "--json", stdout=out, stderr=io.StringIO())
    assert failure.value.returncode == 1
    assert json.loads(out.getvalue().splitlines()[-1])["ok"] is False
    assert tasks.check_holidays() is not None


@pytest.mark.parametrize("at", ["", "tomorrow", "2027-13-01", "0001-01-01", "9999-12-31"])
def test_the_command_refuses_what_is_no_date(at):
    with pytest.raises(CommandError, match="날짜가 아닙니다") as failure:
        call_command("check_holidays", "--at", at)
    assert failure.value.returncode == 2


def test_an_unknown_profile_is_warned_of(settings):
    settings.ORDINANCE_PROFILE = "atlantis"
    assert [each for each in run_checks(databases=["default"]) if each.id == "ordinance.W002"]


def test_migrating_again_does_not_bring_back_what_an_officer_took_out():
    Holiday.objects.get(on="2027-05-01").delete()
    seeding.after_migrate()
    assert not Holiday.objects.filter(on="2027-05-01").exists()
    Holiday.objects.all().delete()
    seeding.after_migrate()
    assert Holiday.objects.of_year(2027).count() == len(BY_DECREE[2027].split())


def test_overdue_matters_are_due_items():
    open_due("civil", "2026-11-02", 10)
    now = seoul("2026-11-13 00:00")
    (item,) = [each for each in due.collect(now) if each.code == "ordinance.due_dates"]
    assert (item.severity, item.count) == ("overdue", 1)
    (item,) = [
        each for each in due.collect(now - datetime.timedelta(1)) if each.code == "ordinance.due_dates"
    ]
    assert item.severity == "due"
    duedates.close(DueDate.objects.get())
    assert not [each for each in due.collect(now) if each.code == "ordinance.due_dates"]
