"""The assessment: all rules over a district, over a hub and over the nation's cameras, on PostgreSQL.

Measured from the start of the assessment to its line in the ledger, as its row says; beside it the whole command that
people give, with the start of the process. Three runs: the first one, which opens a finding for every
camera and rule that an imported register lacks papers for; the next one, which finds the same; and one after a tenth
of the cameras got their papers. Baselines of the same run: as many bare rows put into a table without indexes by one
INSERT … SELECT, and counting the cameras once per rule.

    python -m bench.assess [--quick]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench._national_file import CAMERAS as NATION
from bench._postgresql import own_database
from bench.table import Row, record

ROOT = Path(__file__).resolve().parents[1]
SIZES = (3_265, 100_000, NATION)
QUICK_SIZES = (3_265,)
LIMITS = {3_265: 2.0, NATION: 60.0}
# Seconds per camera may differ so much between the hub and the nation before it is no longer called linear.
LINEAR = 1.5
CAMERAS_PER_SITE = 3


@dataclass
class Run:
    """One assessment: its seconds, those of the whole command, rows that it opened and closed."""

    seconds: float
    command: float
    opened: int
    closed: int
    unmet: int


def run(environment: dict[str, str], *arguments: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - start, done.stdout


def fill(url: str, cameras: int) -> None:
    """Sites and cameras as an import leaves them: operating, without any paper."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        institution = connection.execute(
            "INSERT INTO accounts_institution (name, code, phone, postal_address, email) "
            "VALUES ('시험구청', '', '02-2600-6114', '', '') RETURNING id"
        ).fetchone()[0]
        sites = -(-cameras // CAMERAS_PER_SITE)
        connection.execute(
            "INSERT INTO cameras_site (number, has_own_number, institution_id, road_address, lot_address, english_address, place_key) "
            "SELECT '20263150' || lpad(n::text, 10, '0'), false, %s, '서울특별시 강서구 화곡로 ' || n, '', '', md5(n::text) "
            "FROM generate_series(1, %s) AS n",
            [institution, sites],
        )
        values = {**constants(), **OWN_COLUMNS}
        connection.execute(
            f"INSERT INTO cameras_camera ({', '.join(values)}) SELECT {', '.join(values.values())} "
            "FROM cameras_site s CROSS JOIN generate_series(1, %s) AS n ORDER BY s.id, n LIMIT %s",
            [CAMERAS_PER_SITE, cameras],
        )
        connection.execute("VACUUM (ANALYZE)")


OWN_COLUMNS = {
    "site_id": "s.id",
    "ordinal": "n",
    "number": "s.number || '-' || n",
    "sort_key": "s.number || '-' || lpad(n::text, 6, '0')",
    "recording_key": "s.number || '-' || n",
    "installed_month": "date '2012-01-01' + ((s.id %% 170) || ' months')::interval",
}


def constants() -> dict[str, str]:
    """Every other column that must have a value, as SQL."""
    return {
        "state": "'operating'",
        "install_purpose": "'crime_prevention'",
        "dataset_purpose": "'생활방범'",
        "pipa25_ground": "2",
        "retention_days": "30",
        "device_kind": "'network'",
        "filming_hours": "'24시간'",
        "filming_direction": "'360도 전방면'",
        "link_status": "'unknown'",
        "place_kind": "'open'",
        "monitoring_scope": "'unknown'",
        "installation": "1",
        "phone": "'02-2600-6114'",
        "has_ptz": "false",
        "lpr_enabled": "false",
        "audio_disabled": "true",
        "is_sign_exempt": "false",
        **dict.fromkeys(
            (
                "purpose_detail",
                "special_law_basis",
                "filming_range",
                "retention_law",
                "retention_document",
                "retention_approver",
                "retention_exception",
                "local_government_code",
                "provider_code",
                "provider_name",
                "dataset_update_kind",
                "analytics",
                "link_exemption_reason",
                "link_exemption_document",
                "monitoring_document",
                "operating_hours",
                "after_hours_purpose",
                "sign_exemption_ground",
                "sign_exemption_document",
                "sign_exemption_approver",
            ),
            "''",
        ),
    }


def paper(url: str) -> None:
    """A tenth of the cameras gets papers of each kind and a checked microphone; one paper names thousands."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE cameras_camera SET audio_checked_on = CURRENT_DATE, link_status = 'linked', "
            "monitoring_scope = 'live' WHERE id % 10 = 3"
        )
        for kind in ("installation_checklist", "public_consultation", "necessity_review", "resolution"):
            paper_id = connection.execute(
                'INSERT INTO cameras_paper (kind, "on", document_number, title, contents, filed_at, withdrawn_reason) '
                "VALUES (%s, CURRENT_DATE, '시험-1', '', '{}', now(), '') RETURNING id",
                [kind],
            ).fetchone()[0]
            connection.execute(
                "INSERT INTO cameras_papercamera (paper_id, camera_id, installation) "
                "SELECT %s, id, 1 FROM cameras_camera WHERE id %% 10 = 3",
                [paper_id],
            )
        connection.execute("VACUUM (ANALYZE)")


def assess(environment: dict[str, str], url: str) -> Run:
    import psycopg

    command, out = run(environment, "manage.py", "assess", "--json")
    with psycopg.connect(url) as connection:
        seconds = connection.execute(
            "SELECT extract(epoch FROM finished_at - started_at) FROM ordinance_assessment ORDER BY id DESC LIMIT 1"
        ).fetchone()[0]
    figures = json.loads(out.splitlines()[-1]).values()
    opened, closed, unmet = (sum(one[name] for one in figures) for name in ("opened", "closed", "unmet"))
    return Run(float(seconds), command, opened, closed, unmet)


def bare_insert(url: str, rows: int) -> float:
    """As many rows of the same width, by one statement, without indexes, keys or questions."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE bare (id bigint, number text, opened_on date, evidence text, opened_by bigint, rule smallint)"
        )
        start = time.perf_counter()
        connection.execute(
            "INSERT INTO bare SELECT n, '202631500000000001-1', CURRENT_DATE, 'never', 1, 1 "
            "FROM generate_series(1, %s) AS n",
            [rows],
        )
        seconds = time.perf_counter() - start
        connection.execute("DROP TABLE bare")
    return seconds


