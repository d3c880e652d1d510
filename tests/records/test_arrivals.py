"""통지의 도달: the person's days run from the day on which the letter came, not from the day on which it was sent."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import grounds
from records.models import ViewingRequest
from records.viewing import arrivals, identity, keeping
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import told_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("days_set_back")]


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


@pytest.fixture
def refused(manager) -> ViewingRequest:
    """By a letter, sent ten days ago."""
    national = grounds.national_for_refusal("viewing")[0]
    request = told_about(
        CameraFactory(), manager, outcome="refused", reason="수사 중", national_ground=national
    )
    request.notices.update(on=timezone.localdate() - timedelta(days=10))
    return request


def test_the_footage_stays_for_the_days_that_run_from_the_arrival(refused, manager) -> None:
    sent = date(2026, 12, 1)
    refused.notices.update(on=sent, arrived_on=None)
    assert keeping.of(refused, sent).until == date(2027, 5, 31), "180 days while nobody knows"
    # 90 days from Saturday 2026-12-05 end on 2027-03-05, a Friday.
    refused.notices.update(arrived_on=date(2026, 12, 5))
    assert keeping.of(refused, date(2027, 3, 5)).until == date(2027, 3, 5)
    assert keeping.known_on(refused.notices.get()) == date(2026, 12, 5)


@pytest.mark.parametrize(("days", "code"), [(1, "future"), (-11, "before")])
def test_a_letter_comes_neither_tomorrow_nor_before_it_was_sent(days, code, refused, manager) -> None:
    with pytest.raises(Refused, check=lambda error: [each.code for each in error.refusals] == [code]):
        arrivals.record(refused.notices.get(), on=timezone.localdate() + timedelta(days=days), by=manager)


def test_an_arrival_is_recorded_once_with_a_step_and_a_line(refused, manager) -> None:
    on = timezone.localdate() - timedelta(days=7)
    arrivals.record(refused.notices.get(), on=on, by=manager)
    assert refused.notices.get().arrived_on == on
    assert refused.moves.get(event="arrive").on == on
    assert Entry.objects.filter(kind="records.viewing_arrived").count() == 1
    with pytest.raises(Refused, match="이미 아는"):
        arrivals.record(refused.notices.get(), on=on, by=manager)


def test_what_is_handed_over_has_arrived(refused, manager) -> None:
    refused.notices.update(way="hand")
    with pytest.raises(Refused, match="이미 아는"):
        arrivals.record(refused.notices.get(), on=timezone.localdate(), by=manager)


def test_a_code_that_an_officer_has_read_proves_no_arrival(refused, manager) -> None:
    refused.notices.update(way="web")
    identity.issue_new_code(refused, by=manager)
    assert arrivals.opened(refused) == 0
    assert refused.notices.get().arrived_on is None


def test_the_website_s_notice_arrives_when_its_receiver_opens_it(refused) -> None:
    assert arrivals.opened(refused) == 0, "a letter does not arrive on the website"
    refused.notices.update(way="web")
    assert arrivals.opened(refused) == 1
    assert refused.notices.get().arrived_on == timezone.localdate()
    assert arrivals.opened(refused) == 0
    assert Entry.objects.get(kind="records.viewing_arrived").actor == "system:website"
