"""까닭보다 오래갈 유예: what waits only for an act of the office is listed with it, and what is needed is not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from footage import holds
from footage.models import Hold
from ordinance import assessment
from ordinance.models import DueDate, Finding
from ordinance.rules import Subject
from records import outliving
from records.models import ViewingAppointment
from records.provision import refusing
from records.viewing import leaving, postponement, routes, supplement
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import provisions
from tests.records.situations import confirmed, letter, received, told_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


def listed(days: int = 0) -> dict[str, str]:
    return {each.name: each.url_name for each in outliving.lines(timezone.now() + timedelta(days=days))}


def test_each_hold_that_waits_only_for_an_act_is_listed_with_it(manager, client) -> None:
    today = timezone.localdate()
    open_one = received(CameraFactory())
    withdrawn = confirmed(CameraFactory(), manager)
    leaving.withdraw(withdrawn, on=today, document_number="취하-1", by=manager)
    asked = confirmed(CameraFactory(), manager)
    supplement.ask(asked, letter(), until=today + timedelta(days=7), by=manager)
    late = confirmed(CameraFactory(), manager)
    until = today + timedelta(days=3)
    postponement.postpone(late, letter(), ground="masking", reason="가림 처리", until=until, by=manager)
    appointed = told_about(CameraFactory(), manager)
    refused = provisions.reviewed(CameraFactory())
    refusing.refuse(refused, reason="근거 없음", document_number="안전-3", by=provisions.head())
    waiting = provisions.reviewed(CameraFactory())
    until_at = timezone.now() - timedelta(days=1)
    by_hand = holds.place(CameraFactory(), until_at - timedelta(hours=1), until_at, reason="점검", by=manager)
    now = listed()
    assert now == {withdrawn.receipt_number: "viewing:release", refused.number: "provision:release"}
    later = listed(40)
    assert later == {
        **now,
        asked.receipt_number: "viewing:lapse",
        late.receipt_number: "viewing:resume",
        appointed.receipt_number: "viewing:shown",
        f"#{by_hand.pk}": "footage:hold_release_ask",
    }
    assert {open_one.receipt_number, waiting.number}.isdisjoint(later)
    client.force_login(manager)
    page = client.get(reverse("footage:holds_outliving")).content.decode()
    assert reverse("viewing:release", args=[withdrawn.pk]) in page
    assert reverse("provision:page", args=[refused.pk]) in page
    Hold.objects.filter(pk=by_hand.pk).update(released_at=timezone.now())
    ViewingAppointment.objects.update(result="not_come")
    assert {f"#{by_hand.pk}", appointed.receipt_number}.isdisjoint(listed(40))


def test_a_late_answer_on_another_route_is_a_finding(manager) -> None:
    request = confirmed(CameraFactory(), manager)
    routes.transfer(request, letter(), to="petition", new_number="민원-1", by=manager)
    follow = [request.receipt_number], {"kind": Subject.REQUEST, "codes": ["request_answered"]}
    assessment.follow(follow[0], **follow[1])
    found = Finding.objects.filter(number=request.receipt_number, closed_on=None)
    assert not found.exists()
    DueDate.objects.filter(purpose__startswith="route-").update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    assessment.follow(follow[0], **follow[1])
    assert [each.evidence for each in found.all()] == ["route"]
    routes.answer(request, on=timezone.localdate(), document_number="민원-답-1", by=manager)
    assert [each.evidence for each in found.all()] == ["route_late"]
