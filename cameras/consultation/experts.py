"""관계 전문가의 의견 (ordinance art. 8, PIPA art. 25(3)): experts are heard beside the residents, whatever the method."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from cameras.consultation.notice import opened_on
from cameras.models import HeardExpert, PublicConsultation
from casework import acts
from casework.refusals import Refusal
from ordinance import parameters

HEARD = "cameras.expert_heard"
TAKEN_BACK = "cameras.expert_taken_back"
KINDS = {HEARD: "관계 전문가의 의견 기록", TAKEN_BACK: "관계 전문가의 의견 기록 취소"}
REQUIRED = "consultation_hears_experts"
ARTICLE = "조례 제8조, 개인정보 보호법 제25조제3항"


def hear(
    consultation: PublicConsultation,
    *,
    who: str,
    heard_on: dt.date,
    said: str,
    document_number: str,
    by: Officer,
) -> HeardExpert:
    """Put an expert's opinion on record, until the result is out. `Refused` says why not."""
    with acts.begin(HEARD, consultation, by=by) as act:
        act.refuse([*_too_late(act.row), *_wrong_day(heard_on)])
        made = act.add(
            HeardExpert(
                consultation=act.row,
                who=who.strip(),
                heard_on=heard_on,
                said=said.strip(),
                document_number=document_number.strip(),
                entered_at=act.at,
                entered_by=by,
            )
        )
        act.payload |= {"on": heard_on.isoformat(), "document": made.document_number}
    return made


def take_back(expert: HeardExpert, *, by: Officer) -> None:
    """Something that was entered by mistake."""
    with acts.begin(TAKEN_BACK, expert.consultation, by=by) as act:
        act.refuse(_too_late(act.row))
        act.payload |= {"on": expert.heard_on.isoformat(), "document": expert.document_number}
        expert.delete()


def _too_late(consultation: PublicConsultation) -> Iterable[Refusal]:
    if consultation.result_published_at is not None:
        yield Refusal("result", "결과를 공고한 뒤에는 바꿀 수 없습니다.", ARTICLE, "정정으로 바로잡으십시오.")


def _wrong_day(heard_on: dt.date) -> Iterable[Refusal]:
    if heard_on > timezone.localdate():
        yield Refusal("heard_on", "들은 날은 오늘보다 뒤일 수 없습니다.", ARTICLE, field="heard_on")


def problems(consultation: PublicConsultation) -> list[str]:
    """Where experts have to be heard, none was."""
    asked = parameters.value(REQUIRED, on=opened_on(consultation))
    if not asked.value or consultation.experts.exists():
        return []
    return [
        f"관계 전문가의 의견을 들은 기록이 없습니다 ({asked.citation}). 누구에게 언제 들었고 무엇이라 하였는지 기록하십시오."
    ]


def told(consultation: PublicConsultation) -> list[dict[str, Any]]:
    """As the result freezes and tells them."""
    return [
        {
            "who": each.who,
            "on": each.heard_on.isoformat(),
            "said": each.said,
            "document": each.document_number,
        }
        for each in consultation.experts.all()
    ]
