"""불복 절차: whatever a citizen sends has a door, is answered in its time, and leads somewhere when it is upheld."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ordinance.due import Severity
from ordinance.models import DueDate, Ground
from records.enums import RequestState
from records.models import ViewingRemedy, ViewingRequest
from records.viewing import (
    against_ledger,
    decisions,
    dismissal,
    figures,
    keeping,
    lateness,
    leaving,
    notices,
    objections,
    postponement,
    providers,
    release,
    remedies,
    routes,
    supplement,
)
from records.viewing.decisions import Answer
from records.viewing.intake import Person
from tests.accounts.factories import OfficerFactory
from tests.records.situations import (
    answered,
    confirmed,
    decided,
    identify,
    letter,
    objected,
    received,
    refused_about,
    secured,
    shown,
    told_about,
    viewing_letter,
    waited_for,
)

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def refusing(*codes: str):
    return pytest.raises(Refused, check=lambda error: {each.code for each in error.refusals} == set(codes))


def postponed(request, by):
    return postponement.postpone(
        request,
        letter(),
        ground="masking",
        reason="가림 처리",
        until=today() + timedelta(days=5),
        by=by,
    )


def test_an_objection_has_a_door_against_whatever_was_told_or_was_not(camera, manager) -> None:
    """F7."""
    refused = refused_about(camera, manager)
    waiting = confirmed(camera, manager)
    postponed(waiting, manager)
    closed = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([closed], reason="확인 불가", by=manager)
    closed.refresh_from_db()
    silent = received(camera)
    DueDate.objects.filter(subject_number=silent.receipt_number).update(due_on=today() - timedelta(days=1))
    found = [objected(each, manager).against for each in (refused, waiting, closed, silent)]
    assert found == ["decision", "postponement", "closing", "silence"]
    assert [each.state for each in (refused, waiting, closed, silent)] == [
        RequestState.NOTIFIED,
        RequestState.POSTPONED,
        RequestState.DISMISSED,
        RequestState.RECEIVED,
    ]


def test_before_anything_was_told_and_in_time_there_is_nothing_to_object_to(camera, manager) -> None:
    with refusing("early"):
        objected(received(camera), manager)
    with refusing("early"):
        objected(decided(confirmed(camera, manager), manager), manager)


def test_it_is_answered_in_fourteen_days_by_a_letter_that_names_what_is_left(camera, manager) -> None:
    request = refused_about(camera, manager)
    remedy = objected(request, manager)
    due = DueDate.objects.open().get()
    assert (due.purpose, due.amount) == (remedy.due_purpose, 14)
    (item,) = providers.open_requests(timezone.now())
    assert (item.verb, item.needs, item.due_on) == (
        "이의신청에 답하기",
        ("records.decide_viewingrequest",),
        due.due_on,
    )
    with refusing("document", "reply", "outcome"):
        answered(remedy, manager, outcome="withdrawn", reply=" ", document_number="")
    answered(remedy, manager)
    remedy.refresh_from_db()
    assert (remedy.ended_on, remedy.outcome) == (today(), "rejected")
    told = remedy.answer.how_to_object
    assert "행정심판: 이 결과를 통지받은 날부터 90일" in told
    assert "행정소송" in told
    assert "30일" not in told, "a second objection is none of the ways"
    assert not DueDate.objects.open().exists()
    with refusing("ended"):
        answered(remedy, manager)


def test_its_days_are_lengthened_once_in_time_and_with_notice(camera, manager) -> None:
    """F26."""
    request = refused_about(camera, manager)
    remedy = objected(request, manager)
    first = DueDate.objects.open().get()
    with refusing("days"):
        objections.extend(remedy, letter(), days=11, by=manager)
    longer = objections.extend(remedy, letter(reply="사실 확인에 시간이 걸립니다."), days=10, by=manager)
    assert (longer.start_on, longer.amount) == (first.due_on, 10)
    assert DueDate.objects.open().get() == longer
    assert request.notices.last().how_to_object == ""
    remedy.refresh_from_db()
    with refusing("again"):
        objections.extend(remedy, letter(), days=1, by=manager)
    answered(remedy, manager)
    assert lateness.of(request).sentences == []


def test_what_is_late_already_is_not_lengthened(camera, manager) -> None:
    remedy = objected(refused_about(camera, manager), manager)
    DueDate.objects.open().update(due_on=today() - timedelta(days=1))
    with refusing("late"):
        objections.extend(remedy, letter(), days=5, by=manager)


def test_an_upheld_objection_leads_to_a_new_decision_and_a_new_notice(camera, manager) -> None:
    """F8."""
    request = refused_about(camera, manager)
    answered(objected(request, manager), manager, outcome="upheld")
    request.refresh_from_db()
    assert request.state == RequestState.IDENTIFIED
    due = DueDate.objects.open().get()
    assert (due.start_on, due.amount) == (today(), 10)
    secured(request, manager)
    decisions.decide(request, [Answer("viewing", "granted")], by=manager)
    notices.notify(request, viewing_letter(), by=manager)
    assert request.appointments.get().notice == request.notices.last()
    assert not DueDate.objects.open().exists()
    shown(request, manager)


def test_whoever_was_closed_objects_shows_who_he_is_and_is_decided(camera, manager) -> None:
    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="전화를 받지 않음", by=manager)
    request.refresh_from_db()
    remedy = objected(request, manager)
    identify(request, manager)
    answered(remedy, manager, outcome="upheld")
    request.refresh_from_db()
    decided(request, manager)
    assert request.state == RequestState.DECIDED


def test_an_objection_to_a_postponement_that_is_upheld_ends_it(camera, manager) -> None:
    request = confirmed(camera, manager)
    postponed(request, manager)
    answered(objected(request, manager), manager, outcome="upheld")
    request.refresh_from_db()
    assert request.state == RequestState.IDENTIFIED
    assert DueDate.objects.open().get().start_on == today()


def test_silence_is_answered_by_deciding_and_the_objection_for_itself(camera, manager) -> None:
    request = confirmed(camera, manager)
    DueDate.objects.update(due_on=today() - timedelta(days=3))
    remedy = objected(request, manager)
    decided(request, manager)
    notices.notify(request, viewing_letter(), by=manager)
    (due,) = DueDate.objects.open()
    assert due.purpose == remedy.due_purpose, "its own clock runs on"
    answered(remedy, manager, outcome="upheld")
    request.refresh_from_db()
    assert request.state == RequestState.APPOINTED, "it was decided meanwhile"


@pytest.mark.parametrize("kind", ["appeal", "suit", "mediation", "report"])
def test_whatever_ends_for_the_person_is_decided_anew(camera, manager, kind) -> None:
    request = refused_about(camera, manager)
    for outcome, state in (("closed", RequestState.NOTIFIED), ("partly", RequestState.IDENTIFIED)):
        remedy = remedies.record(request, kind=kind, number="2026-1", on=today(), by=manager)
        remedies.end(remedy, on=today(), outcome=outcome, document_number="재결-1", by=manager)
        request.refresh_from_db()
        assert request.state == state
    assert DueDate.objects.open().get().start_on == today()
    assert keeping.of(request, today()).why == "undecided"


@pytest.mark.parametrize("late", [True, False])
def test_what_is_upheld_against_silence_is_decided_anew_unless_all_was_granted_meanwhile(
    camera, manager, late
) -> None:
    """Refused after the appeal was filed: its ruling leads somewhere."""
    request = confirmed(camera, manager)
    if late:
        DueDate.objects.update(due_on=today() - timedelta(days=3))
    remedy = remedies.record(request, kind="appeal", number="2026-1", on=today(), by=manager)
    assert remedy.against == ("silence" if late else "handling")
    national = Ground.objects.get(layer="pipa35", item="1")
    decided(request, manager, outcome="refused", reason="법률의 금지", national_ground=national)
    notices.notify(request, letter(), by=manager)
    remedies.end(remedy, on=today(), outcome="upheld", document_number="재결-1", by=manager)
    request.refresh_from_db()
    assert request.state == RequestState.IDENTIFIED
    assert DueDate.objects.open().get().start_on == today()


def test_the_office_sets_right_what_it_told_and_what_was_let_go_is_held_again(camera, manager) -> None:
    request = refused_about(camera, manager)
    with refusing("unwritten:reason"):
        remedies.reopen(request, reason=" ", by=manager)
    clerk = OfficerFactory(role=Role.CCTV_MANAGER, department=manager.department)
    objections.waive(request, on=today(), document_number="안전-7", by=clerk)
    release.release(request, reason="포기함", by=manager)
    request.refresh_from_db()
    remedies.reopen(request, reason="다른 사람의 영상으로 잘못 앎", by=manager)
    request.refresh_from_db()
    assert (request.state, request.cameras.get().hold.released_at) == (RequestState.IDENTIFIED, None)
    assert DueDate.objects.open().get().start_on == today()
    assert against_ledger.fault(request) == ""
    withdrawn = received(camera)
    leaving.withdraw(withdrawn, on=today())
    with refusing("state"):
        remedies.reopen(withdrawn, reason="다시", by=manager)


def told_otherwise(request, by):
    national = Ground.objects.get(layer="pipa35", item="1")
    decided(request, by, outcome="refused", reason="법률이 열람을 금지합니다.", national_ground=national)
    notices.notify(request, letter(), by=by)


def lapsed(request, by):
    supplement.ask(request, letter(), until=supplement.usual_day(today()), by=by)
    request.supplements.update(until_on=today() - timedelta(days=1))
    supplement.lapse(request, letter(), by=by)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (told_otherwise, RequestState.NOTIFIED),
        (postponed, RequestState.POSTPONED),
        (lapsed, RequestState.LAPSED),
        (lambda request, by: leaving.withdraw(request, on=today()), RequestState.WITHDRAWN),
        (
            lambda request, by: routes.transfer(
                request, letter(), to="disclosure", new_number="정보-1", by=by
            ),
            RequestState.TRANSFERRED,
        ),
    ],
)
def test_an_appointment_ends_with_the_letter_that_tells_otherwise(camera, manager, act, state) -> None:
    request = told_about(camera, manager)
    remedies.reopen(request, reason="잘못 앎", by=manager)
    assert request.appointments.awaited().exists(), "what was told holds until then"
    act(request, manager)
    request.refresh_from_db()
    assert request.state == state
    assert not request.appointments.awaited().exists()
    assert list(providers.appointments(timezone.now())) == []


def test_nobody_is_told_anew_whose_person_is_erased(camera, manager) -> None:
    request = refused_about(camera, manager)
    ViewingRequest.objects.update(person_erased_at=timezone.now())
    with refusing("erased"):
        remedies.reopen(request, reason="잘못 앎", by=manager)


def test_what_is_filed_elsewhere_has_a_number_a_day_and_an_end(camera, manager) -> None:
    request = refused_about(camera, manager)
    with refusing("kind", "number", "future"):
        remedies.record(request, kind="objection", number=" ", on=today() + timedelta(days=1), by=manager)
    remedy = remedies.record(request, kind="suit", number="2026구합1", on=today(), by=manager)
    with refusing("document", "before"):
        yesterday = today() - timedelta(days=1)
        remedies.end(remedy, on=yesterday, outcome="rejected", document_number="", by=manager)
    objection = objected(request, manager)
    with refusing("outcome"):
        remedies.end(objection, on=today(), outcome="rejected", document_number="1", by=manager)
    remedies.end(objection, on=today(), outcome="withdrawn", document_number="취하-1", by=manager)
    assert not DueDate.objects.open().exists()
    assert ViewingRemedy.objects.filter(ended_on__isnull=True).get() == remedy


# -- the clocks


def test_each_clock_says_what_is_true_of_it(camera, manager) -> None:
    """F23: a decision in time stays in time, whatever becomes of the objection."""
    request = told_about(camera, manager)
    remedy = objected(request, manager)
    DueDate.objects.open().update(due_on=today() - timedelta(days=5))
    clocks = lateness.of(request)
    due = today() - timedelta(days=5)
    assert (clocks.late_days, clocks.objection.late_days) == (0, 5)
    assert clocks.sentences == [f"이의신청에 답할 기한({due})이 5일 지났습니다."]
    (item,) = providers.open_requests(timezone.now())
    assert item.severity == Severity.OVERDUE
    answered(remedy, manager)
    assert lateness.of(request).sentences == [f"이의신청의 답을 기한({due})보다 5일 늦게 알려 드렸습니다."]
    assert figures.this_year().late_answered == 0, "the decision itself was in time"


def test_a_late_answer_and_the_one_that_is_due_now_are_told_apart(camera, manager) -> None:
    request = confirmed(camera, manager)
    late = today() - timedelta(days=3)
    DueDate.objects.update(due_on=late)
    assert lateness.of(request).sentences == [f"답할 기한({late})이 3일 지났습니다."]
    decided(request, manager)
    notices.notify(request, viewing_letter(), by=manager)
    told = [f"기한({late})보다 3일 늦게 답을 알려 드렸습니다."]
    assert lateness.of(request).sentences == told
    answered(objected(request, manager), manager, outcome="upheld")
    clocks = lateness.of(ViewingRequest.objects.get())
    assert (clocks.sentences, clocks.is_overdue) == (told, False)


def test_who_saw_it_on_an_earlier_request_has_seen_it(camera, manager) -> None:
    """PIPA 36(1) asks who has seen it, not by which number."""
    from ordinance.models import Ground

    earlier = told_about(camera, manager)
    shown(earlier, manager)
    asked = {"asks_viewing": False, "asks_correction": True}
    refusal = Answer(
        "correction",
        "refused",
        reason="먼저 열람하십시오.",
        national_ground=Ground.objects.get(layer="pipa36", code="NOT_VIEWED"),
        investigation="열람한 기록이 없음",
    )
    request = secured(confirmed(camera, manager, **asked), manager)
    assert {each.code for each in decisions.check(request, [refusal])} == {"viewed"}
    of_another = Person("다른 사람", "010-0000-0000", date(1990, 1, 1), "서울")
    request = secured(confirmed(camera, manager, requester=of_another, **asked), manager)
    assert decisions.check(request, [refusal]) == []


def test_only_who_has_not_seen_is_told_that_he_has_not(camera, manager) -> None:
    """PIPA 36(1), F10: a ground of its own, and none against who saw it on this very request."""
    from ordinance.models import Ground

    not_viewed = Ground.objects.get(layer="pipa36", code="NOT_VIEWED")
    request = secured(confirmed(camera, manager, asks_correction=True), manager)
    answers = [
        Answer("viewing", "granted"),
        Answer(
            "correction",
            "refused",
            reason="먼저 열람하십시오.",
            national_ground=not_viewed,
            investigation="열람한 기록이 없음",
        ),
    ]
    assert decisions.check(request, answers) == []
    decisions.decide(request, answers, by=manager)
    notices.notify(request, viewing_letter(), by=manager)
    shown(request, manager)
    answered(objected(request, manager), manager, outcome="upheld")
    request.refresh_from_db()
    assert {each.code for each in decisions.check(request, answers)} == {"viewed"}
