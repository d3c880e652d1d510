"""A bulk change is taken back as a whole, or not at all."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from cameras import editing, undoing
from cameras.bulk_change import bulk_change, write
from cameras.models import Camera
from casework.refusals import Refused
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def fleet():
    return [CameraFactory(phone=f"02-{number}", filming_range="") for number in range(3)]


def changed(fleet, by, **values):
    return bulk_change(
        Camera.objects.filter(pk__in=[camera.pk for camera in fleet]), values, by=by, reason="r"
    ).group


def phones(fleet):
    return list(
        Camera.objects.filter(pk__in=[c.pk for c in fleet])
        .order_by("pk")
        .values_list("phone", "filming_range")
    )


def test_each_gets_back_what_it_had_and_history_and_ledger_keep_both(fleet, by):
    before = phones(fleet)
    group = changed(fleet, by, phone="02-1234-5678", filming_range="교차로")
    assert undoing.undo(group, by=by, reason="잘못 골랐음") == 3
    assert phones(fleet) == before
    assert fleet[0].history.count() == 3
    line = Entry.objects.of_kind(undoing.UNDONE).get()
    assert '"cameras":3' in line.payload.replace(" ", "")
    assert "02-" not in line.payload


def test_nothing_is_taken_back_when_one_of_them_was_touched_later(fleet, by):
    group = changed(fleet, by, phone="02-1234-5678")
    editing.change_camera(fleet[1], {"filming_range": "후문"}, by=by, reason="r")
    now = phones(fleet)
    with pytest.raises(Refused, match="다시 바뀐"):
        undoing.undo(group, by=by, reason="r")
    assert phones(fleet) == now


def test_twice_is_refused_and_so_is_what_was_no_bulk_change(fleet, by):
    group = changed(fleet, by, phone="02-1234-5678")
    undoing.undo(group, by=by, reason="r")
    with pytest.raises(Refused):
        undoing.undo(group, by=by, reason="r")
    by_an_act = write([fleet[0].pk], {"audio_disabled": True}, by=by, reason="서류")
    for other in (by_an_act, uuid.uuid4()):
        with pytest.raises(Refused, match="일괄 변경으로"):
            undoing.undo(other, by=by, reason="r")


def test_a_period_is_never_shortened_by_taking_something_back(fleet, by):
    Camera.objects.filter(pk=fleet[0].pk).update(retention_days=10)
    group = changed(fleet, by, retention_days=30)
    with pytest.raises(Refused, match="보관일수"):
        undoing.undo(group, by=by, reason="r")
    fleet[0].refresh_from_db()
    assert fleet[0].retention_days == 30


def test_many_take_as_many_queries_as_few(by):
    counts = []
    for many in (2, 12):
        group = changed([CameraFactory() for _ in range(many)], by, phone=f"02-{many}")
        with CaptureQueriesContext(connection) as queries:
            undoing.undo(group, by=by, reason="r")
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2
