"""Opening a photograph: what it shows, when and where it was taken, and a copy that tells neither place nor device.

Photographs come from anybody's telephone or from the internet: the size is looked at before anything is decoded, and
what is kept for the public is drawn anew from the pixels, so that nothing hidden in the file goes along.
"""

import datetime as dt
import io
import math
import warnings
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.utils import timezone
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from cameras.signs.reading import LARGEST_SIDE, Gray
from casework import pictures

FORMATS = [name for name in pictures.FORMATS if name != "MPO"] + ["BMP"]
LARGEST_BYTES = 30_000_000
# A file that claims more is a bomb or a mistake. JPEG is decoded at a part of its size, the others whole.
LARGEST_PIXELS = 50_000_000
LARGEST_JPEG_PIXELS = 220_000_000
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
    """Decode once, within bounds; raises `NoPicture`."""
    picture = _identified(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = picture.getexif()
            taken_at, position = _taken_at(exif), _position(exif)
            # JPEG can be decoded at half or a quarter of its size, in a fraction of the time and memory.
            picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            flat = _on_white(upright)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise NoPicture(
            "사진 파일이 손상되어 끝까지 읽을 수 없습니다. 다시 찍거나 다시 올리십시오."
        ) from error
    flat.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    gray = np.asarray(flat.convert("L"), np.uint8)
    return Photo(gray, _public_copy(flat), taken_at, position)


def _identified(content: bytes) -> Image.Image:
    """The file as a picture of a known format and a sensible size, not yet decoded."""
    if not content:
        raise NoPicture("파일이 비어 있습니다. 사진을 다시 고르십시오.")
    if len(content) > LARGEST_BYTES:
        raise NoPicture(f"파일이 너무 큽니다. {LARGEST_BYTES // 1_000_000} MB까지 읽습니다.")
    try:
        with warnings.catch_warnings():
            # Its own limit is lower than ours; ours is checked below, before decoding.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise NoPicture("사진이 지나치게 큽니다.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoPicture("사진으로 읽을 수 없는 파일입니다. JPEG, PNG, WebP, HEIC 사진을 쓰십시오.") from error
    width, height = picture.size
    most = LARGEST_JPEG_PIXELS if picture.format in ("JPEG", "MPO") else LARGEST_PIXELS
    if width * height > most:
        raise NoPicture(f"사진이 지나치게 큽니다({width:,} × {height:,} 화소).")
    if min(width, height) < SMALLEST_SIDE:
        raise NoPicture(f"사진이 너무 작습니다({width} × {height} 화소).")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", rgba.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return picture.convert("RGB")


def _public_copy(picture: Image.Image) -> bytes:
    """Drawn from the pixels alone: no EXIF, no thumbnail, no profile, no comment."""
    smaller = picture.copy()
    smaller.thumbnail((PUBLIC_SIDE, PUBLIC_SIDE))
    bare = Image.frombytes("RGB", smaller.size, smaller.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=PUBLIC_QUALITY)
    return out.getvalue()


def _taken_at(exif: Image.Exif) -> dt.datetime | None:
    """The clock of the telephone; without a zone it is that of the office."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = str(details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "").strip(
        "\0 "
    )
    try:
        naive = dt.datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    try:
        zone = dt.datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        zone = timezone.get_default_timezone()
    return naive.replace(tzinfo=zone)


def _position(exif: Image.Exif) -> Position | None:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N"))
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError, OverflowError):
        return None
    return Position.of(latitude, longitude)


def _degrees(parts: tuple[float, ...], reference: str | bytes) -> float:
    """Degrees, minutes and seconds as one figure; south and west are negative."""
    degrees, minutes, seconds = (float(part) for part in parts[:3])
    letter = reference.decode("ascii", "ignore") if isinstance(reference, bytes) else str(reference)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if letter.strip("\0 ").upper() in ("S", "W") else value
