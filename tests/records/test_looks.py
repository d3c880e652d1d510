"""The door to footage: who is let in, for what, how long, and what the ledger says of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import networks
from accounts.roles import Role
from casework.refusals import Refusal, Refused
from footage.models import Hold
from ledger.models import Entry
from ordinance import rules
from ordinance.rules import Context
from records.access import gates, looks
from records.look_enums import LookCase, LookEnd, LookStep
from records.models import FootageLook, RangeDecision
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import HoldFactory, released
from tests.records import provisions
from tests.records.looks import SESSION, official, opened, wish
from tests.records.situations import confirmed, identify, received, told_about

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def lines(kind: str) -> list[dict]:
    return [entry.content for entry in Entry.objects.of_kind(kind).order_by("sequence")]


@pytest.fixture
def officer(db):
    return official()


@pytest.fixture
def request_(camera, manager):
    return confirmed(camera, manager)


def test_the_line_stands_before_the_grant_and_tells_of_no_person(officer, request_):
    look = opened(officer, request_, purpose="도난 시각의 영상을 찾음")
    (line,) = lines(looks.OPENED)
    assert line["case"] == request_.receipt_number
    assert (line["camera"], line["look"]) == (look.camera.number, look.pk)
    assert look.expires_at - look.granted_at == timedelta(minutes=15)
    assert "도난" not in str(line)
    assert looks.refuse_dead(look, officer, SESSION) == []


def test_closing_says_what_was_really_read_once(officer, request_):
    look = opened(officer, request_)
    for start, end in [(60, 70), (0, 10), (65, 90), (10, 12), (-30, 5)]:
        looks.note_read(look, look.from_at + timedelta(seconds=start), look.from_at + timedelta(seconds=end))
    looks.note_steps(look, 7)
    looks.note_steps(look, 3)  # an older message that comes late
    looks.close(look, LookEnd.BUTTON)
    looks.close(look, LookEnd.EXPIRED)
    (line,) = lines(looks.CLOSED)
    assert (line["seconds_read"], line["spans_read"], line["frames_stepped"]) == (72.0, 2, 7)
    assert line["read_from"] == (look.from_at - timedelta(seconds=30)).isoformat(), (
        "what was given before it, too"
    )
    assert line["look_end"] == "button"
    assert looks.refuse_dead(FootageLook.objects.get(), officer, SESSION)[0].code == "expired"


def test_what_was_asked_a_thousand_times_is_one_span(officer, request_):
    look = opened(officer, request_)
    start = look.from_at
    for number in range(300):
        at = start + timedelta(seconds=(number * 37) % 100)
        looks.note_read(look, at, at + timedelta(seconds=10))
    look.refresh_from_db()
    assert look.read == [[0.0, 109.0]]


def test_a_browser_that_disappears_is_closed_when_its_time_is_over(officer, request_):
    look = opened(officer, request_)
    assert looks.close_left() == 0
    assert looks.close_left(look.expires_at) == 1
    (line,) = lines(looks.CLOSED)
    assert (line["look_end"], line["seconds_read"], line["read_from"]) == ("expired", 0, None)
    assert Entry.objects.of_kind(looks.CLOSED).get().actor == looks.ACTOR


def test_footage_plays_in_the_networks_that_are_allowed_and_stops_elsewhere(officer, request_, settings):
    settings.ALLOWED_NETWORKS = "footage=10.20.0.0/16"
    with networks.request_from("203.0.113.9"), pytest.raises(Refused) as refused:
        opened(officer, request_)
    assert codes(refused) == {"network"}
    assert "203.0.113.9" in str(refused.value)
    assert "관제센터의 망" in str(refused.value)
    assert lines(looks.OPENED) == []
    with networks.request_from("10.20.0.5"):
        look = opened(officer, request_)
        looks.require_live(look, officer, SESSION)
    with networks.request_from("203.0.113.9"), pytest.raises(Refused):
        looks.require_live(look, officer, SESSION)
    assert FootageLook.objects.get().closed_how == LookEnd.REFUSED


def test_another_session_another_officer_and_an_hour_later_get_nothing(officer, request_):
    look = opened(officer, request_)
    for who, session in [(officer, "other"), (official(), SESSION)]:
        with pytest.raises(Refused) as refused:
            looks.require_live(look, who, session)
        assert codes(refused) == {"session"}
    FootageLook.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused) as refused:
        looks.require_live(FootageLook.objects.get(), officer, SESSION)
    assert codes(refused) == {"expired"}
    assert lines(looks.CLOSED) == [], "the closer says it, once"


def test_a_matter_that_ends_meanwhile_ends_the_look(officer, manager, camera):
    provision = provisions.received(camera, manager)
    look = looks.open_looks(wish(officer, provision, LookCase.PROVISION), session_key=SESSION)[0]
    type(provision).objects.update(state="withdrawn")
    with pytest.raises(Refused) as refused:
        looks.require_live(look, officer, SESSION)
    assert codes(refused) == {"case"}
    assert lines(looks.CLOSED)[0]["look_end"] == "refused"


def test_a_released_hold_ends_the_look(officer, request_):
    look = opened(officer, request_)
    Hold.objects.update(released_at=timezone.now())
    with pytest.raises(Refused) as refused:
        looks.require_live(look, officer, SESSION)
    assert "released" in codes(refused)


def test_a_right_that_is_taken_away_ends_the_look(officer, request_):
    look = opened(officer, request_)
    officer.groups.clear()
    someone = type(officer).objects.get(pk=officer.pk)
    with pytest.raises(Refused) as refused:
        looks.require_live(look, someone, SESSION)
    assert codes(refused) == {"permission"}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.MONITORING_AGENT, Role.AUDITOR])
def test_who_does_not_deal_with_the_matter_sees_nothing(role, request_):
    with pytest.raises(Refused) as refused:
        opened(OfficerFactory(role=role), request_)
    assert codes(refused) == {"permission"}
    assert not FootageLook.objects.exists()
    assert lines(looks.OPENED) == []


def test_everything_that_is_wrong_is_said_at_once(officer, request_):
    asked = wish(officer, request_, purpose=" ")
    one, start, end = asked.ranges[0]
    wider = replace(asked, ranges=((one, start - timedelta(seconds=1), end), (one, end, start)))
    with pytest.raises(Refused) as refused:
        looks.open_looks(wider, session_key=SESSION)
    assert codes(refused) == {"unwritten:purpose", "range", "order"}
    with pytest.raises(Refused) as refused:
        looks.open_looks(replace(asked, ranges=()), session_key=SESSION)
    assert "ranges" in codes(refused)


def test_nobody_looks_for_a_requester_whom_nobody_could_reach(officer, camera):
    with pytest.raises(Refused) as refused:
        opened(officer, received(camera))
    assert codes(refused) == {"case"}


def test_shown_is_what_was_granted_and_told_to_who_is_known_with_nobody_else_in_it(
    officer, manager, camera, request_
):
    with pytest.raises(Refused) as refused:
        opened(officer, request_, step=LookStep.SHOW)
    assert codes(refused) == {"case", "others"}
    told = told_about(camera, manager)
    with pytest.raises(Refused) as refused:
        opened(officer, told, step=LookStep.SHOW)
    assert codes(refused) == {"others"}
    type(told).objects.filter(pk=told.pk).update(identified_at=None)
    with pytest.raises(Refused) as refused:
        opened(officer, told, step=LookStep.SHOW, is_clear=True)
    assert codes(refused) == {"identity"}
    told.refresh_from_db()
    identify(told, manager)
    assert opened(officer, told, step=LookStep.SHOW, is_clear=True).is_clear
    with pytest.raises(Refused) as refused:
        opened(officer, told, step=LookStep.SEARCH)
    assert codes(refused) == {"case"}


def test_a_range_that_was_refused_is_not_shown(officer, manager, camera):
    told = told_about(camera, manager)
    answer = told.decisions.get()
    RangeDecision.objects.update_or_create(
        decision=answer, line=told.cameras.get(), defaults={"outcome": "refused"}
    )
    with pytest.raises(Refused) as refused:
        opened(officer, told, step=LookStep.SHOW, is_clear=True)
    assert codes(refused) == {"case"}


def test_a_provision_is_prepared_after_it_was_approved(officer, manager, camera):
    provision = provisions.received(camera, manager)
    asked = wish(officer, provision, LookCase.PROVISION, step=LookStep.PREPARE)
    with pytest.raises(Refused) as refused:
        looks.open_looks(asked, session_key=SESSION)
    assert codes(refused) == {"case"}
    approved = provisions.approved(camera, manager)
    asked = wish(officer, approved, LookCase.PROVISION, step=LookStep.PREPARE)
    assert looks.open_looks(asked, session_key=SESSION)


def test_a_hold_placed_by_hand_is_looked_at_as_a_check(officer, camera, request_):
    hold = HoldFactory(camera=camera)
    look = looks.open_looks(wish(officer, hold, LookCase.HOLD, step=LookStep.CHECK), session_key=SESSION)[0]
    assert (look.case_kind, look.hold) == ("hold", hold)
    requested = request_.cameras.get().hold
    asked = wish(officer, requested, LookCase.HOLD, step=LookStep.CHECK)
    with pytest.raises(Refused) as refused:
        looks.open_looks(asked, session_key=SESSION)
    assert codes(refused) == {"case"}
    released(hold, by=officer)
    assert wish(officer, hold, LookCase.HOLD, step=LookStep.CHECK).ranges == ()


def test_going_on_is_a_new_look(officer, request_):
    first = opened(officer, request_)
    second = opened(officer, request_)
    first.refresh_from_db()
    assert (first.closed_how, second.closed_at) == ("replaced", None)
    assert len(lines(looks.OPENED)) == 2


def test_a_gate_of_another_app_is_asked_by_its_name(officer, request_, monkeypatch):
    monkeypatch.setattr(gates, "_gates", dict(gates._gates))
    monkeypatch.setattr(gates, "_standing", set(gates._standing))
    look = opened(officer, request_)
    no = Refusal("training", "올해의 교육을 마치지 않았습니다.", "조례 제25조", "교육을 먼저 받으십시오.")
    gates.register("exam", lambda wish: [no], is_standing=True)
    with pytest.raises(Refused, match=r"교육을 먼저"):
        opened(officer, request_)
    with pytest.raises(Refused, match=r"교육을 먼저"):
        looks.require_live(look, officer, SESSION)
    with pytest.raises(ValueError, match="exam"):
        gates.register("exam", lambda wish: [])


def test_a_look_without_a_matter_is_found_for_a_year(officer, camera, request_):
    def judged(days):
        rule, context = (
            rules.get("playback_reason"),
            Context(timezone.localdate() + timedelta(days=days), "gangseo"),
        )
        covered, unmet = rule.subjects(context), rule.unmet_subjects(context)
        return [set(rows.values_list("pk", flat=True)) for rows in (covered, unmet)]

    assert judged(0) == [set(), set()]
    opened(officer, request_)
    named, unnamed = HoldFactory(case_reference="안전-12"), HoldFactory()
    for hold in (named, unnamed):
        looks.open_looks(wish(officer, hold, LookCase.HOLD, step=LookStep.CHECK), session_key=SESSION)
    assert judged(0) == [{camera.pk, named.camera_id, unnamed.camera_id}, {unnamed.camera_id}]
    assert judged(364)[1] == {unnamed.camera_id}
    assert judged(365) == [set(), set()]
