"""The program that decodes a stranger's picture: a process of its own, which may use up nothing but itself.

    python casework/picture_decoding.py < request > answer      (started by casework.judging, never imported)

Decoders of pictures are the largest piece of foreign code that a stranger reaches. Here they run without database,
keys in the environment or Django, within limits of memory and time that the kernel keeps, and write no file. Request
and answer are a line of JSON and the bytes that it announces.
"""

import io
import json
import os
import resource
import sys
import warnings
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageOps

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 10
# A phone's JPEG is decoded at a part of its size, everything else whole.
JPEG_PIXELS = 220_000_000
OTHER_PIXELS = 24_000_000
JPEG_FORMATS = ("JPEG", "MPO")


class Unusable(Exception):
    """`reason` is a word that the caller turns into a sentence."""

    def __init__(self, reason: str, width: int = 0, height: int = 0) -> None:
        self.answer = {"reason": reason, "width": width, "height": height}


def confine() -> None:
    """From here on the kernel refuses more, whatever the file says."""
    for kind, most in [
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(kind, (most, most))
    os.nice(5)


def main() -> None:
    wanted = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(wanted["bytes"])
    confine()
    pillow_heif.register_heif_opener()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # ours are asked below, before anything is decoded
    try:
        answer, parts = decode(content, wanted)
    except Unusable as refusal:
        answer, parts = refusal.answer, []
    except MemoryError:
        answer, parts = {"reason": "too_large", "width": 0, "height": 0}, []
    except Exception:
        answer, parts = {"reason": "damaged", "width": 0, "height": 0}, []
    answer["parts"] = [len(part) for part in parts]
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(parts))


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


if __name__ == "__main__":
    main()
