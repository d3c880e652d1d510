"""The operation and management policy, current and earlier versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

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
            "translated": _translated(shown) if shown else [],
            "versions": list(policy.published()),
            "current": policy.current(),
        },
    )


def _translated(shown: policy.OperationPolicy) -> list[tuple[str, str]]:
    """Titles and texts in the reader's language; none where the office changed one that has no translation yet."""
    if get_language() == "ko":
        return []
    found = [(each["title"], each["text"]) for each in shown.contents["sections"]]
    spoken = [(gettext(title), gettext(text)) for title, text in found]
    is_whole = all(
        said != was
        for pair, own in zip(spoken, found, strict=True)
        for said, was in zip(pair, own, strict=True)
    )
    return spoken if is_whole else []
