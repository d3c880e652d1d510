"""Training and pledges: what counts, from which day, who is let in, and what is refused."""

import datetime as dt
from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.roles import Role
from cameras.models import ContractorTraining
from casework import persons
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import due
from ordinance.models import Parameter
from portal.views import permissions as lift_pages
from records.access import looks
from records.access_log.rules import competence as review_rule
from records.competence import (
    courses,
    figures,
    gates,
    outside,
    personal_data,
    pledges,
    sessions,
    standing,
    wall_codes,
)
from records.competence_enums import PledgeKind
from records.look_enums import LookCase
from records.models import Pledge, StaffKind, StaffMember, Training, TrainingCourse
from records.people import staff as staff_list
from records.viewing import persons as viewing_persons
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import entered
from tests.ordinance.duties import covered, open_findings, unmet
from tests.records.looks import SESSION, wish
from tests.records.people import competent, course, person, sworn, taught
from tests.records.situations import confirmed

pytestmark = pytest.mark.django_db
SEOUL = dt.timezone(timedelta(hours=9))
TODAY = date(2026, 11, 30)


@pytest.fixture
def by(manager):
    return manager


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def other():
    """Who confirms what another one entered."""
    return OfficerFactory(role=Role.OFFICIAL)


def moment(day: date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL)


def at_time(day: date, clock: str):
    hour, minute = map(int, clock.split(":"))
    return time_machine.travel(moment(day, hour, minute), tick=False)


def a_session(by, *, on: date | None = None, given: TrainingCourse | None = None):
    day = on or timezone.localdate() - timedelta(days=1)
    return sessions.announce(
        given or course(),
        starts_at=moment(day, 9),
        ends_at=moment(day, 10),
        place="3층 회의실",
        trainer="김강사",
        by=by,
    )


def sheet(tmp_path, text: str):
    path = tmp_path / "명단.csv"
    path.write_bytes(text.encode("cp949"))
    return path


def paper() -> SimpleUploadedFile:
    from tests.cameras.life import upload

    return upload()


def refused(act) -> set[str]:
    with pytest.raises(Refused) as caught:
        act()
    return {refusal.code for refusal in caught.value.refusals}


# ---------------------------------------------------------------- attendance


def test_the_code_takes_attendance_only_while_the_session_lasts(by, other, official):
    staff = person(official)
    with at_time(TODAY, "09:30"):
        session = a_session(by, on=TODAY)
    for at, code in (("08:59", "early"), ("10:01", "over")):
        with at_time(TODAY, at):
            shown = wall_codes.shown(session, timezone.now())
            sign_in = partial(sessions.sign_in, session, by=official, shown=shown)
            assert refused(sign_in) == {code}
    with at_time(TODAY, "09:27"):
        passed_on = wall_codes.shown(session, timezone.now())
    with at_time(TODAY, "09:28"):
        shown = wall_codes.shown(session, timezone.now())
    with at_time(TODAY, "09:30"):
        assert refused(lambda: sessions.sign_in(session, by=official, shown=passed_on)) == {"stale"}
        first = sessions.sign_in(session, by=official, shown=shown)
        assert sessions.sign_in(session, by=official, shown="") == first, "twice is once"
        assert refused(lambda: sessions.sign_in(session, by=other, shown=shown)) == {"staff"}
        assert refused(lambda: sessions.close(session, by=other)) == {"future"}
    assert (first.staff, first.on, first.certificate_number) == (staff, TODAY, None)
    with at_time(date(2026, 12, 5), "09:00"):
        sessions.close(session, by=other)
        row = Training.objects.get()
        assert row.certificate_number.startswith("T261130-"), (
            "it counts from its own day, not from that of the click"
        )
        assert standing.of([staff], timezone.localdate())[staff.pk].trained_until == date(2027, 11, 30)


