"""소집 통지의 전자우편: one mail to each member with an address, the others by letter, and what fails is told."""

import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from casework.refusals import Refused
from committee import mailing, membership, notices
from committee.enums import NoticeWay
from committee.models import Member, NoticeDelivery
from committee.notices import NoticeFacts
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import planned, seat, seated, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory(role=Role.COMMITTEE_SECRETARY)


@pytest.fixture
def meeting(officer):
    """In a fortnight; all seven left an address."""
    for number, term in enumerate(seated(officer), start=1):
        term.member.email = f"member{number}@example.org"
        term.member.save()
    return planned(timezone.localdate() + dt.timedelta(days=14), by=officer)


def told(meeting, officer, way=NoticeWay.BOTH, on=None):
    today = timezone.localdate()
    return notices.send(meeting, NoticeFacts(on or today, way, "안전-1"), by=officer, today=today)


def delivered() -> int:
    return mailing.deliver(mailing.waiting(timezone.now()))


def without_address(meeting) -> str:
    term = membership.composition(meeting.on)[-1]
    term.member.email = ""
    term.member.save()
    return term.member.shown_name


def test_each_member_gets_a_mail_of_ones_own_that_says_what_the_notice_says(meeting, officer):
    notice = told(meeting, officer)
    assert delivered() == 7
    assert delivered() == 0
    assert sorted(one.to[0] for one in mail.outbox) == [f"member{n}@example.org" for n in range(1, 8)]
    assert all(len(one.to + one.cc + one.bcc) == 1 for one in mail.outbox)
    body = mail.outbox[0].body
    for said in ("구청 대회의실", "14:00", "1. 방범용 CCTV 통합관리 계획", "안전-1"):
        assert said in body
    assert not any(name in body for name in ("김서연", "오지훈"))
    entry = Entry.objects.get(kind=notices.SENT)
    assert (entry.content["mailed"], entry.content["by_letter"]) == (7, 0)
    assert "example.org" not in entry.payload
    assert mailing.told(notice) == ["전자우편을 보낸 위원 7명"]


def test_a_member_without_an_address_is_told_by_letter_and_never_left_out(meeting, officer):
    name = without_address(meeting)
    with pytest.raises(Refused, match="주소가 없는 위원이 1명"):
        told(meeting, officer, NoticeWay.MAIL)
    assert not NoticeDelivery.objects.exists()
    notice = told(meeting, officer)
    assert delivered() == 6
    assert mailing.told(notice) == ["전자우편을 보낸 위원 6명", f"공문으로 알릴 위원: {name}"]


def test_one_address_that_is_refused_keeps_nobody_elses_mail(meeting, officer, monkeypatch):
    notice = told(meeting, officer)
    send = mailing.EmailMessage.send

    def refusing(message, *arguments):
        if message.to == ["member3@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(message, *arguments)

    monkeypatch.setattr(mailing.EmailMessage, "send", refusing)
    now = timezone.now()
    assert delivered() == 6
    # Not at once again, but as long as it is worth it; then somebody else has to tell that member.
    assert delivered() == 0
    with time_machine.travel(now + dt.timedelta(minutes=6)):
        assert delivered() == 0
        assert "아직 메일을 보내지 못함" in mailing.told(notice)[1]
    assert NoticeDelivery.objects.get(mailed_at=None).tries == 2
    with time_machine.travel(now + dt.timedelta(days=2)):
        assert not mailing.waiting(timezone.now()).exists()
        assert mailing.told(notice)[1].startswith("메일을 보내지 못함. 다른 방법으로 알리십시오: ")


def test_what_left_another_way_or_earlier_is_only_put_down(meeting, officer):
    told(meeting, officer, NoticeWay.LETTER)
    told(meeting, officer, NoticeWay.BOTH, on=timezone.localdate() - dt.timedelta(days=1))
    assert not NoticeDelivery.objects.exists()


def test_who_was_appointed_later_gets_no_mail_of_before(meeting, officer):
    told(meeting, officer)
    membership.appoint(who("늦은이", "man", email="late@example.org"), seat("other"), by=officer)
    delivered()
    assert "late@example.org" not in [one.to[0] for one in mail.outbox]


def test_the_screen_says_before_who_is_mailed_and_afterwards_who_was(client, meeting, officer):
    name = without_address(meeting)
    client.force_login(officer)
    sent = {"sent_on": timezone.localdate(), "way": "both", "document_number": "안전-1"}
    asked = client.post(reverse("committee:notice", args=[meeting.pk]), sent).content.decode()
    assert "위원 6명에게 날짜, 장소, 안건을 적은 메일을 지금 보냅니다." in asked
    assert f"공문으로 알릴 위원: {name}" in asked
    assert not NoticeDelivery.objects.exists()
    earlier = sent | {"sent_on": timezone.localdate() - dt.timedelta(days=1)}
    asked = client.post(reverse("committee:notice", args=[meeting.pk]), earlier).content.decode()
    assert "이 시스템은 메일을 보내지 않습니다." in asked
    told(meeting, officer)
    delivered()
    shown = client.get(reverse("committee:meeting", args=[meeting.pk])).content.decode()
    assert "전자우편을 보낸 위원 6명" in shown
    assert "example.org" not in shown


def test_a_notice_is_done_when_everybody_was_told_by_mail_or_by_letter(client, meeting, officer):
    without_address(meeting)
    told(meeting, officer)
    step = next_steps.of(meeting, timezone.now())
    assert (step.verb, step.url_name) == ("나머지 위원에게 알리기", "committee:notice_others")
    client.force_login(officer)
    today = timezone.localdate().isoformat()
    url = reverse("committee:notice_others", args=[meeting.pk])
    assert client.post(url, {"on": today, "document_number": "안전-2"}).status_code == 302
    assert "아직 나가지 않았습니다" in next_steps.of(meeting, timezone.now()).note, (
        "six mails wait for a worker"
    )
    delivered()
    waits = next_steps.of(meeting, timezone.now())
    assert (waits.verb, waits.note[:13]) == ("기다림", "위원에게 알렸습니다. 회")
    assert "공문이나 다른 방법으로 알린 위원 1명" in mailing.told(meeting.notices.get())
    again = client.post(url, {"on": today, "document_number": "안전-3"}).content.decode()
    assert "따로 알릴 위원이 없습니다" in again


def test_who_reads_that_nobody_gets_a_mail_is_not_told_that_mails_leave_now(client, meeting, officer):
    Member.objects.update(email="")
    client.force_login(officer)
    given = {"sent_on": timezone.localdate().isoformat(), "way": "both", "document_number": "안전-1"}
    seen = client.post(reverse("committee:notice", args=[meeting.pk]), given).content.decode()
    assert "메일은 나가지 않습니다" in seen
    assert "0명에게" not in seen
