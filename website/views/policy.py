"""The operation and management policy, current and earlier versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cameras import policy


def current_policy(request: HttpRequest) -> HttpResponse:
    return _show(request, policy.current())


def policy_version(request: HttpRequest, version: int) -> HttpResponse:
    found = policy.published().filter(version=version).first()
    if found is None:
        raise Http404("없는 판입니다.")
    return _show(request, found)


def _show(request: HttpRequest, shown: "policy.OperationPolicy | None") -> HttpResponse:
    return render(
        request,
        "website/policy.html",
        {
            "policy": shown,
            "contents": shown.contents if shown else None,
            "versions": list(policy.published()),
            "current": policy.current(),
        },
    )
