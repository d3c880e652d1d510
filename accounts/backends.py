"""Checking a password, slowly where somebody guesses (`accounts.login_delays`)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import login_delays
from accounts.models import Officer

# What a request bears afterwards: why it must wait, or that a password was looked at.
MUST_WAIT, JUDGED = "login_must_wait", "login_judged"


class SlowedLogin(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Officer | None:
        if request is None or not username or password is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        try:
            attempt = login_delays.begin(request, username)
        except login_delays.MustWait as wait:
            setattr(request, MUST_WAIT, wait)
            # No other backend is asked.
            raise PermissionDenied(str(wait)) from wait
        setattr(request, JUDGED, True)
        officer = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(officer, Officer):
            login_delays.succeed(attempt)
            return officer
        return None
