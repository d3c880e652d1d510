"""The sweep against `find ROOT -type f -mmin +N -delete`, on separate equal trees.

The sweep is timed alone, in a process that has Django loaded (as a Celery worker has), and as the whole command.

    .venv/bin/python -m bench.sweep [--files 200000] [--rounds 3] [--tmpfs /dev/shm] [--disk FOLDER]

Also: a sweep with nothing due over 3,265 cameras × 30 days × 24 hours, and the memory of the sweep.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.table import Row, record

PROJECT = Path(__file__).resolve().parents[1]
CAMERAS = 100
HOURS = 20
SEGMENT_SECONDS = 10


def make_tree(root: Path, files: int, cameras: int) -> int:
    """Frigate's layout: files of 4 KiB, all 40 days old, of `cameras` cameras over 20 hours per day."""
    per_folder = 100
    folders = files // per_folder
    old = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=60)
    data = b"v" * 4096
    made = 0
    for number in range(folders):
        hour, camera = divmod(number, cameras)
        start = old + timedelta(hours=hour)
        folder = root / "recordings" / f"{start:%Y-%m-%d}" / f"{start:%H}" / f"BENCH-{camera}-1"
        folder.mkdir(parents=True)
        stamp = start.timestamp()
        for second in range(0, per_folder * SEGMENT_SECONDS, SEGMENT_SECONDS):
            name = folder / f"{second // 60:02d}.{second % 60:02d}.mp4"
            with open(name, "wb") as handle:
                handle.write(data)
            os.utime(name, (stamp + second, stamp + second))
            made += 1
    return made


def set_up(data: Path, cameras: int) -> dict[str, str]:
    """A database of its own, SQLite as `make run` has it, with the cameras of the tree."""
    environment = os.environ | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=environment, check=True)
    code = f"""
import django; django.setup()
from accounts.models import Institution
from cameras.models import Camera, Site
institution, _ = Institution.objects.get_or_create(name="벤치")
sites = Site.objects.bulk_create([Site(number=f"BENCH-{{n}}", institution=institution) for n in range({cameras})])
Camera.objects.bulk_create([
    Camera(site=site, ordinal=1, number=f"{{site.number}}-1", recording_key=f"{{site.number}}-1", retention_days=30,
           install_purpose="crime_prevention", dataset_purpose="생활방범", pipa25_ground=2, state="operating")
    for site in sites])
"""
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)
    return environment


