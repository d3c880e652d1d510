"""열람등 청구: footage stays until the last way to object is over, persons go when it was promised."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from casework import persons as catalogue
from casework.refusals import Refused as NotDone
from footage import destruction, holds
from footage.errors import Refused
from footage.models import Hold
from ledger.models import Entry
from ordinance import grounds
from records.models import ViewingAppointment, ViewingNotice, ViewingRemedy, ViewingRequest
from records.viewing import (
    appointments,
    arrivals,
    corrections,
    decisions,
    dismissal,
    identity,
    keeping,
    leaving,
    next_step,
    notices,
    objections,
    persons,
    providers,
    release,
    remedies,
    talking,
    watch,
)
from records.viewing.decisions import Answer
from records.viewing.keeping import Why
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import Recorder
from tests.records.people import competent
from tests.records.situations import (
    NAME,
    PHONE,
    answered,
    back_date_notice,
    confirmed,
    decided,
    letter,
    objected,
    office_hour,
    received,
    refused_about,
    secured,
    shown,
    told_about,
    waited_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("days_set_back")]


@pytest.fixture
def clerk(manager):
    """Who writes down what the citizen said; the manager acts upon it."""
    return OfficerFactory(role=Role.OFFICIAL, department=manager.department)


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
    assert [(each.pk, kept.may_go) for each, kept in release.may_go(timezone.now())] == [(request.pk, True)]
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
    decided(request, manager, outcome="refused", reason="수사 중", national_ground=national)
    notices.notify(request, letter(), by=manager)
    with pytest.raises(NotDone):
        release.release(request, reason="결정했음", by=manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert kept.exists(), "a refusal lets nothing go"
    back_date_notice(request, 200)
    release.release(request, reason="이의제기 기간이 지남", by=manager)
    destruction.sweep(timezone.now(), actor="system:test")
    assert not kept.exists()


def test_nothing_goes_before_the_decision_is_told(camera, manager) -> None:
    request = confirmed(camera, manager)
    assert_stays(request, manager)
    decided(request, manager)
    assert_stays(request, manager)


def kept(request, on: date):
    found = keeping.of(request, on)
    return found.why, found.until


def told_on(request, on: date) -> None:
    """As if the person had been told on that day, by hand."""
    request.notices.update(on=on, way="hand")
    request.moves.filter(event="notify").update(on=on)


def test_footage_of_a_refusal_stays_until_the_appeal_that_the_letter_names_is_over(camera, manager) -> None:
    """F1: 90 days from 2026-12-01 end on 2027-03-01, a holiday; the day after it."""
    request = refused_about(camera, manager)
    told_on(request, date(2026, 12, 1))
    assert kept(request, date(2027, 1, 2)) == (Why.WAY_OPEN, date(2027, 3, 2))
    assert kept(request, date(2027, 3, 2)) == (Why.WAY_OPEN, date(2027, 3, 2))
    assert kept(request, date(2027, 3, 3)) == (Why.WAY_OVER, date(2027, 3, 2))
    assert "90일" in request.notices.get().how_to_object


def test_who_was_written_to_is_not_known_to_know_and_has_the_longest_period(camera, manager) -> None:
    request = refused_about(camera, manager)
    request.notices.update(on=date(2026, 12, 1), way="post")
    # 180 days from 2026-12-01 end on Sunday 2027-05-30.
    assert kept(request, date(2027, 5, 31)) == (Why.WAY_OPEN, date(2027, 5, 31))
    assert kept(request, date(2027, 6, 1)) == (Why.WAY_OVER, date(2027, 5, 31))


def test_nothing_goes_while_a_remedy_can_still_come(camera, manager) -> None:
    request = refused_about(camera, manager)
    assert_stays(request, manager)
    back_date_notice(request, 40)
    assert_stays(request, manager)
    back_date_notice(request, 100)
    assert_goes(request, manager)


def test_nothing_goes_until_ninety_days_after_the_answer_to_an_objection(camera, manager) -> None:
    request = refused_about(camera, manager)
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(days=220))
    request.refresh_from_db()
    back_date_notice(request, 200)
    remedy = objected(request, manager, days_ago=180)
    assert_stays(request, manager)
    answered(remedy, manager, on=timezone.localdate() - timedelta(days=80))
    assert_stays(request, manager)
    ViewingNotice.objects.filter(remedy=remedy).update(on=timezone.localdate() - timedelta(days=100))
    ViewingRemedy.objects.update(ended_on=timezone.localdate() - timedelta(days=100))
    assert_goes(request, manager)


@pytest.mark.parametrize("kind", ["appeal", "suit", "mediation", "report"])
def test_whatever_is_pending_elsewhere_keeps_the_footage(camera, manager, clerk, kind) -> None:
    """F4: however long ago the letter's own periods were over."""
    request = refused_about(camera, manager)
    back_date_notice(request, 400)
    today = timezone.localdate()
    remedy = remedies.record(request, kind=kind, number="2026-123", on=today, by=manager)
    assert_stays(request, manager)
    remedies.end(remedy, on=today, outcome="rejected", document_number="재결-1", by=clerk)
    if kind == "appeal":
        # A suit is still open after the ruling.
        assert kept(request, today)[0] == Why.WAY_OPEN
        ViewingRemedy.objects.update(
            filed_on=today - timedelta(days=130), ended_on=today - timedelta(days=100)
        )
        assert kept(request, today)[0] == Why.WAY_OPEN, "nobody here knows when the person got it"
        ViewingRemedy.objects.update(
            filed_on=today - timedelta(days=230), ended_on=today - timedelta(days=200)
        )
    assert_goes(request, manager)


