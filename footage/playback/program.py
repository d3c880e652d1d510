"""The process that opens kept footage: started by `casework.judging`, never imported by the application.

It gets the path of a kept file, its case's key and what is wanted, and answers with one part: fragmented MP4 with a picture
and nothing else. Chunks are opened as they are needed, so what it takes does not grow with the length of the file. Jobs:

    part     up to so many seconds from a point on, beginning at a key frame, as they were recorded (H.264 in MP4)
    convert  the same from any other kind of file, encoded anew; frames keep their times
    still    one frame as PNG, with a line of text below it

A part is a line of JSON (`from`, `until`, `frames`: times of its frames in seconds from the file's beginning, `codecs`)
and the MP4. `reason` of an answer is one of the words of `footage.playback.words`.
"""

import io
import json
import uuid
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import av.error
from av import VideoFrame
from av.video.frame import PictureType

from footage.vault.containers import Damaged
from footage.vault.plain import Plain

# What a browser decodes as it is. Others (10 bit, 4:2:2, 4:4:4) are encoded anew.
PLAIN_FORMATS = ("yuv420p", "yuvj420p")
PLAIN_PROFILES = ("Baseline", "Constrained Baseline", "Main", "High", "Progressive High", "Constrained High")
# Longer without a key frame, and a jump would take longer than a second; more bytes, and a part would be too big to hold.
LONGEST_GROUP_SECONDS = 20.0
MOST_PART_BYTES = 48 << 20
# A file of another kind never makes us read a list of other files or an address.
KINDS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,asf,flv,gif,mjpeg,ogg,h264,hevc,mxf,nut"
MOST_WIDTH, MOST_HEIGHT = 3840, 2160
MOST_PIXELS = 8192 * 8192
# What is encoded anew while somebody waits: six seconds of 1080p. A larger group ends a few frames earlier instead.
MOST_ANEW_PIXELS = 180 * 1920 * 1080
CLOCK = Fraction(1, 90_000)
# Times of floating point that are the same.
INSTANT = 1e-6
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets", "brand": "iso6"}
Readable = Plain | io.BytesIO
Answer = tuple[dict[str, Any], list[bytes]]


class Refuse(Exception):
    """`args[0]`: the word for why."""


def decide(content: bytes, wanted: dict[str, Any]) -> Answer:
    """`wanted`: `job`, `path`, `key` and `file_id` (hexadecimal), `from`, `most`, `until` (seconds), for a still `text`, `font`."""
    try:
        with open(wanted["path"], "rb") as handle:
            plain = Plain(
                handle, key=bytes.fromhex(wanted["key"]), file_id=uuid.UUID(wanted["file_id"]).bytes
            )
            return JOBS[wanted["job"]](plain, wanted)
    except FileNotFoundError:
        return {"reason": "missing"}, []
    except Damaged as damaged:
        return {"reason": damaged.args[0]}, []
    except Refuse as refusal:
        return {"reason": refusal.args[0]}, []
    except (av.error.FFmpegError, ValueError, EOFError):
        return {"reason": "broken"}, []


# ---------------------------------------------------------------- opening


def _opened(plain: Readable, *, kind: str | None = None) -> tuple[Any, Any]:
    plain.seek(0)
    options = {"format_whitelist": KINDS, "protocol_whitelist": ""}
    try:
        container = av.open(plain, format=kind, options=options)
    except (av.error.FFmpegError, ValueError) as error:
        raise Refuse("cut_off" if _is_mp4(plain) else "no_video") from error
    if not container.streams.video:
        raise Refuse("no_video")
    stream = container.streams.video[0]
    context = stream.codec_context
    context.thread_count = 2
    if context.width * context.height > MOST_PIXELS:
        raise Refuse("too_large")
    return container, stream


def _is_mp4(plain: Readable) -> bool:
    plain.seek(0)
    head = plain.read(8)
    plain.seek(0)
    return head[4:8] in (b"ftyp", b"moov", b"free", b"mdat", b"skip", b"wide", b"styp", b"pnot")


def _start(stream: Any) -> int:
    return int(stream.start_time or 0)


def _stamp(stream: Any, seconds: float) -> int:
    return round(seconds / stream.time_base) + _start(stream)


def _seconds(stream: Any, stamp: int) -> float:
    return float((stamp - _start(stream)) * stream.time_base)


def _length(container: Any, stream: Any) -> float | None:
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return float(container.duration / av.time_base) if container.duration else None


def _frame_seconds(stream: Any) -> float:
    rate = stream.average_rate or stream.base_rate
    return float(1 / rate) if rate else 0.04


# ---------------------------------------------------------------- as it was recorded


