"""의견 처리: one answer to one opinion, or to a group of like ones (Procedures Act art. 44, 47)."""

import hashlib
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from accounts.models import Officer
from cameras.enums import OpinionDecision
from cameras.models import Opinion, OpinionAnswer, PublicConsultation
from casework import acts, refusals
from casework.refusals import Refusal

KIND_ANSWERED = "cameras.opinions_answered"
LONGEST = 5_000


def unanswered(consultation: PublicConsultation) -> "QuerySet[Opinion]":
    return consultation.opinions.filter(answer=None)


def answer(
    consultation: PublicConsultation,
    opinions: Iterable[int],
    *,
    decision: str,
    text: str,
    by: Officer,
    replaces: bool = False,
) -> OpinionAnswer:
    """Answer these opinions (their pks); those that have an answer keep it, unless it is asked to be replaced.

    Until the result is published.
    """
    with acts.begin(KIND_ANSWERED, consultation, by=by) as act:
        found = Opinion.objects.filter(consultation=act.row, pk__in=(wanted := set(opinions)))
        act.refuse(_against_answer(act.row, decision, text))
        if not wanted or found.count() != len(wanted):
            act.refuse([Refusal("none", "처리할 의견을 이 의견수렴에서 하나 이상 고르십시오.")])
        if not replaces:
            found = found.filter(answer=None)
            act.refuse(_against_answered(found))
        made = act.add(
            OpinionAnswer(consultation=act.row, decision=decision, text=text.strip(), answered_by=by)
        )
        act.payload |= {
            "decision": decision,
            "opinions": found.update(answer=made),
            "sha256": hashlib.sha256(made.text.encode()).hexdigest(),
        }
        # An answer that no opinion has any more answers nothing.
        OpinionAnswer.objects.filter(consultation=act.row, opinions=None).delete()
    return made


def _against_answer(consultation: PublicConsultation, decision: str, text: str) -> Iterator[Refusal]:
    if consultation.published_at is None or consultation.result_published_at is not None:
        yield Refusal("settled", "결과를 공고한 뒤에는 처리 내용을 바꿀 수 없습니다.")
    if decision not in OpinionDecision.values:
        yield Refusal("decision", "처리를 고르십시오.", field="decision")
    yield from refusals.unwritten(
        text, "text", "처리 내용과 이유를 적으십시오. 제출자와 누리집에 그대로 나옵니다."
    )
    if len(text.strip()) > LONGEST:
        yield Refusal("long", f"{LONGEST:,}자까지 적을 수 있습니다.", field="text")


def _against_answered(waiting: "QuerySet[Opinion]") -> Iterator[Refusal]:
    if not waiting.exists():
        yield Refusal(
            "answered",
            "고른 의견은 모두 이미 처리했습니다.",
            remedy="처리를 바꾸려면 ‘이미 처리한 의견의 처리도 바꾸기’를 표시하십시오.",
        )
