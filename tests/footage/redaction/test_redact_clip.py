"""`redact_clip`: what is covered, what the result holds and does not hold, and what is refused."""

import io
import itertools
import json
import os
from fractions import Fraction

import av
import numpy as np
import pytest
from django.core.management import call_command

from tests.footage.redaction import clips

COVERED = 40


def run(*arguments):
    """(status, JSON of the last line, what was said to people)."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("redact_clip", *map(str, arguments), "--json", stdout=out, stderr=err)
    except SystemExit as leaving:
        status = leaving.code
    return status, json.loads(out.getvalue().strip().splitlines()[-1]), err.getvalue()


def boxes_in(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A square walks through; what came of it."""
    folder = tmp_path_factory.mktemp("walk")
    source = clips.write(folder / "in.mp4", clips.walking(50), sound=True)
    status, told, said = run(
        source,
        folder / "out.mp4",
        "--detector",
        "moving",
        "--boxes",
        folder / "boxes",
        "--recipe",
        folder / "recipe",
    )
    assert status == 0, said
    return folder, told


def test_every_picture_with_the_square_is_covered_and_only_there(done):
    folder, told = done
    _, shown = clips.read(folder / "out.mp4")
    _, original = clips.read(folder / "in.mp4")
    lines = boxes_in(folder / "boxes")
    assert told["frames"] == len(shown) == len(lines) == 50
    assert told["tracks"] == 1
    assert [line["frame"] for line in lines] == list(range(50))
    for number, (grey, line) in enumerate(zip(shown, lines, strict=True)):
        left, right = max(0, 4 * number - clips.SIDE), min(clips.WIDTH, 4 * number)
        if right - left >= 2:
            seen = grey[40:60, left:right]
            assert abs(float(seen.mean()) - COVERED) < 4, number
            assert seen.max() < 70, number
            assert line["boxes"], number
        elif number > 46:
            assert not line["boxes"], number
        bare = np.ones(grey.shape, bool)
        for x, y, width, height in line["boxes"]:
            bare[y : y + height, x : x + width] = False
        # What is not covered is the original but for the loss of encoding.
        off = np.abs(grey.astype(int) - original[number])[bare]
        assert np.median(off) < 4
        assert bare.mean() > 0.5


def test_the_result_holds_the_pictures_and_nothing_else(done):
    folder, _ = done
    content = (folder / "out.mp4").read_bytes()
    with av.open(str(folder / "out.mp4")) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
        assert "title" not in container.metadata
        assert "creation_time" not in container.metadata
    assert b"secret" not in content
    assert b"x264" not in content
    assert b"Lavf" not in content
    # Boxes of the container one after the other, to the last byte; the index before the pictures.
    at, names = 0, []
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        assert size >= 8
        names.append(content[at + 4 : at + 8])
        at += size
    assert at == len(content)
    assert names.index(b"moov") < names.index(b"mdat") == len(names) - 1


def test_the_recipe_makes_the_same_bytes_again(done):
    folder, told = done
    status, again, _ = run(folder / "in.mp4", folder / "again.mp4", "--again", folder / "recipe")
    assert status == 0
    assert (folder / "again.mp4").read_bytes() == (folder / "out.mp4").read_bytes()
    assert again["sha256"] == told["sha256"] != told["source_sha256"]


def test_a_recipe_of_another_original_is_refused(done, tmp_path):
    folder, _ = done
    other = clips.write(tmp_path / "other.mp4", clips.walking(50, pace=3))
    status, told, _ = run(other, tmp_path / "out.mp4", "--again", folder / "recipe")
    assert status == 2
    assert "다른 원본" in told["error"]
    assert not (tmp_path / "out.mp4").exists()


