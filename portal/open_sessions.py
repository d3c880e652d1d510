"""접속: the sessions of one person, which the person sees and ends. A new login ends the older ones (SESSIONS_PER_PERSON).

A session bears a mark, which stays when its key changes, and every request asks whether the row of that mark is still open:
deleting the session would not do, since a request that runs meanwhile saves it again. A session that waits for its second
factor has no row and ends none, so that whoever knows only a password puts nobody out.
"""

import datetime
import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.models import Officer
from ledger import append
from portal import devices, idle
from portal.access import officer
from portal.models import PortalSession, SessionEnd
from portal.waiting_sessions import waits_for

MARK = "portal_session"
NOBODYS = str(uuid.UUID(int=0))
ENDED = "officer.session_ended"
KINDS = {ENDED: "접속 끝내기"}
KEPT = datetime.timedelta(days=90)
# The last act is written down at most so often.
NOTED_EVERY = datetime.timedelta(minutes=1)
WHY = {
    SessionEnd.NEWER: "다른 곳에서 로그인하여 이 접속을 끝냈습니다. 본인이 로그인하지 않았다면 비밀번호를 바꾸고 시스템 관리자에게 알리십시오.",
    SessionEnd.OWNER: "‘로그인과 접속’에서 이 접속을 끝냈습니다.",
    SessionEnd.ADMINISTRATOR: "시스템 관리자가 이 접속을 끝냈습니다. 까닭은 시스템 관리자에게 물으십시오.",
    SessionEnd.PASSWORD: "비밀번호가 바뀌어 이 접속을 끝냈습니다. 새 비밀번호로 로그인하십시오.",
}
AGAIN = "접속이 끝났습니다. 다시 로그인하십시오."


def listen() -> None:
    user_logged_out.connect(_logged_out, dispatch_uid="portal.open_sessions.out")


def _logged_out(request: HttpRequest | None = None, **kwargs: Any) -> None:
    mark = request.session.get(MARK) if request is not None else None
    if mark:
        _open().filter(mark=mark).update(ended_at=timezone.now(), ended_how=SessionEnd.LOGGED_OUT)


def begin(request: HttpRequest, person: Officer) -> None:
    """The session is the officer's from now on; older ones beyond the allowed number end."""
    now = timezone.now()
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=person.pk)
        if mark := request.session.get(MARK):
            _open().filter(mark=mark).update(ended_at=now, ended_how=SessionEnd.LOGGED_OUT)
        ended = [
            _end(each, SessionEnd.NEWER) for each in of(person)[max(settings.SESSIONS_PER_PERSON, 1) - 1 :]
        ]
        row = PortalSession.objects.create(
            officer=person,
            mark=uuid.uuid4(),
            address=str(request.META.get("REMOTE_ADDR", "")),
            device=devices.words(str(request.META.get("HTTP_USER_AGENT", ""))),
            begun_at=now,
            last_act_at=now,
        )
    request.session[MARK] = str(row.mark)
    # Of a stranger with a question to the own keys it was a short one (portal.views.passkeys).
    request.session.set_expiry(None)
    if ended:
        told = ", ".join(each.device for each in ended)
        messages.warning(
            request,
            f"다른 곳에 열려 있던 접속을 끝냈습니다({told}). 본인의 것이 아니면 비밀번호를 바꾸십시오.",
            fail_silently=True,
        )


def of(person: Officer) -> QuerySet[PortalSession]:
    """Those that are open, the last used first; what its time has ended is not open, though nobody has asked yet."""
    now = timezone.now()
    return _open().filter(
        officer=person,
        last_act_at__gt=now - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE) - NOTED_EVERY,
        begun_at__gt=now - datetime.timedelta(hours=settings.SESSION_LIFETIME_HOURS),
    )


def is_own(request: HttpRequest, row: PortalSession) -> bool:
    return str(row.mark) == request.session.get(MARK)


def end(request: HttpRequest, mark: str) -> bool:
    """One of the own other sessions; whether there was one."""
    with transaction.atomic():
        found = [each for each in _others(request) if str(each.mark) == mark]
        for each in found:
            _end(each, SessionEnd.OWNER)
    return bool(found)


def end_others(request: HttpRequest, how: SessionEnd = SessionEnd.OWNER) -> int:
    with transaction.atomic():
        return len([_end(each, how) for each in _others(request)])


def end_all(person: Officer, how: SessionEnd) -> int:
    with transaction.atomic():
        return len([_end(each, how) for each in of(person).select_for_update()])


def end_of_another(person: Officer, marks: Collection[str], *, by: Officer, reason: str) -> int:
    """An administrator ends sessions of somebody else, with the reason on record; how many were still open."""
    with transaction.atomic():
        found = [each for each in of(person).select_for_update() if str(each.mark) in marks]
        for row in found:
            _end(row, SessionEnd.ADMINISTRATOR, by=by, reason=reason)
    return len(found)


def _others(request: HttpRequest) -> list[PortalSession]:
    return [each for each in of(officer(request)).select_for_update() if not is_own(request, each)]


def _end(
    row: PortalSession, how: SessionEnd, *, by: Officer | None = None, reason: str = ""
) -> PortalSession:
    row.ended_at, row.ended_how = timezone.now(), how
    row.save(update_fields=["ended_at", "ended_how"])
    person = f"officer:{row.officer_id}"
    payload = {"portal_session": row.pk, "session_end": how.value} | ({"reason": reason} if reason else {})
    append.record(ENDED, actor=f"officer:{by.pk}" if by else person, subject=person, payload=payload)
    return row


def _open() -> QuerySet[PortalSession]:
    return PortalSession.objects.filter(ended_at__isnull=True)


def forget_old() -> int:
    return PortalSession.objects.filter(last_act_at__lt=timezone.now() - KEPT).delete()[0]


class EndEndedSessions:
    """The next request of a session that was ended is a stranger's, and its page says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not waits_for(request):
            row = PortalSession.objects.filter(
                mark=str(request.session.get(MARK) or NOBODYS), officer_id=request.user.pk
            ).first()
            if row is None or row.ended_at is not None:
                _put_out(request, row)
            elif timezone.now() - row.last_act_at > NOTED_EVERY and not idle.is_background(request):
                _open().filter(pk=row.pk).update(last_act_at=timezone.now())
        return self.get_response(request)


def _put_out(request: HttpRequest, row: PortalSession | None) -> None:
    request.session.flush()
    request.user = AnonymousUser()
    how = row.ended_how if row else ""
    messages.warning(request, WHY.get(SessionEnd(how), AGAIN) if how else AGAIN)
