"""What every public page shows around its content: menu, office, current policy."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, Site

from website.models import HomePage, OfficeDetails

register = template.Library()


@register.simple_tag(takes_context=True)
def office(context: dict[str, Any]) -> OfficeDetails:
    """The office's details; its defaults when nothing was entered, also on error pages."""
    request: HttpRequest | None = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return OfficeDetails()
    details: OfficeDetails = OfficeDetails.for_site(site)
    return details


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Fixed services first, then the pages that officials put into the menu."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    services = [
        ("CCTV 찾기", reverse("website_cameras")),
        ("CCTV 지도", reverse("website_camera_map")),
        ("운영·관리 방침", reverse("website_policy")),
    ]
    home = HomePage.objects.live().first()
    pages: list[Page] = list(home.get_children().live().public().in_menu()) if home else []
    entries = [*services, *((page.title, page.get_url(request) or page.url) for page in pages)]
    chosen = max((url for _, url in entries if url and path.startswith(url)), key=len, default="")
    return [{"title": title, "url": url, "is_current": url == chosen} for title, url in entries]


@register.inclusion_tag("website/includes/pagination.html")
def pagination(page: Any, kept_query: str) -> dict[str, Any]:
    """Page numbers around the current one; `kept_query` is the list's filter."""
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
        "prefix": f"{kept_query}&" if kept_query else "",
    }
