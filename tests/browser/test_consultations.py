"""A citizen's opinion in a real browser, with scripts and without, and the accessibility of every page on the way."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from cameras.consultation import answers, drafting, publishing
from cameras.models import Opinion
from tests.browser.conftest import Visitor
from tests.cameras.consultations import (
    make_draft,
    make_opinion,
    make_published,
    publish_result,
    running_period,
    seoul,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def consultations(db: Any) -> dict[str, str]:
    """One that is open, with questions; one that is over, with its result."""
    draft = make_draft(**running_period(0))
    drafting.add_question(draft, "찬성하십니까?", choices=["예", "아니요"], is_required=True)
    drafting.add_question(draft, "어디가 좋습니까?", choices=["골목", "공원"], is_multiple=True)
    publishing.publish(draft, by=draft.made_by)
    start = seoul("2026-01-05T10:00:00")
    past = make_published(now=start, opens_at=start, closes_at=seoul("2026-02-10T00:00:00"))
    opinion = make_opinion(past, "가로등도 켜 주세요.", at=seoul("2026-01-06T10:00:00"))
    answers.answer(past, [opinion.pk], decision="accepted", text="함께 켭니다.", by=past.made_by)
    publish_result(past, timezone.now() - dt.timedelta(days=1))
    return {"open": draft.number, "past": past.number}


def paths(numbers: dict[str, str]) -> list[str]:
    korean = [
        "/consultations/",
        f"/consultations/{numbers['open']}/",
        f"/consultations/{numbers['past']}/",
        "/consultations/my-opinion/",
    ]
    return [*korean, *(f"/en{path}" for path in korean)]


def onward(page: Any) -> None:
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()


def test_no_accessibility_violation_and_nothing_sticks_out(visitor: Visitor, consultations: dict) -> None:
    for path in paths(consultations):
        assert visitor.open(path).status == 200
        assert visitor.axe() == [], path
        assert visitor.overflow() <= 0, path
    assert visitor.strays == []


def test_no_script_error_under_the_security_policy(strict_visitor: Visitor, consultations: dict) -> None:
    for path in paths(consultations):
        strict_visitor.open(path)
    assert strict_visitor.errors == []
    assert strict_visitor.strays == []


def test_a_citizen_corrects_a_mistake_sends_and_looks_it_up(visitor: Visitor, consultations: dict) -> None:
    page = visitor.page
    visitor.open(f"/consultations/{consultations['open']}/")
    page.locator("input[type=radio]").first.check(force=True)
    onward(page)
    assert visitor.axe() == []
    page.fill("textarea[name=text]", "찬성하지만 각도를 확인해 주세요.")
    onward(page)
    page.fill("input[name=name]", "표본 시민")
    onward(page)
    page.wait_for_selector("[role=alert]")
    page.wait_for_function("document.activeElement.id === 'form-errors'")
    assert "동의가 필요합니다" in page.inner_text("[role=alert]")
    assert visitor.axe() == []
    assert page.input_value("input[name=name]") == "표본 시민"
    page.locator("input[name=consent]").check(force=True)
    onward(page)
    assert "찬성하지만 각도를 확인해 주세요." in page.inner_text("main")
    assert visitor.axe() == []
    onward(page)
    page.wait_for_selector(".c-secret")
    assert visitor.axe() == []
    secret = page.inner_text(".c-secret")
    opinion = Opinion.objects.exclude(submission_key__startswith="key-").get()
    assert secret == opinion.receipt_secret
    visitor.open("/consultations/my-opinion/")
    page.fill("input[name=receipt_number]", opinion.receipt_number)
    page.fill("input[name=secret]", secret)
    page.click("main button[type=submit]")
    page.wait_for_selector("text=보내신 의견")
    assert "각도를 확인해" in page.inner_text("main")
    assert "표본 시민" not in page.inner_text("main")
    assert visitor.axe() == []


def test_it_works_without_scripts(browser: Any, live_server: Any, consultations: dict) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/consultations/{consultations['open']}/")
    page.locator("input[type=radio]").first.check(force=True)
    for _ in ("survey", "text", "person", "check"):
        onward(page)
    assert "접수되었습니다" in page.inner_text("h1")
    context.close()
