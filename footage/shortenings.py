"""보관기간 단축: a shorter period destroys what is there already only at the word of a second person.

Whoever may change the register could else have a camera's footage destroyed within a minute, by a figure, with nobody to
stop it. So what was recorded before the change keeps its former period, which was the lawful one when it was recorded,
and what is recorded since has the new one (`footage.policy`). Nothing is kept longer than it would have been without the
change, so a shortening that nobody confirms needs no end: it lapses with the last file of before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Officer
from cameras import periods
from cameras.models import Camera
from casework import second_person
from footage.errors import Refused
from footage.holds import reference
from footage.models import FootageDay, ShortenedCamera, Shortening, Storage
from footage.policy import maximum_days
from ledger.append import record
from ledger.checks import Fault
from ledger.models import Entry

MADE, CONFIRMED = "footage.period_shortened", "footage.shortening_confirmed"
TITLE = "보관기간 단축"
KEY_GIVEN = "주인 없던 폴더가 같은 녹화 식별자({})를 받은 카메라의 것이 되어, 최대 보관기간을 따르던 영상의 기간이 줄어듦"
# A file that began just before the change ends after it.
LONGEST_FILE = timedelta(days=1)


class Footage(NamedTuple):
    """What a shorter period would make due at once, of the days that are over."""

    files: int
    days: int
    cameras: int

    def __bool__(self) -> bool:
        return self.files > 0

    def __str__(self) -> str:
        return f"카메라 {self.cameras:,}대의 {self.days:,}일치 영상 파일 {self.files:,}개"


def listen() -> None:
    periods.on_shortening("footage.shortenings", _note)


def _note(changes: Mapping[int, periods.Change], by: int | None, reason: str) -> None:
    now = timezone.now()
    made = Shortening.objects.create(at=now, by_id=by, reason=reason.strip()[:500])
    ShortenedCamera.objects.bulk_create(
        [
            ShortenedCamera(
                shortening=made,
                camera_id=camera,
                days_before=change.before,
                days_after=change.after,
                lapses_at=now + timedelta(days=change.before) + LONGEST_FILE,
            )
            for camera, change in changes.items()
        ],
        batch_size=1_000,
    )
    record(
        MADE,
        actor=f"officer:{by}" if by else "system:cameras",
        subject=f"shortening:{made.pk}",
        payload=_payload(made),
    )


def follow_register(storage: Storage) -> None:
    """A folder that nobody claimed has become a camera's by its recording key, however that was written: what is there
    kept the longest period so far. Asked before footage is judged by the register."""
    keys = set(storage.unclaimed.unsettled().values_list("key", flat=True))
    # A recorder with groups may be known by the short key, too.
    keys |= {key.rpartition("/")[2] for key in keys}
    longest = maximum_days()
    claiming = Camera.objects.filter(recording_key__in=keys, retention_days__lt=longest)
    for camera in claiming.order_by("pk") if keys else ():
        change = {camera.pk: periods.Change(longest, camera.retention_days)}
        if not _is_noted(camera, longest):
            with transaction.atomic():
                _note(change, _who_gave_the_key(camera), KEY_GIVEN.format(camera.recording_key))


def _is_noted(camera: Camera, days: int) -> bool:
    """Once for a key: a folder that stays on the list would else keep what is recorded since for the longest, too."""
    of_this_key = Q(shortening__reason=KEY_GIVEN.format(camera.recording_key))
    noted = camera.shortenings.filter(days_before__gte=days)
    return noted.filter(of_this_key | Q(lapses_at__gt=timezone.now())).exists()


def _who_gave_the_key(camera: Camera) -> int | None:
    """Who wrote it; None where a command did."""
    rows = camera.history.order_by("-history_date", "-history_id")
    writer = None
    for key, by in rows.values_list("recording_key", "history_user"):
        if key != camera.recording_key:
            break
        writer = by
    return writer


def confirm(shortening: Shortening, *, by: Officer) -> Shortening:
    """The second person's word: from the next sweep on what was recorded before follows the new period, too."""
    with transaction.atomic():
        current = Shortening.objects.select_for_update().get(pk=shortening.pk)
        if current.confirmed_at is not None:
            raise Refused("이미 확인한 보관기간 단축입니다.")
        if current.by_id and (problem := second_person.problem(current.by_id, by, "보관기간을 줄인")):
            raise Refused(problem)
        found = footage_of(current)
        current.confirmed_at, current.confirmed_by = timezone.now(), by
        current.save(update_fields=["confirmed_at", "confirmed_by"])
        record(
            CONFIRMED,
            actor=reference(by),
            subject=f"shortening:{current.pk}",
            payload=_payload(current) | {"files": found.files, "days": found.days},
        )
    return current


