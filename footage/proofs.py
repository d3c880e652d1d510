"""일일 파기 확인: per camera and day, the oldest footage allowed, the oldest found, what was destroyed, what is held.

A proof is made from what a scan found on the disks, not from what sweeps say they did, and judged by what was in force
on its day, up to the scan: a hold excuses footage that it found within its period, or that it covered since the day
began; a period counts for as long as it applied. So nothing that is done today makes yesterday, or this morning, lawful.

There are four classes, and none stands in for another: footage was looked at and nothing in it was overdue
(`IN_ORDER`), something was (`NOT_IN_ORDER`), there was nothing to look at (`NOT_SEEN`: no footage found, held footage
gone, a storage absent or not read), or nobody looked (no row). A held file hides no other one: every unheld file counts.

A day may be looked at several times. Each look that said otherwise than the one before it stays in the proof, and a day
on which something overdue was seen once is not in order, whatever was seen later.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Min, QuerySet
from django.utils import timezone

from cameras.models import Camera
from footage.errors import UnusableInput
from footage.instants import SEOUL
from footage.layouts import SECOND, instant
from footage.models import DailyProof, FootageDay, Hold, ManifestBlock, ShortenedCamera, Storage

Result = DailyProof.Result
# A sweep runs every minute, and a scan takes its time: what is this much too old is not just on its way out.
GRACE = timedelta(minutes=15)
# A proof needs a scan of that day or of the hours before.
FRESH_SCAN = timedelta(hours=26)
# A proof of a day that is over can be caught up on the next day; later ones would say nothing of that day.
LATEST = timedelta(days=1)
CAMERAS_AT_ONCE = 2_000
NOTHING_FOUND = "이 카메라의 영상을 찾지 못해 살펴볼 것이 없었습니다."
NOTHING_LEFT = "그날 파기한 뒤에 남은 영상이 없어 살펴볼 것이 없었습니다."
HELD_BUT_GONE = "유예된 영상이 파기 기록 없이 사라져 볼 수 없습니다."
NOT_READ_THAT_DAY = "그날이나 그 뒤에 저장소를 확인하지 않았습니다."


class Destroyed(NamedTuple):
    files: int
    from_at: datetime
    until_at: datetime


class Look(NamedTuple):
    """What the scans tell: which storages were read lately, what keeps the look from being whole; of which day, up to
    when, it is taken."""

    storages: frozenset[int]
    trouble: str
    segment: timedelta
    began_at: datetime
    as_of: datetime


class Kept(NamedTuple):
    """Footage of before `at` kept a period of so many days from then until an instant, although a shorter one was set."""

    at: datetime
    until_at: datetime
    days: int


class Applied(NamedTuple):
    """A period of so many days applied from an instant until another."""

    begun_at: datetime
    until_at: datetime
    days: int


def prove(on: date | None = None, *, now: datetime | None = None) -> Counter[str]:
    """Make the proofs of a day for every camera that has footage or should have; returns how many of each result.

    What was proved of a day that is over stays as it is: only what is missing is added, on the day after at the latest.
    """
    at = now or timezone.now()
    today = at.astimezone(SEOUL).date()
    day = on or today
    if not timedelta() <= today - day <= LATEST:
        raise UnusableInput("일일 파기 확인은 그날이나 다음 날에만 할 수 있습니다.")
    look = _look(at, day)
    oldest = _oldest_found(look, at)
    periods = _periods(look)
    held = _holds(look)
    kept = _kept(look)
    suspects = _unheld_starts(look, held, periods, kept)
    lost = _lost(held)
    gone = destroyed_on(day)
    results: Counter[str] = Counter()
    # By their keys, so that no read is open while a part is stored: SQLite would refuse to (`config.open_reads`).
    subject = list(_subject(oldest, gone).values_list("pk", flat=True))
    for begin in range(0, len(subject), CAMERAS_AT_ONCE):
        rows: list[DailyProof] = []
        for camera in Camera.objects.filter(pk__in=subject[begin : begin + CAMERAS_AT_ONCE]).order_by("pk"):
            holds = held.get(camera.pk, [])
            start = suspects.get(camera.pk, oldest.get(camera.pk))
            allowed_at = _allowed_for(
                start, camera.retention_days, periods.get(camera.pk, ()), kept.get(camera.pk, ()), look
            )
            proof = _proof(camera, day, at, allowed_at, oldest.get(camera.pk), holds, gone.get(camera.pk))
            is_asked = camera.pk in held or camera.pk in kept
            unheld = suspects.get(camera.pk) if is_asked else proof.oldest_found_at
            proof.result, proof.reason = _verdict(proof, unheld, look, lost.get(camera.pk, 0))
            rows.append(proof)
        results += _store(rows, is_over=day < today)
    return results


def unproved(on: date) -> QuerySet[Camera]:
    """Cameras with footage on record of which nobody can say that a day was in order."""
    return (
        Camera.objects.filter(footage_days__segments__gt=0)
        .exclude(proofs__in=DailyProof.objects.filter(on=on, result=Result.IN_ORDER))
        .distinct()
        .order_by("number")
    )


def destroyed_on(day: date) -> dict[int, Destroyed]:
    """Per camera, what sweeps destroyed on a day in Seoul, from the manifests' sums."""
    start, end = _bounds(day)
    sums: dict[int, Destroyed] = {}
    blocks = ManifestBlock.objects.filter(done_at__gte=start, done_at__lt=end, destroyed__gt=0)
    for outcome, seconds in blocks.values_list("outcome", "storage__segment_seconds").iterator(chunk_size=64):
        for camera, _, files, _, first_us, last_us in outcome["days"]:
            until_at = instant(last_us + seconds * SECOND)
            found = sums.get(camera)
            sums[camera] = (
                Destroyed(files, instant(first_us), until_at)
                if found is None
                else Destroyed(
                    found.files + files, min(found.from_at, instant(first_us)), max(found.until_at, until_at)
                )
            )
    return sums


