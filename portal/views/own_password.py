"""Setting the own password by an address that works once (`portal.own_passwords`); nobody is logged in here."""

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal import open_sessions, own_passwords
from portal.models import SessionEnd

TEMPLATE = "portal/people/own_password.html"


@never_cache
@sensitive_post_parameters()
def own_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    officer = own_passwords.officer_of(key, token)
    if officer is None:
        return render(request, TEMPLATE, {"form": None}, status=404)
    form = SetPasswordForm(officer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        own_passwords.put_on_record(officer)
        open_sessions.end_all(officer, SessionEnd.PASSWORD)
        messages.success(request, "비밀번호를 정했습니다. 이제 로그인하십시오.")
        return redirect("wagtailadmin_login")
    answer = render(request, TEMPLATE, {"form": form, "officer": officer})
    # The address itself is the key: it goes to no other page.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
