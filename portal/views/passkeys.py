"""패스키: asking the browser's keys, logging in with one, adding and removing the own ones."""

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import login_delays, passkeys
from accounts import second_factor as factors
from accounts.backends import JUDGED
from accounts.korean import josa
from accounts.login_delays import MustWait
from accounts.models import Officer, Passkey
from portal import access_record, district, own_passwords, passkey_questions, second_factor
from portal.access import officer
from portal.forms.refusals import refuse
from portal.forms.second_factor import PasskeyForm
from portal.onward import onward
from portal.passkey_questions import For
from portal.reauthentication import asks_for_factors, use_up

ADD_PAGE, REMOVE_PAGE = "portal/people/passkey_add.html", "portal/people/passkey_remove.html"
CODES_PAGE = "portal/people/recovery_codes.html"
BACKEND = "accounts.backends.SlowedLogin"
NOT_TAKEN = "이 패스키로 확인하지 못했습니다. 다시 해 보고, 안 되면 다른 방법으로 로그인하십시오."


@require_POST
@never_cache
def options(request: HttpRequest) -> HttpResponse:
    """What the browser asks its keys. The question is the session's, and is answered once."""
    wanted = request.POST.get("for", "")
    person = request.user if isinstance(request.user, Officer) else None
    if wanted not in For.values or (person is None) != (wanted == For.LOGIN):
        return JsonResponse({"error": "화면을 새로 고치고 다시 하십시오."}, status=400)
    if person is None:
        try:
            login_delays.note_question(request)
        except MustWait as wait:
            return JsonResponse({"error": f"이 주소에서 너무 여러 번 물었습니다. {wait}"}, status=429)
        question = passkeys.ask(None)
        # Of a stranger nothing is kept longer than the question; the login gives the session its own time.
        request.session.set_expiry(passkey_questions.ANSWERED_WITHIN_SECONDS)
    elif wanted == For.REGISTER:
        question = passkeys.ask_to_register(person, office=district.portal_name(request))
    else:
        question = passkeys.ask(person)
    passkey_questions.keep(request, For(wanted), question)
    return JsonResponse(question.options)


@require_POST
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Logs in by a key that has checked who holds it: both factors in one."""
    try:
        key = passkeys.check(
            request, None, passkey_questions.take(request, For.LOGIN), request.POST.get("assertion", "")
        )
    except MustWait as wait:
        messages.error(request, f"로그인에 여러 번 실패하여 잠시 기다려야 합니다. {wait}")
        return redirect("wagtailadmin_login")
    except passkeys.WrongKey as wrong:
        if wrong.is_judged:
            access_record.failed_with_passkey(wrong.officer)
        messages.error(request, NOT_TAKEN)
        return redirect("wagtailadmin_login")
    setattr(request, JUDGED, True)
    login(request, key.officer, backend=BACKEND)
    second_factor.pass_on(request)
    second_factor.put_on_record(
        second_factor.PASSED, key.officer, {"proof_way": factors.ProofWay.PASSKEY.value}
    )
    return redirect(onward(request))


@never_cache
@asks_for_factors
def add(request: HttpRequest) -> HttpResponse:
    """One more key; with the first factor come the recovery codes."""
    person = officer(request)
    form = PasskeyForm(request.POST if "assertion" in request.POST else None)
    if form.is_bound and form.is_valid():
        answer = _add(request, person, form)
        if answer is not None:
            return answer
    shown = {
        "form": form,
        "must": second_factor.waits_for(request) == second_factor.REGISTRATION,
        "is_possible": passkeys.is_possible(request),
        "origin": passkeys.origin(),
    }
    return render(request, ADD_PAGE, shown)


def _add(request: HttpRequest, person: Officer, form: PasskeyForm) -> HttpResponse | None:
    is_first = not factors.has(person)
    state = passkey_questions.take(request, For.REGISTER)
    try:
        key = passkeys.register(person, state, form.cleaned_data["assertion"], name=form.cleaned_data["name"])
    except passkeys.WrongKey:
        form.add_error(None, "패스키를 등록하지 못했습니다. ‘패스키 만들기’를 다시 누르십시오.")
        return None
    except ValidationError as error:
        refuse(form, error)
        return None
    use_up(request)
    second_factor.pass_on(request)
    second_factor.put_on_record(second_factor.PASSKEY_ADDED, person, {"passkey": key.pk})
    own_passwords.tell_of_factor(person, f"패스키 ‘{key.name}’ 등록")
    if is_first:
        return render(request, CODES_PAGE, {"codes": factors.renew_codes(person), "is_new": True})
    messages.success(request, f"패스키 ‘{key.name}’{josa(key.name, '을/를')} 등록했습니다.")
    return redirect("own_login")


@never_cache
@asks_for_factors
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """An own key ends. Somebody else's does not exist here."""
    person = officer(request)
    key = get_object_or_404(Passkey, pk=pk, officer=person)
    if request.method != "POST":
        return render(request, REMOVE_PAGE, {"key": key})
    number, name = key.pk, key.name
    try:
        factors.remove_passkey(person, key)
    except factors.LastFactor:
        messages.error(request, "하나뿐인 두 번째 인증은 없앨 수 없습니다. 다른 것을 먼저 등록하십시오.")
        return redirect("own_login")
    use_up(request)
    second_factor.put_on_record(second_factor.PASSKEY_REMOVED, person, {"passkey": number})
    own_passwords.tell_of_factor(person, f"패스키 ‘{name}’ 없앰")
    messages.success(
        request, f"패스키 ‘{name}’{josa(name, '을/를')} 없앴습니다. 이제 로그인에 쓸 수 없습니다."
    )
    return redirect("own_login")
