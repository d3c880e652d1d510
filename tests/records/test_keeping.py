"""열람등 청구: footage stays until the last way to object is over, persons go when it was promised."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import persons as catalogue
from casework.refusals import Refused as NotDone
from footage import destruction, holds
from footage.errors import Refused
from footage.models import Hold
from ledger.models import Entry
from ordinance import grounds
from records.models import ViewingRequest
from records.viewing import dismissal, objections, persons, providers, release, unconfirmed
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import Recorder
from tests.records.situations import (
    NAME,
    PHONE,
    back_date_notice,
    confirmed,
    decided,
    notified,
    received,
    told_about,
    waited_for,
)

pytestmark = pytest.mark.django_db


def assert_stays(request, manager) -> None:
    """By no way at all: neither the request's own, nor the list of holds, nor the command."""
    hold = Hold.objects.get(requested_camera__request=request)
    with pytest.raises(NotDone):
        release.release(request, reason="자리가 모자람", by=manager)
    with pytest.raises(Refused, match=request.receipt_number):
        holds.release(hold, reason="자리가 모자람", by=manager)
    with pytest.raises(SystemExit):
        call_command("release_hold", str(hold.pk), reason="자리가 모자람")
    hold.refresh_from_db()
    assert hold.released_at is None
    assert release.may_go(timezone.now()) == []


def assert_goes(request, manager) -> None:
    assert [each.pk for each in release.may_go(timezone.now())] == [request.pk]
    (item,) = providers.footage_kept(timezone.now())
    assert item.url_args == (request.pk,)
    assert release.release(request, reason="이의제기 기간이 끝남", by=manager) == 1
    assert release.may_go(timezone.now()) == []


def test_footage_asked_for_outlives_its_period_until_the_way_to_object_is_over(
    camera, manager, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path / "nvr")
    now = timezone.now().replace(microsecond=0)
    asked = now - timedelta(days=29)
    kept = recorder.write(camera.recording_key, asked)
    other = recorder.write(camera.recording_key, asked - timedelta(hours=12))
    half = timedelta(minutes=30)
    request = confirmed(camera, manager, from_at=asked - half, until_at=asked + half)
    # A shorter period: both are past it now, and only one is asked for.
    camera.retention_days = 20
    camera.save()
    destruction.sweep(now, actor="system:test")
    assert (kept.exists(), other.exists()) == (True, False)
    national = grounds.national_for_refusal("viewing")[0]
    notified(request, manager, outcome="refused", reason="수사 중", national_ground=national)
    with pytest.raises(NotDone):
        release.release(request, reason="결정했음", by=manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert kept.exists(), "a refusal lets nothing go"
    back_date_notice(request, 40)
    release.release(request, reason="이의제기 기간이 지남", by=manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert not kept.exists()


def test_nothing_goes_before_the_decision_is_told(camera, manager) -> None:
    request = confirmed(camera, manager)
    assert_stays(request, manager)
    decided(request, manager)
    assert_stays(request, manager)


def test_nothing_goes_while_an_objection_can_still_come(camera, manager) -> None:
    request = told_about(camera, manager)
    assert_stays(request, manager)
    back_date_notice(request, 25)
    assert_stays(request, manager)
    back_date_notice(request, 40)
    assert_goes(request, manager)


def test_nothing_goes_until_ninety_days_after_the_answer_to_an_objection(camera, manager) -> None:
    request = told_about(camera, manager)
    back_date_notice(request, 200)
    objections.file(request, on=timezone.localdate() - timedelta(days=180), document_number="", by=manager)
    assert_stays(request, manager)
    objections.answer(
        request, on=timezone.localdate() - timedelta(days=80), document_number="1", reason="기각", by=manager
    )
    assert_stays(request, manager)
    request.moves.filter(event="answer_objection").update(on=timezone.localdate() - timedelta(days=100))
    assert_goes(request, manager)


def test_who_gives_up_objecting_in_writing_lets_it_go(camera, manager) -> None:
    request = told_about(camera, manager)
    with pytest.raises(NotDone, match="문서의 번호"):
        objections.waive(request, on=timezone.localdate(), document_number=" ", by=manager)
    objections.waive(request, on=timezone.localdate(), document_number="안전-7", by=manager)
    assert_goes(request, manager)


def test_what_was_dismissed_stays_until_the_unconfirmed_time_is_over(camera, manager) -> None:
    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="확인 불가", by=manager)
    assert_stays(request, manager)
    ViewingRequest.objects.update(holds_lapse_at=timezone.now())
    assert unconfirmed.lapse() == 1
    assert Hold.objects.get().released_at is not None


def test_a_hold_of_no_request_is_released_as_before(camera, manager) -> None:
    now = timezone.now()
    hold = holds.place(camera, now - timedelta(hours=1), now, reason="수사 협조", by=manager)
    assert holds.release(hold, reason="끝남", by=manager).released_at is not None


def test_the_command_that_releases_knows_of_requests() -> None:
    """It is not among the commands that start without the apps above footage."""
    import manage

    assert "release_hold" not in manage.DOMAIN_COMMANDS


# -- persons


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
    assert NAME in client.post(address, {"purpose": "contact"}).content.decode()
    entry = Entry.objects.get(kind="records.viewing_person_read")
    assert (entry.actor, json.loads(entry.payload)["purpose"]) == (f"officer:{officer.pk}", "contact")
    with pytest.raises(NotDone):
        catalogue.read(persons.CODE, request, purpose="curiosity", by=officer)


def test_persons_go_on_their_day_whether_or_not_footage_is_held(camera, manager) -> None:
    undecided = received(camera)
    request = told_about(camera, manager)
    request.moves.update(reason="홍길동과 통화")
    assert catalogue.erase_due(timezone.now() + timedelta(days=1090))[persons.CODE] == 0
    late = timezone.now() + timedelta(days=1096)
    assert catalogue.rehearse(late)[persons.CODE] == 1
    assert catalogue.erase_due(late)[persons.CODE] == 1
    assert catalogue.erase_due(late)[persons.CODE] == 0
    request.refresh_from_db()
    assert {getattr(request, name) for name in persons.PERSONAL} == {""}
    assert (request.decisions.get().salt, request.notices.get().reply) == ("", "")
    assert set(request.moves.values_list("reason", flat=True)) == {""}
    assert Hold.objects.filter(released_at__isnull=True).count() == 2, "the footage has its own time"
    undecided.refresh_from_db()
    assert undecided.requester_name == NAME


def test_a_dismissed_request_loses_its_person_too(camera, manager) -> None:
    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="확인 불가", by=manager)
    assert catalogue.erase_due(timezone.now() + timedelta(days=1096))[persons.CODE] == 1


def test_the_ledger_s_digest_leads_to_the_words_only_while_they_are_kept(camera, manager) -> None:
    from ledger import commitments

    request = told_about(camera, manager, outcome="refused", **_refusal())
    decision = request.decisions.get()
    entry = Entry.objects.get(kind="records.viewing_decided")
    sealed = json.loads(entry.payload)["viewing_reason_sha256"]
    assert sealed == commitments.of_text(decision.salt, decision.reason)
    catalogue.erase_due(timezone.now() + timedelta(days=1096))
    decision.refresh_from_db()
    assert (decision.reason, decision.salt) == ("", "")


def _refusal():
    from ordinance.models import Ground

    return {"reason": "위험", "national_ground": Ground.objects.get(layer="pipa35", item="1")}
