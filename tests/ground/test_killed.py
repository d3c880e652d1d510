"""`make soak`: SIGKILL of the worker in the middle of each long work, with the real processes and the real schedule.

Nothing half-done is stored, the row is taken up again by beat, and what it makes is there once.
"""

import os
import signal
import sqlite3
import sys

import pytest

from tests.ground.processes import ROOT, manage, started, wait_for
from tests.ground.test_run import fetch

pytestmark = pytest.mark.soak
CELERY = (sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config")
WORKER = (
    *CELERY,
    "worker",
    "--concurrency=1",
    "--queues",
    "celery",
    "--loglevel=WARNING",
    "--without-mingle",
)
BEAT = (*CELERY, "beat", "--loglevel=WARNING", "--pidfile=")
DEV = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "PUBLIC_URL": "http://localhost:8000"}
SITES = 3_000
BY = "from accounts.models import Officer; by = Officer.objects.get(username='official'); "
# What is asked for, its table, and what there is of it when it is done, all counted in the database.
WORKS = {
    "import": (
        "from pathlib import Path; from django.core.files.base import ContentFile; "
        "from cameras.models import ImportRun; from cameras import tasks; "
        "run = ImportRun(file_name='a.csv', is_dry_run=False, requested_by=by); "
        "run.file.save('a.csv', ContentFile(Path('{csv}').read_bytes()), save=False); run.save(); "
        "tasks.start(run)",
        "cameras_importrun",
        "SELECT count(*) FROM cameras_site WHERE number LIKE '2026315999%'",
    ),
    "report": (
        "from accounts import queueing; from reports import issue, tasks; "
        "run = issue.request('2026Q3', by=by); queueing.start(tasks.issue, run.pk)",
        "reports_issuedreport",
        "SELECT count(*) FROM reports_issuedreport WHERE sha256 <> ''",
    ),
    "signs": (
        "from accounts import queueing; from cameras.models import Site; from reports import tasks; "
        "from reports.documents import sign_batch; from cameras.enums import SignSize; "
        "run = sign_batch.request(list(Site.objects.values_list('pk', flat=True)[:400]), title='t', "
        "size=SignSize.values[0], by=by); queueing.start(tasks.make_signs, run.pk)",
        "cameras_signbatch",
        "SELECT count(*) FROM cameras_signbatch WHERE sha256 <> ''",
    ),
    "assessment": (
        "from accounts import queueing; from ordinance import tasks; from ordinance.models import Assessment; "
        "from django.utils import timezone; "
        "run = Assessment.objects.create(on=timezone.localdate(), requested_by=by); "
        "queueing.start(tasks.assess, run.pk)",
        "ordinance_assessment",
        "SELECT count(*) FROM ledger_entry WHERE kind = 'ordinance.assessed'",
    ),
}


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """The sample district of `make run`."""
    data = tmp_path_factory.mktemp("district") / "data"
    manage(data, "migrate", "-v", "0", **DEV)
    manage(data, "seed_district", **DEV)
    return data


def asked(data, sql):
    with sqlite3.connect(data / "db.sqlite3", timeout=30) as database:
        return database.execute(sql).fetchone()


@pytest.mark.parametrize("work", WORKS)
def test_the_worker_is_killed_in_the_middle(district, work, tmp_path):
    code, table, made = WORKS[work]
    csv = tmp_path / "a.csv"
    if work == "import":
        write_dataset(district, csv)
    with started(*WORKER, data_dir=district, log=tmp_path / "first.log", **DEV) as worker:
        (before,) = asked(district, made)
        manage(district, "shell", "-c", BY + code.format(csv=csv), **DEV)
        newest = f"SELECT state FROM {table} ORDER BY id DESC LIMIT 1"
        wait_for(lambda: asked(district, newest) == ("running",), 60, "the work to begin")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
    assert asked(district, newest) == ("running",), "killed too late"
    assert asked(district, made) == (before,)
    with sqlite3.connect(district / "db.sqlite3", timeout=30) as database:
        database.execute(f"UPDATE {table} SET heartbeat_at = '2026-01-01' WHERE state = 'running'")
    with (
        started(*WORKER, data_dir=district, log=tmp_path / "second.log", **DEV),
        started(*BEAT, data_dir=district, log=tmp_path / "beat.log", **DEV),
    ):
        wait_for(lambda: asked(district, newest)[0] not in ("running", "waiting"), 300, "the second try")
    assert asked(district, newest) == ("succeeded",), (tmp_path / "second.log").read_text()[-2000:]
    (after,) = asked(district, made)
    assert after - before == (SITES if work == "import" else 1)
    assert manage(district, "verify_ledger", check=False, **DEV).returncode == 0


def write_dataset(data, target):
    """Many rows, from the district's own file with other numbers."""
    (source,) = (data / "sample").glob("*.csv")
    text = source.read_bytes().decode(
        "cp949" if not source.read_bytes().startswith(b"\xef\xbb\xbf") else "utf-8-sig"
    )
    head, first = text.splitlines()[:2]
    number = (
        first.split(",")[head.split(",").index("관리번호")] if "관리번호" in head else first.split(",")[0]
    )
    rows = [first.replace(number, f"2026315999{n:08d}", 1) for n in range(SITES)]
    target.write_text("\r\n".join([head, *rows]) + "\r\n", encoding="utf-8-sig")


def test_the_web_process_is_killed_while_it_answers_and_beat_while_it_sends(district, tmp_path):
    """What a citizen has a receipt of is stored; what has none may be sent again. Beat goes on where it was."""
    from bench._visitors import Visitor
    from tests.ground.processes import free_port

    port = free_port()
    web = (sys.executable, "-m", "config.serve")
    environment = {**DEV, "PORT": str(port), "TRUSTED_PROXY": "127.0.0.1"}
    receipts, number = [], 0
    for _ in range(3):
        with started(*web, data_dir=district, log=tmp_path / "web.log", **environment) as process:
            wait_for(lambda: Visitor(port).get("/healthz").status == 200, 60, "the web process")
            for _ in range(4):
                number += 1
                visitor = Visitor(port, f"203.0.113.{number}")
                receipts += receipt_of(visitor)
            process.kill()
            process.wait(10)
    assert len(receipts) == 12
    stored = asked(district, "SELECT group_concat(receipt_number) FROM records_viewingrequest")[0].split(",")
    assert set(receipts) <= set(stored)
    with started(*BEAT, data_dir=district, log=tmp_path / "beat.log", **DEV) as beat:
        wait_for((district / "queue" / "messages").iterdir, 60, "beat")
        beat.kill()
        beat.wait(10)
    with started(*BEAT, data_dir=district, log=tmp_path / "again.log", **DEV) as again:
        wait_for(lambda: (district / "beat-schedule.json").stat().st_size > 2, 60, "beat again")
        assert again.poll() is None


def receipt_of(visitor):
    from bench.load import file_request

    answer = file_request(visitor, SITE)
    return [answer.receipt] if answer.receipt else []


SITE = "202631500000000001"
__all__ = ["ROOT", "fetch"]