def test_who_gives_up_objecting_in_writing_lets_it_go(camera, manager, clerk) -> None:
    request = refused_about(camera, manager)
    with pytest.raises(NotDone, match="문서의 번호"):
        objections.waive(request, on=timezone.localdate(), document_number=" ", by=manager)
    objections.waive(request, on=timezone.localdate(), document_number="안전-7", by=clerk)
    assert_goes(request, manager)


def test_who_has_read_the_code_does_not_release_what_was_withdrawn_with_it(camera, manager, clerk) -> None:
    request = confirmed(camera, clerk)
    identity.issue_new_code(request, by=manager)
    leaving.withdraw(request, on=timezone.localdate())
    with pytest.raises(NotDone, match="다른 사람이 해제해야"):
        release.release(request, reason="취하함", by=manager)
    assert_goes(request, OfficerFactory(role=Role.CCTV_MANAGER))


def test_nothing_is_let_go_while_something_of_its_person_lies_unread(camera, manager, clerk) -> None:
    request = refused_about(camera, manager)
    objections.waive(request, on=timezone.localdate(), document_number="안전-7", by=clerk)
    talking.ask(request, "생각이 바뀌었습니다. 이의가 있습니다.")
    hold = Hold.objects.get()
    with pytest.raises(NotDone, match="읽지 않았습니다"):
        release.release(request, reason="포기함", by=manager)
    with pytest.raises(Refused, match="읽지 않았습니다"):
        holds.release(hold, reason="포기함", by=manager)
    talking.read_by_office(request)
    assert_goes(request, manager)


@pytest.mark.parametrize("how", ["waived", "shown", "withdrawn", "arrived"])
def test_what_ends_a_right_early_is_said_by_one_and_acted_upon_by_another(
    how, camera, manager, client
) -> None:
    if how == "waived":
        request = refused_about(camera, manager)
        objections.waive(request, on=timezone.localdate(), document_number="안전-7", by=manager)
    elif how == "shown":
        request = told_about(camera, manager)
        shown(request, manager)
    elif how == "withdrawn":
        request, today = refused_about(camera, manager), timezone.localdate()
        back_date_notice(request, 400)
        remedy = remedies.record(request, kind="suit", number="2026-1", on=today, by=manager)
        remedies.end(remedy, on=today, outcome="withdrawn", document_number="취하-1", by=manager)
    else:
        request = refused_about(camera, manager, way="post")
        back_date_notice(request, 120)
        came_on = timezone.localdate() - timedelta(days=119)
        arrivals.record(request.notices.get(), on=came_on, by=manager)
    hold = Hold.objects.get(requested_camera__request=request)
    with pytest.raises(NotDone, match="다른 사람이 해제해야"):
        release.release(request, reason="끝남", by=manager)
    with pytest.raises(Refused, match="다른 사람이 해제해야"):
        holds.release(hold, reason="끝남", by=manager)
    client.force_login(manager)
    page = client.post(reverse("viewing:release", args=[request.pk]), {"reason": "끝남"}, follow=True)
    assert "다른 사람이 해제해야" in page.content.decode()
    hold.refresh_from_db()
    assert hold.released_at is None
    assert_goes(request, OfficerFactory(role=Role.CCTV_MANAGER))


