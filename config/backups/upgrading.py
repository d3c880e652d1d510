"""`upgrade`: the data of an installation brought to the code that is here, with a way back.

What can be refused is refused before anything changes. Then a backup, and from the first migration on a file
(`maintenance.note_upgrade`) that says which step is under way: services do not start until a later run has finished, or a
restore has taken it all back. Each step may be done twice, so whoever has removed the cause of a failure starts again.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import maintenance
from config.backups import databases, making, manifest, restoring
from config.backups.errors import LeftHalfDone, Refused
from ledger import restores, running_as
from ledger.append import record
from ledger.errors import LedgerError
from ledger.verify import verify

UPGRADED = "system.upgraded"
# A migration of SQLite builds a table anew beside the old one.
ROOM = 2


@dataclass
class Upgraded:
    pending: list[str]
    backup: making.Made | None = None
    done: list[str] = field(default_factory=list)
    is_rehearsal: bool = False
    notes: list[str] = field(default_factory=list)


Tell = Callable[[str], None]


def upgrade(
    backup_to: Path | None,
    *,
    keys_to: Path | None = None,
    rehearse: bool = False,
    tell: Tell = lambda words: None,
) -> Upgraded:
    """Without `backup_to` there is no way back but an earlier backup. Refused: nothing changed. LeftHalfDone: some was."""
    data = Path(settings.DATA_DIR)
    with maintenance.alone(data):
        _check_is_ours(data)
        _check_space()
        _check_settings()
        result = Upgraded(restoring.pending_migrations(), is_rehearsal=rehearse)
        left = maintenance.unfinished_upgrade(data)
        if left:
            result.notes.append(f"끝나지 않은 갱신을 이어서 합니다: {left.get('step', '')}")
        if rehearse:
            return result
        if backup_to is not None:
            tell("백업합니다")
            result.backup = making.make(backup_to, keys_to)
            result.notes += result.backup.notes
        facts = {
            "since": timezone.now().isoformat(timespec="seconds"),
            # The way back from a half-migrated state is the backup from before its first migration.
            "backup": (left or {}).get("backup") or (str(result.backup.path) if result.backup else ""),
        }
        for step, work in _steps(result).items():
            tell(step)
            with _half_done(data, facts, step):
                work()
            result.done.append(step)
        maintenance.forget_upgrade(data)
    return result


def _steps(result: Upgraded) -> dict[str, Callable[[], None]]:
    return {
        "데이터베이스를 고칩니다 (migrate)": lambda: _run("migrate", interactive=False),
        "조례 자료를 읽습니다 (load_ordinance)": lambda: _run("load_ordinance"),
        "정적 파일을 모읍니다 (collectstatic)": lambda: _run("collectstatic", interactive=False, clear=True),
        "원장에 적고 검사합니다 (verify_ledger)": lambda: _enter_and_verify(result),
    }


def _run(command: str, **options: Any) -> None:
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)


def _enter_and_verify(result: Upgraded) -> None:
    payload = {
        "version": manifest.product_version(),
        "migrations": result.pending,
        "backup": result.backup.path.name if result.backup else "",
        "operator": running_as.account(),
    }
    with transaction.atomic():
        record(
            UPGRADED,
            actor="command:upgrade",
            subject=f"version:{manifest.product_version()}",
            payload=payload,
        )
    found = verify(in_itself=True)
    if not found.ok:
        raise LedgerError(f"원장에 이상이 있습니다: {found.reason}")


@contextmanager
def _half_done(data: Path, facts: dict[str, str], step: str) -> Iterator[None]:
    maintenance.note_upgrade(data, {**facts, "step": step})
    words = io.StringIO()
    try:
        with redirect_stderr(words):
            yield
    except (CommandError, SystemExit, DatabaseError, OSError, LedgerError, ValueError) as error:
        raise LeftHalfDone(_way_back(step, error, words.getvalue(), facts["backup"])) from error


def _way_back(step: str, error: BaseException, words: str, backup: str) -> str:
    cause = " ".join(filter(None, [str(error), *words.strip().splitlines()[-3:]]))
    back = (
        "되돌리려면 프로그램을 전의 판으로 돌려놓고 실행하십시오: "
        f"manage.py restore --from {backup} --replace-existing-data"
        if backup
        else "이 갱신은 백업 없이 시작했으므로, 되돌리려면 전에 만든 백업이 있어야 합니다."
    )
    return (
        f"갱신이 끝나지 않았습니다. 멈춘 곳: {step}. {cause} 서비스는 시작되지 않습니다. "
        f"원인을 없앤 뒤 upgrade를 다시 실행하면 이어서 합니다. {back}"
    )


# ---------------------------------------------------------------- what is refused


def _check_is_ours(data: Path) -> None:
    if restores.unfinished_file(data):
        raise Refused("끝나지 않은 복원이 있습니다. restore를 먼저 마치십시오.")
    if databases.current().is_empty():
        raise Refused("갱신할 자료가 없습니다. 새 설치는 migrate로 시작합니다.")
    applied: dict[str, list[str]] = {}
    for app, name in MigrationRecorder(connection).applied_migrations():
        applied.setdefault(app, []).append(name)
    if unknown := restoring.unknown_migrations(applied, are_apps_known=True):
        raise Refused(f"데이터베이스가 이 프로그램보다 새것입니다: {', '.join(unknown[:3])}")


def _check_space() -> None:
    """The server of PostgreSQL has a disk of its own, of which nothing is known here."""
    database = databases.current()
    if not isinstance(database, databases.SQLite):
        return
    needed, free = ROOM * database.size(), shutil.disk_usage(database.path.parent).free
    if needed > free:
        raise Refused(
            f"데이터베이스가 있는 디스크에 자리가 모자랍니다. {making.megabytes(needed)}가 필요하고 {making.megabytes(free)}가 남았습니다."
        )


def _check_settings() -> None:
    """What `check --deploy` says, before anything changes, where this is a district's own installation."""
    if settings.SAMPLE_ALLOWED:
        return
    words = io.StringIO()
    try:
        with redirect_stderr(words):
            call_command("check", deploy=True, fail_level="WARNING", stdout=io.StringIO(), stderr=words)
    except (SystemCheckError, SystemExit) as error:
        raise Refused(
            f"설정에 지적이 있습니다(check --deploy). {error} {words.getvalue()}".strip()
        ) from error
