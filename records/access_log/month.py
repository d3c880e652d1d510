"""A month of the log as a table of figures, with what it is held against: staff, roster, incidents, cases, cameras.

Texts become codes (an account is a row of `accounts`, and so on) and times seconds since 1970, so that a million rows are
some tens of megabytes and every question is one pass of pandas.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import Q

from cameras.models import Camera
from ordinance import parameters
from records.look_enums import LookCase
from records.models import (
    AccessEvent,
    Act,
    CameraTurn,
    DutyShift,
    FootageLook,
    Incident,
    ProvisionCamera,
    RequestedCamera,
    StaffMember,
)
from records.tabular import SEOUL

# A table or a column of pandas. Its stubs take codes of accounts for dates and intervals; docstrings name the columns.
Frame = Any
AT_ONCE = 100_000
MINUTE, HOUR, DAY = 60, 3_600, 86_400
SEOUL_SECONDS = 9 * HOUR
# Composite keys (place, second): seconds since 1970 stay below this for two centuries.
SPAN = 10_000_000_000
TEXTS = ("account", "camera", "place", "case", "content")
EARTH_METRES = 6_371_000
PREFIX = "access_"
# Where a row is from: the log of the video system, or a look in this system, for a matter or for none.
FROM_LOG, WITH_MATTER, WITHOUT_MATTER = range(3)


@dataclass(frozen=True)
class Figures:
    """The figures of the review, each a parameter of the district with its source; times in seconds."""

    shift_tolerance: int
    incident_before: int
    incident_after: int
    playback_after: int
    near_metres: int
    night_from: int
    night_until: int
    rarity: float
    rest_rows: int
    return_after: int
    clock_tolerance: int
    silence: int
    same_camera_least: int
    export_least: int
    bulk_least: int

    @classmethod
    def on(cls, day: datetime.date) -> "Figures":
        units = {
            "access_shift_tolerance_minutes": MINUTE,
            "access_incident_before_minutes": MINUTE,
            "access_incident_after_minutes": MINUTE,
            "access_playback_after_hours": HOUR,
            "access_near_metres": 1,
            "access_night_from": 1,
            "access_night_until": 1,
            "access_rarity": 1,
            "access_rest_rows": 1,
            "access_return_after_minutes": MINUTE,
            "access_clock_tolerance_minutes": MINUTE,
            "access_silence_minutes": MINUTE,
            "access_same_camera_least": 1,
            "access_export_least_minutes": MINUTE,
            "access_bulk_least": 1,
        }
        found = parameters.snapshot(day, codes=list(units))
        return cls(
            **{
                code.removeprefix(PREFIX).removesuffix("_minutes").removesuffix("_hours"): int(
                    found[code].value
                )
                * unit
                for code, unit in units.items()
            }
        )


@dataclass
class Month:
    """`events` in the order of time: at, account, act, camera, place, case, content, start, end, own (where the row is
    from); beside them what `explaining` works out. `numbers` holds the event numbers as texts, `keys` the rows' keys:
    of `AccessEvent`, and negative ones of `FootageLook`."""

    start: datetime.date
    figures: Figures
    events: Frame
    numbers: np.ndarray[Any, Any]
    accounts: list[str]
    cameras: list[str]
    places: list[str]
    cases: list[str]
    contents: list[str]
    keys: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([], np.int64))
    staff: dict[str, list[StaffMember]] = field(default_factory=dict)
    # Per account code the merged shifts, as starts and ends.
    shifts: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    duty_from: int | None = None
    duty_until: int | None = None
    incidents: Frame = field(default_factory=pd.DataFrame)
    # What requests and provisions ask for: case number, camera, from, until.
    asked: Frame = field(default_factory=pd.DataFrame)
    register: Frame = field(default_factory=pd.DataFrame)
    # Turns that operators wrote down with their reason: account, camera, from, until.
    turns: Frame = field(default_factory=pd.DataFrame)
    # Numbered rows by series, once `rules.log` has asked for them.
    series: list[Frame] | None = None
    # Questions that the month's records cannot answer, with the reason.
    not_known: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return seconds(datetime.datetime.combine(self.start, datetime.time(), SEOUL))

    def acts(self, *acts: Act) -> Frame:
        return self.events["act"].isin([Act.values.index(act) for act in acts])

    def holder(self, account: int, at: int | None = None) -> StaffMember | None:
        """Whose account it is (at that second, where it had several holders)."""
        held = self.staff.get(self.accounts[account], [])
        if at is not None:
            day = datetime.datetime.fromtimestamp(at, SEOUL).date()
            held = [staff for staff in held if staff.is_employed(day)] or held
        return held[-1] if held else None


def seconds(at: datetime.datetime) -> int:
    return int(at.timestamp())


def bounds(year: int, month: int) -> tuple[datetime.datetime, datetime.datetime]:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    midnight = datetime.time(tzinfo=SEOUL)
    return (
        datetime.datetime.combine(datetime.date(year, month, 1), midnight),
        datetime.datetime.combine(following, midnight),
    )


def load(year: int, month: int) -> Month:
    start, end = bounds(year, month)
    staff = _staff()
    found = _events(start, end, staff)
    found.staff = staff
    found.register = _register()
    _shifts(found, start, end)
    found.incidents = _incidents(start, end)
    found.asked = _asked()
    found.turns = _turns(start, end, found.figures)
    _place_events(found)
    return found


def _events(
    start: datetime.datetime, end: datetime.datetime, staff: Mapping[str, list[StaffMember]]
) -> Month:
    codes: dict[str, dict[str, int]] = {name: {"": 0} for name in TEXTS}
    acts = {act: place for place, act in enumerate(Act.values)}
    parts, numbers, keys = [], [], []
    for own, rows in _portions(start, end, staff):
        key, number, at, account, act, camera, place, case, content, begin, until = zip(*rows, strict=True)
        texts = dict(zip(TEXTS, (account, camera, place, case, content), strict=True))
        columns: dict[str, Any] = {
            name: np.fromiter(
                (codes[name].setdefault(text, len(codes[name])) for text in column), np.int32, len(rows)
            )
            for name, column in texts.items()
        }
        parts.append(
            pd.DataFrame(
                {
                    "at": np.array(at, np.int64),
                    "act": np.fromiter(map(acts.__getitem__, act), np.int8, len(rows)),
                    **columns,
                    "start": np.array(begin, np.float64),
                    "end": np.array(until, np.float64),
                    "own": np.full(len(rows), own, np.int8),
                }
            )
        )
        numbers.append(np.array(number, object))
        keys.append(np.array(key, np.int64))
    names = ("at", "act", *TEXTS, "start", "end", "own")
    events = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame({name: np.array([], np.int64) for name in names})
    )
    order = np.argsort(events["at"].to_numpy(), kind="stable")
    return Month(
        start=start.date(),
        figures=Figures.on(start.date()),
        events=events.iloc[order].reset_index(drop=True),
        numbers=np.concatenate(numbers)[order] if numbers else np.array([], object),
        keys=np.concatenate(keys)[order] if keys else np.array([], np.int64),
        accounts=list(codes["account"]),
        cameras=list(codes["camera"]),
        places=list(codes["place"]),
        cases=list(codes["case"]),
        contents=list(codes["content"]),
    )


def _portions(
    start: datetime.datetime, end: datetime.datetime, staff: Mapping[str, list[StaffMember]]
) -> Iterator[tuple[int, list[Any]]]:
    for rows in _rows(start, end):
        yield FROM_LOG, rows
    accounts = {
        member.officer_id: account
        for account, members in staff.items()
        for member in members
        if member.officer_id
    }
    for own, rows in _looks(start, end, accounts).items():
        if rows:
            yield own, rows


def _looks(
    start: datetime.datetime, end: datetime.datetime, accounts: Mapping[int, str]
) -> dict[int, list[Any]]:
    """Looks in this system of which something was read, as rows of playback; the door saw their matter, if there was one.

    Their numbers end with no digit, since those that nobody read would be gaps.
    """
    found: dict[int, list[Any]] = {WITH_MATTER: [], WITHOUT_MATTER: []}
    looks = FootageLook.objects.filter(granted_at__gte=start, granted_at__lt=end).exclude(read=[])
    for look in looks.select_related("officer", "camera", "hold").order_by("granted_at", "pk").iterator():
        has_matter = look.case_kind != LookCase.HOLD or bool(look.hold.case_reference)
        account = accounts.get(look.officer_id, look.officer.username)
        begin, until = look.read_from or look.from_at, look.read_until or look.until_at
        found[WITH_MATTER if has_matter else WITHOUT_MATTER].append(
            (
                -look.pk, f"재생 {look.pk}번", seconds(look.granted_at), account, Act.PLAYBACK, look.camera.number, "", "", "",
                seconds(begin), seconds(until),
            )
        )  # fmt: skip
    return found


def _rows(start: datetime.datetime, end: datetime.datetime) -> Iterator[list[Any]]:
    """In portions. Whole seconds are taken in the database: a million objects of time would cost more than the rest."""
    if connection.vendor == "postgresql":
        second = "CAST(FLOOR(EXTRACT(EPOCH FROM {0})) AS bigint)".format
        limits: list[Any] = [start, end]
    else:
        second = "CAST(strftime('%%s', {0}) AS INTEGER)".format
        limits = [str(each.astimezone(datetime.UTC).replace(tzinfo=None)) for each in (start, end)]
    table = AccessEvent._meta.db_table
    query = (
        f"SELECT id, number, {second('at')}, account, act, camera, place, case_number, content, "  # noqa: S608
        f"{second('target_from')}, {second('target_until')} FROM {table} WHERE at >= %s AND at < %s ORDER BY at, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, limits)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


def _staff() -> dict[str, list[StaffMember]]:
    found: dict[str, list[StaffMember]] = {}
    for staff in (
        StaffMember.objects.exclude(account="").select_related("contract").order_by("starts_on", "pk")
    ):
        found.setdefault(staff.account, []).append(staff)
    return found


def _register() -> Frame:
    rows = Camera.objects.order_by("pk").values_list(
        "pk", "number", "recording_key", "site_id", "site__number", "site__latitude", "site__longitude",
        "site__road_address", "site__lot_address",
    )  # fmt: skip
    names = ["id", "number", "key", "site", "site_number", "latitude", "longitude", "road", "lot"]
    frame = pd.DataFrame.from_records(list(rows.iterator()), columns=names)
    for name in ("latitude", "longitude"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype(float)
    return frame


def _shifts(month: Month, start: datetime.datetime, end: datetime.datetime) -> None:
    """Those that were stood, merged per account, with the tolerance at both ends."""
    day = datetime.timedelta(days=1)
    shifts = (
        DutyShift.objects.served().between(start - day, end + day).select_related(None).order_by("starts_at")
    )
    by_staff: dict[int, list[tuple[int, int]]] = {}
    for staff, begin, until in shifts.values_list("staff_id", "starts_at", "ends_at"):
        by_staff.setdefault(staff, []).append((seconds(begin), seconds(until)))
    if not by_staff:
        return
    month.duty_from = min(begin for periods in by_staff.values() for begin, _ in periods)
    month.duty_until = max(until for periods in by_staff.values() for _, until in periods)
    tolerance = month.figures.shift_tolerance
    codes = {account: code for code, account in enumerate(month.accounts)}
    for account, held in month.staff.items():
        periods = sorted(period for staff in held for period in by_staff.get(staff.pk, ()))
        if periods and account in codes:
            merged = list(_merged(periods, tolerance))
            month.shifts[codes[account]] = (
                np.array([begin for begin, _ in merged]),
                np.array([until for _, until in merged]),
            )


def _merged(periods: list[tuple[int, int]], tolerance: int) -> Iterator[tuple[int, int]]:
    begin, until = periods[0][0] - tolerance, periods[0][1] + tolerance
    for start, end in periods[1:]:
        if start - tolerance <= until:
            until = max(until, end + tolerance)
        else:
            yield begin, until
            begin, until = start - tolerance, end + tolerance
    yield begin, until


def _incidents(start: datetime.datetime, end: datetime.datetime) -> Frame:
    """All of them: a look of this month may cite a case of an earlier one."""
    rows = Incident.objects.filter(noticed_at__lt=end).order_by("noticed_at", "pk")
    values = rows.values_list("number", "noticed_at", "camera_id", "camera__site_id")
    frame = pd.DataFrame.from_records(
        [(number, seconds(at), camera or -1, site or -1) for number, at, camera, site in values.iterator()],
        columns=["number", "at", "id", "site"],
    )
    return frame


def _asked() -> Frame:
    standing = Q(dropped_at__isnull=True)
    rows = [
        (number, camera, site, seconds(begin), seconds(until))
        for number, camera, site, begin, until in [
            *RequestedCamera.objects.filter(standing).values_list(
                "request__receipt_number", "camera_id", "camera__site_id", "from_at", "until_at"
            ),
            *ProvisionCamera.objects.filter(standing).values_list(
                "provision__number", "camera_id", "camera__site_id", "from_at", "until_at"
            ),
        ]
    ]
    return pd.DataFrame.from_records(rows, columns=["number", "id", "site", "from", "until"])


def _turns(start: datetime.datetime, end: datetime.datetime, figures: Figures) -> Frame:
    """The operator's own entry explains what the log has of it, from the turn to the turning back."""
    day = datetime.timedelta(days=1)
    rows = CameraTurn.objects.filter(turned_at__gte=start - day, turned_at__lt=end, staff__isnull=False)
    return pd.DataFrame.from_records(
        [
            (
                account,
                camera,
                seconds(turned) - figures.clock_tolerance,
                (seconds(returned) if returned else seconds(turned) + figures.return_after)
                + figures.clock_tolerance,
            )
            for account, camera, turned, returned in rows.values_list(
                "staff__account", "camera_id", "turned_at", "returned_at"
            ).order_by("turned_at")
        ],
        columns=["account", "id", "from", "until"],
    )


