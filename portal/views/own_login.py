"""로그인과 접속: the own second factors, and the sessions that are open."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import passkeys
from accounts import second_factor as factors
from portal import open_sessions
from portal.access import officer, requires
from portal.pages import page


@requires("wagtailadmin.access_admin")
def own_login(request: HttpRequest) -> HttpResponse:
    person = officer(request)
    if request.method == "POST":
        return _end(request)
    shown = {
        "app_since": factors.app_since(person),
        "codes_left": factors.codes_left(person),
        "has_factor": factors.has(person),
        "must": factors.must_have(person),
        "grace_ends": factors.grace_ends(person),
        "keys": list(person.passkeys.all()),
        "sessions": [
            {"row": row, "is_own": open_sessions.is_own(request, row)} for row in open_sessions.of(person)
        ],
        "most_sessions": max(settings.SESSIONS_PER_PERSON, 1),
        "is_possible": passkeys.is_possible(request),
        "origin": passkeys.origin(),
    }
    return page(
        request,
        "portal/people/own_login.html",
        shown,
        title="로그인과 접속",
        intro="두 번째 인증을 등록하고 바꾸며, 내 계정으로 열린 접속을 봅니다.",
        icon="lock",
    )


def _end(request: HttpRequest) -> HttpResponse:
    """One of the other sessions, or all of them."""
    mark = request.POST.get("session", "")
    ended = int(open_sessions.end(request, mark)) if mark else open_sessions.end_others(request)
    if ended:
        messages.success(request, f"접속 {ended}개를 끝냈습니다. 그 화면의 다음 요청부터 로그인을 묻습니다.")
    else:
        messages.info(request, "끝낼 접속이 없습니다. 이미 끝난 접속입니다.")
    return redirect("own_login")
