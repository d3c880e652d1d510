"""보고서·확인서: the committee's reports in their versions, issuing one, and the certificate of destruction."""

import logging

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import queueing
from accounts.longrun import RunState
from ledger.models import SignedHead
from portal import downloads, longruns
from portal.access import may, officer, requires
from portal.forms.reports import CertificateForm, IssueForm
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import filled_in, form_screen, list_screen, preview_screen
from portal.views.ledger import head_answer
from reports import files, issue
from reports.models import IssuedReport
from reports.period import Period, UnusablePeriod
from reports.tasks import issue as issue_task

logger = logging.getLogger(__name__)
REPORTS = ("운영위원회 보고서", "reports:list")
SEE = ("reports.view_issuedreport", "reports.view_report")
ISSUE = "reports.issue_report"


@requires(*SEE)
def reports(request: HttpRequest) -> HttpResponse:
    """Issued versions; runs that wait or failed stand above them until somebody looked."""
    issued = IssuedReport.objects.exclude(sha256="").select_related("issued_by")
    runs = IssuedReport.objects.filter(sha256="").select_related("requested_by").order_by("-pk")[:5]
    add = Action("보고서 발행", reverse("reports:issue"), icon="doc-full", is_primary=True)
    return list_screen(
        request,
        "portal/reports/list.html",
        issued.order_by("-period", "-version"),
        title="운영위원회 보고서",
        intro="발행한 보고서는 수치와 파일이 고정됩니다. 같은 기간을 다시 발행하면 새 판이 되고, 달라진 점이 적힙니다.",
        icon="doc-full",
        actions=[add if may(request.user, [ISSUE]) else None],
        each=lambda report: (report, period_label(report)),
        runs=[(report, period_label(report)) for report in runs],
    )


def period_label(report: IssuedReport) -> str:
    try:
        return Period.parse(report.period).label
    except UnusablePeriod:
        return report.period


@requires(ISSUE)
@asks_again
def issue_form(request: HttpRequest) -> HttpResponse:
    """Choose the quarter, see what it means, confirm: issuing cannot be taken back."""
    return preview_screen(
        request,
        filled_in(request, IssueForm),
        lambda form: _issue(request, form),
        preview=lambda form: {"summary": _summary(form)},
        template="portal/reports/issue.html",
        title="보고서 발행",
        back=reverse("reports:list"),
        done="",
        crumbs=[crumb(*REPORTS)],
        icon="",
    )


def _summary(form: forms.Form) -> list[str]:
    """What issuing will do, in sentences."""
    period = Period.parse(form.cleaned_data["period"])
    before = issue.latest(period)
    lines = [
        f"{period.label} ({period.from_on:%Y-%m-%d} ~ {period.until_on:%Y-%m-%d})의 보고서를 발행합니다."
    ]
    if not period.has_ended(timezone.now()):
        lines.append(f"아직 끝나지 않은 {period.word}이므로 '중간 보고'로 표시됩니다.")
    if before is not None:
        lines.append(f"이미 제{before.version}판이 있습니다. 새 판이 추가되고, 이전 판은 그대로 남습니다.")
    lines.append("발행하면 수치와 파일이 고정되고 원장에 기록되며, 되돌릴 수 없습니다.")
    return lines


def _issue(request: HttpRequest, form: forms.Form) -> HttpResponse:
    chosen = form.cleaned_data
    under_way = (
        IssuedReport.objects.unfinished().filter(period=chosen["period"], cancel_requested=False).first()
    )
    if under_way is not None:
        messages.info(request, "같은 기간의 보고서를 이미 만들고 있습니다.")
        return redirect("reports:report", under_way.pk)
    report = issue.request(chosen["period"], by=officer(request), with_annex=chosen["with_annex"])
    queueing.start(issue_task, report.pk)
    return redirect("reports:report", report.pk)


