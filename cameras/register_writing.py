"""Storing what an import decided: collects a batch, writes it in bulk, copies it into the history.

A rehearsal (dry run) collects the same and stores nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from accounts.models import Institution
from cameras import bulk, findings, lifecycle, periods
from cameras.dataset_groups import KIND_FIELDS, SHARED_FIELDS
from cameras.dataset_text import folded
from cameras.dataset_values import SEOUL
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, PurposeMapping, Site
from cameras.numbering import camera_number, natural_key, own_number, place_key
from cameras.reconciling import RowPlan, StandingCamera
from cameras.standard_dataset import DatasetRow, identity

SITE_FIELDS = (
    "id",
    "number",
    "has_own_number",
    "institution_id",
    "road_address",
    "lot_address",
    "latitude",
    "longitude",
    "place_key",
    "english_address",
)
MOVED_FIELDS = ("institution_id", "road_address", "lot_address", "latitude", "longitude", "place_key")
CAMERA_FIELDS = tuple(field.attname for field in Camera._meta.concrete_fields)
CHANGED_FIELDS = (
    *KIND_FIELDS,
    "install_purpose",
    "pipa25_ground",
    *SHARED_FIELDS,
    "state",
    "removed_on",
)
_KEYS_PER_QUERY = 10_000


@dataclass(slots=True)
class Change:
    """A row's effect on cameras that stand: which shared fields it sets, whom it converts and revives."""

    plan: RowPlan
    fields: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.plan.converted or self.plan.revived)


