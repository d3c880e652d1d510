"""The four main tasks of a citizen with the keyboard alone, in forced colours, on a screen of 320 px."""

from collections.abc import Iterator
from typing import Any

import pytest

from cameras.models import Opinion, SignReport
from tests.browser.conftest import Visitor
from tests.cameras.consultations import make_running
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 90
CONTROLS = "main input:not([type=hidden]), main select, main textarea, main button"


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
            "main form.site-form button[type=submit], main form[action='#form-errors'] button[type=submit]"
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


def test_the_main_tasks_of_a_citizen(hands: Hands, settings: Any) -> None:
    settings.OPINION_FORM_SECONDS = 0
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

    # Footage is asked for: every control of the form is reached.
    hands.page.goto(site)
    hands.press("a[href$='/viewing-request/at/P-7/']")
    reached = set()
    for _ in range(MOST_TABS):
        hands.keyboard.press("Tab")
        reached.add(hands.page.evaluate("document.activeElement.name || ''"))
    names = hands.page.eval_on_selector_all(CONTROLS, "all => all.map(one => one.name || '')")
    assert set(names) <= reached
    hands.onward()
    assert hands.page.evaluate("document.activeElement.id") == "form-errors"

    # An opinion is given.
    hands.visitor.open(f"/consultations/{consultation.number}/")
    hands.type("#id_text", "골목이 어둡습니다")
    hands.onward()
    assert Opinion.objects.get().receipt_number in hands.page.inner_text("main")
    assert not hands.visitor.errors
    assert not hands.visitor.strays
