"""The one table of states: where each step leads, who is next, and what lies between a request and its answer."""

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from ledger.models import Entry
from ordinance import deadlines, duedates
from ordinance.due import Severity
from ordinance.models import DueDate, Ground, Holiday, Parameter
from ordinance.rules import Context
from records.enums import RequestState
from records.models import PERSONAL, RangeDecision, ViewingMove, ViewingNotice, ViewingRequest
from records.viewing import (
    against_ledger,
    appointments,
    decisions,
    dismissal,
    drafts,
    keeping,
    lateness,
    leaving,
    masking,
    notices,
    postponement,
    progress,
    providers,
    release,
    remedies,
    rules,
    search_results,
    supplement,
    talking,
    watch,
)
from records.viewing.asked import AskedSite
from records.viewing.decisions import Answer, RangeAnswer
from records.viewing.search_results import Finding
from records.viewing.states import SUBJECT_KIND
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import (
    confirmed,
    decided,
    letter,
    looked_for,
    received,
    refused_about,
    secured,
    shown,
    told_about,
    viewing_letter,
    waited_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(db):
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def by_two(db):
    Parameter.objects.filter(code="viewing_decision_by_two").update(value=True)


def state_of(request) -> str:
    return ViewingRequest.objects.get(pk=request.pk).state


def next_of(request):
    return next_steps.of(ViewingRequest.objects.get(pk=request.pk), timezone.now())


def searched(request, by, outcome="found"):
    lines = request.cameras.standing()
    search_results.confirm(request, {line.pk: Finding(outcome, "녹화기에서 확인함") for line in lines}, by=by)
    return request


def two_cameras(camera, manager, *, near=None):
    """One request for two cameras, both secured at the recorder."""
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    parts = [
        AskedSite(each.site, until - timedelta(hours=1), until, [each]) for each in (camera, CameraFactory())
    ]
    return secured(confirmed(camera, manager, parts=parts), manager)


def test_each_step_leads_on_and_the_page_says_who_is_next(camera, manager, client) -> None:
    request = received(camera)
    assert (next_of(request).verb, next_of(request).needs) == (
        "청구인에게 연락하기",
        "records.read_viewing_person",
    )
    request = secured(confirmed(camera, manager), manager)
    assert (state_of(request), next_of(request).verb) == ("identified", "영상 확인하기")
    searched(request, manager)
    assert (state_of(request), next_of(request).verb) == ("searched", "결정하기")
    decided(request, manager)
    assert (state_of(request), next_of(request).verb) == ("decided", "결정 통지하기")
    client.force_login(manager)
    page = client.get(reverse("viewing:request", args=[request.pk])).content.decode()
    assert "다음: 결정 통지하기" in page
    notices.notify(request, viewing_letter(), by=manager)
    assert (state_of(request), next_of(request).needs) == ("appointed", "")
    shown(request, manager)
    assert state_of(request) == "done"
    assert next_of(request).verb == "영상의 유예 해제하기", "the one who showed it is not the one who lets go"
    release.release(request, reason="열람을 마침", by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert next_of(request) is None
    assert against_ledger.fault(request) == ""


def test_what_is_refused_is_done_when_its_footage_is_let_go(camera, manager, days_set_back) -> None:
    request = refused_about(camera, manager)
    assert state_of(request) == RequestState.NOTIFIED
    ViewingNotice.objects.update(on=timezone.localdate() - timedelta(days=200))
    release.release(request, reason="불복 기간이 지남", by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert state_of(request) == RequestState.DONE


def test_who_it_is_may_become_known_after_what_there_is(camera, manager) -> None:
    from records.viewing import identity

    request = secured(received(camera), manager)
    searched(request, manager)
    assert state_of(request) == "received"
    identity.identify(request, "passport", by=manager)
    assert state_of(request) == "searched"


def test_the_list_is_narrowed_by_step_person_and_day(camera, manager, client) -> None:
    first, second = received(camera), confirmed(camera, manager)
    DueDate.objects.filter(subject_number=second.receipt_number).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    waiting = decided(confirmed(camera, manager), manager)
    client.force_login(manager)

    def listed(query: str) -> set[str]:
        rows = client.get(f"{reverse('viewing:list')}?{query}").context["rows"]
        return {row.receipt_number for row, _clocks, _step in rows}

    assert listed("state=identified") == {second.receipt_number}
    assert listed("by=records.decide_viewingrequest") == {waiting.receipt_number}
    assert listed("by=records.read_viewing_person") == {first.receipt_number, second.receipt_number}
    assert listed("due=late") == {second.receipt_number}
    assert listed("due=nonsense") == {each.receipt_number for each in (first, second, waiting)}


# -- supplement


def test_the_days_stand_still_while_something_is_missing_and_run_on_when_it_comes(camera, manager) -> None:
    request = confirmed(camera, manager)
    due = DueDate.objects.open().get()
    until = timezone.localdate() + timedelta(days=14)
    with pytest.raises(ValidationError, match="적어도 7일"):
        supplement.ask(request, letter(), until=timezone.localdate() + timedelta(days=2), by=manager)
    supplement.ask(request, letter(reply="위임장을 내 주십시오."), until=until, by=manager)
    assert state_of(request) == "supplement"
    waiting = DueDate.objects.open().get()
    assert waiting.start_on == until, "nothing comes: the rest of the days runs on from the day that was told"
    assert lateness.of(request).supplement_until == until
    assert keeping.of(request, timezone.localdate()).why == "undecided", "its footage stays meanwhile"
    with pytest.raises(ValidationError, match="아직 지나지"):
        supplement.lapse(request, letter(), by=manager)
    supplement.came(request, on=timezone.localdate(), note="위임장", by=manager)
    again = DueDate.objects.open().get()
    left = (duedates.deadline_of(due).nominal_on - timezone.localdate()).days
    assert (again.amount, waiting.amount) == (left, left)
    assert state_of(request) == "identified"
    assert against_ledger.fault(request) == ""


def test_what_came_in_time_and_was_written_down_late_makes_no_answer_late(camera, manager) -> None:
    request = confirmed(camera, manager)
    supplement.ask(request, letter(), until=timezone.localdate() + timedelta(days=7), by=manager)
    now, today = timezone.now(), timezone.localdate()
    ViewingRequest.objects.update(received_at=now - timedelta(days=30))
    request.notices.update(on=today - timedelta(days=30))
    request.supplements.update(until_on=today - timedelta(days=10))
    waiting = DueDate.objects.open()
    waiting.update(opened_at=now - timedelta(days=30), due_on=today - timedelta(days=5))
    came_on = today - timedelta(days=15)
    supplement.came(request, on=came_on, note="위임장", by=manager)
    assert all("늦게" not in sentence for sentence in lateness.of(request).sentences)


def test_what_is_late_stays_late_whatever_is_missing(camera, manager) -> None:
    request = confirmed(camera, manager)
    DueDate.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    supplement.ask(request, letter(), until=timezone.localdate() + timedelta(days=14), by=manager)
    assert lateness.of(request).is_overdue
    supplement.came(request, on=timezone.localdate(), note="위임장", by=manager)
    assert DueDate.objects.open().count() == 1


def test_an_office_that_does_nothing_after_the_day_is_late_and_may_be_objected_to(camera, manager) -> None:
    request, now = confirmed(camera, manager), timezone.now()
    asked = supplement.ask(request, letter(), until=supplement.usual_day(timezone.localdate()), by=manager)
    later = now + timedelta(days=60)
    (item,) = providers.open_requests(later)
    assert (item.severity, item.verb) == (Severity.OVERDUE, "보완하지 않은 청구를 종결하기")
    context = Context(timezone.localdate(later), "gangseo")
    assert request in rules.REQUEST_ANSWERED.unmet(rules.REQUEST_ANSWERED.subjects(context), context)
    assert remedies.subject_of(request, timezone.localdate(now)) is None
    assert remedies.subject_of(request, timezone.localdate(later)) == "silence"
    # As it was asked before 2026-12.
    DueDate.objects.open().delete()
    watch.run(now)
    watch.run(now)
    assert DueDate.objects.open().get().start_on == asked.until_on


def test_the_days_stand_still_once_and_not_without_end(camera, manager) -> None:
    request, today = confirmed(camera, manager), timezone.localdate()
    with pytest.raises(ValidationError, match="까지입니다"):
        supplement.ask(request, letter(), until=today + timedelta(days=60), by=manager)
    for _ in range(2):
        asked = supplement.ask(request, letter(), until=supplement.usual_day(today), by=manager)
        supplement.came(request, on=today, note="위임장", by=manager)
    assert asked.days_left is None
    waits = confirmed(camera, manager)
    until = today + timedelta(days=5)
    sent = {"ground": "masking", "reason": "가림 처리", "until": until, "by": manager}
    postponement.postpone(waits, letter(), **sent)
    due = postponement.resume(waits, on=today, by=manager)
    assert supplement.ask(waits, letter(), until=supplement.usual_day(today), by=manager).days_left is None
    assert lateness.of(waits).due == due
    clocks = lateness.of(ViewingRequest.objects.get(pk=waits.pk))
    told = " ".join(step.text for step in progress.steps(waits, clocks, timezone.now()))
    assert "그대로입니다" in clocks.supplement_sentence
    assert "멈춥니다" not in told, "the page does not contradict itself"


def test_days_off_at_the_end_of_a_period_are_not_days_that_are_left(camera, manager) -> None:
    """Received on 2027-01-28: the ten days end on Sunday 7 February; Seollal moves the end to the 10th."""
    request = confirmed(camera, manager)
    for on in (date(2027, 2, 6), date(2027, 2, 8), date(2027, 2, 9)):
        Holiday.objects.get_or_create(on=on, defaults={"name": "설날"})
    DueDate.objects.all().delete()
    number = request.receipt_number
    duedates.open_for(SUBJECT_KIND, number, deadlines.civil(date(2027, 1, 28), 10))
    assert DueDate.objects.open().get().due_on == date(2027, 2, 10)
    assert supplement._days_left(request, date(2027, 2, 5)) == 2


def test_nobody_is_told_that_nothing_came_while_it_lies_unread(camera, manager) -> None:
    request = confirmed(camera, manager)
    supplement.ask(request, letter(), until=timezone.localdate() + timedelta(days=14), by=manager)
    talking.ask(request, "위임장입니다.", kind="power_of_attorney")
    request.supplements.update(until_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="읽지 않았습니다"):
        supplement.lapse(request, letter(way="hand"), by=manager)
    closed = waited_for(received(camera, wants_web_notice=True))
    talking.ask(closed, "전화번호가 바뀌었습니다.")
    with pytest.raises(ValidationError, match="읽지 않았습니다"):
        dismissal.dismiss([closed], reason="확인 불가", by=manager)
    missed = told_about(camera, manager)
    missed.appointments.update(at=timezone.now() - timedelta(hours=1))
    talking.ask(missed, "버스가 늦습니다.")
    with pytest.raises(ValidationError, match="읽지 않았습니다"):
        appointments.miss(missed.appointments.get(), note="", by=manager)
    for each in (request, closed, missed):
        talking.read_by_office(each)
    supplement.lapse(request, letter(way="hand"), by=manager)
    dismissal.dismiss([closed], reason="확인 불가", by=manager)
    appointments.miss(missed.appointments.get(), note="", by=manager)


def test_a_decision_that_nobody_was_told_of_is_taken_back_and_another_one_is_told(camera, manager) -> None:
    request = decided(searched(secured(confirmed(camera, manager), manager), manager), manager)
    due = DueDate.objects.open().get()
    with pytest.raises(ValidationError, match="까닭"):
        decisions.take_back(request, reason=" ", by=manager)
    decisions.take_back(request, reason="가림 처리가 필요함", by=manager)
    assert state_of(request) == "searched"
    assert DueDate.objects.open().get() == due
    sent = {"ground": "masking", "reason": "가림 처리", "until": timezone.localdate() + timedelta(days=5)}
    postponement.postpone(request, letter(), by=manager, **sent)
    postponement.resume(request, on=timezone.localdate(), by=manager)
    national = Ground.objects.get(layer="pipa35", item="1")
    decided(request, manager, outcome="refused", reason="법률의 금지", national_ground=national)
    notice = notices.notify(request, letter(), by=manager)
    assert [each.outcome for each in notice.decisions.all()] == ["refused"], "only what was not taken back"
    assert keeping.in_force(request)["viewing"].outcome == "refused"
    assert against_ledger.fault(request) == ""
    with pytest.raises(ValidationError, match="할 수 없습니다"):
        decisions.take_back(request, reason="늦음", by=manager)


def test_who_supplies_nothing_is_told_that_it_ends_and_how_to_object(camera, manager) -> None:
    request = confirmed(camera, manager)
    supplement.ask(request, letter(), until=timezone.localdate() + timedelta(days=14), by=manager)
    request.supplements.update(until_on=timezone.localdate() - timedelta(days=1))
    assert next_of(request).verb == "보완하지 않은 청구를 종결하기"
    supplement.lapse(request, letter(way="hand"), by=manager)
    assert state_of(request) == "lapsed"
    assert "이의신청" in request.notices.last().how_to_object
    assert keeping.of(request, timezone.localdate()).why == "way_open"


# -- withdrawn, handed on, masked


def test_a_request_is_withdrawn_by_a_document_and_another_one_lets_its_footage_go(camera, manager) -> None:
    request = confirmed(camera, manager)
    with pytest.raises(ValidationError, match="문서의 번호"):
        leaving.withdraw(request, on=timezone.localdate(), by=manager)
    leaving.withdraw(request, on=timezone.localdate(), document_number="취하-1", by=manager)
    assert not DueDate.objects.open().exists()
    with pytest.raises(ValidationError, match="다른 사람"):
        release.release(request, reason="취하", by=manager)
    release.release(request, reason="취하", by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert state_of(request) == "withdrawn"
    assert against_ledger.fault(request) == ""
    with pytest.raises(ValidationError, match="취하"):
        leaving.withdraw(
            told_about(camera, manager), on=timezone.localdate(), document_number="1", by=manager
        )


def test_others_are_covered_by_one_and_looked_through_by_another(camera, manager, official) -> None:
    request = secured(confirmed(camera, manager), manager)
    with pytest.raises(ValidationError, match="영상 확인"):
        masking.start(request, what="행인 두 명", by=manager)
    searched(request, manager)
    masking.start(request, what="행인 두 명", by=manager)
    assert state_of(request) == "masking"
    with pytest.raises(ValidationError, match="다른 사람"):
        masking.finish(request, how="얼굴 가림", by=manager)
    masking.finish(request, how="얼굴 가림", by=official)
    assert state_of(request) == "searched"


# -- two persons


def test_where_two_are_needed_nobody_decides_alone_or_what_he_prepared(
    camera, manager, official, by_two
) -> None:
    request = secured(confirmed(camera, manager), manager)
    answers = [Answer("viewing", "granted")]
    with pytest.raises(ValidationError, match="결정안을 쓰는 사람"):
        decisions.decide(request, answers, by=manager)
    drafts.prepare(request, answers, by=manager)
    with pytest.raises(ValidationError, match="다른 사람"):
        drafts.decide(request, by=manager)
    drafts.send_back(request, reason="사유를 더 적으십시오", by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert state_of(request) == "identified"
    drafts.prepare(request, answers, by=official)
    assert manager.pk not in next_of(request).not_by
    (made,) = drafts.decide(request, by=manager)
    assert (made.outcome, made.prepared_by, made.decided_by) == ("granted", official, manager)
    with pytest.raises(ValidationError):
        drafts.decide(request, by=manager)
    assert against_ledger.fault(request) == ""


def test_a_draft_carries_all_that_was_said(camera, manager, official, by_two, client) -> None:
    request = two_cameras(camera, manager)
    first, second = request.cameras.order_by("pk")
    forbidden = Ground.objects.get(layer="pipa35", item="1")
    client.force_login(official)
    sent = {
        "viewing-outcome": "granted",
        f"viewing-{second.pk}-outcome": "refused",
        f"viewing-{second.pk}-national_ground": forbidden.pk,
        f"viewing-{second.pk}-reason": "수사 중인 사건의 영상입니다.",
    }
    answer = client.post(reverse("viewing:prepare", args=[request.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    client.force_login(manager)
    page = client.get(reverse("viewing:decide", args=[request.pk])).content.decode()
    assert "수사 중인 사건의 영상입니다." in page
    client.post(reverse("viewing:decide", args=[request.pk]))
    outcomes = dict(RangeDecision.objects.values_list("line", "outcome"))
    assert outcomes == {first.pk: "granted", second.pk: "refused"}
    decision = request.decisions.get()
    assert (decision.outcome, decision.national_ground) == ("partly", forbidden)
    assert second.camera.number in decision.reason


def test_a_draft_of_somebody_who_left_is_decided_or_sent_back_all_the_same(
    camera, manager, official, by_two
) -> None:
    request = secured(confirmed(camera, manager), manager)
    drafts.prepare(request, [Answer("viewing", "granted")], by=official)
    official.is_active = False
    official.save()
    (made,) = drafts.decide(request, by=manager)
    assert made.prepared_by == official


# -- what is decided of each camera


def test_a_single_camera_needs_its_own_ground_and_reason(camera, manager) -> None:
    request = two_cameras(camera, manager)
    second = request.cameras.order_by("pk").last()
    refused = Answer("viewing", "granted", ranges=(RangeAnswer(second.pk, "refused"),))
    fields = {each.field for each in decisions.check(request, [refused])}
    assert {f"viewing-{second.pk}-reason", f"viewing-{second.pk}-national_ground"} <= fields
    searched(request, manager)
    gone = Answer(
        "viewing", "granted", ranges=(RangeAnswer(second.pk, "not_existing", "없음", proof="없음"),)
    )
    assert any("영상이 있다고" in each.text for each in decisions.check(request, [gone]))


def test_what_is_decided_of_each_camera_is_read_with_its_ground_before_it_is_decided(camera, manager) -> None:
    request = two_cameras(camera, manager)
    first, second = request.cameras.order_by("pk")
    ground = Ground.objects.get(layer="pipa35", item="2")
    own = RangeAnswer(second.pk, "refused", reason="옆집이 비침", national_ground=ground)
    _whole, *each = drafts.words_of(request, [Answer("viewing", "granted", ranges=(own,))])
    told = dict(line.split(": ", 1) for line in each)
    assert str(ground) in told[second.camera.number]
    assert told[second.camera.number].endswith("옆집이 비침")
    assert not told[first.camera.number].endswith("·")


def test_what_is_not_there_is_told_of_its_camera_alone(camera, manager) -> None:
    request = two_cameras(camera, manager)
    first, second = request.cameras.order_by("pk")
    found = {first.pk: Finding("found", "확인함"), second.pk: Finding("not_recorded", "녹화기에 없음")}
    search_results.confirm(request, found, by=manager)
    (made,) = decisions.decide(request, [Answer("viewing", "granted")], by=manager)
    assert made.outcome == "granted"
    assert [each.outcome for each in made.ranges.order_by("line")] == ["granted", "not_existing"]
    assert second.camera.number in made.proof
    assert first.camera.number not in made.proof


@pytest.mark.parametrize(("pretext", "says"), [("police", "경찰관"), ("others", "알아볼 수 없게")])
def test_a_pretext_is_refused_with_what_the_law_says(camera, manager, client, pretext, says) -> None:
    request = secured(confirmed(camera, manager), manager)
    client.force_login(manager)
    sent = {"viewing-outcome": "granted", "viewing-pretext": pretext}
    answer = client.post(reverse("viewing:decide", args=[request.pk]), sent)
    told = " ".join(answer.context["form"].errors["viewing-pretext"])
    assert says in told
    assert "가림 처리" in told
    assert state_of(request) == "identified"


def test_nothing_is_put_right_before_it_was_looked_into(camera, manager) -> None:
    request = confirmed(camera, manager, asks_viewing=False, asks_correction=True)
    looked_for(request, manager)
    answer = Answer("correction", "granted")
    assert {each.field for each in decisions.check(request, [answer])} == {"correction-investigation"}


# -- requests of before


def test_requests_of_before_stand_where_their_steps_lead(camera, manager) -> None:
    undecided = confirmed(camera, manager)
    granted = told_about(camera, manager)
    refused = refused_about(camera, manager)
    ends = {undecided.pk: "identified", granted.pk: "appointed", refused.pk: "notified"}
    whens = list(ViewingMove.objects.values_list("pk", "at", "by", "event"))
    ViewingRequest.objects.filter(pk=undecided.pk).update(state="received")
    ViewingRequest.objects.filter(pk__in=[granted.pk, refused.pk]).update(state="notified")
    ViewingMove.objects.filter(event="identify").update(from_state="received", to_state="received")
    ViewingMove.objects.filter(event="notify").update(to_state="notified")
    ViewingNotice.objects.update(kind="decision")
    migration = importlib.import_module("records.migrations.0022_states_of_before")
    migration.replay(apps, None)
    migration.name_notices(apps, None)
    assert dict(ViewingRequest.objects.values_list("pk", "state")) == ends
    assert list(ViewingMove.objects.values_list("pk", "at", "by", "event")) == whens, "who and when stay"
    for request in ViewingRequest.objects.defer(*PERSONAL):
        assert against_ledger.fault(request) == ""


def test_no_word_of_a_person_is_in_the_lines_of_these_steps(camera, manager) -> None:
    request = confirmed(camera, manager)
    supplement.ask(
        request,
        letter(reply="홍길동 님의 위임장"),
        until=timezone.localdate() + timedelta(days=9),
        by=manager,
    )
    supplement.came(request, on=timezone.localdate(), note="홍길동 위임장", by=manager)
    assert not Entry.objects.filter(payload__contains="홍길동").exists()
