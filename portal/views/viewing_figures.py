"""열람등 청구의 연간 통계: on screen, and as a file for publication."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from portal.access import requires
from portal.pages import Action, crumb, page
from portal.screens import export_screen
from portal.views.viewing_requests import HOME
from records.viewing import yearly


@requires("records.view_viewingrequest")
def figures(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    return page(
        request,
        "portal/citizens/viewing_figures.html",
        {"year": year, "years": yearly.years(), "lines": yearly.lines(year)},
        title=f"열람등 청구 연간 통계: {year}년",
        intro="접수는 접수한 날로, 나머지는 알리거나 한 날로 셉니다. 개인정보는 들어 있지 않습니다.",
        icon="table",
        crumbs=[crumb(*HOME)],
        actions=[Action("내려받기", f"{reverse('viewing:figures_export')}?year={year}", "download")],
    )


@requires("records.view_viewingrequest")
def export(request: HttpRequest) -> HttpResponseBase:
    year = _year(request)
    found = yearly.lines(year)
    return export_screen(
        request,
        yearly.HEADINGS,
        yearly.cells(year, found),
        count=len(found),
        name=f"열람등청구통계_{year}",
        what=f"{year}년 통계 {{rows}}행",
        title=f"열람등 청구 연간 통계 내려받기: {year}년",
        back=reverse("viewing:figures"),
        crumbs=[crumb(*HOME), crumb("연간 통계", "viewing:figures")],
    )


def _year(request: HttpRequest) -> int:
    """The year that was asked for, if there is one; else this one."""
    asked, known = request.GET.get("year", ""), yearly.years()
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in known else known[0]
