"""Receiving a request: the row, a hold on each camera asked for, and the due date, all or nothing.

Whatever can be asked is received (Procedures Act art. 17(4)): footage older than its period, cameras that are
suspended, removed or exempt from the sign, a whole site. What can be held is held.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from accounts.models import Officer
from casework import acts, receipts
from casework.acts import Act
from ordinance import deadlines
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from records.enums import RequestChannel, RequesterRole, RequestEvent, RequestKind
from records.models import ViewingMove, ViewingRequest
from records.viewing import asked, claims, duplicates, identity, limits, requested, short_holds
from records.viewing.asked import Part, Ranges
from records.viewing.requested import Extent, Extents
from records.viewing.states import SUBJECT_KIND


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    phone: str = ""
    birth_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What form 2 asks for. `subject` is None where the requester is the one in the picture."""

    parts: Sequence[Part]
    asks_existence: bool
    asks_viewing: bool
    asks_correction: bool
    requester: Person
    requester_role: str
    purpose: str
    submission: uuid.UUID
    subject: Person | None = None
    relation: str = ""
    appearance: str = ""
    channel: str = RequestChannel.WEB
    wants_web_notice: bool = False
    # When it came, where an officer enters it later, and the letter's number.
    came_at: datetime | None = None
    document_number: str = ""


def as_filled_in(parts: Sequence[Part], given: Mapping[str, Any], **more: Any) -> Application:
    """Form 2 as a screen has checked it, of the website or of the portal; `more`: how and when it came."""
    is_subject = given["requester_role"] == RequesterRole.SUBJECT
    return Application(
        parts=parts,
        asks_existence=RequestKind.EXISTENCE in given["kinds"],
        asks_viewing=RequestKind.VIEWING in given["kinds"],
        asks_correction=RequestKind.CORRECTION in given["kinds"],
        requester=_person(given, "requester"),
        requester_role=given["requester_role"],
        subject=None if is_subject else _person(given, "subject"),
        relation="" if is_subject else given["relation"],
        purpose=given["purpose"],
        appearance=given["appearance"],
        submission=given["submission"],
        **more,
    )


def _person(given: Mapping[str, Any], who: str) -> Person:
    return Person(
        given[f"{who}_name"], given[f"{who}_phone"], given[f"{who}_birth_on"], given[f"{who}_address"]
    )


@dataclass(frozen=True, slots=True)
class Received:
    """`code` is empty once the receipt is not shown any more; `frozen_hours` is what this form froze."""

    request: ViewingRequest
    code: str
    frozen_hours: float = 0.0


def receive(application: Application, *, household_hours: float = 0.0, by: Officer | None = None) -> Received:
    """The request as received, from the website or entered by an officer. The same form again gives the same request.

    The clock runs from the day on which it came (`came_at`), whenever it is entered.
    Raises ValidationError with the form's field names. Each `RequestedCamera` says what was gone already, and whether
    anybody knows; what is over the web's limits is held shortly and an officer is told at once (`needs_hold`).
    """
    if already := known(application.submission):
        return already
    now = timezone.now()
    _check(application, now, by)
    came_at = application.came_at or now
    ranges = asked.ranges(application.parts)
    extents = _extents(application, ranges, household_hours)
    row = _row(application, came_at, extents)
    actor = "" if by else "system:website"
    with acts.begin("records.viewing_received", row, by=by, actor=actor, at=now) as act:
        row.save()
        act.move(
            ViewingMove,
            RequestEvent.RECEIVE,
            on=timezone.localdate(came_at),
            document_number=application.document_number,
        )
        requested.write(row, application.parts, ranges, extents, by=by)
        due = act.open_due(
            SUBJECT_KIND, row.receipt_number, deadlines.for_route(RequestRoute.PIPA_VIEWING, came_at)
        )
        _tell(act, ranges, due, extents)
    frozen_hours = sum(ranges.shown_hours) * extents.shown.held
    return Received(row, claims.code_for(application.submission), frozen_hours)


def _extents(application: Application, ranges: Ranges, household_hours: float) -> Extents:
    if application.channel != RequestChannel.WEB:
        return Extents()
    return Extents(
        _shown(ranges.shown_hours, household_hours) if ranges.shown_hours else Extent(),
        _hidden(ranges.hidden_hours) if ranges.hidden_hours else Extent(),
    )


def _shown(each: Sequence[float], household_hours: float) -> Extent:
    hours = sum(each)
    held = limits.held_hours(is_told=True)
    fits = limits.fitting_hours(each, household_hours=household_hours, held=held)
    if hours <= fits:
        return Extent()
    if limits.may_hold_shortly(hours, household_hours):
        return Extent(fits=fits / hours)
    return Extent(held=fits / hours, fits=fits / hours)


