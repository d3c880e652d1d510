"""Bringing a file of the national dataset into the register: judge all, then write all, in one transaction.

The file is judged first and as a whole (`standard_dataset`). Then sites pass in batches: what stands in the
register is fetched, what the rows mean for it is worked out (`reconciling`), and a writer stores it in bulk with
history. A dry run takes the same way with a writer that stores nothing, so its figures are those of the real run.
An import never touches what the dataset does not carry, nor sites that the file lacks.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.korean import josa
from cameras import bulk, dataset_notices, findings
from cameras.dataset_groups import KIND_FIELDS, SHARED_FIELDS, shared_value
from cameras.dataset_notices import Notice
from cameras.dataset_text import address, folded, tidy
from cameras.models import Camera, Site
from cameras.numbering import place_key
from cameras.reconciling import StandingCamera, reconcile
from cameras.register_writing import Change, RegisterWriter
from cameras.standard_dataset import (
    KIND,
    Dataset,
    DatasetRow,
    Progress,
    Refusal,
    RowCheck,
    RowError,
    read,
    retention_check,
)
from ledger import append
from ordinance import parameters

LEDGER_KIND = "cameras.imported"
SITES_PER_BATCH = 2_000
CAMERAS_PER_BATCH = 10_000
# So many cameras into an empty register are a first load of many districts.
FIRST_LOAD = 50_000
# So many changed cells are told one by one.
MOST_CHANGES = 200


@dataclass(slots=True)
class ImportResult:
    """`created`, `updated`, `unchanged`, `rejected` count rows; `sites`, `cameras` what the accepted rows describe."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    sites: int = 0
    cameras: int = 0
    cameras_added: int = 0
    cameras_removed: int = 0
    left_out: int = 0  # good rows that an option left out
    warnings: list[Notice] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    digest: str = ""
    is_stored: bool = False
    ledger_entry: int | None = None
    # The first cells of standing cameras that the file changes, in the order of the file.
    changes: list[dict[str, str]] = field(default_factory=list)
    dataset: Dataset | None = field(default=None, repr=False)

    @property
    def is_refused(self) -> bool:
        """Nothing could be accepted: a row is wrong and nobody asked to leave it out, or no row is right."""
        return self.rejected > 0 and self.created + self.updated + self.unchanged == 0

    @property
    def is_empty(self) -> bool:
        """The file has the columns and not one row."""
        return self.dataset is not None and not self.rejected and not self.dataset.accepted

    def figures(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "sites": self.sites,
            "cameras": self.cameras,
            "cameras_added": self.cameras_added,
            "cameras_removed": self.cameras_removed,
        }

    def as_json(self, errors: int | None = None) -> dict[str, Any]:
        """The result as JSON, with all listed errors or the first so many."""
        return {
            **self.figures(),
            "stored": self.is_stored,
            "sha256": self.digest,
            "ledger_entry": self.ledger_entry,
            "left_out": self.left_out,
            "warnings": [notice.as_json() for notice in self.warnings],
            "changes": self.changes,
            "error_count": self.error_count,
            "errors": [error.as_json() for error in self.errors[:errors]],
        }


@dataclass(slots=True)
class StandingSite:
    """A site of the register with its cameras, as an import sees it."""

    id: int
    institution_id: int
    road_address: str
    lot_address: str
    latitude: Any
    longitude: Any
    cameras: list[StandingCamera] = field(default_factory=list)
    # Found by place: the cameras of its purpose and month (of poles at one address: of its direction) that a row means.
    scope: frozenset[int] | None = None

    @property
    def is_scoped(self) -> bool:
        return self.scope is not None


