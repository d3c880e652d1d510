"""Who is taught and sworn in on a day, and until when."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from accounts.models import Officer
from ordinance import parameters
from ordinance.rules import months_before
from records.competence_enums import PledgeKind
from records.models import Pledge, StaffMember, Training

TRAINING_MONTHS, PLEDGE_MONTHS = "training_months", "pledge_months"
SECRECY_SWORN = (PledgeKind.JOINING, PledgeKind.YEARLY)
SEOUL = dt.timezone(dt.timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Standing:
    """The last day of each that counts, and until when it counts; None where there is none."""

    on: dt.date
    trained_on: dt.date | None
    trained_until: dt.date | None
    sworn_on: dt.date | None
    sworn_until: dt.date | None

    @property
    def is_trained(self) -> bool:
        return self.trained_until is not None and self.trained_until >= self.on

    @property
    def is_sworn(self) -> bool:
        return self.sworn_until is not None and self.sworn_until >= self.on

    @property
    def lacks(self) -> list[str]:
        """In words, for people."""
        return [
            *_lack("교육", self.trained_on, self.trained_until, self.is_trained),
            *_lack("보안서약", self.sworn_on, self.sworn_until, self.is_sworn),
        ]


def _lack(what: str, on: dt.date | None, until: dt.date | None, is_there: bool) -> list[str]:
    if is_there:
        return []
    return [f"{what} 기록이 없음" if on is None else f"{what}의 효력이 {until:%Y-%m-%d}에 끝남"]


def valid_until(on: dt.date, months: int) -> dt.date:
    """The last day on which something of that day counts: the same day of the month, months later."""
    return months_before(on, -months)


def staff_of(officer: Officer, on: dt.date) -> StaffMember | None:
    """The person of an account on that day."""
    return StaffMember.objects.employed(on).filter(officer=officer).defer("name", "address").first()


def of(
    staff: Iterable[StaffMember], on: dt.date, *, known_at: dt.datetime | None = None
) -> Mapping[int, Standing]:
    """By the key of the person; three queries, however many there are. `known_at`: by what was on record just before then."""
    keys = [row.pk for row in staff]
    figures = parameters.snapshot(on, codes=[TRAINING_MONTHS, PLEDGE_MONTHS])
    trainings: QuerySet[Training] = Training.objects.completed()
    pledges: QuerySet[Pledge] = Pledge.objects.standing()
    if known_at is not None:
        trainings, pledges = trainings_known(known_at), pledges_known(known_at)
    trained = _last(trainings.filter(staff__in=keys, on__lte=on).values("staff"), "on")
    sworn = _last(
        pledges.filter(staff__in=keys, signed_on__lte=on, kind__in=SECRECY_SWORN).values("staff"), "signed_on"
    )
    return {
        key: Standing(
            on,
            trained.get(key),
            _until(trained.get(key), int(figures[TRAINING_MONTHS].value)),
            sworn.get(key),
            _until(sworn.get(key), int(figures[PLEDGE_MONTHS].value)),
        )
        for key in keys
    }


def trainings_known(at: dt.datetime) -> "QuerySet[Training]":
    """Those that had been completed, and not taken back, as far as anybody had written down just before an instant."""
    return Training.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=at),
        certificate_number__isnull=False,
        completed_at__lt=at,
        recorded_at__lt=at,
    )


def pledges_known(at: dt.datetime) -> "QuerySet[Pledge]":
    return Pledge.objects.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=at), recorded_at__lt=at)


def _last(rows: "QuerySet[Any, Any]", column: str) -> dict[int, dt.date]:
    return {row["staff"]: row["last"] for row in rows.annotate(last=Max(column)).order_by()}


def days(
    rows: "QuerySet[Any]", column: str, keys: Collection[int]
) -> tuple[dict[int, list[dt.date]], dt.date | None]:
    """Each day on record of each of these persons, and the first one of anybody."""
    found: dict[int, list[dt.date]] = {}
    for staff, on in rows.filter(staff__in=keys).order_by().values_list("staff", column):
        found.setdefault(staff, []).append(on)
    return found, rows.aggregate(first=Min(column))["first"]


def _until(on: dt.date | None, months: int) -> dt.date | None:
    return valid_until(on, months) if on else None


def lacking(staff: list[StaffMember], at: int) -> Mapping[str, str] | None:
    """For the review of the access log: what each lacked at that second, by number; None where nobody keeps it here yet."""
    if not (Training.objects.exists() or Pledge.objects.exists()):
        return None
    on = dt.datetime.fromtimestamp(at, SEOUL).date()
    standings = of(staff, on)
    return {row.number: "; ".join(lacks) for row in staff if (lacks := standings[row.pk].lacks)}


def ending(on: dt.date, within: dt.timedelta) -> list[tuple[StaffMember, Standing]]:
    """Persons who work on that day and to whom something is missing, or will be within the time; by number."""
    staff = list(StaffMember.objects.employed(on).defer("name", "address").select_related("officer"))
    standings = of(staff, on)
    limit = on + within
    return [
        (row, found)
        for row in staff
        for found in [standings[row.pk]]
        if _ends_by(found.trained_until, limit) or _ends_by(found.sworn_until, limit)
    ]


def _ends_by(until: dt.date | None, limit: dt.date) -> bool:
    return until is None or until <= limit
