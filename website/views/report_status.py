"""안내판 신고 조회: where a report stands, for whoever has its number. Nothing that somebody wrote is shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cameras import sign_reports
from cameras.models import SignReport
from website import calendar_entry, site_page, typed_numbers

FORM = "sign_report_status"


def _found(request: HttpRequest, number: str) -> SignReport | None:
    rows = SignReport.objects.select_related("site")
    return typed_numbers.found(request, rows, "receipt_number", number, form=FORM)


@never_cache
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("number", "").strip()[:60]
    if number and (found := _found(request, number)):
        return redirect("website_report_status", number=found.receipt_number)
    return render(request, "website/report_look_up.html", {"number": number})


@never_cache
@require_safe
def report_status(request: HttpRequest, number: str) -> HttpResponse:
    report = _found(request, number)
    if report is None:
        return render(request, "website/report_look_up.html", {"number": number[:60]}, status=404)
    due_on = sign_reports.due_on(report)
    address = reverse("website_report_status", args=[report.receipt_number])
    return render(
        request,
        "website/report_status.html",
        {
            "report": report,
            "place": site_page.place_of_a_sign(report.site.number) if report.site else None,
            "is_new": "received" in request.GET and report.is_open,
            "due_on": due_on,
            "is_late": report.is_open and due_on < timezone.localdate(),
            "address": request.build_absolute_uri(address),
            "calendar_url": reverse("website_report_calendar", args=[report.receipt_number])
            if report.is_open
            else "",
        },
    )


@require_safe
def report_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The day on which to look again, for the sender's calendar."""
    report = _found(request, number)
    if report is None:
        return render(request, "website/report_look_up.html", {"number": number[:60]}, status=404)
    return calendar_entry.answer(
        report.receipt_number,
        sign_reports.due_on(report),
        gettext("안내판 신고 %(number)s 결과 확인") % {"number": report.receipt_number},
        request.build_absolute_uri(reverse("website_report_status", args=[report.receipt_number])),
    )
