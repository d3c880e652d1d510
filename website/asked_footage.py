"""청구한 영상: what a request asks for as its person reads it, place by place, with what is true of each camera today.

Every place that was named is told of, also one where no camera may be. Cameras of which nothing may be told stand there as
one for their place and time: not even how many they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext

from records.models import RequestedCamera, RequestedPlace, ViewingRequest
from records.viewing import keeping


@dataclass(slots=True)
class Told:
    """Cameras of one time of which the same is true."""

    from_at: datetime
    until_at: datetime
    sentence: str
    numbers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """As it was named: the address of a site, or the words and the radius."""

    where: str
    radius_metres: int = 0
    told: list[Told] = field(default_factory=list)


def of(received: ViewingRequest, kept: keeping.Keeping) -> list[Place]:
    lines = list(received.cameras.told().select_related("camera", "hold", "site"))
    found: dict[object, Place] = {
        ("place", place.pk): Place(_words(place), place.radius_metres) for place in received.places.all()
    }
    for line, sentence in zip(lines, keeping.of_cameras(received, lines, kept), strict=True):
        key = ("place", line.place_id) if line.place_id else ("site", line.site_id)
        place = found.setdefault(key, Place(_address(line, lines)))
        _tell(place, line, " ".join(filter(None, (_known(line, received), sentence))))
    return list(found.values())


def _tell(place: Place, line: RequestedCamera, sentence: str) -> None:
    of_this = (line.from_at, line.until_at, sentence)
    told = next((one for one in place.told if (one.from_at, one.until_at, one.sentence) == of_this), None)
    if told is None:
        told = Told(*of_this)
        place.told.append(told)
    number = gettext("이곳의 카메라") if line.camera.is_sign_exempt else line.camera.number
    if number not in told.numbers:
        told.numbers.append(number)


def _words(place: RequestedPlace) -> str:
    """They go with the person."""
    return place.words or gettext("적으셨던 곳")


def _address(line: RequestedCamera, lines: Sequence[RequestedCamera]) -> str:
    """The site's number alone, where all its cameras are exempt."""
    is_told = any(each.site_id == line.site_id and not each.camera.is_sign_exempt for each in lines)
    return (line.site.address if is_told else "") or line.site.number


def _known(line: RequestedCamera, received: ViewingRequest) -> str:
    """What is known of the footage itself; nothing of an exempt camera, nor when it matters no more."""
    if line.camera.is_sign_exempt or not (received.is_open or line.is_to_be_secured):
        return ""
    if not line.is_checked and line.secured_at:
        return gettext("담당자가 녹화기에서 이 구간을 확인했습니다.")
    if not line.is_checked:
        return gettext(
            "이 구간의 녹화 영상이 있는지 아직 확인하지 못했습니다. 담당자에게 녹화기에서 확보하도록 알렸습니다."
        )
    if line.already_gone:
        return gettext("이 구간의 파일 %(count)s개는 유예하기 전에 이미 파기되었습니다.") % {
            "count": number_format(line.already_gone, force_grouping=True)
        }
    return gettext("유예하기 전에 이 시스템이 파기한 파일은 없습니다.") if line.hold else ""
