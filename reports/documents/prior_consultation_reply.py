"""사전협의 회신 (ordinance art. 7) as an official letter: to whom, subject, text, conditions, department, number, date.

Everything printed was fixed when the reply was given and is never changed afterwards.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from cameras.enums import ConsultationReply
from cameras.models import ConsultationCondition, PriorConsultation
from ordinance import articles
from reports import hwpx, official_pdf
from reports.figures.context import district_name
from reports.official import Document, Item, Table, day, paragraphs

# So many cameras are named in the letter itself.
MOST_CAMERAS = 60
DECISIONS = {
    ConsultationReply.AGREE.value: "설치에 동의합니다.",
    ConsultationReply.CONDITIONS.value: "아래 조건을 이행하는 것으로 설치에 동의합니다.",
    ConsultationReply.DECLINE.value: "설치에 동의하지 않습니다.",
}
AFTER_CONDITIONS = "조건을 이행하면 전담부서에 알려 주시기 바랍니다. 이행하지 않은 조건이 기한을 넘기면 사전협의를 마치지 않은 것으로 봅니다."


class NotReplied(ValueError):
    """There is no reply that could be printed."""


def render(consultation: PriorConsultation) -> bytes:
    """The letter as PDF/A-3a. NotReplied for a request that waits or was withdrawn."""
    title = f"사전협의 회신 {consultation.number}"
    return official_pdf.render(document_of(consultation), created=_when(consultation), title=title)


def render_hwpx(consultation: PriorConsultation) -> bytes:
    return hwpx.of_document(document_of(consultation), created=_when(consultation))


def _when(consultation: PriorConsultation) -> datetime:
    return consultation.replied_at or timezone.now()


def document_of(consultation: PriorConsultation) -> Document:
    if not consultation.reply or consultation.replied_on is None:
        raise NotReplied("아직 회신하지 않은 협의입니다.")
    if consultation.is_withdrawn:
        raise NotReplied("철회한 협의입니다.")
    return _document(consultation, consultation.replied_on)


def _document(consultation: PriorConsultation, on: date) -> Document:
    letter = consultation.letter
    project, replying, total = letter["project"], letter["replying_department"], len(letter["cameras"])
    ordinance = articles.version(on=on)
    conditions = list(consultation.conditions.order_by("position"))
    answer = (
        Item(f"협의 결과: {consultation.get_reply_display()} — {DECISIONS[consultation.reply]}"),
        Item("회신 내용", paragraphs(consultation.reply_text)),
        Item(f"협의 대상: 설치 사업 {project['number']} {project['title']}, 카메라 {total:,}대"),
    )
    return Document(
        organisation=district_name(on),
        receiver=f"{letter['requesting_department']}장",
        subject=f"고정형 영상정보처리기기 설치 사전협의 회신 ({project['title']})",
        items=(
            Item(f"{consultation.request_document}({day(consultation.asked_on)})호와 관련됩니다."),
            Item(
                f"위 호로 요청한 사전협의(협의번호 {consultation.number})에 대하여 "
                f"「{ordinance.title if ordinance else '조례'}」 제7조에 따라 다음과 같이 회신합니다.",
                answer,
            ),
        ),
        tables=(_conditions(conditions),) if conditions else (),
        enclosures=("협의 대상 카메라",) if total else (),
        annexes=(_cameras(letter["cameras"]),) if total else (),
        sender=f"{replying['name']}장",
        department=replying["full_name"],
        officer=" ".join(filter(None, [letter.get("position"), str(consultation.replied_by)])),
        number=consultation.reply_document,
        on=day(on),
        phone=replying["phone"],
        address=replying.get("postal_address", ""),
        email=replying.get("email", ""),
    )


def _conditions(conditions: Sequence[ConsultationCondition]) -> Table:
    return Table(
        tuple((str(each.position), each.text, day(each.due_on) or "정하지 않음") for each in conditions),
        ("번호", "조건", "이행 기한"),
        "조건",
        (10, 66, 24),
        AFTER_CONDITIONS,
    )


def _cameras(cameras: list[dict[str, str]]) -> Table:
    left_out = max(len(cameras) - MOST_CAMERAS, 0)
    return Table(
        tuple((each["number"], each["purpose"], each["address"] or "–") for each in cameras[:MOST_CAMERAS]),
        ("카메라 번호", "설치목적", "설치장소"),
        "붙임. 협의 대상 카메라",
        (28, 22, 50),
        f"이 밖에 {left_out:,}대가 더 있습니다." if left_out else "",
    )
