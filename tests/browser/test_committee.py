"""The committee as the secretary and its members meet it: from the notice to the published minutes, and in writing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from committee.models import Ballot, Meeting, Minutes, Resolution
from tests.accounts.factories import OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_path import Office
from tests.browser.test_portal import log_in
from tests.committee.factories import code_in, seated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(strict_visitor: Visitor) -> Office:
    log_in(strict_visitor, OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    return Office(strict_visitor)


def plan(office: Office, kind: str, **more: str) -> Meeting:
    office.open("committee:meeting_add")
    office.page.locator(f"main input[name=kind][value={kind}]").check()
    office.fill(on=timezone.localdate().isoformat(), **more)
    office.press("저장")
    meeting = Meeting.objects.get()
    for title in ("통합관리 계획", "연계 계획"):
        office.open("committee:item_add", meeting.pk)
        office.fill(function_no="1", title=title, text="계획을 심의한다.")
        office.press("저장")
    return meeting


def test_a_meeting_from_notice_to_published_minutes_with_a_withdrawal_that_costs_a_quorum(
    office: Office,
) -> None:
    terms = seated()
    meeting = plan(office, "meeting", place="대회의실", starts_at="14:00")
    first, second = meeting.items.all()
    office.open("committee:notice", meeting.pk)
    office.page.locator("main input[name=way][value=both]").check()
    office.fill(document_number="안전-1", late_ground="urgent", late_reason="긴급 복구")
    office.press("확인하기")
    office.press("통지 기록")
    office.open("committee:attend", meeting.pk)
    for term in terms[:4]:
        office.page.locator(f"main input[name=present][value='{term.pk}']").check()
    office.press("저장")
    office.open("committee:recuse", first.pk)
    office.page.locator("main input[name=kind][value=withdrawal]").check()
    office.fill(term="박준호", reason="가족의 업체")
    office.press("저장")
    assert "의사정족수 미달: 의결할 수 없음" in office.page.locator("main").inner_text()
    office.open("committee:item_resolve", second.pk)
    office.fill(text="원안대로 의결한다.", votes_for="3", votes_against="1", abstained="0")
    office.press("확인하기")
    office.press("의결 기록")
    assert Resolution.objects.get().item == second
    office.open("committee:minutes_begin", meeting.pk)
    office.press("회의록 쓰기")
    written = Minutes.objects.get()
    office.open("committee:statement_add", written.pk)
    office.fill(item="연계 계획", term="이미경", text="비용을 물음")
    office.press("저장")
    for term in terms[:2]:
        office.open("committee:minutes_confirm", written.pk, term.pk)
        office.press("저장")
    office.open("committee:minutes_lock", written.pk)
    office.press("확정")
    office.open("committee:minutes_publish", written.pk)
    office.press("공개")
    office.visitor.open(reverse("website_committee_minutes", args=[meeting.number]))
    told = office.page.locator("main").inner_text()
    assert "비용을 물음" in told
    assert "의사정족수에 이르지 못하여" in told
    assert "이미경 부위원장" not in told.split("안건과 심의")[1]
    assert office.visitor.errors == []


def test_a_written_deliberation_by_signed_links(office: Office, browser: Any) -> None:
    terms = seated()
    meeting = plan(office, "written", written_reason="경미한 안건")
    for term in terms[:4]:
        office.open("committee:issue_link", meeting.pk, term.pk, "ballot")
        office.press("주소 만들기")
        address = office.page.locator("main code").inner_text()
        code = code_in(mail.outbox[-1])
        phone = browser.new_context(viewport={"width": 360, "height": 800}, locale="ko-KR")
        member = Visitor(phone.new_page(), office.visitor.address)
        member.open(address.removeprefix(member.address))
        assert member.overflow() == 0
        for item in meeting.items.all():
            member.page.locator(f"main label[for=id_choice-{item.pk}_0]").click()
        member.page.locator("main input[name=code]").fill(code)
        member.page.locator("main button[type=submit]").click()
        member.page.wait_for_load_state("networkidle")
        assert "의견을 내셨습니다" in member.page.locator("main").inner_text()
        member.page.reload()
        assert member.page.locator("main form").count() == 0
        phone.close()
    assert Ballot.objects.count() == 8
    Meeting.objects.filter(pk=meeting.pk).update(on=timezone.localdate() - timedelta(days=1))
    office.open("committee:written_close", meeting.pk)
    office.press("마감")
    item = meeting.items.first()
    office.open("committee:item_resolve", item.pk)
    office.fill(text="원안대로 의결한다.", on=timezone.localdate().isoformat())
    office.press("확인하기")
    office.press("의결 기록")
    done = Resolution.objects.get()
    assert (done.enrolled, done.present, done.votes_for) == (7, 4, 4)
