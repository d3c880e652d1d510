"""Files of strangers are decoded apart: one at a time, within limits, and whatever becomes of it is a refusal."""

import io
import resource
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from casework import judging, pictures


@pytest.fixture
def program(tmp_path):
    """A decoder that behaves as the test says."""

    def write(body):
        path = tmp_path / "decoder.py"
        path.write_text(
            f"import os, sys, time\n\ndef decide(content, wanted):\n    {body}\n    return {{'reason': ''}}, []\n"
        )
        return path

    return write


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def png(mode, side):
    out = io.BytesIO()
    Image.new(mode, (side, side)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def stripped(content):
    return pictures.stripped(io.BytesIO(content), len(content))


def test_a_large_picture_does_not_make_this_process_larger():
    """24 megapixels are the most that is decoded whole; before, 60 took a gigabyte of the web process."""
    content = png("RGBA", 4_800)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Image.open(io.BytesIO(stripped(content))) as picture:
        assert picture.size == (2_000, 2_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024
    with pytest.raises(pictures.UnusablePicture, match="가로·세로"):
        stripped(png("RGBA", 5_000))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_becomes_a_jpeg(mode):
    with Image.open(io.BytesIO(stripped(png(mode, 64)))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (64, 64))


def test_what_is_transparent_is_white():
    with Image.open(io.BytesIO(stripped(png("RGBA", 8)))) as picture:
        assert picture.getpixel((4, 4)) == (255, 255, 255)


def test_the_kernel_keeps_the_limits_of_memory_files_and_time(program):
    """The limits are those of the lane; what the file makes the decoder do stands in the test."""
    assert judging.judge(program("bytearray(2 << 30)"), {}, b"") == ({"reason": "too_large"}, [])
    writing = program("os.write(os.open('/tmp/never-written', os.O_CREAT | os.O_WRONLY), b'x')")
    assert judging.judge(writing, {}, b"") == ({"reason": "damaged"}, [])
    with pytest.raises(judging.Broken):
        judging.judge(program("while True: pass"), {}, b"", replace(judging.PAGES, cpu_seconds=1))


@pytest.mark.parametrize("body", ["os.abort()", "sys.exit(3)", "os.kill(os.getpid(), 9)", "os._exit(0)"])
def test_a_decoder_that_dies_is_a_refusal(program, body):
    with pytest.raises(judging.Broken):
        judging.judge(program(body), {}, b"x")


def test_a_decoder_that_takes_too_long_is_ended(program):
    with pytest.raises(judging.Broken, match="time"):
        judging.judge(program("time.sleep(600)"), {}, b"", replace(judging.PAGES, patience_seconds=0.5))


def test_whoever_waits_may_end_it(program):
    """A long run says that it is alive, or that it was cancelled."""

    def cancel():
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        judging.judge(program("time.sleep(600)"), {}, b"", judging.PAGES, cancel)


def test_no_key_stands_in_its_environment(program, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of-the-office")
    answer, _ = judging.judge(program("return {'names': list(os.environ)}, []"), {}, b"")
    assert "SECRET_KEY" not in answer["names"]


def test_one_at_a_time_and_few_wait(program, tmp_path):
    slow = program(
        "began = time.monotonic(); time.sleep(0.4); return {'began': began, 'ended': time.monotonic()}, []"
    )
    spans, busy = [], []

    def ask():
        try:
            answer, _ = judging.judge(slow, {}, b"")
            spans.append((answer["began"], answer["ended"]))
        except judging.Busy:
            busy.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spans) == judging.PAGES.most_waiting
    assert len(busy) == 8 - judging.PAGES.most_waiting
    spans.sort()
    assert all(ended <= began for (_, ended), (began, _) in pairwise(spans))


def test_whose_turn_does_not_come_is_told_to_try_again(tmp_path, monkeypatch):
    import fcntl

    monkeypatch.setattr(judging, "PAGES", replace(judging.PAGES, turn_within_seconds=0.1))
    with (tmp_path / judging.PAGES.lock_file).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(pictures.UnusablePicture, match="1분 뒤"):
            stripped(png("L", 8))
    assert stripped(png("L", 8))
