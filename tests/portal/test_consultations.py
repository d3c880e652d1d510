"""The office's side of consultations: drafting, publishing, opinions, persons, result, documents."""

import datetime as dt
import io
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Officer
from accounts.roles import Role
from cameras.consultation import answers, exemption, moderation, publishing
from cameras.consultation.opinions import Answer
from cameras.consultation.period import minimum
from cameras.enums import PaperKind
from cameras.models import Opinion, OpinionAnswer, OpinionPersonReading, Paper, PublicConsultation
from casework import attachments
from ledger.models import Entry
from reports.documents import consultation_result
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import (
    PUBLISHED_AT,
    make_draft,
    make_opinion,
    make_project,
    make_published,
    make_running,
    make_survey,
    publish_result,
    running_period,
    seoul,
    upload,
)
from tests.records.people import competent
from tests.reports import pdf_checks

pytestmark = pytest.mark.django_db
PERSON = ("홍길동", "010-1234-5678")


@pytest.fixture
def manager() -> Officer:
    return OfficerFactory(role=Role.CCTV_MANAGER)


@pytest.fixture
def office(client: Client, manager: Officer) -> Client:
    client.force_login(competent(manager))
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"consultation:{name}", args=args)


def text_of(answer: Any) -> str:
    return answer.content.decode()


def ended(**changes: Any) -> PublicConsultation:
    start = seoul("2026-01-05T10:00:00")
    return make_published(now=start, opens_at=start, closes_at=seoul("2026-02-10T00:00:00"), **changes)


def opinion_of(consultation: PublicConsultation, text: str = "의견", **given: Any) -> Opinion:
    return make_opinion(consultation, text, at=seoul("2026-01-06T10:00:00"), **given)


# -- drafting and publishing ----------------------------------------------------------------------------------


def draft_fields(**changes: Any) -> dict[str, Any]:
    last_on = timezone.localdate() + dt.timedelta(days=40)
    return {
        "project": make_project().pk,
        "method": "administrative_notice",
        "title": "화곡동 카메라 설치 행정예고",
        "text": "밤길 안전",
        "places": "구보",
        "opens_at": "",
        "last_on": last_on.isoformat(),
        **changes,
    }


def test_from_the_first_draft_to_the_published_notice(office):
    answer = office.post(url("add"), draft_fields())
    draft = PublicConsultation.objects.get()
    assert answer.headers["Location"] == url("page", draft.pk)
    page = text_of(office.get(url("page", draft.pk)))
    assert "셈한 방법" in page
    assert "20일" in page
    office.post(url("files", draft.pk), {"upload": upload("계획.pdf")})
    office.post(url("question_add", draft.pk), {"text": "찬성?", "choices": "예\n아니요"})
    assert draft.attachments.count() == draft.questions.count() == 1
    asked = text_of(office.get(url("publish", draft.pk)))
    assert "고치거나 거둘 수 없습니다" in asked
    draft.refresh_from_db()
    assert draft.published_at is None  # asking publishes nothing
    office.post(url("publish", draft.pk))
    draft.refresh_from_db()
    assert draft.published_at
    assert office.get(f"/consultations/{draft.number}/").status_code == 200


def test_a_draft_begins_with_what_is_known_and_its_project_says_that_it_is_one(office):
    project = make_project()
    form = office.get(url("add"), {"project": project.pk}).context["form"]
    shortest = minimum("administrative_notice", timezone.now())
    assert form["title"].value() == f"{project.title} 의견수렴"
    assert form["last_on"].value() == shortest.last_on
    office.post(url("add"), draft_fields(project=project.pk, last_on=shortest.last_on.isoformat()))
    page = text_of(office.get(reverse("projects:page", args=[project.pk]), {"all": 1}))
    assert "아직 공고하지 않음" in page
    assert f"~ {shortest.last_on:%Y-%m-%d}" in page


