"""What rules miss at given subjects: the question that a gate asks, and a page that lists what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from ordinance import excuses
from ordinance.rules import Context, Rule


@dataclass(frozen=True)
class Problem:
    """A rule that some of the asked subjects do not meet."""

    rule: Rule
    numbers: tuple[str, ...]

    @property
    def text(self) -> str:
        """For a person: which article, what is missing, what to do."""
        return f"{self.rule.heading}: {self.rule.message} {self.rule.remedy}".strip()


def among(
    rules: Iterable[Rule],
    rows: QuerySet[Any],
    context: Context | None = None,
    *,
    most: int = 100,
    ahead: bool = True,
) -> list[Problem]:
    """Which of these rules the rows (of the rules' subject model) do not meet, one query per rule.

    As a gate asks (`ahead`): a rule covers whatever it will cover once the step is taken. With `ahead=False` it covers
    what it covers today, as the assessment does. A subject that the rule does not cover, or that is excepted, has no
    problem. Each problem names at most `most`.
    """
    at = replace(context or Context.today(), ahead=ahead)
    found = []
    for rule in rules:
        covered = rule.subjects(at).filter(pk__in=rows.values("pk"))
        unmet = excuses.exclude_excepted(rule, rule.unmet(covered, at), at)
        numbers = tuple(unmet.order_by(rule.number_field).values_list(rule.number_field, flat=True)[:most])
        if numbers:
            found.append(Problem(rule, numbers))
    return found