def import_file(
    path: str | Path,
    *,
    dry_run: bool = False,
    skip_invalid: bool = False,
    actor: str = "system:import",
    progress: Progress | None = None,
    name: str = "",
    newest_only: bool = False,
    retention_if_unknown: int | None = None,
    keep: Callable[[ImportResult], None] | None = None,
) -> ImportResult:
    """Import a file, all or nothing; with `skip_invalid` all rows that are right.

    `newest_only` takes the newest upload of each place where a file holds several, `retention_if_unknown` is the
    period of cameras for which the file does not know it.
    `name` is what people call the file, where its path is only a copy's. `keep` stores what came of it, together with it.
    """
    dataset = read(
        path,
        checks=register_checks(),
        progress=progress,
        newest_only=newest_only,
        retention_if_unknown=retention_if_unknown,
    )
    result = ImportResult(
        rejected=len(dataset.rejected_rows),
        errors=dataset.errors,
        error_count=dataset.error_count,
        digest=dataset.table.digest,
        dataset=dataset,
        left_out=len(dataset.uploads.superseded) if newest_only else 0,
        warnings=dataset_notices.of_file(dataset),
    )
    if (result.rejected and not skip_invalid) or not dataset.accepted:
        if keep is not None:
            keep(result)
        return result
    result.sites, result.cameras = dataset.sites, dataset.cameras
    with bulk.statistics_after(), transaction.atomic():
        bulk.hold_register_lock()
        writer = RegisterWriter(
            fields=dataset.fields,
            by=officer_id(actor),
            reason=f"표준데이터 가져오기: {name or dataset.table.name}{_assumed(dataset)}",
            group=uuid.uuid4(),
            is_rehearsal=dry_run,
        )
        work = _Import(dataset, writer, result, progress)
        worth_it = work.is_first and dataset.cameras >= FIRST_LOAD and not dry_run
        with bulk.indexes_made_afterwards(worth_it=worth_it):
            work.run()
        result.warnings += work.notices()
        if not dry_run:
            findings.follow_import(writer.touched_cameras, writer.touched_sites)
            entry = append.record(
                LEDGER_KIND,
                actor=actor,
                subject="register",
                payload={
                    "file_sha256": result.digest,
                    "group": writer.group.hex,
                    **result.figures(),
                    **_options(dataset, result),
                },
            )
            result.is_stored, result.ledger_entry = True, entry.sequence
        if keep is not None:
            keep(result)
    return result


def _assumed(dataset: Dataset) -> str:
    if not dataset.unknown_periods or dataset.assumed_period is None:
        return ""
    return f" (보관일수를 모르는 {dataset.unknown_periods:,}행에 {dataset.assumed_period}일)"


def _options(dataset: Dataset, result: ImportResult) -> dict[str, int]:
    """What a person decided for the file, where it made a difference."""
    options = {"left_out": result.left_out} if result.left_out else {}
    if dataset.unknown_periods and dataset.assumed_period is not None:
        options |= {
            "retention_assumed": dataset.assumed_period,
            "retention_assumed_rows": dataset.unknown_periods,
        }
    return options


def officer_id(actor: str) -> int | None:
    kind, _, key = actor.partition(":")
    return int(key) if kind == "officer" and key.isdigit() else None


# Checks that need the register


def register_checks() -> tuple[RowCheck, ...]:
    maximum = parameters.value("retention_max_days")
    excepted = _excepted_kinds(int(maximum.value))
    keys = _foreign_keys()

    def is_excepted(row: DatasetRow) -> bool:
        """With a kind that could not be read whole, what could be read of it decides."""
        kinds = excepted.get(row.number, set()) | excepted.get(row.place, set())
        if row.has_read(KIND):
            return row.kind in kinds
        known = [place for place, name in enumerate(KIND_FIELDS) if name not in row.unread]
        return any(all(kind[place] == row.kind[place] for place in known) for kind in kinds)

    def key_check(row: DatasetRow) -> Iterator[Refusal]:
        for ordinal, owner in keys.get(row.number, ()):
            if ordinal <= row.count:
                yield Refusal(
                    "number",
                    f"카메라 번호 {row.number}-{ordinal}{josa(ordinal, '을/를')} 카메라 {owner}{josa(owner, '이/가')} 녹화 식별자로 쓰고 있습니다.",
                    "그 카메라의 녹화 식별자를 먼저 바꾸세요.",
                )

    checks = [retention_check(int(maximum.value), maximum.citation, is_excepted)]
    if keys:
        checks.append(RowCheck(frozenset({"number", "count"}), key_check))
    return tuple(checks)


def _excepted_kinds(maximum: int) -> dict[Any, set[tuple[Any, ...]]]:
    """Cameras that may keep longer, since a law says so: by number, and by place for rows without one."""
    kinds: dict[Any, set[tuple[Any, ...]]] = {}
    over = Camera.objects.in_dataset().over_retention(maximum).with_retention_ground(timezone.localdate())
    for camera in over.select_related("site__institution").order_by("pk"):
        site = camera.site
        kind = (camera.dataset_purpose, camera.pixel_10k, camera.retention_days, camera.installed_month)
        addresses = (address(site.road_address), address(site.lot_address))
        place = (folded(site.institution.name), *addresses, site.latitude, site.longitude)
        for key in (site.number, place):
            kinds.setdefault(key, set()).add(kind)
    return kinds


