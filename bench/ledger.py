"""The ledger: appending, sealing, verifying and exporting, on SQLite and on PostgreSQL where one answers.

Baselines of the same run: the bare INSERT of the same rows (no lock, no canonical form, no digest; the same
indexes) and the bare hashing of the same encoded rows in memory. Each database is measured in processes of
its own, with a data folder that is thrown away; verification is the command as people start it.

    python -m bench.ledger [--quick] [--rows 1000000]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FULL, QUICK = 1_000_000, 20_000
APPENDS_PER_SECOND = 20_000
VERIFY_SECONDS = 10.0
SAMPLE = 100_000


# ---------------------------------------------------------------- in the child: one database


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def drafts(count: int) -> Iterator[Any]:
    from ledger.append import Draft

    for n in range(count):
        payload = {"files": n, "bytes": n * 4096, "manifest": f"{n:064x}"}
        yield Draft("footage.swept", "system:sweep", f"camera:11500-{n % 3265:05d}-1", payload)


def insert_bare(count: int) -> float:
    """Rows made beforehand, into an equal table with equal indexes, by the fastest way the driver has."""
    from django.db import connection, transaction
    from django.utils import timezone

    from ledger.append import COLUMNS

    now = timezone.now()
    rows = [
        (n, now, draft.kind, draft.actor, draft.subject, json.dumps(draft.payload), f"{n:064x}")
        for n, draft in enumerate(drafts(count), start=1)
    ]
    columns = [column.strip() for column in COLUMNS.split(",")]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TABLE bench_bare (LIKE ledger_entry INCLUDING ALL)")
        else:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND tbl_name = 'ledger_entry' "
                "AND sql IS NOT NULL ORDER BY type DESC"
            )
            for (sql,) in cursor.fetchall():
                cursor.execute(sql.replace("ledger_entry", "bench_bare"))

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY bench_bare ({COLUMNS}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                texts = [(row[0], str(row[1]), *row[2:]) for row in rows]
                cursor.executemany(f"INSERT INTO bench_bare ({COLUMNS}) VALUES ({marks})", texts)

    seconds = timed(insert)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")
    return seconds


def append(count: int) -> float:
    from django.db import transaction

    from ledger.append import record_many

    def work() -> None:
        with transaction.atomic():
            record_many(drafts(count))

    return timed(work)


def hash_bare() -> float:
    """Seconds per row: SHA-256 over encoded entries that are already in memory."""
    from hashlib import sha256
    from itertools import islice

    from ledger import rows
    from ledger.verify_bundle import encode_leaf

    with rows.stored() as batches:
        stored = [row for batch in islice(batches, SAMPLE // rows.BATCH) for row in batch]
    encoded = [encode_leaf(*row[:6]) for row in stored]
    return timed(lambda: [sha256(b"\x00" + data).digest() for data in encoded]) / len(encoded)


def measure(count: int) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    from ledger.seal import seal

    call_command("migrate", verbosity=0)
    sample = min(SAMPLE, count)
    figures = {"insert": sample / insert_bare(sample)}
    figures["append"] = sample / append(sample)
    append(count - sample)
    figures["seal"] = timed(seal)
    figures["hash"] = hash_bare() * count
    return figures


# ---------------------------------------------------------------- in the parent: all databases


def run_command(environment: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Seconds, process start included, and the peak memory of that process in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def measure_database(url: str | None, folder: Path, count: int) -> dict[str, float]:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url or f"sqlite:///{folder / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    bundle = str(folder / "bundle.gz")
    figures = {}
    child = [sys.executable, "-m", "bench.ledger", "--measure", str(count)]
    out = subprocess.run(
        child, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    figures.update(json.loads(out.splitlines()[-1]))
    figures["verify"], figures["verify_mb"] = run_command(environment, "manage.py", "verify_ledger")
    figures["export"], _ = run_command(environment, "manage.py", "export_ledger", bundle)
    figures["bundle"], _ = run_command(environment, "ledger/verify_bundle.py", bundle)
    return figures


@contextmanager
def postgresql_database() -> Iterator[str | None]:
    """A database of our own, where a server lets us make one."""
    import psycopg

    named = [os.environ.get("TEST_POSTGRES_URL"), os.environ.get("DATABASE_URL")]
    usual = [
        f"postgres://{name}@127.0.0.1:5432/postgres"
        for name in (os.environ.get("USER", ""), "root", "postgres")
    ]
    for url in [url for url in named if url and url.startswith("postgres")] or usual:
        name = f"bench_ledger_{os.getpid()}"
        try:
            server = psycopg.connect(url, autocommit=True, connect_timeout=2)
            server.execute(f"CREATE DATABASE {name}")
        except psycopg.Error:
            continue
        try:
            yield url.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.close()
        return
    yield None


def table_rows(database: str, count: int, figures: dict[str, float]) -> list[Any]:
    from bench.table import Row

    is_full = count >= FULL
    many = f"{count:,}건"
    return [
        Row(
            f"{database}: 묶음 기록",
            f"{figures['append']:,.0f}건/s",
            f"단순 INSERT {figures['insert']:,.0f}건/s",
            figures["insert"] / figures["append"],
            f"{APPENDS_PER_SECOND:,}건/s 이상",
            figures["append"] >= APPENDS_PER_SECOND,
        ),
        Row(
            f"{database}: verify_ledger {many} (프로세스 시작 포함)",
            f"{figures['verify']:.2f} s, {figures['verify_mb']:.0f} MB",
            f"해시만 {figures['hash']:.2f} s",
            figures["verify"] / figures["hash"],
            f"{VERIFY_SECONDS:.0f} s 미만" if is_full else "-",
            figures["verify"] < VERIFY_SECONDS if is_full else None,
        ),
        Row(f"{database}: 처음 봉인 {many}", f"{figures['seal']:.2f} s"),
        Row(f"{database}: export_ledger {many}", f"{figures['export']:.2f} s"),
        Row(f"{database}: verify_bundle.py {many}", f"{figures['bundle']:.2f} s"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--measure", type=int, metavar="N", help="(안에서만) 지금 데이터베이스를 잰다")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    from bench.table import record

    count = options.rows or (QUICK if options.quick else FULL)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows += table_rows("SQLite", count, measure_database(None, Path(folder), count))
    with postgresql_database() as url, tempfile.TemporaryDirectory() as folder:
        if url is not None:
            rows += table_rows("PostgreSQL", count, measure_database(url, Path(folder), count))
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(
            record(
                "원장",
                rows,
                "기준은 같은 실행에서 같은 행으로 쟀습니다: 잠금·정규형·해시 없는 INSERT, 메모리 안 해시.",
            )
        )
    return 1 if any(row.is_met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
