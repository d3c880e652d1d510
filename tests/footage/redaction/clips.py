"""Small clips drawn for a test: a textured square walks over a textured ground."""

from fractions import Fraction

import av
import numpy as np

WIDTH, HEIGHT = 160, 96
SIDE = 20
GROUND = (
    np.random.default_rng(7)
    .integers(90, 130, (HEIGHT // 8, WIDTH // 8), dtype=np.uint8)
    .repeat(8, 0)
    .repeat(8, 1)
)
WALKER = (
    np.random.default_rng(8)
    .integers(180, 255, (SIDE // 4, SIDE // 4), dtype=np.uint8)
    .repeat(4, 0)
    .repeat(4, 1)
)


def picture(x: int | None, y: int = 40, ground=GROUND) -> np.ndarray:
    """RGB; the square's left upper corner at (x, y), which may lie outside."""
    grey = ground.copy()
    if x is not None:
        left, right = max(x, 0), min(x + SIDE, grey.shape[1])
        if right > left:
            grey[y : y + SIDE, left:right] = WALKER[:, left - x : right - x]
    return np.stack([grey] * 3, axis=2)


def walking(frames: int = 40, pace: int = 4) -> list[np.ndarray]:
    """In at the left, out at the right; the ground alone at the beginning and the end."""
    return [picture(pace * number - SIDE) for number in range(frames)]


def write(
    path,
    pictures,
    *,
    times=None,
    codec="libx264",
    pix_fmt="yuv420p",
    rate=10,
    options=None,
    sound=False,
    **muxing,
):
    """`times`: seconds (Fraction) of each picture; by default `rate` a second."""
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w", **muxing) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.thread_count = 1
        stream.options = options or {}
        if times:
            stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        container.metadata["title"] = "secret title"
        tone = container.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for number, rgb in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            if times:
                frame.pts, frame.time_base = int(times[number] * 1000), Fraction(1, 1000)
            else:
                frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if tone:
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate = 16_000
            silence.pts = 0
            container.mux(tone.encode(silence))
            container.mux(tone.encode())
    return path


def read(path):
    """(times in seconds, luma of each picture) of a result."""
    times, pictures = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            times.append(frame.pts * frame.time_base)
            luma = frame.planes[0]
            pictures.append(np.frombuffer(luma, np.uint8).reshape(-1, luma.line_size)[:, : luma.width].copy())
    return times, pictures
