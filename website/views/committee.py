"""운영위원회: who sits on it, as the general committee ordinance wants it told."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from committee import membership
from committee.models import Minutes
from ordinance import parameters

PAGE_SIZE = 30


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
            "page": (page := Paginator(_published(), PAGE_SIZE).get_page(request.GET.get("page"))),
            "published": page.object_list,
        },
    )


def _published() -> "QuerySet[Minutes]":
    rows = Minutes.objects.filter(published_at__isnull=False).select_related("meeting").defer("contents")
    return rows.order_by("-meeting__on", "-pk")


def minutes_page(request: HttpRequest, number: str) -> HttpResponse:
    """What was frozen when it was published, with its corrections."""
    found = get_object_or_404(_published(), meeting__number=number)
    return render(
        request,
        "website/committee_minutes.html",
        {"minutes": found, "contents": found.public, "corrections": list(found.corrections.all())},
    )
