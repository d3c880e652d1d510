"""Documents that leave the portal for one person."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "hwpx": "application/hwp+zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def pdf(content: bytes, name: str, *, is_shown: bool = False) -> HttpResponse:
    """A PDF under its Korean name; `is_shown` in the browser instead of downloaded."""
    return document(content, name, is_shown=is_shown)


def document(content: bytes, name: str, *, is_shown: bool = False) -> HttpResponse:
    """A file of one of `TYPES` by the ending of its name, kept by nobody on the way."""
    answer = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