def part(plain: Readable, wanted: dict[str, Any]) -> Answer:
    """From the key frame at or before `from`, until `most` seconds later, and on to the next key frame; nothing behind `until`."""
    if not _is_mp4(plain):
        raise Refuse("convert")
    container, stream = _opened(plain, kind="mov")
    _require_plain(stream)
    end_at = wanted["from"] + wanted["most"]
    # A millisecond on: a time that went to a browser and back is rounded, and would land on the group before.
    container.seek(_stamp(stream, wanted["from"] + 1e-3), stream=stream)
    packets: list[Any] = []
    total, until = 0, None
    latest_key = 0.0
    try:
        for packet in container.demux(stream):
            if packet.pts is None or packet.dts is None or not packet.size:
                continue
            at = _seconds(stream, packet.pts)
            if packet.is_keyframe:
                latest_key = at
                if packets and at >= end_at - 1e-3:
                    until = at
                    break
            elif not packets:
                continue
            total += packet.size
            if total > MOST_PART_BYTES or at - latest_key > LONGEST_GROUP_SECONDS:
                raise Refuse("convert")
            packets.append(packet)
    except av.error.FFmpegError:
        pass  # cut off here: what came before is played
    if not packets:
        raise Refuse("no_frames" if wanted["from"] <= 0 else "end")
    kept = _up_to(stream, packets, wanted["until"])
    if not kept:
        raise Refuse("end")
    behind = next(
        (n for n, one in enumerate(kept) if _seconds(stream, one.pts) >= wanted["until"] - INSTANT), None
    )
    if behind is not None:
        # One before the end is computed from one behind it: that group alone is encoded anew, without what lies behind.
        begins = max(place for place, packet in enumerate(kept) if packet.is_keyframe)
        at = _seconds(stream, kept[begins].pts)
        if begins:
            kept, until = kept[:begins], at
        elif len(kept) * stream.codec_context.width * stream.codec_context.height <= MOST_ANEW_PIXELS:
            return convert(plain, {"from": at, "most": wanted["until"] - at})
        else:
            kept, until = kept[:behind], wanted["until"]
    elif len(kept) < len(packets):
        latest = max(_seconds(stream, packet.pts) for packet in kept)
        until = max(wanted["until"], latest + _frame_seconds(stream))
    return _muxed(stream, kept, until)


def _up_to(stream: Any, packets: list[Any], limit: float) -> list[Any]:
    """Without what nobody asked for: until the last one, in the order of decoding, that is shown before the limit."""
    wanted = [place for place, packet in enumerate(packets) if _seconds(stream, packet.pts) < limit - INSTANT]
    return packets[: wanted[-1] + 1] if wanted else []


def _require_plain(stream: Any) -> None:
    context = stream.codec_context
    is_plain = (
        context.name == "h264" and context.pix_fmt in PLAIN_FORMATS and context.profile in PLAIN_PROFILES
    )
    if not (is_plain and context.extradata and context.extradata[0] == 1):
        raise Refuse("convert")


def _muxed(stream: Any, packets: list[Any], until: float | None) -> Answer:
    """Packets as fragmented MP4 whose first frame is at 0; sound and all else of the file stays behind."""
    first = min(packet.pts for packet in packets)
    times = sorted(_seconds(stream, packet.pts) for packet in packets)
    written = io.BytesIO()
    with av.open(written, "w", format="mp4", options=FRAGMENTS) as output:
        target = output.add_stream_from_template(stream)
        for packet in packets:
            packet.pts -= first
            packet.dts -= first
            packet.stream = target
            output.mux(packet)
    last = times[-1] + _frame_seconds(stream)
    codecs = "avc1." + (stream.codec_context.extradata or b"")[1:4].hex()
    return _answer(written.getvalue(), times, until or last, codecs, is_last=until is None)


def _answer(movie: bytes, times: list[float], until: float, codecs: str, *, is_last: bool) -> Answer:
    facts = {"from": round(times[0], 4), "until": round(until, 4), "is_last": is_last}
    head = {**facts, "frames": [round(at, 4) for at in times], "codecs": codecs}
    return {"reason": "", **facts}, [json.dumps(head).encode() + b"\n" + movie]


# ---------------------------------------------------------------- encoded anew


def convert(plain: Readable, wanted: dict[str, Any]) -> Answer:
    """The frames of [from, from + most) with their times, in H.264 with a key frame a second."""
    container, stream = _opened(plain)
    length = _length(container, stream)
    if length is None:
        has_frames = any(packet.size for packet in container.demux(stream))
        raise Refuse("no_times" if has_frames else "no_frames")
    end = wanted["from"] + wanted["most"]
    written, times = io.BytesIO(), []
    with av.open(written, "w", format="mp4", options=FRAGMENTS) as output:
        target = None
        for at, frame in _frames(plain, wanted["from"], end):
            target = target or _encoder(output, stream, frame)
            plain_frame = _upright(frame).reformat(target.width, target.height, "yuv420p")
            times.append(at)
            plain_frame.pts, plain_frame.time_base = round((at - times[0]) / CLOCK), CLOCK
            plain_frame.pict_type = PictureType.NONE
            output.mux(target.encode(plain_frame))
        if target is None:
            return {"reason": "no_frames", "length": length}, []
        output.mux(target.encode(None))
        codecs = _codecs_of(target)
    until = min(end, max(length, times[-1] + _frame_seconds(stream)))
    answer, parts = _answer(written.getvalue(), times, until, codecs, is_last=end >= length)
    return answer | {"length": length}, parts


