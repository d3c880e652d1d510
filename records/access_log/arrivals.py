"""접속기록이 들어오는 길: a log that is uploaded in the portal, and a folder that is looked into each night.

An upload lies sealed until the worker has read it, and is gone then: its rows are what is kept. A file of the watched folder
stays where it is; the same name, size and time is the same file and is read once, whether it could be used or not.
"""

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import encryption
from accounts.longrun import AlreadyRunning, Cancelled
from accounts.models import Officer
from records.access_log.importing import import_log
from records.models import AccessImport, AccessLogFile
from records.tabular import UnusableFile

PURPOSE = "records_access_log"
SYSTEM = "system:access-log-folder"
# What was changed more recently may still be being written.
SETTLED_AFTER = datetime.timedelta(minutes=10)
LONGEST_NAME = 255


def receive(upload: IO[Any], *, name: str, map_name: str, by: Officer) -> AccessImport:
    """Keep an uploaded log until it is read; the worker reads it."""
    content = upload.read()
    stored_as = get_random_string(24)
    run = AccessImport(name=name, size=len(content), map=map_name, requested_by=by)
    sealed = encryption.seal_bytes(content, purpose=PURPOSE, place=stored_as)
    with transaction.atomic():
        run.file.save(stored_as, ContentFile(sealed), save=False)
        run.save()
    return run


def run_here(run: AccessImport) -> None:
    """The import in this process; how it went stands in the row afterwards, an unusable file included."""
    with suppress(AlreadyRunning, Cancelled, UnusableFile, encryption.Undecryptable), run.running():
        with _opened(run) as path:
            result = import_log(
                path,
                run.map,
                actor=f"officer:{run.requested_by_id}" if run.requested_by_id else SYSTEM,
                name=PurePath(run.name).name,
                progress=run.beat,
            )
        run.result = result.as_json()
        run.log = _log_of(result.digest)
        run.save(update_fields=["result", "log"])
    run.refresh_from_db()
    if run.is_finished and run.file:
        run.file.delete(save=False)
        AccessImport.objects.filter(pk=run.pk).update(file="")


def _log_of(digest: str) -> AccessLogFile | None:
    """The import that brought this file, the first time."""
    return AccessLogFile.objects.filter(sha256=digest, finished_at__isnull=False).order_by("pk").first()


@contextmanager
def _opened(run: AccessImport) -> Iterator[Path]:
    if run.modified_at is not None:
        folder = settings.ACCESS_LOG_FOLDER
        if folder is None:
            raise UnusableFile("접속기록 폴더의 설정이 없어졌습니다.")
        yield Path(folder) / run.name
        return
    with run.file.open("rb") as file:
        stored = file.read()
    content = encryption.unseal_bytes(stored, purpose=PURPOSE, place=PurePath(str(run.file.name)).name)
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, suffix=PurePath(run.name).suffix) as copy:
        copy.write(content)
        copy.flush()
        yield Path(copy.name)


def folder_problem() -> str:
    """Why the watched folder cannot be looked into; empty where it can, or none is set."""
    folder = settings.ACCESS_LOG_FOLDER
    if folder is None or Path(folder).is_dir():
        return ""
    return f"접속기록 폴더가 없거나 열리지 않습니다: {folder}"


def watch() -> list[AccessImport]:
    """Import what is new in the watched folder, file by file; `UnusableFile` where the folder is not there."""
    if reason := folder_problem():
        raise UnusableFile(reason)
    made = [run for folder, path in _settled() if (run := _noted(folder, path)) is not None]
    for run in made:
        run_here(run)
    return made


def _settled() -> Iterator[tuple[Path, Path]]:
    folder = settings.ACCESS_LOG_FOLDER
    if folder is None:
        return
    latest = timezone.now() - SETTLED_AFTER
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.name.startswith("."):
            continue
        if path.stat().st_size and _time_of(path) <= latest:
            yield folder, path


def _time_of(path: Path) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)


def _noted(folder: Path, path: Path) -> AccessImport | None:
    """Its row, where it is new."""
    name = path.relative_to(folder).as_posix()
    if len(name) > LONGEST_NAME:
        return None
    run, is_new = AccessImport.objects.get_or_create(
        name=name,
        size=path.stat().st_size,
        modified_at=_time_of(path),
        defaults={"map": settings.ACCESS_LOG_MAP},
    )
    return run if is_new else None