def bare_count(url: str, rules: int) -> float:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        start = time.perf_counter()
        for _ in range(rules):
            connection.execute("SELECT count(*) FROM cameras_camera WHERE state <> 'removed'")
        return time.perf_counter() - start


def measure(cameras: int) -> dict[str, Any] | None:
    with own_database("assess") as url, tempfile.TemporaryDirectory() as folder:
        if url is None:
            return None
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        fill(url, cameras)
        first = assess(environment, url)
        again = assess(environment, url)
        paper(url)
        after = assess(environment, url)
        return {
            "first": first,
            "again": again,
            "after": after,
            "insert": bare_insert(url, first.opened),
            "count": bare_count(url, 17),
        }


def table_rows(cameras: int, figures: dict[str, Any]) -> list[Row]:
    limit = LIMITS.get(cameras)
    first, again, after = figures["first"], figures["again"], figures["after"]
    name = f"{cameras:,}대"
    count = f"카메라를 17번 세기 {figures['count']:.2f}초"

    def row(item: str, found: Run, baseline: str, against: float) -> Row:
        return Row(
            f"{name}: {item} (열림 {found.opened:,}, 종결 {found.closed:,})",
            f"{found.seconds:.1f}초 (명령 전체 {found.command:.1f}초)",
            baseline,
            found.seconds / against,
            f"{limit:.0f}초 미만" if limit else "-",
            found.seconds < limit if limit else None,
        )

    return [
        row(
            "첫 점검",
            first,
            f"같은 수의 행을 그냥 INSERT … SELECT {figures['insert']:.2f}초",
            figures["insert"],
        ),
        row("다음 점검", again, count, figures["count"]),
        row("열에 하나가 서류를 갖춘 뒤", after, count, figures["count"]),
    ]


def linearity(figures: dict[int, dict[str, Any]]) -> list[Row]:
    """Seconds per camera of the largest against the middle size."""
    if len(figures) < len(SIZES):
        return []
    small, large = SIZES[1], SIZES[2]

    def share(cameras: int, name: str) -> float:
        return float(figures[cameras][name].seconds) / cameras

    rows = []
    for name, item in (("first", "첫 점검"), ("again", "다음 점검")):
        ratio = share(large, name) / share(small, name)
        rows.append(
            Row(
                f"카메라 한 대에 드는 시간, {item}",
                f"{share(large, name) * 1e6:.0f} µs ({large:,}대)",
                f"{share(small, name) * 1e6:.0f} µs ({small:,}대)",
                ratio,
                f"{LINEAR} 이하 (선형)",
                ratio <= LINEAR,
            )
        )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    parser.add_argument("--cameras", type=int, help="이 대수만 (기록하지 않음)")
    options = parser.parse_args()
    sizes = (options.cameras,) if options.cameras else QUICK_SIZES if options.quick else SIZES
    figures = {}
    for cameras in sizes:
        found = measure(cameras)
        if found is None:
            print("PostgreSQL이 없어 재지 않았습니다.")
            return 0
        figures[cameras] = found
    rows = [row for cameras, found in figures.items() for row in table_rows(cameras, found)]
    rows += linearity(figures)
    if options.quick or options.cameras:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            record(
                "조례 점검 (PostgreSQL)",
                rows,
                "점검 자체의 시간이며, 괄호 안은 프로세스 시작까지 넣은 명령 전체입니다. 규칙 17개. "
                f"가장 큰 프로세스의 기억장치 {memory:.0f} MiB.",
            )
        )
    return 1 if any(row.is_met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
