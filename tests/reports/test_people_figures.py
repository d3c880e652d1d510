"""The chapter on people: each share beside the number of which it is one, nobody named, unknown is not zero."""

import datetime as dt
import json

import pytest

from accounts.roles import Role
from records.models import (
    AccessFinding,
    AccessReview,
    CameraTurn,
    GateLift,
    Incident,
    StaffMember,
    Visit,
)
from records.people import incident_log, turns
from reports.figures import people
from reports.figures.context import Reach
from reports.period import SEOUL, Period
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import entered
from tests.cameras.factories import CameraFactory
from tests.records.people import competent, person, taught

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 20, 9, tzinfo=SEOUL)
REACH = Reach(Period.parse("2026Q3"), NOW)
MINUTE = dt.timedelta(minutes=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)


def value(code: str):
    return next(figure for figure in people.section(REACH).figures if figure.code == code).value


def rows(code: str):
    return next(table for table in people.section(REACH).tables if table.code == code).rows


def test_where_nobody_keeps_it_nothing_is_known() -> None:
    told = people.section(REACH)
    assert {figure.value for figure in told.figures} == {None}
    assert all(table.unknown for table in told.tables)


def test_training_and_pledges_by_role(time_machine) -> None:
    time_machine.move_to(at("2026-09-01 10:00"), tick=False)
    competent(OfficerFactory(role=Role.OFFICIAL))
    person(number="A1", kind="monitoring_staff", name="박미나")
    person(number="A2", kind="monitoring_staff", ends_on=dt.date(2026, 8, 1))
    time_machine.move_to(NOW, tick=False)
    assert (value("staff"), value("staff_untrained"), value("staff_trained_share")) == (2, 1, 50.0)
    assert (value("staff_unsworn"), value("staff_sworn_share")) == (1, 50.0)
    by_role = {
        row["key"]: (row["persons"], row["trained"], row["trained_share"]) for row in rows("staff_by_role")
    }
    assert by_role == {"official": (1, 1, 100.0), "monitoring_staff": (1, 0, 0.0)}
    assert sum(row["count"] for row in rows("pledges")) == 1
    assert "박미나" not in json.dumps([figure.label for figure in people.section(REACH).figures])


def test_who_worked_under_a_contract_that_is_over_is_no_staff_any_more(time_machine) -> None:
    time_machine.move_to(at("2026-09-01 10:00"), tick=False)
    today = dt.date(2026, 9, 1)
    over = entered(today=today, ends_on=dt.date(2026, 9, 29))
    until_the_last_day = entered(today=today, ends_on=dt.date(2026, 9, 30))
    early = entered(today=today)
    for number, contract in (
        ("C1", over),
        ("C2", until_the_last_day),
        ("C3", early),
        ("C4", entered(today=today)),
    ):
        person(number=number, kind="contractor", contract=contract)
    early.ended_early_on, early.ended_early_reason = dt.date(2026, 9, 10), "폐업"
    early.save()
    time_machine.move_to(NOW, tick=False)
    assert value("staff") == 2
    # That it ended was entered after the quarter: it stays as it was known then.
    until_the_last_day.ended_early_on, until_the_last_day.ended_early_reason = dt.date(2026, 9, 10), "폐업"
    until_the_last_day.save()
    assert value("staff") == 2