def _hidden(each: Sequence[float]) -> Extent:
    """Nobody can be told of a short hold; an officer is told at once where it is not all."""
    hours = sum(each)
    share = limits.fitting_hours(each, household_hours=0, held=limits.held_hours()) / hours
    return Extent() if share >= 1 else Extent(held=share, fits=share)


def _tell(act: Act[ViewingRequest], ranges: Ranges, due: DueDate, extents: Extents) -> None:
    request = act.row
    act.payload |= {
        "request": request.receipt_number,
        "channel": request.channel,
        "received_at": request.received_at.isoformat(),
        "cameras": [row.camera.number for row in ranges.rows],
        "ranges": [[row.from_at.isoformat(), row.until_at.isoformat()] for row in ranges.rows],
        "is_held": not extents.needs_hold,
        "due_on": due.due_on.isoformat(),
    }


def known(submission: uuid.UUID) -> Received | None:
    """What the same form became when it was sent before."""
    request = ViewingRequest.objects.filter(submission_digest=claims.digest_of_form(submission)).first()
    if request is None:
        return None
    is_shown = timezone.now() - request.received_at <= claims.SHOWN_AGAIN_FOR
    code = claims.code_for(submission)
    # The form's digest cannot be bound to a request by which it is found; its code is.
    is_own = constant_time_compare(claims.digest_of_code(request.receipt_number, code), request.claim_digest)
    return Received(request, code if is_shown and is_own else "")


def _check(application: Application, now: datetime, by: Officer | None) -> None:
    errors: dict[str, str] = {}
    if (application.channel == RequestChannel.WEB) != (by is None):
        errors["channel"] = gettext("누리집이 아닌 길로 온 청구를 담당자가 접수합니다.")
    if application.came_at is not None and application.came_at > now:
        errors["came_at"] = gettext("접수한 때가 지금보다 뒤입니다.")
    elif application.came_at is not None and application.came_at < _earliest(application):
        errors["came_at"] = gettext("접수한 때가 촬영된 때보다 앞섭니다.")
    if not (application.asks_existence or application.asks_viewing or application.asks_correction):
        errors["kinds"] = gettext("무엇을 청구하는지 하나 이상 고르십시오.")
    if application.requester_role != RequesterRole.SUBJECT and application.subject is None:
        errors["subject_name"] = gettext("대리인이 청구할 때에는 영상에 찍힌 사람을 적어야 합니다.")
    errors |= asked.problems(application.parts, now)
    if errors:
        raise ValidationError(errors)


def _earliest(application: Application) -> datetime:
    """Nobody asks for what is not filmed yet."""
    return max([limits.EARLIEST, *(part.until_at for part in application.parts)])


def _row(application: Application, now: datetime, extents: Extents) -> ViewingRequest:
    requester = application.requester
    subject = application.subject or requester
    number = receipts.new_number("V", timezone.localdate(now))
    return ViewingRequest(
        receipt_number=number,
        state="",
        doubts=identity.doubts(
            application.requester_role,
            requester.birth_on,
            application.subject.birth_on if application.subject else None,
            timezone.localdate(now),
        ),
        submission_digest=claims.digest_of_form(application.submission),
        claim_digest=claims.digest_of_code(number, claims.code_for(application.submission)),
        wants_web_notice=application.wants_web_notice,
        needs_hold=extents.needs_hold,
        holds_lapse_at=short_holds.ends_at(now) if extents.shown.is_short else None,
        channel=application.channel,
        received_at=now,
        asks_existence=application.asks_existence,
        asks_viewing=application.asks_viewing,
        asks_correction=application.asks_correction,
        requester_role=application.requester_role,
        relation=application.relation,
        requester_name=requester.name,
        requester_phone=requester.phone,
        requester_birth_date=_as_text(requester.birth_on),
        requester_address=requester.address,
        subject_name=subject.name,
        subject_phone=subject.phone,
        subject_birth_date=_as_text(subject.birth_on),
        subject_address=subject.address,
        person_digest=duplicates.digest_of(subject.name, _as_text(subject.birth_on)),
        purpose=application.purpose,
        appearance=application.appearance,
    )


def _as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def due_of(request: ViewingRequest) -> DueDate | None:
    """The due date that counts: the open one, else the last."""
    dues = DueDate.objects.filter(subject_kind=SUBJECT_KIND, subject_number=request.receipt_number)
    return dues.filter(closed_at__isnull=True).first() or dues.order_by("-opened_at").first()


def find(receipt_number: str, code: str) -> ViewingRequest | None:
    """The request of that receipt; None when there is none, or the code is another."""
    number, code = receipts.typed(receipt_number), receipts.typed(code)
    rows = ViewingRequest.objects.filter(receipt_number=number)
    digest = rows.values_list("claim_digest", flat=True).first()
    # The same work for a number that does not exist; nothing is decrypted before the code is right.
    if not constant_time_compare(claims.digest_of_code(number, code), digest or "-"):
        return None
    return rows.first()