def timed(command: list[str], environment: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


# A child, as Celery's pool has them: the threads of numpy, which is loaded beside us, stay with the parent, so the sweep
# may fork its processes (`footage.crew`) instead of starting them from scratch.
WARM = """
import gc, os, time, django; django.setup()
from footage import destruction
child = os.fork()
if child:
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
gc.freeze()
began = time.perf_counter()
done = destruction.sweep(actor="system:bench")
print(time.perf_counter() - began, done.destroyed, flush=True)
os._exit(0)
"""


def warm_sweep(environment: dict[str, str]) -> float:
    """A sweep in a process that has Django loaded, as a Celery worker has: manifests and ledger included."""
    done = subprocess.run(
        [sys.executable, "-c", WARM], cwd=PROJECT, env=environment, check=True, capture_output=True
    )
    return float(done.stdout.split()[0])


def check_empty(folder: Path) -> None:
    left = [name for _, _, names in os.walk(folder) for name in names]
    if left:
        raise SystemExit(f"not destroyed: {len(left)}")


class Rounds(NamedTuple):
    """Seconds of each round, on fresh trees, in turn: what disturbs the machine disturbs all three alike."""

    sweep: list[float]
    command: list[float]
    find: list[float]

    def ratio(self, ours: list[float]) -> float:
        """The median of the rounds' own ratios."""
        return statistics.median(one / other for one, other in zip(ours, self.find, strict=True))


def sweep_against_find(place: Path, files: int, rounds: int) -> Rounds:
    warm, ours, theirs = [], [], []
    with tempfile.TemporaryDirectory(dir=place, prefix="bench-sweep-") as folder:
        base = Path(folder)
        environment = set_up(base / "var", CAMERAS)
        (base / "nvr").mkdir()
        timed(
            [
                sys.executable,
                "manage.py",
                "add_storage",
                "bench",
                str(base / "nvr"),
                "--layout",
                "frigate",
                "--segment-seconds",
                str(SEGMENT_SECONDS),
            ],
            environment,
        )
        for _ in range(rounds):
            make_tree(base / "nvr", files, CAMERAS)
            os.sync()
            warm.append(warm_sweep(environment))
            check_empty(base / "nvr")
            make_tree(base / "nvr", files, CAMERAS)
            make_tree(base / "find", files, CAMERAS)
            os.sync()
            ours.append(timed([sys.executable, "manage.py", "enforce_retention"], environment))
            theirs.append(timed(["find", str(base / "find"), "-type", "f", "-mmin", "+60", "-delete"]))
            check_empty(base / "nvr")
            shutil.rmtree(base / "find")
    return Rounds(warm, ours, theirs)


def nothing_due(place: Path, cameras: int, days: int) -> float:
    """Folders only: what a sweep has to pass by. Young files in none, so that the tree fits into memory."""
    with tempfile.TemporaryDirectory(dir=place, prefix="bench-idle-") as folder:
        base = Path(folder)
        environment = set_up(base / "var", cameras)
        now = datetime.now(UTC)
        for hour in range(1, days * 24 - 24):
            start = now - timedelta(hours=hour)
            parent = base / "nvr" / "recordings" / f"{start:%Y-%m-%d}" / f"{start:%H}"
            parent.mkdir(parents=True)
            for camera in range(cameras):
                os.mkdir(parent / f"BENCH-{camera}-1")
        timed(
            [
                sys.executable,
                "manage.py",
                "add_storage",
                "idle",
                str(base / "nvr"),
                "--layout",
                "frigate",
                "--segment-seconds",
                "10",
            ],
            environment,
        )
        return min(timed([sys.executable, "manage.py", "enforce_retention"], environment) for _ in range(3))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tmpfs", type=Path, default=Path("/dev/shm"))
    parser.add_argument("--disk", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--cameras", type=int, default=3_265)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="작은 크기로: 돌아가는지만 봅니다.")
    parser.add_argument("--print-only", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.files, options.rounds, options.cameras, options.days = 5_000, 1, 50, 3
    rows = []
    for name, place, target in (("tmpfs", options.tmpfs, 0.9), ("디스크", options.disk, 1.3)):
        found = sweep_against_find(place, options.files, options.rounds)
        ours = statistics.median(found.command)
        baseline = f"find -delete {statistics.median(found.find):.2f}초"
        item = f"파기 {options.files:,}개 × 4 KiB, 카메라 {CAMERAS}대 ({name})"
        ratio = found.ratio(found.sweep)
        warm = statistics.median(found.sweep)
        rows.append(Row(item, f"{warm:.2f}초", baseline, ratio, f"{target}배 이하", ratio <= target))
        rows.append(
            Row(f"{item}, 명령 전체 (시작 포함)", f"{ours:.2f}초", baseline, found.ratio(found.command))
        )
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    idle = nothing_due(options.tmpfs, options.cameras, options.days)
    rows.append(
        Row(
            f"파기할 것이 없는 실행: 카메라 {options.cameras:,}대 × {options.days}일 × 24시간",
            ours=f"{idle:.2f}초",
            target="2초 미만",
            is_met=idle < 2,
        )
    )
    note = f"가장 큰 프로세스의 기억장치 {children:.0f} MiB (find 포함 모든 하위 프로세스 중)."
    if options.print_only:
        for row in rows:
            sys.stdout.write(row.as_markdown() + "\n")
        sys.stdout.write(note + "\n")
    else:
        record("파기", rows, note)
    return 1 if any(row.is_met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