def test_what_is_entered_later_does_not_clean_the_quarter(time_machine) -> None:
    by = OfficerFactory()
    time_machine.move_to(at("2026-09-01 10:00"), tick=False)
    competent(OfficerFactory(role=Role.OFFICIAL))
    untaught = person(number="A1")
    last = at("2026-09-30 22:00")
    time_machine.move_to(last, tick=False)
    turn = turns.enter({"camera": CameraFactory(), "turned_at": last - 10 * MINUTE, "reason": "화재"}, by=by)
    CameraTurn.objects.update(turned_at=last - 90 * MINUTE)
    incident = incident_log.enter({"noticed_at": last, "kind": "화재"}, by=by)
    time_machine.move_to(NOW, tick=False)
    before = [(figure.code, figure.value) for figure in people.section(REACH).figures]
    assert (value("staff_untrained"), value("turns_late"), value("incidents_untold")) == (1, 1, 1)
    assert people.section(REACH).notes == []

    taught(untaught, by, dt.date(2026, 9, 10))
    turns.turn_back(turn, returned_at=last - 80 * MINUTE, by=by)
    incident_log.complete(incident, {
        "body_told": "119", "told_how": "", "told_to": "", "told_at": last + MINUTE, "result": "",
    }, by=by)  # fmt: skip
    untaught.ends_on = dt.date(2026, 9, 1)
    untaught.save()
    assert [(figure.code, figure.value) for figure in people.section(REACH).figures] == before
    (note,) = people.section(REACH).notes
    assert "교육 이수 1건" in note