def test_after_the_last_day_nobody_else_is_needed(camera, manager) -> None:
    request = refused_about(camera, manager)
    back_date_notice(request, 400)
    assert_goes(request, manager)


def test_a_waiver_of_before_says_nothing_about_what_came_after(camera, manager, clerk) -> None:
    """F27."""
    request, today = refused_about(camera, manager), timezone.localdate()
    objections.waive(request, on=today, document_number="안전-7", by=manager)
    remedy = objected(request, manager)
    with pytest.raises(NotDone, match="진행 중인"):
        objections.waive(request, on=today, document_number="안전-8", by=manager)
    answered(remedy, manager)
    assert_stays(request, manager)
    objections.waive(request, on=today, document_number="안전-9", by=clerk)
    assert_goes(request, manager)


def test_a_waiver_of_before_says_nothing_about_what_was_put_right(camera, manager, clerk) -> None:
    """The result of a deletion is told with its own ways to object (PIPA 36(2))."""
    request, today = confirmed(camera, manager, asks_correction=True), timezone.localdate()
    secured(request, manager)
    answers = [
        Answer("viewing", "refused", **_refusal()),
        Answer("correction", "granted", investigation="영상을 보고 확인함"),
    ]
    decisions.decide(request, answers, by=manager)
    notices.notify(request, letter(way="hand"), by=manager)
    objections.waive(request, on=today, document_number="안전-7", by=clerk)
    assert kept(request, today)[0] == Why.WAIVED
    corrections.carry_out(request, letter(way="hand"), what="녹화기에서 일부를 삭제함", by=clerk)
    assert kept(request, today)[0] == Why.WAY_OPEN
    assert_stays(request, manager)


@pytest.mark.parametrize("how", ["objection", "suit"])
def test_what_was_let_go_is_held_again_when_a_remedy_comes_up(how, camera, manager, clerk) -> None:
    """A waiver counts no more once somebody objects: whatever is still there stays until the remedy ends."""
    request, today = refused_about(camera, manager), timezone.localdate()
    objections.waive(request, on=today, document_number="안전-7", by=clerk)
    assert_goes(request, manager)
    if how == "objection":
        objections.file(request, on=today, words="다시 보아 주십시오.")
    else:
        remedies.record(request, kind="suit", number="2026구합1", on=today, by=manager)
    request.refresh_from_db()
    assert request.holds_released_at is None
    line = request.cameras.get()
    assert (line.hold.released_at, line.hold.from_at, line.hold.until_at) == (
        None,
        line.from_at,
        line.until_at,
    )
    assert_stays(request, manager)


def test_granted_is_not_shown(camera, manager, clerk) -> None:
    """F6: before the viewing was held nothing goes; F30: afterwards nobody has to wait."""
    request = told_about(camera, manager)
    back_date_notice(request, 400)
    assert kept(request, timezone.localdate())[0] == Why.TO_SHOW
    assert_stays(request, manager)
    shown(request, clerk)
    assert request.moves.filter(event="show").count() == 1
    assert_goes(request, manager)


def test_who_saw_a_part_may_still_object_to_the_rest(camera, manager) -> None:
    request = told_about(camera, manager, outcome="partly", **_refusal())
    shown(request, manager)
    assert_stays(request, manager)


