"""개인정보 처리방침, current and earlier versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from casework import privacy
from casework.models import PrivacyPolicy


def current_policy(request: HttpRequest) -> HttpResponse:
    return _show(request, privacy.current())


def policy_version(request: HttpRequest, version: int) -> HttpResponse:
    found = privacy.published().filter(version=version).first()
    if found is None:
        raise Http404("없는 판입니다.")
    return _show(request, found)


def _show(request: HttpRequest, shown: PrivacyPolicy | None) -> HttpResponse:
    """Before the first version: what this system does today, and that the office has not published it yet."""
    return render(
        request,
        "website/privacy.html",
        {
            "policy": shown,
            "contents": shown.contents if shown else privacy.contents(),
            "versions": list(privacy.published()),
            "current": privacy.current(),
        },
    )
