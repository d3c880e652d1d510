"""Yesterday's deletion proof on the page of a place: a true sentence for every state, and nothing of a request."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cameras.enums import Pipa25Ground
from cameras.models import Camera
from footage.models import DailyProof, Storage
from footage.proofs import HELD_BUT_GONE
from tests.website.situations import make_place
from website import site_deletion

pytestmark = pytest.mark.django_db
Result = DailyProof.Result


@pytest.fixture
def yesterday() -> dt.date:
    Storage.objects.create(name="본관", root="/nowhere/recorder", layout="frigate")
    return timezone.localdate() - dt.timedelta(days=1)


def proof(camera: Camera, on: dt.date, result: str, destroyed: int = 0, reason: str = "") -> None:
    at = timezone.now()
    DailyProof.objects.create(
        camera=camera,
        on=on,
        proved_at=at,
        oldest_allowed_at=at,
        result=result,
        destroyed_count=destroyed,
        reason=reason,
    )


def page(client: Client) -> str:
    return client.get("/s/A/").content.decode()


def test_what_was_destroyed_and_what_was_seen_are_told_apart(client: Client, yesterday: dt.date) -> None:
    site = make_place("A", "화곡로 1", cameras=4)
    fine, late, unseen, _unproved = site.cameras.order_by("ordinal")
    proof(fine, yesterday, Result.IN_ORDER, destroyed=1_200)
    proof(late, yesterday, Result.NOT_IN_ORDER, destroyed=34)
    proof(unseen, yesterday, Result.NOT_SEEN, reason=HELD_BUT_GONE)
    told = page(client)
    assert f"{yesterday}에 영상 파일 1,234개를 파기했습니다." in told
    assert (
        f"카메라 1대: 법에 따라 더 보존하는 것 말고는 보관기간이 지난 영상이 {yesterday}에 남아 있지 않음"
        in told
    )
    assert f"카메라 1대: 보관기간이 지난 영상이 {yesterday}에 남아 있었습니다." in told
    assert f"카메라 1대: {yesterday}의 영상을 살펴볼 수 없어" in told
    assert f"카메라 1대: {yesterday}의 파기 확인 기록이 없습니다." in told
    # That something is held is nobody's to read here.
    assert "유예된" not in told


def test_a_day_on_which_nothing_was_due(client: Client, yesterday: dt.date) -> None:
    camera = make_place("A", "화곡로 1").cameras.get()
    proof(camera, yesterday, Result.IN_ORDER)
    proof(camera, yesterday - dt.timedelta(days=1), Result.NOT_IN_ORDER, destroyed=9)
    told = page(client)
    assert f"{yesterday}에 파기한 영상 파일은 없습니다." in told
    assert "남아 있었습니다" not in told


def test_nobody_looked_yet(client: Client, yesterday: dt.date) -> None:
    make_place("A", "화곡로 1", cameras=2)
    told = page(client)
    assert f"카메라 2대: {yesterday}의 파기 확인 기록이 없습니다." in told
    assert "파기한 영상 파일은 없습니다" not in told


def test_a_place_that_no_storage_of_ours_watches(client: Client) -> None:
    make_place("A", "화곡로 1")
    told = page(client)
    assert "이 시스템에 연결되어 있지 않아" in told
    assert "파기 확인 기록이 없습니다" not in told


def test_cameras_that_store_nothing_have_nothing_to_destroy(client: Client, yesterday: dt.date) -> None:
    make_place("A", "화곡로 1", pipa25_ground=Pipa25Ground.NOT_STORED, retention_days=1)
    assert "영상을 저장하지 않아 파기할 것이 없습니다" in page(client)


def test_a_place_of_many_cameras_takes_two_queries(yesterday: dt.date) -> None:
    cameras = list(make_place("A", "화곡로 1", cameras=30).cameras.all())
    for camera in cameras:
        proof(camera, yesterday, Result.IN_ORDER, destroyed=2)
    with CaptureQueriesContext(connection) as queries:
        found = site_deletion.of(cameras)
    assert (found.in_order, found.destroyed, len(queries)) == (30, 60, 2)
