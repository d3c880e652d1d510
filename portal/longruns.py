"""Progress of long work on screen: the JSON that the page polls, and the cancel button's POST.

A screen includes `portal/components/longrun.html` with `run`, `progress_url` and, where the person may stop it,
`cancel_url`. The script `portal/longrun.js` does the rest; without it the page shows the state at loading and a
link to load again.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.longrun import STALE_AFTER, UNFINISHED, LongRun
from portal.access import may

# The right to stop what somebody else has started.
STOP_OTHERS = "accounts.cancel_run"


def progress(run: LongRun) -> dict[str, Any]:
    """What the page needs to know; the same words with and without script."""
    return {
        "state": run.state,
        "label": state_label(run),
        "is_finished": run.state not in UNFINISHED,
        "done": run.done,
        "total": run.total,
        "percent": run.percent,
        "amount": amount(run),
        "step": run.step,
        "error": run.error,
    }


def progress_response(run: LongRun) -> JsonResponse:
    response = JsonResponse(progress(run), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def may_cancel(user: AbstractBaseUser | AnonymousUser, run: LongRun, *, besides: str = STOP_OTHERS) -> bool:
    """Who started it, and who holds the right `besides` (none of them when it is empty). A run that beat started is
    nobody's: there the right to start one, which the view asks for, is enough."""
    if run.requested_by_id is None:
        return True
    return run.requested_by_id == user.pk or bool(besides and may(user, [besides]))


def cancel_url(user: AbstractBaseUser | AnonymousUser, run: LongRun, name: str) -> str:
    """The address of the cancel button, empty where this person has none."""
    return reverse(name, args=[run.pk]) if may_cancel(user, run) else ""


def cancel_response(
    request: HttpRequest, run: LongRun, back_to: str, *, besides: str = STOP_OTHERS
) -> HttpResponse:
    """Ask the run to stop. A run that has finished meanwhile is said to have, not refused."""
    if not may_cancel(request.user, run, besides=besides):
        messages.error(
            request, "다른 사람이 시작한 작업입니다. 시작한 사람이나 취소할 권한이 있는 사람만 취소합니다."
        )
    elif run.state in UNFINISHED:
        run.cancel()
        messages.success(request, "취소를 요청했습니다. 하던 단계를 마치는 대로 멈춥니다.")
    else:
        messages.info(request, f"이미 끝난 작업입니다: {run.get_state_display()}")
    return redirect(back_to)


def state_label(run: LongRun) -> str:
    if run.state in UNFINISHED and run.cancel_requested:
        return "취소하는 중"
    if is_silent(run):
        return "응답 없음"
    return run.get_state_display()


def is_silent(run: LongRun) -> bool:
    """Whether nobody seems to work on it: beat will start it again."""
    last_sign = run.heartbeat_at or run.requested_at
    return run.state in UNFINISHED and timezone.now() - last_sign > STALE_AFTER


def amount(run: LongRun) -> str:
    """How far it is, in words: "1,200 / 3,265 (36%)"."""
    if run.total:
        return f"{run.done:,} / {run.total:,} ({run.percent}%)"
    return f"{run.done:,}" if run.done else ""


def took(run: LongRun) -> str:
    """How long it ran, or runs."""
    if run.started_at is None:
        return ""
    end = run.finished_at or timezone.now()
    if (seconds := (end - run.started_at).total_seconds()) < 60:
        return f"{seconds:.0f}초"
    return timesince(run.started_at, end)
