"""Footage for others, in the browser: a letter of the police from its receipt to the confirmed destruction, and a rescue
approved by telephone that the mayor refuses."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.designations import designate
from accounts.models import Officer
from accounts.roles import Role
from ordinance.models import DueDate
from records.models import HandOver, Provision
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_path import Office
from tests.browser.test_portal import log_in
from tests.browser.test_requests import typed
from tests.records.provisions import PDF
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def width() -> int:
    return 1280


@pytest.fixture
def people(db: Any) -> dict[str, Officer]:
    """Who enters and hands over, who signs as the head, and who writes down what others signed."""
    institution = InstitutionFactory(name="서울특별시 강서구청", phone="02-2600-6114")
    department = DepartmentFactory(institution=institution, name="스마트도시과", phone="02-2600-6000")
    designate(department, from_on=timezone.localdate() - dt.timedelta(days=90))
    return {
        "desk": OfficerFactory(role=Role.OFFICIAL, department=department),
        "head": OfficerFactory(role=Role.CCTV_MANAGER, department=department),
        "other": OfficerFactory(role=Role.CCTV_MANAGER, department=department),
    }


class Desk(Office):
    """One browser at which different people log in."""

    def __init__(self, visitor: Visitor, people: dict[str, Officer]) -> None:
        super().__init__(visitor)
        self.people = people

    def sits(self, who: str) -> None:
        log_in(self.visitor, self.people[who])

    def attach(self, name: str) -> None:
        self.page.locator("main input[type=file]:visible").first.set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        )

    def follow_step(self, number: str, text: str) -> None:
        """From the page of the case, by the link that names the step."""
        self.open("provision:page", Provision.objects.get(number=number).pk)
        self.page.locator("main a:visible", has_text=text).first.click()
        self.page.wait_for_load_state("networkidle")


def give_right_to_sign(desk: Desk) -> None:
    """The head signs as the head: written down by another one, from the document that says so."""
    desk.sits("other")
    desk.open("provision:authority_add")
    desk.fill(step="전담부서의 장", officer=str(desk.people["head"]))
    desk.pick("본인 결재")
    desk.fill(from_on=f"{timezone.localdate() - dt.timedelta(days=30)}", document_number="인사-1")
    desk.press("저장")


def enter_letter(desk: Desk, camera: str, *, purpose: str, **more: str) -> None:
    """The agency is registered, then its letter: what stands on paper, field by field."""
    desk.open("provision:agency_add")
    desk.fill(agency_name="서울강서경찰서", name="형사과", phone="02-2620-0000")
    desk.press("등록")
    until = timezone.localtime() - dt.timedelta(days=1)
    desk.open("provision:add")
    desk.fill(
        came_at=typed(timezone.now() - dt.timedelta(hours=1)),
        number="형사과-1234",
        on=f"{timezone.localdate()}",
        unit="형사과",
        requester_rank="경위",
        requester_name="김경위",
        camera_1=camera,
        from_1=typed(until - dt.timedelta(minutes=30)),
        until_1=typed(until),
        purpose=purpose,
        items="해당 시간의 영상",
        use_until_on=f"{timezone.localdate() + dt.timedelta(days=30)}",
        **more,
    )
    desk.pick("영상 사본")
    desk.attach("공문.pdf")


def hand_over(desk: Desk, number: str) -> None:
    desk.follow_step(number, "제한 요청")
    desk.press("요청 기록")
    # What was asked in writing is asked when the letter has left.
    desk.follow_step(number, "발송 기록하기")
    desk.page.locator("main input[name=way][value=hand]").check(force=True)
    desk.page.locator("main button[type=submit]:visible").first.click()
    desk.page.wait_for_load_state("networkidle")
    desk.follow_step(number, "인계")
    desk.fill(
        file_name="P-7_1",
        receiver_name="이순경",
        medium="USB",
        digests=f"{'ab' * 32} clip.mp4",
        unmasked_why="수사에 인상착의가 필요함",
    )
    desk.press("인계 기록")


def confirm_end(desk: Desk, kind: str) -> None:
    desk.open("provision:end_copy", HandOver.objects.get().pk)
    desk.pick(kind)
    desk.fill(at=typed(timezone.now()), confirmer_name="이순경", document_number="형사과-1300")
    desk.attach("확인서.pdf")
    desk.press("확인 기록")


def a_week_later() -> Any:
    return time_machine.travel(timezone.now() + dt.timedelta(days=7), tick=True)


def open_purposes() -> set[str]:
    return set(DueDate.objects.open().values_list("purpose", flat=True))


def test_a_letter_of_the_police_from_receipt_to_confirmed_destruction(
    visitor: Visitor, people: dict[str, Officer]
) -> None:
    camera = make_place("P-7", "서울특별시 강서구 화곡로 7").cameras.get()
    desk = Desk(visitor, people)
    give_right_to_sign(desk)
    desk.sits("desk")
    enter_letter(desk, camera.number, purpose="절도 사건 수사")
    desk.press("접수")
    case = Provision.objects.get()

    desk.follow_step(case.number, "검토")
    desk.pick("설치 목적 밖")
    desk.fill(ground="수사", national_ground="수사", balance="사건 시간으로 한정하여 침해가 작습니다.")
    desk.press("검토")
    desk.sits("head")
    desk.follow_step(case.number, "결재")
    desk.press("승인")
    assert desk.says("승인")

    desk.sits("desk")
    hand_over(desk, case.number)
    desk.follow_step(case.number, "회신")
    desk.fill(text="잠금장치에 보관함", document_number="형사과-1250", on=f"{timezone.localdate()}")
    desk.attach("회신.pdf")
    desk.press("회신 기록")
    # An investigation is never published: no button offers it, and the address refuses.
    desk.sits("head")
    desk.open("provision:page", case.pk)
    assert desk.page.locator("main a", has_text="게시").count() == 0
    desk.open("provision:publish", case.pk)
    desk.page.locator("main button[type=submit]:visible").first.click()
    desk.page.wait_for_load_state("networkidle")
    assert "게시하지 않습니다" in desk.page.locator(".p-errors:visible").inner_text()

    desk.sits("desk")
    desk.follow_step(case.number, "정보주체")
    desk.pick("알림")
    desk.fill(on=f"{timezone.localdate()}", how="우편")
    desk.press("기록")
    with a_week_later():
        desk.sits("desk")
        confirm_end(desk, "파기")
        desk.follow_step(case.number, "종결")
        desk.press("종결")
        case.refresh_from_db()
        assert (case.state, open_purposes()) == ("ended", set())
        desk.sits("other")
        desk.open("provision:release", case.pk)
        desk.fill(reason="종결됨")
        desk.press("해제")
    assert not case.cameras.filter(hold__released_at=None).exists()
    assert visitor.errors == []


def test_a_rescue_approved_by_telephone_and_refused_by_the_mayor_comes_back(
    visitor: Visitor, people: dict[str, Officer]
) -> None:
    camera = make_place("P-7", "서울특별시 강서구 화곡로 7").cameras.get()
    desk = Desk(visitor, people)
    give_right_to_sign(desk)
    desk.sits("desk")
    enter_letter(desk, camera.number, purpose="실종 아동 수색")
    desk.page.locator("main [name=is_urgent]").check()
    desk.press("접수")
    case = Provision.objects.get()
    desk.follow_step(case.number, "검토")
    desk.pick("설치 목적 밖")
    desk.fill(ground="신속", national_ground="급박", balance="생명이 급하고 범위가 좁습니다.")
    desk.press("검토")
    # Whoever entered and reviewed does not write the call down.
    desk.sits("other")
    desk.follow_step(case.number, "전화 승인")
    desk.fill(approver=str(people["head"]), called_at=typed(timezone.now() - dt.timedelta(minutes=1)))
    desk.press("기록")
    assert open_purposes() >= {"mayor", "phone"}
    desk.sits("desk")
    hand_over(desk, case.number)

    desk.sits("head")
    desk.follow_step(case.number, "전화 승인 확인")
    desk.press("확인")
    # The mayor's refusal comes as a signed document, which somebody writes down who had no part in it.
    desk.sits("other")
    desk.follow_step(case.number, "사후승인 거부")
    desk.pick("결재가 끝난 문서를 기록합니다")
    desk.fill(
        capacity="본인",
        document_number="안전-99",
        on=f"{timezone.localdate()}",
        reason="급박하다고 볼 수 없음",
    )
    desk.press("거부 기록")
    case.refresh_from_db()
    assert case.state == "recalling"
    assert "recall" in open_purposes()
    assert "mayor" not in open_purposes()

    with a_week_later():
        desk.sits("desk")
        desk.open("provision:outside")
        assert desk.says("P-7_1")
        confirm_end(desk, "반환")
        case.refresh_from_db()
        assert case.state == "recalled"
        assert "recall" not in open_purposes()
        desk.open("provision:outside")
        assert not desk.says("P-7_1")
    assert visitor.errors == []