def _place_events(month: Month) -> None:
    """Which camera and which place of the register each row means; -1 where the register has none of that name."""
    ids, sites = _of_names(month.register)
    codes = month.events["camera"].to_numpy()
    month.events["id"] = np.array([ids.get(name, -1) for name in month.cameras], np.int64)[codes]
    month.events["site"] = np.array([sites.get(name, -1) for name in month.cameras], np.int64)[codes]


def _of_names(register: Frame) -> tuple[Mapping[str, int], Mapping[str, int]]:
    ids: dict[str, int] = {}
    sites: dict[str, int] = {}
    single = register["site"].map(register["site"].value_counts()).eq(1)
    for row, alone in zip(register.itertuples(), single, strict=True):
        sites.setdefault(row.site_number, row.site)
        if alone:
            ids.setdefault(row.site_number, row.id)
        for name in (row.key, row.number):
            if name:
                ids[name], sites[name] = row.id, row.site
    return ids, sites


def metres(latitude: Any, longitude: Any, other_latitude: Any, other_longitude: Any) -> Any:
    """Distance on the ground; close enough within a city."""
    north = np.radians(latitude - other_latitude)
    east = np.radians(longitude - other_longitude) * np.cos(np.radians(latitude))
    return EARTH_METRES * np.hypot(north, east)
