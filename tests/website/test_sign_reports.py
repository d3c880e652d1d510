"""Reporting a sign: what is kept of a citizen and a photograph, and that it reaches the office."""

import hashlib
import io
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import encryption
from accounts.roles import Role
from cameras import sign_reports
from cameras.models import SignReport
from casework import judging, pictures
from ledger.models import Entry
from ordinance import due
from tests.accounts.factories import OfficerFactory
from tests.records.people import competent
from tests.website.situations import make_place
from tests.website.walking import walk
from website import drafts, floods
from website.models import FormDraft

pytestmark = pytest.mark.django_db
PATH = "/report-sign/A/"


def photo(kind: str = "JPEG", size: tuple[int, int] = (300, 200), name: str = "a.jpg") -> SimpleUploadedFile:
    """A picture that says where it was taken and lies on its side."""
    picture = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0110] = "SECRET-PHONE-MODEL"
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 4.5)
    target = io.BytesIO()
    picture.save(target, kind, exif=exif.tobytes())
    return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")


def payload(kind: str) -> dict:
    return json.loads(Entry.objects.get(kind=kind).payload)


def form(**changes) -> dict:
    return {"problem": "missing", **changes}


@pytest.fixture
def place():
    return make_place("A", "화곡로 1")


def test_a_report_needs_nothing_but_what_is_wrong(client: Client, place) -> None:
    answer = walk(client, PATH, form())
    report = SignReport.objects.get()
    assert report.receipt_number in answer.content.decode()
    assert (report.site, report.problem, report.has_contact) == (place, "missing", False)
    assert payload("cameras.sign_reported") == {
        "problem": "missing",
        "report": report.receipt_number,
    }


def test_the_same_form_sent_twice_is_one_report(client: Client, place) -> None:
    page = walk(client, PATH, form(), until="check")
    check = page.request["PATH_INFO"]
    first, second = client.post(check), client.post(check)
    assert first["Location"] == second["Location"]
    assert SignReport.objects.get().receipt_number in first["Location"]
    # Whoever finds the address later finds nothing that was typed.
    draft = FormDraft.objects.get()
    assert (draft.answers, draft.photo) == ("", "")
    assert client.get(check)["Location"] == first["Location"]


def test_a_photograph_keeps_nothing_but_the_picture(client: Client, place) -> None:
    sent = photo()
    assert b"SECRET-PHONE-MODEL" in sent.read()
    sent.seek(0)
    walk(client, PATH, form(photo=sent))
    report = SignReport.objects.get()
    with report.photo.open("rb") as file:
        stored = file.read()
    assert encryption.is_sealed(stored)
    kept = sign_reports.photo_of(report)
    assert b"SECRET-PHONE-MODEL" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (200, 300), "turned upright before the turn was forgotten"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_pictures_become_jpeg(kind: str) -> None:
    upload = photo(kind, name=f"a.{kind.lower()}")
    with Image.open(io.BytesIO(pictures.stripped(upload, upload.size))) as picture:
        assert picture.format == "JPEG"


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"MZ" + b"\0" * 5000,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7",
    ],
)
def test_what_is_no_photograph_is_refused_and_the_text_stays(client: Client, place, hostile: bytes) -> None:
    upload = SimpleUploadedFile("../../evil.jpg", hostile)
    answer = walk(client, PATH, form(photo=upload, text="기둥 뒤에 있습니다"))
    assert not SignReport.objects.exists()
    assert answer.context["form"].errors["photo"]
    before = answer.request["PATH_INFO"].replace("/photo/", "/problem/")
    assert "기둥 뒤에 있습니다" in client.get(before).content.decode()


def test_a_picture_that_unpacks_to_too_much_is_refused() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    target.seek(0)
    with pytest.raises(pictures.UnusablePicture):
        pictures.stripped(target, len(target.getvalue()))


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(pictures.UnusablePicture, match="10MB"):
        pictures.stripped(io.BytesIO(b""), pictures.MAX_BYTES + 1)


