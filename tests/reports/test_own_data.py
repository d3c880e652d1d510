"""본인의 개인정보: found whole or not at all, and nobody else's is shown."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import held_about
from casework.held_about import Wanted
from ledger.models import Entry
from records.models import ViewingRequest
from reports import official
from reports.letters import kinds, outgoing, own_data
from reports.letters.kinds import NoLetter
from reports.models import OutgoingDocument
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import situations

pytestmark = pytest.mark.django_db
PROXY = {
    "requester_role": "proxy",
    "requester_name": "박대리",
    "requester_phone": "010-2222-3333",
    "requester_birth_date": "1980-02-02",
    "subject_name": "김주체",
    "subject_phone": "010-4444-5555",
    "subject_birth_date": "1990-01-31",
}


@pytest.fixture
def manager():
    department = DepartmentFactory(name="스마트도시과", phone="02-2600-0000")
    return OfficerFactory(role=Role.CCTV_MANAGER, department=department)


@pytest.fixture
def by_proxy():
    request = situations.received(CameraFactory())
    for name, value in PROXY.items():
        setattr(request, name, value)
    request.save()
    return request


def asked(**changes):
    empty = dict.fromkeys(("성명", "생년월일", "전화번호", "주소", "전자우편"), "")
    return {**empty, "성명": "김주체", "요구한 날": "2026. 11. 20.", "확인": "여권", **changes}


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        (Wanted("다른 이름", phone="010 4444 5555"), True),
        (Wanted("김 주체", birth_date="1990.01.31"), True),
        (Wanted("김주체"), False),
        (Wanted("김주체", birth_date="1990-02-01"), False),
        (Wanted("김주", birth_date="1990-01-31"), False),
        (Wanted("김주체", phone="4444"), False),
        (Wanted("", phone=""), False),
        # The name of the one with the day of birth of the other.
        (Wanted("김주체", birth_date="1980-02-02"), False),
    ],
)
def test_a_person_is_found_whole_or_not_at_all(by_proxy, wanted, is_found):
    assert bool(held_about.find(wanted)) == is_found


def test_of_two_persons_in_a_row_one_is_shown(by_proxy):
    (held,) = held_about.find(Wanted("김주체", birth_date="1990-01-31"))
    shown = dict(held.values)
    assert "김주체" in shown.values()
    assert "박대리" not in shown.values()
    assert "청구인 성명" in held.further
    assert held.subject == by_proxy.ledger_subject


def test_what_was_erased_is_not_found(by_proxy):
    ViewingRequest.objects.update(subject_name="", subject_phone="", subject_birth_date="")
    assert held_about.find(Wanted("김주체", phone="010-4444-5555", birth_date="1990-01-31")) == []


def test_the_answer_says_what_the_form_asks_and_the_ledger_names_nobody(by_proxy, manager):
    kind = kinds.get(own_data.CODE)
    draft = outgoing.draft(kind, None, asked(전화번호="010-4444-5555"), by=manager)
    row = outgoing.issue(draft, on=timezone.localdate(), by=manager)
    words = official.words(outgoing.words_of(row))
    for wanted in (
        "김주체",
        "수집·이용 목적",
        "보유·이용 기간",
        "제3자 제공",
        "동의한 사실",
        "1개 업무에서 1건",
    ):
        assert wanted in words
    assert "박대리" not in words
    assert "김주체" not in f"{row.subject}{row.receiver}"
    entry = Entry.objects.get(kind=own_data.SEARCHED)
    assert entry.content == {"found": {"viewing_request": 1}}
    nothing = outgoing.draft(kind, None, asked(), by=manager)
    assert "일치하는 귀하의 개인정보를 찾지 못했습니다" in str(nothing.items)


@pytest.mark.parametrize("phone", ["010-4444-5555", ""])
def test_the_answer_names_every_way_to_object_with_who_answers_for_it(by_proxy, manager, phone):
    """행정기본법 36, Procedures Act 26: also where nothing was found."""
    kind = kinds.get(own_data.CODE)
    closing = str(outgoing.draft(kind, None, asked(전화번호=phone), by=manager).matter.closing)
    for way in ("이의신청", "30일", "행정심판", "90일", "180일", "행정소송", "118", "분쟁조정"):
        assert way in closing
    assert "스마트도시과" in closing
    assert "02-2600-0000" in closing


def test_nothing_is_answered_without_somebody_to_turn_to(by_proxy):
    nobody = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone=""))
    with pytest.raises(NoLetter):
        outgoing.draft(kinds.get(own_data.CODE), None, asked(), by=nobody)
    assert not Entry.objects.filter(kind=own_data.SEARCHED).exists()


def test_only_the_manager_answers(client, by_proxy):
    url = reverse("documents:write", args=["own_data", 0])
    for role, code in ((Role.OFFICIAL, 403), (Role.COMMITTEE_SECRETARY, 403), (Role.CCTV_MANAGER, 200)):
        client.force_login(OfficerFactory(role=role))
        assert client.get(url).status_code == code
    assert not Entry.objects.filter(kind=own_data.SEARCHED).exists()
    assert not OutgoingDocument.objects.exists()
