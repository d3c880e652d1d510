"""Rejected rows, as far as they speak of a site: its cameras must not pass for gone because a row was wrong.

A row with 관리번호 speaks of that number. A row without one, or whose number could not be read, speaks of every
site that agrees with what is sure of its place; a cell that was found wrong is not sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cameras.dataset_groups import KIND_FIELDS

PLACE_FIELDS = ("institution", "road_address", "lot_address", "latitude", "longitude")
IDENTITY_FIELDS = (*PLACE_FIELDS, "dataset_purpose", "installed_month")
_PAIRS = ({"road_address", "lot_address"}, {"latitude", "longitude"})


class RejectedRow(NamedTuple):
    """What a rejected row says of its cameras; None where it is not sure."""

    kind: tuple[Any, ...]
    sure: tuple[bool, ...]
    cameras: int | None

    def likeness(self, kind: tuple[Any, ...]) -> int:
        return sum(sure and own == other for sure, own, other in zip(self.sure, self.kind, kind, strict=True))

    @property
    def is_sure(self) -> bool:
        return all(self.sure)


@dataclass(slots=True)
class RejectedRows:
    _numbered: dict[str, list[RejectedRow]] = field(default_factory=dict)
    # By which fields are sure, then by their values: one look for each such set of fields.
    _placed: dict[tuple[str, ...], dict[tuple[Any, ...], list[RejectedRow]]] = field(default_factory=dict)
    _unnumbered: dict[tuple[str, ...], dict[tuple[Any, ...], list[RejectedRow]]] = field(default_factory=dict)

    def note(self, row: Any, wrong: Iterable[str]) -> None:
        """`row` is a DatasetRow, `wrong` the fields in which an error was found."""
        doubtful = row.unread | set(wrong)
        for pair in _PAIRS:
            if doubtful & pair:
                doubtful = doubtful | pair
        rejected = RejectedRow(
            row.kind,
            tuple(name not in doubtful for name in KIND_FIELDS),
            None if "count" in doubtful else row.count,
        )
        if row.number and not row.is_numberless:
            self._numbered.setdefault(row.number, []).append(rejected)
            return
        place = tuple(name for name in PLACE_FIELDS if name not in doubtful)
        if not any(getattr(row, name) for name in place):
            return  # nothing in it tells where it belongs
        names, index = place, self._unnumbered
        if row.is_numberless:
            names, index = tuple(name for name in IDENTITY_FIELDS if name not in doubtful), self._placed
        values = tuple(getattr(row, name) for name in names)
        index.setdefault(names, {}).setdefault(values, []).append(rejected)

    def names(self, site_number: str) -> bool:
        return site_number in self._numbered

    def concerning(self, row: Any) -> list[RejectedRow]:
        """The rejected rows that speak of the site of a good row, or may."""
        found = list(self._numbered.get(row.number, ()))
        for index in (self._unnumbered, self._placed) if row.is_numberless else (self._unnumbered,):
            for names, rows in index.items():
                found += rows.get(tuple(getattr(row, name) for name in names), ())
        return found
