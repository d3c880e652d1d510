"""공문: words in versions, numbers without gaps, frozen words and files, and what each letter of a request says."""

import datetime as dt
import hashlib
import json
import threading
from datetime import timedelta

import hwpx as library
import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import persons
from committee import membership
from committee.models import Member, Term
from ledger.models import Entry
from records.models import ViewingRequest
from reports import official, official_pdf
from reports.letters import due, kinds, outgoing, searching, templates, viewing
from reports.letters.kinds import KINDS, NoLetter
from reports.models import LetterTemplate, OutgoingDocument, SendingWay
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.committee.factories import MeetingFactory, seated
from tests.footage.factories import CameraFactory
from tests.records import provisions, situations
from tests.records.people import competent

pytestmark = pytest.mark.django_db
GENERAL = {"수신": "강서경찰서장", "제목": "회의 알림", "본문": "1. 알립니다.\n가. 하나\n나. 둘", "붙임": ""}


@pytest.fixture
def manager():
    department = DepartmentFactory(name="스마트도시과", phone="02-2600-0000")
    return competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department, position="과장"))


@pytest.fixture
def quick(monkeypatch):
    """A PDF of which only the words matter."""
    monkeypatch.setattr(
        official_pdf, "render", lambda document, *, created, **more: official.words(document).encode()
    )


def general(by, **changes):
    draft = outgoing.draft(KINDS["general"], None, GENERAL | changes, by=by)
    return outgoing.issue(draft, on=timezone.localdate(), by=by)


def told(notice, by):
    kind = kinds.get(viewing.kind_of(notice))
    return outgoing.issue(
        outgoing.draft(kind, kind.get(notice.pk), {}, by=by), on=timezone.localdate(), by=by
    )


def text(row):
    return official.words(outgoing.words_of(row))


def test_every_kind_comes_with_words_that_it_accepts_itself():
    for kind in KINDS.values():
        assert templates.check(kind, kind.subject, kind.body) == [], kind.code
        assert templates.items(kind.body, kind.placeholders)
        assert not templates.unknown(kind, kind.subject)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{접수번호} {알리는 내용} {주민등록번호}", "unknown"),
        ("{접수번호} {알리는 내용} {", "brace"),
        ("{접수번호} {알리는 내용} <b>굵게</b>", "markup"),
        ("{접수번호}", "missing"),
        (" ", "unwritten:body"),
        ("{접수번호}{알리는 내용}" + "가" * templates.LONGEST, "long"),
    ],
)
def test_words_that_would_print_nonsense_are_refused(manager, body, code):
    kind = KINDS["viewing_decision"]
    assert code in {each.code for each in templates.check(kind, "제목", body)}
    with pytest.raises(ValidationError):
        templates.change(kind.code, "제목", body, reason="시험", by=manager)
    assert not LetterTemplate.objects.exists()


def test_marks_say_the_depth_and_days_are_no_marks():
    found = templates.items(
        "1. 첫째\n가. {줄}\n  1) 셋째\n12. 1. 14:00에 만납니다.\n2026. 12. 1.까지\n{없음}\n3. 끝 {줄}",
        {"줄": "하나\n둘", "없음": ""},
    )
    assert [item.text for item in found] == [
        "첫째",
        "12. 1. 14:00에 만납니다.",
        "2026. 12. 1.까지",
        "끝 하나",
    ]
    assert [item.text for item in found[0].items] == ["하나", "둘"]
    assert [item.text for item in found[0].items[1].items] == ["셋째"]
    assert [item.text for item in found[3].items] == ["둘"]


def test_what_is_filled_in_is_never_read_as_a_placeholder():
    assert templates.filled("{가}", {"가": "{나}", "나": "비밀"}) == "{나}"


def test_a_version_is_for_later_letters(manager):
    before = general(manager)
    templates.change("general", "{제목} (개정)", "{본문}\n2. 덧붙임", reason="서식 개정", by=manager)
    after = general(manager)
    assert (before.template_version, after.template_version) == (0, 1)
    assert "덧붙임" not in text(before)
    assert "덧붙임" in text(after)
    assert after.subject == "회의 알림 (개정)"
    assert Entry.objects.filter(kind=templates.CHANGED).count() == 1


