"""본인 확인: who is logged in proves it again, before what cannot be taken back and before the own factors are changed.

`asks_again` stands before a view whose acts cannot be taken back (destroying, publishing, handing over, erasing, giving
rights): a proof of the last REAUTHENTICATION_MINUTES is enough, the login's too. `asks_for_factors` stands before what
changes the own factors: there the login does not count, and one proof is good for one change, so that whoever took over an
open session cannot put a telephone of his own in the place of the owner's.

The question comes before the view is called, so no act can pass beside it. What was sent travels along, hidden, with its
files (`portal.kept_files`), and is done when the answer is right; who gives up finds it as a draft (`portal.drafts`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor as factors
from accounts.backends import MUST_WAIT
from accounts.models import Officer
from portal import drafts, kept_files, opened_forms, second_factor
from portal.access import mark, officer
from portal.forms.second_factor import PROOF, PasswordProof, SecondFactorForm
from portal.proofs import offers, tried
from portal.second_factor import FACTORS_PROVED_AT, PROVED_AT
from portal.sent_forms import TOKEN

View = Callable[..., HttpResponseBase]
PAGE = "portal/people/reauthentication.html"
# Of a page that was only opened: after the right answer it is opened again.
OPENS = f"{PROOF}-opens"
NOT_RIGHT = "비밀번호가 맞지 않습니다."


def is_fresh(request: HttpRequest, mark: str = PROVED_AT) -> bool:
    proved_at = request.session.get(mark)
    return proved_at is not None and (
        0 <= timezone.now().timestamp() - proved_at <= settings.REAUTHENTICATION_MINUTES * 60
    )


def asks_again(view: View) -> View:
    """Before an act that cannot be taken back; reading asks nothing."""
    return asks_again_unless(lambda *args, **kwargs: False)(view)


def asks_again_unless(is_harmless: Callable[..., bool]) -> Callable[[View], View]:
    """As `asks_again`, for a view that also takes what changes nothing: `is_harmless` is asked with the view's arguments."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (
                request.method != "POST"
                or not isinstance(request.user, Officer)
                or is_harmless(request, *args, **kwargs)
            ):
                return view(request, *args, **kwargs)
            return _ask(request, PROVED_AT) or view(request, *args, **kwargs)

        mark(guarded, asks_again=True)
        return guarded

    return guard


def asks_for_factors(view: View) -> View:
    """Before a page that changes the own factors, as soon as it is opened: it shows keys."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if not isinstance(person, Officer):
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        if second_factor.waits_for(request) == second_factor.CODE:
            return redirect("second_factor:code")
        mark = FACTORS_PROVED_AT if factors.has(person) else PROVED_AT
        return _ask(request, mark) or view(request, *args, **kwargs)

    return guarded


def use_up(request: HttpRequest) -> None:
    """The change that was proved for is done; the next one is asked for again."""
    request.session.pop(FACTORS_PROVED_AT, None)


def _ask(request: HttpRequest, mark: str) -> HttpResponse | None:
    """The question, or None where the view may go on."""
    if is_fresh(request, mark):
        return None
    person = officer(request)
    form = proof_form(request, person)
    if form.is_bound and _is_proved(request, person, form):
        request.session[mark] = request.session[PROVED_AT] = timezone.now().timestamp()
        return redirect(request.get_full_path()) if OPENS in request.POST else None
    return _question(request, person, form, mark)


def proof_form(request: HttpRequest, person: Officer) -> SecondFactorForm | PasswordProof:
    kind = SecondFactorForm if factors.has(person) else PasswordProof
    is_answer = any(name.startswith(f"{PROOF}-") for name in request.POST)
    return kind(request.POST if is_answer else None, prefix=PROOF)


def _is_proved(request: HttpRequest, person: Officer, form: SecondFactorForm | PasswordProof) -> bool:
    if isinstance(form, PasswordProof):
        return _is_password(request, person, form)
    passed = tried(request, person, form)
    if passed is None:
        return False
    second_factor.put_on_record(second_factor.PROVED, person, {"proof_way": passed.way.value})
    return True


def _is_password(request: HttpRequest, person: Officer, form: PasswordProof) -> bool:
    """As at the login: a failure is a line of the ledger and makes the next try wait."""
    if not form.is_valid():
        return False
    found = authenticate(request, username=person.username, password=form.cleaned_data["password"])
    if found is not None and found.pk == person.pk:
        second_factor.put_on_record(
            second_factor.PROVED, person, {"proof_way": factors.ProofWay.PASSWORD.value}
        )
        return True
    wait = getattr(request, MUST_WAIT, None)
    form.add_error("password", f"여러 번 틀려서 기다려야 합니다. {wait}" if wait else NOT_RIGHT)
    return False


def _question(request: HttpRequest, person: Officer, form: Form, mark: str) -> HttpResponse:
    is_sent = request.method == "POST" and OPENS not in request.POST
    if is_sent and (opening := opened_forms.read(request.POST.get(opened_forms.NAME, ""))):
        drafts.save(opening, request.POST)
    shown = {
        "form": form,
        "is_of_factors": mark == FACTORS_PROVED_AT,
        "minutes": settings.REAUTHENTICATION_MINUTES,
        "sent": _sent(request) if is_sent else [],
        "files": kept_files.carried(request) if is_sent else [],
        "opens": OPENS if not is_sent else "",
        "back_url": reverse("own_login") if mark == FACTORS_PROVED_AT else request.get_full_path(),
        **offers(request, person),
    }
    return render(request, PAGE, shown)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != TOKEN and not name.startswith((PROOF, kept_files.KEPT, kept_files.DROPPED))
        for value in values
    ]
