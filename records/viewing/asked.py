"""Where and when: the places and times that one request names, and the rows "camera and range" that they become.

Whoever knows the place names it, with its cameras or all of them; whoever does not gives a position and a radius, and
every camera that ever filmed there is meant. Ranges of one camera that overlap or touch are one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from cameras.models import Camera, Site
from cameras.whereabouts import register
from cameras.whereabouts.bearings import Position, metres
from ordinance import parameters
from records.viewing import limits

LONGEST_RADIUS = "viewing_request_max_radius_metres"
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class AskedSite:
    """`cameras` empty: the whole site, every camera that ever filmed there."""

    site: Site
    from_at: datetime
    until_at: datetime
    cameras: Sequence[Camera] = ()


@dataclass(frozen=True, slots=True)
class AskedAround:
    """`words`: as the place was named."""

    position: Position
    radius_metres: int
    words: str
    from_at: datetime
    until_at: datetime


Part = AskedSite | AskedAround


@dataclass(frozen=True, slots=True)
class Range:
    """One camera's footage; `part`: the first of the request's parts that named it."""

    camera: Camera
    site: Site
    from_at: datetime
    until_at: datetime
    part: int
    is_around: bool = False

    @property
    def hours(self) -> float:
        return limits.hours_of(1, self.from_at, self.until_at)

    @property
    def is_hidden(self) -> bool:
        """Whoever named a radius is told of no camera that is exempt from the sign (`RequestedCamera.is_hidden`)."""
        return self.is_around and self.camera.is_sign_exempt


@dataclass(slots=True)
class Ranges:
    """What a request asks for, in one order for everybody, so that two requests cannot wait for each other."""

    rows: list[Range] = field(default_factory=list)

    @property
    def shown_hours(self) -> list[float]:
        """Of each line that the sender reads: a camera, or the exempt ones of a place and time as one. Limits are reckoned
        from these alone, so that no time which is shown tells how many others there are."""
        lines: dict[object, float] = {}
        for row in self.rows:
            if not row.is_hidden:
                named = row.site if row.camera.is_sign_exempt else row.camera
                lines[named, row.from_at, row.until_at] = row.hours
        return list(lines.values())

    @property
    def hidden_hours(self) -> list[float]:
        return [row.hours for row in self.rows if row.is_hidden]

    @property
    def cameras(self) -> list[Camera]:
        return list({row.camera.pk: row.camera for row in self.rows}.values())


def ranges(parts: Sequence[Part]) -> Ranges:
    named = [each for index, part in enumerate(parts) for each in _named(index, part)]
    named.sort(key=lambda row: (row.camera.pk, row.from_at, row.part))
    return Ranges(list(_joined(named)))


def _named(index: int, part: Part) -> Iterator[Range]:
    if isinstance(part, AskedSite):
        for camera in list(part.cameras) or Camera.objects.that_filmed_at(part.site):
            yield Range(camera, part.site, part.from_at, part.until_at, index)
        return
    for site in sites_within(part.position, part.radius_metres):
        for camera in Camera.objects.that_filmed_at(site):
            yield Range(camera, site, part.from_at, part.until_at, index, is_around=True)


def _joined(rows: Iterable[Range]) -> Iterator[Range]:
    last: Range | None = None
    for row in rows:
        if last is not None and row.camera == last.camera and row.from_at <= last.until_at:
            first = min(last, row, key=lambda each: each.part)
            last = replace(first, from_at=last.from_at, until_at=max(last.until_at, row.until_at))
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def hint(part: Part, now: datetime) -> str:
    """What whoever asks should know before sending; empty where footage may well be there. The request is received anyway.

    By the periods and removals of today: what was kept longer by an earlier period or a hold is not ruled out. Nothing is
    said of cameras that are exempt from the sign.
    """
    cameras = [row.camera for row in _named(0, part) if not row.camera.is_sign_exempt]
    if not cameras:
        return ""
    day = timezone.localdate(part.from_at)
    if all(camera.removed_on and camera.removed_on < day for camera in cameras):
        return gettext(
            "이 시간에는 이곳의 카메라가 이미 철거되어 있었습니다. 청구하시면 접수하여 확인해 드립니다."
        )
    days = max(camera.retention_days for camera in cameras)
    if part.until_at + timedelta(days=days) >= now:
        return ""
    return gettext(
        "이 시간의 영상은 지금의 보관기간(가장 길게 %(days)s일)이 지났습니다. 삭제를 유예한 영상만 남아 있을 수 있습니다. 청구하시면 접수하여 "
        "확인해 드립니다."
    ) % {"days": days}


def sites_within(position: Position, radius_metres: int) -> list[Site]:
    """Every place within the radius, whatever stands there today."""
    placed = Site.objects.filter(register.box(position, radius_metres))
    return [
        site
        for site in placed.order_by("pk")
        if (there := register.position_of(site)) and metres(position, there) <= radius_metres
    ]


def longest_radius() -> int:
    return int(parameters.value(LONGEST_RADIUS).value)


def name_of_field(index: int, name: str) -> str:
    """The first part stands in the form itself, the others after it."""
    return name if index == 0 else f"more-{index - 1}-{name}"


def problems(parts: Sequence[Part], now: datetime) -> dict[str, str]:
    """What cannot have been filmed, by field of the form."""
    if not parts:
        return {"cameras": gettext("어디의 영상인지 적어 주십시오.")}
    if len(parts) > MOST_PARTS:
        words = {"most": MOST_PARTS}
        return {"cameras": gettext("한 번에 %(most)s곳까지 적을 수 있습니다. 나누어 청구하십시오.") % words}
    found = {}
    for index, part in enumerate(parts):
        for name, text in _problems_of(part, now).items():
            found[name_of_field(index, name)] = text
    return found


def _problems_of(part: Part, now: datetime) -> dict[str, str]:
    found = limits.problems(part.from_at, part.until_at, now)
    if isinstance(part, AskedSite):
        filmed_here = set(Camera.objects.that_filmed_at(part.site).values_list("pk", flat=True))
        if not filmed_here or any(camera.pk not in filmed_here for camera in part.cameras):
            found["cameras"] = gettext("이 설치장소의 카메라가 아닙니다.")
    elif not 0 < part.radius_metres <= longest_radius():
        words = {"longest": longest_radius()}
        found["radius"] = gettext("반경은 %(longest)s m까지 적을 수 있습니다.") % words
    return found
