"""Papers of a request: ticked at the counter, kept as copies, and copies of identity cards go soon."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework import loose_files, persons
from casework.models import Attachment, Message
from casework.refusals import Refused
from ledger.models import Entry
from records.models import RequestPaper, ViewingRequest
from records.viewing import papers, talking
from records.viewing.states import SUBJECT_KIND
from tests.records.situations import received, refused_about

pytestmark = pytest.mark.django_db


def card(name: str = "신분증.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"%PDF-1.4\n{name}\n%%EOF\n".encode(), content_type="application/pdf")


def erased_on_day(days: float) -> int:
    return papers.erase(timezone.now() + timedelta(days=days))


def test_what_was_seen_at_the_counter_is_a_line_without_a_copy(camera, manager) -> None:
    request = received(camera)
    papers.see(request, ["power_of_attorney", "identity"], by=manager)
    assert [(row.kind, row.way, row.attachment) for row in request.papers.order_by("kind")] == [
        ("identity", "seen", None),
        ("power_of_attorney", "seen", None),
    ]
    assert erased_on_day(4000) == 0
    for wrong in ([], ["horoscope"]):
        with pytest.raises(Refused, match="어떤 서류"):
            papers.see(request, wrong, by=manager)


def test_a_copy_of_an_identity_card_goes_thirty_days_after_the_answer_and_nothing_else_does(
    camera, manager
) -> None:
    request = refused_about(camera, manager)  # notified just now
    talking.ask(request, "", [card()], kind="identity")
    papers.take_in(request, "power_of_attorney", [card("위임장.pdf")], by=manager)
    assert erased_on_day(29.9) == 0
    assert persons.rehearse(timezone.now() + timedelta(days=30.1))[papers.CODE] == 1
    assert erased_on_day(30.1) == 1
    assert erased_on_day(31) == 0
    identity, mandate = request.papers.order_by("kind")
    assert (identity.attachment, bool(identity.erased_at)) == (None, True)
    assert mandate.attachment is not None
    assert not Message.attachments.through.objects.exists()
    line = Entry.objects.of_kind("records.viewing_identity_copies_erased").get()
    assert line.content == {"requests": [request.receipt_number], "copies": 1}
    loose_files.erase_due(timezone.now() + timedelta(days=2))
    assert [each.name for each in Attachment.objects.all()] == ["위임장.pdf"]


def test_while_nobody_has_answered_the_copy_stays(camera) -> None:
    talking.ask(received(camera), "", [card()], kind="identity")
    assert erased_on_day(400) == 0


def test_a_file_that_the_person_did_not_name_is_sorted_out_once(camera, manager) -> None:
    request, other = received(camera), received(camera)
    talking.ask(request, "보냅니다", [card()])
    file = papers.unsorted(request).get()
    with pytest.raises(Refused, match="이 청구의 대화"):
        papers.sort_out(other, file, "identity", by=manager)
    papers.sort_out(request, file, "identity", by=manager)
    assert not papers.unsorted(request).exists()
    with pytest.raises(Refused, match="아직 나누지 않은"):
        papers.sort_out(request, file, "other", by=manager)


def test_with_the_person_go_all_copies_and_nothing_more_is_taken_in(camera, manager) -> None:
    request = refused_about(camera, manager)
    papers.take_in(request, "vehicle", [card("등록증.pdf")], by=manager)
    persons.erase_due(timezone.now() + timedelta(days=1100))
    paper = RequestPaper.objects.get()
    assert (paper.attachment, bool(paper.erased_at)) == (None, True)
    with pytest.raises(Refused, match="파기한 청구"):
        papers.see(ViewingRequest.objects.get(), ["identity"], by=manager)
    assert not Message.objects.of(SUBJECT_KIND, request.receipt_number).filter(attachments__isnull=False)
