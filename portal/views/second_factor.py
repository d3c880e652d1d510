"""두 번째 인증: the question after the password, registering an app, recovery codes."""

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import second_factor as factors
from accounts.login_delays import MustWait
from accounts.models import Officer
from accounts.second_factor import ProofWay
from portal import district, own_passwords, second_factor
from portal.access import View, officer
from portal.forms.second_factor import FirstCodeForm, SecondFactorForm
from portal.onward import onward
from portal.proofs import WRONG_CODE, offers, tried
from portal.reauthentication import asks_for_factors, use_up
from portal.views import passkeys

CODE_PAGE, REGISTER_PAGE = (
    "portal/people/second_factor_code.html",
    "portal/people/second_factor_register.html",
)
CODES_PAGE = "portal/people/recovery_codes.html"


def _for_officers(view: View) -> View:
    """Whoever typed the right password, waiting for the second factor or not."""

    @never_cache
    @sensitive_post_parameters()
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not isinstance(request.user, Officer):
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        return view(request)

    return guarded


@_for_officers
def code(request: HttpRequest) -> HttpResponse:
    """Asked after the password, once for a session: a code, or one of the person's passkeys."""
    person = officer(request)
    if second_factor.waits_for(request) != second_factor.CODE:
        return redirect(onward(request))
    if not factors.has(person):  # removed meanwhile, by two officials: the password is asked again
        logout(request)
        return redirect("wagtailadmin_login")
    form = SecondFactorForm(request.POST or None)
    passed = tried(request, person, form)
    if passed is None:
        return render(request, CODE_PAGE, {"form": form, "next": onward(request), **offers(request, person)})
    second_factor.pass_on(request)
    kind = second_factor.RECOVERED if passed.way == ProofWay.RECOVERY_CODE else second_factor.PASSED
    second_factor.put_on_record(kind, person, {"proof_way": passed.way.value})
    if passed.way == ProofWay.RECOVERY_CODE:
        messages.warning(
            request,
            f"복구 번호로 로그인했습니다. 남은 복구 번호는 {passed.codes_left}개입니다. 휴대전화를 잃었으면 새 앱을 등록하십시오.",
        )
    return redirect(onward(request))


@_for_officers
@asks_for_factors
def register(request: HttpRequest) -> HttpResponse:
    """An app is registered, or another one in its place."""
    person = officer(request)
    form = FirstCodeForm(request.POST or None)
    codes = _accepted(request, person, form)
    if codes is not None:
        use_up(request)
        second_factor.pass_on(request)
        second_factor.put_on_record(second_factor.ADDED, person)
        own_passwords.tell_of_factor(person, "인증 앱 등록, 복구 번호 다시 만들기")
        return render(request, CODES_PAGE, {"codes": codes, "is_new": True})
    secret = (factors.offered(person) if request.method == "POST" else "") or factors.offer(person)
    picture = segno.make(factors.address(person, secret, district.portal_name(request)), error="l")
    shown = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "picture": picture.svg_inline(scale=4, svgclass=None, lineclass=None, title="인증 앱이 읽는 QR 코드"),
        "has_one": factors.app_since(person) is not None,
        "has_any": factors.has(person),
        "must": second_factor.waits_for(request) == second_factor.REGISTRATION,
        "grace_ends": factors.grace_ends(person) if factors.must_have(person) else None,
    }
    return render(request, REGISTER_PAGE, shown)


def _accepted(request: HttpRequest, person: Officer, form: FirstCodeForm) -> list[str] | None:
    """The recovery codes, where the code was one of the offered app."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return factors.accept(request, person, form.cleaned_data["code"])
    except factors.WrongCode:
        second_factor.put_on_record(second_factor.FAILED, person)
        form.add_error("code", WRONG_CODE)
    except MustWait as wait:
        form.add_error("code", f"여러 번 틀려서 기다려야 합니다. {wait}")
    return None


@_for_officers
@asks_for_factors
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes."""
    person = officer(request)
    if second_factor.waits_for(request) or not factors.has(person):
        return redirect("second_factor:register")
    if request.method != "POST":
        return render(request, CODES_PAGE)
    made = factors.renew_codes(person)
    use_up(request)
    second_factor.put_on_record(second_factor.CODES_MADE, person)
    own_passwords.tell_of_factor(person, "복구 번호 다시 만들기")
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
    path("passkey/options/", passkeys.options, name="passkey_options"),
    path("passkey/login/", passkeys.enter, name="passkey_login"),
    path("passkey/add/", passkeys.add, name="passkey_add"),
    path("passkey/<int:pk>/remove/", passkeys.remove, name="passkey_remove"),
    path("stop/", stop, name="stop"),
]
