"""운영위원회: who sits on it, as the general committee ordinance wants it told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from committee import membership
from ordinance import parameters


def committee_page(request: HttpRequest) -> HttpResponse:
    """The members of today; contacts never, names where the profile publishes them."""
    today = timezone.localdate()
    return render(
        request,
        "website/committee.html",
        {
            "seated": membership.composition(today),
            "has_names": bool(parameters.value("committee_list_names", today).value),
            "today": today,
        },
    )
