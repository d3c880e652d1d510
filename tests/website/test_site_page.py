"""The page of one site: what the law asks to be told, and what is never told."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Institution
from cameras.enums import CameraState, PaperKind
from cameras.models import (
    Camera,
    InstallationProject,
    Paper,
    PaperCamera,
    PublicConsultation,
    Sign,
    SignCamera,
)
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.contracts import entrusted_now
from tests.website.situations import make_place

pytestmark = pytest.mark.django_db
NOT_ON_RECORD = "기록 없음"


def text_of(client: Client, path: str = "/s/A/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def paper(camera: Camera, kind: str, on: dt.date, **changes: Any) -> Paper:
    made = Paper.objects.create(kind=kind, on=on, document_number="안전-1", title="문서", **changes)
    PaperCamera.objects.create(paper=made, camera=camera, installation=camera.installation)
    return made


def project() -> InstallationProject:
    return InstallationProject.objects.create(
        number="2026-001",
        title="어린이공원 설치",
        installing_department=DepartmentFactory(),
        opened_by=OfficerFactory(),
    )


def consultation(of: InstallationProject, now: dt.datetime, **changes: Any) -> PublicConsultation:
    given = {
        "number": "2026-1",
        "project": of,
        "method": "administrative_notice",
        "title": "공원 카메라 설치",
        "text": "설치하려고 합니다.",
        "opens_at": now - dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=20),
        "published_at": now - dt.timedelta(days=1),
    }
    return PublicConsultation.objects.create(**given | changes)


def test_every_fact_of_a_camera_is_told(client: Client) -> None:
    make_place("A", "화곡로 1", filming_range="반경 30m", retention_days=25)
    entrusted_now(name="강서정보통신", phone="02-1111-2222", coverage="all")
    entrusted_now(name="온누리관제", coverage="all", scopes=["monitoring"])
    entrusted_now(name="지난통신", coverage="all", ends_on=timezone.localdate() - dt.timedelta(days=1))
    text = text_of(client)
    for told in (
        "방범",
        "반경 30m",
        "360도 전방면",
        "24시간",
        "25일",
        "강서정보통신",
        "02-1111-2222",
        "온누리관제",
        "관제 업무",
    ):
        assert told in text
    assert "지난통신" not in text
    assert "개인정보 보호법 제25조제1항" in text
    assert "https://www.law.go.kr/" in text
    assert "/report-sign/A/" in text
    assert "/viewing-request/at/A/" in text


def test_what_has_no_paper_is_said_to_be_not_on_record(client: Client) -> None:
    make_place("A", "화곡로 1")
    groups = client.get("/s/A/").context["page"].groups
    assert (groups[0].consultation, groups[0].resolution) == (None, None)
    assert NOT_ON_RECORD in text_of(client)


def test_papers_of_this_installation_count_and_withdrawn_ones_do_not(client: Client) -> None:
    camera = make_place("A", "화곡로 1").cameras.get()
    paper(camera, PaperKind.PUBLIC_CONSULTATION, dt.date(2025, 3, 2))
    paper(camera, PaperKind.RESOLUTION, dt.date(2025, 4, 5))
    paper(camera, PaperKind.RESOLUTION, dt.date(2025, 9, 9), withdrawn_at=timezone.now())
    facts = client.get("/s/A/").context["page"].groups[0]
    assert facts.consultation.on == dt.date(2025, 3, 2)
    assert facts.resolution.on == dt.date(2025, 4, 5)
    Camera.objects.update(installation=2)
    facts = client.get("/s/A/").context["page"].groups[0]
    assert (facts.consultation, facts.resolution) == (None, None)


def test_a_consultation_of_the_project_counts_when_its_result_is_told(client: Client) -> None:
    of, now = project(), timezone.now()
    make_place("A", "화곡로 1", project=of)
    held = consultation(of, now)
    assert client.get("/s/A/").context["page"].groups[0].consultation is None
    held.opens_at, held.closes_at = now - dt.timedelta(days=40), now - dt.timedelta(days=10)
    held.shortest_until = held.closes_at - dt.timedelta(days=5)
    held.save()

    def shown() -> object:
        return client.get("/s/A/").context["page"].groups[0].consultation

    assert shown() is None, "nobody was told a result"
    held.result_published_at = now - dt.timedelta(days=1)
    held.save()
    assert shown().on == timezone.localdate(held.closes_at)
    held.closed_early_at = held.shortest_until - dt.timedelta(days=1)
    held.save()
    assert shown() is None, "cut short, it is none"


def test_a_planned_place_shows_its_running_consultation_and_no_camera(client: Client) -> None:
    of, now = project(), timezone.now()
    make_place("A", "화곡로 1", state=CameraState.PLANNED, project=of)
    assert client.get("/s/A/").status_code == 404
    held = consultation(of, now)
    text = text_of(client)
    assert "공원 카메라 설치" in text
    assert "A-1" not in text
    assert client.get("/report-sign/A/").status_code == 404
    assert client.get("/viewing-request/at/A/").status_code == 404
    held.closed_early_at = now - dt.timedelta(minutes=1)
    held.save()
    assert client.get("/s/A/").status_code == 404


def test_a_draft_and_an_exempt_camera_never_show(client: Client) -> None:
    of, now = project(), timezone.now()
    make_place("A", "화곡로 1", state=CameraState.PLANNED, project=of, is_sign_exempt=True)
    consultation(of, now)
    assert client.get("/s/A/").status_code == 404
    make_place("B", "화곡로 2", state=CameraState.PLANNED, project=of)
    PublicConsultation.objects.update(published_at=None)
    assert client.get("/s/B/").status_code == 404


def test_a_sign_leads_somewhere_whatever_became_of_its_cameras(client: Client) -> None:
    site = make_place("A", "화곡로 1", cameras=3)
    sign = Sign.objects.create(site=site, version=1, digest="x", made_on=dt.date(2026, 1, 1))
    first, second, third = site.cameras.order_by("ordinal")
    removed_on = timezone.localdate() - dt.timedelta(days=3)
    Camera.objects.filter(pk=first.pk).update(state=CameraState.REMOVED, removed_on=removed_on)
    Camera.objects.filter(pk=second.pk).update(state=CameraState.SUSPENDED)
    # The third one was moved: only the sign still knows that it stood here.
    SignCamera.objects.create(sign=sign, camera=third)
    elsewhere = make_place("B", "화곡로 2")
    Camera.objects.filter(pk=third.pk).update(site=elsewhere, ordinal=7, number="B-7")
    text = text_of(client)
    assert "운영되고 있습니다" not in text
    assert f"{removed_on + dt.timedelta(days=30)}에 보관기간이 끝납니다" in text
    assert "A-2: 중지" in text
    assert "이곳의 이력" in text, "a place goes on when nothing films there"
    assert "어제" in text, "footage that is left has yet to be destroyed"
    assert "다른 곳으로 옮김" in text
    assert "B-7" not in text
    assert "/viewing-request/at/A/" in text
    asked = client.get("/viewing-request/at/A/")
    assert {camera.pk for camera in asked.context["form"].fields["cameras"].queryset} == {
        first.pk,
        second.pk,
        third.pk,
    }


def test_a_camera_that_never_operated_promises_no_footage(client: Client) -> None:
    make_place("A", "화곡로 1", state=CameraState.INSTALLED)
    text = text_of(client)
    assert "A-1: 설치. 아직 운영을 시작하지 않았습니다." in text
    assert "촬영한 영상은" not in text


def test_an_exempt_place_tells_nothing_but_that_one_may_ask(client: Client) -> None:
    site = make_place("A", "화곡로 1", is_sign_exempt=True)
    assert client.get("/s/A/").status_code == 404, "it never had a sign"
    Sign.objects.create(site=site, version=1, digest="x", made_on=dt.date(2026, 1, 1))
    text = text_of(client)
    assert "/viewing-request/at/A/" in text
    for hidden in ("화곡로", "A-1", "37.55"):
        assert hidden not in text


def test_the_title_of_an_english_page_is_in_letters_of_its_language(client: Client) -> None:
    make_place("A", "서울특별시 강서구 화곡로 302")
    title = client.get("/en/s/A/").content.decode().partition("<title")[2].partition("</title>")[0]
    assert "Hwagok-ro 302" in title
    assert "화곡로" not in title
    assert 'lang="ko"' not in title


def test_like_cameras_are_told_of_once(client: Client) -> None:
    site = make_place("A", "화곡로 1", cameras=3)
    assert [group.numbers for group in client.get("/s/A/").context["page"].groups] == [["A-1", "A-2", "A-3"]]
    Camera.objects.filter(site=site, ordinal=2).update(retention_days=10)
    assert [group.numbers for group in client.get("/s/A/").context["page"].groups] == [
        ["A-1", "A-3"],
        ["A-2"],
    ]


def test_a_number_with_a_slash_is_found(client: Client) -> None:
    make_place("A/1#b", "화곡로 1")
    assert client.get("/s/A%2F1%23b/").status_code == 200


@pytest.mark.parametrize("number", ["없음", "../../etc/passwd", "A'--", "<script>", "a" * 3000])
def test_a_number_that_is_none_does_not_exist(client: Client, number: str) -> None:
    assert client.get(f"/s/{number}/").status_code == 404
    assert client.get(f"/report-sign/{number}/").status_code == 404


def test_queries_do_not_grow_with_the_cameras(client: Client, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    site = make_place("A", "화곡로 1", project=project())
    camera = site.cameras.get()
    paper(camera, PaperKind.RESOLUTION, dt.date(2025, 4, 5))
    client.get("/s/A/")
    with CaptureQueriesContext(connection) as few:
        client.get("/s/A/")
    for ordinal in range(2, 40):
        camera.pk, camera.ordinal, camera.number = None, ordinal, f"A-{ordinal}"
        camera.retention_days = ordinal
        camera.save(force_insert=True)
        paper(camera, PaperKind.RESOLUTION, dt.date(2025, 4, 5))
    with django_assert_num_queries(len(few)):
        assert client.get("/s/A/").context["page"].camera_count == 39


@pytest.mark.parametrize(
    "words",
    [
        "화곡로302",
        "강서구화곡로302",
        "강서구 화곡로 302",
        "302 화곡로",
        "화곡동 1009-9",
        "화곡동1009-9",
        "A-77",
    ],
)
def test_addresses_are_found_however_they_are_typed(client: Client, words: str) -> None:
    site = make_place("A-77", "서울특별시 강서구 화곡로 302")
    site.lot_address = "서울특별시 강서구 화곡동 1009-9"
    site.save()
    make_place("B", "서울특별시 강서구 공항대로 11")
    found = client.get("/cameras/", {"q": words}).context["found"]
    assert [place.site.number for place in found.here] == ["A-77"]


def test_institution_is_named(client: Client) -> None:
    make_place("A", "화곡로 1")
    assert Institution.objects.get().name in text_of(client)
