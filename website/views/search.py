"""One search box for pages of guidance, places with cameras and policy versions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from website import page_search, places

SHOWN_PAGES = 20
SHOWN_PLACES = 10
LONGEST_QUERY = 100


def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    pages = page_search.pages_with(words, SHOWN_PAGES)
    found = places.with_cameras(places.search(words))[:SHOWN_PLACES] if words else []
    return render(
        request,
        "website/search.html",
        {"words": words, "pages": pages, "places": found},
    )
