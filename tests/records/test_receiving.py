"""열람등 청구: whatever can be asked is received, held where it can be held, and shown to its sender alone."""

import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from cameras.enums import CameraState
from cameras.models import Camera
from footage import destruction
from footage.models import FootageDay, Hold
from ledger.models import Entry
from ordinance.due import Severity
from ordinance.models import DueDate, Parameter
from ordinance.periods import SEOUL
from records.models import RequestedCamera, ViewingRequest
from records.viewing import claims, freezing, intake, limits, proof, providers, unconfirmed, watch
from tests.footage.factories import CameraFactory, Recorder
from tests.records.situations import (
    ADDRESS,
    NAME,
    PHONE,
    application,
    confirmed,
    decided,
    looked_for,
    received,
)

pytestmark = pytest.mark.django_db


def figure(code: str, value: int) -> None:
    Parameter.objects.filter(code=code).update(value=value)


def items(provider, now=None):
    return list(provider(now or timezone.now()))


def test_request_hold_and_due_date_stand_or_fall_together(camera, monkeypatch) -> None:
    monkeypatch.setattr(intake.deadlines, "for_route", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        received(camera)
    assert not ViewingRequest.objects.exists()
    assert not Hold.objects.exists()
    assert not Entry.objects.filter(kind="footage.hold_placed").exists()


def test_footage_older_than_its_period_is_asked_for_all_the_same(camera) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    request = received(camera, from_at=long_ago - timedelta(hours=1), until_at=long_ago)
    assert DueDate.objects.open().filter(subject_number=request.receipt_number).exists()
    assert Hold.objects.get().released_at is None


@pytest.mark.parametrize(
    "standing",
    [
        {"state": CameraState.SUSPENDED},
        {"state": CameraState.REMOVED, "removed_on": date(2026, 1, 2)},
        {"is_sign_exempt": True},
        {"state": CameraState.PLANNED, "installation": 2},
    ],
)
def test_whatever_ever_filmed_can_be_asked_for(camera, standing) -> None:
    Camera.objects.filter(pk=camera.pk).update(**standing)
    assert received(camera).cameras.get().hold.released_at is None


def test_a_camera_that_never_filmed_cannot(camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(state=CameraState.PLANNED)
    with pytest.raises(ValidationError) as refused:
        received(camera)
    assert "cameras" in refused.value.message_dict


def test_no_camera_named_is_the_whole_site(camera) -> None:
    gone = CameraFactory(site=camera.site, ordinal=2)
    Camera.objects.filter(pk=gone.pk).update(state=CameraState.REMOVED)
    request = received(camera, cameras=[])
    assert {line.camera_id for line in request.cameras.all()} == {camera.pk, gone.pk}


def test_ten_days_by_the_rule_on_record(camera) -> None:
    due = intake.due_of(received(camera))
    assert (due.amount, due.rule) == (10, "civil")
    assert due.due_on >= timezone.localdate() + timedelta(days=10)
    Parameter.objects.filter(code="counting_rule_pipa_viewing").update(value="petition")
    assert intake.due_of(received(camera)).rule == "petition"


# -- what is known


def test_what_is_gone_already_is_counted_and_the_rest_is_held(camera, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "nvr")
    now = timezone.now().replace(microsecond=0)
    edge = now - timedelta(days=30)
    gone = recorder.write(camera.recording_key, edge - timedelta(minutes=40))
    there = recorder.write(camera.recording_key, edge + timedelta(minutes=40))
    destruction.sweep(now, actor="system:test")
    assert not gone.exists()
    request = received(camera, from_at=edge - timedelta(hours=1), until_at=edge + timedelta(hours=1))
    line = request.cameras.get()
    assert line.already_gone == 1
    assert there.exists()
    assert "파일 1개" in proof.draft(request)


def test_a_camera_that_nobody_has_scanned_is_unknown_and_an_alarm(camera) -> None:
    request = received(camera)
    line = request.cameras.get()
    assert not line.is_checked
    (alarm,) = items(providers.unseen)
    assert (alarm.severity, alarm.due_on) == (Severity.DUE, timezone.localdate())
    (late,) = items(providers.unseen, timezone.now() + timedelta(days=1))
    assert late.severity == Severity.OVERDUE
    assert "확인되지 않았습니다" in proof.draft(request)


def test_securing_at_the_recorder_or_a_later_scan_ends_the_alarm(camera, manager) -> None:
    one, two = received(camera), received(camera)
    freezing.secure(one.cameras.get(), "녹화기에서 따로 저장함", by=manager)
    assert [item.url_args for item in items(providers.unseen)] == [(two.cameras.get().pk,)]
    for on in {timezone.localdate(two.from_at), timezone.localdate(two.until_at)}:
        _scanned(camera, on)
    watch.run()
    assert items(providers.unseen) == []
    assert RequestedCamera.objects.get(request=two).is_checked


def _scanned(camera, on) -> None:
    from footage.models import Storage

    storage = Storage.objects.first() or Storage.objects.create(
        name="저장소", root="/nowhere", layout="frigate"
    )
    FootageDay.objects.create(storage=storage, camera=camera, on=on, segments=1, scanned_at=timezone.now())


def test_a_scan_before_the_end_of_the_range_does_not_count(camera) -> None:
    until = timezone.now() - timedelta(minutes=1)
    _scanned(camera, timezone.localdate(until))
    FootageDay.objects.update(scanned_at=until - timedelta(minutes=10))
    assert not received(camera, from_at=until - timedelta(minutes=5), until_at=until).cameras.get().is_checked


# -- quotas: nothing is refused, and nobody freezes the district


def test_over_a_limit_a_request_is_received_and_an_officer_told(camera, manager) -> None:
    others = [CameraFactory(site=camera.site, ordinal=ordinal) for ordinal in range(2, 8)]
    request = received(camera, cameras=[camera, *others])
    assert request.needs_hold
    assert not Hold.objects.exists()
    (item,) = items(providers.not_held)
    assert item.severity == Severity.OVERDUE
    assert freezing.freeze_by_officer(request, by=manager) == 7
    assert Hold.objects.filter(released_at__isnull=True).count() == 7
    assert items(providers.not_held) == []


def test_an_officer_may_hold_nothing_but_says_why(camera, manager) -> None:
    figure("viewing_request_max_hours", 1)
    now = timezone.now()
    request = received(camera, from_at=now - timedelta(hours=9), until_at=now - timedelta(hours=1))
    with pytest.raises(ValidationError, match="사유"):
        freezing.decline_to_freeze(request, reason=" ", by=manager)
    freezing.decline_to_freeze(request, reason="시각을 좁혀 다시 청구하기로 함", by=manager)
    assert items(providers.not_held) == []


def test_one_household_cannot_use_up_the_quota_and_an_hour_is_always_held(camera) -> None:
    figure("viewing_request_household_hours", 4)
    until = timezone.now() - timedelta(days=1)

    def ask(hours: int, spent: float):
        return intake.receive(
            application(camera, from_at=until - timedelta(hours=hours), until_at=until),
            household_hours=spent,
        )

    first = ask(3, 0)
    assert (first.frozen_hours, first.request.needs_hold) == (3, False)
    second = ask(3, first.frozen_hours)
    assert (second.frozen_hours, second.request.needs_hold) == (0, True)
    assert not ask(1, 99).request.needs_hold, "an hour of one camera is held whatever was asked before"


def test_the_district_s_quota_counts_what_the_web_holds(camera, manager) -> None:
    figure("viewing_request_hold_quota_hours", 4)
    until = timezone.now() - timedelta(days=1)
    two_hours = {"from_at": until - timedelta(hours=2), "until_at": until}
    received(camera, channel="visit", **two_hours)
    assert limits.held_hours() == 0
    received(camera, **two_hours)
    (alarm,) = items(providers.quota)
    assert (alarm.severity, "2시간" in alarm.detail) == (Severity.DUE, True)
    assert not received(camera, **two_hours).needs_hold
    assert received(camera, **two_hours).needs_hold
    assert limits.held_hours() == 4
    (full,) = items(providers.quota)
    assert full.severity == Severity.OVERDUE


# -- holds that nobody stands for


def test_an_unconfirmed_hold_ends_by_itself_and_stays_visible(camera, manager) -> None:
    request = received(camera)
    assert request.holds_lapse_at >= request.received_at + timedelta(hours=72)
    assert unconfirmed.lapse() == 0
    ViewingRequest.objects.update(holds_lapse_at=timezone.now())
    watch.run()
    assert unconfirmed.lapse() == 0
    request.refresh_from_db()
    assert Hold.objects.get().released_at is not None
    assert Entry.objects.filter(kind="records.viewing_holds_lapsed").count() == 1
    (item,) = items(providers.unconfirmed)
    assert (item.severity, "풀렸습니다" in item.detail) == (Severity.OVERDUE, True)
    assert DueDate.objects.open().exists(), "the answer is still due"
    freezing.freeze_by_officer(request, by=manager)
    assert Hold.objects.filter(released_at__isnull=True).count() == 1


def test_a_confirmed_hold_never_ends_by_itself(camera, manager) -> None:
    request = received(camera)
    lapse_at = request.holds_lapse_at
    unconfirmed.confirm(request, "telephone", by=manager)
    assert unconfirmed.lapse(lapse_at + timedelta(days=365)) == 0
    assert Hold.objects.get().released_at is None
    assert items(providers.unconfirmed) == []
    with pytest.raises(ValidationError, match="이미 확인"):
        unconfirmed.confirm(request, "document", by=manager)


@pytest.mark.parametrize(
    ("received_at", "lapses_at"),
    [
        # Monday: 72 hours.
        (datetime(2026, 11, 23, 10, tzinfo=SEOUL), datetime(2026, 11, 26, 10, tzinfo=SEOUL)),
        # The evening before Chuseok (24 to 26 September, then a weekend): the office has the Monday.
        (datetime(2026, 9, 23, 20, tzinfo=SEOUL), datetime(2026, 9, 28, 18, tzinfo=SEOUL)),
    ],
)
def test_the_office_always_has_a_working_day_to_confirm(db, received_at, lapses_at) -> None:
    assert unconfirmed.lapses_at(received_at) == lapses_at


def test_who_came_in_person_is_known_already(camera) -> None:
    request = received(camera, channel="visit")
    assert request.holds_lapse_at is None
    assert not request.needs_confirmation


# -- secrets


def test_personal_columns_are_encrypted_and_never_in_the_ledger(camera, manager) -> None:
    request = confirmed(camera, manager, appearance="빨간 외투")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_viewingrequest")
        stored = str(cursor.fetchall())
    looked_for(request, manager)
    decided(request, manager, outcome="not_existing", reason="홍길동 없음", proof="녹화되지 않음")
    told = str(list(Entry.objects.values_list("payload", "subject", "actor")))
    for secret in (NAME, PHONE, ADDRESS, "빨간 외투", "도난 확인", "1980-05-01"):
        assert secret not in stored
        assert secret not in told


def test_a_copy_of_the_database_opens_nothing(camera) -> None:
    """Neither the form's number nor the claim code stands in any column, nor does one follow from the other."""
    submission = uuid.uuid4()
    got = intake.receive(application(camera, submission=submission))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_viewingrequest")
        stored = str(cursor.fetchall())
    assert str(submission) not in stored
    assert submission.hex not in stored
    assert got.code not in stored
    for column in (got.request.submission_digest, got.request.claim_digest):
        assert intake.find(got.request.receipt_number, column[:10]) is None
        assert intake.known(uuid.UUID(hex=column[:32])) is None
    assert intake.find(got.request.receipt_number, got.code) == got.request


def test_receipts_do_not_open_one_another(camera) -> None:
    one, two = intake.receive(application(camera)), intake.receive(application(camera))
    assert one.code != two.code
    assert intake.find(one.request.receipt_number, two.code) is None
    assert intake.find("V000000-XXXXXX", one.code) is None


def test_the_same_form_is_the_same_request_and_shows_its_code_for_ten_minutes(camera) -> None:
    sent = application(camera)
    first, again = intake.receive(sent), intake.receive(sent)
    assert (first.request, first.code) == (again.request, again.code)
    assert Hold.objects.count() == 1
    ViewingRequest.objects.update(received_at=timezone.now() - claims.SHOWN_AGAIN_FOR - timedelta(seconds=1))
    late = intake.receive(sent)
    assert (late.request, late.code) == (first.request, "")