def test_numbers_run_by_department_and_year(manager):
    other = OfficerFactory(role=Role.OFFICIAL, department=DepartmentFactory(name="도로과"))
    assert [general(manager).number, general(other).number, general(manager).number] == [
        "스마트도시과-1",
        "도로과-1",
        "스마트도시과-2",
    ]
    OutgoingDocument.objects.update(year=2025, code=Concat(Value("2025-"), "pk", output_field=CharField()))
    assert general(manager).ordinal == 1


def test_what_is_refused_takes_no_number(manager):
    draft = outgoing.draft(KINDS["general"], None, GENERAL, by=manager)
    with pytest.raises(ValidationError):
        outgoing.issue(draft, on=timezone.localdate() + timedelta(days=1), by=manager)
    assert general(manager).ordinal == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers(manager):
    failures, start = [], threading.Barrier(2)

    def write():
        try:
            start.wait(10)
            for _ in range(3):
                general(manager)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert failures == []
    assert sorted(OutgoingDocument.objects.values_list("ordinal", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_words_stand_from_the_number_on_and_files_from_the_sending_on(manager):
    row = general(manager)
    manager.department.name = "다른 과"
    manager.department.save()
    made = outgoing.files_of(row)
    sent = outgoing.send(row, way=SendingWay.POST, on=timezone.localdate(), proof="등기 1-2", by=manager)
    assert outgoing.files_of(sent) == made
    entry = Entry.objects.get(kind=outgoing.SENT).content
    for ending, digest in (("pdf", sent.pdf_sha256), ("hwpx", sent.hwpx_sha256)):
        assert digest == entry[f"{ending}_sha256"] == hashlib.sha256(made[ending]).hexdigest()
    assert "다른 과" not in text(sent)
    paper = library.HwpxDocument.open(made["hwpx"]).text.plain()
    assert "스마트도시과-1" in paper
    assert made["pdf"].startswith(b"%PDF")
    OutgoingDocument.objects.update(pdf_sha256="0" * 64)
    with pytest.raises(ValueError, match="다릅니다"):
        outgoing.files_of(OutgoingDocument.objects.get(), ["pdf"])


@pytest.mark.parametrize(
    ("way", "on", "proof"),
    [("", 0, "x"), ("post", 0, " "), ("system", 0, ""), ("hand", 1, ""), ("hand", -1, "")],
)
def test_a_sending_that_cannot_be_is_refused(manager, quick, way, on, proof):
    row = general(manager)
    with pytest.raises(ValidationError):
        outgoing.send(row, way=way, on=timezone.localdate() + timedelta(days=on), proof=proof, by=manager)
    assert OutgoingDocument.objects.get().is_waiting
    assert not Entry.objects.filter(kind=outgoing.SENT).exists()


def test_it_is_sent_once_or_not_at_all(manager, quick):
    today = timezone.localdate()
    sent, left = general(manager), general(manager)
    outgoing.send(sent, way="hand", on=today, by=manager)
    outgoing.void(left, reason="잘못 씀", by=manager)
    for row in (sent, left):
        with pytest.raises(ValidationError):
            outgoing.send(row, way="hand", on=today, by=manager)
        with pytest.raises(ValidationError):
            outgoing.void(row, reason="다시", by=manager)
    assert general(manager).ordinal == 3


def test_a_notice_says_what_each_camera_gets_and_how_to_object(manager):
    request = situations.told_about(CameraFactory(), manager)
    row = told(request.notices.get(), manager)
    words = text(row)
    request = ViewingRequest.objects.get()
    assert request.requester_name in words
    assert request.requester_name not in f"{row.subject} {row.receiver} {row.about}"
    assert viewing.FORM_9 in words
    assert "■ 열람 □ 일부열람 □ 열람연기 □ 열람거절" in words
    assert request.cameras.get().camera.number in words
    for line in request.notices.get().how_to_object.splitlines():
        assert line.strip().removeprefix(line.strip().split(" ")[0]).strip() in words
    assert "나. 1." not in words
    # Who may sign in the mayor's name is in a rule of the office that nobody has looked up here.
    assert "전결" not in words
    assert row.about == request.ledger_subject
    read = Entry.objects.filter(kind="records.viewing_person_read").last()
    assert read.content["purpose"] == "answer"


def test_a_camera_that_is_exempt_from_signs_is_named_in_no_letter(manager):
    camera = CameraFactory(is_sign_exempt=True)
    request = situations.told_about(camera, manager)
    receipt = kinds.get("viewing_receipt")
    letters = [
        told(request.notices.get(), manager),
        outgoing.issue(
            outgoing.draft(receipt, receipt.get(request.pk), {}, by=manager),
            on=timezone.localdate(),
            by=manager,
        ),
    ]
    for row in letters:
        assert camera.number not in text(row)
        assert camera.site.address not in text(row)
        assert "카메라" in text(row)
        assert "카메라 1" not in text(row)


def test_no_line_of_the_ledger_names_the_person(manager, quick):
    situations.told_about(CameraFactory(), manager)
    request = ViewingRequest.objects.get()
    row = told(request.notices.get(), manager)
    outgoing.send(row, way="post", on=timezone.localdate(), proof="등기 1", by=manager)
    lines = json.dumps([entry.content for entry in Entry.objects.all()], ensure_ascii=False)
    assert request.requester_name not in lines


def test_a_refusal_has_its_ground_and_its_box(manager):
    request = situations.refused_about(CameraFactory(), manager)
    words = text(told(request.notices.get(), manager))
    assert "■ 열람거절" in words
    decision = request.decisions.get()
    assert str(decision.national_ground) in words
    assert decision.reason in words


@pytest.mark.parametrize(
    ("asked", "law"),
    [
        ({}, "「개인정보 보호법」 제35조와 같은 법 시행령 제41조제5항에 따라"),
        ({"asks_viewing": False, "asks_correction": True}, "「개인정보 보호법」 제36조제2항·제4항에 따라"),
        ({"asks_correction": True}, "「개인정보 보호법」 제35조·제36조와 같은 법 시행령"),
    ],
)
def test_each_kind_is_told_by_its_own_law_and_what_was_looked_into(manager, asked, law):
    """PIPA 36(2): what was looked into is told with a viewing, too."""
    request = situations.notified(situations.confirmed(CameraFactory(), manager, **asked), manager)
    words = text(told(request.notices.get(), manager))
    assert law in words
    assert ("영상을 보고 확인함" in words) == request.asks_correction


def test_the_letter_goes_with_the_person(manager, quick):
    situations.told_about(CameraFactory(), manager)
    row = told(ViewingRequest.objects.get().notices.get(), manager)
    kept = general(manager)
    assert outgoing.erase(timezone.now()) == 0
    ViewingRequest.objects.update(person_erased_at=timezone.now())
    assert persons.entry(outgoing.CODE).count_due(timezone.now()) == 1
    assert outgoing.erase(timezone.now()) == 1
    assert outgoing.erase(timezone.now()) == 0
    row.refresh_from_db()
    assert (row.words, row.pdf, row.salt) == ("", "", "")
    assert row.number == "스마트도시과-1"
    with pytest.raises(LookupError):
        outgoing.files_of(row)
    with pytest.raises(ValidationError):
        outgoing.send(row, way="hand", on=timezone.localdate(), by=manager)
    assert outgoing.erase(timezone.now() + timedelta(days=5000)) == 1
    kept.refresh_from_db()
    assert kept.erased_at is not None


def test_letters_of_a_provision_name_what_was_decided(manager):
    official_ = provisions.official()
    case = provisions.approved(CameraFactory(), official_)
    kind = kinds.get("provision_restriction")
    with pytest.raises(NoLetter):
        outgoing.draft(kind, kind.get(case.pk), {}, by=official_)
    provisions.restricted(case, official_)
    row = outgoing.issue(
        outgoing.draft(kind, kind.get(case.pk), {}, by=official_), on=timezone.localdate(), by=official_
    )
    words = text(row)
    assert case.letter_number in words
    assert all(line.strip() in words for line in case.restrictions.get().text.splitlines())
    assert "강서경찰서" in row.receiver


def test_a_meeting_is_called_with_its_agenda(manager):
    meeting = MeetingFactory(on=timezone.localdate() + dt.timedelta(days=9))
    kind = kinds.get("committee_notice")
    asked = {"시각": "14:00", "안건": "첫째 안건\n둘째 안건", "자료": "예"}
    words = text(
        outgoing.issue(
            outgoing.draft(kind, kind.get(meeting.pk), asked, by=manager), on=timezone.localdate(), by=manager
        )
    )
    assert "1) 첫째 안건" in words
    assert "2) 둘째 안건" in words
    assert "붙임  회의 자료 1부.  끝." in words


def test_nobody_is_called_to_a_meeting_that_is_none(manager, client):
    """Ordinance 29: a written deliberation has no place to come to, one that was called off no day, and what is over …"""
    soon = timezone.localdate() + dt.timedelta(days=9)
    written, off = MeetingFactory(written=True, on=soon), MeetingFactory(cancelled_on=soon, on=soon)
    over = MeetingFactory(on=timezone.localdate() - dt.timedelta(days=1))
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    for meeting in (written, off, over):
        with pytest.raises(NoLetter):
            kinds.get("committee_notice").get(meeting.pk)
        page = client.get(reverse("committee:meeting", args=[meeting.pk])).content.decode()
        assert "committee_notice" not in page
    held = client.get(reverse("committee:meeting", args=[MeetingFactory(on=soon).pk])).content.decode()
    assert "committee_notice" in held


@pytest.mark.parametrize(("ground", "is_told"), [("wish", True), ("death", False)])
def test_no_letter_of_dismissal_goes_to_the_dead(manager, ground, is_told):
    term = next(each for each in seated(manager) if not each.is_ex_officio)
    membership.end(term, on=timezone.localdate(), ground=ground, document_number="공문-1", by=manager)
    kind = kinds.get("committee_dismissal")
    if is_told:
        assert kind.get(term.pk) == term
    else:
        with pytest.raises(NoLetter, match="사망"):
            kind.get(term.pk)


@pytest.mark.parametrize(
    ("code", "article"),
    [
        ("provision_restriction", "법 제18조제5항"),
        ("provision_refusal", "조례 제21조"),
        ("provision_chaser", "조례 제24조제3항"),
        ("provision_recall", "조례 제21조제3항"),
    ],
)
def test_each_letter_cites_the_article_that_asks_for_it(code, article):
    assert kinds.get(code).article.startswith(article)


def test_a_receipt_tells_until_when_it_is_answered(manager):
    request = situations.received(CameraFactory())
    kind = kinds.get("viewing_receipt")
    words = text(
        outgoing.issue(
            outgoing.draft(kind, kind.get(request.pk), {}, by=manager), on=timezone.localdate(), by=manager
        )
    )
    assert request.receipt_number in words
    assert "까지 답을 알려 드립니다" in words


@pytest.mark.parametrize(
    "code", ["viewing_receipt", "viewing_decision", "provision_recall", "committee_notice"]
)
def test_nothing_is_written_about_what_is_not_there(code):
    with pytest.raises(NoLetter):
        kinds.get(code).get(404)
    with pytest.raises(NoLetter):
        kinds.get("no-such-kind")


def test_a_member_is_appointed_and_dismissed_in_writing(manager, quick):
    term = next(each for each in seated(manager) if not each.is_ex_officio)
    kind = kinds.get("committee_appointment")
    row = outgoing.issue(
        outgoing.draft(kind, kind.get(term.pk), {}, by=manager), on=timezone.localdate(), by=manager
    )
    words = text(row)
    assert term.member.name in words
    assert official.day(term.until_on) in words
    assert term.member.name not in f"{row.subject} {row.receiver} {row.about}"
    with pytest.raises(NoLetter):
        kinds.get("committee_dismissal").get(term.pk)
    with pytest.raises(NoLetter):
        kind.get(next(each for each in Term.objects.all() if each.is_ex_officio).pk)
    Member.objects.update(erased_at=timezone.now())
    with pytest.raises(NoLetter):
        kind.get(term.pk)
    assert outgoing.erase(timezone.now()) == 1


def test_a_letter_that_has_not_left_is_something_to_do(manager, quick):
    assert list(due.unsent(timezone.now())) == []
    first, second = general(manager), general(manager)
    (item,) = due.unsent(timezone.now())
    assert (item.count, item.severity) == (2, "due")
    assert item.url.endswith("?state=waiting")
    assert next(due.unsent(timezone.now() + timedelta(days=5))).severity == "overdue"
    outgoing.send(first, way="hand", on=timezone.localdate(), by=manager)
    outgoing.void(second, reason="잘못 씀", by=manager)
    assert list(due.unsent(timezone.now())) == []


def test_a_letter_is_found_by_its_number_and_never_by_a_name(manager):
    request = situations.told_about(CameraFactory(), manager)
    row = told(request.notices.get(), manager)

    def hits(words):
        return [hit.title for hit in searching._letters(words)]

    assert hits(row.number) == hits(request.receipt_number) == [f"{row.number} {row.subject}"]
    assert hits(ViewingRequest.objects.get().requester_name) == []
