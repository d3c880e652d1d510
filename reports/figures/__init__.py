"""Every figure of the committee's report, counted with pandas from the register, the proofs, the sweeps and the ledger.

The register is counted as it stands when the report is issued, what belongs to the quarter by its instants in Seoul
time, from records that nothing done later changes. Nothing is estimated: what no row tells is printed as unknown.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from reports.figures import (
    accountability,
    changes,
    coverage,
    destruction,
    duties,
    evidence,
    footage_found,
    holds,
    people,
    procedures,
    register,
    requests,
    strays,
    supervision,
    uses,
)
from reports.figures.context import Reach, district_name
from reports.period import SEOUL, Period
from reports.tabulation import Figures, Section

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
    _word(figures, period)
    return figures


def _word(figures: Figures, period: Period) -> None:
    """Chapters are written for quarters; those of a year say so. Rows are data, and stay."""
    if not period.is_year:
        return
    for _, figure in figures.figures():
        figure.label = period.says(figure.label)
    for _, table in figures.tables():
        for name in ("title", "note", "empty", "source"):
            setattr(table, name, period.says(getattr(table, name)))
        table.columns = [replace(column, label=period.says(column.label)) for column in table.columns]
    for section in figures.sections:
        section.title, section.lead = period.says(section.title), period.says(section.lead)
        section.notes = [period.says(note) for note in section.notes]


def _sections(reach: Reach) -> list[Section]:
    read = coverage.TablesRead()
    with connection.execute_wrapper(read):
        told = _chapters(reach)
    return [*told, coverage.section(reach, told, read.names)]


def _chapters(reach: Reach) -> list[Section]:
    return [
        register.section(reach),
        changes.section(reach),
        footage_found.section(reach),
        destruction.section(reach),
        holds.section(reach),
        strays.section(reach),
        requests.section(reach),
        uses.section(reach),
        evidence.section(reach),
        people.section(reach),
        supervision.section(reach),
        procedures.consultations(reach),
        procedures.committee(reach),
        duties.section(reach),
        accountability.confirmations(reach),
        accountability.ledger(reach),
    ]


def _compare(figures: Figures, reach: Reach, earlier: Figures | None) -> None:
    """Set beside each figure what it was a quarter ago: as reported then, in the same way of counting.

    What belongs to the quarter is counted again where it was reported in between only, in another way, or not at all.
    What stood on the day of counting cannot be: only that report knows it.
    """
    figures.previous_as_of = earlier.as_of if earlier is not None else ""
    figures.previous_is_recounted = earlier is None or earlier.is_interim or earlier.method != figures.method
    before = {figure.code: figure for _, figure in earlier.figures()} if earlier is not None else {}
    if figures.previous_is_recounted:
        before = {code: figure for code, figure in before.items() if not figure.is_flow}
        counted = [part(reach.quarter_before) for part in FLOWS]
        before |= {figure.code: figure for part in counted for figure in part.of_the_quarter}
    for _, figure in figures.figures():
        if (old := before.get(figure.code)) is not None and old.is_flow == figure.is_flow:
            figure.previous, figure.previous_absent = old.value, old.absent


# Chapters that can be counted again for a quarter that was never reported.
FLOWS: tuple[Callable[[Reach], Section], ...] = (
    changes.section,
    footage_found.section,
    destruction.section,
    holds.section,
    requests.section,
    uses.section,
    evidence.section,
    people.section,
    supervision.section,
    procedures.consultations,
    procedures.committee,
    duties.section,
    accountability.confirmations,
    accountability.ledger,
)


def _today(now: datetime) -> date:
    return now.astimezone(SEOUL).date()