def _foreign_keys() -> dict[str, list[tuple[int, str]]]:
    """Camera numbers that serve another camera as recording key: that number cannot become a new camera."""
    keys: dict[str, list[tuple[int, str]]] = {}
    custom = Camera.objects.with_own_recording_key().order_by("pk").values_list("recording_key", "number")
    for key, owner in custom:
        site_number, _, ordinal = key.rpartition("-")
        if ordinal.isdigit() and len(ordinal) < 6 and not Camera.objects.filter(number=key).exists():
            keys.setdefault(site_number, []).append((int(ordinal), owner))
    return keys


# The way through the file


class _Import:
    def __init__(
        self, dataset: Dataset, writer: RegisterWriter, result: ImportResult, progress: Progress | None
    ) -> None:
        self.dataset = dataset
        self.writer = writer
        self.result = result
        self.progress = progress
        self.done = 0
        self.is_first = not Site.objects.exists()
        # Rows without 관리번호 may mean the same numbered site more than once.
        self.next_ordinals: dict[int, int] = {}
        # Which cameras of which standing site a row without 관리번호 has already been taken for.
        self.claimed: set[tuple[Any, ...]] = set()
        self.known_places = 0
        # New places that the file gives no 관리번호, and numbers of standing ones at the same address.
        self.unnumbered = 0
        self.beside: list[str] = []
        self.purposes: Counter[str] = Counter()
        self.known_institutions = list(writer.institutions)

    def notices(self) -> list[Notice]:
        found = []
        if new := self.writer.new_institutions:
            found.append(dataset_notices.of_institutions(new, [*self.known_institutions, *new]))
        if self.known_places:
            found.append(dataset_notices.of_standing(self.known_places))
        if self.unnumbered:
            found.append(dataset_notices.of_unnumbered(self.unnumbered, self.beside))
        return [*found, *dataset_notices.of_purposes(self.purposes, self.writer.mapping)]

    def run(self) -> None:
        for batch in _batches(self.dataset.rows_by_site()):
            self.writer.know_institutions(rows[0].institution for rows in batch)
            standing = {} if self.is_first else self._standing(batch)
            for rows in batch:
                self.purposes.update(row.dataset_purpose for row in rows)
                self._take(rows, standing.get(rows[0].number))
            self.writer.flush()
            self.done += sum(len(rows) for rows in batch)
            if self.progress:
                step = "대장과 견줌" if self.writer.is_rehearsal else "대장에 저장"
                self.progress(self.done, self.dataset.accepted, step)

    def _standing(self, batch: list[list[DatasetRow]]) -> dict[str, StandingSite]:
        found = _sites_by_number([rows[0].number for rows in batch])
        numberless = [rows[0] for rows in batch if rows[0].is_numberless and rows[0].number not in found]
        if numberless:
            found |= self._found_by_place(numberless)
            self.beside += _numbers_at([row for row in numberless if row.number not in found])
        self.known_places += self._standing_under_other_numbers(
            [rows[0] for rows in batch if not rows[0].is_numberless and rows[0].number not in found]
        )
        return found

    def _by_place(self, rows: list[DatasetRow]) -> dict[str, list[DatasetRow]]:
        keys: dict[str, list[DatasetRow]] = {}
        for row in rows:
            institution = self.writer.institutions.get(row.institution)
            if institution is not None:
                place = (row.road_address, row.lot_address, row.latitude, row.longitude)
                keys.setdefault(place_key(institution, *place), []).append(row)
        return keys

    def _found_by_place(self, rows: list[DatasetRow]) -> dict[str, StandingSite]:
        """Sites that a row without 관리번호 means: same place, a camera of its purpose and month.

        Of several poles at one address first those whose direction stands in the register, then what is left.
        """
        keys = self._by_place(rows)
        sites = [each for each in _sites_at(list(keys)) if not self.dataset.names(each[1])]
        found: dict[str, StandingSite] = {}
        for is_by_direction in (True, False):
            for key, _, site in sites:
                for row in keys[key]:
                    if row.number not in found and (scope := self._claim(row, site, is_by_direction)):
                        found[row.number] = replace(site, scope=scope)
        return found

    def _claim(self, row: DatasetRow, site: StandingSite, is_by_direction: bool) -> frozenset[int]:
        meant = [camera for camera in site.cameras if _is_meant(row, camera)]
        beside = self.dataset.directions_beside(row)
        alike = [camera for camera in meant if _direction(camera) == row.filming_direction]
        if is_by_direction:
            meant = (alike if beside else meant) if alike else []
        elif beside:
            meant = [camera for camera in meant if _direction(camera) not in beside]
        claims = {(row.dataset_purpose, row.installed_month, camera.id) for camera in meant}
        if not claims or not self.claimed.isdisjoint(claims):
            return frozenset()
        self.claimed |= claims
        return frozenset(camera.id for camera in meant)

    def _standing_under_other_numbers(self, rows: list[DatasetRow]) -> int:
        """New sites where the register has one of another number: districts number anew with each upload."""
        keys = self._by_place(rows)
        doubled = set()
        for key, number, site in _sites_at(list(keys)) if keys else ():
            if not self.dataset.names(number):
                doubled |= {
                    row.number
                    for row in keys[key]
                    if any(
                        camera.is_listed
                        and camera.kind[0] == row.dataset_purpose
                        and _direction(camera) == row.filming_direction
                        for camera in site.cameras
                    )
                }
        return len(doubled)

    def _take(self, rows: list[DatasetRow], site: StandingSite | None) -> None:
        if site is None:
            self.unnumbered += rows[0].is_numberless
            self.writer.add_site(rows)
            self.result.created += len(rows)
            self.result.cameras_added += sum(row.count for row in rows)
            return
        _keep_known_periods(rows, site)
        site_changed = self._settle_place(rows[0], site)
        cameras = site.cameras
        if site.scope is not None:
            cameras = [camera for camera in cameras if camera.id in site.scope]
        plan = reconcile(rows, cameras, self.dataset.rejected.concerning(rows[0]))
        next_ordinal = max(
            self.next_ordinals.get(site.id, 1), *(camera.ordinal + 1 for camera in site.cameras), 1
        )
        for row_plan in plan.rows:
            change = Change(row_plan, _changed_fields(row_plan, self.dataset.fields))
            if row_plan.added:
                number = rows[0].number if not site.is_scoped else self.writer.number_of(site.id)
                self.writer.add_cameras(site.id, number, row_plan.row, next_ordinal, row_plan.added)
                next_ordinal += row_plan.added
                self.result.cameras_added += row_plan.added
            self.writer.change_cameras(change)
            self._tell(rows[0].number, change)
            self._count(change, is_touched=site_changed or bool(plan.removed and row_plan is plan.rows[0]))
        self.next_ordinals[site.id] = next_ordinal
        self.writer.remove_cameras(plan.removed)
        self.result.cameras_added += sum(len(row_plan.revived) for row_plan in plan.rows)
        self.result.cameras_removed += len(plan.removed)

    def _tell(self, site: str, change: Change) -> None:
        """What stood there and what will: for people who look before anything is stored."""
        if len(self.result.changes) >= MOST_CHANGES:
            return
        row, cells = change.plan.row, []
        for camera in change.plan.converted:
            pairs = zip(KIND_FIELDS, camera.kind, row.kind, strict=True)
            cells += [(name, old, new) for name, old, new in pairs if old != new]
        standing = change.plan.standing
        cells += [
            (name, shared_value(name, [camera.shared[name] for camera in standing]), getattr(row, name))
            for name in change.fields
        ]
        for name, old, new in dict.fromkeys(cells):
            if len(self.result.changes) < MOST_CHANGES:
                told = {
                    "column": self.dataset.header.label(name),
                    "old": _in_words(old),
                    "new": _in_words(new),
                }
                self.result.changes.append({"row": str(row.row), "site": site, **told})

    def _settle_place(self, row: DatasetRow, site: StandingSite) -> bool:
        institution = self.writer.institutions[row.institution]
        same_place = (
            (
                site.institution_id == institution
                or self.writer.institution_names.get(site.institution_id) == row.institution
            )
            and site.latitude == row.latitude
            and site.longitude == row.longitude
            and (site.road_address == row.road_address or address(site.road_address) == row.road_address)
            and (site.lot_address == row.lot_address or address(site.lot_address) == row.lot_address)
        )
        if not same_place:
            self.writer.move_site(site.id, row)
        return not same_place

    def _count(self, change: Change, *, is_touched: bool) -> None:
        plan = change.plan
        if not plan.standing:
            self.result.created += 1
        elif is_touched or plan.added or plan.converted or plan.revived or change.fields:
            self.result.updated += 1
        else:
            self.result.unchanged += 1


