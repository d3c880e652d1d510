"""The public site in a real browser: accessible, usable by keyboard, nothing leaves the host."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from cameras import policy
from tests.browser.conftest import Visitor
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MISSING = "/no-such-page/"
# The form's own button: the first one of a form may be there for the Enter key alone, others add to what is asked.
SEND = "main .site-actions button.large[type=submit]"
PATHS = [
    "/",
    "/viewing-guide/",
    "/english/",
    "/cameras/",
    "/cameras/?q=없는길",
    "/cameras/?q=화곡로 7",
    "/cameras/?q=화곡로 30",
    "/cameras/?q=화곡로&aim=viewing",
    "/cameras/map/",
    "/viewing-request/",
    "/report-sign/",
    "/s/P-1/",
    "/policy/",
    "/policy/1/",
    "/privacy/",
    "/en/privacy/",
    "/search/",
    "/search/?q=화곡로",
    "/report-sign/P-1/",
    "/report-sign/status/",
    "/figures/",
    "/viewing-request/at/P-1/",
    "/viewing-request/status/",
    "/dataset/",
    "/consultations/",
    "/contractors/",
    "/signs/",
    "/en/",
    "/en/cameras/",
    "/en/cameras/map/",
    "/en/s/P-1/",
    "/en/report-sign/P-1/",
    "/en/viewing-request/at/P-1/",
    "/en/viewing-request/status/",
    "/en/dataset/",
    "/en/policy/",
    "/en/search/?q=화곡로",
    MISSING,
]


@pytest.fixture(autouse=True)
def district(db: Any) -> None:
    institution = Institution.objects.get_or_create(name="서울특별시 강서구청")[0]
    department = Department.objects.create(institution=institution, name="안전관리과", phone="02-2600-0000")
    ResponsibleDesignation.objects.create(
        department=department, manager_post="안전관리과장", from_on=dt.date(2023, 5, 10)
    )
    for number in range(1, 26):
        make_place(f"P-{number}", f"서울특별시 강서구 화곡로 {number}", cameras=2)
    officer = Officer.objects.create_user("manager", position="관리책임자", department=department)
    policy.publish(policy.draft(), by=officer, effective_on=timezone.localdate())


def test_every_page_is_accessible_fits_and_keeps_to_the_host(strict_visitor: Visitor) -> None:
    """Under the security policy, as citizens have it; each page is loaded for the desk's screen and for the phone's."""
    faults: list[str] = []
    for path in PATHS:
        for width in (1280, 360):
            strict_visitor.page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{path} at {width}: {fault}" for fault in _faults(strict_visitor, path)]
    assert not faults, "\n".join(faults)


def _faults(visitor: Visitor, path: str) -> Iterator[str]:
    visitor.errors.clear()
    visitor.strays.clear()
    status = visitor.open(path).status
    yield from visitor.axe()
    if (pixels := visitor.overflow()) > 0:
        yield f"sticks out by {pixels} px"
    yield from (f"asks {address}" for address in visitor.strays)
    if path == MISSING:
        return  # the browser calls the answer itself an error
    if status != 200:
        yield f"answers {status}"
    yield from visitor.errors


def test_a_place_is_found_with_the_keyboard_alone(strict_visitor: Visitor) -> None:
    strict_visitor.open("/")
    page = strict_visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "hero-q":
            break
    page.keyboard.type("화곡로 7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/?q=*")
    assert "화곡로 7" in page.inner_text(".site-places h3 >> nth=0")


def test_a_form_that_is_refused_says_so_accessibly(visitor: Visitor) -> None:
    for path in ("/report-sign/P-1/", "/viewing-request/around/"):
        visitor.open(path)
        visitor.page.click(SEND)
        visitor.page.wait_for_selector("#form-errors")
        assert visitor.axe() == [], path
        assert visitor.overflow() <= 0, path


def test_a_citizen_asks_for_footage_on_the_phone_and_follows_it_up(strict_visitor: Visitor) -> None:
    strict_visitor.page.set_viewport_size({"width": 360, "height": 740})
    strict_visitor.open("/s/P-1/")
    page = strict_visitor.page
    page.click("main >> text=영상 열람 청구")
    onward = "main form button[type=submit]:not([name]):not([aria-hidden]) >> text=/다음|보내기/"
    if page.query_selector("input[name=cameras]"):
        page.check("input[name=cameras] >> nth=0", force=True)
        page.click(onward)
    page.click("main >> text=어제")
    page.fill("input[name=from_at_time]", "1200")
    page.fill("input[name=length]", "1시간")
    page.click(onward)
    page.click(onward)
    page.check("text=본인(정보주체)")
    page.click(onward)
    page.check("text=열람: 영상을 보거나 사본을 받음")
    page.fill("textarea[name=purpose]", "가방을 잃어버렸습니다")
    page.click(onward)
    page.fill("input[name=requester_name]", "홍길동")
    page.fill("input[name=requester_phone]", "010-1234-5678")
    for part, typed in (("year", "1980"), ("month", "5"), ("day", "1")):
        page.fill(f"input[name=requester_birth_on_{part}]", typed)
    page.fill("input[name=requester_address]", "화곡로 1")
    page.click(onward)
    assert strict_visitor.overflow() <= 0
    page.click(onward)
    page.wait_for_selector("text=청구를 접수했습니다")
    number, secret = page.locator(".site-receipt").all_inner_texts()
    page.click("main >> text=열람등 청구 조회")
    page.fill("input[name=receipt_number]", number)
    page.fill("input[name=secret]", secret)
    page.click(SEND)
    page.wait_for_selector("text=아직 결정하여 알려 드리지 않았습니다.")
    assert strict_visitor.errors == []


def test_a_site_page_needs_no_script(browser: Any, live_server: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/s/P-1/")
    for told in ("방범", "30일", "영상 열람 청구", "위도·경도"):
        assert page.is_visible(f"text={told} >> nth=0")
    context.close()


def test_the_phone_menu_opens_and_closes(browser: Any, live_server: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(live_server.url)
    assert not page.is_visible("#site-menu")
    page.click(".site-header__toggle")
    assert page.is_visible("#site-menu")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.is_visible("#site-menu")
    context.close()


def test_the_map_lists_what_it_shows(strict_visitor: Visitor) -> None:
    strict_visitor.open("/cameras/map/")
    strict_visitor.page.wait_for_selector("#map-list li")
    assert "25" in strict_visitor.page.inner_text("#map-status")
