"""Cameras and times that a letter asks for: what cannot have been filmed is refused, and nothing is asked for twice."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from cameras.enums import CameraState
from cameras.models import Camera
from casework.refusals import Refusal
from ordinance import parameters
from records.models import Provision, ProvisionCamera
from records.provision_enums import ReleaseForm

ARTICLE = "조례 제21조제1항"
MOST_RANGES = 200
_NOT_YET = (CameraState.PLANNED, CameraState.CONSULTED, CameraState.DELIBERATED, CameraState.APPROVED)


@dataclass(frozen=True, slots=True)
class Range:
    camera: Camera
    from_at: dt.datetime
    until_at: dt.datetime

    def __str__(self) -> str:
        first, last = timezone.localtime(self.from_at), timezone.localtime(self.until_at)
        return f"{self.camera.number} {first:%Y-%m-%d %H:%M} ~ {last:%Y-%m-%d %H:%M}"

    def overlaps(self, other: "Range") -> bool:
        is_same = self.camera.pk == other.camera.pk
        return is_same and self.from_at < other.until_at and other.from_at < self.until_at


def check(
    ranges: Sequence[Range], form: str, now: dt.datetime, *, beside: Sequence[Range] = ()
) -> list[Refusal]:
    """Why these cannot be asked for; `beside`: what the request names already."""
    if not ranges:
        return [_refusal("none", "카메라와 시간을 하나 이상 적으십시오.")]
    if len(ranges) + len(beside) > MOST_RANGES:
        return [_refusal("many", f"한 건에 {MOST_RANGES}구간까지 적을 수 있습니다.", "나누어 접수하십시오.")]
    longest = int(parameters.value("provision_max_hours").value)
    found = [each for one in ranges for each in _check_one(one, form, now, longest)]
    return [*found, *_overlapping(ranges, beside)]


def _check_one(one: Range, form: str, now: dt.datetime, longest: int) -> Iterable[Refusal]:
    if one.until_at <= one.from_at:
        yield _refusal("order", f"끝 시각은 시작 시각보다 뒤여야 합니다: {one}")
        return
    if form == ReleaseForm.LIVE and one.until_at <= now:
        yield _refusal(
            "past",
            f"실시간 영상은 지나간 시간에 볼 수 없습니다: {one}",
            "‘영상 사본’이나 ‘열람’을 고르십시오.",
        )
    if form != ReleaseForm.LIVE and one.until_at > now:
        yield _refusal("future", f"아직 촬영되지 않은 시간입니다: {one}")
    if one.until_at - one.from_at > dt.timedelta(hours=longest):
        yield _refusal(
            "long", f"한 구간은 {longest:,}시간을 넘을 수 없습니다: {one}", "필요한 시간만 적으십시오."
        )
    if _was_not_there(one):
        yield _refusal("before", f"카메라를 설치하기 전의 시간입니다: {one}")


def _was_not_there(one: Range) -> bool:
    camera = one.camera
    if camera.state in _NOT_YET and camera.installation == 1:
        return True
    began = camera.installed_month
    return began is not None and camera.installation == 1 and timezone.localdate(one.until_at) < began


def _overlapping(ranges: Sequence[Range], beside: Sequence[Range]) -> list[Refusal]:
    seen = list(beside)
    found = []
    for one in ranges:
        if any(one.overlaps(other) for other in seen):
            found.append(
                _refusal("overlap", f"같은 카메라의 시간이 겹칩니다: {one}", "한 구간으로 적으십시오.")
            )
        seen.append(one)
    return found


def of(provision: Provision) -> list[Range]:
    """What it names now."""
    return [Range(line.camera, line.from_at, line.until_at) for line in standing(provision)]


def standing(provision: Provision) -> list[ProvisionCamera]:
    lines = provision.cameras.filter(dropped_at__isnull=True)
    return list(lines.select_related("camera__site", "hold").order_by("from_at", "pk"))


def _refusal(code: str, text: str, remedy: str = "") -> Refusal:
    return Refusal(f"range:{code}", text, ARTICLE, remedy, field="ranges")
