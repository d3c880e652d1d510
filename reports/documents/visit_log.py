"""출입 관리대장 (ordinance art. 19): who entered the restricted area, on paper and as a workbook. It has no official form; the
columns are those of other offices' logs."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from records.models import Visit
from reports import standby, xlsx
from reports.figures.context import district_name

TITLE = "통제구역 출입 관리대장"
CITATION = "조례 제19조"
HEADINGS = (
    "날짜",
    "입실",
    "퇴실",
    "구역",
    "소속",
    "성명",
    "출입 목적",
    "휴대 장비",
    "장비 사용",
    "반입·반출",
    "저장매체 점검",
    "담당자 확인",
    "비고",
)
WIDTHS = (12, 8, 8, 16, 18, 14, 26, 20, 20, 24, 12, 14, 24)


def pdf_of(rows: "QuerySet[Visit]", *, created: datetime | None = None) -> bytes:
    """PDF/A-3a."""
    at = created or timezone.now()
    district = district_name(timezone.localdate(at))
    return standby.render(
        "reports/visit_log.html",
        {
            "title": TITLE,
            "author": district,
            "district": district,
            "description": f"{district} 통합관제센터의 {TITLE}",
            "keywords": "출입, 통제구역",
            "citation": CITATION,
            "headings": HEADINGS,
            "lines": list(lines(rows)),
            "on": timezone.localdate(at),
        },
        style_sheets=["visit_log.css"],
        created=at,
    )


def xlsx_of(rows: "QuerySet[Visit]") -> bytes:
    target = io.BytesIO()
    with xlsx.Book(target, title=TITLE, in_memory=True) as book:
        book.sheet(TITLE, HEADINGS, lines(rows), WIDTHS)
    return target.getvalue()


def lines(rows: "QuerySet[Visit]") -> Iterator[tuple[Any, ...]]:
    """A line for each visit, as its columns say."""
    for row in rows.select_related("in_by"):
        came, went = _seoul(row.in_at), _seoul(row.out_at)
        yield (
            f"{came:%Y-%m-%d}" if came else "",
            f"{came:%H:%M}" if came else "",
            _time_out(came, went),
            row.zone,
            row.organisation,
            _who(row),
            row.purpose,
            row.equipment,
            row.equipment_used,
            _carried(row),
            "점검함" if row.is_media_checked else "",
            str(row.in_by or ""),
            " ".join(_remarks(row)),
        )


def _seoul(at: datetime | None) -> datetime | None:
    return localtime(at) if at else None


def _time_out(came: datetime | None, went: datetime | None) -> str:
    if went is None:
        return ""
    is_same_day = came is not None and came.date() == went.date()
    return f"{went:%H:%M}" if is_same_day else f"{went:%m-%d %H:%M}"


def _who(row: Visit) -> str:
    name = "파기됨" if row.person_erased_at else row.name
    return f"{name} 외 {row.people - 1}명" if row.people > 1 else name


def _carried(row: Visit) -> str:
    said = (("반입", row.carried_in), ("반출", row.carried_out))
    return ", ".join(f"{word} {what}" for word, what in said if what)


def _remarks(row: Visit) -> Iterable[str]:
    if not row.was_approved_before:
        yield "사전승인 없음."
    if row.seen:
        yield f"본 것: {row.seen}."
    if row.remark:
        yield row.remark
