"""할 일과 기한 in a real browser: full of items, by keyboard, on paper."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from ordinance import due
from ordinance.due import DueItem
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def matters(monkeypatch):
    """Something in every group."""
    long = "설치 의견수렴 마감: 화곡본동 어린이보호구역 다목적 영상정보처리기기 설치 사업"
    severities = ("failed", "overdue", "due", "info")

    def provider(now, officer=None):
        today = timezone.localdate(now)
        for number, offset in enumerate((None, -12, 0, 1, 3, 20, 60)):
            yield DueItem(
                "cameras.x",
                f"{number}. {long}",
                "자세한 내용",
                severities[number % 4],
                "cameras:list",
                count=number * 700,
                article="조례 제8조",
                due_on=None if offset is None else today + datetime.timedelta(days=offset),
                since=now,
                key=str(number),
                officer_id=officer.pk if officer and number % 2 else None,
            )

    monkeypatch.setattr(due, "_providers", {"test": provider})


def test_full_pages_are_accessible_and_fit(visitor, matters):
    kim = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR, email="kim@example.kr")
    log_in(visitor, kim)
    for address in (
        reverse("agenda:list"),
        reverse("agenda:list") + "?kind=" + "카메라 대장",
        reverse("agenda:month"),
        reverse("agenda:settings"),
        reverse("agenda:feed_make"),
        reverse("agenda:delivery"),
    ):
        assert visitor.open(address).status == 200, address
        assert visitor.overflow() == 0, address
        assert visitor.axe() == [], address
    visitor.open(reverse("agenda:feed_make"))
    visitor.page.get_by_role("button", name="만들기").click()
    assert visitor.page.get_by_label("달력 주소").input_value().endswith(".ics")
    assert visitor.overflow() == 0
    assert visitor.axe() == []
    assert visitor.errors == []
    assert visitor.strays == []


def test_months_are_turned_by_keyboard_with_the_policy_in_force(strict_visitor, matters):
    log_in(strict_visitor, OfficerFactory(role=Role.OFFICIAL))
    page = strict_visitor.page
    strict_visitor.open(reverse("agenda:month"))
    this_month = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="다음 달").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("month="))
    assert page.get_by_role("heading", level=1).inner_text() != this_month
    page.get_by_role("link", name="이번 달").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", level=1).inner_text() == this_month
    assert page.locator("[aria-current=date]").count() == 1
    assert page.get_by_role("button", name="인쇄").is_visible()
    assert strict_visitor.errors == []


def test_paper_holds_the_list_and_nothing_else(strict_visitor, matters):
    log_in(strict_visitor, OfficerFactory(role=Role.OFFICIAL))
    page = strict_visitor.page
    strict_visitor.open(reverse("agenda:list"))
    page.emulate_media(media="print")
    assert page.locator("#wagtail-sidebar").is_hidden()
    assert page.get_by_role("button", name="인쇄").is_hidden()
    assert page.get_by_role("heading", name="6. 설치 의견수렴").is_visible()
    # Nothing is cut off with the window: the page is as long as its list.
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.content-wrapper')).overflowY") == "visible"
    )
