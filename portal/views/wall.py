"""벽의 화면: the attendance code of one training session and nothing else, on a screen that nobody sits at.

The portal's session of whoever threw it on the wall ends when it is idle, as it should; this page goes on until the training
ends. It has a right of its own: a cookie of this browser, signed, for this one session, that opens nothing but the code. The
address alone opens nothing, so it can be passed on to nobody.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from records.competence import wall_codes
from records.models import TrainingSession

_SALT = "portal.wall"
SIDE = 60.0
NAMES = "wall_{}"


def open_wall(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """Give this browser the right, until the training ends; whoever calls this may keep the session."""
    answer = redirect("training_wall", session.pk)
    left = session.ends_at - timezone.now()
    answer.set_cookie(
        NAMES.format(session.pk),
        signing.dumps({"session": session.pk, "code": session.code}, salt=_SALT),
        max_age=left,
        path=reverse("training_wall", args=[session.pk]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def is_on(session: TrainingSession, now: dt.datetime) -> bool:
    """Whether a code is shown at all."""
    return session.closed_at is None and not session.called_off_why and now < session.ends_at


def shown_code(request: HttpRequest, session: TrainingSession) -> dict[str, Any]:
    """The QR of this minute and its address."""
    from reports.documents.sign_code import code

    shown = wall_codes.shown(session, timezone.now())
    address = request.build_absolute_uri(reverse("training:sign_in", args=[session.code, shown]))
    return {"code": code(address, SIDE), "code_url": address}


def code_as_json(request: HttpRequest, session: TrainingSession) -> JsonResponse:
    """The next code, for the page that shows it (static/portal/wall_code.js)."""
    if not is_on(session, timezone.now()):
        return JsonResponse({"error": "끝난 교육입니다."}, status=409)
    wall = shown_code(request, session)
    code = wall["code"]
    return JsonResponse({"modules": code.modules, "path": code.path, "address": wall["code_url"]})


@never_cache
@require_safe
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    session = _of_this_browser(request, pk)
    nothing: dict[str, Any] = {"code": None, "code_url": ""}
    shown = shown_code(request, session) if is_on(session, timezone.now()) else nothing
    return render(request, "portal/competence/wall.html", {"session": session, **shown})


@never_cache
@require_safe
def wall_code(request: HttpRequest, pk: int) -> JsonResponse:
    return code_as_json(request, _of_this_browser(request, pk))


def _of_this_browser(request: HttpRequest, pk: int) -> TrainingSession:
    try:
        right = signing.loads(request.COOKIES.get(NAMES.format(pk), ""), salt=_SALT)
    except signing.BadSignature:
        raise Http404("이 브라우저에는 벽의 화면을 볼 권리가 없습니다.") from None
    session = get_object_or_404(TrainingSession.objects.select_related("course"), pk=pk)
    if right != {"session": session.pk, "code": session.code}:
        raise Http404("이 브라우저에는 벽의 화면을 볼 권리가 없습니다.")
    return session
