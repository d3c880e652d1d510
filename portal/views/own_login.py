"""로그인과 접속: the own second factors, and the sessions that are open."""

from django.http import HttpRequest, HttpResponse

from accounts import passkeys
from accounts import second_factor as factors
from portal.access import officer, requires
from portal.pages import page


@requires("wagtailadmin.access_admin")
def own_login(request: HttpRequest) -> HttpResponse:
    person = officer(request)
    shown = {
        "app_since": factors.app_since(person),
        "codes_left": factors.codes_left(person),
        "has_factor": factors.has(person),
        "must": factors.must_have(person),
        "grace_ends": factors.grace_ends(person),
        "keys": list(person.passkeys.all()),
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