def _subject(oldest: dict[int, datetime], gone: dict[int, Destroyed]) -> QuerySet[Camera]:
    """Operating cameras, and removed ones as long as there is footage of theirs."""
    if len(oldest) + len(gone) < 500:
        return (Camera.objects.operating() | Camera.objects.filter(pk__in={*oldest, *gone})).order_by("pk")
    with_footage = FootageDay.objects.filter(segments__gt=0).values("camera")
    return (Camera.objects.operating() | Camera.objects.filter(pk__in=with_footage)).order_by("pk")


def _proof(
    camera: Camera,
    day: date,
    at: datetime,
    allowed_at: datetime,
    oldest: datetime | None,
    held: list[Hold],
    gone: Destroyed | None,
) -> DailyProof:
    return DailyProof(
        camera=camera,
        on=day,
        proved_at=at,
        retention_days=camera.retention_days,
        oldest_allowed_at=allowed_at,
        oldest_found_at=oldest,
        destroyed_from_at=gone.from_at if gone else None,
        destroyed_until_at=gone.until_at if gone else None,
        destroyed_count=gone.files if gone else 0,
        hold_ids=[hold.pk for hold in held],
    )


def _verdict(proof: DailyProof, unheld: datetime | None, look: Look, lost: int) -> tuple[str, str]:
    """The class of a proof with its reason; what was seen to be overdue is so whatever else could not be seen."""
    if unheld is not None and unheld + look.segment < proof.oldest_allowed_at - GRACE:
        text = f"허용된 시각보다 오래된 영상이 있습니다: {timezone.localtime(unheld):%Y-%m-%d %H:%M}"
        return Result.NOT_IN_ORDER, text
    if look.trouble:
        return Result.NOT_SEEN, look.trouble
    if lost:
        return Result.NOT_SEEN, HELD_BUT_GONE
    if proof.oldest_found_at is None:
        return Result.NOT_SEEN, NOTHING_LEFT if proof.destroyed_count else NOTHING_FOUND
    return Result.IN_ORDER, ""


def _look(at: datetime, day: date) -> Look:
    storages = list(Storage.objects.order_by("name"))
    absent = [storage for storage in storages if storage.absent_since]
    stale = [storage for storage in storages if storage not in absent and not _is_fresh(storage, at)]
    fresh = [storage for storage in storages if storage not in absent and storage not in stale]
    scanned_at = min((storage.scanned_at for storage in fresh if storage.scanned_at), default=at)
    began_at, ended_at = _bounds(day)
    trouble = _trouble(storages, absent, stale)
    if at >= ended_at and scanned_at < began_at:
        trouble = trouble or NOT_READ_THAT_DAY
    return Look(
        frozenset(storage.pk for storage in fresh),
        trouble,
        timedelta(seconds=max((storage.segment_seconds for storage in storages), default=0)),
        began_at,
        min(scanned_at, ended_at),
    )


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, datetime.min.time(), SEOUL)
    return start, start + timedelta(days=1)


def _is_fresh(storage: Storage, at: datetime) -> bool:
    return storage.scanned_at is not None and at - storage.scanned_at <= FRESH_SCAN


def _trouble(storages: Sequence[Storage], absent: Sequence[Storage], stale: Sequence[Storage]) -> str:
    """What makes every proof of the day worthless: a disk that was not there, or not read."""
    if not storages:
        return "등록된 저장소가 없습니다."
    if absent:
        return f"연결이 끊긴 저장소가 있습니다: {', '.join(storage.name for storage in absent)}"[:300]
    if stale:
        return f"저장소를 확인하지 못했습니다: {', '.join(storage.name for storage in stale)}"[:300]
    return ""


