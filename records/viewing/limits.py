"""What one request may ask for, so that nobody can freeze the district's storages (figures: docs/requests.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext

from cameras.models import Camera
from ordinance import parameters
from records.enums import RequestChannel, RequestState
from records.models import ViewingRequest

CODES = (
    "viewing_request_max_cameras",
    "viewing_request_max_hours",
    "viewing_request_hold_quota_hours",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures of the day; hours are hours of video, of one camera each."""

    cameras: int
    hours: int
    quota_hours: int


def current() -> Limits:
    found = parameters.snapshot(codes=list(CODES))
    return Limits(*(int(found[code].value) for code in CODES))


def problems(
    cameras: Sequence[Camera], from_at: datetime, until_at: datetime, *, is_web: bool, now: datetime
) -> dict[str, str]:
    """What is wrong, by field of the form: `cameras`, `from_at`, `until_at` or "" for the whole. Empty: nothing."""
    if until_at <= from_at:
        return {"until_at": gettext("끝 시각은 시작 시각보다 뒤여야 합니다.")}
    if until_at > now:
        return {"until_at": gettext("아직 오지 않은 시각의 영상은 청구할 수 없습니다.")}
    if not cameras:
        return {"cameras": gettext("카메라를 하나 이상 고르십시오.")}
    longest = max(camera.retention_days for camera in cameras)
    if until_at <= now - timedelta(days=longest):
        return {
            "from_at": gettext(
                "이 카메라의 보관기간 %(days)d일이 지나 영상이 이미 파기되었습니다. 다른 까닭으로 남아 있을 수 있다고 "
                "생각하시면 담당 부서에 전화하여 주십시오."
            )
            % {"days": longest}
        }
    return _too_much(len(cameras), until_at - from_at) if is_web else {}


def _too_much(cameras: int, period: timedelta) -> dict[str, str]:
    limits = current()
    if cameras > limits.cameras:
        return {
            "cameras": gettext(
                "누리집에서는 한 번에 카메라 %(cameras)d대까지 청구할 수 있습니다. 더 필요하면 방문·우편으로 청구하십시오."
            )
            % {"cameras": limits.cameras}
        }
    if period > timedelta(hours=limits.hours):
        return {
            "until_at": gettext(
                "누리집에서는 한 번에 %(hours)d시간까지 청구할 수 있습니다. 시각을 좁히거나 방문·우편으로 청구하십시오."
            )
            % {"hours": limits.hours}
        }
    if held_hours() + cameras * period / timedelta(hours=1) > limits.quota_hours:
        return {
            "": gettext(
                "지금은 처리 중인 청구가 많아 누리집에서 더 받을 수 없습니다. 영상이 파기되기 전에 담당 부서에 전화하거나 "
                "방문하여 청구하십시오."
            )
        }
    return {}


def held_hours() -> float:
    """Hours of video of one camera each that undecided requests from the web hold."""
    rows = (
        ViewingRequest.objects.filter(channel=RequestChannel.WEB)
        .exclude(state=RequestState.DECIDED)
        .order_by()
        .annotate(count=Count("cameras"))
        .values_list("from_at", "until_at", "count")
    )
    held = sum(((until_at - from_at) * count for from_at, until_at, count in rows), timedelta())
    return held / timedelta(hours=1)
