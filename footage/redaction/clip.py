"""Reading a clip: upright pictures in planes of 4:2:0, one after the other, with the original's timing.

A file says much about itself that is not so. What is believed is what the decoder gives: the size of the first picture,
the times of the pictures in order, the number that could be read. Containers and codecs are those of recorders; others,
among them play lists that make FFmpeg open further files, are not opened.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import av
import cv2
import numpy as np
import numpy.typing as npt

from footage.redaction.errors import UnusableClip

Plane = npt.NDArray[np.uint8]

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,gif,h264,hevc,mjpeg,m4v,dhav,ivf"
CODECS = "h264,hevc,mpeg4,mpeg2video,mpeg1video,mjpeg,gif,h263,vp8,vp9,libdav1d,av1,msmpeg4v3,wmv2,wmv3,vc1,rawvideo"
LONGEST_SIDE = 8_192
MOST_PIXELS = 17_000_000  # twelve megapixels and the widest of panoramas; more than a recorder writes
LONGEST_SECONDS = 3_600
MOST_FRAMES = 60 * LONGEST_SECONDS
MOST_ERRORS = 1_000
# Of the smaller grey picture in which motion is looked for and tracks are followed.
GLANCE_SIDE = 640
USUAL_RATE = Fraction(25)
# Times go through numbers with a point: what lies nearer is the same.
INSTANT = 1e-6


@dataclass(frozen=True)
class Planes:
    """A picture, upright; luma is (height, width) with both even, chroma half of it in both directions."""

    y: Plane
    u: Plane
    v: Plane

    def rgb(self) -> Plane:
        """(height, width, 3), red first."""
        height, width = self.y.shape
        packed = np.concatenate([self.y.reshape(-1), self.u.reshape(-1), self.v.reshape(-1)])
        return np.asarray(
            cv2.cvtColor(packed.reshape(height * 3 // 2, width), cv2.COLOR_YUV2RGB_I420), np.uint8
        )

    def glance(self) -> Plane:
        """The picture in grey, its longer side at most GLANCE_SIDE, a little blurred: grain is nothing that moves. Made once."""
        return self._glance

    @cached_property
    def _glance(self) -> Plane:
        height, width = self.y.shape
        scale = glance_scale(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = self.y if scale == 1 else cv2.resize(self.y, size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)


def glance_scale(width: int, height: int) -> float:
    return min(1.0, GLANCE_SIDE / max(width, height))


class UnopenablePiece(UnusableClip):
    """A file that is no video: where there are several, the others are gone on with."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a file, [from_s, until_s) of it in seconds; its beginning lies at `starts_s` of the whole range.

    `opened` gives what the file is read from: its address, or an open file that is ours to close.
    """

    name: str
    opened: Callable[[], str | BinaryIO]
    from_s: float = 0.0
    until_s: float = math.inf
    starts_s: float = 0.0

    @property
    def is_whole(self) -> bool:
        return self.from_s == 0 and self.until_s == math.inf


@dataclass(frozen=True)
class Frame:
    """One picture: its number from 0, its time in ticks of the clip from the first picture on.

    `seconds`: where it lies in the whole range as its file says; `piece`: of which one it is.
    """

    number: int
    tick: int
    planes: Planes
    piece: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Clip:
    """What is known before the first picture is read; `width` and `height` are those of the upright picture."""

    pieces: tuple[Piece, ...]
    width: int
    height: int
    ticks_per_second: int
    rate: Fraction
    sample_aspect: Fraction
    is_full_range: bool
    colours: tuple[int, int, int]  # primaries, transfer, matrix as H.273 numbers them
    declared_seconds: float | None

    @property
    def nominal_ticks(self) -> int:
        return max(1, round(self.ticks_per_second / self.rate))


class Reading:
    """Pictures of one pass, and what went wrong on the way: iterate it once."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.errors = 0
        self.untimed = 0
        self.broke_off = False
        # Pieces among several that cannot be opened: there is no picture of their time.
        self.unusable: list[str] = []
        self._number = 0
        self._last = -1
        # Ticks between the beginning of the range and the first picture.
        self._zero: int | None = None

    def __iter__(self) -> Iterator[Frame]:
        for place, piece in enumerate(self.clip.pieces):
            try:
                with _opened(piece) as (_, stream):
                    yield from self._of_piece(place, piece, stream)
            except UnopenablePiece as error:
                if len(self.clip.pieces) == 1:
                    raise
                self.unusable.append(f"{piece.name}: {error}")

    def _of_piece(self, place: int, piece: Piece, stream: Any) -> Iterator[Frame]:
        clip = self.clip
        base, per_tick = int(stream.start_time or 0), stream.time_base * clip.ticks_per_second
        nominal_s = clip.nominal_ticks / clip.ticks_per_second
        first: int | None = None
        seconds = -nominal_s
        for picture in self._pictures(stream, piece):
            is_timed = picture.pts is not None
            seconds = float((picture.pts - base) * stream.time_base) if is_timed else seconds + nominal_s
            if seconds < piece.from_s - INSTANT:
                continue
            if seconds >= piece.until_s - INSTANT:
                return
            if not is_timed:
                self.untimed += 1
                tick = self._last + clip.nominal_ticks if self._number else 0
            else:
                stamp = int(picture.pts * per_tick)
                if first is None:
                    first = stamp - self._tick_of_first(piece, seconds)
                # Two pictures of one time, or a clock that went back: the next tick.
                tick = max(stamp - first, self._last + 1)
            planes = upright(picture)
            if planes.y.shape != (clip.height + clip.height % 2, clip.width + clip.width % 2):
                raise UnusableClip(
                    "영상의 화면 크기가 도중에 바뀝니다. 크기가 바뀌는 곳에서 나누어 주십시오."
                )
            if self._number >= MOST_FRAMES or tick > LONGEST_SECONDS * clip.ticks_per_second:
                raise UnusableClip(_too_long())
            yield Frame(self._number, tick, planes, place, seconds + piece.starts_s)
            self._number, self._last = self._number + 1, tick

    def _tick_of_first(self, piece: Piece, seconds: float) -> int:
        """Where the first picture of a piece lies: as far from the clip's first as the range says, and behind the last."""
        place = round((piece.starts_s + seconds) * self.clip.ticks_per_second)
        if self._zero is None:
            self._zero = place - max(self._last + 1, 0)
        follows = self._last + self.clip.nominal_ticks if self._number else 0
        return max(place - self._zero, follows)

    def _pictures(self, stream: Any, piece: Piece) -> Iterator[Any]:
        if piece.from_s > 0 and "mp4" in stream.container.format.name:
            # A key frame before it: an index says where, as no other kind of file does reliably.
            at = int(piece.from_s / stream.time_base) + int(stream.start_time or 0)
            with suppress(av.FFmpegError):
                stream.container.seek(at, stream=stream)
        packets = stream.container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.FFmpegError, OSError):
                self.broke_off = True
                return
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                self.errors += 1
                if self.errors > MOST_ERRORS:
                    self.broke_off = True
                    return
                continue
            yield from pictures


