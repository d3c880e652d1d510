"""Places where this website stands in for the sign (Decree art. 24(2)), with everything that a sign would say."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cameras.models import SignSubstitute, Site
from cameras.signs import substitutes
from cameras.signs.contents import Contents, Law, NothingToSay, with_named_cameras
from website.figures import public_cameras

PAGE_SIZE = 20


@dataclass(frozen=True)
class Place:
    """One entry: the decision, and what the sign would say. Nothing where no camera films yet."""

    substitute: SignSubstitute
    contents: Contents


def sign_substitutes(request: HttpRequest) -> HttpResponse:
    """Only places with a camera that the public may see."""
    shown = (
        substitutes.in_force()
        .filter(site__in=public_cameras().values("site"))
        .select_related("site")
        .order_by("site__road_address", "site__lot_address", "site__number")
    )
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "website/sign_substitutes.html",
        {"page": page, "places": _places(list(page.object_list)), "citation": substitutes.CITATION},
    )


def _places(decisions: list[SignSubstitute]) -> list[Place]:
    sites = with_named_cameras(Site.objects.filter(pk__in=[one.site_id for one in decisions]))
    found = {site.pk: site for site in sites}
    law = Law()
    places = []
    for one in decisions:
        try:
            places.append(Place(one, law.contents(found[one.site_id])))
        except NothingToSay:
            continue  # its last camera was removed a moment ago
    return places
