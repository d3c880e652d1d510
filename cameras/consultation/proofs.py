"""What the ledger keeps of a published result: digests of its figures, and of every opinion with its answer.

Both tables are ordinary rows. The ledger's line, which nobody can rewrite, says what they were on the day of the result, so
that a changed answer is found by its verification (`ledger.checks`). Names and contacts are in neither digest: they are
erased in time.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from accounts.korean import josa
from cameras.models import Opinion, PublicConsultation
from ledger.checks import Fault
from ledger.models import Entry

KIND_RESULT = "cameras.consultation_result_published"
TITLE = "의견수렴의 결과와 처리"


def digests(consultation: PublicConsultation) -> dict[str, str]:
    """Of the frozen result, and of the opinions that were answered; what is entered later has no answer."""
    return {
        "result_sha256": _digest(consultation.result),
        "answers_sha256": _digest(list(_answered(consultation))),
    }


def _answered(consultation: PublicConsultation) -> Iterator[list[Any]]:
    answered = (
        Opinion.objects.filter(consultation=consultation, answer__isnull=False)
        .annotate(decision=F("answer__decision"), said=F("answer__text"))
        .prefetch_related("survey_answers")
        .defer("name", "contact", "receipt_secret")
        .order_by("receipt_number")
    )
    for opinion in answered:
        chosen = sorted([each.question_id, each.chosen, each.text] for each in opinion.survey_answers.all())
        yield [opinion.receipt_number, opinion.text, chosen, opinion.decision, opinion.said]


def _digest(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def check() -> Iterator[Fault | None]:
    """Every published result against its line; lines of before these digests say nothing of the rows."""
    for entry in Entry.objects.filter(kind=KIND_RESULT).order_by("sequence").iterator():
        said = json.loads(entry.payload)
        if "answers_sha256" not in said:
            continue
        number = entry.subject.removeprefix("consultation:")
        yield _compare(PublicConsultation.objects.filter(number=number).first(), number, said, entry.sequence)


def _compare(
    found: PublicConsultation | None, number: str, said: dict[str, Any], sequence: int
) -> Fault | None:
    if found is None:
        return Fault(f"의견수렴 {number}{josa(number, '이/가')} 없습니다.", sequence)
    now = {
        **digests(found),
        "sha256": hashlib.sha256(found.result_text.encode()).hexdigest(),
    }
    words = {"sha256": "결과 글", "result_sha256": "결과 수치", "answers_sha256": "의견 또는 처리"}
    wrong = [label for name, label in words.items() if said[name] != now[name]]
    return (
        Fault(
            f"의견수렴 {number}: {', '.join(wrong)}{josa(', '.join(wrong), '이/가')} 공고할 때와 다릅니다.",
            sequence,
        )
        if wrong
        else None
    )
