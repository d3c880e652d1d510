"""의견 처리: one answer to one opinion, or to a group of like ones (Procedures Act art. 44, 47)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Officer
from cameras.enums import OpinionDecision
from cameras.models import Opinion, OpinionAnswer, PublicConsultation

LONGEST = 5_000


def unanswered(consultation: PublicConsultation) -> "QuerySet[Opinion]":
    return consultation.opinions.filter(answer=None)


@transaction.atomic
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
    locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.published_at is None or locked.result_published_at is not None:
        raise ValidationError("결과를 공고한 뒤에는 처리 내용을 바꿀 수 없습니다.")
    if decision not in OpinionDecision.values:
        raise ValidationError({"decision": "처리를 고르십시오."})
    given = text.strip()
    if not given:
        raise ValidationError({"text": "처리 내용과 이유를 적으십시오. 제출자와 누리집에 그대로 나옵니다."})
    if len(given) > LONGEST:
        raise ValidationError({"text": f"{LONGEST:,}자까지 적을 수 있습니다."})
    wanted = set(opinions)
    found = Opinion.objects.filter(consultation=locked, pk__in=wanted)
    if not wanted or found.count() != len(wanted):
        raise ValidationError("처리할 의견을 이 의견수렴에서 하나 이상 고르십시오.")
    if not replaces:
        found = found.filter(answer=None)
        if not found.exists():
            raise ValidationError(
                "고른 의견은 모두 이미 처리했습니다. 처리를 바꾸려면 ‘이미 처리한 의견의 처리도 바꾸기’를 표시하십시오."
            )
    made = OpinionAnswer.objects.create(consultation=locked, decision=decision, text=given, answered_by=by)
    found.update(answer=made)
    # An answer that no opinion has any more answers nothing.
    OpinionAnswer.objects.filter(consultation=locked, opinions=None).delete()
    return made
