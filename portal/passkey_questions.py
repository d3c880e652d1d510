"""The question that a browser's keys are to answer, between two requests: in the session, for minutes, for one answer."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from accounts.passkeys import Question

QUESTION = "passkey_question"
ANSWERED_WITHIN_SECONDS = 300


class For(models.TextChoices):
    """An answer to one of these is none to another."""

    LOGIN = "login", "로그인"
    CHECK = "check", "확인"
    REGISTER = "register", "등록"


def keep(request: HttpRequest, wanted: For, question: Question) -> None:
    asked_at = timezone.now().timestamp()
    request.session[QUESTION] = {"for": wanted.value, "state": question.state, "asked_at": asked_at}


def take(request: HttpRequest, wanted: For) -> dict[str, Any] | None:
    """Out of the session before the answer is looked at: the same answer finds nothing the next time."""
    kept = request.session.pop(QUESTION, None)
    if kept is None or kept["for"] != wanted:
        return None
    age = timezone.now().timestamp() - kept["asked_at"]
    return dict(kept["state"]) if 0 <= age <= ANSWERED_WITHIN_SECONDS else None