def open_ones(now: datetime | None = None) -> QuerySet[Shortening]:
    """Those that wait for a second person, while something may be left for which it matters."""
    waiting = Shortening.objects.filter(
        confirmed_at__isnull=True, cameras__lapses_at__gt=now or timezone.now()
    )
    return waiting.distinct()


def footage_of(shortening: Shortening) -> Footage:
    """What becomes due at once when it is confirmed: older than the new period, not held, of before the change."""
    by_days: defaultdict[int, list[int]] = defaultdict(list)
    for camera, days in shortening.cameras.values_list("camera", "days_after"):
        by_days[days].append(camera)
    return _sum(
        _due(Camera.objects.among(cameras), days).filter(on__lte=timezone.localdate(shortening.at))
        for days, cameras in by_days.items()
    )


def would_be_due(cameras: QuerySet[Camera], days: int) -> Footage:
    """The same for a change that is only thought of."""
    return _sum([_due(cameras.filter(retention_days__gt=days), days)])


def _due(cameras: QuerySet[Camera], days: int) -> QuerySet[FootageDay]:
    oldest = timezone.localdate() - timedelta(days=days)
    return FootageDay.objects.filter(
        camera__in=cameras.order_by().values("pk"), on__lt=oldest, segments__gt=F("held")
    )


def _sum(parts: Iterable[QuerySet[FootageDay]]) -> Footage:
    sums: Counter[str] = Counter()
    for part in parts:
        found = part.order_by().aggregate(
            files=Sum(F("segments") - F("held")),
            days=Count("on", distinct=True),
            cameras=Count("camera", distinct=True),
        )
        sums["files"] += found["files"] or 0
        sums["cameras"] += found["cameras"]
        sums["days"] = max(sums["days"], found["days"])
    return Footage(sums["files"], sums["days"], sums["cameras"])


def _payload(shortening: Shortening) -> dict[str, object]:
    """How many cameras went from how many days to how many."""
    counts = Counter(shortening.cameras.values_list("days_before", "days_after"))
    return {
        "cameras": counts.total(),
        "periods": [
            f"{before}일 → {after}일: {count}대" for (before, after), count in sorted(counts.items())
        ],
    }


def check_all() -> Iterator[Fault | None]:
    """Whoever may write the database could confirm in another's name, or take a camera out: the ledger says otherwise."""
    lines: dict[str, dict[str, Entry]] = {MADE: {}, CONFIRMED: {}}
    for entry in Entry.objects.of_kind(MADE, CONFIRMED).order_by("sequence"):
        lines[entry.kind][entry.subject] = entry
    rows = {f"shortening:{row.pk}": row for row in Shortening.objects.order_by("pk")}
    for subject, entry in lines[MADE].items():
        yield _fault(rows.get(subject), entry, lines[CONFIRMED].get(subject))
    for subject, row in rows.items():
        if subject not in lines[MADE]:
            yield Fault(f"보관기간 단축 {row.pk}번에 원장 기록이 없습니다.")


def _fault(row: Shortening | None, made: Entry, confirmed: Entry | None) -> Fault | None:
    if row is None:
        return Fault(f"{made.subject}: 보관기간 단축의 기록이 없어졌습니다.", made.sequence)
    said = {name: made.content.get(name) for name in ("cameras", "periods")}
    if said != _payload(row) or made.actor != (f"officer:{row.by_id}" if row.by_id else "system:cameras"):
        return Fault(f"보관기간 단축 {row.pk}번의 내용이 원장과 다릅니다.", made.sequence)
    if (row.confirmed_at is None) != (confirmed is None):
        return Fault(f"보관기간 단축 {row.pk}번의 확인이 원장과 다릅니다.", made.sequence)
    if confirmed is not None and confirmed.actor != f"officer:{row.confirmed_by_id}":
        return Fault(f"보관기간 단축 {row.pk}번을 확인한 사람이 원장과 다릅니다.", confirmed.sequence)
    return None
