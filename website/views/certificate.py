"""교육 이수증의 확인: whether a number was given, for which training. Of the person only what was typed is shown."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from records.models import Training
from website import floods
from website.typed_numbers import LONGEST, typed
from website.views.anonymous import anonymous_form

FORM = "certificate"


def _bare(name: str) -> bytes:
    return typed(name).encode()


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """With a number and, if one likes, the name that stands on the paper: whether that is whose number it is.

    They are sent in the body: an address with somebody's name in it stays in histories and logs.
    """
    number = request.POST.get("number", "").strip()[:LONGEST]
    name = request.POST.get("name", "").strip()[:LONGEST]
    context: dict[str, Any] = {"number": number, "name": name, "training": None, "is_name_right": None}
    if number:
        rows = Training.objects.select_related("course", "staff__officer")
        found = rows.filter(certificate_number=typed(number)).first()
        if found is None or (name and not _is_of(found, name)):
            floods.note_guess(request, FORM)
        if found is not None:
            context |= {"training": found, "is_name_right": _is_of(found, name) if name else None}
    return render(request, "website/certificate.html", context)


def _is_of(training: Training, name: str) -> bool:
    staff = training.staff
    known = staff.name or (str(staff.officer) if staff.officer else "")
    return bool(known) and secrets.compare_digest(_bare(known), _bare(name))