def test_a_period_too_short_is_named_before_and_at_publishing(office):
    last_on = (timezone.localdate() + dt.timedelta(days=5)).isoformat()
    kept = office.post(url("add"), draft_fields(last_on=last_on), follow=True)
    assert "아직 공고할 수 없습니다" in " ".join(str(each) for each in kept.context["messages"])
    draft = PublicConsultation.objects.get()
    assert "공고하려면 고칠 것: 기간이 20일보다 짧습니다" in text_of(office.get(url("edit", draft.pk)))
    for page in (office.get(url("page", draft.pk)), office.post(url("publish", draft.pk))):
        assert "20일보다 짧습니다" in text_of(page)
    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_on": "2020-01-01"}, "last_on"),
        ({"last_on": "어제"}, "last_on"),
        ({"title": "\x00"}, "title"),
        ({"title": "가" * 201}, "title"),
        ({"method": "vote"}, "method"),
        ({"project": "999999"}, "project"),
        ({"opens_at": "2026-99-99T00:00"}, "opens_at"),
    ],
)
def test_a_wrong_draft_keeps_what_was_typed(office, changes, field):
    answer = office.post(url("add"), draft_fields(**changes))
    assert field in answer.context["form"].errors
    assert "밤길 안전" in text_of(answer)
    assert not PublicConsultation.objects.exists()


def test_a_published_notice_is_not_changed_through_any_screen(office):
    published = make_running()
    before = PublicConsultation.objects.values().get()
    for name, data in [
        ("edit", draft_fields(title="다른 제목")),
        ("files", {"upload": upload()}),
        ("question_add", {"text": "또?", "choices": ""}),
        ("discard", {}),
        ("publish", {}),
    ]:
        assert office.post(url(name, published.pk), data).status_code in {200, 302}
    office.post(url("part_remove", published.pk, "question", 1))
    assert PublicConsultation.objects.values().get() == before
    assert not published.questions.exists()
    assert not published.attachments.exists()


def test_only_the_manager_tells_the_public(client):
    draft = make_draft(**running_period(0))
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    for name in ("publish", "extend", "close"):
        assert client.post(url(name, draft.pk)).status_code == 403
    draft.refresh_from_db()
    assert draft.published_at is None


def test_extending_and_closing_ask_for_a_reason(office):
    published = make_running()
    later = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    assert "reason" in office.post(url("extend", published.pk), {"last_on": later}).context["form"].errors
    office.post(url("extend", published.pk), {"last_on": later, "reason": "게시판 공사"})
    assert published.extensions.count() == 1
    warning = text_of(office.get(url("close", published.pk)))
    assert "최소 기간 20일" in warning
    assert "reason" in office.post(url("close", published.pk), {"reason": ""}).context["form"].errors
    office.post(url("close", published.pk), {"reason": "계획 취소"})
    published.refresh_from_db()
    assert published.closed_early_at
    assert "게시판 공사" in text_of(office.get(f"/consultations/{published.number}/"))


def test_skipping_a_consultation_is_warned_of(office, manager):
    project = make_project()
    Paper.objects.create(
        kind=PaperKind.CONSULTATION_EXEMPTION,
        on=dt.date(2026, 5, 1),
        document_number="안전관리과-77",
        project=project,
        filed_by=manager,
    )
    page = text_of(office.get(url("list")))
    assert "안전관리과-77" in page
    assert exemption.warning() in page
    assert "시행령 제23조" in exemption.warning()
    assert exemption.warning() in text_of(office.get(url("add")))


# -- opinions -------------------------------------------------------------------------------------------------


def test_lists_cost_the_same_for_one_and_for_many(office):
    published = ended()
    opinion_of(published)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(address).status_code == 200
        return len(captured)

    pages = (
        url("list"),
        url("opinions", published.pk),
        url("result", published.pk),
        url("page", published.pk),
    )
    made = answers.answer(
        published, [published.opinions.get().pk], decision="noted", text="x", by=published.made_by
    )
    for address in pages:
        queries(address)
    # All are answered, before and after: the next step is the same.
    few = [queries(address) for address in pages]
    for n in range(12):
        opinion_of(published, f"의견 {n}")
        ended()
    published.opinions.update(answer=made)
    assert [queries(address) for address in pages] == few


def test_the_filter_finds_and_nonsense_narrows_nothing(office):
    published = ended()
    first, second = opinion_of(published, "가로등"), opinion_of(published, "골목길")
    moderation.hide(second, reason="욕설", notice="안내", by=published.made_by)
    address = url("opinions", published.pk)
    for query, expected in [
        ("q=가로등", {first.pk}),
        ("state=hidden", {second.pk}),
        ("state=waiting", {first.pk, second.pk}),
        ("state=answered", set()),
        ("channel=post", set()),
        ("state=nonsense&page=99999", {first.pk, second.pk}),
    ]:
        links = office.get(f"{address}?{query}").context["links"]
        assert {row.pk for row in links.page.object_list} == expected, query