def test_a_contact_needs_consent_and_is_stored_encrypted(client: Client, place) -> None:
    answer = walk(client, PATH, form(contact="010-9876-5432"))
    assert answer.context["form"].errors["consent"]
    walk(client, PATH, form(contact="010-9876-5432", consent="on"))
    report = SignReport.objects.get()
    assert report.contact == "010-9876-5432"
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM cameras_signreport")
        assert "9876" not in cursor.fetchone()[0]
    assert "9876" not in str(list(Entry.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"problem": ""}, "problem"),
        ({"problem": "x' OR 1=1"}, "problem"),
        ({"problem": "wrong_content"}, "text"),
        ({"text": "가" * 1001}, "text"),
        ({"text": "제 번호는 800501-1234567"}, "text"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, place, wrong: dict, field: str) -> None:
    answer = walk(client, PATH, form(**wrong))
    assert field in answer.context["form"].errors
    assert not SignReport.objects.exists()


def test_a_flood_waits_and_keeps_its_text(client: Client, place) -> None:
    for _ in range(10):
        walk(client, PATH, form())
    answer = walk(client, PATH, form(text="이 글은 남는다"))
    assert SignReport.objects.count() == 10
    text = answer.content.decode()
    assert "분 뒤에 다시" in text
    assert "이 글은 남는다" in text
    other = Client(REMOTE_ADDR="203.0.113.9")
    walk(other, PATH, form())
    assert SignReport.objects.count() == 11


def test_refused_forms_with_a_photograph_count_before_it_is_decoded(
    client: Client, place, monkeypatch
) -> None:
    """One person sent the same unfinished form with a picture without end; each was decoded."""
    decoded = []
    real = judging.judge
    monkeypatch.setattr(judging, "judge", lambda *given: decoded.append(1) or real(*given))
    monkeypatch.setattr(floods, "TRIES", (floods.Limit(2, timedelta(minutes=10)),))
    page = walk(client, PATH, form(text="이 글은 남는다"), until="photo").request["PATH_INFO"]
    for _ in range(4):
        answer = client.post(page, {"photo": photo()})
    assert len(decoded) == 2
    assert "분 뒤에 다시" in answer.content.decode()
    assert "이 글은 남는다" in client.get(page.replace("/photo/", "/problem/")).content.decode()
    # Without a file there is nothing to decode, and other addresses are not held responsible.
    walk(client, PATH, form())
    walk(Client(REMOTE_ADDR="203.0.113.9"), PATH, form(photo=photo()))
    assert SignReport.objects.count() == 2


def test_reports_of_one_site_are_one_matter_for_the_office(client: Client, place) -> None:
    assert not list(sign_reports.due_items(timezone.now()))
    walk(client, PATH, form())
    walk(client, PATH, form())
    (item,) = sign_reports.due_items(timezone.now())
    assert (item.count, item.href) == (2, reverse("sign_reports:site", args=[place.pk]))
    assert item.severity == due.Severity.DUE
    (late,) = sign_reports.due_items(timezone.now() + timedelta(days=8))
    assert late.severity == due.Severity.OVERDUE
    assert item.key == late.key


def test_an_officer_closes_it_once(client: Client, place) -> None:
    walk(client, PATH, form())
    report = SignReport.objects.get()
    officer = OfficerFactory(role=Role.OFFICIAL)
    with pytest.raises(ValidationError):
        sign_reports.close(report, "put_right", note="  ", by=officer)
    client.force_login(officer)
    url, given = (
        reverse("sign_reports:close", args=[report.pk]),
        {"outcome": "put_right", "note": "새로 부착"},
    )
    assert "다시 열거나 고칠 수 없습니다" in client.post(url, given).content.decode()
    report.refresh_from_db()
    assert report.is_open
    client.post(url, {**given, "step": "apply"})
    report.refresh_from_db()
    assert (report.outcome, report.closed_by) == ("put_right", officer)
    with pytest.raises(ValidationError):
        sign_reports.close(report, "in_order", note="다시", by=officer)
    assert not list(sign_reports.due_items(timezone.now()))


