"""One search box for places with cameras, services, consultations, policies and pages of guidance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from website import page_search, places

SHOWN_PAGES = 20
LONGEST_QUERY = 100


def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    return render(
        request,
        "website/search.html",
        {
            "words": words,
            "documents": page_search.documents_with(words, SHOWN_PAGES),
            "found": places.search(words) if words else None,
            "aim": "",
        },
    )
