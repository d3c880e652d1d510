"""Parts of kept files: what a browser gets plays, is complete, and keeps its times, whatever the recorder wrote."""

import io
import json
import secrets
import uuid
from itertools import pairwise

import av
import pytest

from footage.playback import program
from footage.vault import containers
from footage.vault.plain import CACHED_BYTES
from tests.footage.playback.clips import write_clip

KEY = bytes(range(32))


def kept(path, tmp_path) -> dict:
    """The file in the vault, and how the program is asked about it."""
    file_id, target = uuid.uuid4(), tmp_path / f"{uuid.uuid4().hex}.vault"
    with path.open("rb") as source, target.open("w+b", buffering=0) as sink:
        length = path.stat().st_size
        containers.write(source, sink, case_key=KEY, file_id=file_id.bytes, length=length)
    return {"path": str(target), "key": KEY.hex(), "file_id": str(file_id), "most": 4.0, "until": 1e6}


def asked(kept_file: dict, job: str, start: float) -> tuple[dict, dict, bytes]:
    answer, parts = program.decide(b"", {**kept_file, "job": job, "from": start})
    if not parts:
        return answer, {}, b""
    head, _, movie = parts[0].partition(b"\n")
    return answer, json.loads(head), movie


def all_parts(kept_file: dict, job: str) -> tuple[list[float], list[bytes]]:
    """Times of the frames of the whole file, part by part, as a browser asks for them."""
    times, movies, start = [], [], 0.0
    for _ in range(50):
        answer, head, movie = asked(kept_file, job, start)
        assert answer["reason"] == "", answer
        times += head["frames"]
        movies.append(movie)
        if answer["is_last"]:
            return times, movies
        assert answer["until"] > start
        start = answer["until"]
    raise AssertionError("no end")


def frames_in(movie: bytes) -> int:
    with av.open(io.BytesIO(movie)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize("movflags", ["", "faststart", "frag_keyframe+empty_moov"])
def test_h264_is_cut_out_as_it_was_recorded(tmp_path, movflags):
    """With the index at the end, at the beginning, and in fragments."""
    clip = kept(write_clip(tmp_path / "a.mp4", movflags=movflags), tmp_path)
    times, movies = all_parts(clip, "part")
    assert times == pytest.approx([number / 10 for number in range(100)], abs=1e-3)
    assert [frames_in(movie) for movie in movies] == [40, 40, 20]
    assert asked(clip, "part", 99.0)[0]["reason"] in ("", "end")


def test_a_part_begins_at_the_key_frame_before(tmp_path):
    clip = kept(write_clip(tmp_path / "a.mp4"), tmp_path)
    answer, head, _ = asked(clip, "part", 5.37)
    assert (answer["from"], head["frames"][0]) == (5.0, 5.0)
    assert head["codecs"].startswith("avc1.")


def test_nothing_behind_what_was_asked_for_comes(tmp_path):
    """Cut at the frame, not at the next key frame."""
    clip = kept(write_clip(tmp_path / "a.mp4", options={"bf": "0"}), tmp_path)
    for until, count in [(2.3, 23), (3.0, 30), (0.05, 1)]:
        answer, head, movie = asked({**clip, "until": until}, "part", 0.0)
        assert (len(head["frames"]), frames_in(movie), answer["is_last"]) == (count, count, False)
        assert head["frames"][-1] < until <= answer["until"] <= until + 0.1


def test_uneven_times_are_kept(tmp_path):
    clip = kept(write_clip(tmp_path / "a.mp4", is_uneven=True), tmp_path)
    times, _ = all_parts(clip, "part")
    steps = {round(after - at, 3) for at, after in pairwise(times)}
    assert (len(times), steps) == (100, {0.05, 0.15})
    made, _ = all_parts(clip, "convert")
    assert made == pytest.approx(times, abs=1e-3)


OTHERS = {
    "h265.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none"}},
    "mjpeg.avi": {"codec": "mjpeg", "pixels": "yuvj420p"},
    "h264.avi": {},
    "h264.ts": {},
    "mpeg4.mp4": {"codec": "mpeg4"},
    "animation.gif": {"codec": "gif", "pixels": "rgb8"},
    "ten_bit.mp4": {"pixels": "yuv420p10le"},
    "full_colour.mp4": {"pixels": "yuv444p"},
    "one_key_frame.mp4": {
        "group": 9_999,
        "seconds": 24,
        "options": {"x264-params": "scenecut=0:keyint=9999"},
    },
}


