"""Documents that leave the portal for one person."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf(content: bytes, name: str, *, is_shown: bool = False) -> HttpResponse:
    """A PDF under its Korean name, kept by nobody on the way; `is_shown` in the browser instead of downloaded."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