def test_like_opinions_are_answered_together(office):
    published = ended()
    rows = [opinion_of(published, f"가로등 {n}") for n in range(3)]
    other = opinion_of(published, "다른 의견")
    address = url("opinions", published.pk)
    wrong = office.post(address, {"opinion": [rows[0].pk], "decision": "accepted", "text": " "})
    assert "text" in wrong.context["answer_form"].errors
    assert wrong.context["ticked"] == [rows[0].pk]
    nothing = office.post(address, {"decision": "accepted", "text": "반영"})
    assert "하나 이상" in text_of(nothing)
    office.post(f"{address}?q=가로등", {"decision": "accepted", "text": "반영합니다", "all_matching": "on"})
    assert Opinion.objects.filter(answer__isnull=False).count() == 3
    other.refresh_from_db()
    assert other.answer is None
    assert OpinionAnswer.objects.count() == 1


def test_hiding_asks_for_reason_and_notice(office):
    opinion = opinion_of(ended(), "욕설")
    assert "notice" in office.post(url("hide", opinion.pk), {"reason": "욕설"}).context["hide_form"].errors
    office.post(url("hide", opinion.pk), {"reason": "욕설", "notice": "고쳐 주세요"})
    opinion.refresh_from_db()
    assert opinion.is_hidden
    office.post(url("show", opinion.pk))
    opinion.refresh_from_db()
    assert not opinion.is_hidden


def test_a_name_is_masked_until_somebody_says_why(office):
    opinion = opinion_of(ended(), name=PERSON[0], contact=PERSON[1], upload=upload())
    consultation = opinion.consultation
    for address in (
        url("opinion", opinion.pk),
        url("opinions", consultation.pk),
        url("page", consultation.pk),
        url("result", consultation.pk),
    ):
        page = text_of(office.get(address))
        assert not any(part in page for part in PERSON), address
    assert "가려짐" in text_of(office.get(url("opinion", opinion.pk)))
    refused = office.post(url("person", opinion.pk), {"purpose": "other"})
    assert "구체적인 사유" in text_of(refused)
    assert PERSON[0] not in text_of(refused)
    assert not OpinionPersonReading.objects.exists()
    shown = office.post(url("person", opinion.pk), {"purpose": "contact"})
    assert all(part in text_of(shown) for part in PERSON)
    assert "no-store" in shown.headers["Cache-Control"]
    assert Entry.objects.filter(kind="cameras.opinion_person_read").count() == 1
    assert PERSON[0] not in text_of(office.get(url("opinion", opinion.pk)))


def test_the_auditor_sees_opinions_but_no_person(client):
    opinion = opinion_of(ended(), name=PERSON[0])
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    assert client.get(url("opinion", opinion.pk)).status_code == 200
    assert client.post(url("person", opinion.pk), {"purpose": "inspection"}).status_code == 403
    assert not OpinionPersonReading.objects.exists()


def test_a_senders_file_is_a_download_for_officers_only(office, client):
    opinion = opinion_of(ended(), upload=upload("의견서.pdf"))
    assert office.get(url("opinion_file", opinion.pk)).url == url("opinion", opinion.pk)
    shown = text_of(office.post(url("person", opinion.pk), {"purpose": "contact"}))
    answer = office.get(unescape(re.search(r'href="([^"]+/file/\?pass=[^"]+)"', shown)[1]))
    content = attachments.content_of(opinion.attachment)
    assert answer.getvalue() == content
    entry = Entry.objects.get(kind="cameras.opinion_file_read")
    assert entry.content["sha256"] == opinion.attachment.sha256
    with opinion.attachment.file.open("rb") as stored:
        assert content not in stored.read()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    client.logout()
    assert client.get(url("opinion_file", opinion.pk)).status_code == 302


def test_an_opinion_by_post_is_entered_with_its_receipt(office):
    published = make_running()
    fields = {
        "channel": "post",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S"),
        "text": "우편으로 보냅니다",
        "name": PERSON[0],
    }
    wrong = office.post(url("enter", published.pk), {**fields, "received_at": "2020-01-01T00:00:00"})
    assert "received_at" in wrong.context["form"].errors
    assert "우편으로 보냅니다" in text_of(wrong)
    page = text_of(office.post(url("enter", published.pk), fields))
    opinion = Opinion.objects.get()
    assert opinion.receipt_secret in page
    assert PERSON[0] not in page
    assert opinion.receipt_secret not in text_of(office.get(url("opinion", opinion.pk)))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "👩‍👩‍👧 =1+1", "{% debug %}"])
