"""The program that decodes a stranger's picture (`casework.confined` runs it; never imported)."""

import io
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageOps

# A phone's JPEG is decoded at a part of its size, everything else whole.
JPEG_PIXELS = 220_000_000
OTHER_PIXELS = 24_000_000
JPEG_FORMATS = ("JPEG", "MPO")

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # ours are asked below, before anything is decoded


class Unusable(Exception):
    """`reason` is a word that the caller turns into a sentence."""

    def __init__(self, reason: str, width: int = 0, height: int = 0) -> None:
        self.answer = {"reason": reason, "width": width, "height": height}


def decide(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        return decode(content, wanted)
    except Unusable as refusal:
        return refusal.answer, []


def decode(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The picture upright on white as JPEG without any data about it, and as gray pixels where they are wanted."""
    picture = identified(content, wanted["formats"])
    exif = facts_of(picture) if wanted["gray_side"] else {}
    side = wanted["gray_side"] or wanted["jpeg_side"]
    picture.draft("RGB", (side, side))
    # Made smaller first: what is turned, laid on white and converted is never larger than what is kept.
    if picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    orientation = picture.getexif().get(ExifTags.Base.Orientation)
    picture.thumbnail((side, side))
    if orientation:
        picture = ImageOps.exif_transpose(picture)
    flat = on_white(picture)
    parts = []
    if wanted["gray_side"]:
        parts.append(flat.convert("L").tobytes())
    answer = {"reason": "", "width": flat.width, "height": flat.height, "exif": exif}
    flat.thumbnail((wanted["jpeg_side"], wanted["jpeg_side"]))
    bare = Image.frombytes("RGB", flat.size, flat.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=wanted["quality"])
    return answer, [*parts, out.getvalue()]


def identified(content: bytes, formats: list[str]) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=formats)
    except Exception as error:
        raise Unusable("unknown") from error
    width, height = picture.size
    if width * height > (JPEG_PIXELS if picture.format in JPEG_FORMATS else OTHER_PIXELS):
        raise Unusable("too_large", width, height)
    return picture


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", rgba.size, "white")
        white.paste(rgba, mask=rgba)
        return white
    return picture.convert("RGB")


def facts_of(picture: Image.Image) -> dict[str, Any]:
    """When and where the telephone says it was taken, as it says it."""
    exif = picture.getexif()
    details, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    found = {
        "taken": details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime),
        "offset": details.get(ExifTags.Base.OffsetTimeOriginal),
        "latitude": gps.get(ExifTags.GPS.GPSLatitude),
        "latitude_side": gps.get(ExifTags.GPS.GPSLatitudeRef, "N"),
        "longitude": gps.get(ExifTags.GPS.GPSLongitude),
        "longitude_side": gps.get(ExifTags.GPS.GPSLongitudeRef, "E"),
    }
    return {name: plain(value) for name, value in found.items()}


def plain(value: Any) -> Any:
    """As JSON can carry it; what cannot be read as text or figures is nothing."""
    if isinstance(value, bytes):
        return value.decode("ascii", "ignore")
    if isinstance(value, tuple):
        try:
            return [float(part) for part in value]
        except (TypeError, ValueError, ZeroDivisionError):
            return None
    return None if value is None else str(value)
