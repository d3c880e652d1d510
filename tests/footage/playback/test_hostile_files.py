"""What recorders and hostile hands leave in a vault: each file plays, or says in a word why not, and nothing hangs."""

import io
import secrets
import time
from fractions import Fraction

import av
import numpy as np
import pytest
from av import VideoFrame

from tests.footage.playback.clips import write_clip
from tests.footage.playback.test_program import all_parts, asked, frames_in, kept

HALF_A_DAY = 12 * 3600
STEP = 8  # seconds from one picture to the next


def long_file(path):
    """Twelve hours, a picture every eight seconds and each a key frame: its index is as long as that of such a file."""
    with av.open(path, "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        stream.codec_context.gop_size = 1
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        picture = np.zeros((32, 32, 3), np.uint8)
        for number in range(HALF_A_DAY // STEP):
            frame = VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number * STEP * 1000, stream.codec_context.time_base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_of_twelve_hours_any_part_comes_without_reading_the_rest(tmp_path):
    clip = kept(long_file(tmp_path / "day.mp4"), tmp_path)
    for start in (0.0, HALF_A_DAY - 2 * STEP, HALF_A_DAY / 2, 3.0):
        began = time.monotonic()
        answer, head, movie = asked(clip, "part", start)
        assert answer["reason"] == ""
        assert head["frames"][0] == start // STEP * STEP
        assert frames_in(movie) == len(head["frames"]) <= 4
        assert time.monotonic() - began < 5
    assert asked(clip, "part", HALF_A_DAY + 60.0)[0]["reason"] in ("", "end")


def noise_behind_an_honest_index(path):
    content = bytearray(write_clip(path).read_bytes())
    at, end = content.index(b"mdat") + 4, content.index(b"moov") - 4
    content[at:end] = secrets.token_bytes(end - at)
    path.write_bytes(content)
    return path


def h264_called_h265(path):
    content = write_clip(path).read_bytes()
    assert b"avc1" in content
    path.write_bytes(content.replace(b"avc1", b"hvc1").replace(b"avcC", b"hvcC"))
    return path


@pytest.mark.parametrize("make", [noise_behind_an_honest_index, h264_called_h265])
@pytest.mark.parametrize("job", ["part", "convert"])
def test_a_codec_that_lies_gives_a_reason_or_pictures_and_never_a_crash(tmp_path, make, job):
    clip = kept(make(tmp_path / "liar.mp4"), tmp_path)
    answer, _, movie = asked(clip, job, 0.0)
    if job == "convert":
        assert answer["reason"] in ("broken", "no_frames", "no_video", "cut_off")
    elif not answer["reason"]:
        # It is cut out as it was recorded, unread: a container that holds what the file held, and nothing else.
        with av.open(io.BytesIO(movie)) as container:
            assert [stream.type for stream in container.streams] == ["video"]
    else:
        assert answer["reason"] in ("convert", "broken", "no_frames", "no_video")


def wide(path, width, height):
    with av.open(path, "w", format="avi") as output:
        stream = output.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.codec_context.color_range = 2
        for _ in range(3):
            output.mux(
                stream.encode(VideoFrame.from_ndarray(np.zeros((height, width, 3), np.uint8), "rgb24"))
            )
        output.mux(stream.encode(None))
    return path


def test_a_picture_of_16_000_pixels_is_made_small_enough_to_be_shown(tmp_path):
    clip = kept(wide(tmp_path / "wide.avi", 16_000, 64), tmp_path)
    times, movies = all_parts(clip, "convert")
    assert len(times) == 3
    with av.open(io.BytesIO(movies[0])) as container:
        frame = next(container.decode(video=0))
        assert frame.width <= 3840


def test_a_picture_of_16_000_by_16_000_is_refused_before_it_is_decoded(tmp_path):
    path = wide(tmp_path / "vast.avi", 160, 160)
    content = bytearray(path.read_bytes())
    # As the headers of the file, of its stream and of each picture tell them.
    small, vast = (160).to_bytes(4, "little"), (16_000).to_bytes(4, "little")
    assert small * 2 in content
    content = content.replace(small * 2, vast * 2)
    small, vast = (160).to_bytes(2), (16_000).to_bytes(2)
    assert b"\x08" + small * 2 in content
    path.write_bytes(content.replace(b"\x08" + small * 2, b"\x08" + vast * 2))
    assert asked(kept(path, tmp_path), "convert", 0.0)[0]["reason"] == "too_large"
