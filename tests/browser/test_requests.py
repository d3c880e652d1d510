"""Requests in the browser, over the days that they take: filed on the last day but one and answered ten days later with the
footage still there; a letter of the Friday before Seollal, answered by its day."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.designations import designate
from accounts.roles import Role
from footage import destruction, scan
from footage.models import Storage
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from records.models import ViewingRequest
from records.viewing import lateness
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_path import Office
from tests.browser.test_portal import log_in
from tests.footage.factories import Recorder
from tests.records.people import competent
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def width() -> int:
    return 1280


@pytest.fixture
def department(db: Any) -> Any:
    institution = InstitutionFactory(name="서울특별시 강서구청", phone="02-2600-6114")
    made = DepartmentFactory(institution=institution, name="스마트도시과", phone="02-2600-6000")
    designate(made, from_on=timezone.localdate() - dt.timedelta(days=90))
    return made


def typed(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment, SEOUL):%Y-%m-%dT%H:%M}"


def sweep() -> None:
    for storage in Storage.objects.all():
        scan.scan(storage)
    destruction.sweep(timezone.now(), actor="system:test")


def file_on_the_website(visitor: Visitor, site: str, from_at: dt.datetime, until_at: dt.datetime) -> None:
    visitor.open(f"/viewing-request/at/{site}/")
    page = visitor.page

    def onward() -> None:
        page.locator("main form button[type=submit]:not([name]):not([aria-hidden])").last.click()
        page.wait_for_load_state("networkidle")

    if page.query_selector("input[name=cameras]"):
        onward()
    local = timezone.localtime(from_at, SEOUL)
    for part, text in (("year", local.year), ("month", local.month), ("day", local.day)):
        page.fill(f"[name=from_at_{part}]", str(text))
    page.fill("[name=from_at_time]", f"{local:%H:%M}")
    page.fill("[name=length]", str(int((until_at - from_at).total_seconds() // 60)))
    onward()
    onward()
    page.get_by_text("본인(정보주체)").click()
    onward()
    page.get_by_text("열람: 영상을 보거나 사본을 받음").click()
    page.fill("[name=purpose]", "자전거를 잃어버렸습니다.")
    onward()
    page.fill("[name=requester_name]", "홍길동")
    page.fill("[name=requester_phone]", "010-1234-5678")
    for part, number in (("year", "1980"), ("month", "5"), ("day", "1")):
        page.fill(f"[name=requester_birth_on_{part}]", number)
    page.fill("[name=requester_address]", "서울특별시 강서구 화곡로 1")
    onward()
    onward()


def answer(office: Office, request: ViewingRequest, viewing_at: dt.datetime) -> None:
    """Who it is, what there is, the decision, the letter in the hand: one page after the other, as each one says."""
    office.open("viewing:identify", request.pk)
    office.pick("주민등록증")
    office.press("확인함")
    office.open("viewing:search", request.pk)
    office.press("확인 결과 기록")
    assert office.says("다음: 결정하기")
    office.open("viewing:decide", request.pk)
    office.pick("허용")
    office.press("확인하기")
    office.press("결정 기록")
    assert office.says("다음: 결정 통지하기")
    office.open("viewing:notify", request.pk)
    office.pick("직접 교부")
    office.fill(reply="정한 때에 보러 오십시오.", viewing_at=typed(viewing_at), viewing_place="통합관제센터")
    office.press("통지 기록")


def test_filed_on_day_29_answered_on_day_39_and_destroyed_after_the_release(
    visitor: Visitor, department: Any, tmp_path: Path
) -> None:
    site = make_place("P-9", "서울특별시 강서구 화곡로 9")
    camera = site.cameras.get()
    recorder = Recorder(tmp_path / "nvr")
    filmed = timezone.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=3)
    for part in range(6):
        recorder.write(camera.recording_key, filmed + dt.timedelta(minutes=10 * part))
    (first, *_rest) = sorted(recorder.files())
    sweep()
    manager, other = (
        competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department)) for _ in range(2)
    )

    with time_machine.travel(filmed + dt.timedelta(days=29), tick=True):
        file_on_the_website(visitor, "P-9", filmed, filmed + dt.timedelta(minutes=50))
        request = ViewingRequest.objects.get()
        assert request.receipt_number in visitor.page.locator("main").inner_text()
        due_on = DueDate.objects.get().due_on
        assert (due_on - timezone.localdate()).days >= 10
    with time_machine.travel(filmed + dt.timedelta(days=33), tick=True):
        sweep()
        assert first in recorder.files(), "its thirty days are over, and it is held"
    with time_machine.travel(filmed + dt.timedelta(days=39), tick=True):
        log_in(visitor, manager)
        office = Office(visitor)
        answer(office, request, timezone.now() + dt.timedelta(minutes=30))
        request.refresh_from_db()
        assert (request.state, lateness.of(request).sentences) == ("appointed", [])
        assert first in recorder.files()
    with time_machine.travel(filmed + dt.timedelta(days=39, hours=2), tick=True):
        log_in(visitor, manager)
        office.open("viewing:shown", request.appointments.get().pk)
        now = timezone.now()
        office.fill(at=typed(now - dt.timedelta(minutes=40)), until=typed(now - dt.timedelta(minutes=10)))
        office.fill(note="청구한 구간을 모두 보임")
        for label in ("청구인", "종이에 서명", "열람·시청"):
            office.pick(label)
        office.press("열람함")
        assert office.says("완료")
        log_in(visitor, other)
        office.open("viewing:release", request.pk)
        office.fill(reason="열람을 마침")
        office.press("유예 해제")
        sweep()
        assert recorder.files() == set(), "nothing needs it any more"
    assert visitor.errors == []


def test_a_letter_of_the_friday_before_seollal_is_answered_by_its_day(
    visitor: Visitor, department: Any
) -> None:
    """Friday 5 February 2027: the holidays of 6 to 9 February count, and the tenth day, a Monday, is the last one."""
    site = make_place("P-8", "서울특별시 강서구 화곡로 8")
    friday = dt.datetime(2027, 2, 5, 16, 0, tzinfo=SEOUL)
    manager = competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department))
    with time_machine.travel(friday + dt.timedelta(minutes=30), tick=True):
        log_in(visitor, manager)
        office = Office(visitor)
        office.open("viewing:add_at", site.pk)
        office.pick("우편·팩스")
        office.fill(came_at=typed(friday), document_number="접수-2027-11")
        office.pick("열람")
        office.fill(
            from_at=typed(friday - dt.timedelta(days=3)),
            until_at=typed(friday - dt.timedelta(days=3) + dt.timedelta(hours=1)),
            purpose="차량 접촉 사고",
            requester_name="홍길동",
        )
        office.pick("본인(정보주체)")
        office.press("접수")
        request = ViewingRequest.objects.get()
        due = DueDate.objects.get()
        assert due.due_on == dt.date(2027, 2, 15)
        office.open("viewing:request", request.pk)
        assert office.says("2027-02-15")
    with time_machine.travel(dt.datetime(2027, 2, 15, 11, 0, tzinfo=SEOUL), tick=True):
        log_in(visitor, manager)
        office.open("viewing:request", request.pk)
        assert office.says("오늘까지 알려야 합니다")
        line = request.cameras.get()
        office.open("viewing:secure", line.pk)
        office.fill(note="녹화기에서 따로 저장함")
        office.press("기록")
        office.open("viewing:identify", request.pk)
        office.pick("여권")
        office.press("확인함")
        office.open("viewing:search", request.pk)
        office.page.select_option(f'[name="{line.pk}-outcome"]', "found")
        office.page.fill(f'[name="{line.pk}-note"]', "녹화기에서 확인함")
        office.press("확인 결과 기록")
        office.open("viewing:decide", request.pk)
        office.pick("허용")
        office.press("확인하기")
        office.press("결정 기록")
        office.open("viewing:notify", request.pk)
        office.pick("우편")
        office.fill(
            reply="정한 때에 오십시오.",
            viewing_at=typed(timezone.now() + dt.timedelta(days=2)),
            viewing_place="통합관제센터",
            wish="2월 15일 전화로 17일에 오겠다고 말함",
        )
        office.press("통지 기록")
        assert lateness.of(ViewingRequest.objects.get()).sentences == []
        due.refresh_from_db()
        assert timezone.localdate(due.closed_at) == due.due_on
    assert visitor.errors == []