def test_who_failed_the_test_has_no_certificate(by, other, tmp_path):
    hard = courses.keep(
        TrainingCourse(),
        by=by,
        title="시험 과정",
        kinds=["official"],
        minutes=90,
        contents="가",
        pass_score=60,
    )
    for number in ("A1", "A2", "A3"):
        person(number=number)
    session = a_session(by, given=hard)
    result = sessions.take_list(session, sheet(tmp_path, "사번,점수\nA1,60\nA2,59\nA3,\n"), by=by)
    assert (result.created, result.is_stored) == (3, True)
    sessions.close(session, by=other)
    assert [row.staff.number for row in Training.objects.completed()] == ["A1"]
    assert (hard.hours, course().hours) == ("1시간 30분", "1시간")
    # The test is taken again: whoever passes then has a certificate of the same day, once another one confirms it.
    sessions.take_list(session, sheet(tmp_path, "사번,점수\nA1,60\nA2,80\nA3,\n"), by=by)
    session.refresh_from_db()
    assert sessions.is_waiting(session)
    assert Training.objects.completed().count() == 1
    sessions.close(session, by=other)
    assert refused(lambda: sessions.close(session, by=other)) == {"closed"}
    assert {row.staff.number for row in Training.objects.completed()} == {"A1", "A2"}


def test_every_bad_line_of_a_list_is_told_and_nothing_is_stored(by, tmp_path):
    person(number="A1")
    person(number="B1", kind=StaffKind.CONTRACTOR)
    only = courses.keep(
        TrainingCourse(), by=by, title="공무원", kinds=["official"], minutes=60, contents="가"
    )
    session = a_session(by, given=only)
    bad = sheet(tmp_path, "사번,점수\nA1,101\nX9,50\nB1,50\nA1,70\n,50\n")
    result = sessions.take_list(session, bad, by=by)
    assert [(error.row, error.column) for error in result.errors] == [
        (2, "점수"), (3, "사번"), (4, "사번"), (5, "사번"), (6, "사번"),
    ]  # fmt: skip
    assert not Training.objects.exists()


def test_a_list_of_a_session_to_come_is_refused(by, tmp_path):
    person(number="A1")
    session = a_session(by, on=timezone.localdate() + timedelta(days=1))
    assert refused(lambda: sessions.take_list(session, sheet(tmp_path, "사번\nA1\n"), by=by)) == {"future"}


def test_a_session_without_anybody_is_called_off_not_closed(by, other):
    session = a_session(by)
    assert refused(lambda: sessions.close(session, by=other)) == {"empty"}
    assert refused(lambda: sessions.call_off(session, reason=" ", by=by)) == {"unwritten:reason"}
    sessions.call_off(session, reason="강사 사정", by=by)
    assert refused(lambda: sessions.close(session, by=other)) == {"closed"}


def test_contractors_workers_make_the_training_of_their_contract(by, other, tmp_path):
    agreed = entered()
    person(number="C1", kind=StaffKind.CONTRACTOR, employer=agreed.contractor.name)
    person(number="C2", kind=StaffKind.CONTRACTOR, employer=agreed.contractor.name)
    session = a_session(by)
    sessions.take_list(session, sheet(tmp_path, "사번\nC1\nC2\n"), by=by)
    sessions.close(session, by=other)
    row = ContractorTraining.objects.get()
    assert (row.contract, row.attendees, row.on) == (agreed, 2, session.on)


# ---------------------------------------------------------------- outside certificates


def test_outside_certificates_count_from_their_day_and_never_from_tomorrow(by, tmp_path):
    staff = person(number="A1")
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "late:on" in refused(lambda: taught(staff, by, on=tomorrow))
    head = "사번,과정명,교육일,교육시간(분),교육기관,이수번호\n"
    name = course().title
    bad = f"A1,{name},{tomorrow},60,위원회,1\nA1,없는 과정,2026-01-05,60,위원회,2\nA1,{name},2026-01-05,10,위원회,3\nA1,{name},어제,60,위원회,4\n"
    result = outside.import_file(sheet(tmp_path, head + bad), by=by)
    assert [(error.row, error.column) for error in result.errors] == [
        (2, "교육일"), (3, "과정명"), (4, "교육시간(분)"), (5, "교육일"),
    ]  # fmt: skip
    assert not Training.objects.exists()
    good = sheet(tmp_path, f"{head}A1,{name},2026-01-05,60,위원회,제-1호\n")
    assert outside.import_file(good, by=by).created == 1
    assert outside.import_file(good, by=by).unchanged == 1
    assert Training.objects.get().on == date(2026, 1, 5)
    assert standing.of([staff], date(2027, 1, 5))[staff.pk].is_trained
    assert not standing.of([staff], date(2027, 1, 6))[staff.pk].is_trained


