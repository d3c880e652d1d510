"""An official who was not taught is refused footage with the reason, is taught and sworn in, and is let in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from records.competence import sessions, wall_codes
from records.models import Training
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in
from tests.footage.factories import CameraFactory
from tests.records.people import course, person
from tests.records.situations import confirmed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def ask(visitor, request):
    page = visitor.page
    visitor.open(reverse("looks:ask", args=["viewing", request.pk]))
    page.fill("textarea[name=purpose]", "도난 시각을 찾습니다")
    page.click("button:has-text('허가받고 보기')")


def test_who_is_untaught_is_refused_is_taught_and_is_let_in(strict_visitor):
    manager = OfficerFactory(role=Role.CCTV_MANAGER)
    official = OfficerFactory(role=Role.OFFICIAL)
    person(official)
    request = confirmed(CameraFactory(), manager)
    page = strict_visitor.page
    log_in(strict_visitor, official)

    ask(strict_visitor, request)
    said = page.inner_text("main")
    assert "영상정보 보호 교육을 받지 않았습니다. (조례 제25조제1항)" in said
    assert "보안서약을 하지 않았습니다." in said
    assert page.input_value("textarea[name=purpose]") == "도난 시각을 찾습니다", "what was typed stays"

    # The code on the wall leads here; the official is logged in.
    now = timezone.now()
    session = sessions.announce(
        course(),
        starts_at=now - timedelta(minutes=50),
        ends_at=now + timedelta(minutes=10),
        place="회의실",
        trainer="김강사",
        by=manager,
    )
    shown = wall_codes.shown(session, timezone.now())
    strict_visitor.open(reverse("training:sign_in", args=[session.code, shown]))
    page.click("button:has-text('출석하기')")
    assert "출석했습니다" in page.inner_text("main")
    # An hour later somebody else confirms the attendance.
    type(session).objects.filter(pk=session.pk).update(ends_at=now)
    sessions.close(session, by=OfficerFactory(role=Role.OFFICIAL))
    assert Training.objects.completed().count() == 1

    ask(strict_visitor, request)
    said = page.inner_text("main")
    assert "교육을 받지 않았습니다" not in said
    assert "보안서약을 하지 않았습니다." in said

    strict_visitor.open(reverse("training:own_sign"))
    assert "비밀번호를 다른 사람과 함께 쓰지 않고" in page.inner_text("main")
    page.check("input[name=has_read]")
    page.click("button:has-text('서약하고 서명하기')")
    assert strict_visitor.axe() == []

    ask(strict_visitor, request)
    page.wait_for_url("**" + reverse("looks:player", args=[official.looks.get().group]))
    assert strict_visitor.strays == []
