"""An official covers a short clip in a real browser, another one checks it: proposed, one kept, one drawn, made, looked through."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from records.models import FootageLook, Redaction
from records.redaction import recipes
from records.redaction.releasing import releasable
from records.redaction.steps import case_of
from records.redaction_enums import RedactionState
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in
from tests.records import redactions
from tests.records.people import competent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
LONGEST_WAIT = 60_000


def picture(page: Any, name: str) -> None:
    """To look at, where a folder is named."""
    if folder := os.environ.get("PORTAL_SCREENSHOTS"):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def let_in(page: Any, button: str) -> None:
    page.fill("textarea[name=purpose]", "다른 사람을 가림")
    page.click(f"button:has-text('{button}')")
    page.wait_for_selector(".pl-view:not(.is-empty)", timeout=LONGEST_WAIT)
    page.wait_for_selector("[data-rd-count]:not(:empty)", timeout=LONGEST_WAIT)


def test_one_is_kept_and_another_officer_checks(strict_visitor, tmp_path, settings):
    request = redactions.kept(tmp_path, settings, is_lost=True)
    maker, checker = (competent(OfficerFactory(role=Role.OFFICIAL)) for _ in range(2))
    page = strict_visitor.page

    # Proposed from the matter's page.
    log_in(strict_visitor, maker)
    strict_visitor.open(reverse("viewing:request", args=[request.pk]))
    page.click("a:has-text('영상 가리기…')")
    page.click("button:has-text('찾기 시작')")
    page.wait_for_selector("[data-longrun]")
    row = redactions.worked(Redaction.objects.get())
    tracks = [one["track"] for one in recipes.found(row)["tracks"]]

    # Looked at through the door; one track is kept, which a reload does not lose; another place is drawn.
    page.wait_for_selector("button:has-text('작업 화면 열기')", timeout=LONGEST_WAIT)
    let_in(page, "작업 화면 열기")
    assert page.locator("[data-track]").count() == len(tracks) >= 2
    page.click(f"[data-track='{tracks[0]}']")
    page.wait_for_selector(f"[data-track='{tracks[0]}'][aria-pressed=true]")
    strict_visitor.open(reverse("redaction:workspace", args=[row.pk]))
    page.wait_for_selector(f"[data-track='{tracks[0]}'][aria-pressed=true]", timeout=LONGEST_WAIT)
    page.wait_for_selector(".pl-view:not(.is-empty)", timeout=LONGEST_WAIT)
    page.keyboard.press("d")
    box = page.locator(".rd-canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    page.wait_for_selector("[data-rd-regions] button:has-text('그림 1')")
    page.keyboard.press("Control+z")
    page.wait_for_selector("[data-rd-regions] li:has-text('그린 곳이 없습니다')")
    page.keyboard.press("Control+y")
    page.wait_for_selector("[data-rd-regions] button:has-text('그림 1')")
    assert strict_visitor.axe() == []
    assert strict_visitor.overflow() <= 0
    picture(page, "redaction-work")
    page.click("a:has-text('가린 사본 만들기…')")
    assert f"만든 사람({maker})이 아닌 다른 담당자" in page.inner_text("main")
    page.click("button:has-text('가린 사본 만들기')")
    page.wait_for_selector("[data-longrun]")
    row = redactions.worked(row)
    assert row.state == RedactionState.CHECKING
    assert (recipes.current(row)["keep"], len(recipes.current(row)["regions"])) == ([tracks[0]], 1)

    # Who made it does not check it.
    page.wait_for_selector("a:has-text('확인…')", timeout=LONGEST_WAIT)
    page.goto("about:blank")
    strict_visitor.open(reverse("redaction:check", args=[row.pk]))
    page.click("button:has-text('확인함')")
    page.wait_for_selector("text=다른 사람이 확인해야 합니다", timeout=LONGEST_WAIT)

    # The second official looks at the result, ticks each doubtful moment off, and checks.
    log_in(strict_visitor, checker)
    strict_visitor.open(reverse("viewing:request", args=[request.pk]))
    assert "아닌 다른 담당자가 확인합니다" in page.inner_text("main")
    strict_visitor.open(reverse("redaction:result", args=[row.pk]))
    let_in(page, "가린 사본 보기")
    assert row.doubts > 0
    for _ in range(row.doubts):
        page.keyboard.press("n")
        page.keyboard.press("v")
        page.wait_for_timeout(800)
    assert row.ticks.count() == row.doubts
    assert strict_visitor.axe() == []
    picture(page, "redaction-check")
    page.click("a:has-text('확인…')")
    page.click("button:has-text('확인함')")
    row.refresh_from_db()
    assert (row.state, row.checker) == (RedactionState.CHECKED, checker)
    assert releasable(case_of(row)).get() == row

    # Without a grant there is nothing of what was found.
    FootageLook.objects.update(expires_at=timezone.now())
    status = page.evaluate(
        "url => fetch(url).then(one => one.status)", reverse("redaction:state", args=[row.pk])
    )
    assert status == 410
    assert [error for error in strict_visitor.errors if "410" not in error] == []
    assert strict_visitor.strays == []