def test_each_look_at_a_contact_is_in_the_ledger(client: Client, place) -> None:
    walk(client, PATH, form(contact="010-9876-5432", consent="on"))
    report = SignReport.objects.get()
    client.force_login(competent(OfficerFactory(role=Role.OFFICIAL)))
    for path in ("sign_reports:list", "sign_reports:report", "sign_reports:contact"):
        args = [] if path.endswith("list") else [report.pk]
        assert "9876" not in client.get(reverse(path, args=args)).content.decode()
    address = reverse("sign_reports:contact", args=[report.pk])
    assert "9876" not in client.post(address, {"purpose": "curiosity"}).content.decode()
    assert not Entry.objects.filter(kind="cameras.sign_report_contact_read").exists()
    answer = client.post(address, {"purpose": "answer"})
    assert "010-9876-5432" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert payload("cameras.sign_report_contact_read")["purpose"] == "answer"


def test_contact_and_photograph_are_erased_in_time_and_the_rest_stays(
    client: Client, place, django_capture_on_commit_callbacks
) -> None:
    walk(client, PATH, form(contact="010-9876-5432", consent="on", photo=photo(), text="없어졌습니다"))
    name = SignReport.objects.get().photo.name
    now = timezone.now()
    assert sign_reports.erase_persons(now + timedelta(days=89)) == 0
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert sign_reports.erase_persons(now + timedelta(days=91)) == 1
    report = SignReport.objects.get()
    assert (report.contact, report.photo.name, report.text) == ("", "", "없어졌습니다")
    assert not default_storage.exists(name)
    assert sign_reports.erase_persons(now + timedelta(days=91)) == 0
    assert payload("cameras.sign_report_persons_erased")["reports"] == [report.receipt_number]


def test_a_photograph_of_before_is_sealed_by_the_upgrade(client: Client, place) -> None:
    walk(client, PATH, form(photo=photo()))
    report = SignReport.objects.get()
    kept, path = sign_reports.photo_of(report), Path(report.photo.path)
    path.write_bytes(kept)
    assert sign_reports.photo_of(report) == kept
    assert sign_reports.reseal_photos(is_dry_run=False).rewritten == 1
    assert encryption.is_sealed(path.read_bytes())
    assert sign_reports.photo_of(report) == kept
    assert sign_reports.reseal_photos(is_dry_run=False).rewritten == 0


