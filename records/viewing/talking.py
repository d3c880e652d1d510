"""What the person does on the page of the request, and what the office says there (`casework.threads`).

Whoever has the receipt's two numbers writes, adds papers, changes the contact and asks for another day. None of it shows
who it is: what a paper says is for an officer to judge, and the days of the office run on.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Officer
from casework import acts, threads
from casework.acts import File
from casework.models import InnerNote, Message
from casework.refusals import Refusal
from ordinance import holidays
from records.enums import RequestPaperKind, RequestState
from records.models import ViewingAppointment, ViewingRequest
from records.viewing import papers
from records.viewing.states import SUBJECT_KIND

WEB = "system:website"
# 근무시간: when the office shows footage.
OPENS, CLOSES = dt.time(9), dt.time(18)
# Where a viewing is, or was, to be held.
MAY_WISH = (RequestState.APPOINTED, RequestState.NOTIFIED)
CONTACT = ("requester_phone", "requester_address")
# How many unread messages of a person the office keeps waiting for it.
MOST_UNREAD = 20


def say(request: ViewingRequest, text: str, files: Iterable[File] = (), *, by: Officer) -> Message:
    """The office writes; what the footage shows is told in letters, after the identity was seen."""
    with acts.begin("records.viewing_message_sent", request, by=by) as act:
        act.payload["request"] = act.row.receipt_number
        act.refuse(_refuse_erased(act.row))
        threads.mark_read(SUBJECT_KIND, act.row.receipt_number, by_person=False, at=act.at)
        return threads.say(act, SUBJECT_KIND, act.row.receipt_number, text, files)


def ask(request: ViewingRequest, text: str, files: Iterable[File] = (), *, kind: str = "") -> Message:
    """The person writes, or adds papers; `kind`: what they are (`RequestPaperKind`), where the person says so."""
    with acts.begin("records.viewing_message_came", request, actor=WEB) as act:
        act.refuse(_refuse_erased(act.row) + _refuse_many(act.row))
        act.payload["request"] = act.row.receipt_number
        message = threads.say(act, SUBJECT_KIND, act.row.receipt_number, text, files)
        if kind in RequestPaperKind.values:
            papers.note_copies(act, kind, message.attachments.all())
    return message


def _refuse_erased(request: ViewingRequest) -> list[Refusal]:
    if request.person_erased_at is None:
        return []
    return [Refusal("over", gettext("보관기간이 지나 인적사항을 파기한 청구입니다."))]


def _refuse_many(request: ViewingRequest) -> list[Refusal]:
    unread = threads.messages(SUBJECT_KIND, request.receipt_number).filter(
        by__isnull=True, read_at__isnull=True
    )
    if unread.count() < MOST_UNREAD:
        return []
    return [Refusal("many", gettext("담당자가 읽을 때까지 기다려 주십시오. 급하시면 전화하여 주십시오."))]


def refuse_unread(request: ViewingRequest, article: str) -> list[Refusal]:
    """Nobody is told that he sent nothing, or did not come, or could not be found, while what he sent lies unread."""
    if not threads.unread_of(SUBJECT_KIND, request.receipt_number):
        return []
    text = "청구인이 보낸 글이나 서류를 아직 읽지 않았습니다."
    remedy = "‘대화·메모’에서 먼저 읽으십시오."
    return [Refusal("unread", text, article, remedy, numbers=(request.receipt_number,))]


def note(request: ViewingRequest, text: str, *, by: Officer) -> InnerNote:
    """For the office alone."""
    return threads.note(SUBJECT_KIND, request.receipt_number, text, by=by, at=timezone.now())


def read_by_office(request: ViewingRequest) -> int:
    return threads.mark_read(SUBJECT_KIND, request.receipt_number, by_person=False, at=timezone.now())


def read_by_person(request: ViewingRequest) -> int:
    return threads.mark_read(SUBJECT_KIND, request.receipt_number, by_person=True, at=timezone.now())


def change_contact(request: ViewingRequest, given: Mapping[str, str]) -> list[str]:
    """Another telephone number or address of the person who asks; which columns changed. The old one is not kept."""
    with acts.begin("records.viewing_contact_changed", request, actor=WEB) as act:
        act.refuse(_refuse_erased(act.row))
        changed = [
            name for name in CONTACT if given.get(name, "").strip() not in ("", getattr(act.row, name))
        ]
        if not changed:
            act.refuse([Refusal("same", gettext("바뀐 연락처가 없습니다."))])
        for name in changed:
            setattr(act.row, name, given[name].strip())
        act.row.contact_changed_at = act.at
        act.row.save(update_fields=[*changed, "contact_changed_at"])
        act.payload |= {"request": act.row.receipt_number, "fields": changed}
    return changed


def wish(appointment: ViewingAppointment, at: dt.datetime) -> ViewingAppointment:
    """The person asks for another moment; an officer moves the appointment, or says why not."""
    with acts.begin("records.viewing_time_wished", appointment.request, actor=WEB) as act:
        held = act.hold(appointment)
        act.refuse(_refuse_wish(act.row, held, at))
        held.wished_at = at
        held.save(update_fields=["wished_at"])
        act.payload |= {"request": act.row.receipt_number, "to": at.isoformat()}
    return held


def _refuse_wish(request: ViewingRequest, held: ViewingAppointment, at: dt.datetime) -> list[Refusal]:
    may_wish = request.state in MAY_WISH and request.holds_released_at is None
    if not may_wish or held.result not in ("", "not_come"):
        return [Refusal("over", gettext("바꿀 열람 일정이 없습니다."))]
    if at <= timezone.now():
        text = gettext("지금보다 뒤의 일시를 적어 주십시오.")
        return [Refusal("past", text, field="wished_at")]
    local = timezone.localtime(at)
    is_working = holidays.is_working_day(local.date())
    if not is_working or not OPENS <= local.time() < CLOSES:
        text = gettext(
            "근무시간(공휴일이 아닌 월~금요일 09:00~18:00)의 일시를 적어 주십시오. 그때 오실 수 없으면 ‘글과 서류 보내기’로 알려 주십시오."
        )
        return [Refusal("closed", text, field="wished_at")]
    return []
