"""A bulk change is taken back as a whole, or not at all."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from cameras import editing, undoing
from cameras.bulk_change import bulk_change, write
from cameras.models import Camera, LifecycleAct, Site
from cameras.register import import_file
from casework.refusals import Refused
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory, as_csv, row

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
        with pytest.raises(Refused, match="일괄 변경이나"):
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


# An import


def imported(tmp_path, *table) -> uuid.UUID:
    result = import_file(as_csv(tmp_path / f"{uuid.uuid4()}.csv", list(table)))
    line = Entry.objects.get(sequence=result.ledger_entry)
    return uuid.UUID(json.loads(line.payload)["group"])


def figures_of(tmp_path, *table) -> tuple[int, int, int]:
    result = import_file(as_csv(tmp_path / "again.csv", list(table)))
    return result.created, result.updated, result.unchanged


def test_an_import_is_taken_back_as_a_whole(tmp_path, by):
    first = row(카메라대수="2", 촬영방면정보="정문")
    imported(tmp_path, first)
    place = Site.objects.get()
    second = row(카메라대수="3", 촬영방면정보="후문", 소재지도로명주소="서울특별시 강서구 화곡로 999")
    group = imported(tmp_path, second)
    assert undoing.undo(group, by=by, reason="다른 파일이었음") == 3
    one, two, three = Camera.objects.in_order()
    assert [camera.state for camera in (one, two, three)] == ["operating", "operating", "removed"]
    assert {one.filming_direction, two.filming_direction} == {"정문"}
    assert LifecycleAct.objects.get(event="remove").moves.get().camera == three
    now = Site.objects.get()
    assert (now.road_address, now.place_key) == (place.road_address, place.place_key)
    # The first file says what the register says again.
    assert figures_of(tmp_path, first) == (0, 0, 1)


def test_cameras_that_an_import_had_removed_come_back(tmp_path, by):
    imported(tmp_path, row(카메라대수="2"))
    group = imported(tmp_path, row(카메라대수="1"))
    assert Camera.objects.filter(state="removed").count() == 1
    undoing.undo(group, by=by, reason="빠뜨린 행")
    assert set(Camera.objects.values_list("state", "removed_on")) == {("operating", None)}
    assert LifecycleAct.objects.get(event="revive").moves.count() == 1


def test_an_import_after_which_a_place_was_touched_stays(tmp_path, by):
    group = imported(tmp_path, row(카메라대수="2"))
    editing.change_site(Site.objects.get(), {"english_address": "999 Hwagok-ro"}, by=by, reason="r")
    with pytest.raises(Refused, match="다시 바뀐"):
        undoing.undo(group, by=by, reason="r")
    assert Camera.objects.operating().count() == 2
