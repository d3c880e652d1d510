"""The site's mark at the address where browsers look for it without being told."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILE = "static/website/favicon.ico"
ONE_DAY = 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=ONE_DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """For the site and the portal alike; pages link the drawing (SVG) too, which newer browsers prefer."""
    return HttpResponse(_drawing(), content_type="image/x-icon")


@cache
def _drawing() -> bytes:
    """From our own folder: the collected files have other names."""
    return bytes((settings.BASE_DIR / FILE).read_bytes())
