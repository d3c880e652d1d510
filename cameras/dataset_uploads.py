"""Yearly uploads in one file: the same place, purpose and direction again under another 관리번호 and an older date.

The national bulk file keeps what a district published in earlier years beside the newest, each with new numbers. Taken
as they stand they would be the same cameras several times. One look per row, beside the judgement of the row itself.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

# Coordinates of one pole differ from year to year by rounding; 4 decimals are some 10 metres.
_STEP = 10_000


@dataclass(slots=True)
class Uploads:
    """`superseded`: rows that a newer one replaces, each with its number and count."""

    superseded: dict[int, tuple[str, int]] = field(default_factory=dict)
    # The newest of each place, purpose and direction: its date, and the rows of that date.
    _newest: dict[int, tuple[date, tuple[tuple[int, str, int], ...]]] = field(default_factory=dict)

    def note(self, row: Any) -> None:
        """`row` is a good DatasetRow."""
        if row.reference_on is None:
            return
        key = _key(row)
        mine = (row.row, row.number, row.count)
        newest = self._newest.get(key)
        if newest is None:
            self._newest[key] = (row.reference_on, (mine,))
            return
        day, rows = newest
        if day == row.reference_on or (not row.is_numberless and any(row.number == each[1] for each in rows)):
            self._newest[key] = (max(day, row.reference_on), (*rows, mine))
        elif day < row.reference_on:
            self.superseded.update((number, (site, count)) for number, site, count in rows)
            self._newest[key] = (row.reference_on, (mine,))
        else:
            self.superseded[row.row] = (row.number, row.count)


def _key(row: Any) -> int:
    position = (
        None
        if row.latitude is None or row.longitude is None
        else (round(row.latitude * _STEP), round(row.longitude * _STEP))
    )
    # Without 관리번호 rows of another kind are cameras of the same site.
    kind = row.kind if row.is_numberless else row.dataset_purpose
    return hash((row.institution, row.road_address, row.lot_address, row.filming_direction, kind, position))
