"""Receiving a request: the row, a hold on each camera asked for, and the due date, all or nothing."""

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from cameras.models import Camera, Site
from casework import receipts
from footage import holds
from ledger.append import record
from ordinance import deadlines, duedates
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from records.enums import RequestChannel, RequesterRole
from records.models import RequestedCamera, ViewingRequest
from records.viewing import limits

SUBJECT_KIND = "viewing_request"
ARTICLE = "조례 제22조, 제24조제1항제3호"
SECRET_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    phone: str = ""
    birth_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What form 2 asks for. `subject` is None where the requester is the one in the picture."""

    site: Site
    cameras: Sequence[Camera]
    from_at: datetime
    until_at: datetime
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


def receive(application: Application, *, actor: str = "system:website") -> ViewingRequest:
    """The request as received, its footage held from this moment on. The same form again gives the same request.

    Raises ValidationError with the form's field names. The whole range is held, even where part of it is gone already:
    each `RequestedCamera.already_gone` counts the files that were.
    """
    known = ViewingRequest.objects.filter(submission=application.submission).first()
    if known is not None:
        return known
    now = timezone.now()
    _check(application, now)
    with transaction.atomic():
        request = _stored(application, now)
        # In one order for everybody, so that two requests cannot wait for each other.
        for camera in sorted(application.cameras, key=lambda camera: camera.pk):
            _hold(request, camera, actor)
        due = duedates.open_for(
            SUBJECT_KIND,
            request.receipt_number,
            deadlines.for_route(RequestRoute.PIPA_VIEWING, now),
            now=now,
        )
        record(
            "records.viewing_received",
            actor=actor,
            subject=f"viewing:{request.receipt_number}",
            payload={
                "request": request.receipt_number,
                "channel": request.channel,
                "cameras": [camera.number for camera in application.cameras],
                "from": request.from_at.isoformat(),
                "until": request.until_at.isoformat(),
                "due_on": due.due_on.isoformat(),
            },
        )
    return request


def _check(application: Application, now: datetime) -> None:
    errors: dict[str, str] = {}
    if not (application.asks_existence or application.asks_viewing or application.asks_correction):
        errors["kinds"] = gettext("무엇을 청구하는지 하나 이상 고르십시오.")
    if application.requester_role != RequesterRole.SUBJECT and application.subject is None:
        errors["subject_name"] = gettext("대리인이 청구할 때에는 영상에 찍힌 사람을 적어야 합니다.")
    if any(camera.site_id != application.site.pk for camera in application.cameras):
        errors["cameras"] = gettext("이 설치장소의 카메라가 아닙니다.")
    is_web = application.channel == RequestChannel.WEB
    errors |= limits.problems(
        application.cameras, application.from_at, application.until_at, is_web=is_web, now=now
    )
    if errors:
        raise ValidationError({name or "__all__": message for name, message in errors.items()})


def _stored(application: Application, now: datetime) -> ViewingRequest:
    requester = application.requester
    subject = application.subject or requester
    return ViewingRequest.objects.create(
        receipt_number=receipts.new_number("V", timezone.localdate(now)),
        submission=application.submission,
        channel=application.channel,
        received_at=now,
        asks_existence=application.asks_existence,
        asks_viewing=application.asks_viewing,
        asks_correction=application.asks_correction,
        site=application.site,
        from_at=application.from_at,
        until_at=application.until_at,
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
        purpose=application.purpose,
        appearance=application.appearance,
    )


def _as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _hold(request: ViewingRequest, camera: Camera, actor: str) -> None:
    hold = holds.place(
        camera,
        request.from_at,
        request.until_at,
        reason="개인영상정보 열람등 청구",
        by=None,
        article=ARTICLE,
        case_reference=request.receipt_number,
        actor=actor,
    )
    RequestedCamera.objects.create(request=request, camera=camera, hold=hold, already_gone=hold.already_gone)


def due_of(request: ViewingRequest) -> DueDate | None:
    """The due date that counts: the open one, else the last."""
    dues = DueDate.objects.filter(subject_kind=SUBJECT_KIND, subject_number=request.receipt_number)
    return dues.filter(closed_at__isnull=True).first() or dues.order_by("-opened_at").first()


def secret_of(request: ViewingRequest) -> str:
    """What the citizen types beside the receipt number. Not stored: it follows from the form's number and our key."""
    digest = salted_hmac("records.viewing", str(request.submission), algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii")[:SECRET_LENGTH]


def find(receipt_number: str, secret: str) -> ViewingRequest | None:
    """The request of that receipt; None when there is none, or the secret is another."""
    request = ViewingRequest.objects.filter(receipt_number=receipt_number.strip().upper()).first()
    if request is None or not constant_time_compare(secret.strip().upper(), secret_of(request)):
        return None
    return request
