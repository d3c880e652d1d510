"""Imports of the portal: a rehearsal of an uploaded file, and the one import that a person makes of it."""

import json
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.crypto import get_random_string

from accounts.longrun import RunState
from accounts.models import Officer
from cameras import tasks
from cameras.models import ImportRun
from casework.refusals import Refusal, refuse_if
from ledger.models import Entry


def rehearse(upload: IO[Any], *, name: str, suffix: str, by: Officer) -> ImportRun:
    """Errors are left out in the rehearsal, so that it tells what the right rows would do."""
    run = ImportRun(file_name=name, is_dry_run=True, skip_invalid=True, requested_by=by)
    with transaction.atomic():
        # The stored name is ours: an uploaded name is shown, never used as a path.
        run.file.save(f"{get_random_string(20)}{suffix}", File(upload), save=False)
        run.save()
        tasks.start(run)
    return run


def read_again(
    rehearsal: ImportRun, *, by: Officer, newest_only: bool, retention_if_unknown: int | None
) -> ImportRun:
    """The same file once more, read as the person decided; still nothing is stored."""
    return _start(
        rehearsal,
        by,
        is_dry_run=True,
        skip_invalid=True,
        newest_only=newest_only,
        retention_if_unknown=retention_if_unknown,
    )


def confirm(rehearsal: ImportRun, *, skip_invalid: bool, by: Officer) -> ImportRun:
    """What the rehearsal showed, this time for real, and once: of two confirmations the second is refused."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=rehearsal.pk)
        refuse_if(_why_not(held, skip_invalid))
        return _start(
            held,
            by,
            is_dry_run=False,
            skip_invalid=skip_invalid,
            newest_only=held.newest_only,
            retention_if_unknown=held.retention_if_unknown,
        )


def made_of(rehearsal: ImportRun) -> ImportRun | None:
    """The import that a person made of it; one that ended without storing anything was none."""
    later = ImportRun.objects.filter(file=rehearsal.file.name, pk__gt=rehearsal.pk, is_dry_run=False)
    return next((run for run in later.order_by("pk") if not run.came_to_nothing), None)


def rehearsal_of(run: ImportRun) -> ImportRun | None:
    """The rehearsal that showed what this import does."""
    earlier = ImportRun.objects.filter(file=run.file.name, pk__lt=run.pk, is_dry_run=True)
    return None if run.is_dry_run else earlier.order_by("pk").last()


def group_of(run: ImportRun) -> str:
    """Under which its changes stand together in the history; empty as long as nothing was stored."""
    sequence = run.result.get("ledger_entry") if run.result and not run.is_dry_run else None
    line = Entry.objects.filter(sequence=sequence).first() if sequence else None
    group = json.loads(line.payload).get("group", "") if line is not None else ""
    return str(UUID(group)) if group else ""


def _why_not(rehearsal: ImportRun, skip_invalid: bool) -> list[Refusal]:
    if not rehearsal.is_dry_run or rehearsal.state != RunState.SUCCEEDED:
        return [Refusal("rehearsal", "끝난 미리보기만 가져올 수 있습니다.")]
    if made_of(rehearsal) is not None:
        return [Refusal("twice", "이 미리보기로 이미 가져오기를 했습니다.")]
    if rehearsal.result.get("rejected") and not skip_invalid:
        text = "오류 행이 있습니다. 오류 행을 빼고 가져오려면 그 칸에 표시하십시오."
        return [Refusal("rejected", text)]
    return []


def _start(rehearsal: ImportRun, by: Officer, **how: Any) -> ImportRun:
    with transaction.atomic():
        run = ImportRun.objects.create(
            file=rehearsal.file.name, file_name=rehearsal.file_name, requested_by=by, **how
        )
        tasks.start(run)
    return run
