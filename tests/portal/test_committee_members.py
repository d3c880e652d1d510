"""운영위원: screens of members and terms, and the public list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from committee import membership
from committee.models import Member, Term
from ledger.models import Entry
from ordinance.models import Parameter
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import seat, seated, who
from tests.records.people import competent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: dt.date(2026, 11, 20))


@pytest.fixture
def secretary(client):
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    return client


NEW = {
    "name": "한지우",
    "gender": "woman",
    "affiliation": "정보통신 기술사",
    "other_committees": "0",
    "email": "jiwoo@example.org",
    "ground": "expert",
    "from_on": "2026-12-01",
    "document_number": "안전관리과-77",
    "recruitment": "open",
}


def test_a_member_is_appointed_after_one_has_seen_what_follows(secretary):
    url = reverse("committee:member_add")
    shown = secretary.post(url, NEW).content.decode()
    assert "2026-12-01부터 2028-11-30까지" in shown
    assert not Member.objects.exists()
    answer = secretary.post(url, {**NEW, "step": "apply"}, follow=True).content.decode()
    term = Term.objects.get()
    assert (term.member.name, term.until_on) == ("한지우", dt.date(2028, 11, 30))
    assert "한지우 위원" in answer
    assert "jiwoo" not in answer
    refused = secretary.post(url, {**NEW, "document_number": " "}).content.decode()
    assert "문서번호" in refused
    assert Term.objects.count() == 1


def test_the_list_shows_the_committee_of_a_day_in_a_fixed_number_of_queries(secretary):
    url = reverse("committee:members")
    membership.appoint(who(), seat(), by=OfficerFactory())
    secretary.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        secretary.get(url)
    seated()
    with CaptureQueriesContext(connection) as several:
        text = secretary.get(url).content.decode()
    assert len(several) == len(one)
    assert "재적위원 8명" in text
    assert "임기 중인 위원이 없습니다" in secretary.get(url, {"on": "2025-01-01"}).content.decode()


def test_a_term_is_ended_renewed_and_substituted_on_screen(secretary):
    *_, expert, other = seated()
    end = {"on": "2026-11-30", "ground": "wish", "document_number": "공문-3", "step": "apply"}
    secretary.post(reverse("committee:term_end", args=[other.pk]), end)
    assert Term.objects.get(pk=other.pk).ended_on == dt.date(2026, 11, 30)
    url = reverse("committee:term_substitute", args=[other.pk])
    assert "보궐위원 위촉" in secretary.get(reverse("committee:term", args=[other.pk])).content.decode()
    secretary.post(url, {**NEW, "ground": "other", "step": "apply"})
    assert Term.objects.get(replaces=other).until_on == dt.date(2027, 12, 31)
    data = {
        "ground": "expert",
        "from_on": "2028-01-01",
        "document_number": "안전관리과-2",
        "recruitment": "exempt",
        "recruitment_reason": "연임",
        "step": "apply",
    }
    secretary.post(reverse("committee:term_renew", args=[expert.pk]), data)
    assert Term.objects.get(renews=expert).from_on == dt.date(2028, 1, 1)


def test_a_contact_is_read_for_a_purpose_only(secretary):
    member = seated()[5].member
    url = reverse("committee:member_contact", args=[member.pk])
    assert "인력 명부에 없어" in secretary.post(url, {"purpose": "notice"}).content.decode()
    assert not Entry.objects.filter(kind="committee.member_contact_read").exists()
    competent(Officer.objects.get(pk=secretary.session["_auth_user_id"]))
    assert "010-1234-5678" not in secretary.get(url).content.decode()
    answer = secretary.post(url, {"purpose": "notice"})
    assert "010-1234-5678" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert Entry.objects.filter(kind="committee.member_contact_read").count() == 1


def test_the_public_list_has_names_where_the_profile_says_so_and_never_a_contact(client):
    seated()
    url = reverse("website_committee")
    text = client.get(url).content.decode()
    assert "김서연" in text
    assert "010-1234" not in text
    assert "member@" not in text
    Parameter.objects.filter(code="committee_list_names").update(value=False)
    text = client.get(url).content.decode()
    assert "김서연" not in text
    assert "한국대학교 교수" in text
