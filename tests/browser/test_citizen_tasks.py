"""The four main tasks of a citizen with the keyboard alone, in forced colours, on a screen of 320 px."""

from collections.abc import Iterator
from typing import Any

import pytest

from cameras.models import Opinion, SignReport
from records.models import ViewingRequest
from tests.browser.conftest import Visitor
from tests.cameras.consultations import make_running
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 90


class Hands:
    """Somebody who has no mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.keyboard, self.page = visitor, visitor.page.keyboard, visitor.page

    def go_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate("one => document.activeElement.matches(one)", selector):
                return
            self.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector} on {self.page.url}")

    def press(self, selector: str) -> None:
        """A link to another page, or a form's button."""
        self.go_to(selector)
        with self.page.expect_navigation(wait_until="networkidle"):
            self.keyboard.press("Enter")

    def onward(self) -> None:
        self.press(
            "main form.site-form button[type=submit]:not([name]), main form[action='#form-errors'] button[type=submit]:not([name])"
        )
        assert self.visitor.overflow() <= 0, self.page.url

    def type(self, selector: str, text: str) -> None:
        self.go_to(selector)
        self.keyboard.type(text)


@pytest.fixture
def hands(browser: Any, live_server: Any) -> Iterator[Hands]:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="ko-KR", forced_colors="active"
    )
    yield Hands(Visitor(context.new_page(), live_server.url))
    context.close()


def test_the_main_tasks_of_a_citizen(hands: Hands) -> None:
    make_place("P-7", "서울특별시 강서구 화곡로 7")
    consultation = make_running()

    # Where was I?
    hands.visitor.open("/")
    hands.type("#hero-q", "화곡로 7")
    hands.press("#hero-q")
    hands.press(".site-places h3 a")
    assert hands.page.url.endswith("/s/P-7/")
    site = hands.page.url

    # A sign is reported: what is forgotten is said, where it is, and in reach.
    hands.press("a[href$='/report-sign/P-7/']")
    hands.onward()
    assert hands.page.evaluate("document.activeElement.id") == "form-errors"
    hands.go_to("#form-errors a")
    hands.keyboard.press("Enter")
    assert hands.page.evaluate("document.activeElement.id") == "id_problem_0"
    hands.keyboard.press("Space")
    box = "document.getElementById('id_problem_0')"
    assert hands.page.evaluate(f"{box}.checked && getComputedStyle({box}).opacity === '1'"), (
        "seen in any colours"
    )
    for _page in ("problem", "photo", "contact", "check"):
        hands.onward()
    assert SignReport.objects.get().receipt_number in hands.page.inner_text("main")

    # Footage is asked for, one matter a page; what is half typed stays, and the message leads into its field.
    hands.page.goto(site)
    hands.press("a[href$='/viewing-request/at/P-7/']")
    hands.type("#id_from_at_year", "2026")
    hands.onward()
    assert hands.page.evaluate("document.activeElement.id") == "form-errors"
    assert hands.page.input_value("#id_from_at_year") == "2026"
    hands.go_to("[data-set-day]")
    hands.keyboard.press("Enter")
    assert hands.page.evaluate("document.activeElement.id") == "id_from_at_time"
    hands.type("#id_from_at_time", "오후 6시")
    hands.type("#id_length", "20")
    hands.onward()
    assert "18:00부터 20분 (18:20까지)" in hands.page.inner_text("main")
    hands.press("main button[name=add-time]")
    hands.go_to("[data-set-day]")
    hands.keyboard.press("Enter")
    hands.type("#id_p2_from_at_time", "630")
    hands.type("#id_p2_length", "1시간 30분")
    hands.onward()
    assert "06:30부터 1시간 30분 (08:00까지)" in hands.page.inner_text("main")
    hands.onward()
    hands.go_to("#id_requester_role_0")
    hands.keyboard.press("Space")
    hands.onward()
    hands.go_to("#id_kinds_1")
    hands.keyboard.press("Space")
    hands.type("#id_purpose", "가방을 잃어버렸습니다")
    hands.onward()
    for name, words in (
        ("name", "홍길동"),
        ("phone", "010-1234-5678"),
        ("birth_on_year", "1980"),
        ("birth_on_month", "5"),
        ("birth_on_day", "1"),
        ("address", "화곡로 1"),
    ):
        hands.type(f"#id_requester_{name}", words)
    hands.onward()
    hands.press("a[href$='/when/']")
    hands.onward()
    hands.onward()
    request = ViewingRequest.objects.get()
    assert request.receipt_number in hands.page.inner_text("main")
    assert request.cameras.count() == 2

    # An opinion is given.
    hands.visitor.open(f"/consultations/{consultation.number}/")
    hands.type("#id_text", "골목이 어둡습니다")
    for _ in ("text", "person", "check"):
        hands.onward()
    assert Opinion.objects.get().receipt_number in hands.page.inner_text("main")
    assert not hands.visitor.errors
    assert not hands.visitor.strays
