"""Whether the system does its work: database, broker, worker and scheduler, storages, sweeps, seals, room on the disk.

Each check says in one sentence what is wrong, or nothing. A web process that is ready serves people; a system that is not
ready may still do so, but somebody has to look: footage is not destroyed, or the ledger is not sealed.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu import Connection

from accounts import resealing
from accounts.longrun import RunState
from config.keys import KeyLost
from footage.models import Storage, Sweep
from ledger import continuity, witness
from ledger import keys as ledger_keys
from ledger.errors import LedgerError
from ledger.models import Entry, SignedHead
from portal import worker

# Sweeps and seals come every minute; a long sweep of a full disk takes its time.
SWEPT_WITHIN = timedelta(minutes=15)
SEALED_WITHIN = timedelta(minutes=10)
BROKER_PATIENCE_SECONDS = 2
LEAST_FREE_BYTES = 500 * 1024 * 1024
LEAST_FREE_SHARE = 0.02


def problems() -> dict[str, str]:
    """What is wrong, by the name of its check; without a database nothing else can be asked."""
    if trouble := _database():
        return {"database": trouble}
    return {name: trouble for name, check in CHECKS.items() if (trouble := check())}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"데이터베이스에 연결할 수 없습니다 ({type(error).__name__})"
    return ""


def _broker() -> str:
    if settings.BROKER_URL.startswith("filesystem"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        return "" if folder.is_dir() else "대기열 폴더가 없습니다"
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
    except Exception as error:
        # Each transport raises its own.
        return f"브로커에 연결할 수 없습니다 ({type(error).__name__})"
    return ""


def _worker() -> str:
    sign = worker.last_sign()
    if worker.is_alive():
        return ""
    return (
        f"작업자나 일정 관리자의 신호가 없습니다 (마지막 {sign:%Y-%m-%d %H:%M} UTC)"
        if sign
        else "작업자의 신호가 아직 없습니다"
    )


def _storages() -> str:
    absent = Storage.objects.filter(absent_since__isnull=False).count()
    return f"연결이 끊긴 저장소 {absent}개" if absent else ""


def _sweep() -> str:
    """Only where there is something to sweep; a storage of this minute has not been asked yet."""
    since = timezone.now() - SWEPT_WITHIN
    if not Storage.objects.filter(created_at__lt=since).exists():
        return ""
    sweeps = Sweep.objects.filter(is_dry_run=False)
    if sweeps.filter(state=RunState.SUCCEEDED, finished_at__gte=since).exists():
        return ""
    if sweeps.filter(state=RunState.RUNNING, heartbeat_at__gte=since).exists():
        return ""
    return f"{SWEPT_WITHIN.seconds // 60}분 안에 정상으로 끝난 파기가 없습니다"


def _seal() -> str:
    """Entries that wait longer for their seal than a sealer that runs every minute would leave them."""
    size = SignedHead.objects.order_by("-size").values_list("size", flat=True).first() or 0
    waiting = Entry.objects.filter(sequence__gt=size, at__lt=timezone.now() - SEALED_WITHIN).exists()
    return f"{SEALED_WITHIN.seconds // 60}분 넘게 봉인되지 않은 원장 기록이 있습니다" if waiting else ""


def _restore() -> str:
    """Nothing is destroyed or sealed until a person has confirmed it: said at once, not when a seal is missing."""
    try:
        missing = continuity.lost()
    except LedgerError as error:
        return str(error)
    return continuity.in_words(missing) if missing else ""


def _disk() -> str:
    try:
        total, _, free = shutil.disk_usage(settings.DATA_DIR)
        # A disk that the kernel made read-only after an error looks as free as before.
        with tempfile.TemporaryFile(prefix=".ready-", dir=settings.DATA_DIR) as probe:
            probe.write(b"1")
            probe.flush()
    except OSError as error:
        return f"자료 폴더를 쓸 수 없습니다 ({error.strerror})"
    if free >= min(LEAST_FREE_BYTES, total * LEAST_FREE_SHARE):
        return ""
    return f"자료 폴더의 디스크에 {free // 1024 // 1024:,}MB만 남았습니다"


def _keys() -> str:
    """Lost or foreign keys show when somebody needs a name; here they show at once."""
    try:
        misfit = ledger_keys.misfit()
        locked = resealing.locked_column()
    except (KeyLost, LedgerError) as error:
        return str(error)
    return misfit or (f"이 기계의 열쇠로 풀리지 않는 개인정보가 있습니다 ({locked})" if locked else "")


CHECKS: dict[str, Callable[[], str]] = {
    "broker": _broker,
    "worker": _worker,
    "storages": _storages,
    "sweep": _sweep,
    "seal": _seal,
    "restore": _restore,
    "witness": witness.trouble,
    "disk": _disk,
    "keys": _keys,
}
