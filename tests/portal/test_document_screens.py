"""공문 in the portal: a notice gets its letter and number, a letter is written, looked at and sent, words are changed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras import prior_consultation
from cameras.enums import CameraState
from casework import next_steps
from casework.refusals import Refused
from ledger.models import Entry
from records.models import ViewingRequest
from reports import official, official_pdf
from reports.letters import outgoing
from reports.letters.kinds import KINDS
from reports.models import LetterTemplate, OutgoingDocument
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras import life
from tests.cameras.life import upload
from tests.footage.factories import CameraFactory
from tests.records import provisions, situations
from tests.records.people import competent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(
        official_pdf,
        "render",
        lambda document, *, created, **more: b"%PDF" + official.words(document).encode(),
    )


@pytest.fixture
def manager():
    department = DepartmentFactory(name="스마트도시과", phone="02-2600-0000")
    return competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department))


@pytest.fixture
def desk(client, manager) -> Client:
    client.force_login(manager)
    return client


def notice(**changes):
    return {
        "on": f"{timezone.localdate():%Y-%m-%d}",
        "way": "post",
        "document_number": "",
        "reply": "보실 수 있습니다.",
        "viewing_at": f"{timezone.localtime() + timezone.timedelta(days=3):%Y-%m-%dT%H:%M}",
        "viewing_place": "관제센터",
    } | changes


def letter(by):
    asked = {"수신": "강서경찰서장", "제목": "알림", "본문": "알립니다.", "붙임": ""}
    return outgoing.issue(
        outgoing.draft(KINDS["general"], None, asked, by=by), on=timezone.localdate(), by=by
    )


def test_a_notice_without_a_number_gets_the_next_one_and_its_letter(desk, manager):
    request = situations.decided(situations.confirmed(CameraFactory(), manager), manager)
    url = reverse("viewing:notify", args=[request.pk])
    assert desk.post(url, notice(viewing_at="")).status_code == 200
    assert not OutgoingDocument.objects.exists()
    assert desk.post(url, notice()).status_code == 302
    told, row = request.notices.get(), OutgoingDocument.objects.get()
    assert told.document_number == row.number == "스마트도시과-1"
    assert "보실 수 있습니다." in official.words(outgoing.words_of(row))
    page = desk.get(reverse("viewing:request", args=[request.pk])).content.decode()
    assert reverse("documents:page", args=[row.pk]) in page
    assert "발송 전" in page


def test_a_notice_of_another_system_keeps_its_number(desk, manager):
    request = situations.decided(situations.confirmed(CameraFactory(), manager), manager)
    desk.post(reverse("viewing:notify", args=[request.pk]), notice(document_number="온나라-77"))
    assert request.notices.get().document_number == "온나라-77"
    assert not OutgoingDocument.objects.exists()


def test_a_letter_is_seen_before_it_has_a_number(desk, manager):
    url = reverse("documents:write", args=["general", 0])
    given = {
        "on": f"{timezone.localdate():%Y-%m-%d}",
        "ask_0": "강서경찰서장",
        "ask_1": "회의 알림",
        "ask_2": "1. <script>첫째\n가. 둘째",
        "ask_3": "회의 자료",
        "disclosure": "비공개",
        "disclosure_ground": "",
        "approver": manager.pk,
        "mark": "전결",
    }
    assert "근거를 적으십시오" in desk.post(url, given).content.decode()
    given["disclosure_ground"] = "정보공개법 제9조제1항제5호"
    seen = desk.post(url, given).content.decode()
    assert "붙임  회의 자료 1부.  끝." in seen
    assert "&lt;script&gt;첫째" in seen
    assert not OutgoingDocument.objects.exists()
    answer = desk.post(url, given | {"step": "apply"})
    row = OutgoingDocument.objects.get()
    assert answer.url == reverse("documents:page", args=[row.pk])
    assert row.subject == "회의 알림"
    words = official.words(outgoing.words_of(row))
    assert "전결" in words
    assert "■ 비공개 (정보공개법 제9조제1항제5호)" in words


def test_it_is_sent_with_its_proof_and_stays(desk, manager):
    row = letter(manager)
    url = reverse("documents:send", args=[row.pk])
    assert "되돌릴 수 없습니다" in desk.get(url).content.decode()
    given = {"way": "post", "on": f"{timezone.localdate():%Y-%m-%d}", "proof": ""}
    assert "등기번호" in desk.post(url, given).content.decode()
    assert OutgoingDocument.objects.get().is_waiting
    assert desk.post(url, given | {"proof": "등기 1-2-3"}).status_code == 302
    page = desk.get(reverse("documents:page", args=[row.pk])).content.decode()
    assert "등기 1-2-3" in page
    assert OutgoingDocument.objects.get().pdf_sha256 in page
    assert reverse("documents:send", args=[row.pk]) not in page
    assert desk.get(reverse("documents:pdf", args=[row.pk])).content.startswith(b"%PDF")
    assert desk.get(reverse("documents:hwpx", args=[row.pk])).content.startswith(b"PK")
    assert Entry.objects.filter(kind=outgoing.OPENED).count() == 2


def test_what_is_not_sent_keeps_its_line(desk, manager):
    row = letter(manager)
    url = reverse("documents:void", args=[row.pk])
    assert desk.post(url, {"reason": ""}).status_code == 200
    assert desk.post(url, {"reason": "다른 공문으로 보냄"}).status_code == 302
    assert "다른 공문으로 보냄" in desk.get(reverse("documents:page", args=[row.pk])).content.decode()


def test_a_letter_about_a_person_is_for_those_who_deal_with_it(client, manager):
    request = situations.told_about(CameraFactory(), manager)
    kind = KINDS["viewing_decision"]
    source = kind.get(request.notices.get().pk)
    row = outgoing.issue(outgoing.draft(kind, source, {}, by=manager), on=timezone.localdate(), by=manager)
    name = ViewingRequest.objects.get().requester_name
    for role, code in ((Role.OFFICIAL, 200), (Role.COMMITTEE_SECRETARY, 403), (Role.AUDITOR, 403)):
        client.force_login(OfficerFactory(role=role))
        for view in ("documents:pdf", "documents:hwpx"):
            assert client.get(reverse(view, args=[row.pk])).status_code == code
        page = client.get(reverse("documents:page", args=[row.pk])).content.decode()
        assert name not in page
        assert name not in client.get(reverse("documents:list")).content.decode()
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    for view in ("documents:send", "documents:void"):
        assert client.post(reverse(view, args=[row.pk]), {"reason": "x"}).status_code == 403
    assert client.get(reverse("documents:write", args=["viewing_receipt", request.pk])).status_code == 403
    assert OutgoingDocument.objects.get().is_waiting


def test_words_are_changed_after_a_look(desk, manager, client):
    url = reverse("documents:template", args=["general"])
    given = {"subject": "{제목}", "body": "{본문}\n2. 문의: 담당자", "reason": "문의처 추가"}
    wrong = desk.post(url, given | {"body": "{본문} {이름}"}).content.decode()
    assert "모르는 자리표입니다: {이름}" in wrong
    seen = desk.post(url, given).content.decode()
    assert "문의: 담당자" in seen
    assert not LetterTemplate.objects.exists()
    assert desk.post(url, given | {"step": "apply"}).status_code == 302
    assert "제1판" in desk.get(url).content.decode()
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.get(url).status_code == 200
    assert client.post(url, given | {"step": "apply"}).status_code == 403
    assert LetterTemplate.objects.count() == 1


def test_the_register_finds_and_asks_the_same_whatever_its_length(
    desk, manager, django_assert_max_num_queries, django_assert_num_queries
):
    first = letter(manager)
    url = reverse("documents:list")
    desk.get(url)
    with django_assert_max_num_queries(40) as asked:
        desk.get(url)
    for _ in range(4):
        letter(manager)
    with django_assert_num_queries(len(asked)):
        desk.get(url)
    outgoing.void(first, reason="x", by=manager)
    found = desk.get(url, {"state": "voided"}).content.decode()
    assert "스마트도시과-1<" in found
    assert "스마트도시과-2<" not in found
    answer = desk.post(reverse("documents:export"), {"purpose": "inspection", "format": "csv", "detail": ""})
    assert len(b"".join(answer.streaming_content).decode().strip().splitlines()) == 6


def test_a_ledger_shows_persons_after_a_purpose_and_leaves_in_each_format(desk, manager):
    request = situations.told_about(CameraFactory(), manager)
    situations.shown(request, manager)
    request = ViewingRequest.objects.get()
    url = reverse("official_ledgers:home")
    page = desk.get(url).content.decode()
    assert request.receipt_number in page
    assert request.requester_name not in page
    assert request.requester_name not in desk.post(url, {"purpose": ""}).content.decode()
    assert request.requester_name in desk.post(url, {"purpose": "inspection"}).content.decode()
    assert request.receipt_number not in desk.get(url, {"kind": "provision"}).content.decode()
    take = reverse("official_ledgers:take", args=["personal-video"])
    for ending, start in ((".hwpx", b"PK"), (".xlsx", b"PK"), (".csv", b"\xef\xbb\xbf")):
        answer = desk.post(take, {"purpose": "inspection", "format": ending})
        assert answer.content.startswith(start)
        assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(kind="reports.official_ledger_made").count() == 3
    assert desk.post(take, {"purpose": "", "format": ".csv"}).status_code == 200
    wrong = desk.get(url, {"from_on": "2026-12-01", "until_on": "2026-01-01"}).content.decode()
    assert "끝 날이 시작 날보다 앞섭니다." in wrong


def test_a_consultation_is_replied_to_under_the_next_number(client):
    manager = life.responsible_manager()
    client.force_login(manager)
    project = life.ProjectFactory()
    life.join(project, CameraFactory(state=CameraState.PLANNED))
    consultation = prior_consultation.ask(
        project, plan="방범", request_document="공원녹지과-1", on=life.FILED_ON, by=project.opened_by
    )
    given = {
        "reply": "agree",
        "reply_text": "알맞습니다.\n문제가 없습니다.",
        "reply_document": "",
        "replied_on": f"{timezone.localdate():%Y-%m-%d}",
        "step": "apply",
    }
    assert client.post(reverse("prior_consultation:reply", args=[consultation.pk]), given).status_code == 302
    consultation.refresh_from_db()
    row = OutgoingDocument.objects.get()
    assert consultation.reply_document == row.number == f"{manager.department.name}-1"
    words = official.words(outgoing.words_of(row))
    assert "1) 알맞습니다." in words
    assert "2) 문제가 없습니다." in words
    assert f"{manager.department.name}장" in words
    page = client.get(reverse("prior_consultation:page", args=[consultation.pk])).content.decode()
    assert reverse("documents:page", args=[row.pk]) in page


def test_the_evidence_of_a_letter_is_for_who_deals_with_its_matter(desk, manager, client):
    """The slip of a registered letter bears a citizen's name: the register does not, and is for more people."""
    request = situations.decided(situations.confirmed(CameraFactory(), manager), manager)
    desk.post(reverse("viewing:notify", args=[request.pk]), notice())
    row = OutgoingDocument.objects.get()
    slip = upload("slip.pdf")
    outgoing.send(row, way="post", on=timezone.localdate(), proof="1234", files=[slip], by=manager)
    url = reverse("attachments:download", args=[row.attachments.get().pk])
    assert desk.get(url).status_code == 200
    for role in (Role.COMMITTEE_SECRETARY, Role.AUDITOR):
        client.force_login(OfficerFactory(role=role))
        assert client.get(reverse("documents:page", args=[row.pk])).status_code == 200
        assert client.get(url).status_code == 403


