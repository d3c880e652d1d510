"""The register at the national size: importing the file, and the portal's list with all its cameras.

Baselines of the same run: a bare `csv.reader` pass over the same bytes, and a bare COPY of the same rows and of
the same number of cameras into tables without indexes, keys or history. The list is asked through its address with
Django's test client: views, forms, templates and all.

    python -m bench.register [--quick] [--keep]
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import _national_file
from bench._postgresql import own_database

ROOT = Path(__file__).resolve().parents[1]
QUICK_SITES, QUICK_CAMERAS = 5_000, 13_958
IMPORT_SECONDS = 300
IMPORT_MB = 1_536
PAGE_MS = 300
REPEATS = 5


# ---------------------------------------------------------------- baselines


def csv_pass(path: Path) -> float:
    start = time.perf_counter()
    with io.TextIOWrapper(io.BytesIO(path.read_bytes()), encoding="cp949", newline="") as text:
        for _ in csv.reader(text):
            pass
    return time.perf_counter() - start


def bare_copy(url: str, path: Path, cameras: int) -> float:
    """The rows of the file as text, and a bare line per camera, without anything that makes a register."""
    import psycopg

    columns = ", ".join(f"c{n} text" for n in range(18))
    text = path.read_bytes().decode("cp949").encode()
    line = b"%d\t202630000000000000-1\toperating\tcrime_prevention\t200\t30\t2020-05-01\n"
    start = time.perf_counter()
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE TABLE bench_rows ({columns})")
        with connection.cursor().copy("COPY bench_rows FROM STDIN (FORMAT csv, HEADER)") as copy:
            for at in range(0, len(text), 1 << 20):
                copy.write(text[at : at + (1 << 20)])
        connection.execute(
            "CREATE TABLE bench_cameras (id bigint, number text, state text, purpose text, "
            "pixels int, days int, month date)"
        )
        with connection.cursor().copy("COPY bench_cameras FROM STDIN") as copy:
            for first in range(0, cameras, 10_000):
                copy.write(b"".join(line % n for n in range(first, min(first + 10_000, cameras))))
    seconds = time.perf_counter() - start
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE bench_rows, bench_cameras")
    return seconds


# ---------------------------------------------------------------- in the child: the list


def vary() -> None:
    """Papers, contractors, removals and the like, so that each filter finds some and leaves some."""
    from django.db import connection

    from accounts.models import Department, Institution

    institution = Institution.objects.order_by("pk").first()
    departments = [Department.objects.create(institution=institution, name=f"부서 {n}").pk for n in range(3)]
    contracts = [_contract(n) for n in range(3)]
    statements = [
        f"UPDATE cameras_camera SET installing_department_id = {departments[0]}, link_status = 'linked', "
        f"audio_checked_on = '2026-03-02' WHERE id % 10 = 3",
        _name_for(contracts[0], "id % 10 = 3"),
        _name_for(contracts[1], "id % 1000 = 7"),
        "UPDATE cameras_camera SET state = 'removed', removed_on = '2026-10-01' WHERE id % 400 = 1",
        "UPDATE cameras_camera SET has_ptz = true, lpr_enabled = true WHERE id % 100 = 5",
        "UPDATE cameras_camera SET retention_days = 60, retention_law = '모의법 제1조', retention_document = 'x', retention_approver = 'x', retention_until_on = '2099-12-31' WHERE id % 20000 = 9",
        "UPDATE cameras_camera SET is_sign_exempt = true, device_kind = 'cctv' WHERE id % 5000 = 11",
        "VACUUM (ANALYZE) cameras_camera",
        "VACUUM (ANALYZE) cameras_contractcamera",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _contract(number: int) -> int:
    """A contract in force today, about cameras that are named for it."""
    from datetime import timedelta

    from django.utils import timezone

    from cameras.models import Contractor, EntrustmentContract

    today = timezone.localdate()
    return EntrustmentContract.objects.create(
        number=f"계약-{number}",
        contractor=Contractor.objects.create(name=f"수탁자 {number}"),
        title="유지보수",
        scopes=["maintenance"],
        signed_on=today,
        starts_on=today,
        ends_on=today + timedelta(days=365),
    ).pk


def _name_for(contract: int, condition: str) -> str:
    return (
        "INSERT INTO cameras_contractcamera (contract_id, camera_id, named_on, named_reason, released_reason) "
        f"SELECT {contract}, id, CURRENT_DATE, '', '' FROM cameras_camera WHERE {condition}"
    )


def questions() -> dict[str, dict[str, str]]:
    """Every filter with a frequent and a rare value, searches, and combinations that match nothing."""
    from accounts.models import Department, Institution
    from cameras.enums import CameraState, DatasetPurpose, InstallPurpose, LinkStatus
    from cameras.listing import GAPS
    from cameras.models import Camera, Contractor

    camera = Camera.objects.select_related("site").order_by("-pk")[1000]
    asked: dict[str, dict[str, str]] = {"모두": {}}
    for name, values in {
        "state": [CameraState.OPERATING, CameraState.REMOVED, CameraState.PLANNED],
        "install_purpose": InstallPurpose.values,
        "dataset_purpose": DatasetPurpose.values,
        "missing": list(GAPS),
        "department": ["none", *Department.objects.values_list("pk", flat=True)[:2]],
        "contractor": ["none", *Contractor.objects.order_by("pk").values_list("pk", flat=True)],
        "institution": list(Institution.objects.order_by("pk").values_list("pk", flat=True)[:2]),
        "link_status": LinkStatus.values,
        "device_kind": ["cctv", "network"],
        "retention": ["short", "maximum", "over"],
        "installed_from": ["2025"],
        "installed_until": ["2005"],
        "ptz": ["yes", "no"],
        "lpr": ["yes"],
        "exempt": ["yes", "no"],
    }.items():
        for value in values:
            asked[f"{name}={value}"] = {name: str(value)}
    address = camera.site.road_address
    for label, text in {
        "카메라 번호": camera.number,
        "관리번호": camera.site.number,
        "번호 앞부분": camera.site.number[:11],
        "번호 뒷부분": camera.site.number[-6:],
        "주소 전체": address,
        "도로명": address.split()[2],
        "자치구": address.split()[1],
        "두 글자": address.split()[2][:2],
        "시·도": address.split()[0],
        "없는 주소": "뷁뷁로 12",
    }.items():
        asked[f"찾기: {label}"] = {"q": text}
    asked["찾기와 조건"] = {"q": address.split()[1], "dataset_purpose": "교통단속"}
    asked["아무것도 없음 1"] = {"state": "removed", "retention": "over", "lpr": "yes"}
    asked["아무것도 없음 2"] = {"install_purpose": "crime_prevention", "dataset_purpose": "교통단속"}
    asked["아무것도 없음 3"] = {"q": address.split()[1], "state": "planned"}
    return asked


def measure_list() -> dict[str, Any]:
    import django

    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from accounts.models import Officer

    vary()
    client = Client()
    client.force_login(Officer.objects.get_or_create(username="bench", is_superuser=True)[0])
    address = reverse("cameras:list")
    times: dict[str, list[float]] = {}
    queries: dict[str, int] = {}
    for name, question in questions().items():
        for place, page in (("처음", "1"), ("끝", "999999999")):
            key = f"{name} ({place})"
            with CaptureQueriesContext(connection) as captured:
                client.get(address, {**question, "page": page})
            queries[key] = len(captured)
            for _ in range(REPEATS):
                start = time.perf_counter()
                answer = client.get(address, {**question, "page": page})
                times.setdefault(key, []).append((time.perf_counter() - start) * 1000)
                if answer.status_code != 200:
                    raise RuntimeError(f"{key}: {answer.status_code}")
    return {"times": times, "queries": queries}


# ---------------------------------------------------------------- in the parent


def run(environment: dict[str, str], *arguments: str) -> tuple[float, float, str]:
    """Seconds with process start, peak memory in MB, standard output."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{arguments} ended with {process.returncode}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read()


