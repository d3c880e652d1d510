"""What watchdogs, load balancers and Prometheus ask, each by its own address.

    /healthz    this process answers: `ok`, for everybody
    /readyz     whether the system does its work: 200 or 503; what is wrong, for those named below
    /metrics    figures for Prometheus (config.metrics), for those named below

Details and figures go to the machine itself (a loopback address: the front server must not pass these paths on) and to
whoever sends `Authorization: Bearer METRICS_TOKEN`. Machines ask without TLS and by any name of the host, so these
addresses are answered before host and scheme are looked at.
"""

import ipaddress
import json
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import metrics, readiness


class AnswerMachines:
    """The outermost middleware; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        if answer is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def _healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _readyz(request: HttpRequest) -> HttpResponse:
    problems = readiness.problems()
    status = 503 if problems else 200
    if not _may_see_details(request):
        return HttpResponse(
            "not ready\n" if problems else "ready\n", status=status, content_type="text/plain"
        )
    body = json.dumps({"ready": not problems, "problems": problems}, ensure_ascii=False) + "\n"
    return HttpResponse(body, status=status, content_type="application/json")


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_see_details(request):
        return HttpResponse("forbidden\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_see_details(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


ANSWERS = {"/healthz": _healthz, "/readyz": _readyz, "/metrics": _metrics}
