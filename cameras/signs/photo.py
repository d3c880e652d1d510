"""Opening a photograph: what it shows, when and where it was taken, and a copy that tells neither place nor device.

Photographs come from anybody's telephone or from the internet: `casework.pictures` looks at the size before anything is
decoded, decodes apart from this process, and draws what is kept for the public anew from the pixels, so that nothing
hidden in the file goes along.
"""

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils import timezone

from cameras.signs.reading import LARGEST_SIDE, Gray
from casework import pictures

FORMATS = (*pictures.FORMATS, "BMP")
LARGEST_BYTES = 30_000_000
SMALLEST_SIDE = 20
PUBLIC_SIDE = 1600
PUBLIC_QUALITY = 82


class NoPicture(ValueError):
    """The file is no photograph that can be read; the message says why and what to do."""


@dataclass(frozen=True)
class Position:
    """WGS84 degrees."""

    latitude: Decimal
    longitude: Decimal

    @classmethod
    def of(cls, latitude: float, longitude: float) -> "Position | None":
        """None where the figures are no place on earth, or the null island of a telephone that knew nothing."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        if abs(latitude) > 90 or abs(longitude) > 180 or (latitude == 0 and longitude == 0):
            return None
        return cls(Decimal(f"{latitude:.9f}"), Decimal(f"{longitude:.9f}"))

    def metres_to(self, other: "Position") -> int:
        """Along the surface (haversine, mean radius of the earth)."""
        a, b, c, d = (
            math.radians(float(value))
            for value in (self.latitude, other.latitude, self.longitude, other.longitude)
        )
        half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin((d - c) / 2) ** 2
        return round(2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half))))


@dataclass(frozen=True)
class Photo:
    """A photograph laid upright: `gray` for reading codes, `public` as JPEG without any data about itself."""

    gray: Gray
    public: bytes
    taken_at: dt.datetime | None
    position: Position | None


def open_photo(content: bytes) -> Photo:
    """Decode once, within bounds and in a process of its own; raises `NoPicture`."""
    if not content:
        raise NoPicture("파일이 비어 있습니다. 사진을 다시 고르십시오.")
    if len(content) > LARGEST_BYTES:
        raise NoPicture(f"파일이 너무 큽니다. {LARGEST_BYTES // 1_000_000} MB까지 읽습니다.")
    decoded = pictures.decode(
        content, formats=FORMATS, jpeg_side=PUBLIC_SIDE, quality=PUBLIC_QUALITY, gray_side=LARGEST_SIDE
    )
    if decoded.reason:
        raise NoPicture(_why_not(decoded))
    if min(decoded.width, decoded.height) < SMALLEST_SIDE:
        raise NoPicture(f"사진이 너무 작습니다({decoded.width} × {decoded.height} 화소).")
    gray = np.frombuffer(decoded.gray, np.uint8).reshape(decoded.height, decoded.width)
    return Photo(gray, decoded.jpeg, _taken_at(decoded.exif), _position(decoded.exif))


def _why_not(decoded: pictures.Decoded) -> str:
    match decoded.reason:
        case "unknown":
            return "사진으로 읽을 수 없는 파일입니다. JPEG, PNG, WebP, HEIC 사진을 쓰십시오."
        case "too_large":
            return f"사진이 지나치게 큽니다({decoded.width:,} × {decoded.height:,} 화소)."
        case "busy":
            return "지금 확인하는 사진이 많습니다. 1분 뒤에 다시 올리십시오."
    return "사진 파일이 손상되어 끝까지 읽을 수 없습니다. 다시 찍거나 다시 올리십시오."


def _taken_at(exif: dict[str, Any]) -> dt.datetime | None:
    """The clock of the telephone; without a zone it is that of the office."""
    text = str(exif["taken"] or "").strip("\0 ")
    try:
        naive = dt.datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    offset = str(exif["offset"] or "").strip("\0 ")
    try:
        zone = dt.datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        zone = timezone.get_default_timezone()
    return naive.replace(tzinfo=zone)


def _position(exif: dict[str, Any]) -> Position | None:
    try:
        latitude = _degrees(exif["latitude"], exif["latitude_side"])
        longitude = _degrees(exif["longitude"], exif["longitude_side"])
    except (TypeError, ValueError):
        return None
    return Position.of(latitude, longitude)


def _degrees(parts: list[float], side: str) -> float:
    """Degrees, minutes and seconds as one figure; south and west are negative."""
    degrees, minutes, seconds = parts[:3]
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip("\0 ").upper() in ("S", "W") else value