def test_a_track_that_is_kept_stays_visible(done, tmp_path):
    folder, _ = done
    status, _, _ = run(
        folder / "in.mp4",
        tmp_path / "kept.mp4",
        "--detector",
        "moving",
        "--keep",
        "1",
        "--boxes",
        tmp_path / "boxes",
    )
    assert status == 0
    assert not any(line["boxes"] for line in boxes_in(tmp_path / "boxes"))
    status, told, _ = run(folder / "in.mp4", tmp_path / "no.mp4", "--detector", "moving", "--keep", "7")
    assert status == 2
    assert "없는 자취" in told["error"]
    assert not (tmp_path / "no.mp4").exists()


def test_times_that_vary_are_kept(tmp_path):
    times = [Fraction(0)]
    for number in range(29):
        times.append(times[-1] + Fraction((40, 200, 33, 500)[number % 4], 1000))
    source = clips.write(tmp_path / "vfr.mkv", clips.walking(30), times=times)
    assert run(source, tmp_path / "out.mp4", "--detector", "moving")[0] == 0
    shown, _ = clips.read(tmp_path / "out.mp4")
    assert shown == times


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("full.mp4", {"pix_fmt": "yuv444p"}),
        ("deep.mp4", {"pix_fmt": "yuv420p10le"}),
        ("new.mp4", {"codec": "libx265", "options": {"x265-params": "log-level=none"}}),
        ("old.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p", "options": {"color_range": "pc"}}),
        ("cast.ts", {}),
        ("bare.h264", {"format": "h264"}),
        (
            "odd.mkv",
            {"codec": "mjpeg", "pix_fmt": "yuvj420p", "options": {"color_range": "pc"}, "crop": (95, 159)},
        ),
        ("moves.gif", {"codec": "gif", "pix_fmt": "rgb8"}),
    ],
)
def test_kinds_of_recorders(tmp_path, name, options):
    crop = options.pop("crop", (clips.HEIGHT, clips.WIDTH))
    pictures = [picture[: crop[0], : crop[1]] for picture in clips.walking(30)]
    source = clips.write(tmp_path / name, pictures, **options)
    status, told, said = run(
        source, tmp_path / "out.mp4", "--detector", "moving", "--boxes", tmp_path / "boxes"
    )
    assert status == 0, said
    assert told["frames"] == 30
    times, shown = clips.read(tmp_path / "out.mp4")
    assert all(later > earlier for earlier, later in itertools.pairwise(times))
    for number in range(8, 25):
        left = 4 * number - clips.SIDE
        assert shown[number][42:58, left + 2 : left + 18].max() < 90, number


def test_a_turned_clip_comes_out_upright(tmp_path):
    source = clips.write(tmp_path / "in.mp4", clips.walking(30))
    turned = tmp_path / "turned.mp4"
    _turn_quarter(source, turned)
    status, _, said = run(turned, tmp_path / "out.mp4", "--detector", "moving", "--boxes", tmp_path / "boxes")
    assert status == 0, said
    with av.open(str(turned)) as container:
        shown = next(container.decode(video=0))
        quarter = shown.rotation // 90
    assert quarter % 2 == 1
    _, pictures = clips.read(tmp_path / "out.mp4")
    assert pictures[0].shape == (clips.WIDTH, clips.HEIGHT)
    for number in range(8, 25):
        square = np.zeros((clips.HEIGHT, clips.WIDTH), bool)
        square[42:58, 4 * number - clips.SIDE + 2 : 4 * number - 2] = True
        assert pictures[number][np.rot90(square, quarter)].max() < 90
    for line in boxes_in(tmp_path / "boxes"):
        for x, y, width, height in line["boxes"]:
            assert x + width <= clips.HEIGHT
            assert y + height <= clips.WIDTH


