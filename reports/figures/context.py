"""What every part of the figures needs to know: the quarter, the instant of counting, whose district it is."""

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from django.db.models import Min, QuerySet

from accounts.longrun import RunState
from cameras.models import Camera
from footage.models import ManifestBlock, Storage, Sweep
from ordinance import articles
from reports.period import SEOUL, Period


@dataclass(frozen=True)
class Reach:
    """A quarter, counted at an instant; a quarter that has not ended reaches to that instant."""

    period: Period
    now: datetime
    # Entries of the ledger after the printed head do not belong to the report.
    ledger_size: int | None = None

    @property
    def until_at(self) -> datetime:
        return min(self.period.until_at, self.now)

    @property
    def today(self) -> date:
        return self.now.astimezone(SEOUL).date()

    @property
    def last_on(self) -> date:
        """The last day of the quarter that is over or running."""
        return min(self.period.until_on, self.today)

    @property
    def end(self) -> str:
        """What the last instant counted is called: the end of the quarter, or of a running one the day of the report."""
        return "분기 말" if self.period.has_ended(self.now) else "발행 시점"

    @property
    def finished_until(self) -> date:
        """The first day of the quarter, or after it, that is not over."""
        return min(self.period.next_from_on, self.today)

    @property
    def months(self) -> list[date]:
        """The months of the quarter that have begun."""
        return [month for month in self.period.months if month <= self.today]

    @functools.cached_property
    def register_began_at(self) -> datetime | None:
        """Since when anything is on record: every matter here is about a camera of the register."""
        began: datetime | None = Camera.history.aggregate(first=Min("history_date"))["first"]
        return began

    @property
    def is_recorded(self) -> bool:
        """Whether the register had begun before the quarter, or the day of counting, ended."""
        return self.register_began_at is not None and self.register_began_at < self.until_at

    @functools.cached_property
    def footage_began_at(self) -> datetime | None:
        """Since when anything of footage is on record."""
        began = [
            Storage.objects.aggregate(first=Min("created_at"))["first"],
            Sweep.objects.aggregate(first=Min("at"))["first"],
            ManifestBlock.objects.aggregate(first=Min("done_at"))["first"],
        ]
        return min((at for at in began if at is not None), default=None)

    def footage_began(self) -> bool:
        """Whether that was before the quarter, or the day of counting, ended."""
        return self.footage_began_at is not None and self.footage_began_at < self.until_at

    @functools.cached_property
    def was_swept(self) -> bool:
        """Whether a sweep of each storage that was registered by then was finished in the quarter: before that nobody
        has looked for files whose period is over."""
        sweeps = list(
            Sweep.objects.filter(
                is_dry_run=False,
                is_refused=False,
                state=RunState.SUCCEEDED,
                finished_at__gte=self.period.from_at,
                finished_at__lt=self.until_at,
            ).values_list("storage", "finished_at")
        )
        storages = Storage.objects.filter(created_at__lt=self.until_at).values_list("pk", "created_at")
        return bool(sweeps) and all(
            any(of in (None, storage) and at is not None and at >= created_at for of, at in sweeps)
            for storage, created_at in storages
        )

    def as_known(self, model: Any) -> QuerySet[Any]:
        """The rows of a model with a history, as they stood just before the end."""
        rows: QuerySet[Any] = model.history.as_of(self.until_at - timedelta(microseconds=1))
        return rows

    @functools.cached_property
    def quarter_before(self) -> "Reach":
        return Reach(self.period.previous, self.now, self.ledger_size)


def frame(rows: QuerySet, columns: dict[str, str]) -> pd.DataFrame:
    """A query as a frame: database paths to column names. Empty queries keep their columns."""
    return pd.DataFrame.from_records(list(rows.values_list(*columns)), columns=list(columns.values()))


def month_label(month: date) -> str:
    return f"{month.year}-{month.month:02d}"


def month_name(month: date, last: date) -> str:
    """The month as a table names it; one that is not over says up to which day, the last that was counted."""
    until = next_month(month) - timedelta(days=1)
    if last >= until:
        return month_label(month)
    return (
        f"{month_label(month)} ({last.day}일까지)" if last >= month else f"{month_label(month)} (아직 없음)"
    )


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def district_name(on: date) -> str:
    """The district of the ordinance in force, in full as its title has it: 서울특별시 강서구."""
    in_force = articles.version(on=on)
    if in_force is None:
        return ""
    city, found, _ = in_force.title.partition(in_force.district)
    return f"{city}{found}" if found else in_force.district
