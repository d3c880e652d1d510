"""A site's life: what its page tells of it, and what it must not."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, LifecycleAct, Move, SignCheck
from ordinance.models import AssessedRule, Finding
from tests.website.situations import make_place
from website import site_history

pytestmark = pytest.mark.django_db


def unmet(camera: Camera, code: str, title: str) -> None:
    rule, _ = AssessedRule.objects.get_or_create(
        code=code, defaults={"article": 9, "place": "조례 제9조", "title": title, "subject_kind": "camera"}
    )
    Finding.objects.create(rule=rule, number=camera.number, opened_on=dt.date(2026, 11, 2))


def test_the_page_tells_what_was_done_seen_and_left_undone(client: Client) -> None:
    site = make_place("A", "화곡로 1", cameras=2, installed_month=dt.date(2022, 11, 1))
    first, second = site.cameras.order_by("ordinal")
    act = LifecycleAct.objects.create(event=LifecycleEvent.OPERATE, on=dt.date(2022, 12, 1), reason="설치")
    for camera in (first, second):
        Move.objects.create(act=act, camera=camera, to_state=CameraState.OPERATING)
        unmet(camera, "sign", "안내판")
    # Of another place's time, and of a person: neither is told here.
    elsewhere = LifecycleAct.objects.create(
        event=LifecycleEvent.REMOVE, on=dt.date(2024, 1, 1), reason="철거"
    )
    Move.objects.create(act=elsewhere, camera=first, installation=9, to_state=CameraState.REMOVED)
    unmet(first, "held_footage", "삭제 유예된 영상의 보존")
    SignCheck.objects.create(site=site, outcome=SignCheck.Outcome.READ, taken_at=timezone.now())
    page = client.get("/s/A/").content.decode()
    for told in (
        "2022-11",
        "2022-12-01",
        "안내판 (조례 제9조, 2026-11-02부터",
        f"{timezone.localdate():%Y-%m-%d}",
    ):
        assert told in page
    assert "삭제 유예된" not in page
    history = site_history.of(site, [first, second], [first, second])
    assert [(event.cameras, event.on) for event in history.events] == [(2, dt.date(2022, 12, 1))]
    assert [(duty.title, duty.cameras) for duty in history.unmet] == [("안내판", 2)]


def test_what_no_row_tells_is_not_told(client: Client) -> None:
    make_place("A", "화곡로 1")
    camera = Camera.objects.get()
    history = site_history.of(camera.site, [camera], [camera])
    assert (history.events, history.installed, history.sign_seen_on, history.unmet) == ([], None, None, [])
    assert "기록 없음" in client.get("/s/A/").content.decode()
