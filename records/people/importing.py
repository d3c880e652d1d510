"""What the three imports of people share: judge every row, then write all of them, or none."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction
from simple_history.utils import bulk_create_with_history

from cameras.dataset_values import shown
from ledger import append
from records.models import StaffMember
from records.tabular import CellRefused, Column, ImportResult, RowError, open_sheet

Value = TypeVar("Value")
AT_ONCE = 500


@dataclass(slots=True)
class Line:
    """One row of the file while it is judged."""

    row: int
    cells: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def take(self, column: str, read: Callable[[str], Value]) -> Value | None:
        """The value of a cell; None where it cannot be read, which is noted, or where the file has no such column."""
        if column not in self.cells:
            return None
        try:
            return read(self.cells[column])
        except CellRefused as refusal:
            self.refuse(column, str(refusal))
            return None

    def refuse(self, column: str, reason: str) -> None:
        self.errors.append(RowError(self.row, column, shown(self.cells.get(column, "")), reason))

    def has(self, column: str) -> bool:
        return column in self.cells


# A row to be stored with what the file says of it; its key says whether it is new.
Change = tuple[models.Model, dict[str, Any]]
Judge = Callable[[Sequence[Line]], Iterable[tuple[Line, Change]]]


def bring(
    path: str | Path,
    columns: Sequence[Column],
    judge: Judge,
    *,
    kind: str,
    subject: str,
    actor: str,
    dry_run: bool = False,
    skip_invalid: bool = False,
) -> ImportResult:
    """All or nothing; with `skip_invalid` all rows that are right. The same file again changes nothing.

    `judge` gets all lines, notes errors on them, and gives for each right line the row and what it shall say.
    """
    sheet = open_sheet(path, columns)
    lines = [Line(number, cells) for number, cells in sheet.rows()]
    result = ImportResult(digest=sheet.table.digest)
    with transaction.atomic():
        judged = [(line, change) for line, change in judge(lines)]
        result.errors = sorted(
            (error for line in lines for error in line.errors), key=lambda error: (error.row, error.column)
        )
        if result.errors and not skip_invalid:
            result.is_refused = True
            return result
        new, changed = [], []
        for line, (row, says) in judged:
            if line.errors:
                continue
            if row.pk is None:
                new.append(_with(row, says))
            elif any(getattr(row, name) != value for name, value in says.items()):
                changed.append(_with(row, says))
            else:
                result.unchanged += 1
        result.created, result.updated = len(new), len(changed)
        result.is_refused = bool(result.errors) and not judged
        if dry_run or not (new or changed):
            return result
        _write(new, changed)
        entry = append.record(
            kind,
            actor=actor,
            subject=subject,
            payload={"file_sha256": result.digest, **result.figures()},
        )
        result.is_stored, result.ledger_entry = True, entry.sequence
    return result


def _with(row: models.Model, says: dict[str, Any]) -> models.Model:
    for name, value in says.items():
        setattr(row, name, value)
    return row


def _write(new: Sequence[models.Model], changed: Sequence[models.Model]) -> None:
    if new:
        model = type(new[0])
        if hasattr(model, "history"):
            bulk_create_with_history(new, model, batch_size=AT_ONCE)
        else:
            model._default_manager.bulk_create(new, batch_size=AT_ONCE)
    for row in changed:
        row.save()


def staff_by_number(numbers: Collection[str]) -> dict[str, StaffMember]:
    """The persons of these numbers, held until the transaction ends: two rosters of one person wait for each other."""
    rows: dict[str, StaffMember] = {}
    for some in _portions(sorted(numbers)):
        held = StaffMember.objects.select_for_update().filter(number__in=some).defer("name", "address")
        rows |= {staff.number: staff for staff in held}
    return rows


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