def _turn_quarter(source, target):
    """The matrix of the track's header, as a camera that hangs sideways writes it."""
    content = bytearray(source.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    one = 1 << 16
    matrix = (0, one, 0, -one & 0xFFFFFFFF, 0, 0, 0, 0, 1 << 30)
    for place, value in enumerate(matrix):
        content[at + 4 * place : at + 4 * place + 4] = value.to_bytes(4)
    target.write_bytes(content)


# ---------------------------------------------------------------- what cannot be used


def text(path, _):
    path.write_text("이것은 영상이 아닙니다.\n" * 100)


def playlist(path, _):
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n")


def empty(path, _):
    path.write_bytes(b"")


def cut_before_the_index(path, clip):
    content = clip.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def no_pictures(path, clip):
    """The index says that there are none."""
    content = bytearray(clip.read_bytes())
    at = content.index(b"stsz") + 12
    content[at : at + 4] = bytes(4)
    for table in (b"stts", b"stsc", b"stco"):
        at = content.index(table) + 8
        content[at : at + 4] = bytes(4)
    path.write_bytes(content)


def liar(path, clip):
    """The index names H.264; what lies there is noise."""
    content = bytearray(clip.read_bytes())
    at = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[at:end] = np.random.default_rng(1).integers(0, 256, end - at, dtype=np.uint8).tobytes()
    path.write_bytes(content)


def huge(path, _):
    """A picture of 16,000 pixels."""
    clips.write(path, [np.zeros((64, 16_000, 3), np.uint8)], codec="mjpeg", pix_fmt="yuvj420p", format="avi")


def only_sound(path, _):
    with av.open(str(path), "w", format="mp4") as container:
        tone = container.add_stream("aac", rate=16_000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 16_000
        container.mux(tone.encode(silence))
        container.mux(tone.encode())


def half_a_day(path, _):
    """Twelve hours by its pictures' times."""
    times = [Fraction(1800 * number) for number in range(25)]
    clips.write(path, clips.walking(25), times=times, format="matroska")


@pytest.fixture(scope="module")
def sound_clip(tmp_path_factory):
    return clips.write(tmp_path_factory.mktemp("clip") / "clip.mp4", clips.walking(12))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (text, "영상으로 열 수 없습니다"),
        (playlist, "영상으로 열 수 없습니다"),
        (empty, "빈 파일"),
        (cut_before_the_index, "저장되다 끊긴"),
        (no_pictures, "한 장도"),
        (liar, "한 장도"),
        (huge, "너무 큽니다"),
        (only_sound, "영상이 없습니다"),
        (half_a_day, "60분"),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(tmp_path, sound_clip, make, why):
    source, target = tmp_path / "in.mp4", tmp_path / "out.mp4"
    make(source, sound_clip)
    target.write_bytes(b"what was there before")
    status, told, said = run(source, target)
    assert status == 2
    assert why in told["error"]
    assert "Traceback" not in said
    assert target.read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


def test_a_clip_that_breaks_off_is_made_as_far_as_it_goes_and_said(tmp_path):
    source = clips.write(
        tmp_path / "in.mp4",
        clips.walking(60),
        options={"g": "10"},
        container_options={"movflags": "faststart"},
    )
    content = source.read_bytes()
    source.write_bytes(content[: len(content) * 2 // 3])
    status, told, said = run(source, tmp_path / "out.mp4", "--detector", "moving")
    assert status == 0
    assert 10 < told["frames"] < 60
    assert told["warnings"]
    assert "까지만 읽혔습니다" in said


def test_nothing_that_is_read_is_written_over(tmp_path, sound_clip):
    source = tmp_path / "in.mp4"
    source.write_bytes(sound_clip.read_bytes())
    os.link(source, tmp_path / "hard.mp4")
    (tmp_path / "soft.mp4").symlink_to(source)
    for arguments in [
        (source, source),
        (source, tmp_path / "hard.mp4"),
        (source, tmp_path / "soft.mp4"),
        (source, tmp_path / "out.mp4", "--boxes", source),
        (source, tmp_path / "out.mp4", "--boxes", tmp_path / "out.mp4"),
        (source, tmp_path / "no-such-folder" / "out.mp4"),
        (source, tmp_path),
        (tmp_path / "missing.mp4", tmp_path / "out.mp4"),
    ]:
        status, told, _ = run(*arguments)
        assert status == 2, arguments
        assert told["error"].startswith("오류: ")
    assert source.read_bytes() == sound_clip.read_bytes()
    assert not (tmp_path / "out.mp4").exists()
