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
from records.viewing import (
    claims,
    dismissal,
    freezing,
    intake,
    limits,
    proof,
    providers,
    short_holds,
    unconfirmed,
    watch,
)
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
    waited_for,
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
    for on in {timezone.localdate(two.cameras.get().from_at), timezone.localdate(two.cameras.get().until_at)}:
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


def test_a_whole_site_or_a_whole_day_more_is_held_like_any_other(camera) -> None:
    """F3: six cameras for an hour, none chosen, or one camera for 25 hours are no freezing of the district."""
    for ordinal in range(2, 7):
        CameraFactory(site=camera.site, ordinal=ordinal)
    until = timezone.now() - timedelta(days=28)
    request = received(camera, cameras=[], from_at=until - timedelta(hours=1), until_at=until)
    assert (request.needs_hold, Hold.objects.count()) == (False, 6)
    request = received(camera, from_at=until - timedelta(hours=25), until_at=until)
    assert (request.needs_hold, request.cameras.get().hold.until_at) == (False, until)


def over_the_limit(camera, **changes):
    """Seven hours where three of one request fit; the first three count when nobody looks."""
    figure("viewing_request_max_cameras", 1)
    figure("viewing_request_max_hours", 3)
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    return received(camera, from_at=until - timedelta(hours=7), until_at=until, **changes)


def test_over_a_limit_all_is_held_shortly_and_an_officer_told(camera, manager) -> None:
    request = over_the_limit(camera)
    hold = Hold.objects.get()
    assert (hold.from_at, hold.until_at) == (request.cameras.get().from_at, request.cameras.get().until_at)
    (item,) = items(providers.not_held)
    assert item.severity == Severity.OVERDUE
    assert f"{timezone.localtime(request.holds_lapse_at):%m-%d %H:%M}까지" in item.detail
    assert freezing.freeze_by_officer(request, by=manager) == 1
    assert items(providers.not_held) == []
    watch.run(timezone.now() + timedelta(days=60))
    assert Hold.objects.get(released_at__isnull=True).until_at == request.cameras.get().until_at


def test_where_nobody_looked_what_fits_stays_held(camera, manager) -> None:
    request = over_the_limit(camera)
    watch.run(request.holds_lapse_at - timedelta(seconds=1))
    assert Hold.objects.get().released_at is None
    watch.run(request.holds_lapse_at)
    kept = Hold.objects.get(released_at__isnull=True)
    assert (kept.from_at, kept.until_at) == (
        request.cameras.get().from_at,
        request.cameras.get().from_at + timedelta(hours=3),
    )
    assert request.cameras.get().hold == kept
    assert Entry.objects.filter(kind="records.viewing_holds_narrowed").count() == 1
    assert items(providers.not_held), "it stays visible"
    request.refresh_from_db()
    assert freezing.freeze_by_officer(request, by=manager) == 1
    assert Hold.objects.get(released_at__isnull=True).until_at == request.cameras.get().until_at


def test_an_officer_may_hold_no_more_than_fits_but_says_why(camera, manager) -> None:
    request = over_the_limit(camera)
    with pytest.raises(ValidationError, match="사유"):
        short_holds.decline(request, reason=" ", by=manager)
    short_holds.decline(request, reason="시각을 좁혀 다시 청구하기로 함", by=manager)
    assert items(providers.not_held) == []
    kept = Hold.objects.get(released_at__isnull=True)
    assert kept.until_at == request.cameras.get().from_at + timedelta(hours=3)


