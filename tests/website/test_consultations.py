"""Consultations on the public site: what is shown, who may send what, and what never gets out."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from cameras.consultation import answers, drafting, moderation, publishing
from cameras.enums import ConsultationMethod
from cameras.models import Opinion
from casework.models import Attachment
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import (
    make_draft,
    make_opinion,
    make_project,
    make_published,
    make_running,
    publish_result,
    running_period,
    seoul,
    upload,
)
from tests.website.walking import walk
from website import floods
from website.models import FloodMark, FormDraft

pytestmark = pytest.mark.django_db
URL = "/consultations/{}/"


def send(
    client: Client, number: str, text: str = "찬성합니다.", *, address: str = "10.1.1.1", **fields: Any
) -> Any:
    """Through all pages, as a citizen does; `until` and `checked` as for `walk`."""
    how = {name: fields.pop(name) for name in ("until", "checked") if name in fields}
    return walk(client, URL.format(number), {"text": text, **fields}, REMOTE_ADDR=address, **how)


def kept_files() -> list[str]:
    return [draft.photo for draft in FormDraft.objects.all() if draft.photo]


# -- what is shown --------------------------------------------------------------------------------------------


def test_drafts_do_not_exist_for_the_public(client):
    draft = make_draft(**running_period())
    drafting.attach(draft, [upload()], by=draft.made_by)
    file = draft.attachments.get()
    assert draft.title not in client.get("/consultations/").content.decode()
    for path in ("", "points.json?bbox=126,37,127,38", f"files/{file.pk}/"):
        assert client.get(f"/consultations/{draft.number}/{path}").status_code == 404
        assert client.get(f"/consultations/preview/{draft.number}/{path}").status_code == 404
    assert client.post(URL.format(draft.number), {"text": "x"}).status_code == 404
    assert not Opinion.objects.exists()


def test_officers_preview_what_citizens_will_see(client):
    draft = make_draft(**running_period(0))
    drafting.add_question(draft, "찬성하십니까?", choices=["예", "아니요"])
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    assert client.get(f"/consultations/preview/{draft.number}/").status_code == 404
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    shown = client.get(f"/consultations/preview/{draft.number}/").content.decode()
    points = client.get(f"/consultations/preview/{draft.number}/points.json?bbox=126,37,127,38").json()
    assert points["total"] == 2
    publishing.publish(draft, by=draft.made_by)
    real = client.get(URL.format(draft.number)).content.decode()
    for text in ("밤길 안전", "화곡로", "강서구보", "찬성하십니까?", "행정절차법 제46조제3항"):
        assert text in shown, text
        assert text in real, text


def test_the_page_says_what_where_why_until_when_and_how(client):
    published = make_running()
    text = client.get(URL.format(published.number)).content.decode()
    for wanted in (
        "밤길 안전을 위하여",
        published.notice["sites"][0]["address"],
        "방범",
        published.notice["closes_text"],
        "02-2600-6114",
        "조례 제8조",
        "기간을 셈한 방법",
    ):
        assert wanted in text, wanted
    asked = send(client, published.number, until="person").content.decode()
    for wanted in ("거부할 권리", "끝난 날부터 180일"):
        assert wanted in asked, wanted
    assert published.notice["title"] in client.get("/consultations/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/consultations/").status_code == 200
        return len(captured)

    make_running()
    make_published(
        now=seoul("2026-01-05T10:00:00"),
        opens_at=seoul("2026-01-05T10:00:00"),
        closes_at=seoul("2026-02-10T00:00:00"),
    )
    queries()
    few = queries()
    for _ in range(6):
        make_running()
        make_published(
            now=seoul("2026-01-05T10:00:00"),
            opens_at=seoul("2026-01-05T10:00:00"),
            closes_at=seoul("2026-02-10T00:00:00"),
        )
    assert queries() == few


def test_files_of_this_notice_only_and_always_as_a_download(client):
    draft = make_draft(**running_period(0))
    drafting.attach(draft, [upload("계획.pdf")], by=draft.made_by)
    file = draft.attachments.get()
    publishing.publish(draft, by=draft.made_by)
    answer = client.get(f"/consultations/{draft.number}/files/{file.pk}/")
    answer.getvalue()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    opinion = make_opinion(draft, upload=upload("시민.pdf"), at=timezone.now())
    other = make_running()
    for number, pk in [
        (draft.number, opinion.attachment_id),
        (other.number, file.pk),
        (draft.number, 10**9),
    ]:
        assert client.get(f"/consultations/{number}/files/{pk}/").status_code == 404


@pytest.mark.parametrize("number", ["x", "2026-999", "%00", "..%2f", "가" * 500])
def test_unknown_numbers_are_not_found(client, number):
    assert client.get(f"/consultations/{number}/").status_code in {404, 400}


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "nan,1,2,3"])
def test_map_points_refuse_nonsense(client, bbox):
    published = make_running()
    assert client.get(f"{URL.format(published.number)}points.json", {"bbox": bbox}).status_code == 400


# -- sending --------------------------------------------------------------------------------------------------


def test_an_opinion_is_received_and_found_again(client):
    published = make_running()
    answer = send(
        client,
        published.number,
        "반대합니다.\n사생활 때문에",
        name="홍길동",
        contact="010-1234-5678",
        consent="on",
        upload=upload(),
    )
    opinion = Opinion.objects.get()
    text = answer.content.decode()
    assert "의견이 접수되었습니다" in text
    assert opinion.receipt_number in text
    assert opinion.receipt_secret in text
    assert "홍길동" not in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert opinion.attachment.added_by is None
    found = client.post(
        "/consultations/my-opinion/",
        {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret},
    ).content.decode()
    assert "사생활 때문에" in found
    assert "아직 검토" in found
    for leaked in ("홍길동", "010-1234"):
        assert leaked not in found
    answers.answer(
        published, [opinion.pk], decision="not_accepted", text="안전을 위하여", by=published.made_by
    )
    found = client.post(
        "/consultations/my-opinion/",
        {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret},
    ).content.decode()
    assert "안전을 위하여" in found


def test_without_javascript_and_without_a_cookie():
    client = Client(enforce_csrf_checks=True)
    published = make_running()
    client.get(URL.format(published.number))
    assert not client.cookies
    check = send(client, published.number, "좋습니다", until="check").request["PATH_INFO"]
    from_elsewhere = client.post(check, headers={"Sec-Fetch-Site": "cross-site"})
    assert (from_elsewhere.status_code, Opinion.objects.count()) == (403, 0)
    assert client.post(check).status_code == 302
    assert Opinion.objects.count() == 1
    assert not client.cookies


def test_a_double_click_is_one_opinion(client):
    published = make_running()
    check = send(client, published.number, "하나", until="check").request["PATH_INFO"]
    first, second = client.post(check, follow=True), client.post(check, follow=True)
    assert Opinion.objects.count() == 1
    assert FloodMark.objects.filter(form="opinion").count() == 1
    secret = Opinion.objects.get().receipt_secret
    assert secret in first.content.decode()
    assert secret in second.content.decode()
    # Whoever finds the address later finds nothing that was typed.
    draft = FormDraft.objects.get()
    assert (draft.answers, draft.photo) == ("", "")
    Opinion.objects.update(received_at=timezone.now() - dt.timedelta(hours=1))
    assert secret not in client.post(check, follow=True).content.decode()


def test_after_the_close_it_says_so_and_gives_the_text_back(client):
    published = make_running()
    check = send(client, published.number, "늦은 의견 <b>굵게</b>", until="check").request["PATH_INFO"]
    publishing.close_early(published, reason="계획 취소", by=published.made_by)
    first_page = client.post(URL.format(published.number), {"text": "늦은 의견 <b>굵게</b>"})
    assert "계획 취소" in first_page.content.decode()
    pages = (first_page, client.get(check), client.post(check), client.get(check.replace("check", "text")))
    for answer in pages:
        text = answer.content.decode()
        assert "접수하지 못했습니다" in text
        assert "늦은 의견 &lt;b&gt;" in text
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "의견을 적어 주십시오"),
        ({"text": "가" * 10_001}, "10000"),
        ({"text": "제 번호는 900101-1234567입니다"}, "주민등록번호"),
        ({"name": "홍길동"}, "동의가 필요합니다"),
        ({"upload": SimpleUploadedFile("a.html", b"<script>")}, "첨부할 수 없는"),
        ({"upload": SimpleUploadedFile("a.pdf", b"MZ")}, "PDF 파일이 아닙니다"),
    ],
)
def test_refusals_name_the_field_and_keep_what_was_typed(client, fields, message):
    published = make_running()
    given = {"text": "길게 적은 의견", "contact": "", **fields}
    page = send(client, published.number, given.pop("text"), **given).content.decode()
    assert "고칠 곳이 있습니다" in page
    assert message in page
    if "text" not in fields:
        assert not kept_files()
    assert not Opinion.objects.exists()
    assert not Attachment.objects.exists()
    assert not FloodMark.objects.filter(form="opinion").exists()


def test_a_chosen_file_survives_a_mistake_and_can_be_taken_back(client):
    published = make_running()
    paper = SimpleUploadedFile("도면.pdf", b"%PDF-1.7 plan")
    page = send(client, published.number, "글", upload=paper)
    assert "파일을 받아 두지 않았습니다" in page.content.decode(), "nothing is kept before the consent"
    assert not kept_files()
    person = page.request["PATH_INFO"]
    paper.seek(0)
    wrong = {"upload": paper, "consent": "on", "contact": "x"}
    assert "도면.pdf" in client.post(person, wrong).content.decode(), "the contact is wrong, the file is kept"
    without = client.post(person, {}).content.decode()
    assert "동의가 필요합니다" in without, "a kept file needs the consent too"
    assert client.post(person, {"drop_file": "on"}).status_code == 302
    assert not kept_files()
    paper.seek(0)
    check = client.post(person, {"upload": paper, "consent": "on"})["Location"]
    assert "도면.pdf" in client.get(check).content.decode()
    client.post(check)
    assert Opinion.objects.get().attachment.name == "도면.pdf"
    assert not kept_files()


def test_what_looks_like_personal_data_is_told_before_it_is_published_and_never_refused(client):
    published = make_running()
    text = "제 번호는 010-1234-5678, 메일은 gil@example.kr, 이름은 홍길동입니다. 조례 제8조, 20261130 2026-11-30 09:00"
    page = send(client, published.number, text)
    assert page.context["personal"] == ["010-1234-5678", "gil@example.kr", "홍길동"]
    assert not Opinion.objects.exists()
    send(client, published.number, text, checked={"covered": "1"})
    covered = Opinion.objects.get().text
    assert "○○○-○○○○-○○○○" in covered
    assert "조례 제8조, 20261130 2026-11-30 09:00" in covered
    assert not any(word in covered for word in page.context["personal"])
    send(client, published.number, text, checked={"as_written": "1"})
    assert Opinion.objects.filter(text=text).exists()


def test_ten_megabytes_of_text_are_refused_in_korean(client):
    published = make_running()
    answer = send(client, published.number, "가" * 3_500_000)
    assert answer.status_code == 413
    assert "너무 큽니다" in answer.content.decode()
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "👩‍👩‍👧 🎉", "{{ 7*7 }}{% now 'Y' %}"],
)
def test_hostile_texts_come_out_as_text(client, text):
    published = make_running()
    send(client, published.number, text)
    opinion = Opinion.objects.get()
    assert opinion.text == text
    publishing.close_early(published, reason="끝", by=published.made_by)
    answers.answer(published, [opinion.pk], decision="noted", text=text, by=published.made_by)
    publish_result(published, timezone.now())
    for page in (
        client.get(URL.format(published.number)),
        client.post(
            "/consultations/my-opinion/",
            {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret},
        ),
    ):
        body = page.content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        if "👩" in text:
            assert text in body


# -- floods ---------------------------------------------------------------------------------------------------


def test_a_flood_of_one_address_does_not_lock_out_the_street(client, settings):
    settings.OPINIONS_PER_ADDRESS_10_MINUTES = 3
    published = make_running()
    for n in range(3):
        send(client, published.number, f"의견 {n}")
    page = send(client, published.number, "네 번째").content.decode()
    assert "너무 많이" in page
    assert "네 번째" in page
    assert Opinion.objects.count() == 3
    send(client, published.number, "이웃", address="10.1.1.2")
    assert Opinion.objects.count() == 4


def test_forms_that_are_never_right_do_not_fill_the_disk_with_their_files(client, monkeypatch):
    monkeypatch.setattr(floods, "TRIES", (floods.Limit(3, dt.timedelta(minutes=10)),))
    published = make_running()
    person = send(client, published.number, "글", until="person").request["PATH_INFO"]
    for _ in range(4):
        paper = SimpleUploadedFile("도면.pdf", b"%PDF-1.7 plan")
        page = client.post(person, {"upload": paper, "consent": "on", "contact": "x"}).content.decode()
    assert "너무 많이" in page
    assert len(kept_files()) == 1, "each try takes the place of the last"


def test_a_household_of_ten_is_never_refused(client):
    published = make_running()
    for n in range(20):
        send(client, published.number, f"가족 {n}")
    assert Opinion.objects.count() == 20


def test_all_addresses_together_have_a_limit(client, settings):
    settings.OPINIONS_PER_10_MINUTES = 2
    published = make_running()
    for n in range(3):
        page = send(client, published.number, f"의견 {n}", address=f"10.1.1.{n}").content.decode()
    assert "한꺼번에 몰려" in page
    assert Opinion.objects.count() == 2


def test_addresses_are_kept_nowhere_in_clear(client):
    published = make_running()
    send(client, published.number, "의견", address="203.0.113.77")
    assert "203.0.113.77" not in str(list(FloodMark.objects.values()))
    assert "203.0.113.77" not in str(list(Opinion.objects.values("text", "receipt_number", "submission_key")))


def test_wrong_guesses_of_others_lock_no_right_receipt_out(client):
    opinion = make_opinion(make_running(), at=timezone.now())
    right = {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret}
    for _ in range(22):
        page = client.post("/consultations/my-opinion/", {**right, "secret": "0000000000"}).content.decode()
        assert opinion.text not in page
    assert opinion.text in client.post("/consultations/my-opinion/", right).content.decode()
    assert FloodMark.objects.count() == 20


# -- hidden, result -------------------------------------------------------------------------------------------


def test_a_hidden_opinion_shows_its_reason_only(client):
    published = make_running()
    opinion = make_opinion(published, "감추어야 할 글", name="홍길동", at=timezone.now())
    shown = make_opinion(published, "보이는 글", at=timezone.now())
    moderation.hide(
        opinion, reason="타인의 개인정보", notice="이름을 빼고 다시 내 주세요.", by=published.made_by
    )
    publishing.close_early(published, reason="끝", by=published.made_by)
    answers.answer(published, [opinion.pk, shown.pk], decision="noted", text="참고", by=published.made_by)
    before = client.get(URL.format(published.number)).content.decode()
    assert "보이는 글" not in before
    publish_result(published, timezone.now())
    page = client.get(URL.format(published.number)).content.decode()
    assert "비공개 처리" in page
    assert "타인의 개인정보" in page
    assert "보이는 글" in page
    for leaked in ("감추어야 할 글", "홍길동", "이름을 빼고", opinion.receipt_number, opinion.receipt_secret):
        assert leaked not in page, leaked
    own = client.post(
        "/consultations/my-opinion/",
        {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret},
    ).content.decode()
    assert "감추어야 할 글" in own
    assert "이름을 빼고" in own


def test_no_opinion_is_told_as_such(client):
    published = make_running()
    publishing.close_early(published, reason="끝", by=published.made_by)
    publish_result(published, timezone.now())
    assert "의견 없음" in client.get(URL.format(published.number)).content.decode()


def test_survey_answers_are_taken_and_counted(client):
    draft = make_draft(method=ConsultationMethod.SURVEY, **running_period(0))
    one = drafting.add_question(draft, "찬성?", choices=["예", "아니요"], is_required=True)
    many = drafting.add_question(draft, "어디?", choices=["길", "공원"], is_multiple=True)
    free = drafting.add_question(draft, "까닭?")
    publishing.publish(draft, by=draft.made_by)
    page = send(client, draft.number, "").content.decode()
    assert "고칠 곳이 있습니다" in page
    send(
        client,
        draft.number,
        "",
        **{f"question_{one.pk}": "0", f"question_{many.pk}": ["0", "1"], f"question_{free.pk}": "밝음"},
    )
    assert Opinion.objects.get().survey_answers.count() == 3
    wrong = send(client, draft.number, "", **{f"question_{one.pk}": "7"}).content.decode()
    assert "고칠 곳이 있습니다" in wrong
    publishing.close_early(draft, reason="끝", by=draft.made_by)
    answers.answer(draft, [Opinion.objects.get().pk], decision="noted", text="참고", by=draft.made_by)
    draft.refresh_from_db()
    publish_result(draft, timezone.now())
    page = client.get(URL.format(draft.number)).content.decode()
    assert "100.0%" in page
    assert "밝음" not in page


def test_no_person_reaches_the_ledger(client):
    published = make_running(project=make_project())
    send(client, published.number, "의견", name="홍길동", contact="010-1234-5678", consent="on")
    assert "홍길동" not in "".join(Entry.objects.values_list("payload", flat=True))


def test_many_opinions_come_in_pages_and_cost_the_same(client, django_assert_max_num_queries):
    published = make_running()
    for n in range(51):
        make_opinion(published, f"의견-{n:02d}", at=timezone.now())
    publishing.close_early(published, reason="끝", by=published.made_by)
    every = list(published.opinions.values_list("pk", flat=True))
    answers.answer(published, every, decision="noted", text="참고", by=published.made_by)
    publish_result(published, timezone.now())
    first = client.get(URL.format(published.number)).content.decode()
    assert "의견-49" in first
    assert "의견-50" not in first
    with django_assert_max_num_queries(30):
        second = client.get(URL.format(published.number), {"page": "2"}).content.decode()
    assert "의견 51" in second
    assert "의견-50" in second
