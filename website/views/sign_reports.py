"""Report a missing or wrong sign of a site: no account, no name."""

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cameras import sign_reports
from cameras.models import SignReport, Site
from ordinance import parameters
from website import floods, site_page
from website.forms.sign_report import SignReportForm

FORM = "sign_report"


@require_http_methods(["GET", "HEAD", "POST"])
def report_sign(request: HttpRequest, number: str) -> HttpResponse:
    found = site_page.public_site_with_cameras(number)
    if found is None:
        raise Http404("공개하는 설치장소가 아닙니다.")
    site, _ = found
    form = _form(request)
    if request.method == "POST" and form.is_valid() and (report := _receive(request, site, form)):
        return render(request, "website/sign_report_received.html", {"site": site, "report": report})
    kept_days = parameters.value("sign_report_contact_days").value
    return render(request, "website/sign_report.html", {"site": site, "form": form, "kept_days": kept_days})


def _form(request: HttpRequest) -> SignReportForm:
    """As it was sent; without its file where the sender has tried too often."""
    if request.method != "POST":
        return SignReportForm()
    if request.FILES and (message := floods.refusal_of_try(request, FORM)):
        form = SignReportForm(request.POST)
        form.add_error(None, message)
        return form
    return SignReportForm(request.POST, request.FILES)


def _receive(request: HttpRequest, site: Site, form: SignReportForm) -> SignReport | None:
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
                text=given["text"],
                contact=given["contact"],
                photo=given["photo"],
                submission=given["submission"],
            )
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        return SignReport.objects.filter(submission=given["submission"]).first()
