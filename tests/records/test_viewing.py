"""열람등 청구: received with its footage held, decided, and only then let go."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from footage import destruction, holds
from footage import models as footage_models
from footage.errors import Refused
from footage.models import Hold
from ledger.models import Entry
from ordinance import grounds
from ordinance.due import Severity
from ordinance.models import DueDate, Parameter
from records.enums import RequestState
from records.models import ViewingRequest
from records.viewing import decisions, intake, limits, persons, providers
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.records.situations import ADDRESS, NAME, PHONE, application, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera(db):
    return CameraFactory()


@pytest.fixture
def manager(db):
    return OfficerFactory(role=Role.CCTV_MANAGER)


def granted(request: ViewingRequest, by) -> None:
    decisions.decide(request, "granted", reply="통합관제센터에서 보십시오.", by=by)


def test_request_hold_and_due_date_stand_or_fall_together(camera, monkeypatch) -> None:
    monkeypatch.setattr(intake.duedates, "open_for", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        received(camera)
    assert not ViewingRequest.objects.exists()
    assert not Hold.objects.exists()
    assert not Entry.objects.filter(kind="footage.hold_placed").exists()


def test_footage_asked_for_outlives_its_period(camera, manager, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "nvr")
    now = timezone.now().replace(microsecond=0)
    asked = now - timedelta(days=29)
    kept = recorder.write(camera.recording_key, asked)
    other = recorder.write(camera.recording_key, asked - timedelta(hours=12))
    request = received(camera, from_at=asked - timedelta(minutes=30), until_at=asked + timedelta(minutes=30))
    for path in (kept, other):
        assert path.exists()
    # A shorter period: both are past it now, and only one is asked for.
    camera.retention_days = 20
    camera.save()
    destruction.sweep(now, actor="system:test")
    assert kept.exists()
    assert not other.exists()
    granted(request, manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert kept.exists(), "deciding alone lets nothing go"
    decisions.release_holds(request, reason="이의제기 기간이 지남", by=manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert not kept.exists()


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
    assert (line.hold.from_at, line.hold.until_at) == (request.from_at, request.until_at)
    assert there.exists()


def test_no_hold_of_an_undecided_request_can_be_released_by_any_way(camera, manager, client) -> None:
    request = received(camera)
    hold = Hold.objects.get()
    with pytest.raises(Refused, match=request.receipt_number):
        holds.release(hold, reason="자리가 모자람", by=manager)
    with pytest.raises(ValidationError):
        decisions.release_holds(request, reason="자리가 모자람", by=manager)
    with pytest.raises(SystemExit):
        call_command("release_hold", str(hold.pk), reason="자리가 모자람")
    client.force_login(manager)
    client.post(reverse("footage:hold_release", args=[hold.pk]), {"reason": "자리가 모자람"})
    hold.refresh_from_db()
    assert hold.released_at is None


def test_a_hold_of_no_request_is_released_as_before(camera, manager) -> None:
    now = timezone.now()
    hold = holds.place(camera, now - timedelta(hours=1), now, reason="수사 협조", by=manager)
    assert holds.release(hold, reason="끝남", by=manager).released_at is not None


def test_the_command_that_releases_knows_of_requests() -> None:
    """It is not among the commands that start without the apps above footage."""
    import manage

    assert "release_hold" not in manage.DOMAIN_COMMANDS


def test_ten_days_by_the_rule_on_record(camera) -> None:
    request = received(camera)
    due = intake.due_of(request)
    assert (due.amount, due.rule) == (10, "civil")
    assert due.due_on >= timezone.localdate() + timedelta(days=10)
    Parameter.objects.filter(code="counting_rule_pipa_viewing").update(value="petition")
    assert intake.due_of(received(camera)).rule == "petition"


def test_too_many_cameras_hours_or_held_hours_are_refused(camera) -> None:
    others = [CameraFactory(site=camera.site, ordinal=ordinal) for ordinal in range(2, 8)]
    with pytest.raises(ValidationError) as refused:
        received(camera, cameras=[camera, *others])
    assert "cameras" in refused.value.message_dict
    now = timezone.now()
    with pytest.raises(ValidationError) as refused:
        received(camera, from_at=now - timedelta(hours=26), until_at=now - timedelta(hours=1))
    assert "until_at" in refused.value.message_dict
    assert received(camera, channel="visit", cameras=[camera, *others])


def test_the_quota_counts_undecided_requests_of_the_web_only(camera, manager) -> None:
    Parameter.objects.filter(code="viewing_request_hold_quota_hours").update(value=2)
    first = received(camera)
    received(camera, channel="visit")
    received(camera)
    assert limits.held_hours() == 2
    with pytest.raises(ValidationError, match="담당 부서에 전화"):
        received(camera)
    granted(first, manager)
    assert limits.held_hours() == 1
    assert received(camera)


def test_a_refusal_needs_ground_reason_and_how_to_object(camera, manager) -> None:
    request = received(camera)
    with pytest.raises(ValidationError) as refused:
        decisions.decide(request, "refused", reply="거절합니다.", by=manager)
    assert set(refused.value.message_dict) == {"reason", "how_to_object", "national_ground"}
    ordinance_only = grounds.for_refusal().first()
    with pytest.raises(ValidationError) as refused:
        decisions.decide(
            request,
            "refused",
            reply="거절합니다.",
            reason="수사",
            how_to_object="이의",
            ground=ordinance_only,
            by=manager,
        )
    assert set(refused.value.message_dict) == {"national_ground"}
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED
    decision = decisions.decide(
        request,
        "refused",
        reply="거절합니다.",
        reason="다른 사람의 생명",
        how_to_object="분쟁조정",
        ground=ordinance_only,
        national_ground=grounds.national_for_refusal().first(),
        by=manager,
    )
    assert decision.national_ground
    assert not DueDate.objects.open().exists()


def test_a_decision_is_final_and_a_postponement_is_not(camera, manager) -> None:
    request = received(camera)
    postpone = {"reply": "연기합니다.", "reason": "가림 처리", "how_to_object": "이의", "by": manager}
    decisions.decide(request, "postponed", **postpone)
    assert request.state == RequestState.POSTPONED
    assert not DueDate.objects.open().exists()
    with pytest.raises(ValidationError):
        decisions.decide(request, "postponed", **postpone)
    decisions.end_postponement(request, by=manager)
    due = DueDate.objects.open().get()
    assert due.purpose == "after_postponement-1"
    assert due.amount == 10
    request.refresh_from_db()
    decisions.decide(request, "postponed", **postpone)
    decisions.end_postponement(request, by=manager)
    granted(request, manager)
    with pytest.raises(ValidationError):
        decisions.decide(request, "refused", **postpone)
    with pytest.raises(ValidationError):
        decisions.end_postponement(request, by=manager)
    assert not DueDate.objects.open().exists()


def test_personal_columns_are_encrypted_and_never_in_the_ledger(camera, manager) -> None:
    request = received(camera, appearance="빨간 외투")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_viewingrequest")
        stored = str(cursor.fetchall())
    granted(request, manager)
    told = str(list(Entry.objects.values_list("payload", "subject", "actor")))
    for secret in (NAME, PHONE, ADDRESS, "빨간 외투", "도난 확인", "1980-05-01"):
        assert secret not in stored
        assert secret not in told


def test_reading_persons_needs_a_purpose_and_is_recorded(camera, client) -> None:
    request = received(camera)
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    for name, args in (
        ("viewing:list", []),
        ("viewing:request", [request.pk]),
        ("viewing:person", [request.pk]),
    ):
        text = client.get(reverse(name, args=args)).content.decode()
        assert NAME not in text
        assert PHONE not in text
    address = reverse("viewing:person", args=[request.pk])
    assert NAME not in client.post(address, {"purpose": ""}).content.decode()
    answer = client.post(address, {"purpose": "contact"})
    assert NAME in answer.content.decode()
    entry = Entry.objects.get(kind="records.viewing_person_read")
    assert (entry.actor, json.loads(entry.payload)["purpose"]) == (f"officer:{officer.pk}", "contact")
    with pytest.raises(ValidationError):
        persons.read(request, purpose="curiosity", by=officer)


def test_persons_are_erased_after_the_period_and_not_while_footage_is_held(camera, manager) -> None:
    request = received(camera)
    late = timezone.now() + timedelta(days=1200)
    assert persons.erase(late) == 0
    granted(request, manager)
    assert persons.erase(late) == 0
    decisions.release_holds(request, reason="끝남", by=manager)
    assert persons.erase(timezone.now() + timedelta(days=1000)) == 0
    assert persons.erase(late) == 1
    request.refresh_from_db()
    assert {getattr(request, name) for name in persons.COLUMNS} == {""}
    assert request.decisions.get().reply == ""
    assert persons.erase(late) == 0


def test_the_office_is_told_by_due_date(camera, manager) -> None:
    request = received(camera)
    (item,) = providers.open_requests(timezone.now())
    assert item.due_on == intake.due_of(request).due_on
    assert NAME not in f"{item.title}{item.detail}"
    (late,) = providers.open_requests(timezone.now() + timedelta(days=30))
    assert (late.severity, late.key) == (Severity.OVERDUE, item.key)
    granted(request, manager)
    assert not list(providers.open_requests(timezone.now()))
    (kept,) = providers.footage_kept(timezone.now())
    assert kept.count == 1


def test_receipts_cannot_be_guessed_from_one_another(camera) -> None:
    one, two = received(camera), received(camera)
    assert intake.find(one.receipt_number, intake.secret_of(one)) == one
    assert intake.find(one.receipt_number, intake.secret_of(two)) is None
    assert intake.secret_of(one) != intake.secret_of(two)
    assert str(one.submission) not in intake.secret_of(one)


def test_the_same_form_is_the_same_request(camera) -> None:
    sent = application(camera, submission=uuid.uuid4())
    assert intake.receive(sent) == intake.receive(sent)
    assert footage_models.Hold.objects.count() == 1


def test_the_manager_decides_in_the_portal_and_an_official_cannot(camera, manager, client) -> None:
    request = received(camera)
    address = reverse("viewing:decide", args=[request.pk])
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.post(address, {"outcome": "granted", "reply": "보십시오"}).status_code == 403
    client.force_login(manager)
    answer = client.post(address, {"outcome": "refused", "reply": "안 됩니다"})
    assert "national_ground" in answer.context["form"].errors
    client.post(address, {"outcome": "granted", "reply": "보십시오"})
    request.refresh_from_db()
    assert request.state == RequestState.DECIDED
    client.post(reverse("viewing:release", args=[request.pk]), {"reason": "이의제기 기간이 지남"})
    assert Hold.objects.get().released_at is not None


def test_the_list_asks_as_often_for_one_as_for_many(
    camera, client, manager, django_assert_num_queries
) -> None:
    from django.test.utils import CaptureQueriesContext

    client.force_login(manager)
    received(camera)
    client.get(reverse("viewing:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("viewing:list"))
    for _ in range(10):
        received(CameraFactory())
    with django_assert_num_queries(len(few)):
        client.get(reverse("viewing:list"))
