"""The access log at size: importing ten million rows, one person's month, and the review of a month with abuses in it.

Baseline of the same run: a bare COPY of the same file into a table of texts without keys or indexes.

    python -m bench.access_log [--quick] [--rows N] [--month-rows N]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench._access_month import LOG_COLUMNS, START, make, score
from bench._postgresql import own_database
from bench.table import Row, record

ROOT = Path(__file__).resolve().parents[1]
IMPORT_SECONDS, IMPORT_MB, PERSON_MS, REVIEW_SECONDS, MOST_BESIDES = 600, 1_024, 300, 120, 100
SMALL_CENTRE = {"sites": 300, "agents": 12}
ACTS = ("실시간",) * 17 + ("재생", "회전확대", "로그인")


def write_log(path: Path, rows: int) -> None:
    """Forty accounts over ten months; a row of the log after the other, nothing kept in memory."""
    step = timedelta(days=300) / rows
    with path.open("w", encoding="utf-8") as handle:
        handle.write(",".join(LOG_COLUMNS) + "\n")
        for n in range(rows):
            at = START - timedelta(days=301) + n * step
            act = ACTS[n * 7919 % 20]
            target = (
                f"{at - timedelta(hours=2):%Y-%m-%d %H:%M:%S},{at - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
            )
            handle.write(
                f"{n + 1},{at:%Y-%m-%d %H:%M:%S},agent{n * 31 % 40:02d},{act},2026{n * 17 % 3265:014d}-1,"
                f"{target if act == '재생' else ','},10.20.1.{n % 40 + 10},{'2026-00012' if act == '재생' else ''},\n"
            )


def bare_copy(url: str, path: Path) -> float:
    import psycopg

    start = time.perf_counter()
    with psycopg.connect(url) as connection:
        columns = ", ".join(f"c{n} text" for n in range(len(LOG_COLUMNS)))
        connection.execute(f"CREATE TABLE bench_log ({columns})")
        with (
            connection.cursor().copy("COPY bench_log FROM STDIN (FORMAT csv, HEADER)") as copy,
            path.open("rb") as file,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        connection.commit()
        seconds = time.perf_counter() - start
        connection.execute("DROP TABLE bench_log")
    return seconds


def manage(*args: str, env: dict[str, str]) -> dict[str, Any]:
    """The command's JSON with its seconds and its greatest memory (MB)."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *args], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2_000:])
    lines = done.stdout.splitlines()
    answer = json.loads(lines[-2]) if "--json" in args else {}
    return answer | {"seconds": time.perf_counter() - start, "megabytes": int(lines[-1]) / 1_024}


CHILD = """
import resource, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def person_month(url: str) -> float:
    """Milliseconds for all rows of one account in one month, the best of five."""
    import psycopg

    first = datetime(2026, 3, 1, tzinfo=START.tzinfo)
    best = float("inf")
    with psycopg.connect(url) as connection:
        for _ in range(5):
            start = time.perf_counter()
            rows = connection.execute(
                "SELECT at, act, camera, place, case_number FROM records_accessevent "
                "WHERE account = %s AND at >= %s AND at < %s ORDER BY at",
                ["agent07", first, first + timedelta(days=31)],
            ).fetchall()
            best = min(best, time.perf_counter() - start)
        assert rows
    return best * 1_000


def review_of_month(
    style: str,
    made: tuple[dict[str, Path], dict[str, set[str]]],
    folder: Path,
    env: dict[str, str],
    url: str | None,
) -> Row:
    """The month's files brought into an empty database, and its review held against what was planted."""
    files, truth = made
    own = {**env, "DATA_DIR": str(folder / ("postgresql" if url else "sqlite"))}
    own.pop("DATABASE_URL", None)
    if url is not None:
        own["DATABASE_URL"] = url
    manage("migrate", "-v0", env=own)
    for kind in ("cameras", "staff", "duty", "incidents"):
        manage(f"import_{kind}", str(files[kind]), env=own)
    manage("import_access_log", str(files["log"]), "--map", "standard", env=own)
    found = manage("review_access", "--month", "2026-10", "--json", env=own)
    shares, besides = score(truth, found["findings"])
    hit = sum(share > 0 for share in shares.values())
    for name, share in shares.items():
        if share < 1:
            print(f"{style}: {name} {share:.0%}", file=sys.stderr)
    return Row(
        f"한 달 {found['rows']:,}줄의 점검 ({style}, {'PostgreSQL' if url else 'SQLite'})",
        ours=f"{found['seconds']:.0f}초, 남용 {hit}/12, 그 밖에 {len(besides)}줄",
        target=f"{REVIEW_SECONDS}초, 12/12, {MOST_BESIDES}줄 미만",
        is_met=found["seconds"] < REVIEW_SECONDS and hit == 12 and len(besides) < MOST_BESIDES,
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--month-rows", type=int, default=1_000_000)
    options = parser.parse_args()
    if options.quick:
        options.rows, options.month_rows = 50_000, 20_000
    # A small month is that of a small centre: a few looks at each of three thousand cameras say nothing of anybody.
    centre = SMALL_CENTRE if options.month_rows < 100_000 else {}
    lines: list[Row] = []
    with own_database("access_log") as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {
            **os.environ,
            "DATA_DIR": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }
        if url is not None:
            env["DATABASE_URL"] = url
        manage("migrate", "-v0", env=env)
        log = folder / "log.csv"
        write_log(log, options.rows)
        baseline = bare_copy(url, log) if url else 0.0
        brought = manage("import_access_log", str(log), "--map", "standard", "--json", env=env)
        assert brought["created"] == options.rows, brought
        log.unlink()
        limit = IMPORT_SECONDS * options.rows / 10_000_000
        lines.append(
            Row(
                f"접속기록 {options.rows:,}줄 가져오기 ({'PostgreSQL' if url else 'SQLite'})",
                ours=f"{brought['seconds']:.0f}초, {brought['megabytes']:.0f} MB",
                baseline=f"맨 COPY {baseline:.0f}초" if url else "-",
                ratio=brought["seconds"] / baseline if url else None,
                target=f"{limit:.0f}초, {IMPORT_MB:,} MB 이하",
                is_met=brought["seconds"] < limit and brought["megabytes"] < IMPORT_MB,
            )
        )
        if url is not None:
            milliseconds = person_month(url)
            lines.append(
                Row("한 사람의 한 달", ours=f"{milliseconds:.0f} ms", target=f"{PERSON_MS} ms 이하", is_met=milliseconds < PERSON_MS)
            )  # fmt: skip
        for style, seed in (("shifts", 5), ("zones", 6)):
            month = folder / style
            month.mkdir()
            made = make(style, options.month_rows, seed, month, **centre)
            lines.append(review_of_month(style, made, month, env, None))
            if url is not None:
                # Each centre in a database of its own: two rosters and two staffs would explain each other.
                with own_database(f"access_log_{style}") as own:
                    lines.append(review_of_month(style, made, month, env, own))
    print(record("접속기록", lines))
    print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most", file=sys.stderr)
    return 0 if options.quick or all(line.is_met is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
