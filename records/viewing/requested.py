"""The rows of a request: each camera and range with its hold, written when the request is received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from footage import sightings
from records.models import RequestedCamera, RequestedPlace, ViewingRequest
from records.viewing import asked, freezing
from records.viewing.asked import AskedAround, Part, Range, Ranges
from records.viewing.freezing import ARTICLE


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


@dataclass(frozen=True, slots=True)
class Extents:
    """… of what the sender reads, and of cameras that are told to nobody: each by limits of its own, so that nothing of the
    one can be reckoned from the other."""

    shown: Extent = Extent()
    hidden: Extent = Extent()

    def of(self, row: Range) -> Extent:
        return self.hidden if row.is_hidden else self.shown

    @property
    def needs_hold(self) -> bool:
        return self.shown.needs_hold or self.hidden.needs_hold


def write(
    request: ViewingRequest, parts: Sequence[Part], ranges: Ranges, extents: Extents, *, by: Officer | None
) -> None:
    places = {
        index: _place(request, part) for index, part in enumerate(parts) if isinstance(part, AskedAround)
    }
    _write(request, [(row, places.get(row.part)) for row in ranges.rows], extents, by)


def add(request: ViewingRequest, part: Part, *, by: Officer) -> list[RequestedCamera]:
    """What an officer learns later: another camera, another time. Held from now on."""
    with acts.begin("records.viewing_range_added", request, by=by) as act:
        found = (
            [] if act.row.is_undecided else [Refusal("decided", "결정한 뒤에는 더할 수 없습니다.", ARTICLE)]
        )
        found += [
            Refusal(name, text, ARTICLE, field=name) for name, text in asked.problems([part], act.at).items()
        ]
        act.refuse(found)
        new = asked.ranges([part]).rows
        known = list(act.row.cameras.all())
        new = [row for row in new if not any(_covers(line, row) for line in known)]
        act.refuse(_refuse_new(new, known))
        place = _place(act.row, part) if isinstance(part, AskedAround) else None
        made = _write(act.row, [(row, place) for row in new], Extents(), by)
        act.payload |= {
            "request": act.row.receipt_number,
            "cameras": [row.camera.number for row in new],
            "ranges": [[row.from_at.isoformat(), row.until_at.isoformat()] for row in new],
        }
    return made


def _covers(line: RequestedCamera, row: Range) -> bool:
    return line.camera_id == row.camera.pk and line.from_at <= row.from_at and row.until_at <= line.until_at


def _refuse_new(new: Sequence[Range], known: Sequence[RequestedCamera]) -> list[Refusal]:
    if not new:
        text = "더할 것이 없습니다. 촬영한 카메라가 없거나 모두 이미 청구한 구간입니다."
        return [Refusal("nothing", text, ARTICLE, field="where")]
    crossing = [
        row.camera.number
        for row in new
        for line in known
        if line.camera_id == row.camera.pk and line.from_at < row.until_at and row.from_at < line.until_at
    ]
    if not crossing:
        return []
    text = "이미 청구한 구간과 일부가 겹칩니다."
    remedy = "겹치지 않는 구간만 적으십시오."
    return [Refusal("crossing", text, ARTICLE, remedy, field="from_at", numbers=tuple(crossing))]


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
    request: ViewingRequest,
    rows: Sequence[tuple[Range, RequestedPlace | None]],
    extents: Extents,
    by: Officer | None,
) -> list[RequestedCamera]:
    """All of them with their holds: while a request is written nobody else's can be, so the queries are few."""
    seen = sightings.are_seen([(row.camera, row.from_at, row.until_at) for row, _place in rows])
    lines = [
        RequestedCamera(
            request=request,
            camera=row.camera,
            site=row.site,
            place=place,
            from_at=row.from_at,
            until_at=row.until_at,
            fits_until_at=_fitting_end(row, extents.of(row)),
            is_checked=is_seen,
        )
        for (row, place), is_seen in zip(rows, seen, strict=True)
    ]
    wanted = [
        (line, _end(row, extents.of(row).held)) for line, (row, _place) in zip(lines, rows, strict=True)
    ]
    actor = "" if by else "system:website"
    placed = freezing.freeze_all(request, wanted, actor=actor, by=by)
    for line, hold in zip(lines, placed, strict=True):
        line.hold, line.already_gone = hold, hold.already_gone
    return RequestedCamera.objects.bulk_create(lines)


def _fitting_end(row: Range, extent: Extent) -> datetime | None:
    return _end(row, extent.fits) if extent.fits is not None else None


def _end(row: Range, share: float) -> datetime:
    """Its first hours."""
    return row.until_at if share >= 1 else row.from_at + (row.until_at - row.from_at) * share
