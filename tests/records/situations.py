"""Requests to see footage, as citizens send them and as officers take them on."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from cameras.models import Camera
from ordinance import holidays
from ordinance.models import Ground
from ordinance.periods import SEOUL
from records.enums import RequesterRole
from records.models import ViewingRemedy, ViewingRequest
from records.viewing import (
    appointments,
    decisions,
    freezing,
    identity,
    intake,
    notices,
    objections,
    unconfirmed,
)
from records.viewing.appointments import Viewing
from records.viewing.asked import AskedSite
from records.viewing.decisions import Answer
from records.viewing.fees import Fee
from records.viewing.intake import Application, Person
from records.viewing.notices import Letter
from tests.accounts.factories import OfficerFactory

NAME, PHONE, ADDRESS = "홍길동", "010-1234-5678", "서울특별시 강서구 화곡로 1"
REPLY = "통합관제센터에서 보십시오."


def application(camera: Camera, **changes: Any) -> Application:
    """An hour of yesterday, asked for by the person filmed."""
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    place = {
        "site": camera.site,
        "cameras": [camera],
        "from_at": until - timedelta(hours=1),
        "until_at": until,
    }
    place |= {name: changes.pop(name) for name in list(place) if name in changes}
    given: dict[str, Any] = {
        "parts": [AskedSite(**place)],
        "asks_existence": False,
        "asks_viewing": True,
        "asks_correction": False,
        "requester": Person(NAME, PHONE, date(1980, 5, 1), ADDRESS),
        "requester_role": RequesterRole.SUBJECT,
        "purpose": "도난 확인",
        "submission": uuid.uuid4(),
        **changes,
    }
    return Application(**given)


def received(camera: Camera, **changes: Any) -> ViewingRequest:
    """By the web, or by whatever way `channel` says; then an officer entered it."""
    by = OfficerFactory(role=Role.OFFICIAL) if changes.get("channel", "web") != "web" else None
    return intake.receive(application(camera, **changes), by=by).request


def confirmed(camera: Camera, by: Officer, **changes: Any) -> ViewingRequest:
    request = received(camera, **changes)
    unconfirmed.confirm(request, "telephone", by=by)
    identify(request, by)
    request.refresh_from_db()
    return request


def identify(request: ViewingRequest, by: Officer) -> None:
    """By what that requester has to show."""
    mandate = {RequesterRole.PROXY: "power_of_attorney", RequesterRole.LEGAL_REPRESENTATIVE: "family_record"}
    identity.identify(
        request, "driving_licence", mandate=mandate.get(request.requester_role, ""), note="확인함", by=by
    )


def looked_for(request: ViewingRequest, by: Officer) -> ViewingRequest:
    """Somebody went to the recorder: there is nothing."""
    for line in request.cameras.filter(secured_at__isnull=True):
        freezing.secure(line, "해당 구간에 녹화가 없음", by=by)
    return request


def secured(request: ViewingRequest, by: Officer) -> ViewingRequest:
    """Somebody went to the recorder: it is there, and kept."""
    for line in request.cameras.filter(is_checked=False, secured_at__isnull=True):
        freezing.secure(line, "녹화기에서 따로 저장함", by=by)
    return request


def waited_for(request: ViewingRequest, days: int = 14) -> ViewingRequest:
    """As if it had come so many days ago, and nobody could be reached since."""
    request.received_at -= timedelta(days=days)
    ViewingRequest.objects.filter(pk=request.pk).update(received_at=request.received_at)
    return request


def letter(**changes: Any) -> Letter:
    return Letter(**{"on": timezone.localdate(), "way": "post", "reply": REPLY, **changes})


def viewing_letter(**changes: Any) -> Letter:
    """With what a granted viewing must be told."""
    tomorrow = timezone.now() + timedelta(days=1)
    return letter(viewing_at=tomorrow, viewing_place="통합관제센터 2층", **changes)


def decided(request: ViewingRequest, by: Officer, **changes: Any) -> ViewingRequest:
    """Everything granted, unless `changes` of an answer say otherwise."""
    answers = [
        Answer(
            **{
                "kind": kind,
                "outcome": "granted",
                "investigation": "영상을 보고 확인함" if kind == "correction" else "",
                **changes,
            }
        )
        for kind in request.asked
    ]
    if any(answer.outcome in decisions.TELLING for answer in answers):
        secured(request, by)
    decisions.decide(request, answers, by=by)
    return request


def notified(request: ViewingRequest, by: Officer, **changes: Any) -> ViewingRequest:
    decided(request, by, **changes)
    notices.notify(request, viewing_letter(), by=by)
    return request


def told_about(camera: Camera, by: Officer, **changes: Any) -> ViewingRequest:
    """Received, confirmed, granted, notified."""
    return notified(confirmed(camera, by), by, **changes)


def refused_about(camera: Camera, by: Officer, **told: Any) -> ViewingRequest:
    """Received, confirmed, refused on a ground of the law, told by hand: known on the same day."""
    request = confirmed(camera, by)
    national = Ground.objects.get(layer="pipa35", item="1")
    decided(request, by, outcome="refused", reason="법률이 열람을 금지합니다.", national_ground=national)
    notices.notify(request, letter(**{"way": "hand", **told}), by=by)
    return request


def back_date_notice(request: ViewingRequest, days: int) -> None:
    """As if the person had been told so many days ago."""
    on = timezone.localdate() - timedelta(days=days)
    request.moves.filter(event="notify").update(on=on)
    request.notices.update(on=on)


def shown(request: ViewingRequest, by: Officer) -> None:
    """The day of the viewing has come, and it was held just now."""
    appointment = request.appointments.get(result="")
    appointment.at = timezone.now() - timedelta(hours=1)
    appointment.save(update_fields=["at"])
    appointments.show(appointment, seen_now(), by=by)


def seen_now(**changes: Any) -> Viewing:
    """A moment that ended just now (the request is as young), without a copy."""
    until = timezone.now()
    given: dict[str, Any] = {
        "at": until - timedelta(milliseconds=1),
        "until": until,
        "note": "전 구간을 가림 처리하여 보임",
        "attendance": "requester",
        "signature_way": "paper",
        "fee": Fee("viewing"),
        **changes,
    }
    return Viewing(**given)


def objected(request: ViewingRequest, by: Officer, *, days_ago: int = 0) -> ViewingRemedy:
    on = timezone.localdate() - timedelta(days=days_ago)
    return objections.file(request, on=on, document_number="", by=by)


def answered(remedy: ViewingRemedy, by: Officer, outcome: str = "rejected", **changes: Any) -> None:
    """By another one than who decided first."""
    sent = letter(**{"document_number": "안전-1", "way": "hand", "reply": "살펴본 결과입니다.", **changes})
    if by.pk in objections.first_deciders(remedy):
        by = OfficerFactory(role=Role.CCTV_MANAGER, department=by.department)
    objections.answer(remedy, sent, outcome=outcome, by=by)


def office_hour(days: int = 3) -> datetime:
    """Ten o'clock of a working day, so many days from now at the earliest."""
    first = timezone.localdate() + timedelta(days=days)
    on = next(day for day in (first + timedelta(days=n) for n in range(30)) if holidays.is_working_day(day))
    return datetime.combine(on, time(10), SEOUL)