def test_hostile_texts_come_out_as_text(office, text):
    opinion = opinion_of(ended(), text)
    for address in (url("opinion", opinion.pk), url("opinions", opinion.consultation_id)):
        assert "<script>alert" not in text_of(office.get(address))


# -- result ---------------------------------------------------------------------------------------------------


def test_the_result_waits_for_the_close_and_for_every_answer(office):
    published = make_running()
    opinion = make_opinion(published, at=timezone.now())
    assert "끝난 뒤" in text_of(office.post(url("result_publish", published.pk)))
    publishing.close_early(published, reason="끝", by=published.made_by)
    assert "1건" in text_of(office.post(url("result_publish", published.pk)))
    office.post(url("answer", opinion.pk), {"decision": "noted", "text": "참고합니다"})
    assert "전문가의 의견을 들은 기록이 없습니다" in text_of(office.post(url("result_publish", published.pk)))
    heard = {
        "who": "가상대학교 교수, 도시방범",
        "heard_on": timezone.localdate(),
        "said": "적절합니다",
        "document_number": "안전관리과-55",
    }
    office.post(url("expert_add", published.pk), heard)
    office.post(url("result", published.pk), {"text": "결과 글"})
    assert "결과 글" in text_of(office.get(url("result_publish", published.pk)))
    published.refresh_from_db()
    assert published.result_published_at is None
    office.post(url("result_publish", published.pk))
    published.refresh_from_db()
    assert published.result_text == "결과 글"
    assert "참고합니다" in text_of(office.get(f"/consultations/{published.number}/"))


def survey_with_result() -> PublicConsultation:
    published = make_survey()
    question = published.questions.first()
    free = published.questions.last()
    given = {question.pk: Answer((0,)), free.pk: Answer(text="=HYPERLINK(1)")}
    at = PUBLISHED_AT + dt.timedelta(hours=1)
    one = make_opinion(
        published, "=cmd|' /C calc'!A0", answers=given, name=PERSON[0], contact=PERSON[1], at=at
    )
    two = make_opinion(published, "가릴 글 🎉", answers={question.pk: Answer((1,))}, at=at)
    moderation.hide(two, reason="욕설", notice="안내", by=published.made_by)
    answers.answer(published, [one.pk, two.pk], decision="noted", text="참고합니다", by=published.made_by)
    return publish_result(published)


def cells(content: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(content))
    found = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                found.append(str(cell.value or ""))
    return found


def test_the_workbook_has_counts_and_no_person_and_runs_nothing():
    text = "\n".join(cells(consultation_result.xlsx_of(survey_with_result())))
    for wanted in ("화곡동 방범 카메라 설치", "찬성", "참고합니다", "비공개 처리 (사유: 욕설)", "\n=cmd"):
        assert wanted in text, wanted
    for leaked in (*PERSON, "가릴 글"):
        assert leaked not in text, leaked


def test_the_pdf_says_what_the_committee_needs_and_nobody():
    reader = pdf_checks.read(consultation_result.pdf_of(survey_with_result()))
    pdf_checks.assert_archivable(reader)
    text = "".join("".join(page.extract_text().split()) for page in reader.pages).replace("\u2060", "")
    for wanted in ("의견수렴결과", "설문집계", "참고합니다", "비공개처리"):
        assert wanted in text, wanted
    for leaked in (*PERSON, "가릴글"):
        assert leaked not in text, leaked


def test_documents_exist_once_it_is_over(office):
    running = make_running()
    assert office.get(url("document", running.pk, "xlsx")).status_code == 404
    over = ended()
    assert office.get(url("document", over.pk, "exe")).status_code == 404
    assert "출력 목적" in office.get(url("document", over.pk, "xlsx")).content.decode()
    answer = office.post(url("document", over.pk, "xlsx"), {"purpose": "committee", "format": "xlsx"})
    line = Entry.objects.get(kind="portal.exported").content
    assert (line["list"], line["purpose"]) == ("의견수렴결과", "committee")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "공고 전" in cells(answer.content)
