"""What decides how long footage stays cannot be changed in the database unseen, nor let anything go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused as NotDone
from footage.models import Hold
from records.models import ViewingRequest
from records.viewing import (
    against_ledger,
    arrivals,
    corrections,
    notices,
    objections,
    release,
    remedies,
)
from tests.accounts.factories import OfficerFactory
from tests.records.situations import (
    answered,
    confirmed,
    decided,
    letter,
    objected,
    received,
    refused_about,
    shown,
    told_about,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(manager):
    return OfficerFactory(role=Role.OFFICIAL, department=manager.department)


def faults():
    return [fault.reason for fault in against_ledger.check_all() if fault]


def test_whatever_the_office_does_fits_its_lines(camera, manager, clerk) -> None:
    """Each way that a request goes, and the lines of `against_ledger.LINES` with it."""
    today = timezone.localdate()
    shown(told_about(camera, manager), manager)
    letters = refused_about(camera, manager, way="post", document_number="안전-1")
    arrivals.record(letters.notices.get(), on=today, by=clerk)
    objections.waive(letters, on=today, document_number="포기-1", by=clerk)
    again = refused_about(camera, manager)
    answered(objected(again, manager), manager)
    suit = remedies.record(again, kind="suit", number="2026-1", on=today, by=manager)
    remedies.end(suit, on=today, outcome="withdrawn", document_number="취하-1", by=clerk)
    upheld = refused_about(camera, manager)
    answered(objected(upheld, manager), manager, outcome="upheld")
    deleting = confirmed(camera, manager, asks_viewing=False, asks_correction=True)
    decided(deleting, manager)
    notices.notify(deleting, letter(), by=manager)
    corrections.carry_out(deleting, letter(), what="삭제함", by=clerk)
    received(camera, channel="counter")
    assert faults() == []


FORGED = {
    "an earlier day of the notice": lambda request: request.notices.update(
        on=timezone.localdate() - timedelta(days=400)
    ),
    "a day on which it came": lambda request: request.notices.update(
        arrived_on=timezone.localdate() - timedelta(days=100)
    ),
    "handed over": lambda request: request.notices.update(way="hand"),
    "a waiver": lambda request: request.moves.filter(event="notify").update(event="waive"),
    "another officer": lambda request: request.moves.filter(event="decide").update(
        by=OfficerFactory(role=Role.OFFICIAL)
    ),
    "another outcome": lambda request: request.decisions.update(outcome="granted"),
    "a remedy that never was": lambda request: request.remedies.all().delete(),
    "a remedy that ended": lambda request: request.remedies.update(
        ended_on=timezone.localdate(), outcome="withdrawn"
    ),
    "a state": lambda request: ViewingRequest.objects.filter(pk=request.pk).update(state="received"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_changed_in_the_database_shows(forged, camera, manager) -> None:
    request = refused_about(camera, manager, way="post")
    remedies.record(request, kind="suit", number="2026-1", on=timezone.localdate(), by=manager)
    assert faults() == []
    FORGED[forged](request)
    (told,) = faults()
    assert request.receipt_number in told


def test_a_day_set_back_releases_nothing(camera, manager) -> None:
    request = refused_about(camera, manager)
    request.notices.update(on=timezone.localdate() - timedelta(days=400))
    request.moves.filter(event="notify").update(on=timezone.localdate() - timedelta(days=400))
    with pytest.raises(NotDone, match="원장과 다릅니다"):
        release.release(request, reason="끝남", by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert Hold.objects.get(requested_camera__request=request).released_at is None


def test_the_comparison_costs_the_same_for_many(camera, manager, django_assert_max_num_queries) -> None:
    for _ in range(5):
        refused_about(camera, manager)
    with django_assert_max_num_queries(7):
        assert faults() == []
