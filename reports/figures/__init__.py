"""Every figure of the committee's report, counted with pandas from the register, the proofs, the sweeps and the ledger.

The register is counted as it stands when the report is issued, what flowed through the quarter by its instants in
Seoul time. Nothing is estimated: what no row tells is printed as unknown.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from reports.figures import (
    accountability,
    changes,
    coverage,
    destruction,
    duties,
    footage_found,
    holds,
    register,
    strays,
)
from reports.figures.context import Reach, district_name
from reports.period import SEOUL, Period
from reports.tabulation import Figures, Section, Value

COMMITTEE = "영상정보처리기기 운영위원회"


def for_period(
    period: Period | str,
    *,
    now: datetime | None = None,
    earlier: Figures | None = None,
    ledger_size: int | None = None,
) -> Figures:
    """All figures of a quarter; `earlier` are the frozen figures of the quarter before, where it was reported."""
    period = Period.parse(period) if isinstance(period, str) else period
    now = now or timezone.now()
    reach = Reach(period, now, ledger_size)
    figures = Figures(
        period=period.code,
        period_label=period.label,
        from_on=period.from_on.isoformat(),
        until_on=period.until_on.isoformat(),
        as_of=now.isoformat(timespec="seconds"),
        is_interim=not period.has_ended(now),
        district=district_name(_today(now)),
        committee=COMMITTEE,
        sections=_sections(reach),
    )
    _compare(figures, reach, earlier)
    return figures


def _sections(reach: Reach) -> list[Section]:
    return [
        register.section(reach),
        changes.section(reach),
        footage_found.section(reach),
        destruction.section(reach),
        holds.section(reach),
        strays.section(reach),
        duties.section(reach),
        accountability.confirmations(reach),
        accountability.ledger(reach),
        coverage.section(reach),
    ]


def _compare(figures: Figures, reach: Reach, earlier: Figures | None) -> None:
    """Set beside each figure what it was a quarter ago: as reported then, else counted again where that is possible."""
    before: dict[str, Value] = {}
    if earlier is not None:
        before = {figure.code: figure.value for _, figure in earlier.figures()}
    else:
        flows = [part(reach.quarter_before) for part in FLOWS]
        before = {figure.code: figure.value for part in flows for figure in part.figures if figure.is_flow}
    for _, figure in figures.figures():
        figure.previous = before.get(figure.code)


# Chapters that can be counted again for a quarter that was never reported.
FLOWS: tuple[Callable[[Reach], Section], ...] = (
    changes.section,
    footage_found.section,
    destruction.section,
    holds.section,
    duties.section,
    accountability.confirmations,
    accountability.ledger,
)


def _today(now: datetime) -> date:
    return now.astimezone(SEOUL).date()
