"""Writing the result: H.264 in MP4 with the times of the original, and nothing else.

No sound, no metadata, no thumbnail, no remark of the encoder, nothing behind the end. The same pictures give the same
bytes: a fixed number of threads, none of the processor's own short cuts, no date.
"""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.bitstream import BitStreamFilterContext

from footage.redaction.clip import Clip, Planes

# Changed whenever the same regions would give other bytes.
VERSION = 1
# Pictures refer only to earlier ones, so the order in the file is that of time and no player shifts it.
ENCODER = "bframes=0:threads=2:sliced-threads=0:cpu-independent=1:keyint=50:scenecut=40"
PRESET, QUALITY = "veryfast", "21"
# Remarks of the encoder (supplemental enhancement information): its name and settings.
WITHOUT_REMARKS = "filter_units=remove_types=6"


def write(
    target: Path | BinaryIO, clip: Clip, pictures: Iterable[tuple[int, Planes]], last_ticks: int
) -> None:
    """`pictures`: tick and planes, in order; `last_ticks`: for how long the last one is shown.

    An open file is not named twice, so there its index stays behind the pictures.
    """
    options = {"fflags": "+bitexact", "video_track_timescale": str(clip.ticks_per_second)}
    if isinstance(target, Path):
        options["movflags"] = "+faststart"
    opened = str(target) if isinstance(target, Path) else target
    with av.open(opened, "w", format="mp4", options=options) as container:
        stream = _stream(container, clip)
        writer = _Writer(container, stream, last_ticks)
        base = Fraction(1, clip.ticks_per_second)
        for tick, planes in pictures:
            writer.ticks.append(tick)
            writer.take(stream.encode(_frame(planes, tick, base, clip)))
        writer.take(stream.encode(None))
        writer.end()


class _Writer:
    """Hands packets on with the time until the next one as their length: one is always kept back."""

    def __init__(self, container: Any, stream: Any, last_ticks: int) -> None:
        self.container, self.stream, self.last_ticks = container, stream, last_ticks
        self.ticks: list[int] = []
        self.filter: Any = None
        self.kept: Any = None

    def take(self, packets: list[Any]) -> None:
        for packet in packets:
            if self.filter is None:
                self.filter = BitStreamFilterContext(WITHOUT_REMARKS, self.stream)
            for clean in self.filter.filter(packet):
                if self.kept is not None:
                    self.kept.duration = clean.pts - self.kept.pts
                    self._mux()
                self.kept = clean

    def end(self) -> None:
        if self.kept is not None:
            self.kept.duration = self.last_ticks
            self._mux()

    def _mux(self) -> None:
        self.kept.stream = self.stream
        self.container.mux(self.kept)


def _stream(container: Any, clip: Clip) -> Any:
    rate = clip.rate if 1 <= clip.rate <= 120 else Fraction(25)
    stream = container.add_stream("libx264", rate=rate)
    context = stream.codec_context
    context.width, context.height = _even(clip.width), _even(clip.height)
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, clip.ticks_per_second)
    context.framerate = rate
    context.sample_aspect_ratio = clip.sample_aspect
    context.color_range = 2 if clip.is_full_range else 1
    context.color_primaries, context.color_trc, context.colorspace = clip.colours
    context.flags |= av.codec.context.Flags.bitexact
    context.options = {"preset": PRESET, "crf": QUALITY, "x264-params": ENCODER}
    stream.time_base = context.time_base
    return stream


def _even(length: int) -> int:
    return length + length % 2


def _frame(planes: Planes, tick: int, base: Fraction, clip: Clip) -> Any:
    height, width = planes.y.shape
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, rows in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
        into = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        into[: rows.shape[0], : rows.shape[1]] = rows
    frame.pts, frame.time_base = tick, base
    frame.color_range = 2 if clip.is_full_range else 1
    return frame