def test_one_household_cannot_use_up_the_quota_and_an_hour_is_always_held(camera) -> None:
    figure("viewing_request_household_hours", 4)
    figure("viewing_request_short_hold_hours", 10)
    until = timezone.now() - timedelta(days=1)

    def ask(hours: int, spent: float):
        got = intake.receive(
            application(camera, from_at=until - timedelta(hours=hours), until_at=until),
            household_hours=spent,
        )
        return got.frozen_hours, got.request.needs_hold, got.request.holds_lapse_at is not None

    assert ask(3, 0) == (3, False, False)
    assert ask(3, 3) == (3, True, True), "shortly"
    assert ask(9, 3) == (1, True, False), "and not for ever anew: the hour that is always held"
    assert ask(1, 99) == (1, False, False), "an hour of one camera is held whatever was asked before"


def test_an_earlier_request_of_the_household_cuts_no_small_one_into_minutes(camera) -> None:
    cameras = [camera, *(CameraFactory(site=camera.site, ordinal=n) for n in range(2, 10))]
    until = timezone.now() - timedelta(days=1)
    hour = {"cameras": cameras, "from_at": until - timedelta(hours=1), "until_at": until}
    got = intake.receive(application(camera, **hour), household_hours=48)
    assert (got.frozen_hours, got.request.needs_hold) == (9, False)
    assert all(line.hold.until_at == line.until_at for line in got.request.cameras.select_related("hold"))
    got = intake.receive(application(camera, **hour), household_hours=999)
    assert (got.frozen_hours, got.request.needs_hold) == (pytest.approx(1), True), "and not for ever anew"


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
    assert limits.held_hours() == 4
    assert received(camera, **two_hours).needs_hold
    web = [waited_for(each) for each in ViewingRequest.objects.filter(channel="web")]
    dismissal.dismiss(web, reason="확인 불가", document_number="안전-1", by=manager)
    assert limits.held_hours() == 6, "closed, but held until nobody can object any more"
    (full,) = items(providers.quota)
    assert full.severity == Severity.OVERDUE


# -- requests that nobody acts on


def test_inaction_ends_no_hold(camera, manager) -> None:
    """F2: three days, the answer's due day and a year later."""
    request = received(camera)
    assert request.holds_lapse_at is None
    watch.run(timezone.now() + timedelta(days=365))
    assert Hold.objects.get().released_at is None
    (item,) = items(providers.open_requests)
    assert (item.severity, item.due_on) == (Severity.DUE, DueDate.objects.get().due_on)
    assert item.verb == "청구인에게 연락하기"
    (late,) = items(providers.open_requests, timezone.now() + timedelta(days=30))
    assert late.severity == Severity.OVERDUE
    unconfirmed.confirm(request, "telephone", by=manager)
    (told,) = items(providers.open_requests)
    assert told.verb == "본인·대리인 확인하기"
    with pytest.raises(ValidationError, match="이미 확인"):
        unconfirmed.confirm(request, "document", by=manager)


@pytest.mark.parametrize(
    ("received_at", "ends_at"),
    [
        # Monday: until Tuesday evening.
        (datetime(2026, 11, 23, 10, tzinfo=SEOUL), datetime(2026, 11, 24, 18, tzinfo=SEOUL)),
        # The evening before Chuseok (24 to 26 September, then a weekend): the office has the Monday.
        (datetime(2026, 9, 23, 20, tzinfo=SEOUL), datetime(2026, 9, 28, 18, tzinfo=SEOUL)),
    ],
)
def test_the_office_always_has_a_working_day_to_look(db, received_at, ends_at) -> None:
    assert short_holds.ends_at(received_at) == ends_at


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


def test_a_code_copied_in_the_database_opens_nothing(camera) -> None:
    """Whoever may write the database has a code of an own request, and copies its digest to another's."""
    own, other = intake.receive(application(camera)), intake.receive(application(camera))
    ViewingRequest.objects.filter(pk=other.request.pk).update(claim_digest=own.request.claim_digest)
    assert intake.find(other.request.receipt_number, own.code) is None
    sent = application(camera)
    ViewingRequest.objects.filter(pk=other.request.pk).update(
        submission_digest=claims.digest_of_form(sent.submission)
    )
    assert intake.known(sent.submission).code == ""


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