def test_nobody_enters_what_opens_footage_to_the_own_account(by, official, tmp_path):
    """Who keeps the list is let in by what another one entered; the own attendance is the code's."""
    own = person(by, number="A1")
    person(official, number="A2")
    assert refused(lambda: taught(own, by)) == {"own"}
    head, name = "사번,과정명,교육일,교육시간(분),교육기관,이수번호\n", course().title
    both = sheet(tmp_path, f"{head}A1,{name},2026-01-05,60,위원회,1\nA2,{name},2026-01-05,60,위원회,2\n")
    assert [error.row for error in outside.import_file(both, by=by).errors] == [2]
    session = a_session(by)
    there = sheet(tmp_path, "사번\nA1\nA2\n")
    assert [error.row for error in sessions.take_list(session, there, by=by).errors] == [2]
    assert not Training.objects.exists()
    assert sessions.take_list(session, there, by=OfficerFactory(role=Role.OFFICIAL)).created == 2


def test_nobody_announces_attends_and_certifies_alone(by, other, official, tmp_path):
    """Who announced the session, who entered the list and who attended it leave the confirmation to somebody else."""
    third = OfficerFactory(role=Role.OFFICIAL)
    person(official, number="A1")
    person(number="A2")
    with at_time(TODAY, "09:30"):
        session = a_session(by, on=TODAY)
        sessions.sign_in(session, by=official, shown=wall_codes.shown(session, timezone.now()))
    with at_time(TODAY, "11:00"):
        sessions.take_list(session, sheet(tmp_path, "사번\nA2\n"), by=other)
        for alone in (by, other, official):
            assert refused(lambda alone=alone: sessions.close(session, by=alone)) == {"own"}
        # Of who signed in a list gives no more than the score; who gave it does not certify by it.
        scorer = OfficerFactory(role=Role.OFFICIAL)
        sessions.take_list(session, sheet(tmp_path, "사번,점수\nA1,80\n"), by=scorer)
        assert refused(lambda: sessions.close(session, by=scorer)) == {"own"}
        sessions.close(session, by=third)
    assert Training.objects.completed().count() == 2


def test_a_training_that_is_taken_back_counts_no_more(by):
    row = taught(person(), by)
    assert refused(lambda: sessions.withdraw(row, reason="", by=by)) == {"unwritten:reason"}
    sessions.withdraw(row, reason="다른 사람의 이수증", by=by)
    assert not Training.objects.completed().exists()
    assert refused(lambda: sessions.withdraw(row, reason="또", by=by)) == {"withdrawn"}


# ---------------------------------------------------------------- plan


def test_a_plan_is_approved_by_another_and_then_never_changes(by, official):
    texts = dict.fromkeys(courses.PLAN_TEXTS, "가")
    assert refused(lambda: courses.write_plan(2027, {**texts, "method": " "}, by=by)) == {"unwritten:method"}
    plan = courses.write_plan(2027, texts, by=official)
    assert refused(lambda: courses.approve_plan(plan, document_number="1", by=official)) == {"second"}
    courses.approve_plan(plan, document_number="안전-1", by=by)
    assert refused(lambda: courses.approve_plan(plan, document_number="2", by=by)) == {"approved"}
    assert courses.write_plan(2027, texts, by=by).version == 2
    assert courses.plan_of(2027) == plan


# ---------------------------------------------------------------- pledges


def test_a_pledge_is_signed_by_the_person_alone_with_the_text_that_was_shown(by, official):
    staff = person(official)
    old = pledges.text_of(PledgeKind.JOINING, timezone.localdate())
    assert refused(lambda: pledges.sign(staff, old, by=by)) == {"other"}
    new = pledges.publish_text(PledgeKind.JOINING, "새 문안", effective_on=timezone.localdate(), by=by)
    assert refused(lambda: pledges.sign(staff, old, by=official)) == {"text"}
    row = pledges.sign(staff, new, by=official)
    # sha256("새 문안".encode())
    assert row.digest == new.digest == "32102d389d7fe6f2f5b76a96601820d0df91c3f46aa2bdcaaa4a21cdcbded4be"
    assert Entry.objects.of_kind(pledges.SIGNED).get().content["sha256"] == row.digest
    assert pledges.kind_to_sign(staff) == PledgeKind.YEARLY
    staff.ends_on = timezone.localdate()
    assert pledges.kind_to_sign(staff) == PledgeKind.LEAVING


