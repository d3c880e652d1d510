"""Imports in the worker: a row with progress and cancel, started on commit, safe to run twice."""

import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from celery import shared_task
from django.core.files import File

from accounts import queueing
from accounts.longrun import AlreadyRunning, Cancelled
from cameras.models import ImportRun
from cameras.register import ImportResult, UnusableFile, import_file
from cameras.signs import photo_erasure

# The row shows so many errors; the file of rejected rows holds them all.
ERRORS_IN_ROW = 10_000


def start(run: ImportRun) -> None:
    """Hand a waiting run to the worker, once the row is stored."""
    queueing.start(run_import, run.pk)


@shared_task(name="cameras.run_import")
def run_import(run_id: int) -> None:
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    run_here(run)


@shared_task(name="cameras.resume_imports")
def resume_imports() -> None:
    """An import whose worker died has stored nothing, or what came of it with it: then it is over, else it starts again."""
    for run_id in ImportRun.objects.stale().order_by("pk").values_list("pk", flat=True):
        queueing.start(run_import, run_id)


@shared_task(name="cameras.erase_sign_photos")
def erase_sign_photos() -> int:
    """Photographs of signs whose period is over; how many checks lost theirs."""
    return photo_erasure.erase_due().checks


def run_here(run: ImportRun) -> None:
    """The import in this process; how it went stands in the row afterwards, an unusable file included."""
    with suppress(AlreadyRunning, Cancelled, UnusableFile), run.running():
        if run.is_stored:
            return
        # A local copy: the storage of uploaded files need not be a disk.
        with tempfile.NamedTemporaryFile(suffix=Path(run.file_name).suffix) as copy:
            with run.file.open("rb") as uploaded:
                for chunk in uploaded.chunks():
                    copy.write(chunk)
            copy.flush()
            import_file(
                copy.name,
                dry_run=run.is_dry_run,
                skip_invalid=run.skip_invalid,
                actor=f"officer:{run.requested_by_id}" if run.requested_by_id else "system:import",
                progress=run.beat,
                name=run.file_name,
                newest_only=run.newest_only,
                retention_if_unknown=run.retention_if_unknown,
                keep=partial(_keep, run),
            )


def _keep(run: ImportRun, result: ImportResult) -> None:
    run.digest = result.digest
    run.result = result.as_json(errors=ERRORS_IN_ROW)
    if result.rejected and result.dataset:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rejected.csv"
            result.dataset.write_rejected(path)
            with path.open("rb") as file:
                run.rejected_file.save(f"{Path(run.file_name).stem[:60]}-오류행.csv", File(file), save=False)
    run.save(update_fields=["digest", "result", "rejected_file"])
