"""운영위원회: screens of meetings and resolutions."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from committee.models import Meeting, Resolution
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.committee.factories import HELD_ON, MeetingFactory, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: dt.date(2026, 11, 20))


@pytest.fixture
def secretary(client):
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    return client


def vote(**changes) -> dict:
    return {
        "function_no": 1,
        "title": "설치 심의",
        "text": "원안대로 의결한다.",
        "on": HELD_ON.isoformat(),
        "enrolled": 15,
        "present": 12,
        "votes_for": 10,
        "votes_against": 1,
        "abstained": 1,
        "step": "apply",
        **changes,
    }


def test_a_meeting_is_planned_held_and_decides(secretary):
    data = {"kind": "meeting", "on": HELD_ON.isoformat(), "place": "대회의실"}
    secretary.post(reverse("committee:meeting_add"), data)
    meeting = Meeting.objects.get()
    add = reverse("committee:resolution_add", args=[meeting.pk])
    assert secretary.get(add).status_code == 302
    secretary.post(
        reverse("committee:meeting_change", args=[meeting.pk]),
        {**data, "enrolled": 15, "present": 12, "reason": "회의를 엶"},
    )
    camera = CameraFactory()
    file = SimpleUploadedFile("의결서.pdf", b"%PDF-1.7 x")
    answer = secretary.post(add, {**vote(), "cameras": camera.number, "uploads": [file]}, follow=True)
    text = answer.content.decode()
    resolution = Resolution.objects.get()
    assert resolution.attachments.get().name == "의결서.pdf"
    assert list(resolution.cameras.all()) == [camera]
    assert "원안 가결" in text
    assert camera.number in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"votes_for": 9}, "합(11명)이 출석위원(12명)과 다릅니다"),
        ({"present": 7, "votes_for": 7, "votes_against": 0, "abstained": 0}, "의사정족수"),
        ({"cameras": "없는번호-1"}, "대장에 없는 카메라 번호입니다: 없는번호-1"),
        ({"votes_for": 99999}, "찬성"),
        ({"on": "0001-01-01"}, "년까지의 날짜"),
    ],
)
def test_a_vote_that_cannot_be_is_refused_and_what_was_typed_stays(secretary, changes, said):
    meeting = MeetingFactory()
    answer = secretary.post(reverse("committee:resolution_add", args=[meeting.pk]), vote(**changes))
    text = answer.content.decode()
    assert said in text
    assert "설치 심의" in text
    assert not Resolution.objects.exists()


def test_a_tie_is_recorded_as_failed(secretary):
    data = vote(votes_for=6, votes_against=6, abstained=0)
    answer = secretary.post(
        reverse("committee:resolution_add", args=[MeetingFactory().pk]), data, follow=True
    )
    assert "부결" in answer.content.decode()
    assert not Resolution.objects.passed().exists()


def test_a_hostile_file_is_refused_and_nothing_is_recorded(secretary):
    upload = SimpleUploadedFile("의결서.pdf", b"MZ program")
    url = reverse("committee:resolution_add", args=[MeetingFactory().pk])
    assert "PDF 파일이 아닙니다" in secretary.post(url, {**vote(), "uploads": [upload]}).content.decode()
    assert not Resolution.objects.exists()


def test_a_correction_stands_beside_the_wrong_one(secretary):
    wrong = recorded()
    url = reverse("committee:correct", args=[wrong.pk])
    answer = secretary.post(
        url, {**vote(votes_for=6, votes_against=5), "reason": "찬반 수 오기"}, follow=True
    )
    assert "정정한 의결입니다" in answer.content.decode()
    old = secretary.get(reverse("committee:resolution", args=[wrong.pk])).content.decode()
    assert "정정되었습니다" in old
    assert "찬반 수 오기" in old
    assert secretary.post(url, {**vote(), "reason": "또"}).status_code == 302
    assert Resolution.objects.count() == 2


def test_carrying_out_shows_first_and_names_the_rule_that_stands_against_it(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    camera = CameraFactory(planned=True)
    resolution = recorded(cameras=[camera])
    url = reverse("committee:carry_out", args=[resolution.pk])
    data = {"event": "approve", "on": "2026-11-20"}
    text = client.post(url, {**data, "step": "preview"}).content.decode()
    assert "지금은 처리할 수 없습니다" in text
    client.post(url, {**data, "step": "apply"})
    camera.refresh_from_db()
    assert camera.state == "planned"


def test_cameras_that_wait_are_approved_on_the_resolution(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    camera = CameraFactory(state="deliberated")
    resolution = recorded(cameras=[camera])
    url = reverse("committee:carry_out", args=[resolution.pk])
    data = {"event": "approve", "on": "2026-11-20"}
    assert "카메라 <strong>1대" in client.post(url, {**data, "step": "preview"}).content.decode()
    client.post(url, {**data, "step": "apply"})
    camera.refresh_from_db()
    assert camera.state == "approved"
    act = camera.moves.get().act
    assert resolution.number in act.document_number
    assert "조례 제28조" in act.reason


def test_a_failed_resolution_carries_nothing_out(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    camera = CameraFactory(state="deliberated")
    failed = recorded(votes=(6, 6, 0), cameras=[camera])
    url = reverse("committee:carry_out", args=[failed.pk])
    text = client.post(url, {"event": "approve", "on": "2026-11-20", "step": "apply"}).content.decode()
    assert "부결되었거나" in text
    camera.refresh_from_db()
    assert camera.state == "deliberated"


def test_a_resolution_does_not_follow_a_camera_that_was_moved(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    camera = CameraFactory(state="deliberated")
    resolution = recorded(cameras=[camera])
    camera.installation += 1
    camera.save()
    url = reverse("committee:carry_out", args=[resolution.pk])
    client.post(url, {"event": "approve", "on": "2026-11-20", "step": "apply"})
    camera.refresh_from_db()
    assert camera.state == "deliberated"


def test_the_list_is_narrowed_exported_and_asks_no_more_for_many(secretary, django_assert_num_queries):
    first = recorded(title="첫 안건")
    urls = [
        reverse("committee:resolutions"),
        reverse("committee:meetings"),
        reverse("committee:meeting", args=[first.meeting_id]),
    ]
    counts = []
    for url in urls:
        secretary.get(url)
        with CaptureQueriesContext(connection) as asked:
            secretary.get(url)
        counts.append(len(asked))
    recorded(first.meeting, title="둘째 안건", votes=(6, 6, 0))
    recorded(first.meeting, title="셋째 안건")
    recorded(title="넷째 안건")
    for url, count in zip(urls, counts, strict=True):
        with django_assert_num_queries(count):
            secretary.get(url)
    text = secretary.get(urls[0], {"outcome": "failed"}).content.decode()
    assert "둘째 안건" in text
    assert "첫 안건" not in text
    answer = secretary.post(reverse("committee:export"), {"purpose": "committee", "format": "csv"})
    assert "넷째 안건" in b"".join(answer.streaming_content).decode()
