"""소집 통지 (general committee ordinance): date, place and agenda, seven days before, counted back.

A notice tells what it told: a meeting that was moved, or whose agenda changed, has none until a new one is sent.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import queueing
from casework import acts, refusals
from casework.refusals import Refusal
from committee import agenda, following, mailing, tasks
from committee.enums import LateGround, MeetingKind, NoticeWay
from committee.models import Meeting, MeetingNotice
from committee.voting import ARTICLE
from ordinance import deadlines, parameters
from ordinance.deadlines import Deadline

if TYPE_CHECKING:
    from accounts.models import Officer

SENT, TOLD = "committee.notice_sent", "committee.notice_told_otherwise"
LEDGER_KINDS = {SENT: "운영위원회 소집 통지", TOLD: "메일로 알리지 못한 위원에게 소집을 알림"}
DAYS = "committee_meeting_notice_days"


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    sent_on: dt.date
    way: NoticeWay
    document_number: str
    late_ground: str = ""
    late_reason: str = ""


def deadline(meeting: Meeting) -> Deadline:
    """The last day on which a notice is early enough."""
    return deadlines.before(meeting.on, int(parameters.value(DAYS, meeting.on).value))


def current(meeting: Meeting) -> MeetingNotice | None:
    """The last notice, if what it told still holds."""
    last = meeting.notices.order_by("-pk").first()
    return last if last is not None and tells(last, meeting) else None


def tells(notice: MeetingNotice, meeting: Meeting) -> bool:
    told = (notice.on, notice.starts_at, notice.place, notice.agenda)
    return told == (meeting.on, meeting.starts_at, meeting.place, agenda.snapshot(meeting))


def send(meeting: Meeting, facts: NoticeFacts, *, by: "Officer", today: dt.date) -> MeetingNotice:
    """Put on record that the members were told."""
    with acts.begin(SENT, meeting, by=by) as act:
        act.refuse(check(act.row, facts, today=today))
        due_on = deadline(act.row).due_on
        is_late = facts.sent_on > due_on
        notice = act.add(
            MeetingNotice(
                meeting=act.row,
                on=act.row.on,
                starts_at=act.row.starts_at,
                place=act.row.place,
                agenda=agenda.snapshot(act.row),
                sent_on=facts.sent_on,
                due_on=due_on,
                way=facts.way,
                document_number=facts.document_number.strip(),
                late_ground=facts.late_ground if is_late else "",
                late_reason=facts.late_reason.strip() if is_late else "",
                recorded_by=by,
            )
        )
        act.payload |= {
            "meeting": act.row.number,
            "sent_on": notice.sent_on.isoformat(),
            "notice_due_on": due_on.isoformat(),
            "notice_way": notice.way,
            "late_ground": notice.late_ground,
            "items": len(notice.agenda),
            "document": notice.document_number,
        }
        if mailing.put_down(act, notice):
            act.afterwards(lambda: queueing.start(tasks.mail_notice, notice.pk))
        following.meeting(act, act.row)
    return notice


def tell_others(meeting: Meeting, *, on: dt.date, document_number: str, by: "Officer") -> int:
    """The members who got no mail were told by letter or in another way; how many."""
    with acts.begin(TOLD, meeting, by=by) as act:
        act.refuse(_against_telling(act.row, on, document_number, act.at))
        notice = current(act.row)
        told = mailing.to_tell(notice, act.at).update(told_on=on) if notice is not None else 0
        act.payload |= {
            "meeting": act.row.number,
            "sent_on": on.isoformat(),
            "document": document_number.strip(),
            "by_letter": told,
        }
    return told


def _against_telling(
    meeting: Meeting, on: dt.date, document_number: str, now: dt.datetime
) -> Iterator[Refusal]:
    notice = current(meeting)
    if notice is None or not mailing.to_tell(notice, now).exists():
        yield Refusal("nobody", "따로 알릴 위원이 없습니다.", ARTICLE)
        return
    yield from refusals.unwritten(document_number, "document_number", "문서번호를 적으십시오.", ARTICLE)
    until = min(timezone.localdate(now), meeting.on)
    yield from refusals.outside(on, "on", "알린 날", since=notice.sent_on, until=until, since_name="통지일")


def check(meeting: Meeting, facts: NoticeFacts, *, today: dt.date) -> Iterator[Refusal]:
    if meeting.kind == MeetingKind.WRITTEN:
        yield Refusal("written", "서면심의는 의견서나 서명 주소로 알립니다.", ARTICLE)
        return
    if meeting.cancelled_on is not None:
        yield Refusal("cancelled", "취소한 회의입니다.", ARTICLE)
    if not agenda.snapshot(meeting):
        yield Refusal("agenda", "안건을 먼저 올리십시오. 통지에는 안건이 있어야 합니다.", ARTICLE)
    yield from refusals.unwritten(facts.document_number, "document_number", "문서번호를 적으십시오.", ARTICLE)
    yield from refusals.outside(facts.sent_on, "sent_on", "통지일", until=min(today, meeting.on))
    if facts.way == NoticeWay.MAIL and mailing.is_mailed_now(facts.way, facts.sent_on):
        yield from _nobody_is_left_out(meeting)
    due = deadline(meeting)
    is_explained = facts.late_ground in LateGround.values and facts.late_reason.strip()
    if facts.sent_on > due.due_on and not is_explained:
        yield Refusal(
            "late",
            f"통지 기한({due.due_on:%Y-%m-%d})이 지났습니다. 늦게 알릴 수 있는 사유를 고르고 적으십시오.",
            ARTICLE,
            "사유가 없으면 회의를 미루십시오.",
            field="late_ground",
        )


def _nobody_is_left_out(meeting: Meeting) -> Iterator[Refusal]:
    if unreached := len(mailing.without_address(meeting)):
        text = f"전자우편 주소가 없는 위원이 {unreached}명 있습니다."
        yield Refusal(
            "address",
            text,
            ARTICLE,
            "‘공문과 전자우편’을 고르고 그 위원에게는 공문을 보내십시오.",
            field="way",
        )
