"""Figures of the running system in Prometheus' text format: counts and ages, nothing about a person or a case.

Each is asked of the database when it is read, so that any web process gives the same answer. What was never measured is
left out: an absent figure is not zero.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F, Max, Min, Sum
from django.utils import timezone

from accounts.longrun import RunState
from config import readiness
from footage import proofs
from footage.models import FootageDay, Hold, Storage, Sweep
from ledger.models import SignedHead
from ordinance.models import DueDate, Finding
from portal import worker


@dataclass(frozen=True)
class Figure:
    name: str
    help: str
    value: float
    labels: str = ""


def text() -> str:
    lines, seen = [], set()
    for figure in figures(timezone.now()):
        if figure.name not in seen:
            seen.add(figure.name)
            lines += [f"# HELP {figure.name} {figure.help}", f"# TYPE {figure.name} gauge"]
        lines.append(f"{figure.name}{figure.labels} {round(float(figure.value), 3)!r}")
    return "\n".join(lines) + "\n"


def figures(now: datetime) -> Iterator[Figure]:
    troubles = readiness.problems()
    # What cannot be asked without a database is left out: it was not found to be in order.
    asked = ("database",) if "database" in troubles else ("database", *readiness.CHECKS)
    for check in asked:
        yield Figure(
            "cctv_check_ok",
            "1 while the check of /readyz finds nothing",
            check not in troubles,
            f'{{check="{check}"}}',
        )
    if "database" not in troubles:
        yield from _destruction(now)
        yield from _holds()
        yield from _proofs(now)
        yield from _clocks(now)
        yield from _seals(now)
        yield from _sign(now)
    yield from _queue()
    yield from _room()


def _destruction(now: datetime) -> Iterator[Figure]:
    swept = Sweep.objects.filter(is_dry_run=False, state=RunState.SUCCEEDED)
    recent = swept.filter(finished_at__gte=now - timedelta(days=1))
    latest = recent.aggregate(late=Max("max_lateness_seconds"), files=Sum("destroyed"), errors=Sum("errors"))
    if latest["late"] is not None:
        yield Figure(
            "cctv_destruction_lateness_seconds",
            "Largest lateness of a file destroyed within a day",
            latest["late"],
        )
    if last := swept.aggregate(at=Max("finished_at"))["at"]:
        yield Figure(
            "cctv_last_sweep_age_seconds",
            "Since the last sweep that ended well",
            (now - last).total_seconds(),
        )
        yield Figure("cctv_files_destroyed_day", "Files destroyed within a day", latest["files"] or 0)
        yield Figure("cctv_destruction_errors_day", "Errors of sweeps within a day", latest["errors"] or 0)
    if total := FootageDay.objects.aggregate(bytes=Sum("bytes"))["bytes"]:
        yield Figure("cctv_footage_bytes", "Footage on record", total)
    absent = Storage.objects.filter(absent_since__isnull=False).count()
    yield Figure("cctv_storages_absent", "Storages that cannot be reached", absent)


def _holds() -> Iterator[Figure]:
    span = ExpressionWrapper(F("until_at") - F("from_at"), output_field=DurationField())
    in_force = Hold.objects.filter(released_at__isnull=True)
    hours = in_force.aggregate(all=Sum(span))["all"] or timedelta(0)
    yield Figure("cctv_holds_in_force", "Holds in force", in_force.count())
    yield Figure(
        "cctv_held_hours", "Hours that holds in force keep, camera by camera", hours.total_seconds() / 3600
    )


def _proofs(now: datetime) -> Iterator[Figure]:
    day = timezone.localdate(now) - timedelta(days=1)
    if Storage.objects.filter(created_at__date__lte=day).exists():
        failed = proofs.unproved(day).count()
        yield Figure("cctv_failed_proofs", "Cameras without a good proof for yesterday", failed)


def _clocks(now: datetime) -> Iterator[Figure]:
    running = DueDate.objects.open().filter(due_at__isnull=False)
    yield Figure("cctv_clocks_running", "Due dates that wait for the office", running.count())
    yield Figure("cctv_clocks_overdue", "Due dates that have passed", running.filter(due_at__lte=now).count())
    if next_at := running.filter(due_at__gt=now).aggregate(at=Min("due_at"))["at"]:
        yield Figure("cctv_next_due_seconds", "Until the next due date", (next_at - now).total_seconds())
    yield Figure("cctv_findings_open", "Duties that are not met", Finding.objects.open().count())


def _seals(now: datetime) -> Iterator[Figure]:
    if head := SignedHead.objects.order_by("-size").first():
        yield Figure("cctv_ledger_entries_sealed", "Entries under the last seal", head.size)
        yield Figure("cctv_ledger_seal_age_seconds", "Since the last seal", (now - head.at).total_seconds())


def _sign(now: datetime) -> Iterator[Figure]:
    """How long beat's word takes to the worker."""
    if sign := worker.last_sign():
        yield Figure(
            "cctv_worker_sign_age_seconds",
            "Since a task of beat went through the queue",
            (now - sign).total_seconds(),
        )


def _queue() -> Iterator[Figure]:
    """With the embedded broker, what lies in its folder."""
    if settings.BROKER_URL.startswith("filesystem"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        ages = list(_ages(folder))
        yield Figure("cctv_queue_messages", "Messages that wait", len(ages))
        yield Figure("cctv_queue_age_seconds", "Age of the oldest message", max(ages, default=0))


def _ages(folder: Path) -> Iterator[float]:
    for path in folder.glob("*.msg"):
        with suppress(FileNotFoundError):  # a worker took it meanwhile
            yield time.time() - path.stat().st_mtime


def _room() -> Iterator[Figure]:
    total, _, free = shutil.disk_usage(settings.DATA_DIR)
    yield Figure("cctv_data_disk_bytes", "Size of the disk of DATA_DIR", total)
    yield Figure("cctv_data_disk_free_bytes", "Free on the disk of DATA_DIR", free)