def _found(look: Look, at: datetime) -> QuerySet[FootageDay]:
    """Days that a fresh scan read; one that could not be read again keeps its old figures and proves nothing."""
    return FootageDay.objects.filter(
        storage__in=look.storages, segments__gt=0, first_at__isnull=False, scanned_at__gte=at - FRESH_SCAN
    ).order_by()


def _oldest_found(look: Look, at: datetime) -> dict[int, datetime]:
    """By camera the oldest file that the scan found; of a day that is over also what was destroyed since it ended."""
    found = dict(_found(look, at).values_list("camera").annotate(Min("first_at")))
    for camera, start in _destroyed_since(look):
        found[camera] = min(start, found.get(camera, start))
    return found


def _destroyed_since(look: Look) -> Iterator[tuple[int, datetime]]:
    """Of a day that is over: by camera the first starts of what has been destroyed after it."""
    ended_at = look.began_at + timedelta(days=1)
    if look.as_of < ended_at:
        return
    blocks = ManifestBlock.objects.filter(done_at__gte=ended_at, destroyed__gt=0, storage__in=look.storages)
    for outcome in blocks.values_list("outcome", flat=True).iterator(chunk_size=64):
        for camera, _, _, _, first_us, _ in outcome["days"]:
            yield camera, instant(first_us)


def _periods(look: Look) -> dict[int, list[Applied]]:
    """The periods that applied on the day, of cameras of which anything was changed since it began."""
    changed = Camera.history.filter(history_date__gte=look.began_at, history_type="~").order_by()
    rows = Camera.history.filter(id__in=changed.values("id"), history_date__lt=look.as_of)
    found: dict[int, list[Applied]] = defaultdict(list)
    ordered = rows.order_by("id", "history_date", "history_id")
    for camera, at, days in ordered.values_list("id", "history_date", "retention_days"):
        before = found[camera]
        if before and before[-1].days == days:
            continue
        if before:
            before[-1] = before[-1]._replace(until_at=at)
        before.append(Applied(at, look.as_of, days))
    return {
        camera: [one for one in applied if one.until_at > look.began_at] for camera, applied in found.items()
    }


def _allowed_at(days: int, applied: Sequence[Applied], look: Look) -> datetime:
    """What was older than this was overdue at some time of the day; a period that has just begun asks for nothing yet."""
    long_enough = [one for one in applied if one.until_at - one.begun_at > GRACE]
    if not long_enough:
        return look.as_of - timedelta(days=days)
    return max(one.until_at - timedelta(days=one.days) for one in long_enough)


def _kept(look: Look) -> dict[int, list[Kept]]:
    """Shorter periods that did not count for older footage during the day, or for a part of it (`footage.shortenings`)."""
    found: dict[int, list[Kept]] = defaultdict(list)
    rows = ShortenedCamera.objects.filter(shortening__at__lt=look.as_of, lapses_at__gt=look.began_at)
    rows = rows.exclude(shortening__confirmed_at__lte=look.began_at).order_by("pk")
    columns = ("camera", "shortening__at", "shortening__confirmed_at", "days_before")
    for camera, at, confirmed_at, days in rows.values_list(*columns):
        found[camera].append(Kept(at, confirmed_at or look.as_of, days))
    return dict(found)


def _allowed_for(
    start: datetime | None, days: int, applied: Sequence[Applied], kept: Sequence[Kept], look: Look
) -> datetime:
    """As `_allowed_at`, of what began at `start`: a shorter period counts for it from the second person's word on."""
    longer = [one for one in kept if start is not None and start < one.at]
    if not longer:
        return _allowed_at(days, applied, look)
    pieces = list(applied) or [Applied(look.began_at, look.as_of, days)]
    for one in longer:
        pieces = [part for piece in pieces for part in _lengthened(piece, one)]
    return _allowed_at(days, pieces, look)


def _lengthened(piece: Applied, kept: Kept) -> Iterator[Applied]:
    edges = {edge for edge in kept[:2] if piece.begun_at < edge < piece.until_at}
    for begun_at, until_at in pairwise(sorted({piece.begun_at, piece.until_at} | edges)):
        is_kept = kept.at <= begun_at < kept.until_at
        yield Applied(begun_at, until_at, max(piece.days, kept.days) if is_kept else piece.days)