def piece_of(path: Path) -> Piece:
    """The whole of a file. Raises UnusableClip."""
    if not path.is_file():
        raise UnusableClip(f"파일이 없거나 파일이 아닙니다: {path.name}")
    if not path.stat().st_size:
        raise UnusableClip("빈 파일입니다.")
    return Piece(path.name, lambda: f"file:{path}")


def open_clip(pieces: Sequence[Piece]) -> Clip:
    """What the clip is, from the first picture of its first piece that has one. Raises UnusableClip."""
    unusable: UnusableClip | None = None
    for piece in pieces:
        try:
            return _clip_of(piece, tuple(pieces))
        except UnopenablePiece as error:
            unusable = unusable or error
    raise unusable or UnusableClip("이 구간에 읽을 영상이 없습니다.")


def _clip_of(piece: Piece, pieces: tuple[Piece, ...]) -> Clip:
    with _opened(piece) as (container, stream):
        declared = container.duration / av.time_base if container.duration else None
        if declared and declared > LONGEST_SECONDS:
            raise UnusableClip(_too_long())
        _refuse_size(stream.codec_context.width, stream.codec_context.height)
        picture = _first_picture(container, stream)
        _refuse_size(picture.width, picture.height)
        width, height = picture.width, picture.height
        aspect = stream.sample_aspect_ratio or Fraction(1)
        if picture.rotation % 180:
            width, height, aspect = height, width, 1 / aspect if aspect else Fraction(1)
        base = stream.time_base
        return Clip(
            pieces=pieces,
            width=width,
            height=height,
            # Players expect ticks of a millisecond at most; the original's stay whole numbers of them.
            ticks_per_second=base.denominator * math.ceil(1_000 / base.denominator),
            rate=_rate(stream),
            sample_aspect=aspect if 0 < aspect < 100 else Fraction(1),
            is_full_range=picture.format.name.startswith("yuvj") or picture.color_range == 2,
            colours=(int(picture.color_primaries), int(picture.color_trc), int(picture.colorspace)),
            declared_seconds=declared,
        )


