"""출석 (ordinance art. 29): who of the enrolled was there, by the sheet; figures follow from it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from casework import acts
from casework.acts import File
from casework.refusals import Refusal
from committee import following, membership
from committee.enums import MeetingKind
from committee.models import AgendaItem, Attendance, HeardExpert, Meeting, Term
from committee.voting import ARTICLE

if TYPE_CHECKING:
    from accounts.models import Officer

RECORDED, HEARD, CANCELLED = (
    "committee.attendance_recorded",
    "committee.expert_heard",
    "committee.meeting_cancelled",
)
LEDGER_KINDS = {
    RECORDED: "운영위원회 출석 기록",
    HEARD: "운영위원회에서 의견을 들음",
    CANCELLED: "운영위원회 회의 취소",
}


def check(meeting: Meeting, present: Collection[int], *, today: dt.date) -> Iterator[Refusal]:
    if meeting.kind == MeetingKind.WRITTEN:
        yield Refusal("written", "서면심의에는 출석이 없습니다. 의견을 낸 위원을 셉니다.", ARTICLE)
        return
    if meeting.cancelled_on is not None:
        yield Refusal("cancelled", "취소한 회의입니다.", ARTICLE)
    if meeting.on > today:
        yield Refusal("future", "아직 열리지 않은 회의에는 출석을 적을 수 없습니다.", ARTICLE)
    if meeting.resolutions.exists():
        yield Refusal("resolved", "의결이 기록된 회의의 출석은 고칠 수 없습니다.", ARTICLE)
    seated = {term.pk for term in membership.composition(meeting.on)}
    if not seated:
        yield Refusal(
            "nobody", f"{meeting.on:%Y-%m-%d}에 임기 중인 위원이 없습니다. 위원 명부를 확인하십시오.", ARTICLE
        )
    elif not set(present) <= seated:
        yield Refusal("stranger", "그날 임기 중이 아닌 사람은 출석위원이 될 수 없습니다.", ARTICLE)


def record(
    meeting: Meeting,
    present: Collection[int],
    *,
    by: "Officer",
    today: dt.date,
    files: Iterable[File] = (),
) -> Meeting:
    """`present`: keys of the terms that were there. May be put right until a resolution rests on it."""
    with acts.begin(RECORDED, meeting, by=by) as act:
        act.refuse(check(act.row, present, today=today))
        seated = membership.composition(act.row.on)
        act.row.attendances.all().delete()
        Attendance.objects.bulk_create(
            Attendance(meeting=act.row, term=term, is_present=term.pk in present) for term in seated
        )
        act.write(reason="출석 기록", enrolled=len(seated), present=len(set(present)))
        act.attach(files)
        act.payload |= {
            "meeting": act.row.number,
            "enrolled": act.row.enrolled,
            "present": act.row.present,
        }
        following.meeting(act, act.row)
    return act.row


def hear(
    meeting: Meeting,
    *,
    name: str,
    affiliation: str,
    is_district_official: bool,
    said: str,
    by: "Officer",
    item: AgendaItem | None = None,
) -> HeardExpert:
    """An official or expert whose opinion the committee heard."""
    with acts.begin(HEARD, meeting, by=by) as act:
        if act.row.cancelled_on is not None:
            act.refuse([Refusal("cancelled", "취소한 회의입니다.", ARTICLE)])
        heard = act.add(
            HeardExpert(
                meeting=act.row,
                item=item,
                name=name.strip(),
                affiliation=affiliation.strip(),
                is_district_official=is_district_official,
                said=said.strip(),
                recorded_by=by,
            )
        )
        act.payload |= {"meeting": act.row.number, "item": item.position if item else None}
        following.meeting(act, act.row)
    return heard


def cancel(meeting: Meeting, *, reason: str, by: "Officer", today: dt.date) -> Meeting:
    with acts.begin(CANCELLED, meeting, by=by) as act:
        if act.row.is_held or act.row.resolutions.exists():
            act.refuse([Refusal("held", "이미 열린 회의는 취소할 수 없습니다.", ARTICLE)])
        if not reason.strip():
            act.refuse([Refusal("reason", "취소 사유를 적으십시오.", ARTICLE, field="reason")])
        act.write(reason=reason, cancelled_on=today, cancel_reason=reason)
        act.row.links.filter(void_at=None, used_at=None).update(void_at=act.at)
        act.payload |= {"meeting": act.row.number}
        following.meeting(act, act.row)
    return act.row


def present_terms(meeting: Meeting) -> list[Term]:
    rows = meeting.attendances.filter(is_present=True).select_related("term__member")
    return [row.term for row in rows]
