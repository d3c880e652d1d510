"""What a file's rows mean for the cameras that one site already has.

Rows and cameras meet by kind (purpose, pixels, retention, month). Within a kind the lowest numbers stay; what is
too many there first becomes what another row lacks (a changed period is the same camera), then is removed. What
is still lacking comes back from the removed cameras of that kind, lowest number first, and then from new ones.
Cameras that the dataset does not list (planned, exempt for security) are never touched.

Where a row of the site was rejected nothing is removed, for nobody knows what that row would have said; and the
cameras that it most likely means are left to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cameras.dataset_rejected import RejectedRow
from cameras.enums import IN_SERVICE, CameraState
from cameras.standard_dataset import DatasetRow

Kind = tuple[str, int | None, int, date | None]


@dataclass(slots=True)
class StandingCamera:
    """A camera of the register, as far as a file can say something about it."""

    id: int
    ordinal: int
    state: str
    is_exempt: bool
    kind: Kind
    shared: dict[str, Any]

    @property
    def is_listed(self) -> bool:
        return self.state in IN_SERVICE and not self.is_exempt


@dataclass(slots=True)
class RowPlan:
    """Whose cameras one row describes, and how many are new."""

    row: DatasetRow
    kept: list[StandingCamera] = field(default_factory=list)
    converted: list[StandingCamera] = field(default_factory=list)
    revived: list[StandingCamera] = field(default_factory=list)
    added: int = 0

    @property
    def standing(self) -> list[StandingCamera]:
        return [*self.kept, *self.converted, *self.revived]

    @property
    def missing(self) -> int:
        return self.row.count - len(self.kept) - len(self.converted) - len(self.revived)


@dataclass(slots=True)
class SitePlan:
    rows: list[RowPlan]
    removed: list[StandingCamera]


def reconcile(
    rows: list[DatasetRow], cameras: list[StandingCamera], rejected: Sequence[RejectedRow] = ()
) -> SitePlan:
    plans = [RowPlan(row) for row in rows]
    by_kind: dict[Kind, list[StandingCamera]] = {}
    for camera in sorted(cameras, key=lambda camera: camera.ordinal):
        if camera.is_listed:
            by_kind.setdefault(camera.kind, []).append(camera)
    surplus: list[StandingCamera] = []
    for plan in plans:
        same = by_kind.pop(plan.row.kind, [])
        plan.kept, rest = same[: plan.row.count], same[plan.row.count :]
        surplus += rest
    for rest in by_kind.values():
        surplus += rest
    surplus.sort(key=lambda camera: camera.ordinal)
    for row in rejected:
        _leave_to(row, rows, surplus)
    for is_alike in (_same_purpose, _any):
        for plan in plans:
            _convert(plan, surplus, is_alike)
    for plan in plans:
        _revive(plan, cameras)
        plan.added = plan.missing
    return SitePlan(plans, [] if rejected else surplus)


def _leave_to(rejected: RejectedRow, rows: list[DatasetRow], surplus: list[StandingCamera]) -> None:
    """Take out of the surplus as many cameras as a rejected row counts: those most like it, least like the others.

    With an unreadable count that is all of them. A second row of one kind has no cameras of its own.
    """
    if rejected.is_sure and any(rejected.kind == row.kind for row in rows):
        return

    def preference(camera: StandingCamera) -> tuple[int, int, int]:
        others = max(_likeness(row.kind, camera.kind) for row in rows)
        return (-rejected.likeness(camera.kind), others, -camera.ordinal)

    for camera in sorted(surplus, key=preference)[: rejected.cameras]:
        surplus.remove(camera)


def _likeness(one: Kind, other: Kind) -> int:
    return sum(mine == theirs for mine, theirs in zip(one, other, strict=True))


def _same_purpose(row: DatasetRow, camera: StandingCamera) -> bool:
    return row.dataset_purpose == camera.kind[0]


def _any(row: DatasetRow, camera: StandingCamera) -> bool:
    return True


def _convert(plan: RowPlan, surplus: list[StandingCamera], is_alike: Any) -> None:
    for camera in list(surplus):
        if plan.missing and is_alike(plan.row, camera):
            plan.converted.append(camera)
            surplus.remove(camera)


def _revive(plan: RowPlan, cameras: list[StandingCamera]) -> None:
    for camera in sorted(cameras, key=lambda camera: camera.ordinal):
        is_removed = camera.state == CameraState.REMOVED and not camera.is_exempt
        if plan.missing and is_removed and camera.kind == plan.row.kind:
            plan.revived.append(camera)