def test_a_scan_says_whose_and_for_what(by):
    today = timezone.localdate()

    def filed(kind, **more):
        return pledges.file(kind, **{"signed_on": today, "by": by, "files": [paper()], **more})

    assert refused(lambda: filed("visitor")) == {"unwritten:name", "unwritten:about"}
    assert refused(lambda: filed("joining")) == {"staff"}
    assert refused(lambda: filed("joining", staff=person(), files=[])) == {"file"}
    assert refused(lambda: filed("joining", staff=person(), signed_on=today + timedelta(days=1))) == {
        "late:signed_on"
    }
    row = filed("visitor", name="박방문", about="출입-2026-1")
    assert "박방문" not in str(Entry.objects.of_kind(pledges.FILED).get().content)
    later = timezone.now() + timedelta(days=1096)
    assert persons.erase_due(later)["pledge"] == 1
    row = Pledge.objects.get(pk=row.pk)
    assert (row.name, row.attachments.count(), row.about) == ("", 0, "출입-2026-1")


# ---------------------------------------------------------------- rules


def test_training_current_in_all_its_states(by):
    on = timezone.localdate()
    for number, day in (("never", None), ("today", on), ("old", on - timedelta(days=400))):
        staff = person(number=number, kind=StaffKind.CONTRACTOR)
        if day:
            taught(staff, by, on=day)
    person(number="left", ends_on=on - timedelta(days=1))
    person(number="coming", starts_on=on + timedelta(days=1))
    assert covered("training_current") == {"never", "today", "old"}
    assert unmet("training_current") == {"never", "old"}
    # Findings follow the act.
    taught(StaffMember.objects.get(number="old"), by)
    assert "old" not in open_findings("training_current")


def test_pledge_signed_in_all_its_states(by, official):
    on = timezone.localdate()
    person(number="never")
    sworn(person(official, number="sworn"), official)
    old = person(number="old")
    pledges.file("joining", signed_on=on - timedelta(days=400), by=by, files=[paper()], staff=old)
    person(number="left", ends_on=on - timedelta(days=1))
    gone = person(number="gone", ends_on=on - timedelta(days=1))
    pledges.file("leaving", signed_on=on - timedelta(days=1), by=by, files=[paper()], staff=gone)
    person(number="long ago", ends_on=on - timedelta(days=800))
    assert covered("pledge_signed") == {"never", "sworn", "old", "left", "gone"}
    assert unmet("pledge_signed") == {"never", "old", "left"}


def test_a_list_of_hr_opens_the_findings_of_who_is_new(tmp_path):
    staff_list.import_file(sheet(tmp_path, "사번,성명,구분\nN1,김하나,관제요원\n"))
    assert open_findings("training_current") == open_findings("pledge_signed") == {"N1"}


# ---------------------------------------------------------------- gates


@pytest.fixture
def request_(camera, manager):
    return confirmed(camera, manager)


def asked(officer, request):
    return looks.open_looks(wish(officer, request), session_key=SESSION)


def test_who_is_on_no_list_untaught_or_unsworn_is_told_which_and_what_to_do(official, request_, by):
    assert refused(lambda: asked(official, request_)) == {"staff"}
    staff = person(official)
    with pytest.raises(Refused) as caught:
        asked(official, request_)
    assert {refusal.code for refusal in caught.value.refusals} == {"training", "pledge"}
    assert all("십시오" in refusal.remedy for refusal in caught.value.refusals)
    taught(staff, by)
    assert refused(lambda: asked(official, request_)) == {"pledge"}
    sworn(staff, official)
    assert asked(official, request_)
    StaffMember.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "period" in refused(lambda: asked(official, request_))
    with pytest.raises(Refused):
        looks.require_live(official.looks.get(), official, SESSION)


def test_a_profile_that_does_not_ask_for_it_lets_in(official, request_):
    Parameter.objects.filter(code__in=[gates.TRAINING_GATE, gates.PLEDGE_GATE]).update(value=False)
    assert asked(official, request_)


def test_the_manager_lifts_it_for_one_case_and_never_for_himself(official, request_, by, camera):
    matter, other = personal_data.find(LookCase.VIEWING, request_.pk), confirmed(camera, by)

    def lift(officer=official, names=("training", "pledge"), reason="야간 긴급 사건", who=by):
        return gates.lift(officer, matter, names, reason=reason, by=who)

    assert refused(lambda: lift(officer=by)) == {"self"}
    assert refused(lambda: lift(officer=OfficerFactory(role=Role.MONITORING_AGENT))) == {"role"}
    assert refused(lambda: lift(names=(), reason=" ")) == {"gates", "unwritten:reason"}
    row = lift()
    assert asked(official, request_)
    assert refused(lambda: asked(official, other)) == {"staff"}
    assert read(official, request_), "one matter: what is lifted for its footage is lifted for its persons"
    line = Entry.objects.of_kind(gates.LIFTED).get().content
    assert (line["gates"], line["case"]) == (["training", "pledge"], request_.receipt_number)
    now = timezone.now()
    assert list(gates.lifts_between(now - timedelta(hours=1), now + timedelta(hours=1))) == [row]
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        assert refused(lambda: asked(official, request_)) == {"staff"}


