"""사전협의 회신 (ordinance art. 7) in the register: the letter of `documents.prior_consultation_reply` in words that can be changed."""

from collections.abc import Mapping

from accounts.models import Officer
from cameras.models import PriorConsultation
from ordinance import articles
from reports.documents import prior_consultation_reply
from reports.documents.prior_consultation_reply import DECISIONS, NotReplied
from reports.letters import kinds
from reports.letters.kinds import Kind, Matter, NoLetter
from reports.official import Disclosure, day

CODE = "prior_consultation_reply"


def _get(key: int) -> PriorConsultation:
    rows = PriorConsultation.objects.select_related(
        "project", "requesting_department", "replying_department__institution", "replied_by"
    )
    consultation = rows.filter(pk=key).first()
    if consultation is None:
        raise NoLetter("그런 사전협의가 없습니다.")
    return consultation


def _matter(consultation: PriorConsultation, asked: Mapping[str, str], by: Officer) -> Matter:
    try:
        document = prior_consultation_reply.document_of(consultation)
    except NotReplied as problem:
        raise NoLetter(str(problem)) from problem
    project = consultation.letter["project"]
    ordinance = articles.version(on=consultation.replied_on)
    return Matter(
        receiver=document.receiver,
        receiver_reference=document.receiver,
        about=consultation.ledger_subject,
        values={
            "요청 문서": f"{consultation.request_document}({day(consultation.asked_on)})",
            "협의번호": consultation.number,
            "사업": project["title"],
            "조례": ordinance.title if ordinance else "조례",
            "결과": f"{consultation.get_reply_display()} — {DECISIONS[consultation.reply]}",
            "회신 내용": consultation.reply_text,
            "대상": f"설치 사업 {project['number']} {project['title']}, 카메라 {len(consultation.letter['cameras']):,}대",
        },
        tables=document.tables,
        enclosures=document.enclosures,
        annexes=document.annexes,
        department=consultation.replying_department,
        is_within=True,
    )


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            title="사전협의 회신",
            permission="cameras.change_priorconsultation",
            subject="고정형 영상정보처리기기 설치 사전협의 회신 ({사업})",
            body="1. {요청 문서}호와 관련됩니다.\n"
            "2. 위 호로 요청한 사전협의(협의번호 {협의번호})에 대하여 「{조례}」 제7조에 따라 다음과 같이 회신합니다.\n"
            "가. 협의 결과: {결과}\n나. 회신 내용\n1) {회신 내용}\n다. 협의 대상: {대상}",
            placeholders={
                "요청 문서": "도로과-12(2026. 11. 2.)",
                "협의번호": "협의-2026-001",
                "사업": "2027년 생활방범 설치",
                "조례": "서울특별시 강서구 영상정보처리기기 설치 및 운영 조례",
                "결과": "동의 — 설치에 동의합니다.",
                "회신 내용": "설치목적과 범위가 알맞습니다.",
                "대상": "설치 사업 2026-001, 카메라 3대",
            },
            required=("협의번호", "결과"),
            article="조례 제7조",
            matter=_matter,
            get=_get,
            disclosure=Disclosure.OPEN,
            disclosure_ground="",
            where="사전협의",
        )
    )
