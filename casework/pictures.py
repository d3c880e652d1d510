"""Pictures that people outside the office send: checked, made smaller, and freed of everything but the picture.

A photograph tells where and when it was taken and by which device. The picture is decoded and written anew as JPEG, so
that nothing of the sent file is kept but what can be seen.
"""

import io
import warnings
from typing import IO

import pillow_heif
from django.utils.translation import gettext
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_SIDE = 2_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"
HELP = f"JPG·PNG·WEBP·HEIC, {MAX_BYTES // 1024 // 1024}MB까지"

pillow_heif.register_heif_opener()


class UnusablePicture(Exception):
    """The file cannot be used; the message says why and what to do."""


def stripped(file: IO[bytes], size: int) -> bytes:
    """The picture as JPEG, turned upright, at most `LONGEST_SIDE` wide and high, without any data about it."""
    if size > MAX_BYTES:
        raise UnusablePicture(
            gettext("사진이 너무 큽니다. %(megabytes)dMB까지 올릴 수 있으니 크기를 줄여 다시 올려 주십시오.")
            % {"megabytes": MAX_BYTES // 1024 // 1024}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written_anew(file)
    except UnusablePicture:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise UnusablePicture(
            gettext("사진으로 읽을 수 없는 파일입니다. JPG·PNG·WEBP·HEIC 사진을 올려 주십시오.")
        ) from error


def _written_anew(file: IO[bytes]) -> bytes:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise UnusablePicture(gettext("사진의 가로·세로가 너무 큽니다. 크기를 줄여 다시 올려 주십시오."))
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        target = io.BytesIO()
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
        plain.save(target, "JPEG", quality=85)
        return target.getvalue()
