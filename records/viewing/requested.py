"""The rows of a request: each camera and range with its hold, written when the request is received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Officer
from footage import sightings
from records.models import RequestedCamera, RequestedPlace, ViewingRequest
from records.viewing import freezing
from records.viewing.asked import AskedAround, Part, Range, Ranges


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is held at once, as a share of every range. `fits`: an officer has to say what is held beyond."""

    held: float = 1.0
    fits: float | None = None

    @property
    def needs_hold(self) -> bool:
        return self.fits is not None

    @property
    def is_short(self) -> bool:
        return self.fits is not None and self.fits < self.held


def write(
    request: ViewingRequest, parts: Sequence[Part], ranges: Ranges, extent: Extent, *, by: Officer | None
) -> None:
    places = {
        index: _place(request, part) for index, part in enumerate(parts) if isinstance(part, AskedAround)
    }
    for row in ranges.rows:
        _write(request, row, places.get(row.part), extent, by)


def _place(request: ViewingRequest, part: AskedAround) -> RequestedPlace:
    return RequestedPlace.objects.create(
        request=request,
        words=part.words,
        position=f"{part.position.latitude:.6f},{part.position.longitude:.6f}",
        radius_metres=part.radius_metres,
        from_at=part.from_at,
        until_at=part.until_at,
    )


def _write(
    request: ViewingRequest, row: Range, place: RequestedPlace | None, extent: Extent, by: Officer | None
) -> None:
    line = RequestedCamera(
        request=request,
        camera=row.camera,
        site=row.site,
        place=place,
        from_at=row.from_at,
        until_at=row.until_at,
        fits_until_at=_end(row, extent.fits) if extent.fits is not None else None,
        is_checked=sightings.is_seen(row.camera, row.from_at, row.until_at),
    )
    actor = "" if by else "system:website"
    line.hold = freezing.freeze(line, until_at=_end(row, extent.held), by=by, actor=actor)
    line.already_gone = line.hold.already_gone
    line.save()


def _end(row: Range, share: float) -> datetime:
    """Its first hours."""
    return row.until_at if share >= 1 else row.from_at + (row.until_at - row.from_at) * share
