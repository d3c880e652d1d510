"""두 번째 인증: the question after the password, registering an app, recovery codes."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import second_factor as factors
from accounts.login_delays import MustWait
from accounts.models import Officer
from portal import district, second_factor
from portal.access import officer
from portal.forms.second_factor import CodeForm, FirstCodeForm

CODE_PAGE, REGISTER_PAGE = (
    "portal/people/second_factor_code.html",
    "portal/people/second_factor_register.html",
)
CODES_PAGE = "portal/people/recovery_codes.html"
WRONG = "번호가 맞지 않거나 이미 쓴 번호입니다. 앱에 새 번호가 나오면 다시 적으십시오."


def _for_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever typed the right password, waiting for the second factor or not."""

    @never_cache
    @sensitive_post_parameters()
    def guarded(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, Officer):
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        return view(request)

    return guarded


def _tried(request: HttpRequest, form: Form, attempt: Callable[[str], Any]) -> Any:
    """What the attempt gives; None where the code was wrong or must wait, which stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return attempt(form.cleaned_data["code"])
    except factors.WrongCode:
        second_factor.put_on_record(second_factor.FAILED, officer(request))
        form.add_error("code", WRONG)
    except MustWait as wait:
        form.add_error("code", f"여러 번 틀려서 기다려야 합니다. {wait}")
    return None


@_for_officers
def code(request: HttpRequest) -> HttpResponse:
    """Asked after the password, once for a session."""
    person = officer(request)
    onward = _onward(request)
    if second_factor.waits_for(request) != second_factor.CODE:
        return redirect(onward)
    if not factors.has(person):  # removed meanwhile, by two officials: the password is asked again
        logout(request)
        return redirect("wagtailadmin_login")
    form = CodeForm(request.POST or None)
    passed = _tried(request, form, lambda typed: factors.check(request, person, typed))
    if passed is None:
        return render(request, CODE_PAGE, {"form": form, "next": onward})
    second_factor.pass_on(request)
    second_factor.put_on_record(
        second_factor.RECOVERED if passed.was_recovery else second_factor.PASSED, person
    )
    if passed.was_recovery:
        messages.warning(
            request,
            f"복구 번호로 로그인했습니다. 남은 복구 번호는 {passed.codes_left}개입니다. 휴대전화를 잃었으면 새 앱을 등록하십시오.",
        )
    return redirect(onward)


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return (
        wanted
        if is_ours and wanted.startswith(reverse("wagtailadmin_home"))
        else reverse("wagtailadmin_home")
    )


@_for_officers
def register(request: HttpRequest) -> HttpResponse:
    """An app is registered, or another one in its place; who has one already has typed its code at the login."""
    person = officer(request)
    if second_factor.waits_for(request) == second_factor.CODE:
        return redirect("second_factor:code")
    form = FirstCodeForm(request.POST or None)
    codes = _tried(request, form, lambda typed: factors.accept(request, person, typed))
    if codes is not None:
        second_factor.pass_on(request)
        second_factor.put_on_record(second_factor.ADDED, person)
        return render(request, CODES_PAGE, {"codes": codes, "is_new": True})
    secret = (factors.offered(person) if request.method == "POST" else "") or factors.offer(person)
    picture = segno.make(factors.address(person, secret, district.portal_name(request)), error="l")
    shown = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "picture": picture.svg_inline(scale=4, svgclass=None, lineclass=None, title="인증 앱이 읽는 QR 코드"),
        "has_one": factors.has(person),
        "must": second_factor.waits_for(request) == second_factor.REGISTRATION,
        "grace_ends": factors.grace_ends(person) if factors.must_have(person) else None,
    }
    return render(request, REGISTER_PAGE, shown)


@_for_officers
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for a code of the app."""
    person = officer(request)
    if second_factor.waits_for(request) or not factors.has(person):
        return redirect("second_factor:register")
    form = CodeForm(request.POST or None)
    if _tried(request, form, lambda typed: factors.check(request, person, typed)) is None:
        return render(request, CODES_PAGE, {"form": form})
    made = factors.renew_codes(person)
    second_factor.put_on_record(second_factor.CODES_MADE, person)
    return render(request, CODES_PAGE, {"codes": made})


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Out again, where the code is not at hand."""
    logout(request)
    return redirect("wagtailadmin_login")


urlpatterns = [
    path("", code, name="code"),
    path("register/", register, name="register"),
    path("codes/", codes, name="codes"),
    path("stop/", stop, name="stop"),
]