def _holds(look: Look) -> dict[int, list[Hold]]:
    """Holds in force, and those released so shortly before the look that no sweep came since."""
    found: dict[int, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.exclude(released_at__lte=look.as_of - GRACE).order_by("pk"):
        found[hold.camera_id].append(hold)
    return dict(found)


def _unheld_starts(
    look: Look,
    held: dict[int, list[Hold]],
    periods: dict[int, list[Applied]],
    kept: dict[int, list[Kept]],
) -> dict[int, datetime]:
    """Of cameras with holds, the oldest file that none excuses: of each day the first one, the first that the scan
    found free and, where a hold was placed on that since, the last one. Where older footage keeps another period than
    younger, the oldest that is overdue by its own."""
    found: dict[int, datetime] = {}
    rows = (
        FootageDay.objects.filter(camera__in={*held, *kept}, storage__in=look.storages, segments__gt=0)
        .order_by("camera", "on")
        .values_list("camera", "camera__retention_days", "first_at", "first_unheld_at", "last_at")
    )
    registered: dict[int, int] = {}

    def is_free(camera: int, start: datetime) -> bool:
        longer = kept.get(camera, ())
        applied = periods.get(camera, ())
        allowed_at = _allowed_for(start, registered[camera], applied, longer, look)
        if longer and start + look.segment >= allowed_at - GRACE:
            return False
        return not _is_excused(start, held.get(camera, ()), look.as_of - allowed_at, look)

    for camera, days, *starts in rows:
        registered[camera] = days
        if camera not in found and (free := [one for one in starts if one and is_free(camera, one)]):
            found[camera] = min(free)
    for camera, start in _destroyed_since(look):
        if camera in registered and is_free(camera, start):
            found[camera] = min(start, found.get(camera, start))
    return found


def _is_excused(start: datetime, holds: Sequence[Hold], period: timedelta, look: Look) -> bool:
    """Whether a hold covers a file that was not overdue yet when it was placed, or has covered it all day."""
    due_at = start + look.segment + period
    return any(
        hold.placed_at <= max(due_at + GRACE, look.began_at)
        and hold.from_at < start + look.segment
        and start < hold.until_at
        for hold in holds
    )


def _lost(held: dict[int, list[Hold]]) -> dict[int, int]:
    """How many held files are gone without our act, of holds that are in force."""
    gone: dict[int, int] = defaultdict(int)
    days = FootageDay.objects.filter(camera__in=list(held), vanished_held__gt=0)
    for camera, on, files in days.values_list("camera", "on", "vanished_held"):
        from_at, until_at = _bounds(on)
        if any(hold.from_at < until_at and from_at < hold.until_at for hold in held[camera]):
            gone[camera] += files
    return gone


def _store(rows: list[DailyProof], *, is_over: bool) -> Counter[str]:
    """Keep the proofs with what was looked at before; returns how many of each result stand now."""
    if not rows:
        return Counter()
    known = {
        proof.camera_id: proof
        for proof in DailyProof.objects.filter(on=rows[0].on, camera__in=[row.camera_id for row in rows])
    }
    if is_over:
        DailyProof.objects.bulk_create(rows, ignore_conflicts=True)
        return Counter(str(known.get(row.camera_id, row).result) for row in rows)
    for row in rows:
        if row.camera_id in known:
            _keep_earlier(row, known[row.camera_id])
    DailyProof.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["camera", "on"],
        update_fields=[
            "proved_at",
            "retention_days",
            "oldest_allowed_at",
            "oldest_found_at",
            "destroyed_from_at",
            "destroyed_until_at",
            "destroyed_count",
            "hold_ids",
            "result",
            "reason",
            "looks",
        ],
    )
    return Counter(str(row.result) for row in rows)


def _keep_earlier(row: DailyProof, known: DailyProof) -> None:
    """A look that says otherwise than the last one is added to it; what was once seen overdue stays so."""
    row.looks = list(known.looks)
    last = row.looks[-1]["result"] if row.looks else known.result
    if row.result != last:
        row.looks = [*(row.looks or [_told(known)]), _told(row)]
    if known.result != Result.NOT_IN_ORDER or row.result == Result.NOT_IN_ORDER:
        return
    first = next(look for look in row.looks if look["result"] == Result.NOT_IN_ORDER)
    later = f"{timezone.localtime(row.proved_at):%H:%M}에 다시 확인: {Result(row.result).label}"
    row.reason = f"{first['reason']} ({later}{f', {row.reason}' if row.reason else ''})"[:300]
    row.result = Result.NOT_IN_ORDER
    for name in ("proved_at", "retention_days", "oldest_allowed_at", "oldest_found_at", "hold_ids"):
        setattr(row, name, getattr(known, name))


def _told(proof: DailyProof) -> dict[str, str | None]:
    """One look of several, as it is kept."""
    found_at = proof.oldest_found_at
    return {
        "at": proof.proved_at.isoformat(),
        "result": str(proof.result),
        "reason": proof.reason,
        "oldest_found_at": found_at.isoformat() if found_at else None,
        "oldest_allowed_at": proof.oldest_allowed_at.isoformat(),
    }
