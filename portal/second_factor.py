"""Between password and portal: the second factor (`accounts.second_factor`).

At the login it is decided what the session waits for, and written into it: no request asks the database again. A session that
waits is nobody's: the portal leads to the question, everything else sees a stranger. What was added, used and refused is a
line of the ledger (Safety Standard art. 8).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import Officer
from ledger import append
from portal import open_sessions
from portal.access import is_portal
from portal.waiting_sessions import CODE, REGISTRATION, WAITS, waits_for

ADDED, PASSED, FAILED = (
    "officer.second_factor_added",
    "officer.second_factor_passed",
    "officer.second_factor_failed",
)
RECOVERED, CODES_MADE = "officer.recovery_code_used", "officer.recovery_codes_made"
PROVED = "officer.proved_again"
PASSKEY_ADDED, PASSKEY_REMOVED = "officer.passkey_added", "officer.passkey_removed"
# When somebody last proved who it is, by login or again; and when for changing the own factors (`portal.reauthentication`).
PROVED_AT, FACTORS_PROVED_AT = "proved_at", "factors_proved_at"
KINDS = {
    ADDED: "두 번째 인증 등록",
    PASSED: "두 번째 인증",
    FAILED: "두 번째 인증 실패",
    RECOVERED: "복구 번호로 로그인",
    CODES_MADE: "복구 번호 다시 만들기",
    PROVED: "본인 확인",
    PASSKEY_ADDED: "패스키 등록",
    PASSKEY_REMOVED: "패스키 없애기",
}
OPEN_VIEWS = tuple(
    f"second_factor:{name}" for name in ("code", "register", "passkey_add", "passkey_options", "stop")
)


def listen() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="portal.second_factor.in")


def _logged_in(user: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is None or not isinstance(user, Officer):
        return
    request.session[PROVED_AT] = timezone.now().timestamp()
    request.session.pop(FACTORS_PROVED_AT, None)
    if second_factor.has(user):
        request.session[WAITS] = CODE
    elif second_factor.must_have(user) and timezone.now() >= second_factor.grace_ends(user):
        request.session[WAITS] = REGISTRATION
    else:
        request.session.pop(WAITS, None)
        open_sessions.begin(request, user)


def pass_on(request: HttpRequest) -> None:
    """The session is the officer's from now on, under a new key."""
    is_new = bool(request.session.pop(WAITS, None))
    if is_new and isinstance(request.user, Officer):
        open_sessions.begin(request, request.user)
    request.session[PROVED_AT] = timezone.now().timestamp()
    request.session.cycle_key()


class AskSecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        waits = waits_for(request)
        if not waits or request.path in map(reverse, OPEN_VIEWS):
            return self.get_response(request)
        if request.method != "GET" or not is_portal(request):
            # What was typed is kept as that of a session that has ended (`portal.drafts`).
            request.user = AnonymousUser()
            return self.get_response(request)
        view = "second_factor:code" if waits == CODE else "second_factor:register"
        return redirect(f"{reverse(view)}?{urlencode({'next': request.get_full_path()})}")


def put_on_record(kind: str, officer: Officer, facts: dict[str, Any] | None = None) -> None:
    person = f"officer:{officer.pk}"
    with transaction.atomic():
        append.record(kind, actor=person, subject=person, payload=facts or {})