def read(officer, request):
    return persons.read(viewing_persons.CODE, request, purpose="contact", by=officer)


def test_the_data_of_a_person_is_behind_the_same_gates_as_footage(official, request_, by):
    assert refused(lambda: read(official, request_)) == {"staff"}
    assert not Entry.objects.of_kind("records.viewing_person_read").exists()
    staff = person(official)
    assert refused(lambda: read(official, request_)) == {"training", "pledge"}
    taught(staff, by)
    sworn(staff, official)
    assert request_.requester_name in dict(read(official, request_)).values()
    StaffMember.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "period" in refused(lambda: read(official, request_))
    StaffMember.objects.update(ends_on=None, kind=StaffKind.MONITORING_STAFF)
    assert refused(lambda: read(official, request_)) == {"basis", "off_duty"}
    StaffMember.objects.update(order_document="총무과-1")
    assert refused(lambda: read(official, request_)) == {"off_duty"}
    matter = personal_data.find(LookCase.VIEWING, request_.pk)
    gates.lift(official, matter, ["off_duty"], reason="밤에 온 긴급 청구", by=by)
    assert read(official, request_)


def test_every_matter_whose_persons_are_read_can_be_let_through_for_once():
    readable = [entry for entry in persons.entries() if entry.purposes]
    assert readable
    for entry in readable:
        assert entry.permission, entry.code
        assert personal_data.kind_of(entry.code) in lift_pages.PAGES, entry.code
        assert personal_data.find(personal_data.kind_of(entry.code), 10**9) is None


# ---------------------------------------------------------------- what follows


def test_the_review_of_the_log_asks_as_of_then(by):
    staff = person(number="A1")
    at = int(moment(timezone.localdate(), 12).timestamp())
    [provider] = review_rule._providers
    assert provider([staff], at) is None, "nobody keeps it here yet"
    taught(staff, by)
    assert provider([staff], at) == {"A1": "보안서약 기록이 없음"}
    assert "교육 기록이 없음" in provider([staff], at - 86_400)["A1"]


@pytest.mark.parametrize(
    ("left", "key"), [(31, None), (30, "30"), (8, "30"), (7, "7"), (1, "7"), (0, "0"), (-1, "0")]
)
def test_the_person_is_reminded_30_7_and_0_days_before(by, official, left, key):
    staff = person(official)
    taught(staff, by, on=date(2026, 3, 1))
    sworn(staff, official)
    now = moment(date(2027, 3, 1) - timedelta(days=left), 8)
    keys = [item.key for item in due.collect(now) if item.code == "records.own_training"]
    assert keys == ([f"records.own_training:{staff.pk}:{key}"] if key else [])


def test_the_year_is_counted_without_names(by, other, official, tmp_path):
    staff = person(official, number="A1")
    person(number="A2", kind=StaffKind.CONTRACTOR)
    session = a_session(by)
    sessions.take_list(session, sheet(tmp_path, "사번\nA1\nA2\n"), by=by)
    sessions.close(session, by=other)
    sworn(staff, official)
    found = figures.of_year(session.on.year, timezone.localdate())
    assert [(line.persons, line.trained, line.sworn) for line in found.kinds] == [
        (1, 1, 1), (0, 0, 0), (0, 0, 0), (1, 1, 0),
    ]  # fmt: skip
    assert [(line.attended, line.passed) for line in found.sessions] == [(2, 2)]
    assert dict(found.pledges)["근무를 시작할 때"] == 1


def test_the_number_of_questions_does_not_grow_with_the_people(by, django_assert_num_queries):
    competent(OfficerFactory())
    for number in range(1, 6):
        person(number=f"M{number}")
    few = list(StaffMember.objects.all()[:1])
    many = list(StaffMember.objects.all())
    for rows in (few, many):
        with django_assert_num_queries(3):
            standing.of(rows, timezone.localdate())
