"""The data of a person on a screen: for what is it read, what keeps one from reading it, and then the words themselves.

What is read is in the ledger first (`casework.persons.read`). Who is not taught, not sworn in or not on duty reads why and
what to do; the manager finds there the way to let somebody through for this one matter.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casework import persons
from portal.access import may, officer
from portal.forms.persons import PurposeForm
from portal.forms.refusals import refuse
from portal.pages import Action, Crumb, page
from records.competence import personal_data

Rows = list[tuple[str, Any]]


def person_screen(
    request: HttpRequest,
    code: str,
    row: Any,
    *,
    title: str,
    back: str,
    crumbs: Sequence[Crumb],
    submit: str = "인적사항 보기",
    more: Callable[[], Rows] = list,
) -> HttpResponse:
    """`more`: what is read for the same purpose, in the same line of the ledger."""
    rows: Rows = []
    form = PurposeForm(request.POST or None, code=code)
    if request.method == "POST" and form.is_valid():
        try:
            rows = persons.read(code, row, purpose=form.cleaned_data["purpose"], by=officer(request)) + more()
        except ValidationError as error:
            refuse(form, error)
    answer = page(
        request,
        "portal/citizens/person.html",
        {"form": form, "rows": rows, "submit_label": submit, "back_url": back},
        title=title,
        icon="view",
        crumbs=crumbs,
        actions=lifting(request, code, row.pk),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def person_file(
    request: HttpRequest,
    code: str,
    row: Any,
    *,
    sha256: str,
    hand_out: Callable[[], HttpResponseBase],
    title: str,
    back: str,
    crumbs: Sequence[Crumb] = (),
    submit: str = "파일 내려받기",
) -> HttpResponseBase:
    """A file that tells of the persons of a matter: for the same purposes, by the same gates and with the same line."""
    form = PurposeForm(request.POST or None, code=code)
    if request.method == "POST" and form.is_valid():
        try:
            persons.read(code, row, purpose=form.cleaned_data["purpose"], by=officer(request), files=[sha256])
        except ValidationError as error:
            refuse(form, error)
        else:
            return hand_out()
    return page(
        request,
        "portal/citizens/person.html",
        {"form": form, "rows": [], "submit_label": submit, "back_url": back},
        title=title,
        icon="view",
        crumbs=crumbs,
        actions=lifting(request, code, row.pk),
    )


def lifting(request: HttpRequest, code: str, pk: int) -> Sequence[Action]:
    """For the manager: to let another read this one matter."""
    if not may(request.user, ["records.add_gatelift"]):
        return ()
    address = reverse("permissions:lift", args=[personal_data.kind_of(code), pk])
    return (Action("다른 사람에게 예외 허용…", address, "warning"),)


def turned_away(request: HttpRequest, code: str, row: Any, back: str) -> HttpResponse | None:
    """Where a page shows what persons wrote without asking for what: back to the matter, told why; None: let in."""
    found = persons.against_reading(code, row, officer(request))
    for refusal in found:
        messages.error(request, refusal.sentence)
    return redirect(back) if found else None
