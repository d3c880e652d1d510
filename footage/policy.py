"""The register as a sweep needs it: which camera claims which key, and since when its footage is due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone

from cameras.models import Camera
from footage import second_words
from footage.layouts import SECOND, composed, instant, microseconds
from footage.models import CameraClaim, Hold, ShortenedCamera, Storage, UnclaimedFolder
from footage.retention import DAY, EARLIEST_US, Claim, Policy, spans
from ordinance import parameters

EPOCH_DATE = date(1970, 1, 1)


class HoldsUnreadable(Exception):
    """Without knowing the holds nothing may be destroyed."""


def maximum_days() -> int:
    """The longest period that the ordinance allows (art. 24(1)); a folder without a camera has no other."""
    return int(parameters.value("retention_max_days").value)


def current(storage: Storage, at: datetime) -> Policy:
    at_us = microseconds(at)
    return Policy(
        claims_in(storage, at_us),
        holds_in_force(),
        storage.segment_seconds * SECOND,
        _us(storage.names_confirmed_until) or 0,
    )


def claims_in(storage: Storage, at_us: int) -> dict[str, list[Claim]]:
    """Every key of a storage with its claims.

    A camera claims its recording key everywhere and always, removed cameras too. Rows of CameraClaim say more: a
    row with the camera's own key narrows that general claim to what its rows say; a row with another key (a former
    one, one that a person assigned) comes on top, and stands before the general claims of others.
    """
    explicit: dict[str, list[tuple[int, int | None, int | None]]] = defaultdict(list)
    narrowed: set[tuple[int, str]] = set()
    for row in CameraClaim.objects.all():
        if not row.is_former_key:
            narrowed.add((row.camera_id, composed(row.key)))
        if row.storage_id in (None, storage.pk):
            explicit[composed(row.key)].append((row.camera_id, _us(row.from_at), _us(row.until_at)))
    claimed_again = {camera for found in explicit.values() for camera, _, _ in found}
    shorter = unconfirmed(at_us)
    registered: dict[int, tuple[int, int]] = {}
    claims: dict[str, list[Claim]] = {}
    rows = Camera.objects.order_by().values_list("pk", "recording_key", "retention_days", "installed_month")
    for pk, key, days, installed_month in rows.iterator(chunk_size=5_000):
        if pk in claimed_again:
            registered[pk] = days, since(installed_month)
        if key and (not narrowed or (pk, composed(key)) not in narrowed):
            claims.setdefault(composed(key), []).extend(
                Claim(pk, from_us, until_us, cutoff(at_us, applying), False, since(installed_month))
                for from_us, until_us, applying in spans(days, shorter.get(pk, ()))
            )
    for key, found in explicit.items():
        for camera, from_us, until_us in found:
            days, since_us = registered.get(camera, (0, EARLIEST_US))
            claims.setdefault(key, []).extend(
                Claim(camera, begin_us, end_us, cutoff(at_us, applying), True, since_us)
                for begin_us, end_us, applying in _within(
                    spans(days, shorter.get(camera, ())), from_us, until_us
                )
            )
    confirmed = storage.unclaimed.filter(
        decision=UnclaimedFolder.Decision.DESTROY, confirmed_at__isnull=False
    )
    if agreed := list(second_words.agreed(confirmed)):
        limit = cutoff(at_us, maximum_days())
        for folder in agreed:
            # A camera that claims the key by now takes it over.
            claims.setdefault(composed(folder.key), [Claim(0, None, None, limit, False)])
    return claims


def unconfirmed(at_us: int) -> dict[int, list[tuple[int, int]]]:
    """By camera when its period was made shorter, and the one before it, as long as footage of before may be left."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = ShortenedCamera.objects.unconfirmed().filter(lapses_at__gt=instant(at_us))
    ordered = rows.order_by("shortening__at", "pk")
    for camera, at, days in ordered.values_list("camera", "shortening__at", "days_before"):
        found[camera].append((microseconds(at), days))
    return dict(found)


def _within(
    found: Sequence[tuple[int | None, int | None, int]], from_us: int | None, until_us: int | None
) -> Iterator[tuple[int | None, int | None, int]]:
    """The parts of the spans that lie in [from, until)."""
    for begin_us, end_us, days in found:
        begins = [us for us in (begin_us, from_us) if us is not None]
        ends = [us for us in (end_us, until_us) if us is not None]
        if not begins or not ends or max(begins) < min(ends):
            yield max(begins, default=None), min(ends, default=None), days


def cutoff(at_us: int, days: int | None) -> int | None:
    """Footage that ended before it is due. A period of no days is a mistake in the register, not a permission."""
    return at_us - days * DAY if days and days > 0 else None


def since(installed_month: date | None) -> int:
    """From when on a camera's footage is believed. The register knows the month at best, and that of a replacement
    may stand there: a year before is early enough for footage that is kept a month."""
    if installed_month is None:
        return EARLIEST_US
    installed_us = (installed_month - EPOCH_DATE).days * DAY
    return max(installed_us - 366 * DAY, EARLIEST_US)


def holds_in_force(cameras: Iterable[int] | None = None) -> dict[int, list[tuple[int, int]]]:
    """Ranges that must stay, by camera. Raises HoldsUnreadable rather than to say that there are none."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Hold.objects.filter(released_at__isnull=True).order_by()
    if cameras is not None:
        rows = rows.filter(camera_id__in=list(cameras))
    try:
        for camera, from_at, until_at in rows.values_list("camera_id", "from_at", "until_at"):
            found[camera].append((microseconds(from_at), microseconds(until_at)))
    except Exception as error:
        raise HoldsUnreadable(str(error)) from error
    return dict(found)


def over_maximum() -> int:
    """Cameras kept longer than the ordinance allows without a law that says so: told, not shortened.

    Destroying by a figure that the register does not hold could not be taken back; a person corrects the register.
    """
    return (
        Camera.objects.over_retention(maximum_days()).without_retention_ground(timezone.localdate()).count()
    )


def _us(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)