def _in_words(value: Any) -> str:
    return "" if value is None else str(value)


def _is_meant(row: DatasetRow, camera: StandingCamera) -> bool:
    return camera.kind[0] == row.dataset_purpose and camera.kind[3] == row.installed_month


def _direction(camera: StandingCamera) -> str:
    return tidy(camera.shared["filming_direction"])


def _keep_known_periods(rows: list[DatasetRow], site: StandingSite) -> None:
    """Where the file does not know the period and the register does, the register's stays."""
    kinds = {row.kind for row in rows}
    for row in rows:
        if not row.has_assumed_retention:
            continue
        purpose, pixels, _, month = row.kind
        known = {
            camera.kind[2]
            for camera in site.cameras
            if camera.is_listed
            and (camera.kind[0], camera.kind[1], camera.kind[3]) == (purpose, pixels, month)
        }
        if len(known) == 1 and (purpose, pixels, *known, month) not in kinds:
            row.retention_days = known.pop()


def _changed_fields(plan: Any, carried: frozenset[str]) -> list[str]:
    """Which shared fields of the standing cameras the row changes."""
    if not plan.standing:
        return []
    is_joined = bool(plan.converted or plan.revived or plan.added)
    changed = []
    for name in SHARED_FIELDS:
        if name not in carried:
            continue
        wanted = getattr(plan.row, name)
        values = [camera.shared[name] for camera in plan.standing]
        if all(value == wanted for value in values):
            continue
        if is_joined or shared_value(name, values) != wanted:
            changed.append(name)
    return changed