def piece(plain: Plain, wanted: dict[str, Any]) -> Answer:
    """What lies in [from, until) of a part that `convert` made, from the key frame before it on; times are those of the file."""
    line, _, movie = plain.read().partition(b"\n")
    made = json.loads(line)
    starts = made["from"]
    until = wanted["until"] - starts
    answer, parts = part(
        io.BytesIO(movie), {**wanted, "from": max(wanted["from"] - starts, 0.0), "until": until}
    )
    line, _, movie = parts[0].partition(b"\n")
    times = [starts + at for at in json.loads(line)["frames"]]
    ends = made["until"] if answer["is_last"] else starts + answer["until"]
    is_last = made["is_last"] and answer["is_last"]
    return _answer(movie, times, ends, made["codecs"], is_last=is_last)


def _encoder(output: Any, stream: Any, frame: Any) -> Any:
    width, height = (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)
    scale = min(1.0, MOST_WIDTH / width, MOST_HEIGHT / height)
    target = output.add_stream("libx264", rate=stream.average_rate or 25)
    target.width, target.height = (max(int(size * scale) // 2 * 2, 2) for size in (width, height))
    target.pix_fmt = "yuv420p"
    target.codec_context.time_base = CLOCK
    target.codec_context.gop_size = max(round(1 / _frame_seconds(stream)), 1)
    target.codec_context.thread_count = 2
    target.options = {"preset": "veryfast", "crf": "20", "profile": "high", "bf": "0"}
    return target


def _upright(frame: Any) -> Any:
    """As it is to be shown: a recorder that hangs upside down writes so into the file."""
    if frame.rotation % 360 == 0:
        return frame
    import numpy as np  # late, as below: a part that is cut out needs none of it, and is waited for

    return VideoFrame.from_ndarray(
        np.rot90(frame.to_ndarray(format="rgb24"), frame.rotation // 90).copy(), "rgb24"
    )


def _codecs_of(target: Any) -> str:
    """The stream's own parameters, behind the first byte of its set."""
    extradata = target.codec_context.extradata or b""
    at = extradata.find(b"\x67")
    return "avc1." + extradata[at + 1 : at + 4].hex()


def _frames(plain: Readable, start: float, end: float) -> Iterator[tuple[float, Any]]:
    """Frames of [start, end) with their times; a damaged one is left out."""
    # Where a file has no index a jump may land behind the group that is wanted: then from further before.
    for back in (0.0, 4.0, LONGEST_GROUP_SECONDS, start):
        found = _decoded(plain, max(start - back, 0.0), end)
        first = next(found, None)
        if first is not None and (first[0] <= start + 1e-3 or start <= back):
            break
    else:
        return
    for at, frame in chain([first], found):
        if at >= start - 1e-3:
            yield at, frame


def _decoded(plain: Readable, start: float, end: float) -> Iterator[tuple[float, Any]]:
    """From the key frame before `start` on; a frame that says an earlier time than the last one follows it."""
    container, stream = _opened(plain)
    is_by_decoding = container.format.name == "avi"  # its frames have no times of their own but their order
    base = _first_decoded(container, stream) if is_by_decoding else _start(stream)
    if start > 0 or is_by_decoding:
        try:
            container.seek(_stamp(stream, start), stream=stream)
        except av.error.FFmpegError:
            container, stream = _opened(plain)
    step, last = _frame_seconds(stream), -1.0
    for packet in container.demux(stream):
        try:
            decoded = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in decoded:
            stamp = frame.dts if is_by_decoding else frame.pts
            at = float((stamp - base) * stream.time_base) if stamp is not None else last + step
            last = at = at if at > last else last + step
            if at >= end - INSTANT:
                return
            yield at, frame


def _first_decoded(container: Any, stream: Any) -> int:
    for frame in container.decode(stream):
        return int(frame.dts or 0)
    raise Refuse("no_frames")


# ---------------------------------------------------------------- a frame that is kept


def still(plain: Plain, wanted: dict[str, Any]) -> Answer:
    """The frame that is shown at `from`, as PNG, with the text below the picture."""
    from PIL import Image, ImageDraw, ImageFont

    found = None
    for at, frame in _frames(plain, max(wanted["from"] - LONGEST_GROUP_SECONDS, 0), wanted["from"] + 1e-3):
        found = at, frame
    if found is None:
        raise Refuse("no_frames")
    picture = Image.fromarray(_upright(found[1]).to_ndarray(format="rgb24"))
    size = max(picture.width // 50, 12)
    font = ImageFont.truetype(wanted["font"], size)
    lines = wanted["text"].splitlines()
    page = Image.new("RGB", (picture.width, picture.height + (len(lines) + 1) * size * 3 // 2), "white")
    page.paste(picture, (0, 0))
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((size, picture.height + size // 2 + number * size * 3 // 2), line, "black", font=font)
    written = io.BytesIO()
    page.save(written, "PNG")
    return {"reason": "", "from": round(found[0], 4)}, [written.getvalue()]


JOBS = {"part": part, "convert": convert, "piece": piece, "still": still}
