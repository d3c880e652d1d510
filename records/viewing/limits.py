"""How much the web may freeze by itself, so that nobody freezes the district (figures: docs/requests.md).

No limit refuses a request: what is over one is received, and an officer says at once what is held.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext

from ordinance import parameters
from records.enums import UNANSWERED, RequestChannel
from records.models import ViewingRequest

HOUR = timedelta(hours=1)
CODES = (
    "viewing_request_max_cameras",
    "viewing_request_max_hours",
    "viewing_request_hold_quota_hours",
    "viewing_request_household_hours",
    "viewing_request_always_held_hours",
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
    alarm_percent: int

    @property
    def alarm_hours(self) -> float:
        return self.quota_hours * self.alarm_percent / 100


def current() -> Limits:
    found = parameters.snapshot(codes=list(CODES))
    return Limits(*(int(found[code].value) for code in CODES))


def problems(from_at: datetime, until_at: datetime, now: datetime) -> dict[str, str]:
    """What cannot have been filmed, by field of the form. However long ago it was is no problem."""
    if until_at <= from_at:
        return {"until_at": gettext("끝 시각은 시작 시각보다 뒤여야 합니다.")}
    if until_at > now:
        return {"until_at": gettext("아직 오지 않은 시각의 영상은 청구할 수 없습니다.")}
    return {}


def hours_of(cameras: int, from_at: datetime, until_at: datetime) -> float:
    return cameras * (until_at - from_at) / HOUR


def may_freeze(
    cameras: int, from_at: datetime, until_at: datetime, *, household_hours: float, held: float
) -> bool:
    """Whether the web holds it at once. `household_hours` is what the same address froze today already."""
    limits = current()
    hours = hours_of(cameras, from_at, until_at)
    if hours <= limits.always_hours:
        return True
    return (
        cameras <= limits.cameras
        and until_at - from_at <= timedelta(hours=limits.hours)
        and household_hours + hours <= limits.household_hours
        and held + hours <= limits.quota_hours
    )


def held_hours() -> float:
    """Hours of video of one camera each that unanswered requests from the web hold."""
    in_force = Q(cameras__hold__isnull=False, cameras__hold__released_at__isnull=True)
    rows = (
        ViewingRequest.objects.filter(channel=RequestChannel.WEB, state__in=UNANSWERED)
        .order_by()
        .annotate(count=Count("cameras", filter=in_force))
        .values_list("from_at", "until_at", "count")
    )
    return sum((hours_of(count, from_at, until_at) for from_at, until_at, count in rows), 0.0)
