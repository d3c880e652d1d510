"""Small clips, encoded here: a white bar that moves, so that every frame is another one."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av import VideoFrame


def write_clip(
    path: Path,
    codec: str = "libx264",
    *,
    seconds: int = 10,
    rate: int = 10,
    pixels: str = "yuv420p",
    kind: str | None = None,
    options: dict[str, str] | None = None,
    movflags: str = "",
    size: tuple[int, int] = (160, 96),
    group: int = 10,
    is_uneven: bool = False,
    rotated: int = 0,
) -> Path:
    """`is_uneven`: frames with a varying distance. `rotated`: how the picture is to be turned, counter-clockwise."""
    width, height = size
    with av.open(path, "w", format=kind, options={"movflags": movflags} if movflags else {}) as output:
        stream: Any = output.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.options = (
            {"bf": "2", "sc_threshold": "0"} | (options or {}) if codec == "libx264" else options or {}
        )
        stream.codec_context.gop_size = group
        stream.codec_context.time_base = Fraction(1, rate * (2 if is_uneven else 1))
        if rotated:
            stream.set_display_rotation(rotated)
        at = 0
        for number in range(seconds * rate):
            picture = np.zeros((height, width, 3), np.uint8)
            picture[:, number % width : number % width + 10] = 255
            frame = VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = at, stream.codec_context.time_base
            at += 1 + 2 * (number % 2) if is_uneven else 1
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
