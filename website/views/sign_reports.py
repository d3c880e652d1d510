"""Report a missing or wrong sign of a site: no account, no name, no cookie; one matter a page (`website.views.steps`)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cameras import sign_reports
from cameras.models import SignReport, Site
from ordinance import parameters
from website import drafts, floods, site_page
from website.forms.sign_report import STEPS, UNPLACED_STEPS, SignReportForm, UnplacedReportForm
from website.models import FormDraft
from website.views import steps
from website.views.anonymous import anonymous_form
from website.views.steps import Course, Refused

FORM = "sign_report"


def kept_days() -> int:
    return int(parameters.value("sign_report_contact_days").value)


@anonymous_form
@require_http_methods(["GET", "HEAD", "POST"])
def report_sign(request: HttpRequest, number: str) -> HttpResponse:
    """About the sign of a site that somebody has found."""
    found = site_page.place_of_a_sign(number)
    if found is None:
        raise Http404("공개하는 설치장소가 아닙니다.")
    site, name = found
    form, onward = steps.first_page(request, OF_A_SITE, site.number)
    return onward or render(
        request, "website/sign_report.html", {"site": site, "place_name": name, "form": form}
    )


@anonymous_form
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where is it? By a search, or by words, photograph and position where nobody knows the number."""
    form, onward = steps.first_page(request, UNPLACED, "")
    return onward or render(
        request,
        "website/report_start.html",
        {"form": form, "asks_position": True},
    )


def _about_site(number: str) -> Mapping[str, Any] | None:
    found = site_page.place_of_a_sign(number)
    return {"place_name": found[1], "kept_days": kept_days()} if found else None


def _about_no_site(number: str) -> Mapping[str, Any]:
    return {"place_name": "", "kept_days": kept_days()}


def _spoken(draft: FormDraft, form: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"photo": (_("사진"), gettext("한 장") if draft.photo else "")}
    if "latitude" in form.fields:
        said["latitude"] = (_("지금 위치"), gettext("신고에 넣음") if form.position else "")
    return said


def _receive(request: HttpRequest, draft: FormDraft, form: Any) -> str:
    known = SignReport.objects.filter(submission=draft.submission).first()
    report = known or _kept(request, draft, form)
    return reverse("website_report_status", args=[report.receipt_number]) + "?received=1"


def _kept(request: HttpRequest, draft: FormDraft, form: Any) -> SignReport:
    given = form.cleaned_data
    if message := floods.refusal(request, FORM):
        raise Refused(message)
    try:
        with transaction.atomic():
            floods.mark(request, FORM)
            return sign_reports.receive(
                Site.objects.get(number=draft.about) if draft.about else None,
                given["problem"],
                place=given.get("place", ""),
                position=form.position,
                text=given["text"],
                contact=given["contact"],
                photo=drafts.file_of(draft),
                submission=draft.submission,
            )
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        return SignReport.objects.get(submission=draft.submission)


OF_A_SITE = Course(FORM, _("안내판 신고"), SignReportForm, STEPS, _receive, _about_site, _spoken)
UNPLACED = Course(
    f"{FORM}.unplaced",
    _("안내판 신고"),
    UnplacedReportForm,
    UNPLACED_STEPS,
    _receive,
    _about_no_site,
    _spoken,
)
steps.register(OF_A_SITE)
steps.register(UNPLACED)