def test_who_did_not_come_keeps_the_ways_and_may_get_another_day(camera, manager) -> None:
    request = told_about(camera, manager)
    appointment = request.appointments.get()
    with pytest.raises(NotDone, match="아직 지나지"):
        appointments.miss(appointment, note="", by=manager)
    request.appointments.update(at=timezone.now() - timedelta(hours=1))
    appointments.miss(request.appointments.get(), note="", by=manager)
    assert_stays(request, manager)
    later = timezone.now() + timedelta(days=3)
    again = appointments.move(
        request.appointments.get(), at=later, place="민원실", note="전화로 정함", by=manager
    )
    assert (again.at, again.notice) == (later, appointment.notice)
    back_date_notice(request, 400)
    assert_stays(request, manager)
    (item,) = [each for each in providers.appointments(timezone.now()) if each.url_args == (request.pk,)]
    assert "민원실" in item.detail


def test_another_day_that_is_asked_for_after_nobody_came_is_work_and_keeps_the_footage(
    camera, manager
) -> None:
    request = told_about(camera, manager)
    request.appointments.update(at=timezone.now() - timedelta(hours=1))
    appointments.miss(request.appointments.get(), note="", by=manager)
    assert list(providers.appointments(timezone.now())) == []
    talking.wish(request.appointments.get(), office_hour(3))
    request.refresh_from_db()
    (item,) = providers.appointments(timezone.now())
    assert "원하는 일시를 정하십시오" in item.title
    assert next_steps.of(request, timezone.now()).url_name == "viewing:reschedule"
    assert request in ViewingRequest.objects.filter(next_step.waiting_for(next_step.HANDLE))
    back_date_notice(request, 400)
    assert_stays(request, manager)
    assert catalogue.rehearse(timezone.now() + timedelta(days=1096))[persons.CODE] == 0
    appointments.move(
        request.appointments.get(), at=office_hour(3), place="센터", note="원하는 대로", by=manager
    )
    request.appointments.update(at=timezone.now() - timedelta(hours=1))
    appointments.miss(request.appointments.get(result=""), note="", by=manager)
    assert_goes(request, manager)


def test_a_wish_is_over_once_the_footage_is_let_go(camera, manager) -> None:
    request = told_about(camera, manager)
    request.appointments.update(at=timezone.now() - timedelta(hours=1))
    appointments.miss(request.appointments.get(), note="", by=manager)
    talking.wish(request.appointments.get(), office_hour(3))
    for name in ("holds_released_at", "person_erased_at"):
        ViewingRequest.objects.update(**{name: timezone.now()})
        appointment = ViewingAppointment.objects.get()
        assert not ViewingAppointment.objects.awaited().exists()
        assert not appointment.is_awaited
        ViewingRequest.objects.update(**{name: None})
    ViewingRequest.objects.update(holds_released_at=timezone.now())
    with pytest.raises(NotDone, match="바꿀 열람 일정이 없습니다"):
        talking.wish(request.appointments.get(), office_hour(3))


def test_who_gives_up_objecting_still_sees_what_was_granted(camera, manager, clerk) -> None:
    request = told_about(camera, manager)
    objections.waive(request, on=timezone.localdate(), document_number="안전-7", by=clerk)
    assert kept(request, timezone.localdate())[0] == Why.TO_SHOW
    assert_stays(request, manager)


def test_a_granted_deletion_is_carried_out_told_and_not_blocked_by_its_own_hold(
    camera, manager, clerk
) -> None:
    """F10."""
    request = confirmed(camera, manager, asks_viewing=False, asks_correction=True)
    decided(request, manager)
    notices.notify(request, letter(), by=manager)
    (item,) = providers.corrections_undone(timezone.now())
    assert item.url_args == (request.pk,)
    assert kept(request, timezone.localdate())[0] == Why.TO_DELETE
    with pytest.raises(NotDone, match="어떻게"):
        corrections.carry_out(request, letter(), what=" ", by=manager)
    with pytest.raises(NotDone, match="다른 사람"):
        corrections.carry_out(request, letter(), what="녹화기에서 해당 구간을 삭제함", by=manager)
    corrections.carry_out(request, letter(), what="녹화기에서 해당 구간을 삭제함", by=clerk)
    assert Hold.objects.get().released_at is not None
    assert list(providers.corrections_undone(timezone.now())) == []
    with pytest.raises(NotDone, match="아직 하지 않은"):
        corrections.carry_out(request, letter(), what="다시", by=manager)


