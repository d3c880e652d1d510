"""연간 문서 on paper: what was finished, or what is prepared so far and says so."""

import datetime as dt
from typing import Any

from django.utils import timezone

from reports import standby
from reports.figures.context import district_name
from reports.models import YearlyKind, YearlyPaper
from reports.tabulation import Section
from reports.yearly import papers


def pdf_of(kind: YearlyKind, year: int, section: Section, paper: YearlyPaper | None) -> bytes:
    """PDF/A-3a. A finished paper gives the same bytes on every day."""
    return standby.render(
        "reports/yearly_paper.html",
        _context(kind, year, section, paper),
        style_sheets=["self_inspection.css"],
        created=paper.finished_at if paper else timezone.now(),
    )


def _context(kind: YearlyKind, year: int, section: Section, paper: YearlyPaper | None) -> dict[str, Any]:
    on: dt.date = timezone.localdate(paper.finished_at) if paper else timezone.localdate()
    district = paper.contents["district"] if paper else district_name(on)
    return {
        "title": str(paper) if paper else f"{year}년 {kind.label}",
        "author": district,
        "district": district,
        "description": section.lead,
        "keywords": f"{kind.label}, {year}",
        "citation": papers.ARTICLES[kind],
        "heading": f"{year}년 {kind.label}",
        "section": section,
        "paper": paper,
        "on": on,
    }