class RegisterWriter:
    def __init__(
        self, *, fields: frozenset[str], by: int | None, reason: str, group: UUID, is_rehearsal: bool
    ) -> None:
        self.fields = fields
        self.by = by
        self.reason = reason
        self.group = group
        self.is_rehearsal = is_rehearsal
        self.today: date = datetime.now(SEOUL).date()
        self.institution_names = {
            key: folded(name) for key, name in Institution.objects.order_by("pk").values_list("pk", "name")
        }
        # Names that look alike are one; of two that the register has, the first.
        self.institutions: dict[str, int] = {
            name: key for key, name in reversed(self.institution_names.items())
        }
        self.new_institutions: list[str] = []
        self.mapping = {line.dataset_purpose: line for line in PurposeMapping.objects.all()}
        blank = Camera()
        self._defaults = [(name, _plain(getattr(blank, name))) for name in CAMERA_FIELDS]
        self._new_sites: list[list[DatasetRow]] = []
        self._new_cameras: list[tuple[int, str, DatasetRow, int, int]] = []
        self._moved: list[tuple[int, DatasetRow]] = []
        self._changes: list[Change] = []
        self._removed: list[int] = []
        self.touched_cameras: set[int] = set()
        self.touched_sites: set[int] = set()

    # Collecting

    def know_institutions(self, names: Iterable[str]) -> None:
        """An institution not yet known is made at first use; in a rehearsal it only gets a number."""
        for name in names:
            if name in self.institutions:
                continue
            self.new_institutions.append(name)
            if self.is_rehearsal:
                self.institutions[name] = -len(self.institutions) - 1
            else:
                self.institutions[name] = Institution.objects.create(name=name).pk

    def add_site(self, rows: list[DatasetRow]) -> None:
        self._new_sites.append(rows)

    def add_cameras(self, site_id: int, site_number: str, row: DatasetRow, first: int, count: int) -> None:
        self._new_cameras.append((site_id, site_number, row, first, count))

    def move_site(self, site_id: int, row: DatasetRow) -> None:
        self._moved.append((site_id, row))

    def change_cameras(self, change: Change) -> None:
        if not change.is_empty:
            self._changes.append(change)

    def remove_cameras(self, cameras: list[StandingCamera]) -> None:
        self._removed += [camera.id for camera in cameras]

    def number_of(self, site_id: int) -> str:
        return str(Site.objects.values_list("number", flat=True).get(pk=site_id))

    # Storing

    def flush(self) -> None:
        if not self.is_rehearsal:
            self._store_sites()
            self._store_cameras()
            self._store_moves()
            self._store_changes()
            self._store_removals()
        for pending in (self._new_sites, self._new_cameras, self._moved, self._changes, self._removed):
            pending.clear()

    def _store_sites(self) -> None:
        keys = bulk.reserve(Site, len(self._new_sites))
        bulk.insert(
            Site,
            SITE_FIELDS,
            [self._site_values(key, rows[0]) for key, rows in zip(keys, self._new_sites, strict=True)],
        )
        self._record(Site, keys, bulk.CREATED)
        for key, rows in zip(keys, self._new_sites, strict=True):
            first = 1
            for row in rows:
                self._new_cameras.append((key, row.number, row, first, row.count))
                first += row.count

    def _site_values(self, key: int, row: DatasetRow) -> tuple[Any, ...]:
        is_own = row.is_numberless or row.number == own_number(*identity(row))
        return (key, row.number, is_own, *self._place_values(row), "")

    def _place_values(self, row: DatasetRow) -> tuple[Any, ...]:
        institution = self.institutions[row.institution]
        place = (row.road_address, row.lot_address, row.latitude, row.longitude)
        return (institution, *place, place_key(institution, *place))

    def _store_cameras(self) -> None:
        keys = bulk.reserve(Camera, sum(count for *_, count in self._new_cameras))
        remaining = iter(keys)
        bulk.insert(
            Camera,
            CAMERA_FIELDS,
            (values for new in self._new_cameras for values in self._camera_values(remaining, *new)),
        )
        self._record(Camera, keys, bulk.CREATED)

    def _camera_values(
        self, keys: Any, site_id: int, site_number: str, row: DatasetRow, first: int, count: int
    ) -> Iterable[list[Any]]:
        """Complete rows for COPY: what the file says, the office's mapping, our defaults for the rest."""
        known = self._row_values(row)
        known |= {"site_id": site_id, "state": CameraState.OPERATING.value}
        template = [known.get(name, default) for name, default in self._defaults]
        sort_prefix = natural_key(f"{site_number}-")
        places = [CAMERA_FIELDS.index(n) for n in ("id", "ordinal", "number", "recording_key", "sort_key")]
        for ordinal in range(first, first + count):
            number = camera_number(site_number, ordinal)
            values = template.copy()
            own = (next(keys), ordinal, number, number, sort_prefix + natural_key(str(ordinal)))
            for place, value in zip(places, own, strict=True):
                values[place] = value
            yield values

    def _row_values(self, row: DatasetRow) -> dict[str, Any]:
        mapping = self.mapping[row.dataset_purpose]
        values = {name: getattr(row, name) for name in (*KIND_FIELDS, *SHARED_FIELDS)}
        return values | {
            "install_purpose": mapping.install_purpose,
            "pipa25_ground": mapping.pipa25_ground,
        }

    def _store_moves(self) -> None:
        bulk.update(Site, MOVED_FIELDS, [(key, *self._place_values(row)) for key, row in self._moved])
        self._record(Site, [key for key, _ in self._moved], bulk.CHANGED)

    def _store_changes(self) -> None:
        """Each camera gets all fields that an import may set: new values where changed, its own elsewhere."""
        new_values: dict[int, dict[str, Any]] = {}
        for change in self._changes:
            for camera in change.plan.standing:
                values = self._new_values(change, camera)
                if values:
                    new_values[camera.id] = values
        revived = [camera.id for change in self._changes for camera in change.plan.revived]
        before = list(Camera.objects.among(revived).order_by("pk")) if revived else []
        rows = []
        shorter: dict[int, periods.Change] = {}
        for key, *current in self._current(list(new_values)):
            standing = dict(zip(CHANGED_FIELDS, current, strict=True))
            values = standing | new_values[key]
            shorter[key] = periods.Change(standing["retention_days"], values["retention_days"])
            rows.append((key, *(values[name] for name in CHANGED_FIELDS)))
        periods.note(shorter, by=self.by, reason=self.reason)
        bulk.update(Camera, CHANGED_FIELDS, rows)
        self._record(Camera, [row[0] for row in rows], bulk.CHANGED)
        self._put_on_record(LifecycleEvent.REVIVE, before)

    def _new_values(self, change: Change, camera: StandingCamera) -> dict[str, Any]:
        row = change.plan.row
        values = {
            name: getattr(row, name) for name in change.fields if camera.shared[name] != getattr(row, name)
        }
        if camera in change.plan.converted:
            values |= {name: getattr(row, name) for name in KIND_FIELDS}
            if camera.kind[0] != row.dataset_purpose:
                mapping = self.mapping[row.dataset_purpose]
                values |= {
                    "install_purpose": mapping.install_purpose,
                    "pipa25_ground": mapping.pipa25_ground,
                }
        if camera in change.plan.revived:
            values |= {"state": CameraState.OPERATING.value, "removed_on": None}
        return values

    def _current(self, keys: list[int]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            part = keys[start : start + _KEYS_PER_QUERY]
            found += Camera.objects.filter(pk__in=part).order_by("pk").values_list("pk", *CHANGED_FIELDS)
        return found

    def _store_removals(self) -> None:
        before = list(Camera.objects.among(self._removed).order_by("pk")) if self._removed else []
        bulk.update(
            Camera,
            ("state", "removed_on"),
            [(key, CameraState.REMOVED.value, self.today) for key in self._removed],
        )
        self._record(Camera, self._removed, bulk.CHANGED)
        self._put_on_record(LifecycleEvent.REMOVE, before)

    def _put_on_record(self, event: LifecycleEvent, before: list[Camera]) -> None:
        """Whoever leaves or enters service does so by an act, also when a file says it."""
        if before:
            lifecycle.record_import(event, before, on=self.today, by=self.by, reason=self.reason)

    @property
    def touched(self) -> int:
        """How many cameras and sites the import wrote; once many, not all of them are remembered."""
        return len(self.touched_cameras) + len(self.touched_sites)

    def _record(self, model: Any, keys: list[int], change: str) -> None:
        if self.touched <= findings.MOST_OF_AN_IMPORT:
            (self.touched_sites if model is Site else self.touched_cameras).update(keys)
        bulk.record_history(model, keys, change, by=self.by, reason=self.reason, group=self.group)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
