"""robots.txt, sitemap, feeds, and which language is offered: nothing private is listed, nothing exempt is told."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from cameras.enums import CameraState, LifecycleEvent
from cameras.models import LifecycleAct, Move
from reports.models import IssuedReport
from reports.tabulation import Figure, Figures, Section
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_running
from tests.website.situations import make_place

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: Client, path: str) -> list[str]:
    feed = ElementTree.fromstring(client.get(path).content)
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.findall(f"{ATOM}entry")]


def began_to_film(number: str, address: str, **changes) -> None:
    site = make_place(number, address, **changes)
    act = LifecycleAct.objects.create(event=LifecycleEvent.OPERATE, on=dt.date(2026, 11, 1), reason="설치")
    for camera in site.cameras.all():
        Move.objects.create(act=act, camera=camera, to_state=CameraState.OPERATING)


def test_programs_are_told_what_is_for_everybody(client: Client) -> None:
    make_place("A", "화곡로 1")
    make_place("X", "비밀로 1", is_sign_exempt=True)
    rules = client.get("/robots.txt").content.decode()
    for closed in ("/portal/", "/form/", "/report-sign/status/"):
        assert f"Disallow: {closed}\n" in rules
    addresses = client.get("/sitemap.xml").content.decode()
    assert "/s/A/" in addresses
    assert "/s/X/" not in addresses
    assert "/dataset/" in addresses


def test_a_street_is_watched_by_its_feed_and_exempt_cameras_are_in_none(client: Client) -> None:
    began_to_film("A", "화곡로 1", cameras=2)
    began_to_film("X", "비밀로 1", is_sign_exempt=True)
    (title,) = titles(client, "/changes.atom")
    assert "화곡로 1" in title
    assert titles(client, "/changes.atom?near=35.1,129.0&within=300") == []
    assert len(titles(client, "/changes.atom?near=37.555,126.853&within=5000")) == 1
    for wrong in ("here", "1", "nan,nan", "91,0", "37,127&within=x", "37,127&within=-1"):
        assert client.get(f"/changes.atom?near={wrong}").status_code == 400


def test_notices_are_in_the_feed(client: Client) -> None:
    consultation = make_running()
    (title,) = titles(client, "/consultations.atom")
    assert consultation.notice["title"] in title
    assert titles(client, "/consultations.atom?near=35.1,129.0") == []


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("en-US,en;q=0.9", True), ("vi", True), ("ko-KR,ko;q=0.9,en;q=0.8", False), ("", False)],
)
def test_the_language_of_the_browser_is_offered(client: Client, asked: str, offered: bool) -> None:
    make_place("A", "화곡로 1")
    page = client.get("/s/A/", headers={"Accept-Language": asked}).content.decode()
    assert ("Read this page in English" in page) == offered


def test_the_figures_of_a_finished_quarter_are_shown_as_they_were_issued(client: Client) -> None:
    assert "발행하지 않았습니다" in client.get("/figures/").content.decode()
    figures = Figures(
        period="2026Q3",
        period_label="2026년 3분기",
        from_on="2026-07-01",
        until_on="2026-09-30",
        as_of="2026-10-05T09:00:00+09:00",
        is_interim=False,
        district="강서구",
        committee="위원회",
        sections=[
            Section("requests", "주민의 청구와 신고", "", [Figure("received", "접수한 청구", 1234)]),
            Section("register", "카메라 대장", "", [Figure("cameras", "둘째 수치", 5)]),
        ],
    )
    issued = {
        "period": "2026Q3",
        "figures": figures.to_json(),
        "sha256": "ab" * 32,
        "version": 1,
        "issued_at": timezone.now(),
        "requested_by": OfficerFactory(),
    }
    IssuedReport.objects.create(**issued, is_interim=True)
    assert "1,234" not in client.get("/figures/").content.decode(), "an interim report is no account"
    IssuedReport.objects.create(**issued | {"version": 2})
    for path in ("/figures/", "/figures/2026Q3/"):
        page = client.get(path).content.decode()
        assert "1,234" in page
        assert "ab" * 32 in page
        assert "둘째 수치" in page, "every figure is for everybody; tables may be withheld"
    assert client.get("/figures/2020Q1/").status_code == 404