def test_who_was_closed_keeps_the_footage_and_its_remedies(camera, manager) -> None:
    """F2: neither the office's inaction nor its closing ends a hold before the way to object is over."""
    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="확인 불가", by=manager)
    watch.run(timezone.now() + timedelta(days=30))
    assert_stays(request, manager)
    request.refresh_from_db()
    remedy = objected(request, manager)
    assert remedy.against == "closing"
    back_date_notice(request, 400)
    assert_stays(request, manager)


def test_a_hold_of_no_case_goes_at_the_word_of_two(camera, manager) -> None:
    """Whoever placed it: an agent's of an incident is not one manager's to let go either."""
    agent, official = OfficerFactory(role=Role.MONITORING_AGENT), OfficerFactory(role=Role.OFFICIAL)
    now = timezone.now()
    for placer in (manager, agent):
        hold = holds.place(camera, now - timedelta(hours=1), now, reason="수사 협조", by=placer)
        with pytest.raises(Refused, match="먼저 다른 사람이"):
            holds.release(hold, reason="끝남", by=manager)
        holds.ask_release(hold, reason="끝남", by=manager)
        with pytest.raises(Refused, match="다른 사람"):
            holds.release(hold, reason="끝남", by=manager)
        holds.ask_release(hold, reason="수사가 끝남", by=official)
        assert holds.release(hold, reason="끝남", by=manager).released_at is not None


def test_a_requests_hold_is_asked_for_in_its_case(camera, manager) -> None:
    hold = received(camera).cameras.get().hold
    with pytest.raises(Refused, match="그 사건에서"):
        holds.ask_release(hold, reason="끝남", by=manager)


def test_the_command_that_releases_knows_of_requests() -> None:
    """It is not among the commands that start without the apps above footage."""
    import manage

    assert "release_hold" not in manage.DOMAIN_COMMANDS


# -- persons


def test_reading_persons_needs_a_purpose_and_is_recorded(camera, client) -> None:
    request = received(camera)
    officer = competent(OfficerFactory(role=Role.OFFICIAL))
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
    request = refused_about(camera, manager)
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


def test_nothing_of_a_person_goes_while_anything_is_open(camera, manager) -> None:
    """F32: an objection, a viewing to be held; the days count from the last step."""
    later = timezone.now() + timedelta(days=1096)
    request = refused_about(camera, manager)
    remedy = objected(request, manager)
    assert catalogue.rehearse(later)[persons.CODE] == 0
    answered(remedy, manager)
    request.moves.exclude(event="answer_objection").update(at=timezone.now() - timedelta(days=1000))
    assert catalogue.rehearse(timezone.now() + timedelta(days=1000))[persons.CODE] == 0
    assert catalogue.rehearse(later)[persons.CODE] == 1
    waits = told_about(camera, manager)
    assert catalogue.rehearse(later)[persons.CODE] == 1
    shown(waits, manager)
    assert catalogue.erase_due(later)[persons.CODE] == 2
    assert waits.appointments.get().note == ""


def test_a_remedy_that_is_filed_while_persons_are_erased_keeps_its_person(
    camera, manager, monkeypatch
) -> None:
    request, ask, asked = refused_about(camera, manager), persons.due, []

    def due(now):
        if len(asked) == 1:  # listed, and about to be asked again
            objected(request, manager)
        asked.append(now)
        return ask(now)

    monkeypatch.setattr(persons, "due", due)
    assert persons.erase(timezone.now() + timedelta(days=1096)) == 0
    assert len(asked) == 2
    request.refresh_from_db()
    assert request.requester_name == NAME
    assert not Entry.objects.filter(kind="records.viewing_persons_erased").exists()


def test_a_dismissed_request_loses_its_person_too(camera, manager) -> None:
    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="확인 불가", by=manager)
    assert catalogue.erase_due(timezone.now() + timedelta(days=1096))[persons.CODE] == 1


def test_the_ledger_s_digest_leads_to_the_words_only_while_they_are_kept(camera, manager) -> None:
    from ledger import commitments

    request = refused_about(camera, manager)
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
