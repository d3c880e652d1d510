"""소집 통지의 전자우편: to each member of the day who left an address; the others are told by letter.

A row for each member says how one was told. It holds no address: that is read from the member when the mail is made, one
mail to each, so that nobody learns another's. The mail says what the notice says (date, place, agenda) and nothing else.
A mail that cannot be delivered is tried again for a day; then the page says whom to tell in another way.
"""

import datetime as dt
from typing import Any

from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.designations import responsible_on
from accounts.models import Department
from casework.acts import Act
from committee import membership
from committee.enums import NoticeWay
from committee.models import Meeting, MeetingNotice, NoticeDelivery, Term

MAILED = frozenset({NoticeWay.MAIL, NoticeWay.BOTH})
# Between two attempts at one mail, and how long it is worth one.
AGAIN_AFTER = dt.timedelta(minutes=5)
TRIED_FOR = dt.timedelta(days=1)


def is_mailed_now(way: str, sent_on: dt.date) -> bool:
    """A notice that is entered later left in some other way already."""
    return way in MAILED and sent_on == timezone.localdate()


def without_address(meeting: Meeting) -> list[Term]:
    return [term for term in membership.composition(meeting.on) if not term.member.email]


def put_down(act: Act[Any], notice: MeetingNotice) -> bool:
    """Who is told how; whether there are mails to send once the act stands."""
    if not is_mailed_now(notice.way, notice.sent_on):
        return False
    ways = [
        (term, NoticeWay.MAIL if term.member.email else NoticeWay.LETTER)
        for term in membership.composition(notice.on)
    ]
    for term, way in ways:
        act.add(NoticeDelivery(notice=notice, term=term, way=way))
    mailed = sum(way == NoticeWay.MAIL for _, way in ways)
    act.payload |= {"mailed": mailed, "by_letter": len(ways) - mailed}
    return mailed > 0


def waiting(now: dt.datetime) -> "models.QuerySet[NoticeDelivery]":
    """Mails that did not leave yet and may be tried."""
    return NoticeDelivery.objects.filter(
        Q(tried_at=None) | Q(tried_at__lte=now - AGAIN_AFTER),
        way=NoticeWay.MAIL,
        mailed_at=None,
        told_on=None,
        notice__recorded_at__gt=now - TRIED_FOR,
    ).order_by("pk")


def deliver(rows: "models.QuerySet[NoticeDelivery]") -> int:
    """How many left. One that fails keeps nobody else's from leaving."""
    left = 0
    for row in rows.select_related("notice__meeting", "term__member"):
        if _claimed(row) and _left(row):
            NoticeDelivery.objects.filter(pk=row.pk).update(mailed_at=timezone.now())
            left += 1
    return left


def _claimed(row: NoticeDelivery) -> bool:
    """By one worker: two that found the same row saw the same number of attempts."""
    taken = NoticeDelivery.objects.filter(pk=row.pk, tries=row.tries, mailed_at=None)
    return bool(taken.update(tries=F("tries") + 1, tried_at=timezone.now()))


def _left(row: NoticeDelivery) -> bool:
    # Erased or taken out of the record since: nobody is written to then.
    if not (address := row.term.member.email):
        return False
    office = responsible_on(timezone.localdate())
    subject = f"운영위원회 회의 소집 통지: {row.notice.meeting}"
    try:
        return bool(EmailMessage(subject, words(row.notice, office), None, [address]).send())
    except OSError:  # the mail server refuses this address, or cannot be reached
        return False


def being_mailed(notice: MeetingNotice, now: dt.datetime) -> "models.QuerySet[NoticeDelivery]":
    """Mails that did not leave yet and are tried again."""
    return _untold(notice).none() if _is_over(notice, now) else _untold(notice).filter(way=NoticeWay.MAIL)


def to_tell(notice: MeetingNotice, now: dt.datetime) -> "models.QuerySet[NoticeDelivery]":
    """Members whom somebody has to tell by letter, or in another way since no mail got through."""
    return _untold(notice) if _is_over(notice, now) else _untold(notice).filter(way=NoticeWay.LETTER)


def _is_over(notice: MeetingNotice, now: dt.datetime) -> bool:
    """Whether a mail that did not leave by now is tried no more."""
    return now - notice.recorded_at >= TRIED_FOR


def _untold(notice: MeetingNotice) -> "models.QuerySet[NoticeDelivery]":
    return notice.deliveries.filter(mailed_at=None, told_on=None)


def told(notice: MeetingNotice) -> list[str]:
    """For the page of the meeting: how many were reached, and whom somebody has to tell in another way."""
    rows = list(notice.deliveries.all())
    mailed = sum(row.mailed_at is not None for row in rows)
    lines = [f"전자우편을 보낸 위원 {mailed}명"] if mailed else []
    otherwise = sum(row.told_on is not None for row in rows)
    lines += [f"공문이나 다른 방법으로 알린 위원 {otherwise}명"] if otherwise else []
    rows = [row for row in rows if row.told_on is None]
    unsent = [row for row in rows if row.way == NoticeWay.MAIL and row.mailed_at is None]
    what = (
        "메일을 보내지 못함. 다른 방법으로 알리십시오"
        if _is_over(notice, timezone.now())
        else "아직 메일을 보내지 못함. 다시 시도합니다"
    )
    for label, chosen in (
        (what, unsent),
        ("공문으로 알릴 위원", [row for row in rows if row.way == NoticeWay.LETTER]),
    ):
        if chosen:
            lines.append(f"{label}: {', '.join(row.term.member.shown_name for row in chosen)}")
    return lines


def words(notice: MeetingNotice, office: Department | None) -> str:
    at = f" {notice.starts_at:%H:%M}" if notice.starts_at else ""
    lines = [
        "영상정보처리기기 운영위원회 위원께",
        "",
        f"조례 제29조에 따라 {notice.meeting} 소집을 알려 드립니다.",
        "",
        f"일시: {notice.on.year}. {notice.on.month}. {notice.on.day}.{at}",
        f"장소: {notice.place}",
        "안건",
        *(f"  {one['position']}. {one['title']}" for one in notice.agenda),
        f"문서번호: {notice.document_number}",
        "",
        "안건과 이해관계가 있으면 회의 전에 회피하거나 기피를 신청할 수 있습니다.",
        "이 메일에 답장하지 마시고 아래 부서로 연락해 주십시오.",
        "",
    ]
    if office is not None:
        phone = f" ({office.phone})" if office.phone else ""
        lines.append(f"{office.institution.name} {office.name}{phone}")
    return "\n".join(lines)
