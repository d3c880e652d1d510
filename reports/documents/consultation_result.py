"""의견수렴 결과: what the committee reads of a consultation, as PDF and as workbook. Nobody's name or contact is in it.

Both come from the frozen notice and from the opinions without their persons, which are not even read. An opinion that
is hidden from the public is hidden here too, since papers of the committee travel.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from cameras.consultation import result
from cameras.consultation.period import end_text, start_text
from cameras.consultation.phase import ended_at
from cameras.models import Opinion, PublicConsultation
from reports import pdf, sealing, wording
from reports.annex import neutral
from reports.charts import bar_chart
from reports.figures.context import district_name
from reports.period import SEOUL
from reports.tabulation import Column, Table

TITLE = "의견수렴 결과"
FORMULA_FREE = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


@dataclass(frozen=True)
class Line:
    """One opinion as it may be handed around."""

    number: int
    received: str
    channel: str
    text: str
    is_hidden: bool
    free_answers: tuple[tuple[str, str], ...]
    decision: str
    answer: str


def pdf_context(consultation: PublicConsultation, now: datetime) -> dict[str, Any]:
    notice = consultation.notice
    district = district_name(now.astimezone(SEOUL).date())
    figures = _figures(consultation)
    return {
        "title": f"{TITLE} {consultation.number} {notice['title']}",
        "heading": TITLE,
        "author": district,
        "district": district,
        "description": f"{notice['title']}에 대한 의견수렴 결과",
        "keywords": f"의견수렴, 영상정보처리기기, {consultation.number}",
        "consultation": consultation,
        "notice": notice,
        "opens_text": start_text(consultation.opens_at),
        "closes_text": end_text(ended_at(consultation)),
        "extensions": [
            (end_text(each.closes_before), end_text(each.closes_after), each.reason)
            for each in consultation.extensions.all()
        ],
        "figures": figures,
        "tallies": [
            (tally, _chart(number, tally)) for number, tally in enumerate(figures["survey"], start=1)
        ],
        "lines": lines(consultation),
        "is_published": consultation.result_published_at is not None,
        "issued_at": wording.instant(now),
    }


def pdf_of(consultation: PublicConsultation, now: datetime | None = None) -> bytes:
    """PDF/A-3a; the same state, ledger head and instant give the same bytes."""
    at = now or timezone.now()
    return pdf.render(
        "reports/consultation_result.html",
        {**pdf_context(consultation, at), "head": sealing.seal()},
        style_sheets=["consultation_result.css"],
        created=at,
    )


def lines(consultation: PublicConsultation) -> list[Line]:
    """In the order of receipt, numbered for the document; the receipt's own number opens the author's page."""
    return [
        _line(number, opinion) for number, opinion in enumerate(result.opinions_with_answers(consultation), 1)
    ]


def _line(number: int, opinion: Opinion) -> Line:
    free = [(answer.question.text, answer.text) for answer in opinion.survey_answers.all() if answer.text]
    return Line(
        number=number,
        received=f"{timezone.localtime(opinion.received_at):%Y-%m-%d %H:%M}",
        channel=opinion.get_channel_display(),
        text=f"비공개 처리 (사유: {opinion.hidden_reason})" if opinion.is_hidden else opinion.text,
        is_hidden=opinion.is_hidden,
        free_answers=() if opinion.is_hidden else tuple(free),
        decision=opinion.answer.get_decision_display() if opinion.answer else "",
        answer=opinion.answer.text if opinion.answer else "",
    )


def _figures(consultation: PublicConsultation) -> dict[str, Any]:
    """Frozen once published."""
    frozen: dict[str, Any] = consultation.result
    return frozen or result.figures(consultation)


def _chart(number: int, tally: dict[str, Any]) -> str:
    """The counts as a drawing; empty for free answers and where nobody answered."""
    if tally["is_free"]:
        return ""
    table = Table(
        code=f"question{number}",
        title=tally["question"],
        columns=[Column("label", "선택지"), Column("count", "수", "count")],
        rows=[{"label": option["label"], "count": option["count"]} for option in tally["options"]],
        source="",
        chart="count",
    )
    return bar_chart(table)


def xlsx_of(consultation: PublicConsultation) -> bytes:
    """Sheets: overview, opinions, survey, cameras. No cell runs as a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, FORMULA_FREE) as book:
        _sheet(book, "개요", ("항목", "내용"), _overview(consultation), (24, 90))
        _sheet(
            book,
            "의견",
            ("번호", "접수", "경로", "의견", "설문의 글 답", "처리", "처리 내용"),
            (
                (
                    line.number,
                    line.received,
                    line.channel,
                    line.text,
                    "\n".join(f"{question}: {text}" for question, text in line.free_answers),
                    line.decision,
                    line.answer,
                )
                for line in lines(consultation)
            ),
            (8, 18, 12, 80, 40, 12, 60),
        )
        _sheet(book, "설문", ("문항", "선택지", "수", "비율(%)"), _survey(consultation), (50, 40, 10, 10))
        _sheet(
            book,
            "카메라",
            ("장소", "카메라 번호", "설치목적", "촬영 방향"),
            _cameras(consultation),
            (50, 26, 24, 40),
        )
    return target.getvalue()


def _overview(consultation: PublicConsultation) -> list[tuple[str, Any]]:
    notice, figures = consultation.notice, _figures(consultation)
    return [
        ("공고번호", consultation.number),
        ("제목", notice["title"]),
        ("설치 사업", f"{notice['project']['number']} {notice['project']['title']}"),
        ("방법", notice["method_label"]),
        ("기간", f"{start_text(consultation.opens_at)} ~ {end_text(ended_at(consultation))}"),
        ("근거", ", ".join(notice["grounds"])),
        ("카메라", notice["cameras"]),
        ("제출된 의견", figures["opinions"]),
        *((f"경로: {row['label']}", row["count"]) for row in figures["channels"]),
        *((f"처리: {row['label']}", row["count"]) for row in figures["decisions"]),
        ("비공개 처리", figures["hidden"]),
        (
            "결과 공고",
            wording.instant(consultation.result_published_at)
            if consultation.result_published_at
            else "공고 전",
        ),
        ("결과", consultation.result_text),
    ]


def _survey(consultation: PublicConsultation) -> Iterable[tuple[Any, ...]]:
    for tally in _figures(consultation)["survey"]:
        if tally["is_free"]:
            yield tally["question"], "(글로 답함)", tally["answered"], ""
        for option in tally["options"]:
            yield tally["question"], option["label"], option["count"], option["percent"]


def _cameras(consultation: PublicConsultation) -> Iterable[tuple[Any, ...]]:
    for site in consultation.notice["sites"]:
        for camera in site["cameras"]:
            yield site["address"], camera["number"], camera["purpose"], camera["direction"]


def _sheet(
    book: Any, name: str, headings: tuple[str, ...], rows: Iterable[tuple[Any, ...]], widths: tuple[int, ...]
) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E7ECF3", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value, wrapped)
            else:
                sheet.write_string(number, column, neutral(value), wrapped)
