"""Report a missing or wrong sign of a site: no account, no name."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cameras import sign_reports
from cameras.models import SignReport, Site
from ordinance import parameters
from website import floods, site_page
from website.forms.sign_report import SignReportForm, UnplacedReportForm

FORM = "sign_report"
Form = TypeVar("Form", bound=SignReportForm)


@require_http_methods(["GET", "HEAD", "POST"])
def report_sign(request: HttpRequest, number: str) -> HttpResponse:
    """About the sign of a site that somebody has found."""
    found = site_page.public_site_with_cameras(number)
    if found is None:
        raise Http404("공개하는 설치장소가 아닙니다.")
    site, _ = found
    form = _form(request, SignReportForm)
    if request.method == "POST" and form.is_valid() and (report := _receive(request, site, form)):
        return _received(request, report)
    return render(
        request, "website/sign_report.html", {"site": site, "form": form, "kept_days": _kept_days()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where is it? By a search, or by words, photograph and position where nobody knows the number."""
    form = _form(request, UnplacedReportForm)
    if request.method == "POST" and form.is_valid() and (report := _receive(request, None, form)):
        return _received(request, report)
    return render(request, "website/report_start.html", {"form": form, "kept_days": _kept_days()})


def _received(request: HttpRequest, report: SignReport) -> HttpResponse:
    context = {
        "site": report.site,
        "report": report,
        "handling_days": parameters.value("sign_report_handling_days").value,
    }
    return render(request, "website/sign_report_received.html", context)


def _kept_days() -> int:
    return int(parameters.value("sign_report_contact_days").value)


def _form(request: HttpRequest, kind: type[Form]) -> Form:
    """As it was sent; without its file where the sender has tried too often."""
    if request.method != "POST":
        return kind()
    if request.FILES and (message := floods.refusal_of_try(request, FORM)):
        form = kind(request.POST)
        form.add_error(None, message)
        return form
    return kind(request.POST, request.FILES)


def _receive(request: HttpRequest, site: Site | None, form: SignReportForm) -> SignReport | None:
    given = form.cleaned_data
    known = SignReport.objects.filter(submission=given["submission"]).first()
    if known is not None:
        return known
    if message := floods.refusal(request, FORM):
        form.add_error(None, message)
        return None
    try:
        with transaction.atomic():
            floods.mark(request, FORM)
            return sign_reports.receive(
                site,
                given["problem"],
                place=given.get("place", ""),
                position=form.position,
                text=given["text"],
                contact=given["contact"],
                photo=given["photo"],
                submission=given["submission"],
            )
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        return SignReport.objects.filter(submission=given["submission"]).first()
