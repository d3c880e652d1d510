"""파일의 확인: every finished paper that left the portal is known by its digest, and a draft is not."""

import datetime as dt
import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from committee import attendance, minutes, resolutions
from ledger.models import Entry
from records.models import ItemResult
from records.self_inspection import inspecting, items
from reports.documents import official_ledger
from reports.handed_out import HANDED_OUT, TITLES, Paper
from reports.yearly import papers
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import of_item, planned, recorded, seated
from website.views import check_file

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def manager(client):
    officer = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(officer)
    return officer


def taken(client, address: str, *arguments) -> str:
    """The digest of what was downloaded."""
    answer = client.get(reverse(address, args=arguments))
    assert answer.status_code == 200
    return hashlib.sha256(answer.content).hexdigest()


def told(digest: str) -> str:
    said = Client().get(reverse("website_check_digest", args=[digest])).json()
    return said["what"] if said["is_found"] else ""


def test_a_yearly_paper_is_known_once_it_is_finished(client, manager):
    year = timezone.localdate().year - 1
    at = ("yearly:document", year, "impact")
    assert told(taken(client, *at)) == ""
    papers.finish("impact", year, words="그대로다.", by=manager)
    digest = taken(client, *at)
    assert told(digest) == f"연간 문서 {year}년 설치목적별 영향 요약 제1판"
    assert taken(client, *at) == digest
    assert Entry.objects.of_kind(HANDED_OUT).count() == 1


def test_a_self_inspection_is_known_once_it_is_signed_off(client, manager):
    year = timezone.localdate().year - 1
    inspection = inspecting.begin(year, by=manager)
    at = ("self_inspection:document", inspection.pk, "pdf")
    assert told(taken(client, *at)) == ""
    for item in items.ITEMS:
        inspecting.finish_item(inspection, item.code, result=ItemResult.IN_ORDER, words="", by=manager)
    inspecting.sign_off(inspection, opinion="이상 없음", by=manager)
    assert told(taken(client, *at)) == f"자체점검표 {year}-1"


def test_papers_of_the_committee_are_known_and_a_draft_of_minutes_is_not(client, manager):
    terms = seated(manager)
    row = recorded()
    assert told(taken(client, "committee:resolution_pdf", row.pk)) == f"운영위원회 의결서 {row.number}"
    meeting = planned(by=manager)
    assert told(taken(client, "committee:packet_pdf", meeting.pk)) == f"운영위원회 회의 자료 {meeting.number}"
    copy = taken(client, "committee:packet_copy", meeting.pk, terms[0].pk)
    assert told(copy) == f"운영위원회 회의 자료 {meeting.number}"
    meeting = attendance.record(meeting, [term.pk for term in terms], by=manager, today=TODAY)
    for item in meeting.items.all():
        resolutions.record(meeting, of_item(item, (7, 0, 0)), by=manager, today=TODAY)
    shown = minutes.begin(meeting, by=manager)
    assert told(taken(client, "committee:minutes_pdf", shown.pk)) == ""
    for term in terms[:2]:
        minutes.confirm_on_paper(shown, term, on=TODAY, by=manager, today=TODAY)
    minutes.lock(shown, by=manager)
    assert told(taken(client, "committee:minutes_pdf", shown.pk)) == f"운영위원회 회의록 {meeting.number}"


def test_an_official_ledger_is_known(db):
    made = official_ledger.make(
        official_ledger.Name.PERSONAL_VIDEO, TODAY, TODAY, ".csv", actor="system:test"
    )
    assert told(made.sha256) == "관리대장"


def test_each_kind_of_paper_has_a_name_in_both_languages():
    assert set(TITLES) == set(Paper)
    for title in [*TITLES.values(), *check_file.KINDS.values()]:
        with translation.override("en"):
            english = str(title)
        assert english.isascii(), title
