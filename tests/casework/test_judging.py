"""Files of strangers are decoded apart: one at a time, within limits, and whatever becomes of it is a refusal."""

import io
import resource
import threading
import time
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
            "import json, os, sys, time\n"
            "wanted = json.loads(sys.stdin.buffer.readline())\n"
            "content = sys.stdin.buffer.read(wanted['bytes'])\n"
            f"{body}\n"
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


def test_the_kernel_keeps_the_limits_of_memory_and_files(program):
    """The limits are those of the real decoder; what the file makes it do stands in the test."""
    confined = f"sys.path.insert(0, {str(pictures.PROGRAM.parent)!r})\nimport picture_decoding as real\nreal.confine()\n"
    with pytest.raises(judging.Broken):
        judging.judge(program(confined + "bytearray(2 << 30)"), {}, b"")
    with pytest.raises(judging.Broken):
        judging.judge(program(confined + "open('/tmp/never-written', 'w').write('x' * 100)"), {}, b"")


@pytest.mark.parametrize("body", ["os.abort()", "sys.exit(3)", "print()", "raise MemoryError"])
def test_a_decoder_that_dies_is_a_refusal(program, body):
    with pytest.raises(judging.Broken):
        judging.judge(program(body), {}, b"x")


def test_a_decoder_that_takes_too_long_is_ended(program, monkeypatch):
    monkeypatch.setattr(judging, "PATIENCE_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(judging.Broken, match="time"):
        judging.judge(program("time.sleep(60)"), {}, b"")
    assert time.monotonic() - began < 10


def test_no_key_stands_in_its_environment(program, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of-the-office")
    answer, _ = judging.judge(program("print(json.dumps({'names': list(os.environ), 'parts': []}))"), {}, b"")
    assert "SECRET_KEY" not in answer["names"]


def test_one_at_a_time_and_few_wait(program, tmp_path):
    slow = program(
        "began = time.monotonic(); time.sleep(0.4)\n"
        "print(json.dumps({'began': began, 'ended': time.monotonic(), 'parts': []}))"
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
    assert len(spans) == judging.MOST_WAITING
    assert len(busy) == 8 - judging.MOST_WAITING
    spans.sort()
    assert all(ended <= began for (_, ended), (began, _) in pairwise(spans))


def test_whose_turn_does_not_come_is_told_to_try_again(tmp_path, monkeypatch):
    import fcntl

    monkeypatch.setattr(judging, "TURN_WITHIN_SECONDS", 0.1)
    with (tmp_path / judging.LOCK_FILE).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(pictures.UnusablePicture, match="1분 뒤"):
            stripped(png("L", 8))
    assert stripped(png("L", 8))
