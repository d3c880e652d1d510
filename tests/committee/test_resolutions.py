"""Resolutions: recorded once, never changed, corrected by a later one (ordinance art. 28, 29)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from casework.refusals import Refused
from committee import meetings, resolutions
from committee.enums import MeetingKind, Outcome
from committee.meetings import MeetingFacts
from committee.models import Meeting, Resolution, ResolutionCamera
from committee.querysets import RecordIsFinal
from committee.voting import Vote
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.committee.factories import HELD_ON, MeetingFactory, decision, recorded

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


def test_meetings_are_numbered_within_their_year():
    officer = OfficerFactory()
    for on in (dt.date(2025, 12, 1), dt.date(2026, 3, 2), dt.date(2026, 9, 1)):
        meetings.record(MeetingFacts(MeetingKind.MEETING, on, place="대회의실"), by=officer, today=TODAY)
    assert list(Meeting.objects.order_by("pk").values_list("number", flat=True)) == [
        "2025-1",
        "2026-1",
        "2026-2",
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (MeetingFacts(MeetingKind.MEETING, HELD_ON, place=" "), "장소"),
        (MeetingFacts(MeetingKind.WRITTEN, HELD_ON), "서면심의 사유"),
        (MeetingFacts(MeetingKind.MEETING, HELD_ON, "방", enrolled=15), "함께"),
        (MeetingFacts(MeetingKind.MEETING, HELD_ON, "방", enrolled=16, present=10), "15명 이내"),
        (MeetingFacts(MeetingKind.MEETING, HELD_ON, "방", enrolled=10, present=11), "많을 수 없습니다"),
        (
            MeetingFacts(MeetingKind.MEETING, dt.date(2026, 12, 1), "방", enrolled=15, present=9),
            "아직 열리지",
        ),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(facts, said):
    with pytest.raises(Refused, match=said):
        meetings.record(facts, by=OfficerFactory(), today=TODAY)
    assert not Meeting.objects.exists()


def test_a_meeting_is_put_right_until_a_resolution_rests_on_it():
    meeting = MeetingFactory()
    facts = MeetingFacts(MeetingKind.MEETING, HELD_ON, "소회의실", enrolled=15, present=11)
    officer = OfficerFactory()
    meetings.change(meeting, facts, by=officer, reason="장소 오기", today=TODAY)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.present) == ("소회의실", 11)
    assert meeting.history.first().history_change_reason == "장소 오기"
    line = Entry.objects.get(kind="committee.meeting_changed")
    assert (line.subject, line.content["present"]) == (f"meeting:{meeting.number}", 11)
    assert "소회의실" not in line.payload
    recorded(meeting)
    with pytest.raises(Refused, match="의결이 기록된 회의"):
        meetings.change(meeting, facts, by=officer, reason="다시", today=TODAY)


@pytest.mark.parametrize(
    ("votes", "conditions", "outcome"),
    [
        ((7, 5, 0), "", Outcome.PASSED),
        ((7, 5, 0), "안내판을 먼저 설치할 것", Outcome.CONDITIONAL),
        ((6, 6, 0), "", Outcome.FAILED),
        ((6, 1, 5), "", Outcome.FAILED),
    ],
)
def test_the_outcome_follows_from_the_vote(votes, conditions, outcome):
    resolution = recorded(votes=votes, conditions=conditions)
    assert resolution.outcome == outcome
    assert Resolution.objects.passed().exists() == (outcome != Outcome.FAILED)


def test_a_written_deliberation_decides_with_those_who_answered():
    meeting = MeetingFactory(written=True, present=9)
    resolution = recorded(meeting, votes=(9, 0, 0), on=HELD_ON + dt.timedelta(days=2))
    assert resolution.outcome == Outcome.PASSED


@pytest.mark.parametrize(
    ("meeting", "facts", "said"),
    [
        ({}, {"votes": (7, 0, 0)}, "의사정족수"),
        ({}, {"vote": Vote(15, 12, 10, 1, 0)}, "출석위원(12명)과 다릅니다"),
        ({}, {"vote": Vote(14, 12, 10, 1, 1)}, "회의의 기록(15명)과 다릅니다"),
        ({}, {"on": TODAY + dt.timedelta(days=1)}, "오늘보다 뒤"),
        ({}, {"on": HELD_ON + dt.timedelta(days=1)}, "회의가 열린 날"),
        ({"written": True}, {"on": HELD_ON - dt.timedelta(days=1)}, "앞설 수 없습니다"),
        ({"planned": True}, {}, "먼저 기록하십시오"),
        ({}, {"title": " "}, "안건과 의결 내용"),
        ({}, {"votes": (6, 6, 0), "conditions": "조건"}, "부결된 안건"),
    ],
)
def test_a_contradiction_is_refused_and_leaves_nothing(meeting, facts, said):
    with pytest.raises(Refused) as refusal:
        resolutions.record(MeetingFactory(**meeting), decision(**facts), by=OfficerFactory(), today=TODAY)
    assert said in str(refusal.value)
    assert not Resolution.objects.exists()
    assert not Entry.objects.filter(kind="committee.resolution_recorded").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": Outcome.FAILED},
        {"votes_for": 6, "votes_against": 6, "abstained": 0},
        {"votes_for": 9},
        {"enrolled": 24},
        {"enrolled": 11},
        {"function_no": 7},
    ],
)
def test_the_database_itself_refuses_impossible_figures(wrong):
    row = recorded()
    values = {
        field.attname: getattr(row, field.attname)
        for field in Resolution._meta.concrete_fields
        if field.name not in ("id", "number", "ordinal")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.bulk_create([Resolution(**{**values, "number": "x", "ordinal": 99, **wrong})])


def test_what_was_recorded_is_never_changed():
    resolution = recorded()
    resolution.title = "다른 안건"
    for attempt in (
        resolution.save,
        resolution.delete,
        lambda: Resolution.objects.update(votes_for=0),
        lambda: Resolution.objects.filter(pk=resolution.pk).delete(),
    ):
        with pytest.raises(RecordIsFinal):
            attempt()
    assert Resolution.objects.get().title == "방범용 CCTV 설치 심의"


def test_a_correction_names_the_wrong_one_and_takes_its_place():
    wrong = recorded(votes=(10, 1, 1))
    right = resolutions.correct(
        wrong, decision(votes=(6, 6, 0)), reason="찬반 수 오기", by=OfficerFactory(), today=TODAY
    )
    assert right.corrects == wrong
    assert (right.number, right.outcome) == ("2026-2", Outcome.FAILED)
    assert not Resolution.objects.passed().exists()
    assert list(Resolution.objects.standing()) == [right]
    assert Entry.objects.filter(kind="committee.resolution_recorded").last().content["corrects"] == "2026-1"


def test_only_the_last_of_a_chain_is_corrected_and_only_with_a_reason():
    wrong = recorded()
    officer = OfficerFactory()
    with pytest.raises(Refused, match="정정 사유"):
        resolutions.correct(wrong, decision(), reason=" ", by=officer, today=TODAY)
    resolutions.correct(wrong, decision(), reason="오기", by=officer, today=TODAY)
    with pytest.raises(Refused, match="이미 의결 2026-2"):
        resolutions.correct(wrong, decision(), reason="오기", by=officer, today=TODAY)


def test_cameras_are_named_in_the_installation_they_have():
    camera = CameraFactory(installation=3)
    resolution = recorded(cameras=[camera, camera])
    assert list(ResolutionCamera.objects.values_list("resolution", "camera", "installation")) == [
        (resolution.pk, camera.pk, 3)
    ]


def test_the_ledger_learns_figures_but_no_words():
    recorded(title="홍길동 관련 안건", text="홍길동에게 제공한다.")
    entry = Entry.objects.get(kind="committee.resolution_recorded")
    assert entry.content["vote"] == [15, 12, 10, 1, 1]
    assert "홍길동" not in entry.payload
