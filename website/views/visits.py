"""통제구역 출입 신청 by outsiders (ordinance art. 19): an application without an account, and where it stands by its number."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import persons
from casework.refusals import Refused as NotDone
from records.duty_enums import VisitState
from records.models import Visit
from records.people import visits
from records.people.persons import VISIT_CODE
from website import floods, typed_numbers
from website.forms.visit import STEPS, VisitForm
from website.models import FormDraft
from website.views import steps
from website.views.anonymous import anonymous_form
from website.views.steps import Course, Refused

FORM, STATUS = "visit", "visit_status"
# Somebody may still come.
AHEAD = (VisitState.APPLIED, VisitState.APPROVED)


@anonymous_form
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    form, onward = steps.first_page(request, APPLICATION, "")
    return onward or render(request, "website/visit_start.html", {"form": form})


def _about(about: str) -> Mapping[str, Any]:
    return {"place_name": "", "personal_data": persons.entry(VISIT_CODE)}


def _receive(request: HttpRequest, draft: FormDraft, form: Any) -> str:
    row = Visit.objects.filter(submission=draft.submission).first() or _applied(request, draft, form)
    return reverse("website_visit_status", args=[row.number]) + "?received=1"


def _applied(request: HttpRequest, draft: FormDraft, form: VisitForm) -> Visit:
    if message := floods.refusal(request, FORM):
        raise Refused(message)
    given = {
        name: form.cleaned_data[name]
        for name in ("kind", "purpose", "organisation", "name", "phone", "people", "equipment")
    }
    given |= {"planned_from": form.planned_from, "planned_until": form.planned_until}
    try:
        with transaction.atomic():
            floods.mark(request, FORM)
            return visits.apply(given, by=None, submission=draft.submission)
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        return Visit.objects.get(submission=draft.submission)
    except NotDone as refused:
        raise Refused(" ".join(refused.messages)) from refused


APPLICATION = Course(FORM, _("통제구역 출입 신청"), VisitForm, STEPS, _receive, _about)
steps.register(APPLICATION)


def _found(request: HttpRequest, number: str) -> Visit | None:
    """Nothing of the person is read."""
    rows = Visit.objects.defer(*visits.PERSONAL)
    return typed_numbers.found(request, rows, "number", number, form=STATUS, prefix=visits.PREFIX)


@never_cache
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("number", "").strip()[:60]
    if number and (found := _found(request, number)):
        return redirect("website_visit_status", number=found.number)
    return render(request, "website/visit_look_up.html", {"number": number})


@never_cache
@require_safe
def status(request: HttpRequest, number: str) -> HttpResponse:
    visit = _found(request, number)
    if visit is None:
        return render(request, "website/visit_look_up.html", {"number": number[:60]}, status=404)
    address = reverse("website_visit_status", args=[visit.number])
    is_over = visit.planned_until < timezone.now()
    return render(
        request,
        "website/visit_status.html",
        {
            "visit": visit,
            "is_over": is_over,
            "is_ahead": visit.state in AHEAD and not is_over,
            "is_new": "received" in request.GET and visit.state == "applied",
            "address": request.build_absolute_uri(address),
        },
    )
