"""자체점검표 (Guideline art. 48) on paper and as a workbook: what was signed off, or a draft that says so."""

import io
from typing import Any

from django.utils import timezone

from records.models import SelfInspection
from records.self_inspection import inspecting
from records.self_inspection.items import CITATION
from reports import standby, xlsx
from reports.figures.context import district_name

HEADINGS = ("번호", "항목", "시스템의 자료", "결과", "내용과 조치", "점검일", "점검한 사람")


def pdf_of(inspection: SelfInspection) -> bytes:
    """PDF/A-3a. A signed-off inspection gives the same bytes on every day."""
    return standby.render(
        "reports/self_inspection.html",
        _context(inspection),
        style_sheets=["self_inspection.css"],
        created=inspection.signed_off_at or timezone.now(),
    )


def _context(inspection: SelfInspection) -> dict[str, Any]:
    on = timezone.localdate(inspection.signed_off_at) if inspection.signed_off_at else timezone.localdate()
    district = district_name(on)
    return {
        "title": str(inspection),
        "author": district,
        "district": district,
        "description": f"{inspection.year}년 고정형 영상정보처리기기의 설치·운영에 관한 자체점검",
        "keywords": f"자체점검, {inspection.year}",
        "citation": CITATION,
        "inspection": inspection,
        "contents": inspecting.contents(inspection),
        "on": on,
    }


def xlsx_of(inspection: SelfInspection) -> bytes:
    target = io.BytesIO()
    with xlsx.Book(target, title=str(inspection), in_memory=True) as book:
        rows = enumerate(inspecting.contents(inspection)["items"], start=1)
        book.sheet(
            "점검 항목", HEADINGS, (_row(number, item) for number, item in rows), (6, 28, 60, 10, 60, 12, 24)
        )
    return target.getvalue()


def _row(number: int, item: dict[str, Any]) -> tuple[Any, ...]:
    facts = "\n".join(f"{fact['label']}: {fact['value']}" for fact in item["facts"])
    said = item["result_label"] or "점검 전"
    return number, item["title"], facts, said, item["words"], item["finished_on"], item["finished_by"]
