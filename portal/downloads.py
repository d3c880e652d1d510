"""Documents that leave the portal for one person."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from portal.access import officer
from reports import handed_out
from reports.handed_out import Paper

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


def finished(
    request: HttpRequest, content: bytes, name: str, paper: Paper, *, number: str, about: str
) -> HttpResponse:
    """A paper that changes no more: its digest is in the ledger before it leaves (`website.views.check_file`)."""
    handed_out.note(content, paper, number, about=about, by=officer(request))
    return document(content, name)


def document(content: bytes, name: str, *, is_shown: bool = False) -> HttpResponse:
    """A file of one of `TYPES` by the ending of its name, kept by nobody on the way."""
    answer = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
