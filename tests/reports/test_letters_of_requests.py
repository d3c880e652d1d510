"""What each letter of a request or a provision says is true of the state in which it is written, and its days are written as
letters write them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.roles import Role
from footage.models import Hold
from ordinance.models import DueDate, Ground
from records.models import ViewingRequest
from records.provision import restrictions
from records.viewing import decisions, dismissal, notices, objections, postponement, routes, supplement
from records.viewing.decisions import Answer, RangeAnswer
from reports import official, official_pdf, wording
from reports.documents import provision_letter
from reports.letters import kinds, outgoing, viewing
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import provisions, situations
from tests.records.people import competent

pytestmark = pytest.mark.django_db
MACHINE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A day ends with its own full stop.
TWO_STOPS = re.compile(r"\d\.\.(?!\.)")


@pytest.fixture
def manager():
    department = DepartmentFactory(name="스마트도시과", phone="02-2600-0000")
    return competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department, position="과장"))


def letter_of(code, key, by) -> str:
    kind = kinds.get(code)
    row = outgoing.issue(outgoing.draft(kind, kind.get(key), {}, by=by), on=timezone.localdate(), by=by)
    return official.words(outgoing.words_of(row))


def last_letter(request, by) -> str:
    notice = request.notices.last()
    return letter_of(viewing.kind_of(notice), notice.pk, by)


def receipt(request, by) -> str:
    return letter_of("viewing_receipt", request.pk, by)


def test_a_receipt_promises_an_answer_only_while_one_is_owed(manager):
    waiting = situations.received(CameraFactory())
    due = DueDate.objects.get(subject_number=waiting.receipt_number).due_on
    assert f"{wording.day(due)}까지 답을 알려 드립니다" in receipt(waiting, manager)
    with time_machine.travel(timezone.now() + (due - timezone.localdate()) + timedelta(days=1), tick=True):
        assert "답을 알려 드립니다" not in receipt(waiting, manager), "a day that has passed is no promise"
    told = situations.told_about(CameraFactory(), manager)
    assert "답을 알려 드립니다" not in receipt(told, manager)
    sent_on = situations.received(CameraFactory())
    routes.transfer(sent_on, situations.letter(), to="disclosure", new_number="공개-1", by=manager)
    there = DueDate.objects.open().get(subject_number=sent_on.receipt_number).due_on
    assert f"{wording.day(there)}까지 답을 알려 드립니다" in receipt(sent_on, manager)


def test_a_receipt_says_of_each_camera_until_when_it_is_kept(manager, monkeypatch):
    told = situations.told_about(CameraFactory(), manager)
    words = receipt(told, manager)
    assert "열람하실 때까지" in words
    assert not MACHINE_DAY.search(words)
    Hold.objects.filter(requested_camera__request=told).update(released_at=timezone.now())
    assert "유예를 풀었습니다" in receipt(told, manager)
    monkeypatch.setattr(viewing, "_lines", lambda request: [])
    words = receipt(told, manager)
    assert "아래 표" not in words
    assert "되살릴" not in words


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        ("disclosure", "정보공개 청구로 온 것(공개-7)을"),
        ("petition", "민원으로 온 것(공개-7)을"),
        ("visit", ""),
    ],
)
def test_a_receipt_tells_by_which_door_it_came(manager, channel, says):
    request = situations.received(CameraFactory(), channel=channel, document_number="공개-7")
    words = receipt(request, manager)
    assert ("개인정보 보호법에 따른 열람등 청구로 처리합니다" in words) == bool(says)
    assert says in words


def test_the_boxes_of_form_9_are_those_of_the_viewing(manager):
    asked = situations.confirmed(CameraFactory(), manager, asks_viewing=False, asks_existence=True)
    situations.decided(asked, manager)
    notices.notify(asked, situations.letter(), by=manager)
    words = last_letter(asked, manager)
    assert "□ 열람 □ 일부열람 □ 열람연기 □ 열람거절 ■ 존재확인" in words
    none = situations.confirmed(CameraFactory(), manager)
    situations.looked_for(none, manager)
    situations.decided(none, manager, outcome="not_existing", reason="기간이 지남", proof="파기 기록")
    notices.notify(none, situations.letter(), by=manager)
    assert "□ 열람거절 ■ 영상 없음" in last_letter(none, manager)


def test_a_longer_answer_to_an_objection_is_told_with_its_day(manager):
    request = situations.refused_about(CameraFactory(), manager)
    remedy = situations.objected(request, manager)
    longer = objections.extend(remedy, situations.letter(reply="확인이 더 필요합니다."), days=5, by=manager)
    words = last_letter(request, manager)
    assert f"답할 기한: {wording.day(longer.due_on)}" in words
    situations.answered(remedy, manager)
    words = last_letter(request, manager)
    assert f"{wording.day(remedy.filed_on)} 접수, 대상: 결정" in words
    assert "기각" in words


def test_days_are_written_as_letters_write_them(manager):
    request = situations.received(CameraFactory())
    routes.transfer(request, situations.letter(), to="petition", new_number="민원-1", by=manager)
    letters = [last_letter(request, manager)]
    routes.take_back(request, situations.letter(), by=manager)
    letters.append(last_letter(request, manager))
    late = situations.confirmed(CameraFactory(), manager)
    until = timezone.localdate() + timedelta(days=5)
    postponement.postpone(
        late, situations.letter(), ground="masking", reason="가림 처리", until=until, by=manager
    )
    letters.append(last_letter(late, manager))
    assert wording.day(until) in letters[-1]
    for words in letters:
        assert not MACHINE_DAY.search(words), words
        assert not TWO_STOPS.search(words), words


def test_papers_of_a_provision_write_days_so_too(manager, monkeypatch):
    printed = []
    monkeypatch.setattr(
        official_pdf, "render", lambda document, **more: printed.append(official.words(document)) or b""
    )
    official_ = provisions.official()
    case = provisions.approved(CameraFactory(), official_)
    assert wording.day(case.use_until_on) in restrictions.draft(case)
    given = provisions.handed(case, official_)
    provision_letter.receipt(given)
    words = [*printed, letter_of("provision_restriction", case.pk, official_)]
    assert not [each for each in words if MACHINE_DAY.search(each)]


def test_a_paper_of_a_provision_follows_the_case_and_its_line(manager):
    officer = provisions.official()
    grounds = {
        "ground": provisions.ground("ordinance21", "2"),
        "national_ground": provisions.ground("pipa18", "2"),
        "legal_basis": "전자장치 부착 등에 관한 법률 제16조의3",
    }
    of_police = provisions.released(CameraFactory(), officer)
    of_law = provisions.released(CameraFactory(), officer, provisions.opinion(**grounds))
    urgent = provisions.released(CameraFactory(), officer, provisions.urgent_opinion())
    police, law = (letter_of("provision_restriction", each.pk, officer) for each in (of_police, of_law))
    assert "■ 부분공개 □ 비공개 (정보공개법 제9조제1항제4호)" in police
    assert "■ 부분공개 □ 비공개 (정보공개법 제9조제1항제6호)" in law
    assert "전결" in police
    assert "전결" not in letter_of("provision_restriction", urgent.pk, officer)
    assert "전결" not in letter_of("provision_chaser", of_police.pk, officer)


def test_only_what_goes_to_another_body_is_sent_on_by_the_procedures_act(manager):
    kept, gone = (situations.received(CameraFactory()) for _ in range(2))
    routes.transfer(kept, situations.letter(), to="petition", new_number="민원-1", by=manager)
    routes.transfer(gone, situations.letter(), to="other_body", new_number="경찰-1", by=manager)
    assert "행정절차법" not in last_letter(kept, manager).partition("이의제기 방법")[0]
    assert "「행정절차법」 제6조제1항에 따라 다음과 같이" in last_letter(gone, manager)


def test_that_there_is_none_and_that_it_was_closed_are_told_by_their_own_law(manager):
    gone = situations.looked_for(situations.confirmed(CameraFactory(), manager), manager)
    situations.decided(gone, manager, outcome="not_existing", reason="없음", proof="녹화되지 않음")
    notices.notify(gone, situations.letter(), by=manager)
    law = "운영 조례」 제22조제2항제2호, 「행정절차법」 제23조에 따라"
    assert law in last_letter(gone, manager)
    assert "시행령 제41조" not in last_letter(gone, manager)
    closed = situations.waited_for(situations.received(CameraFactory(), wants_web_notice=True))
    dismissal.dismiss([closed], reason="전화를 받지 않음", by=manager)
    assert "시행령」 제46조, 「표준 개인정보 보호지침」 제44조와 「행정절차법」" in last_letter(
        closed, manager
    )
    lapsed = situations.confirmed(CameraFactory(), manager)
    until = supplement.usual_day(timezone.localdate())
    supplement.ask(lapsed, situations.letter(), until=until, by=manager)
    lapsed.supplements.update(until_on=timezone.localdate() - timedelta(days=1))
    supplement.lapse(lapsed, situations.letter(), by=manager)
    assert "조례」 제22조와 「행정절차법」 제23조·제26조에 따라" in last_letter(lapsed, manager)


def test_a_letter_names_no_provision_that_nobody_compared(manager):
    from ordinance.unchecked import FROM_MEMORY

    request = situations.told_about(CameraFactory(), manager)
    words = [receipt(request, manager), last_letter(request, manager)]
    bodies = [f"{kind.subject} {kind.body}" for kind in kinds.KINDS.values()]
    assert ViewingRequest.objects.get().receipt_number in words[0]
    for provision in FROM_MEMORY:
        assert not [each for each in (*words, *bodies) if provision in each], provision


def test_a_part_is_told_with_its_own_provision_and_each_camera_with_its_ground(manager):
    request = situations.confirmed(CameraFactory(), manager)
    situations.secured(request, manager)
    national = Ground.objects.get(layer="pipa35", item="2")
    line = request.cameras.get()
    own = RangeAnswer(line.pk, "partly", reason="옆집이 비침", national_ground=national)
    decisions.decide(request, [Answer("viewing", "granted", ranges=(own,))], by=manager)
    notices.notify(request, situations.viewing_letter(), by=manager)
    words = last_letter(request, manager)
    assert "시행령 제41조제5항·제42조제1항에 따라" in words
    assert "■ 일부열람" in words
    assert f"{national} / 옆집이 비침" in words
    assert "① 수수료 0원" in words
