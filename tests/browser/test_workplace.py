"""From plan to operation for two cameras on the project's page, as the persons do it who must act, with their clicks counted.

What counts: every press of the mouse or of Enter that does something: a link, a button, a box to tick, a radio button,
the choice in a list, the choice of a file. What is typed does not count, nor does what the page fills in. Everybody
begins at the login page and gets on by what the page shows, never by an address; the citizen comes by the notice's.
"""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.designations import designate
from accounts.roles import Role
from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject, Opinion, PublicConsultation, Sign
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.browser.test_path import photograph
from tests.committee.factories import demand_resolutions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 55
PASSWORD = "correct horse battery staple 9"


class Hands:
    """A person at a browser of their own, whose clicks are counted together with everybody else's."""

    clicks: list[str] = []

    def __init__(self, browser: Any, address: str, width: int = 1280) -> None:
        self.context = browser.new_context(locale="ko-KR", viewport={"width": width, "height": 900})
        self.page, self.address = self.context.new_page(), address

    def log_in(self, officer: Any) -> None:
        self.page.goto(self.address + reverse("wagtailadmin_login"))
        self.page.fill("input[name=username]", officer.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.click(self.page.locator("button[type=submit]").first)

    def click(self, target: Any) -> None:
        self.clicks.append(f"{target} @ {self.page.url}")
        target.click()
        self.page.wait_for_load_state("networkidle")
        wrong = self.page.locator(".p-errors:visible")
        assert wrong.count() == 0, wrong.first.inner_text()

    def press(self, words: str) -> None:
        button = self.page.locator("main button[type=submit]:visible", has_text=words).first
        assert button.count(), (words, self.page.url, self.page.locator("main").inner_text())
        self.click(button)

    def follow(self, words: str, within: str = "body") -> None:
        link = self.page.locator(f"{within} a:visible", has_text=words).first
        assert link.count(), (words, self.page.url, self.page.locator("body").inner_text())
        self.click(link)

    def choose(self, name: str, value: str) -> None:
        """In a list: one click, as the keyboard needs none and the mouse two."""
        self.clicks.append(f"{name}={value}")
        self.page.locator(f"main select[name={name}]:visible").select_option(value)

    def tick(self, name: str, value: str) -> None:
        self.clicks.append(f"{name}={value}")
        self.page.locator(f"main input[name={name}][value={value}]").check(force=True)

    def type(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]:visible").first.fill(value)

    def steps(self) -> str:
        return self.page.locator(".w-steps").inner_text()


@pytest.fixture
def people(settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.MEDIA_ROOT = tmp_path / "media"
    institution = InstitutionFactory(name="서울특별시 강서구청", phone="02-2600-6114")
    responsible = DepartmentFactory(institution=institution, name="스마트도시과", phone="02-2600-6000")
    asking = DepartmentFactory(institution=institution, name="청소과")
    designate(responsible, from_on=timezone.localdate() - datetime.timedelta(days=90))
    demand_resolutions()
    made = {
        "official": OfficerFactory(role=Role.OFFICIAL, department=asking),
        "manager": OfficerFactory(role=Role.CCTV_MANAGER, department=responsible),
        "secretary": OfficerFactory(role=Role.COMMITTEE_SECRETARY, department=responsible),
    }
    for officer in made.values():
        officer.set_password(PASSWORD)
        officer.save()
    return made


def test_two_cameras_from_plan_to_operation(
    browser: Any, live_server: Any, people: dict[str, Any], tmp_path: Path
) -> None:
    Hands.clicks = []
    address = live_server.url

    official = Hands(browser, address)
    official.log_in(people["official"])
    plan(official)

    manager = Hands(browser, address)
    manager.log_in(people["manager"])
    agree_and_ask_the_public(manager)
    notice = PublicConsultation.objects.get()

    citizen = Hands(browser, address, width=360)
    citizen.clicks = []  # of the office are counted
    citizen.page.goto(address + reverse("website_consultation", args=[notice.number]))
    citizen.type(text="창문이 보이지 않게 설치해 주세요.")
    for _ in ("text", "person", "check"):
        citizen.click(citizen.page.locator("main form button[type=submit]").last)
    assert Opinion.objects.count() == 1

    with time_machine.travel(timezone.now() + datetime.timedelta(days=24), tick=True):
        manager = Hands(browser, address)
        manager.log_in(people["manager"])
        answer_and_publish(manager)
        assert "운영위원회의 의결" in manager.steps()

        secretary = Hands(browser, address)
        secretary.log_in(people["secretary"])
        resolve(secretary)

        official = Hands(browser, address)
        official.log_in(people["official"])
        build(official, tmp_path)
        told = official.page.locator("main").inner_text()
    assert set(Camera.objects.values_list("state", flat=True)) == {CameraState.OPERATING}
    assert Camera.objects.count() == 2
    assert "모든 카메라가 운영을 시작했습니다" in told
    assert len(Hands.clicks) <= MOST_CLICKS, "\n".join(Hands.clicks)


def plan(official: Hands) -> None:
    official.follow("설치 사업", within=".sidebar") if official.page.locator(
        ".sidebar a:visible", has_text="설치 사업"
    ).count() else menu(official)
    official.follow("사업 등록")
    official.type(title="화곡동 무단투기 방지 카메라", summary="골목 입구에 카메라 2대를 단다.")
    official.press("등록")
    official.type(
        road_address="서울특별시 강서구 화곡로 302", latitude="37.5509", longitude="126.8495", many="2"
    )
    official.choose("install_purpose", "illegal_dumping")
    official.press("카메라 등록")
    cameras = list(Camera.objects.order_by("number"))
    this_year = timezone.localdate().year
    assert [camera.number for camera in cameras] == [f"L{this_year}-001-1", f"L{this_year}-001-2"]
    assert {(c.pipa25_ground, c.dataset_purpose, c.retention_days) for c in cameras} == {
        (2, "쓰레기단속", 30)
    }
    official.type(request_document="청소과-100")
    official.press("요청")
    assert "기다림" in official.steps()


def menu(hands: Hands) -> None:
    hands.click(hands.page.locator(".sidebar button:visible", has_text="설치·협의").first)
    hands.follow("설치 사업", within=".sidebar")


def agree_and_ask_the_public(manager: Hands) -> None:
    manager.follow("회신하기", within="main")
    manager.tick("reply", "agree")
    manager.type(reply_text="표준 규격에 맞으므로 동의합니다.", reply_document="스마트도시과-77")
    manager.press("확인하기")
    manager.press("회신")
    assert manager.page.locator("[name=document_number]").input_value() == "스마트도시과-77"
    manager.press("처리")
    last = timezone.localdate() + datetime.timedelta(days=22)
    manager.type(
        title="화곡동 무단투기 방지 카메라 설치 행정예고",
        text="쓰레기 무단투기를 막기 위하여 카메라를 설치하려 합니다.",
        places="강서구보\n화곡1동 주민센터 게시판",
        last_on=last.isoformat(),
    )
    manager.press("초안 저장")
    manager.press("공고")
    assert "주민이 의견을 냅니다" in manager.steps()
    manager.type(document_number="스마트도시과-80")
    for item in ("standardised", "multi_purpose", "integrated"):
        manager.choose(item, "yes")
    manager.press("등록")


def answer_and_publish(manager: Hands) -> None:
    manager.follow("의견 처리하기", within="main")
    manager.type(text="창문을 가리는 각도로 설치합니다.")
    manager.tick("decision", "accepted")
    manager.press("처리하기")
    manager.type(who="가상대학교 교수, 도시방범", said="적절합니다.", document_number="안전관리과-55")
    manager.press("기록")
    manager.press("공고")
    manager.press("처리")


def resolve(secretary: Hands) -> None:
    project = InstallationProject.objects.get()
    secretary.follow("회의 등록하기", within="main")
    secretary.type(on=timezone.localdate().isoformat(), place="구청 대회의실", enrolled="11", present="9")
    secretary.press("저장")
    secretary.type(
        title="화곡동 무단투기 방지 카메라 설치", text="원안대로 의결한다.", votes_for="8", votes_against="1"
    )
    assert secretary.page.locator(f"[name=projects][value='{project.pk}']").is_checked()
    secretary.press("확인하기")
    secretary.press("의결 기록")


def build(official: Hands, folder: Path) -> None:
    official.follow("승인 처리하기", within="main")
    official.press("처리")
    official.type(document_number="청소과-200", builder_name="한빛통신", builder_registration="제110001호")
    official.type(builder_checked_on=timezone.localdate().isoformat())
    official.choose("registered_builder", "yes")
    official.press("등록")
    official.press("처리")
    official.type(document_number="청소과-210", method="녹화기 설정 화면", checked_by_name="청소과 주무관")
    official.press("등록")
    official.tick("link_status", "linked")
    official.tick("monitoring_scope", "live")
    official.type(**{f"filming_range_{pk}": "반경 30m" for pk in Camera.objects.values_list("pk", flat=True)})
    official.press("저장")
    official.press("만들기")
    sign = Sign.objects.get()
    printed = folder / "sign.pdf"
    answer = official.context.request.get(official.address + reverse("signs:file", args=[sign.pk]))
    printed.write_bytes(answer.body())
    official.press("설치로 적기")
    Hands.clicks.append("the photograph")
    official.page.set_input_files("main input[type=file]", str(photograph(printed, folder)))
    official.click(official.page.locator("main form button[type=submit]:visible").first)
    official.press("처리")
