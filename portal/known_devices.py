"""A browser in which an officer has logged in is known afterwards (`accounts.login_delays`)."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts import login_delays
from accounts.models import Officer


class RememberDevice:
    """Sets the cookie with the answer to a login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = request.session.get(SESSION_KEY)
        answer = self.get_response(request)
        if isinstance(request.user, Officer) and before != request.session.get(SESSION_KEY):
            answer.set_cookie(
                login_delays.KNOWN_DEVICE,
                login_delays.known_device(request, request.user, secrets.token_hex(8)),
                max_age=login_delays.KNOWN_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
                path="/portal/",
            )
        return answer
