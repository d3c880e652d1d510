"""공개 수치: the report of each quarter and year as everybody may have it, from its frozen figures.

Nothing is counted here: the page, the summary, the PDFs and the CSV are the same figures (`reports.editions`), with the digest
by which a file can be told. Reports of periods that are not over are the committee's alone.
"""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports import editions, files
from reports.documents import committee, promises, summary
from reports.models import IssuedReport, YearlyPaper
from reports.period import Period
from reports.tabulation import Figures
from reports.yearly import papers

KIND = "committee"


@require_safe
def figures_page(request: HttpRequest, period: str = "") -> HttpResponse:
    reports = _last_versions()
    report = _found(reports, period) if period else next(iter(reports.values()), None)
    context: dict[str, Any] = {"report": report, "periods": _others(reports, report), "papers": _papers()}
    if report is not None:
        figures = editions.public(Figures.from_json(report.figures))
        context |= {
            "figures": figures,
            "front": figures.front,
            "promises": [promises.thaw(one) for one in figures.front.get("promises", ())],
            "columns": [Period.parse(code).label for code in figures.front.get("columns", ())],
            "chapters": [(section, committee.parts_of(section, figures)) for section in figures.sections],
            "editions": {one["kind"]: one for one in report.editions},
        }
    return render(request, "website/figures.html", context)


@require_safe
def summary_page(request: HttpRequest, period: str) -> HttpResponse:
    report = _found(_last_versions(), period)
    figures = editions.public(Figures.from_json(report.figures))
    return render(
        request,
        "website/figures_summary.html",
        {
            "report": report,
            "figures": figures,
            "questions": summary.questions(figures),
            "editions": {one["kind"]: one for one in report.editions},
        },
    )


@require_safe
def edition_file(request: HttpRequest, period: str, kind: str) -> HttpResponseBase:
    """The PDF for everybody, as it was issued."""
    report = _found(_last_versions(), period)
    try:
        file = files.open_edition(report, kind)
    except files.FileUnavailable as error:
        raise Http404(str(error)) from error
    name = f"{report.period}-v{report.version}-{kind}.pdf"
    return FileResponse(file, filename=name, content_type="application/pdf")


@require_safe
def figures_data(request: HttpRequest, period: str) -> HttpResponse:
    """Every figure as CSV: as attached to the PDF."""
    report = _found(_last_versions(), period)
    data = editions.as_csv(editions.public(Figures.from_json(report.figures)))
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="figures-{report.period}-v{report.version}.csv"'
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def yearly_page(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """A yearly paper that the law wants published, as it was frozen."""
    found = papers.published().filter(year=year, kind=kind).first()
    if found is None:
        raise Http404("공개한 문서가 없습니다.")
    return render(request, "website/yearly_paper.html", {"paper": found, "section": papers.section_of(found)})


def _found(reports: dict[str, IssuedReport], period: str) -> IssuedReport:
    if period not in reports:
        raise Http404("그 기간의 보고서가 없습니다.")
    return reports[period]


def _others(reports: dict[str, IssuedReport], report: IssuedReport | None) -> list[Period]:
    return [Period.parse(code) for code in reports if report is None or code != report.period]


def _papers() -> list[YearlyPaper]:
    newest: dict[tuple[str, int], YearlyPaper] = {}
    for paper in papers.published().defer("contents"):
        newest.setdefault((paper.kind, paper.year), paper)
    return list(newest.values())


def _last_versions() -> dict[str, IssuedReport]:
    """The last version of each period that is over, the newest first."""
    issued = IssuedReport.objects.filter(kind=KIND, is_interim=False).exclude(sha256="")
    found: dict[str, IssuedReport] = {}
    for report in issued.order_by("-period", "-version").defer("changes", "volumes", "figures"):
        found.setdefault(report.period, report)
    return found
