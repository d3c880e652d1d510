"""What the system made for its own work and nobody needs any more. Every night, after personal data has been erased.

`config.growth` lists what goes, when, and why the rest stays. Nothing here is evidence: what a person decided, what was
destroyed, what was issued has its own rows and its line in the ledger.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import UploadedFile

from accounts.longrun import UNFINISHED
from cameras.models import ImportRun, SignBatch
from casework import nightly
from footage.models import Sweep
from ordinance import parameters
from portal.models import CalendarEvent, LedgerVerification
from records.access_log import keeping

# Sessions of the browser's own day, drafts, leftovers of killed processes.
A_DAY = timedelta(days=1)
LEFTOVERS = ("*.draft", "*.taken", "*.damaged-*")
WORK_RECORD_DAYS = "work_record_days"


def prune(now: datetime | None = None) -> dict[str, int]:
    """How many of each are gone. Running twice removes nothing more; a step that fails stops no other."""
    at = now or timezone.now()
    return nightly.all_of({name: partial(step, at) for name, step in STEPS.items()})


def _work_is_old(at: datetime) -> datetime:
    return at - timedelta(days=int(parameters.value(WORK_RECORD_DAYS).value))


def _sessions(at: datetime) -> int:
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    return int(sessions.objects.filter(expire_date__lt=at).delete()[0])


def _ledger_checks(at: datetime) -> int:
    old = LedgerVerification.objects.filter(finished_at__lt=_work_is_old(at)).exclude(state__in=UNFINISHED)
    return old.delete()[0]


def _rehearsed_sweeps(at: datetime) -> int:
    old = Sweep.objects.filter(is_dry_run=True, finished_at__lt=_work_is_old(at), blocks=None)
    return old.exclude(state__in=UNFINISHED).delete()[0]


def _calendar_events(at: datetime) -> int:
    return CalendarEvent.objects.filter(due_on__lt=timezone.localdate(_work_is_old(at))).delete()[0]


def _imports(at: datetime) -> int:
    """Rehearsals go; a real import keeps its figures and its file's digest, and loses the files."""
    old = ImportRun.objects.filter(finished_at__lt=_work_is_old(at)).exclude(state__in=UNFINISHED)
    gone = 0
    for run in old.exclude(file="", rejected_file="", is_dry_run=False).order_by("pk"):
        is_shared = ImportRun.objects.filter(file=run.file.name).exclude(pk__in=old).exists()
        for file in (run.rejected_file, *(() if is_shared else (run.file,))):
            if file:
                file.storage.delete(str(file.name))
        if run.is_dry_run:
            run.delete()
        else:
            ImportRun.objects.filter(pk=run.pk).update(file="", rejected_file="")
        gone += 1
    return gone


def _sign_batches(at: datetime) -> int:
    """The signs themselves are rows, and can be printed again."""
    old = SignBatch.objects.filter(finished_at__lt=_work_is_old(at)).exclude(file="")
    for batch in old:
        batch.file.storage.delete(str(batch.file.name))
    return old.update(file="")


def _editing(at: datetime) -> int:
    """What Wagtail remembers of open editors and of uploads that nobody finished."""
    limit = at - A_DAY
    gone = EditingSession.objects.filter(last_seen_at__lt=limit).delete()[0]
    gone += FormState.objects.filter(last_updated_at__lt=limit).delete()[0]
    for upload in UploadedFile.objects.all():
        with contextlib.suppress(FileNotFoundError):
            if upload.file.storage.get_modified_time(upload.file.name) >= limit:
                continue
        upload.file.storage.delete(upload.file.name)
        upload.delete()
        gone += 1
    return gone


def _queue(at: datetime) -> int:
    """Leftovers of killed processes, and messages for a worker that has not been there for a day: beat sends anew."""
    if not settings.BROKER_URL.startswith("filesystem"):
        return 0
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    gone = 0
    for path in [
        *_leftovers(Path(options["control_folder"])),
        *Path(options["data_folder_in"]).glob("*.msg"),
    ]:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < at.timestamp() - A_DAY.total_seconds():
                path.unlink()
                gone += 1
    return gone


def _leftovers(folder: Path) -> Iterator[Path]:
    for pattern in LEFTOVERS:
        yield from folder.glob(pattern)


STEPS: dict[str, Callable[[datetime], int]] = {
    "sessions": _sessions,
    "ledger_checks": _ledger_checks,
    "rehearsed_sweeps": _rehearsed_sweeps,
    "calendar_events": _calendar_events,
    "imports": _imports,
    "sign_batches": _sign_batches,
    "editing": _editing,
    "access_log": keeping.thin,
    "queue": _queue,
}