def _batches(groups: Iterable[list[DatasetRow]]) -> Iterator[list[list[DatasetRow]]]:
    batch: list[list[DatasetRow]] = []
    cameras = 0
    for rows in groups:
        batch.append(rows)
        cameras += sum(row.count for row in rows)
        if len(batch) >= SITES_PER_BATCH or cameras >= CAMERAS_PER_BATCH:
            yield batch
            batch, cameras = [], 0
    if batch:
        yield batch


# What stands

_SITE_COLUMNS = (
    "number",
    "place_key",
    "id",
    "institution_id",
    "road_address",
    "lot_address",
    "latitude",
    "longitude",
)


def _sites_by_number(numbers: list[str]) -> dict[str, StandingSite]:
    rows = Site.objects.filter(number__in=numbers).order_by("pk").values_list(*_SITE_COLUMNS)
    sites = {number: StandingSite(*values) for number, _, *values in rows}
    _fetch_cameras(sites.values())
    return sites


def _sites_at(place_keys: list[str]) -> list[tuple[str, str, StandingSite]]:
    rows = Site.objects.filter(place_key__in=place_keys).order_by("pk").values_list(*_SITE_COLUMNS)
    sites = [(key, number, StandingSite(*values)) for number, key, *values in rows]
    _fetch_cameras(site for _, _, site in sites)
    return sites


def _numbers_at(rows: list[DatasetRow]) -> list[str]:
    """Of standing sites at the addresses of these rows, whatever stands there."""
    road = {row.road_address for row in rows if row.road_address}
    lot = {row.lot_address for row in rows if row.lot_address}
    at = Q(road_address__in=road) | Q(road_address="", lot_address__in=lot)
    return list(Site.objects.filter(at).order_by("pk").values_list("number", flat=True)) if rows else []


def _fetch_cameras(sites: Iterable[StandingSite]) -> None:
    by_id = {site.id: site for site in sites}
    columns = (
        "site_id",
        "id",
        "ordinal",
        "state",
        "is_sign_exempt",
        "dataset_purpose",
        "pixel_10k",
        "retention_days",
        "installed_month",
        *SHARED_FIELDS,
    )
    rows = Camera.objects.filter(site_id__in=list(by_id)).order_by("site_id", "ordinal").values_list(*columns)
    for site_id, key, ordinal, state, is_exempt, purpose, pixels, retention, month, *shared in rows:
        by_id[site_id].cameras.append(
            StandingCamera(
                key,
                ordinal,
                state,
                is_exempt,
                (purpose, pixels, retention, month),
                dict(zip(SHARED_FIELDS, shared, strict=True)),
            )
        )