def test_a_list_that_began_later_accuses_nobody_of_the_time_before(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    competent(OfficerFactory(role=Role.OFFICIAL))
    asked = ("staff", "staff_untrained", "staff_unsworn")
    assert [value(code) for code in asked] == [None, None, None]
    # With a list, and before anybody kept what was taught, it is not known who was.
    StaffMember.history.update(history_date=at("2026-09-01 10:00"))
    assert [value(code) for code in asked] == [1, None, None]
    (row,) = rows("staff_by_role")
    assert (row["persons"], row["trained"], row["sworn_share"]) == (1, None, None)


def test_visits_without_approval_are_counted_among_those_who_entered() -> None:
    base = {"kind": "visit", "organisation": "가", "name": "나", "purpose": "견학", "state": "left"}
    for n, approved in enumerate((at("2026-08-01 09:00"), None)):
        Visit.objects.create(
            number=f"V{n}", received_at=at("2026-08-01 08:00"), planned_from=at("2026-08-01 10:00"),
            planned_until=at("2026-08-01 11:00"), in_at=at("2026-08-01 10:00"), has_pledged=True, is_sealed=True,
            approved_at=approved, **base,
        )  # fmt: skip
    assert (value("visits_entered"), value("visits_unapproved"), value("visits_approved_share")) == (
        2,
        1,
        50.0,
    )


def test_looks_explained_and_what_became_of_what_was_asked() -> None:
    figures = {
        "rows": 200,
        "explained": 190,
        "acts": [{"act": "live", "rows": 150, "explained": 150}, {"act": "ptz", "rows": 50, "explained": 40}],
    }
    review = AccessReview.objects.create(
        month=dt.date(2026, 8, 1), made_at=at("2026-09-01 09:00"), figures=figures
    )
    AccessReview.objects.create(month=dt.date(2026, 10, 1), made_at=NOW, figures=figures)
    for n, judgement in enumerate(("proper", "improper", "")):
        AccessFinding.objects.create(
            review=review, number=f"2026-08-{n:04}", rule="night_zoom", account="kim", why="확대", events=[n], looks=[],
            judgement=judgement, judged_at=at("2026-09-20 09:00") if judgement else None,
        )  # fmt: skip
    assert (value("log_reviewed_months"), value("log_rows"), value("log_explained_share")) == (1, 200, 95.0)
    assert (value("log_asked"), value("log_unjudged"), value("log_improper")) == (3, 1, 1)
    assert [(row["key"], row["share"]) for row in rows("log_by_act")] == [("live", 100.0), ("ptz", 80.0)]
    (rule,) = rows("log_by_rule")
    assert (rule["asked"], rule["proper"], rule["doubtful"], rule["improper"], rule["unjudged"]) == (
        3,
        1,
        0,
        1,
        1,
    )
    assert "kim" not in json.dumps(rows("log_by_rule"), ensure_ascii=False)
    # What is judged or reviewed after the quarter is of the next one; a month without a log was not reviewed.
    AccessFinding.objects.filter(judgement="proper").update(judged_at=NOW)
    AccessReview.objects.create(
        month=dt.date(2026, 7, 1), made_at=at("2026-08-03 09:00"), figures={"rows": 0}
    )
    AccessReview.objects.create(month=dt.date(2026, 9, 1), made_at=NOW, figures=figures)
    assert (value("log_reviewed_months"), value("log_unjudged")) == (1, 2)


def test_the_delay_of_incidents_counts_each_once_and_what_was_not_told_too() -> None:
    camera, other = CameraFactory(), CameraFactory()
    noticed = at("2026-08-10 22:00")
    told = {"kind": "절도", "noticed_at": noticed, "body_told": "112"}
    Incident.objects.create(number="1", camera=camera, told_at=noticed + 4 * MINUTE, **told)
    Incident.objects.create(number="1", camera=other, **told)
    Incident.objects.create(number="2", camera=camera, told_at=noticed + 30 * MINUTE, **told)
    Incident.objects.create(number="3", camera=camera, kind="", noticed_at=noticed)
    Incident.objects.create(number="4", camera=camera, kind="화재", noticed_at=NOW)
    assert (value("incidents"), value("incidents_untold"), value("incidents_late")) == (3, 1, 1)
    assert value("incidents_in_time_share") == 33.3
    assert value("incidents_median") == 17 * 60
    assert {
        row["key"]: (row["incidents"], row["told"], row["longest"]) for row in rows("incident_delays")
    } == {
        "적지 않음": (1, 0, None),
        "절도": (2, 2, 1800.0),
    }


def test_turns_that_came_back_late() -> None:
    by, camera = OfficerFactory(), CameraFactory()
    turned = at("2026-08-10 22:00")
    for returned in (turned + 10 * MINUTE, turned + 90 * MINUTE, None):
        CameraTurn.objects.create(
            camera=camera,
            turned_at=turned,
            returned_at=returned,
            reason="화재",
            entered_by=by,
            entered_at=turned,
        )
    assert (value("turns"), value("turns_late")) == (3, 2)


def test_what_is_done_after_the_quarter_does_not_change_it() -> None:
    by, camera = OfficerFactory(), CameraFactory()
    last = at("2026-09-30 23:59")
    turn = CameraTurn.objects.create(
        camera=camera, turned_at=last, reason="화재", entered_by=by, entered_at=last
    )
    incident = Incident.objects.create(number="1", camera=camera, kind="화재", noticed_at=last)
    before = [(figure.code, figure.value) for figure in people.section(REACH).figures]
    assert (value("turns_late"), value("incidents_untold"), value("permissions_granted")) == (0, 1, None)

    CameraTurn.objects.filter(pk=turn.pk).update(returned_at=last + 200 * MINUTE)
    Incident.objects.filter(pk=incident.pk).update(body_told="119", told_at=last + 2 * MINUTE)
    GateLift.objects.create(
        officer=by, lifted_by=by, case_kind="viewing", case_key=1, case_number="V1", reason="급함",
        at=NOW, until_at=NOW + 60 * MINUTE,
    )  # fmt: skip
    assert [(figure.code, figure.value) for figure in people.section(REACH).figures] == before


def test_a_running_quarter_does_not_speak_of_its_end() -> None:
    person(number="C1", starts_on=dt.date(2026, 7, 1))
    running = Reach(Period.parse("2026Q3"), at("2026-08-15 10:00"))
    (staff,) = [figure for figure in people.section(running).figures if figure.code == "staff"]
    assert "발행 시점" in staff.label
    assert (
        "분기 말" in next(figure for figure in people.section(REACH).figures if figure.code == "staff").label
    )


def test_the_chapter_asks_as_often_for_many_as_for_one(django_assert_max_num_queries) -> None:
    for n in range(20):
        person(number=f"B{n}")
    StaffMember.history.update(history_date=at("2026-09-01 10:00"))
    with django_assert_max_num_queries(50):
        people.section(REACH)
