"""Pictures that people outside the office send: checked, made smaller, and freed of everything but the picture.

A photograph tells where and when it was taken and by which device. The picture is decoded and written anew as JPEG, so
that nothing of the sent file is kept but what can be seen. Decoding is the work of `casework.judging`'s process.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext

from casework import judging

MAX_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 2_000
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"
HELP = f"JPG·PNG·WEBP·HEIC, {MAX_BYTES // 1024 // 1024}MB까지"
PROGRAM = Path(__file__).with_name("picture_decoding.py")


class UnusablePicture(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Decoded:
    """Why not (`reason`, empty when it was read), or the picture upright; `gray` as rows of pixels when wanted."""

    reason: str
    width: int
    height: int
    jpeg: bytes = b""
    gray: bytes = b""
    exif: dict[str, Any] = field(default_factory=dict)


def decode(
    content: bytes,
    *,
    formats: tuple[str, ...],
    jpeg_side: int,
    quality: int,
    gray_side: int = 0,
    is_public: bool = False,
) -> Decoded:
    """Reasons: `unknown`, `too_large`, `damaged`, and `busy` when too many are being looked at."""
    wanted = {"formats": formats, "jpeg_side": jpeg_side, "quality": quality, "gray_side": gray_side}
    try:
        answer, parts = judging.judge(
            PROGRAM, wanted, content, judging.PUBLIC if is_public else judging.PAGES
        )
    except judging.Busy:
        return Decoded("busy", 0, 0)
    except judging.Broken:
        return Decoded("damaged", 0, 0)
    if answer["reason"]:
        return Decoded(answer["reason"], answer.get("width", 0), answer.get("height", 0))
    return Decoded(**answer, jpeg=parts[-1], gray=parts[0] if gray_side else b"")


def stripped(file: IO[bytes], size: int, *, is_public: bool = False) -> bytes:
    """The picture as JPEG, turned upright, at most `LONGEST_SIDE` wide and high, without any data about it."""
    if size > MAX_BYTES:
        raise UnusablePicture(
            gettext("사진이 너무 큽니다. %(megabytes)dMB까지 올릴 수 있으니 크기를 줄여 다시 올려 주십시오.")
            % {"megabytes": MAX_BYTES // 1024 // 1024}
        )
    content = file.read(MAX_BYTES + 1)
    decoded = decode(content, formats=FORMATS, jpeg_side=LONGEST_SIDE, quality=QUALITY, is_public=is_public)
    match decoded.reason:
        case "":
            return decoded.jpeg
        case "busy":
            raise UnusablePicture(
                gettext("지금 확인하는 사진이 많습니다. 1분 뒤에 사진을 다시 골라 보내 주십시오.")
            )
        case "too_large":
            raise UnusablePicture(gettext("사진의 가로·세로가 너무 큽니다. 크기를 줄여 다시 올려 주십시오."))
    raise UnusablePicture(
        gettext("사진으로 읽을 수 없는 파일입니다. JPG·PNG·WEBP·HEIC 사진을 올려 주십시오.")
    )
