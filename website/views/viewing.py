"""영상 열람등 청구: the request, its receipt, and where it stands."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ordinance import duedates, parameters
from records.enums import RequestState
from records.models import ViewingRequest
from records.viewing import intake, limits
from website import floods, site_page
from website.forms.viewing import StatusForm, ViewingForm

FORM = "viewing_request"
LIMITS = (floods.Limit(5, timedelta(minutes=10)), floods.Limit(20, floods.KEPT))
# Wrong guesses at somebody's receipt.
GUESSES = "viewing_status"
GUESS_LIMITS = (floods.Limit(20, timedelta(minutes=10)),)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_viewing(request: HttpRequest, number: str) -> HttpResponse:
    found = site_page.public_site_with_cameras(number)
    if found is None:
        raise Http404("공개하는 설치장소가 아닙니다.")
    site, cameras = found
    form = ViewingForm(request.POST or None, site=site, cameras=cameras)
    if request.method == "POST" and form.is_valid() and (received := _receive(request, form)):
        return render(request, "website/viewing_received.html", _receipt(received))
    context = {
        "site": site,
        "form": form,
        "limits": limits.current(),
        "longest_days": max(camera.retention_days for camera in cameras),
        "answer_days": parameters.value("viewing_answer_days").value,
        "kept_days": parameters.value("viewing_request_person_days").value,
    }
    return render(request, "website/viewing_request.html", context)


def _receive(request: HttpRequest, form: ViewingForm) -> ViewingRequest | None:
    known = ViewingRequest.objects.filter(submission=form.cleaned_data["submission"]).first()
    if known is not None:
        return known
    if message := floods.refusal(request, FORM, LIMITS):
        form.add_error(None, message)
        return None
    try:
        with transaction.atomic():
            floods.mark(request, FORM)
            return intake.receive(form.application())
    except ValidationError as error:
        form.take(error)
        return None
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        return ViewingRequest.objects.filter(submission=form.cleaned_data["submission"]).first()


def _receipt(received: ViewingRequest) -> dict[str, Any]:
    due = intake.due_of(received)
    return {
        "received": received,
        "secret": intake.secret_of(received),
        "due": due,
        "reckoning": duedates.deadline_of(due).explain().splitlines() if due else [],
        "cameras": list(received.cameras.select_related("camera")),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def viewing_status(request: HttpRequest) -> HttpResponse:
    form = StatusForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "received": None}
    if request.method == "POST" and form.is_valid():
        if message := floods.refusal(request, GUESSES, GUESS_LIMITS):
            form.add_error(None, message)
        elif found := intake.find(form.cleaned_data["receipt_number"], form.cleaned_data["secret"]):
            context |= _receipt(found) | {
                "decisions": list(found.decisions.select_related("ground", "national_ground")),
                "is_decided": found.state == RequestState.DECIDED,
            }
        else:
            floods.mark(request, GUESSES)
            form.add_error(
                None, gettext("접수번호와 확인번호가 맞는 청구가 없습니다. 다시 확인하여 주십시오.")
            )
    return render(request, "website/viewing_status.html", context)
