"""공개 수치: how the office kept its promises, quarter by quarter, from the frozen figures of the committee's reports.

Nothing is counted here: what stands on the page is what was issued, with the digest by which the report can be told.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.models import IssuedReport
from reports.tabulation import Figures

KIND = "committee"
# Of the report's chapters those that say what became of people's requests, footage and the office's duties.
CHAPTERS = ("requests", "destruction", "duties")


@require_safe
def figures_page(request: HttpRequest, period: str = "") -> HttpResponse:
    reports = _last_versions()
    report = reports.get(period) if period else next(iter(reports.values()), None)
    if period and report is None:
        raise Http404("그 분기의 보고서가 없습니다.")
    figures = Figures.from_json(report.figures) if report else None
    return render(
        request,
        "website/figures.html",
        {
            "report": report,
            "figures": figures,
            "chapters": [each for each in figures.sections if each.code in CHAPTERS] if figures else [],
            "periods": list(reports),
        },
    )


def _last_versions() -> dict[str, IssuedReport]:
    """The last version of each quarter that is over, the newest quarter first."""
    issued = IssuedReport.objects.filter(kind=KIND, is_interim=False).exclude(sha256="")
    found: dict[str, IssuedReport] = {}
    for report in issued.order_by("-period", "-version").defer("changes", "volumes"):
        found.setdefault(report.period, report)
    return found
