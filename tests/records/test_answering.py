"""열람등 청구: each kind decided for itself, in force when it is told, late for ever when it is late."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import grounds
from ordinance.due import Severity
from ordinance.models import DueDate, Ground
from records.enums import RequestState
from records.models import ViewingMove, ViewingRequest
from records.viewing import (
    against_ledger,
    appointments,
    decisions,
    dismissal,
    figures,
    keeping,
    lateness,
    notices,
    postponement,
    providers,
    talking,
    unconfirmed,
)
from records.viewing.decisions import Answer
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.people import competent
from tests.records.situations import (
    answered,
    confirmed,
    decided,
    letter,
    looked_for,
    notified,
    objected,
    office_hour,
    received,
    refused_about,
    secured,
    told_about,
    viewing_letter,
    waited_for,
)

pytestmark = pytest.mark.django_db


def refusing(*codes: str):
    """Exactly these rules stand against it."""
    return pytest.raises(Refused, check=lambda error: {each.code for each in error.refusals} == set(codes))


def ground(layer: str, item: str) -> Ground:
    return Ground.objects.get(layer=layer, item=item, profile="gangseo" if layer == "ordinance22" else "")


def refusal(kind="viewing", outcome="refused", **changes) -> Answer:
    given = {
        "reason": "다른 사람의 생명이 위험합니다.",
        "national_ground": ground("pipa35", "2") if kind != "correction" else None,
        "investigation": "영상을 보고 확인함",
        **changes,
    }
    return Answer(kind, outcome, **given)


@pytest.fixture
def request_(camera, manager):
    return secured(confirmed(camera, manager), manager)


# -- deciding


def test_each_kind_that_was_asked_for_gets_its_own_decision(camera, manager) -> None:
    request = secured(confirmed(camera, manager, asks_existence=True, asks_correction=True), manager)
    granted, gone = Answer("existence", "granted"), refusal("viewing", beyond_masking="가릴 수 없음")
    with refusing("kinds"):
        decisions.decide(request, [granted, gone], by=manager)
    with refusing("kinds"):
        decisions.decide(request, [granted, granted, gone], by=manager)
    kept = refusal("correction", ground=ground("ordinance22", "3"))
    made = decisions.decide(request, [granted, gone, kept], by=manager)
    assert [(each.kind, each.outcome) for each in made] == [
        ("existence", "granted"),
        ("viewing", "refused"),
        ("correction", "refused"),
    ]


def test_nobody_is_decided_about_before_somebody_made_sure_who_asks(camera, manager) -> None:
    with refusing("identity"):
        decided(received(camera), manager)


@pytest.mark.parametrize("item", ["3가", "3나", "3다", "3라"])
def test_grounds_that_do_not_fit_footage_are_neither_offered_nor_accepted(request_, manager, item) -> None:
    unfit = ground("pipa35", item)
    assert unfit not in grounds.national_for_refusal("viewing")
    with refusing("national_ground"):
        decisions.decide(request_, [refusal(national_ground=unfit)], by=manager)


@pytest.mark.parametrize(
    ("kind", "national", "local", "codes"),
    [
        ("viewing", None, None, {"national_ground"}),
        ("viewing", None, ("ordinance22", "5"), {"national_ground"}),
        ("viewing", ("pipa35", "2"), ("ordinance22", "1"), {"ground", "beyond_masking"}),
        ("viewing", ("pipa36", "1단서"), None, {"national_ground"}),
        ("viewing", ("pipa35", "1"), ("ordinance22", "3"), {"ground"}),
        ("viewing", ("pipa35", "2"), ("ordinance22", "4"), {"outcome", "beyond_masking"}),
        ("viewing", ("pipa35", "2"), None, {"beyond_masking"}),
        ("correction", ("pipa35", "2"), None, {"national_ground"}),
        ("correction", None, ("ordinance22", "4"), {"ground"}),
        ("correction", None, None, {"national_ground"}),
        ("viewing", ("pipa35", "1"), ("ordinance22", "1"), set()),
        ("correction", ("pipa36", "1단서"), None, set()),
        ("correction", None, ("ordinance22", "3"), set()),
    ],
)
def test_a_refusal_rests_on_grounds_of_its_kind(camera, manager, kind, national, local, codes) -> None:
    asked = {"asks_viewing": kind == "viewing", "asks_correction": kind == "correction"}
    answer = refusal(
        kind,
        national_ground=ground(*national) if national else None,
        ground=ground(*local) if local else None,
    )
    found = decisions.check(confirmed(camera, manager, **asked), [answer])
    assert {each.code for each in found} == codes
    assert all(each.article for each in found)


def test_others_in_the_picture_are_masked_and_no_reason_to_refuse_all(request_, manager) -> None:
    others = {"ground": ground("ordinance22", "4"), "national_ground": ground("pipa35", "2")}
    with refusing("outcome"):
        decisions.decide(request_, [refusal(beyond_masking="모두 같은 옷차림", **others)], by=manager)
    decisions.decide(request_, [refusal(outcome="partly", **others)], by=manager)


def test_who_refuses_all_because_of_others_says_why_covering_them_is_not_enough(request_, manager) -> None:
    with refusing("beyond_masking"):
        decisions.decide(request_, [refusal()], by=manager)
    decisions.decide(request_, [refusal(beyond_masking="피해자를 찾는 데 쓰일 수 있음")], by=manager)
    assert "가림 처리로 부족한 까닭: 피해자를" in request_.decisions.get().reason


def test_no_footage_needs_a_reason_and_a_proof(request_, manager) -> None:
    looked_for(request_, manager)
    with refusing("reason", "proof"):
        decided(request_, manager, outcome="not_existing")
    decided(request_, manager, outcome="not_existing", reason="보관기간이 지남", proof="2026-10-01에 파기")
    assert request_.decisions.get().proof == "2026-10-01에 파기"


def test_whether_it_exists_has_no_half_answer(camera, manager) -> None:
    request = confirmed(camera, manager, asks_existence=True, asks_viewing=False)
    with refusing("outcome"):
        decided(request, manager, outcome="partly")


def test_what_exists_is_there_and_not_allowed(camera, manager) -> None:
    request = confirmed(camera, manager, asks_existence=True)
    decided(request, manager)
    assert [str(each) for each in request.decisions.all()] == ["존재확인: 영상 있음", "열람: 허용"]


def test_the_page_offers_what_may_be_done_and_the_next_step_first(camera, manager, client) -> None:
    client.force_login(manager)

    def offered(request) -> dict[str, bool]:
        page = client.get(reverse("viewing:request", args=[request.pk]))
        return {action.label: action.is_primary for action in page.context["page_actions"]}

    new = offered(received(camera))
    assert (new["연락 확인"], new["결정"]) == (True, False)
    assert "확인번호 다시 발급" not in new, "nobody was seen yet"
    told = offered(told_about(camera, manager))
    assert "영상 유예 해제…" not in told, "the way to object is open"
    assert not any(told.values()), "the next step is the citizen's"


def test_a_decision_is_taken_once(request_, manager) -> None:
    decided(request_, manager)
    with refusing("state:decided"):
        decided(request_, manager)
    assert [move.event for move in request_.moves.all()] == ["receive", "confirm", "identify", "decide"]


# -- telling


def test_the_clock_stops_with_the_notice_and_not_with_the_click(request_, manager) -> None:
    decided(request_, manager)
    assert DueDate.objects.open().exists()
    (item,) = providers.open_requests(timezone.now())
    assert "결정 통지하기" in item.detail
    notices.notify(request_, viewing_letter(), by=manager)
    assert request_.state == RequestState.APPOINTED
    assert not DueDate.objects.open().exists()
    assert not list(providers.open_requests(timezone.now()))


def test_it_stops_on_the_day_of_the_notice(request_, manager) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(days=3))
    decided(request_, manager)
    request_.decisions.update(decided_at=timezone.now() - timedelta(days=2))
    request_.refresh_from_db()
    notices.notify(request_, viewing_letter(on=yesterday), by=manager)
    assert timezone.localdate(DueDate.objects.get().closed_at) == yesterday
    assert request_.moves.get(event="notify").on == yesterday


def test_a_granted_viewing_is_told_with_date_time_and_place(request_, manager) -> None:
    decided(request_, manager)
    with refusing("viewing"):
        notices.notify(request_, letter(), by=manager)
    with refusing("viewing"):
        notices.notify(request_, letter(viewing_at=timezone.now() + timedelta(hours=1)), by=manager)
    with refusing("viewing"):
        earlier = timezone.now() - timedelta(minutes=1)
        notices.notify(request_, letter(viewing_at=earlier, viewing_place="센터"), by=manager)
    with refusing("future"):
        notices.notify(request_, viewing_letter(on=timezone.localdate() + timedelta(days=1)), by=manager)
    with refusing("reply"):
        notices.notify(request_, viewing_letter(reply=" "), by=manager)
    assert request_.state == RequestState.DECIDED


def test_a_viewing_is_held_within_the_days_unless_the_person_asks_for_a_later_one(request_, manager) -> None:
    """PIPA 35(3): a day of next year is a postponement without its notice."""
    decided(request_, manager)
    due = DueDate.objects.open().get().due_on
    next_year = {"viewing_at": timezone.now() + timedelta(days=366), "viewing_place": "센터"}
    with refusing("late"):
        notices.notify(request_, letter(**next_year), by=manager)
    notices.notify(request_, viewing_letter(), by=manager)
    appointment, told = request_.appointments.get(), {"place": "센터", "note": "전화로 알림", "by": manager}
    with refusing("late"):
        appointments.move(appointment, at=next_year["viewing_at"], **told)
    wished = office_hour(20)
    talking.wish(appointment, wished)
    with refusing("late"):
        appointments.move(appointment, at=wished + timedelta(days=1), **told)
    again = appointments.move(appointment, at=wished, **told)
    appointments.move(again, at=wished + timedelta(days=30), wish="12월 1일 전화로 말함", **told)
    assert "12월 1일 전화" in again.request.moves.last().reason
    assert against_ledger.fault(request_) == ""
    assert appointments.latest_day(request_, timezone.localdate()) == due


def test_of_a_late_answer_the_days_of_the_viewing_run_from_the_notice(request_, manager) -> None:
    DueDate.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    decided(request_, manager)
    latest = appointments.latest_day(request_, timezone.localdate())
    assert latest >= timezone.localdate() + timedelta(days=10)
    later = {"viewing_at": timezone.now() + timedelta(days=30), "viewing_place": "센터"}
    with refusing("late"):
        notices.notify(request_, letter(**later), by=manager)
    notices.notify(request_, letter(wish="내년에 오겠다고 창구에서 말함", **later), by=manager)
    assert request_.moves.last().reason == "내년에 오겠다고 창구에서 말함"


def test_the_website_is_a_notice_only_for_who_chose_it(camera, manager) -> None:
    for wants in (False, True):
        request = decided(confirmed(camera, manager, wants_web_notice=wants), manager)
        if wants:
            notices.notify(request, viewing_letter(way="web"), by=manager)
        else:
            with refusing("way"):
                notices.notify(request, viewing_letter(way="web"), by=manager)


def test_every_letter_names_all_ways_to_object_with_office_and_telephone(request_, manager) -> None:
    looked_for(request_, manager)
    decided(request_, manager, outcome="not_existing", reason="없음", proof="녹화되지 않음")
    notice = notices.notify(request_, letter(), by=manager)
    for words in (
        "30일 이내",
        "14일 이내",
        "10일의 범위",
        "90일",
        "180일",
        "행정소송",
        "118",
        "분쟁조정위원회",
        manager.department.name,
        "02-2600-1234",
        manager.get_full_name(),
    ):
        assert words in notice.how_to_object
    assert "{" not in notice.how_to_object


def test_nobody_is_told_without_somebody_to_turn_to(camera) -> None:
    nameless = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone=""))
    request = decided(confirmed(camera, nameless), nameless)
    with refusing("office"):
        notices.notify(request, viewing_letter(), by=nameless)


# -- postponing


def postponed(request, by, **changes):
    given = {
        "ground": "masking",
        "reason": "가림 처리에 시간이 걸립니다.",
        "until": timezone.localdate() + timedelta(days=5),
        **changes,
    }
    on = given.pop("on", timezone.localdate())
    return postponement.postpone(request, letter(on=on), by=by, **given)


def test_one_reasoned_postponement_with_its_expected_end(request_, manager) -> None:
    with refusing("reason"):
        postponed(request_, manager, reason=" ")
    with refusing("until"):
        postponed(request_, manager, until=timezone.localdate())
    with refusing("ground"):
        postponed(request_, manager, ground="busy")
    with refusing("until"):
        postponed(request_, manager, until=timezone.localdate() + timedelta(days=31))
    decision = postponed(request_, manager)
    assert (decision.kind, decision.notice.on) == ("viewing", timezone.localdate())
    assert request_.state == RequestState.POSTPONED
    due = DueDate.objects.open().get()
    assert (due.start_on, due.amount) == (decision.expected_end_on, 10)
    sooner = postponement.resume(request_, on=timezone.localdate(), by=manager)
    assert DueDate.objects.open().get() == sooner
    assert (sooner.start_on, sooner.amount) == (timezone.localdate(), 10)
    with refusing("again"):
        postponed(request_, manager)


def test_only_viewing_is_postponed(camera, manager) -> None:
    asked = {"asks_viewing": False, "asks_correction": True}
    with refusing("kind"):
        postponed(confirmed(camera, manager, **asked), manager)


def test_what_is_not_postponed_is_answered_by_the_same_letter_and_stays_answered(camera, manager) -> None:
    request = secured(confirmed(camera, manager, asks_existence=True, asks_correction=True), manager)
    found = "영상을 보고 확인함"
    others = [Answer("existence", "granted"), Answer("correction", "granted", investigation=found)]
    with refusing("kinds"):
        postponed(request, manager)
    with refusing("kinds"):
        postponed(request, manager, answers=others[:1])
    with refusing("unwritten:correction-investigation"):
        postponed(request, manager, answers=[others[0], Answer("correction", "granted")])
    with refusing("missing"):
        postponed(request, manager, answers=[refusal("existence", "not_existing"), others[1]])
    decision = postponed(request, manager, answers=others)
    told = {each.kind: each.outcome for each in decision.notice.decisions.all()}
    assert told == {"existence": "granted", "correction": "granted", "viewing": "postponed"}
    assert against_ledger.fault(request) == ""
    assert decisions.kinds_to_decide(request) == ["viewing"]
    postponement.resume(request, on=timezone.localdate(), by=manager)
    with refusing("kinds"):
        decided(request, manager)
    decisions.decide(request, [Answer("viewing", "granted")], by=manager)
    notices.notify(request, viewing_letter(), by=manager)
    assert against_ledger.fault(request) == ""
    assert set(keeping.in_force(request)) == {"existence", "viewing", "correction"}
    objected(request, manager)
    answered(request.remedies.get(), manager, "upheld")
    assert decisions.kinds_to_decide(request) == request.asked


def test_a_reason_of_no_list_names_its_act_and_article(request_, manager) -> None:
    for ground in ("other", "proceedings"):
        with refusing("provision"):
            postponed(request_, manager, ground=ground, provision="바쁨")
    law = "재난 및 안전관리 기본법 제74조의3"
    decision = postponed(request_, manager, ground="other", reason="장비를 쓰고 있음", provision=law)
    assert decision.reason == f"{law}: 장비를 쓰고 있음"


def test_who_waits_for_a_postponement_can_still_show_who_he_is(camera, manager) -> None:
    request = received(camera)
    postponed(request, manager)
    unconfirmed.confirm(request, "document", by=manager)
    request.refresh_from_db()
    assert (request.state, request.confirmed_how) == (RequestState.POSTPONED, "document")


def test_what_is_late_cannot_be_postponed_and_stays_late(request_, manager) -> None:
    DueDate.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    with refusing("late"):
        postponed(request_, manager)
    (item,) = providers.open_requests(timezone.now())
    assert (item.severity, "3일 지남" in item.detail) == (Severity.OVERDUE, True)
    notified(request_, manager)
    assert lateness.of(request_).late_days == 3
    assert figures.this_year().late_answered == 1


def test_a_postponement_inside_the_days_may_be_entered_later(request_, manager) -> None:
    """The letter went out in time; the clerk enters it after the day."""
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(days=12))
    DueDate.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    request_.refresh_from_db()
    postponed(request_, manager, on=timezone.localdate() - timedelta(days=2))
    assert lateness.of(request_).late_days == 0


def test_the_new_days_count_from_the_end_that_was_told_at_the_latest(request_, manager) -> None:
    today = timezone.localdate()
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(days=20))
    DueDate.objects.update(due_on=today - timedelta(days=10))
    request_.refresh_from_db()
    told = today - timedelta(days=4)
    postponed(request_, manager, on=today - timedelta(days=11), until=told)
    clocks = lateness.of(request_)
    assert (clocks.late_days, clocks.sentences) == (0, []), "the ten days run from the told end"
    assert clocks.postponed_sentence.startswith(f"연기한 날({told})이 지났습니다.")
    (item,) = providers.open_requests(timezone.now())
    assert item.severity == Severity.DUE
    due = postponement.resume(request_, on=today, by=manager)
    assert due.start_on == told
    assert due.due_on >= told + timedelta(days=10)


# -- dismissing


def test_many_requests_of_nobody_are_dismissed_for_one_reason_each_with_its_line(camera, manager) -> None:
    made_up = [waited_for(received(camera, wants_web_notice=number > 0)) for number in range(3)]
    with refusing("document"):
        dismissal.dismiss(made_up, reason="전화번호가 없는 번호임", by=manager)
    by_letter = {"document_number": "안전-11", "reason": "전화번호가 없는 번호임"}
    assert dismissal.dismiss(made_up, by=manager, **by_letter) == 3
    assert [each.notices.get().way for each in made_up] == ["post", "web", "web"], "as each asked to be told"
    assert ViewingMove.objects.filter(event="dismiss", reason="전화번호가 없는 번호임").count() == 3
    assert Entry.objects.filter(kind="records.viewing_dismissed").count() == 3
    assert not DueDate.objects.open().exists()
    for request in made_up:
        assert "이의신청" in request.notices.get().how_to_object


def test_somebody_who_is_there_is_answered_and_never_dismissed(camera, manager) -> None:
    real, made_up = waited_for(confirmed(camera, manager)), waited_for(received(camera))
    with refusing("confirmed"):
        dismissal.dismiss([made_up, real], reason="확인 불가", document_number="안전-11", by=manager)
    made_up.refresh_from_db()
    assert made_up.state == RequestState.RECEIVED, "all or none"


def test_nobody_is_dismissed_before_he_could_be_reached(camera, manager) -> None:
    request = received(camera, wants_web_notice=True)
    for came_at, first in (("2026-11-27T10:00", "2026-12-03"), ("2026-12-23T10:00", "2026-12-30")):
        request.received_at = datetime.fromisoformat(f"{came_at}+09:00")
        assert str(dismissal.first_day(request.received_at)) == first
        day_before = date.fromisoformat(first) - timedelta(days=1)
        assert "early" in {each.code for each in dismissal.check(request, "없는 번호", "", day_before)}
        assert dismissal.check(request, "없는 번호", "", date.fromisoformat(first)) == []


@pytest.mark.parametrize("outcome", ["granted", "partly"])
@pytest.mark.parametrize("kind", ["viewing", "correction"])
def test_nothing_is_granted_of_footage_that_nobody_has_seen(camera, manager, kind, outcome) -> None:
    asked = {"asks_viewing": kind == "viewing", "asks_correction": kind == "correction"}
    request = confirmed(camera, manager, channel="post", **asked)
    local = ground("ordinance22", "3") if kind == "correction" else None
    partly = refusal(kind, outcome=outcome, ground=local)
    answer = Answer(kind, outcome, investigation="확인함") if outcome == "granted" else partly
    with refusing("unseen"):
        decisions.decide(request, [answer], by=manager)
    secured(request, manager)
    assert "unseen" not in {each.code for each in decisions.check(request, [answer])}


def test_what_is_unseen_after_a_refusal_is_promised_only_if_it_is_secured(camera, manager, client) -> None:
    request = refused_about(camera, manager)
    line = request.cameras.get()
    kept = keeping.of(request, timezone.localdate())
    assert keeping.of_camera(line, kept) == f"영상을 확보하면 이렇게 보관합니다: {kept.sentence}"
    assert [item.url_args for item in providers.unseen(timezone.now())] == [(line.pk,)]
    client.force_login(manager)
    link = reverse("viewing:secure", args=[line.pk])
    assert link in client.get(reverse("viewing:request", args=[request.pk])).content.decode()
    secured(request, manager)
    line.refresh_from_db()
    assert keeping.of_camera(line, kept) == f"영상이 있으면 이렇게 보관합니다: {kept.sentence}"
    assert list(providers.unseen(timezone.now())) == []
    assert link not in client.get(reverse("viewing:request", args=[request.pk])).content.decode()


# -- in the portal


def test_the_manager_decides_and_tells_in_the_portal_and_an_official_cannot(camera, manager, client) -> None:
    request = secured(confirmed(camera, competent(manager)), manager)
    address = reverse("viewing:decide", args=[request.pk])
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.post(address, {"viewing-outcome": "granted"}).status_code == 403
    client.force_login(manager)
    answer = client.post(address, {"viewing-outcome": "refused"})
    assert {"viewing-national_ground", "viewing-reason"} <= set(answer.context["form"].errors)
    assert "조세" not in client.get(address).content.decode()
    asked = client.post(address, {"viewing-outcome": "granted"}).content.decode()
    assert "결정은 고칠 수 없습니다." in asked
    assert "열람: 허용" in asked
    request.refresh_from_db()
    assert request.state == RequestState.IDENTIFIED
    client.post(address, {"viewing-outcome": "granted", "step": "apply"})
    request.refresh_from_db()
    assert request.state == RequestState.DECIDED
    on = timezone.localdate()
    sent = {
        "on": on.isoformat(),
        "way": "post",
        "reply": "보십시오",
        "viewing_at": f"{on + timedelta(days=1)}T10:00:00",
        "viewing_place": "센터",
    }
    client.post(reverse("viewing:notify", args=[request.pk]), sent)
    request.refresh_from_db()
    assert request.state == RequestState.APPOINTED


def test_the_list_asks_as_often_for_one_as_for_many(
    camera, client, manager, django_assert_num_queries
) -> None:
    client.force_login(manager)
    received(camera)
    client.get(reverse("viewing:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("viewing:list"))
    for _ in range(10):
        received(CameraFactory())
    with django_assert_num_queries(len(few)):
        client.get(reverse("viewing:list"))
