"""의견수렴 결과: what the committee reads of a consultation, as PDF and as workbook. Nobody's name or contact is in it.

Both come from the frozen notice and from the opinions without their persons, which are not even read. An opinion that
is hidden from the public is hidden here too, since papers of the committee travel.
"""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from cameras.consultation import result
from cameras.consultation.period import last_day
from cameras.consultation.phase import ended_at
from cameras.models import Opinion, PublicConsultation, SurveyAnswer
from reports import sealing, standby, wording, xlsx
from reports.charts import bar_chart
from reports.documents.sign import ordinal_text
from reports.figures.context import district_name
from reports.period import SEOUL
from reports.tabulation import Column, Table

TITLE = "의견수렴 결과"


@dataclass(frozen=True)
class Line:
    """One opinion as it may be handed around."""

    number: int
    received_at: datetime
    channel: str
    text: str
    is_hidden: bool
    # What its writer chose, and wrote, by question.
    choices: tuple[tuple[str, str], ...]
    free_answers: tuple[tuple[str, str], ...]
    decision: str
    answer: str
    # The number of the answer that this opinion shares with others; 0 when it is its own.
    shared: int = 0


@dataclass(frozen=True)
class SharedAnswer:
    """An answer to several opinions, printed once."""

    number: int
    decision: str
    text: str
    opinions: str


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
        "opens_text": wording.minute(consultation.opens_at),
        "closes_text": _end(ended_at(consultation)),
        "extensions": [
            (_end(each.closes_before), _end(each.closes_after), each.reason)
            for each in consultation.extensions.all()
        ],
        "figures": figures,
        "tallies": [
            (tally, _chart(number, tally)) for number, tally in enumerate(figures["survey"], start=1)
        ],
        **_opinions(consultation),
        "corrections": list(consultation.corrections.all()),
        "is_published": consultation.result_published_at is not None,
        "issued_at": wording.instant(now),
    }


def _end(at: datetime) -> str:
    """Midnight is the end of the day before it."""
    is_midnight = timezone.localtime(at).time() == time()
    return f"{wording.day(last_day(at))} 24:00" if is_midnight else wording.minute(at)


def pdf_of(consultation: PublicConsultation, now: datetime | None = None) -> bytes:
    """PDF/A-3a; the same state, ledger head and instant give the same bytes."""
    at = now or timezone.now()
    return standby.render(
        "reports/consultation_result.html",
        {**pdf_context(consultation, at), "head": sealing.seal()},
        style_sheets=["consultation_result.css"],
        created=at,
    )


def lines(consultation: PublicConsultation) -> list[Line]:
    """In the order of receipt, numbered for the document; the receipt's own number opens the author's page."""
    opinions = list(result.opinions_with_answers(consultation))
    shared = _shared_numbers(opinions)
    return [
        _line(number, opinion, shared.get(opinion.answer_id or 0, 0))
        for number, opinion in enumerate(opinions, 1)
    ]


def _shared_numbers(opinions: Sequence[Opinion]) -> dict[int, int]:
    """Answers that several opinions share, numbered in the order in which they first come."""
    counts = Counter(opinion.answer_id for opinion in opinions if opinion.answer_id)
    return {
        pk: number for number, pk in enumerate((pk for pk, count in counts.items() if count > 1), start=1)
    }


def _opinions(consultation: PublicConsultation) -> dict[str, Any]:
    found = lines(consultation)
    numbers: dict[int, list[Line]] = {}
    for line in found:
        if line.shared:
            numbers.setdefault(line.shared, []).append(line)
    return {
        "lines": found,
        "shared_answers": [
            SharedAnswer(
                number,
                members[0].decision,
                members[0].answer,
                ordinal_text([line.number for line in members]),
            )
            for number, members in sorted(numbers.items())
        ],
    }


def _line(number: int, opinion: Opinion, shared: int) -> Line:
    given = list(opinion.survey_answers.all())
    return Line(
        number=number,
        received_at=opinion.received_at,
        channel=opinion.get_channel_display(),
        text=f"비공개 처리 (사유: {opinion.hidden_reason})" if opinion.is_hidden else opinion.text,
        is_hidden=opinion.is_hidden,
        choices=()
        if opinion.is_hidden
        else tuple((one.question.text, _chosen(one)) for one in given if one.chosen),
        free_answers=()
        if opinion.is_hidden
        else tuple((one.question.text, one.text) for one in given if one.text),
        decision=opinion.answer.get_decision_display() if opinion.answer else "",
        answer=opinion.answer.text if opinion.answer else "",
        shared=shared,
    )


def _chosen(answer: SurveyAnswer) -> str:
    return ", ".join(answer.question.choices[position] for position in answer.chosen)


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
    with xlsx.Book(target, title=f"{TITLE} {consultation.number}", in_memory=True) as book:
        book.sheet("개요", ("항목", "내용"), _overview(consultation), (24, 90))
        book.sheet("의견", OPINION_HEADINGS, _opinion_rows(consultation), (8, 18, 12, 80, 40, 40, 12, 60))
        book.sheet("설문", ("문항", "선택지", "수", "비율(%)"), _survey(consultation), (50, 40, 10, 10))
        book.sheet(
            "카메라",
            ("장소", "카메라 번호", "설치목적", "촬영 방향"),
            _cameras(consultation),
            (50, 26, 24, 40),
        )
    return target.getvalue()


OPINION_HEADINGS = ("번호", "접수", "경로", "의견", "고른 답", "설문의 글 답", "처리", "처리 내용")


def _opinion_rows(consultation: PublicConsultation) -> Iterable[tuple[Any, ...]]:
    for line in lines(consultation):
        yield (
            line.number,
            line.received_at,
            line.channel,
            line.text,
            "\n".join(f"{question}: {chosen}" for question, chosen in line.choices),
            "\n".join(f"{question}: {text}" for question, text in line.free_answers),
            line.decision,
            line.answer,
        )


def _overview(consultation: PublicConsultation) -> list[tuple[str, Any]]:
    notice, figures = consultation.notice, _figures(consultation)
    return [
        ("공고번호", consultation.number),
        ("제목", notice["title"]),
        ("설치 사업", f"{notice['project']['number']} {notice['project']['title']}"),
        ("방법", notice["method_label"]),
        ("기간", f"{wording.minute(consultation.opens_at)} ~ {_end(ended_at(consultation))}"),
        ("근거", ", ".join(notice["grounds"])),
        ("카메라", notice["cameras"]),
        ("제출된 의견", figures["opinions"]),
        *((f"경로: {row['label']}", row["count"]) for row in figures["channels"]),
        *((f"처리: {row['label']}", row["count"]) for row in figures["decisions"]),
        ("비공개 처리", figures["hidden"]),
        *(
            (f"전문가 의견: {each['who']} ({each['on']}, {each['document']})", each["said"])
            for each in figures.get("experts", [])
        ),
        ("결과 공고", consultation.result_published_at or "공고 전"),
        ("결과", consultation.result_text),
        *((f"{each} ({each.reason})", each.text) for each in consultation.corrections.all()),
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
