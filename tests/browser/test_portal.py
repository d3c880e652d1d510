"""The officials' portal in a real browser: every menu screen, keyboard only, accessible, nothing sticking out."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from portal.access import may_open
from portal.menu import AGENDA, DUTIES, HOME
from tests.accounts.factories import OfficerFactory
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "gangseo-2026"


def log_in(visitor: Visitor, officer: Any) -> None:
    client = Client()
    client.force_login(officer)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.session.session_key,
        "url": visitor.address,
    }
    # What the page of the person before still fetches would bring that person's cookie back.
    visitor.page.goto("about:blank")
    visitor.page.context.add_cookies([cookie])


def screens(officer: Any) -> list[str]:
    """The home page and one screen of each duty: on each the menu is open at another place."""
    firsts = [
        next(e for e in duty.entries if may_open(officer, e.url_name))
        for duty in DUTIES
        if _may(officer, duty)
    ]
    return [entry.url_name for entry in (HOME, AGENDA, *firsts)]


def _may(officer: Any, duty: Any) -> bool:
    return any(may_open(officer, entry.url_name) for entry in duty.entries)


def test_the_menu_is_accessible_and_fits_wherever_it_is_open(visitor):
    """What stands beside it is looked at page by page in test_portal_pages."""
    manager = OfficerFactory(role=Role.CCTV_MANAGER)
    log_in(visitor, manager)
    for name in screens(manager):
        answer = visitor.open(reverse(name))
        assert answer.status == 200, name
        assert visitor.page.locator("h1").count() == 1, name
        assert visitor.overflow() == 0, name
        assert visitor.axe() == [], name
    assert visitor.errors == []
    assert visitor.strays == []


def test_wagtails_forms_of_officers_are_accessible_and_fit(visitor):
    administrator = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    log_in(visitor, administrator)
    for address in (
        reverse("wagtailusers_users:add"),
        reverse("wagtailusers_users:edit", args=[administrator.pk]),
    ):
        assert visitor.open(address).status == 200, address
        assert visitor.overflow() == 0, address
        assert visitor.axe() == [], address


def test_a_clerk_with_a_keyboard_logs_in_and_counts_a_deadline(strict_visitor):
    """With the content security policy in force."""
    OfficerFactory(username="kim", role=Role.OFFICIAL)
    page = strict_visitor.page
    strict_visitor.open(reverse("ordinance:deadline"))
    page.keyboard.type("kim")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('ordinance:deadline')}")

    page.get_by_label("무엇을 셈합니까").focus()
    page.keyboard.type("민원")
    page.get_by_label("기간").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")

    assert page.get_by_role("heading", name="기한:").is_visible()
    assert strict_visitor.errors == []
    assert strict_visitor.strays == []


def test_an_error_takes_the_keyboard_to_its_field(strict_visitor):
    log_in(strict_visitor, OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    page = strict_visitor.page
    strict_visitor.open(reverse("people:department_add"))
    page.get_by_role("button", name="저장").press("Enter")
    page.wait_for_load_state("networkidle")

    assert page.title().startswith("오류:")
    assert page.evaluate("document.activeElement.classList.contains('p-errors')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#id_institution"