def test_a_letter_that_has_not_left_is_the_next_step_of_its_matter(desk, manager):
    request = situations.decided(situations.confirmed(CameraFactory(), manager), manager)
    desk.post(reverse("viewing:notify", args=[request.pk]), notice())
    row = OutgoingDocument.objects.get()
    request.refresh_from_db()
    step = next_steps.of(request, timezone.now())
    assert (step.url_name, step.url_args, step.due_on) == ("documents:send", (row.pk,), row.on)
    assert step.is_for(manager)
    assert not step.is_for(OfficerFactory(role=Role.COMMITTEE_SECRETARY)), (
        "who deals with no requests sends none"
    )
    page = desk.get(reverse("viewing:request", args=[request.pk])).content.decode()
    assert f"다음: {step.verb}" in page
    outgoing.send(row, way="post", on=row.on, proof="등기 1", by=manager)
    assert next_steps.of(request, timezone.now()).verb == "열람을 기다림"


def test_nothing_is_handed_over_before_the_letter_that_asks_for_restrictions_has_left(desk, manager):
    provision = provisions.approved(CameraFactory(), manager)
    url = reverse("provision:restrict", args=[provision.pk])
    given = {
        "text": "다시 제공하지 않습니다.",
        "document_number": "",
        "on": f"{timezone.localdate():%Y-%m-%d}",
    }
    answer = desk.post(url, given)
    assert answer.status_code == 302, answer.context["form"].errors
    provision.refresh_from_db()
    row = OutgoingDocument.objects.get()
    assert next_steps.of(provision, timezone.now()).url_args == (row.pk,)
    with pytest.raises(Refused, match="아직 보내지 않았습니다"):
        provisions.handed(provision, manager)
    outgoing.send(row, way="post", on=row.on, proof="등기 1", by=manager)
    assert next_steps.of(provision, timezone.now()).verb == "인계하기"
    assert provisions.handed(provision, manager)