def measure(url: str, folder: Path, sites: int, cameras: int) -> dict[str, Any]:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "ALLOWED_HOSTS": "testserver",
    }
    path = folder / "national.csv"
    _national_file.write(path, sites, cameras)
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    figures: dict[str, Any] = {"csv": csv_pass(path), "copy": bare_copy(url, path, cameras)}
    figures["import"], figures["import_mb"], out = run(
        environment, "manage.py", "import_cameras", str(path), "--json"
    )
    stored = json.loads(out.splitlines()[-1])
    if (stored["created"], stored["cameras"]) != (sites, cameras):
        raise RuntimeError(f"not imported as made: {stored['created']} rows, {stored['cameras']} cameras")
    figures["again"], figures["again_mb"], _ = run(
        environment, "manage.py", "import_cameras", str(path), "--dry-run"
    )
    figures["export"], _, _ = run(environment, "manage.py", "export_cameras", str(folder / "out.csv"))
    figures |= json.loads(run(environment, "-m", "bench.register", "--measure")[2].splitlines()[-1])
    return figures


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table_rows(figures: dict[str, Any], sites: int, cameras: int) -> list[Any]:
    from bench.table import Row

    is_full = sites == _national_file.SITES
    size = f"{sites:,}곳·{cameras:,}대"
    everything = [time for times in figures["times"].values() for time in times]
    p95 = percentile(everything, 0.95)
    slowest = max(figures["times"], key=lambda key: percentile(figures["times"][key], 0.5))
    slowest_ms = percentile(figures["times"][slowest], 0.5)
    different = sorted(set(figures["queries"].values()))
    return [
        Row(
            f"가져오기 {size} (이력·원장 포함)",
            f"{figures['import']:.0f} s, {figures['import_mb']:.0f} MB",
            f"같은 행의 단순 COPY {figures['copy']:.1f} s",
            figures["import"] / figures["copy"],
            f"{IMPORT_SECONDS} s, {IMPORT_MB:,} MB 미만" if is_full else "-",
            (figures["import"] < IMPORT_SECONDS and figures["import_mb"] < IMPORT_MB) if is_full else None,
        ),
        Row(
            "같은 파일 다시 (미리보기)",
            f"{figures['again']:.0f} s, {figures['again_mb']:.0f} MB",
            f"csv.reader로 한 번 읽기 {figures['csv']:.1f} s",
            figures["again"] / figures["csv"],
        ),
        Row("내보내기", f"{figures['export']:.0f} s"),
        Row(
            f"목록 {len(figures['times'])}가지 × {REPEATS}번 (처음·끝, 조건마다, 번호·주소 찾기)",
            f"95백분위 {p95:.0f} ms, 가운뎃값 {percentile(everything, 0.5):.0f} ms",
            target=f"{PAGE_MS} ms 미만" if is_full else "-",
            is_met=p95 < PAGE_MS if is_full else None,
        ),
        Row("가장 느린 목록 (가운뎃값)", f"{slowest}: {slowest_ms:.0f} ms"),
        Row("목록 한 쪽의 질의 수", ", ".join(map(str, different))),
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--measure", action="store_true", help="(안에서만) 지금 데이터베이스의 목록을 잰다")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_list(), ensure_ascii=False))
        return 0
    from bench.table import record

    sites, cameras = _national_file.SITES, _national_file.CAMERAS
    if options.quick:
        sites, cameras = QUICK_SITES, QUICK_CAMERAS
    with own_database("register") as url, tempfile.TemporaryDirectory() as folder:
        if url is None:
            print("PostgreSQL이 없어 재지 않았습니다.")
            return 0
        figures = measure(url, Path(folder), sites, cameras)
    rows = table_rows(figures, sites, cameras)
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(
            record(
                "카메라 대장 (PostgreSQL)",
                rows,
                "목록은 화면 주소에 실제로 요청하여 잰 시간입니다(화면 만들기 포함).",
            )
        )
    return 1 if any(row.is_met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
