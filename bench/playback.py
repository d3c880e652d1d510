"""Parts of kept footage: how long the first one and a jump take, and whether memory grows with the file.

    .venv/bin/python -m bench.playback [--quick]

Ours is what a request of the player costs the server: a process of its own, the vault's chunks, one part as fragmented MP4. The
baseline cuts the same part from the plain file, in a process that is running already.
"""

import argparse
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.table import Row, record

PROJECT = Path(__file__).resolve().parents[1]
NOTE = (
    "우리: 프로세스를 새로 시작하여 보관함의 사본을 열고, 8초 남짓의 조각을 만들어 돌려주기까지. 기준: 이미 떠 있는 프로세스에서 같은 "
    "원본의 같은 자리를 암호화·격리 없이 잘라 내기. 잴 때 이 기계에서 돌고 있던 다른 일(1분 평균 부하): {load:.0f}."
)
KEY = bytes(range(32))
PART_SECONDS = 8.0
JUMPS = 12


def looped(path: Path, *, seconds: int, size: tuple[int, int], rate: int, kilobits: int) -> Path:
    """Ten seconds of moving noise, over and over: encoding hours would take hours."""
    import av
    import numpy as np

    width, height = size
    chance = np.random.default_rng(1)
    source = io.BytesIO()
    with av.open(source, "w", format="mp4") as output:
        stream: Any = output.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = kilobits * 1000
        stream.options = {"preset": "ultrafast", "bf": "0", "sc_threshold": "0"}
        stream.codec_context.gop_size = rate * 2
        ground = chance.integers(0, 255, (height // 8, width // 8, 3), np.uint8)
        for number in range(10 * rate):
            picture = np.roll(ground, number, axis=1).repeat(8, 0).repeat(8, 1)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture[:height, :width], "rgb24")))
        output.mux(stream.encode(None))
    source.seek(0)
    with av.open(source) as read, av.open(path, "w", format="mp4") as output:
        stream = read.streams.video[0]
        packets = [
            (bytes(packet), packet.pts, packet.is_keyframe) for packet in read.demux(stream) if packet.size
        ]
        target = output.add_stream_from_template(stream)
        length = round(10 / stream.time_base)
        for lap in range(seconds // 10):
            for content, pts, is_key in packets:
                packet = av.Packet(content)
                packet.pts = packet.dts = pts + lap * length
                packet.time_base, packet.is_keyframe, packet.stream = stream.time_base, is_key, target
                output.mux(packet)
    return path


def kept(path: Path) -> dict[str, Any]:
    from footage.vault import containers

    file_id, target = uuid.uuid4(), path.with_suffix(".vault")
    with path.open("rb") as source, target.open("w+b", buffering=0) as sink:
        length = path.stat().st_size
        containers.write(source, sink, case_key=KEY, file_id=file_id.bytes, length=length)
    return {
        "path": str(target),
        "key": KEY.hex(),
        "file_id": str(file_id),
        "most": PART_SECONDS,
        "until": 1e6,
    }


def ours(asked: dict[str, Any], start: float) -> int:
    """Bytes of the part."""
    from casework import judging
    from footage.playback.process import PLAYING, PROGRAM

    wanted = {**asked, "job": "part", "from": start}
    answer, parts = judging.judge(PROGRAM, wanted, b"", PLAYING[0])
    if answer["reason"]:
        raise SystemExit(answer["reason"])
    return len(parts[0])


def plain(path: Path, start: float) -> int:
    import av

    written = io.BytesIO()
    with (
        av.open(path) as container,
        av.open(written, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov"}) as output,
    ):
        stream = container.streams.video[0]
        container.seek(round(start / stream.time_base), stream=stream)
        target = output.add_stream_from_template(stream)
        for packet in container.demux(stream):
            if packet.pts is None or float(packet.pts * stream.time_base) > start + PART_SECONDS:
                break
            packet.stream = target
            output.mux(packet)
    return len(written.getvalue())


def processor_seconds(act: Callable[..., object], *given: Any) -> float:
    """Of the process that the act starts: what is left of it on a machine with nothing else to do."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act(*given)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def took(act: Callable[..., object], *given: Any) -> float:
    started = time.monotonic()
    act(*given)
    return time.monotonic() - started


def peak_mib(asked: dict[str, Any], start: float) -> float:
    """Of the process that opens the file."""
    code = (
        "import json, re, sys\n"
        "from footage.playback import program\n"
        "answer, parts = program.decide(b'', json.loads(sys.argv[1]))\n"
        "assert answer['reason'] == '', answer\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
    )
    wanted = json.dumps({**asked, "job": "part", "from": start})
    command = [sys.executable, "-c", code, wanted]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-playback-") as folder:
        os.environ["DATA_DIR"] = str(Path(folder) / "var")
        (Path(folder) / "var").mkdir()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        import django

        django.setup()
        return measure(Path(folder), is_quick=options.quick)


def measure(folder: Path, *, is_quick: bool) -> int:
    load = os.getloadavg()[0]
    minutes, hours = (1, 1) if is_quick else (10, 12)
    street = looped(folder / "street.mp4", seconds=minutes * 60, size=(1920, 1080), rate=25, kilobits=4_000)
    day = looped(folder / "day.mp4", seconds=hours * 3600, size=(320, 184), rate=15, kilobits=40)
    chance = random.Random(1)
    rows = []
    for name, path, seconds in (
        (f"{minutes}분, 1080p {path_size(street)}", street, minutes * 60),
        (f"{hours}시간, 파일 하나 {path_size(day)}", day, hours * 3600),
    ):
        asked = kept(path)
        places = [chance.uniform(0, seconds - 20) for _ in range(JUMPS)]
        first, base_first = took(ours, asked, 0.0), took(plain, path, 0.0)
        jumps = [took(ours, asked, at) for at in places]
        base = [took(plain, path, at) for at in places]
        work = statistics.median(processor_seconds(ours, asked, at) for at in places)
        middle, base_middle = statistics.median(jumps), statistics.median(base)
        rows += [
            Row(
                f"{name}: 처음 한 조각",
                f"{first:.2f}초",
                f"{base_first:.2f}초",
                first / base_first,
                "2초 미만",
                first < 2,
            ),
            Row(
                f"{name}: 아무 데로나 이동 {JUMPS}번 (가운뎃값, 가장 긴 것 {max(jumps):.2f}초, 프로세서 시간 {work:.2f}초)",
                f"{middle:.2f}초",
                f"{base_middle:.2f}초",
                middle / base_middle,
                "1초 미만",
                max(jumps) < 1,
            ),
        ]
    small, big = peak_mib(kept(street), minutes * 30.0), peak_mib(kept(day), hours * 1800.0)
    target = "1.5배 이하"
    rows.append(
        Row(
            f"여는 프로세스의 최대 메모리: {hours}시간 파일",
            f"{big:.0f} MiB",
            f"{minutes}분 파일 {small:.0f} MiB",
            big / small,
            target,
            big / small <= 1.5,
        )
    )
    if is_quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(record("영상 재생 (조각 하나를 꺼내기)", rows, NOTE.format(load=load)))
    return 0 if all(row.is_met for row in rows if row.is_met is not None) else 1


def path_size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
