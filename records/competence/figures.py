"""연간 교육 실시 결과: what the yearly report counts."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from records.competence import courses, standing
from records.models import Pledge, StaffKind, StaffMember, Training, TrainingPlan, TrainingSession


@dataclass(frozen=True)
class KindLine:
    """One kind of staff at the end of the year (or today): how many, and how many are taught and sworn in."""

    label: str
    persons: int
    trained: int
    sworn: int


@dataclass(frozen=True)
class SessionLine:
    on: dt.date
    course: str
    hours: str
    trainer: str
    place: str
    attended: int
    passed: int


@dataclass(frozen=True)
class Year:
    year: int
    on: dt.date
    plan: TrainingPlan | None
    kinds: list[KindLine]
    sessions: list[SessionLine]
    outside: int
    pledges: list[tuple[str, int]]

    @property
    def is_over(self) -> bool:
        return self.on.year == self.year and (self.on.month, self.on.day) == (12, 31)


def of_year(year: int, today: dt.date | None = None) -> Year:
    """Of a year that runs: as of today. Nobody is named."""
    now = today or timezone.localdate()
    on = min(dt.date(year, 12, 31), now)
    return Year(
        year,
        on,
        courses.plan_of(year),
        _kinds(on),
        _sessions(year, on),
        _outside(year, on),
        _pledges(year, on),
    )


def _kinds(on: dt.date) -> list[KindLine]:
    staff = list(StaffMember.objects.employed(on).only("pk", "kind"))
    found = standing.of(staff, on)
    lines = []
    for kind in StaffKind:
        of_kind = [found[row.pk] for row in staff if row.kind == kind]
        lines.append(
            KindLine(
                str(kind.label),
                len(of_kind),
                sum(each.is_trained for each in of_kind),
                sum(each.is_sworn for each in of_kind),
            )
        )
    return lines


def _sessions(year: int, on: dt.date) -> list[SessionLine]:
    rows = TrainingSession.objects.filter(closed_at__isnull=False, called_off_why="").select_related("course")
    chosen = [row for row in rows.order_by("starts_at", "pk") if row.on.year == year and row.on <= on]
    trainings = Training.objects.filter(session__in=chosen, withdrawn_at__isnull=True)
    attended = Counter(trainings.values_list("session", flat=True))
    passed = Counter(trainings.completed().values_list("session", flat=True))
    return [
        SessionLine(
            row.on,
            row.course.title,
            row.course.hours,
            row.trainer,
            row.place,
            attended[row.pk],
            passed[row.pk],
        )
        for row in chosen
    ]


def _outside(year: int, on: dt.date) -> int:
    return Training.objects.completed().filter(session__isnull=True, on__year=year, on__lte=on).count()


def _pledges(year: int, on: dt.date) -> list[tuple[str, int]]:
    rows = Pledge.objects.standing().filter(signed_on__year=year, signed_on__lte=on)
    counts = Counter(rows.values_list("kind", flat=True))
    return [(str(label), counts[value]) for value, label in Pledge._meta.get_field("kind").choices or ()]
