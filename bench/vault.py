"""The vault against plain files: taking in against `cp`, reading a range against reading it from the plain file.

    .venv/bin/python -m bench.vault [--quick] [--megabytes 1000] [--turns 5]

Ours is what the worker does with each original: hash, encrypt, write, read back, open and compare every chunk, sync. `cp` copies the
same file to the same disk and it is synced, too. Both begin once with the original on the disk, as the worker finds what a recorder
wrote hours ago, and once with it in memory. The turns alternate, and the median of each counts. One pass of SHA-256 over the same
bytes, in the same run, says what no program with one digest of the whole file can pass.
"""

import argparse
import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

from bench.table import Row, record
from footage.vault import containers
from footage.vault.plain import Plain

KEY = bytes(range(32))
MB = 1_000_000
TURNS = 5
LEAST_SPEED, MOST_READING = 0.7, 1.1
NOTE = (
    "우리: 해시, 암호화, 쓰기, 다시 읽어 모든 덩어리를 풀고 원본에서 읽은 것과 맞추기, fsync까지. 기준: 같은 디스크로 cp한 뒤 fsync. 번갈아 "
    "{turns}번 재어 가운뎃값. ‘디스크에서’는 캐시를 비우고, ‘기억장치에서’는 막 읽은 뒤에. 구간 읽기: 1 MB 구간 {ranges}곳을 무작위로, 원본과 "
    "사본을 번갈아. SHA-256만: 기억장치에 있는 원본을 한 번 읽으며 한 줄로 해시만 하는 빠르기. 파일 하나의 SHA-256은 여러 코어로 나눌 수 없으므로 어떤 "
    "방법도 이 비율을 넘지 못합니다. 처리기 시간: 모든 스레드와 cp의 것을 더하여. 재기 전과 뒤의 부하 평균은 {before:.1f}과 {after:.1f}이었습니다(코어 수보다 크면 "
    "다른 일과 나누어 쓴 것)."
)


@dataclass
class Turns:
    """How long each turn took: on the clock, and of the processors."""

    clock: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)

    def take(self, act: Callable[..., None], *given: Any) -> None:
        busy, began = processor_seconds(), time.perf_counter()
        act(*given)
        self.clock.append(time.perf_counter() - began)
        self.processors.append(processor_seconds() - busy)

    @property
    def seconds(self) -> float:
        return statistics.median(self.clock)

    def speed(self, megabytes: int) -> str:
        return f"{megabytes / self.seconds:,.0f} MB/s (가장 빠른 것 {megabytes / min(self.clock):,.0f})"

    @property
    def busy(self) -> float:
        return statistics.median(self.processors)


def processor_seconds() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def taken_in(source: Path, target: Path, file_id: bytes) -> None:
    with source.open("rb", buffering=0) as original, target.open("w+b", buffering=0) as kept:
        length = source.stat().st_size
        containers.write(original, kept, case_key=KEY, file_id=file_id, length=length)


def hashed(source: Path) -> None:
    with source.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def copied(source: Path, target: Path) -> None:
    subprocess.run(["cp", source, target], check=True)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def read(opened: BinaryIO | Plain, place: int) -> None:
    opened.seek(place)
    opened.read(MB)


def forget(*paths: Path) -> None:
    """What is looked at was not read a moment ago: it comes from the disk, in both cases."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def intake(folder: Path, source: Path, file_id: bytes, *, is_cold: bool, turns: int) -> tuple[Turns, Turns]:
    ours, base = Turns(), Turns()
    for _ in range(turns):
        for target, times, act, given in (
            (folder / "plain", base, copied, ()),
            (folder / "kept", ours, taken_in, (file_id,)),
        ):
            target.unlink(missing_ok=True)
            forget(source) if is_cold else hashed(source)
            times.take(act, source, target, *given)
    return ours, base


def ranges_read(
    source: Path, kept: Path, file_id: bytes, places: list[int], *, is_cold: bool, turns: int
) -> tuple[Turns, Turns]:
    """Each place of one and of the other in turn, so that whatever else the machine does meets both."""
    ours, base = Turns(), Turns()
    for _ in range(turns):
        if is_cold:
            forget(source, kept)
        with source.open("rb") as plain, Plain(kept.open("rb"), key=KEY, file_id=file_id) as opened:
            for place in places:
                base.take(read, plain, place)
                ours.take(read, opened, place)
    return ours, base


def measure(folder: Path, megabytes: int, ranges: int, turns: int) -> list[Row]:
    source = folder / "original"
    source.write_bytes(os.urandom(megabytes * MB))
    file_id = uuid.uuid4().bytes
    rows = []
    for is_cold, where in ((True, "디스크에서"), (False, "기억장치에서")):
        ours, base = intake(folder, source, file_id, is_cold=is_cold, turns=turns)
        ratio = base.seconds / ours.seconds
        rows.append(
            Row(
                f"보관함에 넣기, {megabytes:,} MB, 원본을 {where}",
                ours.speed(megabytes),
                f"cp {base.speed(megabytes)}",
                ratio,
                f"{LEAST_SPEED:g} 이상",
                ratio >= LEAST_SPEED,
            )
        )
    once = Turns()
    for _ in range(turns):
        once.take(hashed, source)
    rows += [
        Row(
            "SHA-256만 (넘을 수 없는 값)",
            once.speed(megabytes),
            f"cp {base.speed(megabytes)}",
            base.seconds / once.seconds,
        ),
        Row(
            "넣기의 처리기 시간, 1 GB마다",
            f"{ours.busy / megabytes * 1e3:.2f}초",
            f"SHA-256 두 번 {2 * once.busy / megabytes * 1e3:.2f}초, cp {base.busy / megabytes * 1e3:.2f}초",
            ours.busy / (2 * once.busy),
        ),
    ]
    chance = Random(1)
    places = [chance.randrange((megabytes - 2) * MB) for _ in range(ranges)]
    for is_cold, where in ((True, "디스크에서"), (False, "기억장치에서")):
        ours, base = ranges_read(source, folder / "kept", file_id, places, is_cold=is_cold, turns=turns)
        ratio = ours.seconds / base.seconds
        rows.append(
            Row(
                f"구간 읽기, 1 MB × {ranges}, {where}",
                f"{ours.seconds * 1e3:.2f} ms",
                f"원본 {base.seconds * 1e3:.2f} ms",
                ratio,
                f"{MOST_READING:g} 이하" if is_cold else "-",
                ratio <= MOST_READING if is_cold else None,
            )
        )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="증거 보관함")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--folder", type=Path, help="재는 디스크의 폴더 (기본: 임시 폴더)")
    options = parser.parse_args()
    megabytes, turns = (32, 3) if options.quick else (options.megabytes, options.turns)
    ranges = megabytes // 5  # few of them touch, so that what is read for one is seldom there for another
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = measure(Path(folder), megabytes, ranges, turns)
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        note = NOTE.format(turns=turns, ranges=ranges, before=before, after=os.getloadavg()[0])
        print(record("증거 보관함", rows, note))
    return 0 if all(row.is_met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
