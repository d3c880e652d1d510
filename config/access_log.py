"""One line for every request, and one in the security log for what somebody may ask about later (`config.logs`)."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from website.floods import source_of

access = logging.getLogger("access")
security = logging.getLogger("security")
# What a status says that concerns safety; a refusal by CSRF is told by Django itself, too.
REFUSALS = {400: "refused_request", 403: "refused", 413: "too_large"}
SOURCE_DIGITS = 16
UNKNOWN = "(없는 주소)"


class LogRequests:
    """Outermost but for static files, whose requests say nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        answer = self.get_response(request)
        facts = facts_of(request) | {"status": answer.status_code}
        access.info("request", extra={"fields": facts | {"ms": round((time.monotonic() - began) * 1000)}})
        if event := _event(answer):
            security.warning(event, extra={"fields": facts})
        elif "Content-Disposition" in answer.headers:
            security.info("download", extra={"fields": facts})
        return answer


def _event(answer: HttpResponse) -> str:
    return REFUSALS.get(answer.status_code, "")


def facts_of(request: HttpRequest | None) -> dict[str, Any]:
    """Who asked for which screen; no name, no address, nothing that was typed."""
    if request is None:
        return {}
    match = request.resolver_match
    # A user that nobody asked for is not read for the log.
    user = request.__dict__.get("_cached_user")
    return {
        "method": request.method,
        "route": match.route if match else UNKNOWN,
        "officer": user.pk if user is not None else None,
        "source": source_of(request)[:SOURCE_DIGITS],
    }


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    security.info("login", extra={"fields": facts_of(request) | {"officer": user.pk}})


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    security.info("logout", extra={"fields": facts_of(request) | {"officer": user.pk if user else None}})


@receiver(user_login_failed)
def _login_failed(request: HttpRequest | None = None, **kwargs: Any) -> None:
    # The name that was typed may be anything, also a password in the wrong field.
    security.warning("login_failed", extra={"fields": facts_of(request)})