def test_a_photograph_is_handed_to_officers_only(client: Client, place) -> None:
    walk(client, PATH, form(photo=photo()))
    report = SignReport.objects.get()
    assert client.get(f"/media/{report.photo.name}").status_code == 404
    address = reverse("sign_reports:photo", args=[report.pk])
    assert client.get(address).status_code == 302
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    assert client.post(address, {"purpose": "ask"}).status_code == 403
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.post(address, {"purpose": "ask"}).headers["Content-Type"] != "image/jpeg", "not sworn in"
    client.force_login(competent(OfficerFactory(role=Role.OFFICIAL)))
    page = reverse("sign_reports:report", args=[report.pk])
    assert f'href="{address}"' in client.get(page).content.decode()
    assert client.get(address).headers["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(kind="cameras.sign_report_contact_read").exists()
    answer = client.post(address, {"purpose": "ask"})
    assert answer.content[:2] == b"\xff\xd8"
    told = payload("cameras.sign_report_contact_read")
    assert told == {"purpose": "ask", "files": [hashlib.sha256(answer.content).hexdigest()]}


def test_the_list_asks_as_often_for_one_as_for_many(client: Client, place, django_assert_num_queries) -> None:
    from django.test.utils import CaptureQueriesContext

    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    sign_reports.receive(place, "missing", submission=uuid.uuid4())
    client.get(reverse("sign_reports:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("sign_reports:list"))
    for number in range(20):
        sign_reports.receive(
            make_place(f"S-{number}", f"공항대로 {number}"), "illegible", submission=uuid.uuid4()
        )
    with django_assert_num_queries(len(few)):
        client.get(reverse("sign_reports:list"))


# -- without a number


def unplaced(**changes) -> dict:
    return form(latitude="37.535", longitude="126.85", **changes)


def test_a_missing_sign_is_reported_by_photograph_and_position_alone(client: Client, place) -> None:
    answer = walk(client, "/report-sign/", unplaced(photo=photo()))
    report = SignReport.objects.get()
    assert report.receipt_number in answer.content.decode()
    assert (report.site, report.latitude, report.longitude) == (None, 37.535, 126.85)
    assert report.photo
    assert Entry.objects.get(kind="cameras.sign_reported").subject == f"sign-report:{report.receipt_number}"
    assert "37.5" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_words_for_the_place_are_enough_and_something_is_needed(client: Client, place) -> None:
    answer = walk(client, "/report-sign/", form())
    assert "place" in answer.context["form"].errors
    walk(client, "/report-sign/", form(place="초등학교 후문 전봇대"))
    assert SignReport.objects.get().place_text == "초등학교 후문 전봇대"


@pytest.mark.parametrize(
    "wrong", [{"latitude": "nan"}, {"latitude": "91"}, {"longitude": "x"}, {"latitude": "12.5"}]
)
def test_a_position_outside_the_country_is_none(client: Client, place, wrong: dict) -> None:
    answer = walk(client, "/report-sign/", unplaced() | wrong)
    assert answer.status_code == 200
    assert not SignReport.objects.exists()


def test_the_office_finds_the_site_of_a_report_and_then_it_is_one_of_that_site(client: Client, place) -> None:
    walk(client, "/report-sign/", unplaced(place="기둥"))
    walk(client, PATH, form())
    report = SignReport.objects.get(site=None)
    assert {item.href for item in sign_reports.due_items(timezone.now())} == {
        reverse("sign_reports:site", args=[place.pk]),
        reverse("sign_reports:report", args=[report.pk]),
    }
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    for name in ("report", "place", "close"):
        assert client.get(reverse(f"sign_reports:{name}", args=[report.pk])).status_code == 200
    assert "기둥" in client.get(reverse("sign_reports:list")).content.decode()
    address = reverse("sign_reports:place", args=[report.pk])
    assert client.get(address).context["form"].fields["near"].choices[0][0] == str(place.pk)
    client.post(address, {"number": "no such number"})
    report.refresh_from_db()
    assert report.site is None
    client.post(address, {"near": str(place.pk)})
    report.refresh_from_db()
    assert report.site == place
    (item,) = sign_reports.due_items(timezone.now())
    assert item.count == 2
    assert payload("cameras.sign_report_placed") == {"report": report.receipt_number}


def test_the_position_is_erased_with_the_contact(client: Client, place) -> None:
    walk(client, "/report-sign/", unplaced(place="기둥"))
    assert sign_reports.erase_persons(timezone.now() + timedelta(days=91)) == 1
    report = SignReport.objects.get()
    assert (report.latitude, report.longitude, report.place) == (None, None, "기둥")


# -- page by page


def test_nothing_typed_is_lost_and_a_page_can_be_changed_from_the_answers(client: Client, place) -> None:
    """A photograph survives the mistake on the page after it, going back, and a browser that keeps no cookie."""
    page = walk(client, PATH, form(photo=photo(), contact="02-1")).request["PATH_INFO"]
    assert page.endswith("/contact/")
    assert not client.cookies
    assert "받아 두었으니" in client.get(page.replace("/contact/", "/photo/")).content.decode()
    check = page.replace("/contact/", "/check/")
    assert client.get(check)["Location"].endswith("/contact/?fix=1"), "a contact still lacks its consent"
    assert client.post(page, {"contact": ""})["Location"] == check
    shown = client.get(check).content.decode()
    assert "안내판이 없음" in shown
    assert "한 장" in shown
    back = client.post(page.replace("/contact/", "/problem/"), {"problem": "other", "text": "기울어짐"})
    assert back["Location"] == check, "what was changed from the answers leads back to them"
    client.post(page.replace("/contact/", "/photo/"), {"drop_file": "on"})
    client.post(check)
    report = SignReport.objects.get()
    assert (report.problem, report.text, bool(report.photo)) == ("other", "기울어짐", False)


def test_what_is_typed_is_stored_encrypted_and_gone_after_a_day(client: Client, place) -> None:
    page = walk(client, PATH, form(text="비밀스러운 글"), until="photo").request["PATH_INFO"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM website_formdraft")
        assert "비밀" not in cursor.fetchone()[0]
    assert drafts.erase_due(timezone.now() + timedelta(hours=23)) == 0
    assert drafts.erase_due(timezone.now() + timedelta(hours=25)) == 1
    gone = client.get(page)
    assert (gone.status_code, "다시 적어" in gone.content.decode()) == (404, True)


def test_another_sites_page_sends_nothing_and_a_book_gets_a_page(client: Client, place) -> None:
    assert client.post(PATH, form(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    answer = client.post(PATH, {"problem": "other", "text": "가" * 1_100_000})
    assert (answer.status_code, "너무 큽니다" in answer.content.decode()) == (413, True)
    assert not FormDraft.objects.exists()


# -- afterwards


def test_who_has_the_number_sees_where_it_stands_and_the_page_of_the_site_tells_of_it(
    client: Client, place, settings
) -> None:
    walk(client, PATH, form(contact="010-9876-5432", consent="on", text="김씨네 담장"))
    report = SignReport.objects.get()
    path = f"/report-sign/status/{report.receipt_number}/"
    found = client.get("/report-sign/status/", {"number": f" {report.receipt_number.lower()} "})
    assert found["Location"] == path
    page = client.get(path).content.decode()
    due_on = f"{sign_reports.due_on(report):%Y-%m-%d}"
    assert f"{due_on}까지" in page
    assert "9876" not in page
    assert "김씨네" not in page
    assert due_on in client.get("/s/A/").content.decode()
    entry = client.get(f"{path}report.ics").content.decode()
    assert f"DTSTART;VALUE=DATE:{due_on.replace('-', '')}" in entry
    sign_reports.close(report, "put_right", note="새로 붙임", by=OfficerFactory(role=Role.OFFICIAL))
    for place_told in (path, "/s/A/"):
        assert "바로잡음" in client.get(place_told).content.decode()


@pytest.mark.parametrize(
    ("outcome", "told"), [("passed_on", "다른 기관이 맡습니다"), ("not_found", "다시 신고하기")]
)
def test_what_was_not_done_is_not_called_done(client: Client, place, outcome: str, told: str) -> None:
    walk(client, PATH, form())
    report = SignReport.objects.get()
    sign_reports.close(report, outcome, note="확인", by=OfficerFactory(role=Role.OFFICIAL))
    page = client.get(f"/report-sign/status/{report.receipt_number}/").content.decode()
    assert told in page
    assert page.count("마침") == 1, "only that it was received"


def test_a_place_that_cannot_be_seen_is_none(client: Client, place) -> None:
    page = walk(client, "/report-sign/", {"place": "\u200b\u3164", "problem": "missing"})
    assert not SignReport.objects.exists()
    assert "오류" in page.content.decode()


def test_who_guesses_waits_and_who_knows_the_number_does_not(client: Client, place) -> None:
    walk(client, PATH, form())
    report = SignReport.objects.get()
    for number in range(15):
        assert client.get(f"/report-sign/status/S000000-{number:06}/").status_code == 404
    assert client.get(f"/report-sign/status/{report.receipt_number}/").status_code == 200
