"""Idle sessions end (Safety Standard 2026-9: 자동 접속차단): after some minutes without a person's act, and all after a day.

The session's own expiry is not enough: a page that polls progress, and Wagtail's editing sessions that report
themselves, would keep an abandoned screen logged in for ever. So only acts of a person count.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

LAST_ACT = "portal_last_act"
BEGUN_AT = "portal_begun_at"
BACKGROUND_HEADER = "X-Background"
_BACKGROUND_NAMESPACES = frozenset({"wagtailadmin_editing_sessions"})


class EndIdleSessions:
    """Logs out who did nothing for SESSION_COOKIE_AGE seconds or logged in too long ago, and says so on the login page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if is_idle(request):
                logout(request)
                messages.info(
                    request, "일정 시간 사용하지 않아 자동으로 로그아웃되었습니다. 다시 로그인해 주세요."
                )
            elif is_too_old(request):
                logout(request)
                messages.info(
                    request,
                    f"로그인한 지 {settings.SESSION_LIFETIME_HOURS:g}시간이 지나 로그아웃되었습니다. 다시 로그인해 주세요.",
                )
            elif not is_background(request):
                request.session[LAST_ACT] = timezone.now().timestamp()
        return self.get_response(request)


def is_idle(request: HttpRequest) -> bool:
    last_act = request.session.get(LAST_ACT)
    return last_act is not None and timezone.now().timestamp() - last_act > settings.SESSION_COOKIE_AGE


def is_too_old(request: HttpRequest) -> bool:
    """Counted from the first request of the session, which the login is followed by."""
    begun = request.session.setdefault(BEGUN_AT, timezone.now().timestamp())
    return bool(timezone.now().timestamp() - begun > settings.SESSION_LIFETIME_HOURS * 3600)


def is_background(request: HttpRequest) -> bool:
    """Whether a script asked, not a person."""
    if request.headers.get(BACKGROUND_HEADER):
        return True
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return bool(_BACKGROUND_NAMESPACES & set(match.namespaces))
