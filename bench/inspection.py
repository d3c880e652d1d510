"""The inspector's bundle of a year of a district, on PostgreSQL: 3,265 cameras, a proof of each on each day, a sweep each minute.

Measured as people give it, with the start of the process: `bundle_inspection`, and `verify_inspection.py` over what came
of it. Baseline of the same run: writing as many bytes as the bundle holds into a ZIP of the same kind.

    python -m bench.inspection [--quick]
"""

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench._postgresql import own_database
from bench.assess import fill as fill_register
from bench.table import Row, record

ROOT = Path(__file__).resolve().parents[1]
CAMERAS, DAYS, SWEEPS_A_DAY = 3_265, 365, 1_440
FILES_A_SWEEP = 320
SECONDS, MEGABYTES = 120.0, 500.0
SEOUL = ZoneInfo("Asia/Seoul")


def fill_year(days: int) -> None:
    """What a year leaves: proofs, blocks of lists, the ledger's entries of the sweeps. In a process with settings."""
    import django

    django.setup()
    import zlib
    from hashlib import sha256

    from django.db import connection
    from django.utils import timezone

    from cameras.models import Camera
    from footage import storages
    from footage.blocks import Batch, Bundle
    from footage.manifests import DESTROYED, digest_of
    from footage.models import DailyProof, ManifestBlock, Sweep
    from ledger import seal
    from ledger.canonical import instant_text, payload_text
    from ledger.models import Entry
    from ledger.verify_bundle import leaf_digest

    today = timezone.localdate()
    first = today - dt.timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO footage_dailyproof (camera_id, "on", proved_at, retention_days, oldest_allowed_at, '
            "oldest_found_at, destroyed_count, hold_ids, result, reason, looks) "
            "SELECT c.id, d, d + interval '20 hours', 30, d - interval '30 days', d - interval '29 days', 144, "
            "'[]', %s, '', '[]' FROM cameras_camera c CROSS JOIN generate_series(%s::date, %s::date, '1 day') AS d",
            [DailyProof.Result.IN_ORDER, first, today - dt.timedelta(days=1)],
        )
        print(cursor.rowcount, "proofs")
    folder = Path(os.environ["DATA_DIR"]).parent / "recorder"
    folder.mkdir(exist_ok=True)
    storage = storages.add("녹화기", str(folder), "frigate", "UTC", 600)
    sweep = Sweep.objects.create(storage=storage, at=timezone.now(), state="succeeded")
    camera = Camera.objects.first()
    start = 1_700_000_000_000_000
    bundle = Bundle("2026-01-01/03/1", camera.pk, start)
    for number in range(FILES_A_SWEEP):
        bundle.add((f"{number:05}.mp4", 1_000_000 + number, start + number, start + number, number))
    text = Batch([bundle], FILES_A_SWEEP).encode()
    outcome = {
        "struck": [],
        "times": [[FILES_A_SWEEP, start]],
        "destroyed": FILES_A_SWEEP,
        "bytes": 320_000_000,
    }
    digest, lines = sha256(text).hexdigest(), zlib.compress(text)
    payload = payload_text(
        {
            "destroyed": FILES_A_SWEEP,
            "bytes": 320_000_000,
            "held": 0,
            "blocks": 1,
            "manifest": digest_of(iter([(digest, outcome)])),
        }
    )
    before = Entry.objects.last_sequence()
    opened = dt.datetime.combine(first, dt.time(3), dt.UTC)
    count = days * SWEEPS_A_DAY
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY ledger_entry (sequence, at, kind, actor, subject, payload, digest) FROM STDIN"
        ) as copy,
    ):
        for number in range(count):
            at = opened + dt.timedelta(minutes=number)
            entry = (before + number + 1, instant_text(at), DESTROYED, "system:sweep", "sweep:1", payload)
            copy.write_row((*entry, leaf_digest(*entry)))
    for begin in range(0, count, 5_000):
        ManifestBlock.objects.bulk_create(
            ManifestBlock(
                sweep=sweep,
                storage=storage,
                lines=lines,
                count=FILES_A_SWEEP,
                digest=digest,
                approved_at=opened,
                done_at=opened,
                outcome=outcome,
                destroyed=FILES_A_SWEEP,
                bytes=320_000_000,
                ledger_sequence=before + number + 1,
            )
            for number in range(begin, min(begin + 5_000, count))
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    seal.seal()
    print(count, "sweeps")


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds, and the most memory (MB) that it or one of its own took."""
    before = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate()
    seconds = time.perf_counter() - before
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {out[-2000:]}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def bare_zip(bundle: Path, folder: Path) -> float:
    """Seconds of putting the bundle's files into another ZIP, packed as they are there."""
    with zipfile.ZipFile(bundle) as source:
        before = time.perf_counter()
        with zipfile.ZipFile(folder / "bare.zip", "w", compresslevel=1) as target:
            for info in source.infolist():
                with (
                    source.open(info) as reading,
                    target.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as writing,
                ):
                    while block := reading.read(1 << 20):
                        writing.write(block)
        return time.perf_counter() - before


def measure(days: int) -> dict[str, Any] | None:
    with own_database("inspection") as url, tempfile.TemporaryDirectory() as place:
        if url is None:
            return None
        folder = Path(place)
        (folder / "data").mkdir()
        environment = {
            **os.environ,
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }
        run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], environment)
        fill_register(url, CAMERAS)
        filling = [sys.executable, "-m", "bench.inspection", "--fill", str(days)]
        subprocess.run(filling, cwd=ROOT, env=environment, check=True)
        bundle = folder / "inspection.zip"
        until = dt.datetime.now(SEOUL).date()
        span = [f"{until - dt.timedelta(days=days)}", f"{until}"]
        making = [sys.executable, "-m", "bench.inspection", "--measured", str(bundle), *span]
        out = subprocess.run(
            making, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout
        seconds, megabytes = (float(word) for word in out.split()[-2:])
        checking = [sys.executable, "-m", "bench.inspection", "--checked", str(bundle)]
        out = subprocess.run(
            checking, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout
        checked, most = (float(word) for word in out.split()[-2:])
        return {
            "seconds": seconds,
            "megabytes": megabytes,
            "size": bundle.stat().st_size,
            "checked": checked,
            "most": most,
            "bare": bare_zip(bundle, folder),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--fill", type=int)
    parser.add_argument("--measured", nargs=3, metavar=("FILE", "FROM", "UNTIL"))
    parser.add_argument("--checked", metavar="FILE")
    options = parser.parse_args()
    if options.fill:
        fill_year(options.fill)
        return 0
    if options.measured:
        file, first, until = options.measured
        command = ["manage.py", "bundle_inspection", "--from", first, "--until", until, "--output", file]
        print(*run([sys.executable, *command], dict(os.environ)))
        return 0
    if options.checked:
        print(
            *run(
                [sys.executable, "reports/inspection/verify_inspection.py", options.checked], dict(os.environ)
            )
        )
        return 0
    days = 7 if options.quick else DAYS
    found = measure(days)
    if found is None:
        print("PostgreSQL이 없어 재지 않았습니다.")
        return 0
    is_met = found["seconds"] < SECONDS and found["megabytes"] < MEGABYTES
    rows = [
        Row(
            f"{days}일, 카메라 {CAMERAS:,}대: `bundle_inspection` ({found['size'] / 2**20:.0f} MB)",
            f"{found['seconds']:.0f}초, 기억장치 {found['megabytes']:.0f} MB",
            f"같은 파일을 ZIP으로 묶기 {found['bare']:.0f}초",
            found["seconds"] / found["bare"],
            "2분, 500 MB 미만",
            is_met,
        ),
        Row(
            "그 묶음의 `verify_inspection.py`",
            f"{found['checked']:.0f}초, 기억장치 {found['most']:.0f} MB",
            f"같은 파일을 ZIP으로 묶기 {found['bare']:.0f}초",
            found["checked"] / found["bare"],
        ),
    ]
    note = "하루에 파기 1,440번(한 번에 320개), 카메라마다 날마다 파기 확인 한 줄. PostgreSQL."
    if options.quick:
        print(*(row.as_markdown() for row in rows), sep="\n")
    else:
        print(record("점검 묶음", rows, note))
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
