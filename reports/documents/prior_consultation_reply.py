"""사전협의 회신 (ordinance art. 7) as an official letter: to whom, subject, text, conditions, department, number, date.

Everything printed was fixed when the reply was given and is never changed afterwards.
"""

from datetime import date

from cameras.enums import ConsultationReply
from cameras.models import PriorConsultation
from ordinance import articles
from reports import pdf
from reports.figures.context import district_name

# So many cameras are named in the letter itself.
MOST_CAMERAS = 60
DECISIONS = {
    ConsultationReply.AGREE.value: "설치에 동의합니다.",
    ConsultationReply.CONDITIONS.value: "아래 조건을 이행하는 것으로 설치에 동의합니다.",
    ConsultationReply.DECLINE.value: "설치에 동의하지 않습니다.",
}


class NotReplied(ValueError):
    """There is no reply that could be printed."""


def render(consultation: PriorConsultation) -> bytes:
    """The letter as PDF/A-3a. NotReplied for a request that waits or was withdrawn."""
    if not consultation.reply or consultation.replied_on is None:
        raise NotReplied("아직 회신하지 않은 협의입니다.")
    if consultation.is_withdrawn:
        raise NotReplied("철회한 협의입니다.")
    return pdf.render(
        "reports/prior_consultation_reply.html",
        _context(consultation, consultation.replied_on),
        style_sheets=["prior_consultation_reply.css"],
        created=consultation.replied_at,
    )


def _context(consultation: PriorConsultation, on: date) -> dict[str, object]:
    letter = consultation.letter
    total = len(letter["cameras"])
    ordinance = articles.version(on=on)
    title = f"사전협의 회신 {consultation.number}"
    district = district_name(on)
    return {
        "title": title,
        "author": district,
        "district": district,
        "description": f"{letter['project']['title']} 사전협의에 대한 회신",
        "keywords": f"사전협의, 회신, {consultation.number}",
        "ordinance": ordinance.title if ordinance else "조례",
        "consultation": consultation,
        "letter": letter,
        "project": letter["project"],
        "decision": DECISIONS[consultation.reply],
        "conditions": list(consultation.conditions.order_by("position")),
        "cameras": letter["cameras"][:MOST_CAMERAS],
        "total": total,
        "left_out": max(total - MOST_CAMERAS, 0),
        "paragraphs": [line for line in consultation.reply_text.splitlines() if line.strip()],
    }