def upright(picture: Any) -> Planes:
    """Planes of 4:2:0 in 8 bits, turned as a player turns them; an odd edge is doubled."""
    if picture.format.name not in {"yuv420p", "yuvj420p"}:
        picture = picture.reformat(format="yuv420p", threads=1)
    turns = round(picture.rotation / 90) % 4
    y, u, v = (_plane(plane, turns) for plane in picture.planes[:3])
    height, width = y.shape
    if height % 2 or width % 2:
        y = np.pad(y, ((0, height % 2), (0, width % 2)), mode="edge")
    return Planes(y, u, v)


def _plane(plane: Any, turns: int) -> Plane:
    rows: Plane = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    return np.ascontiguousarray(np.rot90(rows, turns) if turns else rows)


@contextmanager
def _opened(piece: Piece) -> Iterator[tuple[Any, Any]]:
    options = {"format_whitelist": FORMATS, "codec_whitelist": CODECS, "protocol_whitelist": "file"}
    with ExitStack() as stack:
        media = piece.opened()
        if not isinstance(media, str):
            stack.enter_context(media)
        try:
            container = av.open(media, options=options)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise UnopenablePiece(
                "영상으로 열 수 없습니다. 영상 파일이 아니거나, 저장되다 끊긴 파일이거나, 다루지 않는 형식입니다."
            ) from error
        stack.enter_context(container)
        streams = [stream for stream in container.streams.video if not _is_cover_art(stream)]
        if not streams:
            raise UnopenablePiece("파일에 영상이 없습니다. 소리나 그림만 든 파일입니다.")
        stream = streams[0]
        if stream.codec_context is None:
            raise UnopenablePiece("다루지 않는 압축 방식의 영상입니다. H.264나 H.265로 다시 내보내 주십시오.")
        # What a damaged picture decodes to must be the same in every reading, so no threads that race.
        stream.codec_context.thread_type = "SLICE"
        stream.codec_context.thread_count = 2
        stream.codec_context.options = {"max_pixels": str(MOST_PIXELS + 2**20)}
        yield container, stream


def _is_cover_art(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _first_picture(container: Any, stream: Any) -> Any:
    errors = 0
    try:
        for packet in container.demux(stream):
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                errors += 1
                if errors > MOST_ERRORS:
                    break
                continue
            if pictures:
                return pictures[0]
    except (av.FFmpegError, OSError):
        pass
    if errors:
        raise UnopenablePiece(
            "화면을 한 장도 읽지 못했습니다. 파일이 손상되었거나, 적힌 압축 방식과 내용이 다릅니다."
        )
    raise UnopenablePiece("영상에 화면이 한 장도 없습니다.")


def _refuse_size(width: int, height: int) -> None:
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise UnusableClip(
            f"화면이 너무 큽니다 ({width:,}×{height:,}). 가로·세로 {LONGEST_SIDE:,}, "
            f"모두 {MOST_PIXELS // 1_000_000:,}백만 화소까지 다룹니다. 크기를 줄여 다시 내보내 주십시오."
        )
    if 0 < min(width, height) < 16:
        raise UnusableClip(f"화면이 너무 작습니다 ({width}×{height}).")


def _rate(stream: Any) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and Fraction(1, 60) <= rate <= 240:
            return Fraction(rate)
    return USUAL_RATE


def _too_long() -> str:
    return f"영상이 너무 깁니다. {LONGEST_SECONDS // 60}분까지 다룹니다. 나누어 주십시오."
