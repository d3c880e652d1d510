"""The vault against plain files: taking in against `cp`, reading a range against reading it from the plain file.

    .venv/bin/python -m bench.vault [--quick]

Ours is what the worker does with each original: hash, encrypt, write, sync, read back, open every chunk and hash again. `cp` copies
the same files to the same disk, and each is synced as ours are. The turns alternate, and the median of each counts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

from bench.table import Row, record
from footage.vault import containers
from footage.vault.containers import Container
from footage.vault.plain import Plain

KEY = bytes(range(32))
MB = 1_000_000
TURNS = 5
LEAST_SPEED, MOST_READING = 0.7, 1.1
NOTE = (
    "우리: 해시, 암호화, 쓰기, fsync, 다시 읽어 모든 덩어리를 풀고 해시까지. 기준: 같은 디스크로 cp한 뒤 파일마다 fsync. 번갈아 {turns}번 "
    "재어 가운뎃값. 구간 읽기: 1 MB 구간 {ranges}곳을 무작위로, 원본과 사본에서, 디스크의 캐시를 비우고. 재기 전 부하 평균은 {load:.1f}이었습니다(코어 수보다 크면 다른 일과 나누어 쓴 것)."
)


def taken_in(source: Path, target: Path, file_id: bytes) -> None:
    with source.open("rb") as original, target.open("w+b") as kept:
        length = source.stat().st_size
        written = containers.write(original, kept, case_key=KEY, file_id=file_id, length=length)
        kept.flush()
        kept.seek(0)
        if Container(kept, case_key=KEY, file_id=file_id).sha256() != written.sha256:
            raise SystemExit("the copy differs")
        os.fsync(kept.fileno())


def copied(source: Path, target: Path) -> None:
    subprocess.run(["cp", source, target], check=True)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def seconds(act: Callable[..., None], *given: Any) -> float:
    began = time.perf_counter()
    act(*given)
    return time.perf_counter() - began


def read(opened: BinaryIO | Plain, places: list[int]) -> None:
    for place in places:
        opened.seek(place)
        opened.read(MB)


def forget(*paths: Path) -> None:
    """What is looked at was not read a moment ago: it comes from the disk, in both cases."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure(folder: Path, megabytes: int, ranges: int) -> list[Row]:
    source = folder / "original"
    source.write_bytes(os.urandom(megabytes * MB))
    file_id = uuid.uuid4().bytes
    ours, base = [], []
    for turn in range(TURNS):
        plain_copy, kept = folder / f"{turn}.cp", folder / f"{turn}.vault"
        base.append(seconds(copied, source, plain_copy))
        ours.append(seconds(taken_in, source, kept, file_id))
        if turn:
            plain_copy.unlink()
            kept.unlink()
    us, them = statistics.median(ours), statistics.median(base)
    chance = Random(1)
    places = [chance.randrange((megabytes - 2) * MB) for _ in range(ranges)]
    reading, reading_base = [], []
    for _ in range(TURNS):
        forget(source, folder / "0.vault")
        with source.open("rb") as file:
            reading_base.append(seconds(read, file, places))
        with Plain((folder / "0.vault").open("rb"), key=KEY, file_id=file_id) as file:
            reading.append(seconds(read, file, places))
    rus, rthem = statistics.median(reading), statistics.median(reading_base)
    return [
        Row(
            f"보관함에 넣기, {megabytes:,} MB",
            f"{megabytes / us:,.0f} MB/s",
            f"cp {megabytes / them:,.0f} MB/s",
            them / us,
            f"{LEAST_SPEED:g} 이상",
            them / us >= LEAST_SPEED,
        ),
        Row(
            f"구간 읽기, 1 MB × {ranges}",
            f"{rus / ranges * 1e3:.2f} ms",
            f"원본 {rthem / ranges * 1e3:.2f} ms",
            rus / rthem,
            f"{MOST_READING:g} 이하",
            rus / rthem <= MOST_READING,
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="증거 보관함")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="재는 디스크의 폴더 (기본: 임시 폴더)")
    options = parser.parse_args()
    megabytes, ranges = (32, 20) if options.quick else (options.megabytes, 200)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = measure(Path(folder), megabytes, ranges)
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(record("증거 보관함", rows, NOTE.format(turns=TURNS, ranges=ranges, load=load)))
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
