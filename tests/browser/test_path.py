"""A newcomer takes a camera from plan to operation, as the office does it: by buttons and forms only.

A citizen's opinion comes in between, every shortcut is refused with its article, and the clock moves as it does in
life: a notice stands for twenty days.
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
from committee.models import Meeting, Resolution
from ledger.models import Entry
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_portal import log_in
from tests.cameras import situations_of_signs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SITE = "강서-2026-001"
CAMERA = f"{SITE}-1"


class Office:
    """What a person at the desk does: go to a screen, fill in what has a label, press what has a name."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def open(self, name: str, *args: Any, query: str = "") -> None:
        answer = self.visitor.open(reverse(name, args=args) + query)
        assert answer.status == 200, (name, answer.status)

    def fill(self, **values: str) -> None:
        """Fields by their names, as a form has them."""
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]:visible").first
            if field.evaluate("field => field.tagName") == "SELECT":
                # By what a person reads: the option that says it.
                field.select_option(
                    field.evaluate(
                        "(field, words) => [...field.options].find(one => one.value === words || one.text.includes(words))?.value",
                        value,
                    )
                )
            else:
                field.fill(value)

    def pick(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.check()

    def press(self, text: str) -> None:
        """The button that bears this text, by which the form is sent."""
        button = self.page.locator("main button[type=submit]:visible", has_text=text).first
        assert button.count(), (self.page.url, self.page.locator("main").inner_text())
        button.click()
        self.page.wait_for_load_state("networkidle")
        self.expect_no_errors()

    def follow(self, text: str) -> None:
        self.page.get_by_role("link", name=text).first.click()
        self.page.wait_for_load_state("networkidle")

    def expect_no_errors(self) -> None:
        summary = self.page.locator(".p-errors:visible")
        assert summary.count() == 0, summary.first.inner_text()

    def says(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def try_step(self, event: str) -> list[str]:
        """Send the step for the camera; the articles of the rules that refuse it."""
        camera = Camera.objects.get()
        self.open("lifecycle:act", query=f"?ids={camera.pk}&event={event}")
        self.fill(document_number="스마트도시과-1", reason="절차에 따름")
        self.press("확인하기")
        return [text.strip() for text in self.page.locator(".l-refusals .p-badge").all_inner_texts()]

    def step(self, event: str, state: CameraState) -> None:
        assert self.try_step(event) == []
        self.press("처리")
        assert Camera.objects.get().state == state

    def file(self, kind: str, query: str, **contents: str) -> None:
        """A paper of that kind for what the query chooses."""
        self.open("papers:file", query=f"?kind={kind}&{query}")
        self.fill(document_number=f"{kind}-2026", **contents)
        self.press("확인하기")
        self.press("등록")


@pytest.fixture
def office(visitor: Visitor, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    institution = InstitutionFactory(name="서울특별시 강서구청", phone="02-2600-6114")
    responsible = DepartmentFactory(institution=institution, name="스마트도시과", phone="02-2600-6000")
    DepartmentFactory(institution=institution, name="청소과")
    designate(responsible, from_on=timezone.localdate() - datetime.timedelta(days=90))
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=responsible)
    log_in(visitor, manager)
    return Office(visitor)


def plan(office: Office) -> tuple[Camera, InstallationProject]:
    """A place, a camera at it, and the project that puts it up."""
    office.open("cameras:add")
    office.fill(
        number=SITE,
        institution="서울특별시 강서구청",
        road_address="서울특별시 강서구 화곡로 302",
        latitude="37.5509",
        longitude="126.8495",
        reason="청소과 설치 요청",
    )
    office.press("저장")
    office.fill(install_purpose="illegal_dumping", retention_days="30", installing_department="청소과")
    office.press("등록")
    camera = Camera.objects.get()
    assert (camera.number, camera.state) == (CAMERA, CameraState.PLANNED)
    if camera.project is None:
        office.open("projects:add")
        office.fill(title="화곡동 무단투기 방지 카메라", installing_department="청소과")
        office.press("등록")
        office.follow("번호로 넣으십시오")
        office.fill(numbers=CAMERA)
        office.press("넣기")
    return camera, InstallationProject.objects.get()


def consult_the_responsible_department(office: Office, project: InstallationProject) -> None:
    assert "조례 제7조" in office.try_step("consult")
    office.open("prior_consultation:ask", project.pk)
    office.fill(plan="골목 입구에 카메라 1대", request_document="청소과-100")
    office.press("요청")
    office.open("prior_consultation:reply", project.prior_consultations.get().pk)
    office.pick("동의")
    office.fill(reply_text="표준 규격에 맞으므로 동의합니다.", reply_document="스마트도시과-77")
    office.press("확인하기")
    office.press("회신")
    office.step("consult", CameraState.CONSULTED)


def publish_the_notice(office: Office, project: InstallationProject) -> PublicConsultation:
    assert {"조례 제5조", "조례 제8조"} <= set(office.try_step("deliberate"))
    office.open("consultation:add", query=f"?project={project.pk}")
    last = timezone.localdate() + datetime.timedelta(days=22)
    office.fill(
        title="화곡동 무단투기 방지 카메라 설치 행정예고",
        text="쓰레기 무단투기를 막기 위하여 카메라를 설치하려 합니다.",
        places="강서구보\n화곡1동 주민센터 게시판",
        last_on=last.isoformat(),
    )
    office.press("초안 저장")
    notice = PublicConsultation.objects.get()
    office.open("consultation:publish", notice.pk)
    office.press("공고")
    notice.refresh_from_db()
    assert notice.published_at is not None
    return notice


def object_as_a_citizen(browser: Any, visitor: Visitor, notice: PublicConsultation) -> None:
    """Another browser, without an account."""
    context = browser.new_context(locale="ko-KR", viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(visitor.address + reverse("website_consultation", args=[notice.number]))
    assert "화곡로 302" in page.inner_text("main")
    page.fill("textarea[name=text]", "창문이 보이지 않게 설치해 주세요.")
    for _ in ("text", "person", "check"):
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state("networkidle")
    assert "접수" in page.inner_text("h1")
    context.close()
    assert Opinion.objects.get().text == "창문이 보이지 않게 설치해 주세요."


def answer_and_publish_the_result(office: Office, notice: PublicConsultation) -> None:
    office.open("consultation:opinion", Opinion.objects.get().pk)
    office.fill(text="창문을 가리는 각도로 설치합니다.")
    office.page.locator("main [name=decision][value=accepted]").check(force=True)
    office.press("처리")
    office.open("consultation:expert_add", notice.pk)
    office.fill(who="가상대학교 교수, 도시방범", said="적절합니다.", document_number="안전관리과-55")
    office.press("기록")
    office.open("consultation:result_publish", notice.pk)
    office.press("공고")
    notice.refresh_from_db()
    assert notice.result_published_at is not None


def resolve(office: Office, project: InstallationProject) -> None:
    """The committee approves the project; the resolution carries the camera on."""
    today = timezone.localdate().isoformat()
    office.open("committee:meeting_add")
    office.fill(on=today, place="구청 대회의실", enrolled="11", present="9")
    office.press("저장")
    office.open("committee:resolution_add", Meeting.objects.get().pk)
    office.fill(
        title="화곡동 무단투기 방지 카메라 설치",
        text="원안대로 의결한다.",
        on=today,
        enrolled="11",
        present="9",
        votes_for="8",
        votes_against="1",
        abstained="0",
    )
    office.page.locator(f"main [name=projects][value='{project.pk}']").check(force=True)
    office.press("확인하기")
    office.press("의결 기록")
    assert Resolution.objects.passed().count() == 1


def hang_and_check_the_sign(office: Office, tmp_path: Path) -> None:
    assert "조례 제9조" in office.try_step("operate")
    camera = Camera.objects.get()
    office.open("signs:make", camera.site_id)
    office.press("만들기")
    sign = Sign.objects.get()
    printed = tmp_path / "sign.pdf"
    address = office.visitor.address + reverse("signs:file", args=[sign.pk])
    printed.write_bytes(office.page.context.request.get(address).body())
    photo = photograph(printed, tmp_path)
    office.open("signs:put_up", query=f"?ids={camera.site_id}")
    office.press("설치로 적기")
    office.open("signs:check", camera.site_id)
    office.page.set_input_files("main input[type=file]", str(photo))
    office.page.locator("main button[type=submit]").first.click()
    office.page.wait_for_load_state("networkidle")
    assert office.says("안내판을 확인했습니다"), office.page.locator("main").inner_text()


def photograph(pdf: Path, folder: Path) -> Path:
    """The printed sign as a telephone sees it: leaning a little, on a grey wall, now and at the place of the sample."""
    import subprocess

    from PIL import Image

    subprocess.run(
        ["pdftoppm", "-r", "110", "-png", "-singlefile", str(pdf), str(folder / "sign")], check=True
    )
    sign = Image.open(folder / "sign.png").convert("RGB").rotate(4, expand=True, fillcolor=(120, 120, 120))
    wall = Image.new("RGB", (sign.width + 400, sign.height + 400), (120, 120, 120))
    wall.paste(sign, (180, 220))
    photo = folder / "photo.jpg"
    photo.write_bytes(
        situations_of_signs.jpeg(wall, taken_at=timezone.localtime(), position=situations_of_signs.HERE)
    )
    return photo


@pytest.mark.parametrize("width", [1280], ids=["desktop"])
def test_from_plan_to_operation(office: Office, browser: Any, visitor: Visitor, tmp_path: Path) -> None:
    camera, project = plan(office)
    for event in ("deliberate", "approve", "install", "operate"):
        assert office.try_step(event), f"{event} was not refused"
    consult_the_responsible_department(office, project)
    notice = publish_the_notice(office, project)
    object_as_a_citizen(browser, visitor, notice)
    assert "조례 제8조" in office.try_step("deliberate")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=24), tick=True):
        log_in(visitor, OfficerFactory(role=Role.CCTV_MANAGER, department=notice.made_by.department))
        answer_and_publish_the_result(office, notice)
        office.file(
            "installation_checklist",
            f"project={project.pk}",
            standardised="yes",
            multi_purpose="yes",
            integrated="yes",
        )
        office.step("deliberate", CameraState.DELIBERATED)
        resolve(office, project)
        office.step("approve", CameraState.APPROVED)
        assert "조례 제5조" in office.try_step("install")
        office.file(
            "builder_registration",
            f"project={project.pk}",
            registered_builder="yes",
            builder_name="한빛통신",
            builder_registration="제110001호",
            builder_checked_on=timezone.localdate().isoformat(),
        )
        office.step("install", CameraState.INSTALLED)
        refused = set(office.try_step("operate"))
        assert {"조례 제9조", "조례 제10조", "조례 제13조", "조례 제14조"} <= refused
        office.file(
            "audio_check",
            f"project={project.pk}",
            method="녹화기 설정 화면",
            checked_by_name="스마트도시과 주무관",
        )
        office.file("monitoring_scope", f"project={project.pk}", scope="live")
        office.open("cameras:edit", camera.pk)
        # What is only known once it stands; the sign must say the range.
        office.fill(link_status="linked", filming_range="반경 30m", reason="관제센터 연계 완료")
        office.press("저장")
        hang_and_check_the_sign(office, tmp_path)
        office.step("operate", CameraState.OPERATING)
        citizens_see(browser, visitor)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"cameras.lifecycle", "cameras.consultation_published", "committee.resolution_recorded"} <= kinds


def citizens_see(browser: Any, visitor: Visitor) -> None:
    """The page behind the sign's code, without an account and on a telephone."""
    context = browser.new_context(locale="ko-KR", viewport={"width": 360, "height": 800})
    page = context.new_page()
    answer = page.goto(f"{visitor.address}/s/{SITE}/")
    assert answer.status == 200
    text = page.inner_text("main")
    assert "쓰레기 투기방지" in text
    assert "30일" in text
    context.close()
