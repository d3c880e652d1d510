"""Rows without 관리번호 at one address that are not the same row: several poles, each a site with a number of ours.

The number is made of what tells a pole from the others, never of the order in the file, so that the next import finds
each of them again.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cameras.numbering import own_number


class Pole(NamedTuple):
    """A good row without 관리번호, as far as it must be told from the others at its place."""

    row: int
    kind: int
    direction: str
    cameras: int
    reference_on: date | None
    phone: str

    @property
    def rank(self) -> tuple[Any, ...]:
        """The same in whatever order the file has them: the newest and biggest first."""
        day = self.reference_on.toordinal() if self.reference_on else 0
        return (self.direction, -day, -self.cameras, self.phone, self.row)


def are_several(poles: list[Pole]) -> bool:
    """Rows of different kinds are cameras of one site; of one kind there are several sites."""
    return len(poles) > len({pole.kind for pole in poles})


def numbered(number: str, poles: list[Pole]) -> Iterator[tuple[Pole, str]]:
    """A number for each direction, and where rows of one kind share it, for each of them."""
    nth: dict[tuple[str, int], int] = {}
    for pole in sorted(poles, key=lambda pole: pole.rank):
        which = nth[pole.direction, pole.kind] = nth.get((pole.direction, pole.kind), 0) + 1
        yield pole, own_number(number, pole.direction, *([str(which)] if which > 1 else []))
