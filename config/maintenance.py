"""Services, and work that must not meet them: a restore or an upgrade.

Every web process, worker and scheduler holds `DATA_DIR/services.lock` shared for as long as it lives; whoever replaces
or migrates the data holds it alone. So neither starts while the other is at work, however it was started (`make run`,
systemd, by hand), and nothing is left over after a kill, since the kernel gives the lock back. `DATA_DIR/alive` would say
the same some minutes late.

Work that was cut off leaves a file that says so: a restore `DATA_DIR/ledger/restoring.json` (`ledger.restores`), an
upgrade the one below. Services do not start over half-restored or half-migrated data.

Machines that share a PostgreSQL database and no DATA_DIR are seen by their connections (`others`).
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, connection

from accounts import encryption, resealing
from config.errors import Unusable
from config.keys import KeyLost
from ledger import keys, restores
from ledger.errors import LedgerError
from ledger.files import write_atomically

LOCK = "services.lock"
UPGRADE = "upgrade-unfinished.json"


def hold(data_dir: Path) -> IO[str]:
    """For a service: keep the result for as long as it runs. Unusable while somebody restores or upgrades."""
    if path := restores.unfinished_file(data_dir):
        raise Unusable(
            f"끝나지 않은 복원이 있습니다({path.name}). restore를 다시 실행하여 마친 뒤 시작하십시오."
        )
    if upgrade := unfinished_upgrade(data_dir):
        raise Unusable(
            f"끝나지 않은 갱신이 있습니다({upgrade.get('step', '')}). upgrade를 다시 실행하거나 restore로 되돌린 뒤 시작하십시오."
        )
    lock = _locked(
        data_dir / LOCK, fcntl.LOCK_SH, "지금 복원이나 갱신을 하고 있습니다. 끝난 뒤에 시작하십시오."
    )
    if stranger := _strange_keys():
        lock.close()
        raise Unusable(stranger)
    return lock


def _strange_keys() -> str:
    """Why a service must not start with the keys that are here: neither the ledger nor any personal data is theirs.

    So it is on a second machine that was given a folder of its own: it would make keys of its own and lock under them what
    no other machine opens. A machine that lost one key starts and says so (`/readyz`).
    """
    try:
        misfit = keys.misfit()
        has_key = (Path(settings.KEY_STORE.folder) / encryption.KEY_NAME).exists()
        if not misfit or (has_key and not resealing.locked_column()):
            return ""
    except (DatabaseError, KeyLost, LedgerError):
        return ""  # each is told where it is met, and the rest goes on
    finally:
        connection.close()  # a worker forks after this
    return (
        f"{misfit} 다른 기계의 DATA_DIR/keys를 그대로 옮긴 뒤 시작하십시오(docs/running.md). 열쇠를 정말 잃었으면 "
        "docs/ledger.md의 '열쇠를 잃었을 때'(Lost key)를 보십시오."
    )


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """For whoever replaces or migrates the data. Unusable while a service runs."""
    with _locked(
        data_dir / LOCK, fcntl.LOCK_EX, "이 자료 폴더로 시스템이 실행 중입니다. 먼저 모두 멈추십시오."
    ):
        if found := others():
            raise Unusable(
                f"데이터베이스에 연결된 다른 프로그램이 {len(found)}개 있습니다. 모든 기계에서 먼저 멈추십시오: {', '.join(found[:5])}"
            )
        yield


def others() -> list[str]:
    """Who else is connected to our PostgreSQL database: name of the program and its address."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(application_name, ''), usename, '?'), coalesce(host(client_addr), 'local') "
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND coalesce(backend_type, 'client backend') = 'client backend'"
        )
        return sorted(f"{name} ({address})" for name, address in cursor.fetchall())


def note_upgrade(data_dir: Path, facts: dict[str, Any]) -> None:
    write_atomically(data_dir / UPGRADE, json.dumps(facts, ensure_ascii=False).encode())


def unfinished_upgrade(data_dir: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((data_dir / UPGRADE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {"step": "알 수 없음"}
    return found if isinstance(found, dict) else {"step": "알 수 없음"}


def forget_upgrade(data_dir: Path) -> None:
    (data_dir / UPGRADE).unlink(missing_ok=True)


def _locked(path: Path, how: int, refusal: str) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a")
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Unusable(refusal) from None
    return lock
