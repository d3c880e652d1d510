"""A recorder's folder with real video, drawn and encoded here: a car on a street, over and over."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

CLIP_SECONDS = (6, 8, 10)
SEGMENT_SECONDS = 10  # Frigate's
FRAMES_PER_SECOND = 5
SIZE = (320, 180)
DAYS = 33
HOURS_OF_A_DAY = (1, 7, 13, 19)  # UTC
# One camera records often around the end of its period, so that a watcher sees sweeps destroy as time goes by.
TRICKLE_MINUTES = 8 * 60


class CannotEncode(Exception):
    """This machine's OpenCV cannot write MP4."""


@dataclass(frozen=True)
class Segment:
    key: str
    start: datetime

    @property
    def path(self) -> str:
        """Frigate's way of writing it (UTC)."""
        at = self.start.astimezone(UTC)
        return f"recordings/{at:%Y-%m-%d}/{at:%H}/{self.key}/{at:%M.%S}.mp4"


def draw_clip(path: Path, seconds: int) -> None:
    """A small moving picture that any player shows."""
    import cv2  # late: commands that need no video start without it
    import numpy as np

    width, height = SIZE
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FRAMES_PER_SECOND, SIZE)  # type: ignore[attr-defined]
    if not writer.isOpened():
        raise CannotEncode("OpenCV가 이 기계에서 MP4를 만들지 못합니다.")
    try:
        for number in range(seconds * FRAMES_PER_SECOND):
            frame = np.full((height, width, 3), 60, np.uint8)
            frame[: height // 2] = (150, 120, 90)
            cv2.fillPoly(
                frame, [np.array([[120, 90], [200, 90], [320, 180], [0, 180]], np.int32)], (80, 80, 80)
            )
            x = (number * 7) % width
            cv2.rectangle(frame, (x, 120), (x + 26, 136), (40, 40, 200), -1)
            stamp = f"SAMPLE {number // FRAMES_PER_SECOND:02d}.{number % FRAMES_PER_SECOND}"
            cv2.putText(frame, stamp, (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
            writer.write(frame)
    finally:
        writer.release()


def segments(keys: list[str], now: datetime) -> Iterator[Segment]:
    """A few segments a day for each camera, over a little more than the longest period."""
    today = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for key in keys:
        for days_ago in range(DAYS + 1):
            for hour in HOURS_OF_A_DAY:
                start = (today - timedelta(days=days_ago)).replace(hour=hour, minute=(days_ago * 7) % 60)
                if start < now - timedelta(minutes=5):
                    yield Segment(key, start)
    month_ago = (now - timedelta(days=30)).replace(second=20, microsecond=0)
    for minute in range(-60, TRICKLE_MINUTES):
        yield Segment(keys[0], month_ago + timedelta(minutes=minute))


def record(root: Path, keys: list[str], now: datetime) -> int:
    """Fill the folder; the number of files. A file's time of change is the end of its segment, as in life."""
    root.mkdir(parents=True, exist_ok=True)
    drafts = [root / f".clip-{seconds}.mp4" for seconds in CLIP_SECONDS]
    for draft, seconds in zip(drafts, CLIP_SECONDS, strict=True):
        draw_clip(draft, seconds)
    count = 0
    for count, segment in enumerate(segments(keys, now), start=1):
        path = root / segment.path
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drafts[count % len(drafts)], path)
        ended = (segment.start + timedelta(seconds=SEGMENT_SECONDS)).timestamp()
        os.utime(path, (ended, ended))
    for draft in drafts:
        draft.unlink()
    return count


def leave_oddities(root: Path, key: str, now: datetime) -> None:
    """What every recorder's disk has after a while: a camera nobody registered, a file nobody can read as one."""
    sample = next((root / "recordings").rglob("*.mp4"))
    for days_ago in (3, 20, 32):
        stray = (
            root / Segment("old_gate_test", (now - timedelta(days=days_ago)).replace(minute=4, second=0)).path
        )
        stray.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sample, stray)
        ended = (now - timedelta(days=days_ago)).timestamp()
        os.utime(stray, (ended, ended))
    day = now.astimezone(UTC) - timedelta(days=2)
    odd = root / f"recordings/{day:%Y-%m-%d}/01/{key}/점검 사본.mp4"
    odd.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sample, odd)
