"""목적 외 이용·제공의 게시 (PIPA art. 18(4)): date, basis, purpose, items, for as many days as the law asks."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from records.provision import publication

PAGE_SIZE = 50


def provision_list(request: HttpRequest) -> HttpResponse:
    """What is published today; nothing beyond its last day."""
    shown = publication.shown().order_by("-published_on", "-pk")
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "website/provisions.html", {"page": page, "rows": page.object_list})
