"""안내판 신고: what citizens report about signs, and what was done."""

import hashlib

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.korean import josa
from cameras import sign_reports
from cameras.models import SignReport, Site
from ordinance import parameters
from portal.access import may, may_open, officer, requires
from portal.forms.citizens import (
    CLOSED,
    OPEN,
    CloseReportForm,
    ReportPlaceForm,
    SignReportFilter,
)
from portal.pages import Action, crumb, page
from portal.person_screens import person_file, person_screen
from portal.screens import checked_screen, filled_in, form_screen, list_screen
from portal.views.camera_page import outline_url

HOME = ("안내판 신고", "sign_reports:list")
CHECK = "signs:check"


@requires("cameras.view_signreport")
def report_list(request: HttpRequest) -> HttpResponse:
    form = SignReportFilter(request.GET)
    return list_screen(
        request,
        "portal/citizens/sign_reports.html",
        _filtered(form),
        form=form,
        open_count=SignReport.objects.filter(closed_at__isnull=True).count(),
        title="안내판 신고",
        intro="주민이 누리집에서 보낸 신고입니다. 현장을 확인하고 무엇을 하였는지 적어 처리합니다(조례 제9조).",
        icon="mail",
    )


def _filtered(form: SignReportFilter) -> "QuerySet[SignReport]":
    found = SignReport.objects.select_related("site", "closed_by").order_by("-received_at", "-pk")
    if state := form.value("state"):
        found = found.filter(closed_at__isnull=state == OPEN)
        if state == CLOSED:
            found = found.order_by("-closed_at", "-pk")
    if problem := form.value("problem"):
        found = found.filter(problem=problem)
    if words := form.value("q"):
        found = found.filter(
            Q(site__number__icontains=words)
            | Q(site__road_address__icontains=words)
            | Q(site__lot_address__icontains=words)
            | Q(place__icontains=words)
            | Q(receipt_number__iexact=words.strip())
        )
    return found


@requires("cameras.view_signreport")
def site_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """The reports of one site, open ones first: whoever goes there sees to all of them."""
    site = get_object_or_404(Site, pk=pk)
    found = site.sign_reports.select_related("site", "closed_by").order_by("closed_at", "-received_at")
    return list_screen(
        request,
        "portal/citizens/sign_reports.html",
        found,
        open_count=SignReport.objects.filter(site=site, closed_at__isnull=True).count(),
        title=f"안내판 신고: {site.number}",
        intro=site.address,
        icon="mail",
        crumbs=[crumb(*HOME)],
        actions=_site_actions(request, site),
    )


def _site_actions(request: HttpRequest, site: Site | None) -> list[Action]:
    if site is None:
        return []
    actions = [Action("설치장소", reverse("cameras:site", args=[site.pk]), "site")]
    if may_open(request.user, CHECK, site.pk):
        actions.append(Action("안내판 확인", reverse(CHECK, args=[site.pk]), "image"))
    return actions


@requires("cameras.view_signreport")
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(SignReport.objects.select_related("site", "closed_by"), pk=pk)
    actions = _site_actions(request, report.site)
    if report.is_open and may(request.user, ["cameras.close_signreport"]):
        if report.site is None:
            actions.append(Action("설치장소 정하기", reverse("sign_reports:place", args=[pk]), "site"))
        actions.append(Action("처리하기", reverse("sign_reports:close", args=[pk]), "check", is_primary=True))
    return page(
        request,
        "portal/citizens/sign_report.html",
        {
            "report": report,
            "may_read_contact": may(request.user, ["cameras.read_signreport_contact"]),
            "contact_days": parameters.value("sign_report_contact_days").value,
            "siblings": _other_open_reports(report),
            "position": f"{report.latitude:.6f},{report.longitude:.6f}" if report.latitude else "",
            "outline_url": outline_url(),
        },
        title=f"안내판 신고 {report.receipt_number}",
        icon="mail",
        crumbs=[crumb(*HOME)],
        actions=actions,
    )


def _other_open_reports(report: SignReport) -> int:
    if report.site is None:
        return 0
    return report.site.sign_reports.filter(closed_at__isnull=True).exclude(pk=report.pk).count()


@requires("cameras.close_signreport")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Which site a report is about that came without a number."""
    report = get_object_or_404(SignReport.objects.select_related("site"), pk=pk)
    nearest = sign_reports.nearest_sites(report)
    return form_screen(
        request,
        filled_in(request, ReportPlaceForm, nearest=nearest),
        lambda form: sign_reports.assign(report, form.site, by=officer(request)),
        title=f"안내판 신고 {report.receipt_number}의 설치장소",
        back=reverse("sign_reports:report", args=[pk]),
        done=f"신고 {report.receipt_number}: 설치장소를 정했습니다.",
        notes=[f"신고한 사람이 알린 곳: {report.place_text}"],
        crumbs=[crumb(*HOME), crumb(report.receipt_number, "sign_reports:report", pk)],
        icon="site",
    )


@requires("cameras.close_signreport")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(SignReport.objects.select_related("site"), pk=pk)
    back = reverse("sign_reports:report", args=[pk])
    if not report.is_open:
        messages.info(request, "이미 처리한 신고입니다.")
        return redirect(back)
    return checked_screen(
        request,
        filled_in(request, CloseReportForm),
        lambda form: sign_reports.close(report, **form.cleaned_data, by=officer(request)),
        consequences=lambda form: [
            "처리한 신고는 다시 열거나 고칠 수 없습니다.",
            "신고한 사람은 접수번호로, 누구나 설치장소의 누리집 화면에서 처리 결과를 봅니다.",
            "안내판을 새로 걸었으면 안내판 확인도 남깁니다.",
        ],
        title=f"안내판 신고 {report.receipt_number} 처리",
        back=back,
        done=f"신고 {report.receipt_number}{josa(report.receipt_number, '을/를')} 처리했습니다.",
        confirm_label="처리 완료",
        notes=[f"{report.place_text}: {report.get_problem_display()}"],
        crumbs=[crumb(*HOME), crumb(report.receipt_number, "sign_reports:report", pk)],
        icon="check",
    )


@requires("cameras.read_signreport_contact")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(SignReport, pk=pk)
    back = reverse("sign_reports:report", args=[pk])
    if not report.has_contact or report.person_erased_at is not None:
        messages.info(request, "연락처가 없는 신고이거나 이미 파기했습니다.")
        return redirect(back)
    return person_screen(
        request,
        sign_reports.CODE,
        report,
        title=f"신고자 연락처: {report.receipt_number}",
        back=back,
        crumbs=[crumb(*HOME), crumb(report.receipt_number, "sign_reports:report", pk)],
        submit="연락처 보기",
    )


@requires("cameras.read_signreport_contact")
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photograph may show people and where somebody lives: for a purpose, and on record."""
    report = get_object_or_404(SignReport, pk=pk)
    if not report.photo:
        raise Http404("사진이 없습니다.")
    try:
        content = sign_reports.photo_of(report)
    except sign_reports.Damaged as error:
        raise Http404(f"사진을 내줄 수 없습니다: {error}") from None
    return person_file(
        request,
        sign_reports.CODE,
        report,
        sha256=hashlib.sha256(content).hexdigest(),
        hand_out=lambda: _picture(content),
        title=f"신고 사진: {report.receipt_number}",
        back=reverse("sign_reports:report", args=[pk]),
        crumbs=[crumb(*HOME), crumb(report.receipt_number, "sign_reports:report", pk)],
        submit="사진 보기",
    )


def _picture(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
