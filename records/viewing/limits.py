"""How much the web may freeze by itself, so that nobody freezes the district (figures: docs/requests.md).

No limit refuses a request, and none ends a right: what is over one is held shortly, an officer is told at once, and what
fits stays held whoever looks (`records.viewing.short_holds`). All figures are hours of video of one camera each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext

from footage.models import Hold
from ordinance import parameters
from ordinance.periods import SEOUL
from records.enums import UNANSWERED, RequestChannel

HOUR = timedelta(hours=1)
# The Act is from that day; nothing was asked for under it before.
EARLIEST = datetime(2011, 9, 30, tzinfo=SEOUL)
CODES = (
    "viewing_request_max_cameras",
    "viewing_request_max_hours",
    "viewing_request_hold_quota_hours",
    "viewing_request_household_hours",
    "viewing_request_always_held_hours",
    "viewing_request_short_hold_hours",
    "viewing_quota_alarm_percent",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures of the day; hours are hours of video, of one camera each."""

    cameras: int
    hours: int
    quota_hours: int
    household_hours: int
    always_hours: int
    # What is held for a working day beyond the other limits, of one household within a day.
    short_hours: int
    alarm_percent: int

    @property
    def request_hours(self) -> int:
        """Of one request, whichever way it is spread over cameras and time."""
        return self.cameras * self.hours

    @property
    def alarm_hours(self) -> float:
        return self.quota_hours * self.alarm_percent / 100


def current() -> Limits:
    found = parameters.snapshot(codes=list(CODES))
    return Limits(*(int(found[code].value) for code in CODES))


def problems(from_at: datetime, until_at: datetime, now: datetime) -> dict[str, str]:
    """What cannot have been filmed, by field of the form. However long ago it was since the Act is no problem."""
    if from_at < EARLIEST:
        return {"from_at": gettext("촬영된 때를 확인하여 주십시오.")}
    if until_at <= from_at:
        return {"until_at": gettext("끝 시각은 시작 시각보다 뒤여야 합니다.")}
    if until_at > now:
        return {"until_at": gettext("아직 오지 않은 시각의 영상은 청구할 수 없습니다.")}
    return {}


def hours_of(cameras: int, from_at: datetime, until_at: datetime) -> float:
    return cameras * (until_at - from_at) / HOUR


def fitting_hours(each: Sequence[float], *, household_hours: float, held: float) -> float:
    """How much of one request is held whatever it asks for. `each`: the hours of its ranges, of one camera each;
    `household_hours`: what that address froze today already.

    The first hour of each camera is a small request, not a frozen district: an earlier one of the same address does not
    cut it into minutes, as long as that address is not at its last limit.
    """
    limits = current()
    fits = min(limits.request_hours, limits.household_hours - household_hours, limits.quota_hours - held)
    small = min(sum(min(hours, limits.always_hours) for hours in each), limits.hours)
    is_small_enough = household_hours + small <= limits.short_hours
    return max(fits, limits.always_hours, small if is_small_enough else 0)


def may_hold_shortly(hours: float, household_hours: float) -> bool:
    return household_hours + hours <= current().short_hours


def held_hours(*, is_told: bool = False) -> float:
    """What requests from the web hold that nobody has answered, or whose sender nobody has confirmed. `is_told`: without
    cameras of which nothing may be told."""
    holds = Hold.objects.filter(
        Q(requested_camera__request__state__in=UNANSWERED)
        | Q(requested_camera__request__confirmed_at__isnull=True),
        requested_camera__request__channel=RequestChannel.WEB,
        released_at__isnull=True,
    )
    if is_told:
        holds = holds.filter(camera__is_sign_exempt=False)
    rows = holds.order_by().values_list("from_at", "until_at")
    return sum((hours_of(1, from_at, until_at) for from_at, until_at in rows), 0.0)
