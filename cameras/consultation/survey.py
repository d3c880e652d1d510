"""설문 집계: how often each choice was taken."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cameras.models import PublicConsultation, SurveyAnswer
from casework import shares


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    count: int
    # Of those who answered this question, 0 to 100; several choices may sum up to more. Nobody answered: no share.
    percent: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    question: str
    answered: int
    is_multiple: bool
    is_free: bool
    options: list[Option] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "answered": self.answered,
            "is_multiple": self.is_multiple,
            "is_free": self.is_free,
            "options": [
                {"label": option.label, "count": option.count, "percent": option.percent}
                for option in self.options
            ],
        }


def tallies(consultation: PublicConsultation) -> list[Tally]:
    """Every question with its counts; two queries however many answers there are. Hidden opinions count too."""
    answered: Counter[int] = Counter()
    chosen: Counter[tuple[int, int]] = Counter()
    rows = SurveyAnswer.objects.filter(opinion__consultation=consultation).values_list(
        "question_id", "chosen"
    )
    for question_id, positions in rows.iterator():
        answered[question_id] += 1
        chosen.update((question_id, position) for position in positions)
    return [
        Tally(
            question=question.text,
            answered=answered[question.pk],
            is_multiple=question.is_multiple,
            is_free=not question.choices,
            options=[
                Option(
                    label,
                    chosen[question.pk, position],
                    shares.percent(chosen[question.pk, position], answered[question.pk]),
                )
                for position, label in enumerate(question.choices)
            ],
        )
        for question in consultation.questions.all()
    ]
