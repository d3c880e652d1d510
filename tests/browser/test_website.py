"""The public site in a real browser: accessible, usable by keyboard, nothing leaves the host."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from cameras import policy
from tests.browser.conftest import Visitor
from tests.website.situations import make_place, restore_first_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/",
    "/viewing-guide/",
    "/english/",
    "/cameras/",
    "/cameras/?q=없는길",
    "/cameras/map/",
    "/s/P-1/",
    "/policy/",
    "/policy/1/",
    "/search/",
    "/search/?q=화곡로",
    "/no-such-page/",
]


@pytest.fixture(autouse=True)
def district(db: Any) -> None:
    restore_first_pages()
    institution = Institution.objects.get_or_create(name="서울특별시 강서구청")[0]
    department = Department.objects.create(institution=institution, name="안전관리과", phone="02-2600-0000")
    ResponsibleDesignation.objects.create(department=department, from_on=dt.date(2023, 5, 10))
    for number in range(1, 26):
        make_place(f"P-{number}", f"서울특별시 강서구 화곡로 {number}", cameras=2)
    officer = Officer.objects.create_user("manager", position="관리책임자", department=department)
    policy.publish(policy.draft(), by=officer, effective_on=timezone.localdate())


@pytest.mark.parametrize("path", PATHS)
def test_no_accessibility_violation_and_nothing_sticks_out(visitor: Visitor, path: str) -> None:
    visitor.open(path)
    assert visitor.axe() == []
    assert visitor.overflow() <= 0
    assert visitor.strays == []


@pytest.mark.parametrize("path", PATHS[:-1])
def test_no_script_error_under_the_security_policy(strict_visitor: Visitor, path: str) -> None:
    response = strict_visitor.open(path)
    assert response.status == 200
    assert strict_visitor.errors == []
    assert strict_visitor.strays == []


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
    assert "화곡로 7" in page.inner_text("main h2 >> nth=0")


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