@pytest.mark.parametrize("until", [0.15, 2.0, 3.05, 3.25, 7.95])
def test_all_of_the_range_is_given_and_nothing_behind_it(tmp_path, until):
    """Though every third picture is computed from one that is shown later."""
    clip = kept(write_clip(tmp_path / "a.mp4"), tmp_path) | {"until": until}
    times, shown, start = [], 0, 0.0
    while start < until:
        answer, head, movie = asked(clip, "part", start)
        times += head["frames"]
        shown += frames_in(movie)
        start = answer["until"]
    assert times == pytest.approx(
        [number / 10 for number in range(100) if number / 10 < until - 1e-6], abs=1e-3
    )
    assert shown == len(times)


def test_a_group_too_large_to_encode_while_somebody_waits_ends_before_what_lies_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "MOST_ANEW_PIXELS", 0)
    clip = kept(write_clip(tmp_path / "a.mp4"), tmp_path) | {"until": 3.25}
    answer, head, movie = asked(clip, "part", 3.0)
    assert 1 <= len(head["frames"]) == frames_in(movie) <= 3
    assert max(head["frames"]) < 3.25 <= answer["until"]


@pytest.mark.parametrize("name", OTHERS)
def test_what_browsers_do_not_play_is_encoded_anew(tmp_path, name):
    how = dict(OTHERS[name])
    clip = kept(write_clip(tmp_path / name, how.pop("codec", "libx264"), **how), tmp_path)
    assert asked(clip, "part", 0.0)[0]["reason"] == "convert"
    times, movies = all_parts(clip, "convert")
    assert times == pytest.approx([number / 10 for number in range(how.get("seconds", 10) * 10)], abs=0.02)
    assert sum(map(frames_in, movies)) == len(times)


def test_a_turned_picture_stays_turned(tmp_path):
    clip = kept(write_clip(tmp_path / "a.mp4", rotated=90), tmp_path)
    with av.open(io.BytesIO(asked(clip, "part", 0.0)[2])) as container:
        assert next(container.decode(video=0)).rotation == 90
    with av.open(io.BytesIO(asked(clip, "convert", 0.0)[2])) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height, frame.rotation) == (96, 160, 0)


def cut(path, share: float):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_files_that_cannot_be_played_say_why(tmp_path):
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(secrets.token_bytes(50_000))
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    text = tmp_path / "list.mp4"
    text.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    raw = write_clip(tmp_path / "a.h264", kind="h264")
    fragments = write_clip(tmp_path / "c.mp4", movflags="frag_keyframe+empty_moov").read_bytes()
    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(fragments[: fragments.index(b"moof") - 4])
    unfinished = cut(write_clip(tmp_path / "b.mp4"), 0.5)
    reasons = {
        path.name: asked(kept(path, tmp_path), "convert", 0.0)[0]["reason"]
        for path in (noise, empty, text, raw, nothing, unfinished)
    }
    assert reasons == {
        "noise.mp4": "no_video",
        "empty.mp4": "no_video",
        "list.mp4": "no_video",
        "a.h264": "no_times",
        "nothing.mp4": "no_frames",
        "b.mp4": "cut_off",
    }
    assert asked(kept(unfinished, tmp_path), "part", 0.0)[0]["reason"] == "cut_off"


def test_of_a_file_that_breaks_off_what_is_there_is_played(tmp_path):
    clip = kept(cut(write_clip(tmp_path / "a.mp4", movflags="faststart"), 0.6), tmp_path)
    times, _ = all_parts(clip, "part")
    assert 30 <= len(times) < 100


def test_a_changed_copy_gives_nothing(tmp_path):
    clip = kept(write_clip(tmp_path / "a.mp4"), tmp_path)
    with open(clip["path"], "r+b") as handle:
        handle.seek(200)
        handle.write(b"\0\1\2")
    assert asked(clip, "part", 0.0)[0]["reason"] == "changed"
    assert asked({**clip, "key": bytes(32).hex()}, "part", 0.0)[0]["reason"] == "changed"
    assert asked({**clip, "path": str(tmp_path / "none")}, "part", 0.0)[0]["reason"] == "missing"


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Only a few chunks are held, whatever is read in whatever order."""
    path = tmp_path / "long"
    path.write_bytes(secrets.token_bytes(24 << 20))
    clip = kept(path, tmp_path)
    with open(clip["path"], "rb") as handle:
        plain = program.Plain(handle, key=KEY, file_id=uuid.UUID(clip["file_id"]).bytes)
        content = path.read_bytes()
        for start in (23 << 20, 5, (7 << 20) - 3, 0, 12 << 20, 1):
            plain.seek(start)
            assert plain.read(100_000) == content[start : start + 100_000]
            assert sum(map(len, plain._chunks.values())) <= CACHED_BYTES
        plain.seek(-10, 2)
        assert plain.read() == content[-10:]