@requires(*SEE)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(IssuedReport.objects.select_related("issued_by", "requested_by"), pk=pk)
    may_cancel = may(request.user, [ISSUE]) and longruns.may_cancel(request.user, found)
    head = (
        SignedHead.objects.filter(size=found.ledger_size).first() if found.ledger_size is not None else None
    )
    return page(
        request,
        "portal/reports/report.html",
        {
            "report": found,
            "run": found,
            "progress_url": reverse("reports:progress", args=[found.pk]),
            "cancel_url": reverse("reports:cancel", args=[found.pk]) if may_cancel else "",
            "done_url": "",
            "head": head,
            "is_untouched": issue.is_untouched(found) if found.is_issued else True,
            "has_failed": found.state in (RunState.FAILED, RunState.CANCELLED),
        },
        title=f"{period_label(found)} 보고서" + (f" 제{found.version}판" if found.is_issued else ""),
        crumbs=[crumb(*REPORTS)],
    )


@requires(*SEE)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(IssuedReport, pk=pk))


@require_POST
@requires(ISSUE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.cancel_response(
        request, get_object_or_404(IssuedReport, pk=pk), reverse("reports:report", args=[pk])
    )


@requires(*SEE)
def report_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(IssuedReport.objects.exclude(sha256=""), pk=pk)
    return _frozen(request, found)


@requires(*SEE)
def volume_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    found = get_object_or_404(IssuedReport.objects.exclude(sha256=""), pk=pk)
    if all(volume["number"] != number for volume in found.volumes):
        raise Http404
    return _frozen(request, found, number)


def _frozen(request: HttpRequest, found: IssuedReport, number: int | None = None) -> HttpResponseBase:
    """A frozen file as it was issued. One that is gone or is another by now is not handed out, nor made anew."""
    try:
        file = files.open_report(found) if number is None else files.open_volume(found, number)
    except files.FileUnavailable as error:
        logger.error("Report %s, volume %s: the kept file is not what was issued.", found.pk, number or "-")
        messages.error(
            request, f"{error} 내려보내지 않았습니다. 시스템 관리자에게 알리고 백업에서 되살리십시오."
        )
        return redirect("reports:report", found.pk)
    return FileResponse(file, filename=files.download_name(found, number), content_type="application/pdf")


@requires(*SEE)
def head_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger head that this report prints, for `verify_ledger --head`."""
    found = get_object_or_404(IssuedReport.objects.exclude(sha256=""), pk=pk)
    return head_answer(get_object_or_404(SignedHead, size=found.ledger_size))


@requires("footage.view_sweep", ISSUE)
def certificate(request: HttpRequest) -> HttpResponse:
    """영상정보 파기 확인서 as PDF, from the manifests."""
    from reports.documents import destruction_certificate  # loads the PDF library

    def make(form: CertificateForm) -> HttpResponse:
        issued = destruction_certificate.issue(**form.cleaned_data, by=officer(request))
        return downloads.pdf(issued.content, issued.file_name)

    return form_screen(
        request,
        filled_in(request, CertificateForm, initial={"camera": request.GET.get("camera", "")[:50]}),
        make,
        title="영상정보 파기 확인서",
        intro="한 카메라의 영상이 언제 파기되었는지를 파기 목록에서 뽑아 PDF로 만듭니다.",
        icon="clipboard-list",
        back=reverse("reports:certificate"),
        done="",
        submit="확인서 PDF 만들기",
        refusals=(ValueError,),
        is_long=True,
    )


urlpatterns = [
    path("", reports, name="list"),
    path("issue/", issue_form, name="issue"),
    path("<int:pk>/", report, name="report"),
    path("<int:pk>/progress/", progress, name="progress"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
    path("<int:pk>/report.pdf", report_file, name="file"),
    path("<int:pk>/annex-<int:number>.pdf", volume_file, name="volume"),
    path("<int:pk>/head.json", head_file, name="head_file"),
    path("certificate/", certificate, name="certificate"),
]
