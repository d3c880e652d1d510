"""인수인계 and 상황: what is refused, what the rules of art. 18 and 19 find, and the figures of the delay."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from accounts.roles import Role
from casework import persons
from casework.refusals import Refused
from footage.models import Hold
from ledger import commitments
from ledger.models import Entry
from ordinance.rules import Context
from records.duty_enums import StaffKind
from records.models import DutyShift, Incident, ShiftHandover
from records.people import handover, handover_rules, incident_log, incident_rules
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.centre import person

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def turn(db):
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def giver(turn):
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    DutyShift.objects.create(staff=person(officer=officer), starts_at=turn - 8 * HOUR, ends_at=turn)
    return officer


@pytest.fixture
def taker(turn):
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    DutyShift.objects.create(staff=person(officer=officer), starts_at=turn, ends_at=turn + 8 * HOUR)
    return officer


def given(turn, by, **more):
    words = {"happened": "특이사항 없음", "equipment": "정상", "ticked": handover.questions(), **more}
    return handover.give(turn, by=by, **words)


def test_the_next_shift_accepts_what_the_one_before_wrote(turn, giver, taker) -> None:
    row = given(turn, giver)
    assert [turn_at for turn_at, _ in handover.undone(turn, turn + HOUR)] == [turn], "not accepted yet"
    handover.accept(row, ticked=handover.questions(), by=taker)
    row.refresh_from_db()
    assert (row.given_by, row.accepted_by) == (giver, taker)
    assert all(check["given"] and check["accepted"] for check in row.checks)
    assert handover.undone(turn, turn + HOUR) == []
    assert "특이사항" not in str(
        Entry.objects.filter(kind__startswith="records.handover").values_list("payload")
    )


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"happened": " "}, "있었던 일을"),
        ({"equipment": ""}, "장비와 시스템"),
        ({"ticked": []}, "표시하지 않은 점검 항목"),
    ],
)
def test_a_handover_that_lacks_something_is_refused(turn, giver, more, word) -> None:
    with pytest.raises(Refused, match=word):
        given(turn, giver, **more)
    assert not ShiftHandover.objects.exists()


def test_who_writes_and_who_accepts(turn, giver, taker) -> None:
    with pytest.raises(Refused, match="근무를 마치는 사람"):
        given(turn, taker)
    with pytest.raises(Refused, match="이 시각에 끝나는 근무가 없습니다"):
        given(turn - HOUR, giver)
    row = given(turn, giver)
    with pytest.raises(Refused, match="이미 적었습니다"):
        given(turn, giver)
    with pytest.raises(Refused, match="적은 사람이 아닌 다른 사람이 인수"):
        handover.accept(row, ticked=handover.questions(), by=giver)
    with pytest.raises(Refused, match="다음 근무를 서는 관제요원"):
        handover.accept(row, ticked=handover.questions(), by=OfficerFactory(role=Role.MONITORING_AGENT))


def test_a_colleague_of_the_same_shift_or_an_officer_beside_it_does_not_accept(
    turn, giver, time_machine
) -> None:
    time_machine.move_to(turn - HOUR, tick=False)
    colleague, police = (OfficerFactory(role=Role.MONITORING_AGENT) for _ in range(2))
    DutyShift.objects.create(staff=person(officer=colleague), starts_at=turn - 8 * HOUR, ends_at=turn)
    beside = person(officer=police, kind=StaffKind.POLICE_SECONDEE)
    DutyShift.objects.create(staff=beside, starts_at=turn - 4 * HOUR, ends_at=turn + 4 * HOUR)
    row = given(turn, giver)
    for one in (colleague, police):
        with pytest.raises(Refused, match="다음 근무를 서는 관제요원"):
            handover.accept(row, ticked=handover.questions(), by=one)
    # Who stays on beyond the change is of the next shift, too.
    late = OfficerFactory(role=Role.MONITORING_AGENT)
    DutyShift.objects.create(staff=person(officer=late), starts_at=turn - HOUR, ends_at=turn + HOUR)
    handover.accept(row, ticked=handover.questions(), by=late)


def test_it_is_not_written_hours_ahead(turn, db) -> None:
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    DutyShift.objects.create(staff=person(officer=officer), starts_at=turn, ends_at=turn + 8 * HOUR)
    with pytest.raises(Refused, match="2시간 전부터"):
        given(turn + 8 * HOUR, officer)


def test_what_could_not_be_checked_is_said(turn, giver) -> None:
    row = given(turn, giver, ticked=handover.questions()[:1], fault="반출 단말이 고장")
    assert [check["given"] for check in row.checks].count(True) == 1


def test_a_change_of_shifts_of_yesterday_without_handover_is_unmet(db) -> None:
    context = Context.today()
    assert not handover_rules.HANDOVER_DONE.subjects(context).exists(), "no roster, nothing to hand over"
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    for turn_at in (midnight - 4 * HOUR, midnight + HOUR / 60):
        DutyShift.objects.create(staff=person(officer=officer), starts_at=turn_at - 8 * HOUR, ends_at=turn_at)
    # The one after midnight is of today and not judged yet.
    assert handover_rules.fault(context) == f"{midnight - DAY:%Y-%m-%d} 20:00 교대: 적지 않음"
    row = given(midnight - 4 * HOUR, officer)
    assert handover_rules.fault(context).endswith("받지 않음")
    handover.accept(row, ticked=handover.questions(), by=OfficerFactory(role=Role.OFFICIAL))
    assert handover_rules.fault(context) == ""


# -- incidents


def entered(by=None, camera=None, **more):
    now = timezone.now()
    values = {"noticed_at": now - HOUR, "camera": camera, "kind": "절도 의심", **more}
    return incident_log.enter(values, by=by or OfficerFactory(role=Role.MONITORING_AGENT))


@pytest.mark.parametrize(
    ("noticed", "told", "more", "word"),
    [
        (1, None, {}, "아직 오지 않은"),
        (-2, 1, {"body_told": "112"}, "아직 오지 않은"),
        (-2, -3, {"body_told": "112"}, "인지시각보다 앞섭니다"),
        (-2, -1, {}, "어느 기관에"),
        (-2, None, {"told_how": "phone"}, "알린 시각"),
    ],
)
def test_an_incident_that_cannot_be_is_refused(db, noticed, told, more, word) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match=word):
        entered(noticed_at=now + noticed * HOUR, told_at=None if told is None else now + told * HOUR, **more)
    assert not Incident.objects.exists()


def test_an_incident_is_numbered_and_its_footage_is_frozen_with_one_click(db) -> None:
    camera, officer = CameraFactory(), OfficerFactory(role=Role.MONITORING_AGENT)
    row = entered(officer, camera, told_to="강서서 김경위", body_told="112", told_at=timezone.now())
    assert row.number.startswith("상황-")
    incident_log.hold_footage(row, by=officer)
    hold = Hold.objects.get()
    assert (hold.camera, hold.case_reference) == (camera, row.number)
    assert (hold.from_at, hold.until_at) == (row.noticed_at - HOUR / 2, row.noticed_at + HOUR / 2)
    with pytest.raises(Refused, match="이미 이 상황의"):
        incident_log.hold_footage(row, by=officer)
    assert "김경위" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_what_was_said_once_of_an_incident_stays(db) -> None:
    """Another agent may add what he knows; another word in the place of the first ones has its reason and a version."""
    first, other = OfficerFactory(role=Role.MONITORING_AGENT), OfficerFactory(role=Role.MONITORING_AGENT)
    row = entered(first, body_told="112", told_at=timezone.now(), result="순찰차 출동")
    values = {name: getattr(row, name) for name in incident_log.TELLING}
    row = incident_log.complete(row, {**values, "result": "순찰차 출동, 현행범 인계"}, by=other)
    away = {**values, "result": "이상 없음"}
    with pytest.raises(Refused, match="고치는 까닭"):
        incident_log.complete(row, away, by=other)
    row = incident_log.complete(row, away, by=other, reason="다른 사건의 결과를 적었음")
    said = [(before.result, after.history_user) for before, after in incident_log.versions(row)]
    assert said == [("순찰차 출동", other), ("순찰차 출동, 현행범 인계", other)]
    line = json.loads(Entry.objects.filter(kind="records.incident_told").last().payload)
    assert line["rewritten"] == ["result"]
    assert line["words_sha256"] == commitments.of_text(row.salt, "112\n이상 없음")


def test_without_a_camera_there_is_nothing_to_freeze(db) -> None:
    with pytest.raises(Refused, match="카메라를 적지 않은"):
        incident_log.hold_footage(entered(), by=OfficerFactory())


def test_who_was_told_is_erased_after_its_days(db) -> None:
    row = entered(told_to="강서서 김경위", body_told="112", told_at=timezone.now())
    data = next(one for one in persons.entries() if one.code == "incident")
    later = timezone.now() + dt.timedelta(days=366)
    assert data.count_due(timezone.now()) == 0
    assert data.erase(later) == 1
    row.refresh_from_db()
    assert (row.told_to, row.told_at is not None) == ("", True)


def test_an_incident_must_be_told_within_the_limit_and_one_at_two_cameras_is_one(db) -> None:
    now = timezone.now()
    # Limit 10 minutes: told after 10, after 11, never; and one told at the second of its cameras.
    for number, told in (("A", 10), ("B", 11), ("C", None)):
        Incident.objects.create(
            number=number,
            noticed_at=now - HOUR,
            told_at=told and now - HOUR + dt.timedelta(minutes=told),
        )
    for told in (None, now - HOUR):
        Incident.objects.create(number="D", noticed_at=now - HOUR, told_at=told, camera=CameraFactory())
    context, rule = Context.today(), incident_rules.INCIDENT_REPORTED
    unmet = rule.unmet_subjects(context).annotate(why=rule.evidence(context)).order_by("number")
    assert list(unmet.values_list("number", "why")) == [("B", "late"), ("C", "untold")]
    assert sorted(rule.subjects(context).values_list("number", flat=True)) == ["A", "B", "C", "D"]
    assert [row.number for row in incident_log.late(Incident.objects.all())] == ["B"]


def test_delays_by_kind(db) -> None:
    now = timezone.now()
    for kind, minutes in (("절도", 2), ("절도", 4), ("절도", None), ("화재", 1)):
        Incident.objects.create(
            number=f"{kind}{minutes}",
            kind=kind,
            noticed_at=now - HOUR,
            told_at=minutes and now - HOUR + dt.timedelta(minutes=minutes),
        )
    theft, fire = incident_log.delays(Incident.objects.all())
    assert (theft.kind, theft.many, theft.told) == ("절도", 3, 2)
    assert (theft.mean, theft.longest) == (dt.timedelta(minutes=3), dt.timedelta(minutes=4))
    assert (fire.many, fire.mean) == (1, dt.timedelta(minutes=1))
