"""A restore from a backup is an entry of the ledger that a person confirms before anything is destroyed again.

`ledger.continuity` notices an older state where a newer head is known. After the loss of a whole machine none may be, so a
restore says itself that it happened: by a file from before the first byte is replaced until the entry is written, then
by the entry, which every machine of the database sees. Until it is confirmed (`continuity.confirm`: holds made since
were placed again) nothing is sealed and nothing destroyed. Only the newest restore asks: who confirms it has seen the
state that all earlier ones led to.
"""

import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from ledger import files
from ledger.append import record
from ledger.continuity import KnownHead
from ledger.models import Entry

RESTORED = "ledger.restored"
ACTOR = "command:restore"


@dataclass(frozen=True)
class Restore:
    """What came back: when the backup was made, and the ledger's head in it."""

    id: str
    backed_up_at: str
    size: int
    root: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Restore":
        return cls(str(data["id"]), str(data["backed_up_at"]), int(data["size"]), str(data["root"]))

    def as_head(self) -> KnownHead:
        return KnownHead(self.size, self.root, "백업에서 되돌림", self.backed_up_at, restore=self.id)


def begin(backed_up_at: str, size: int, root: str) -> Restore:
    """Before anything is replaced. OSError."""
    restore = Restore(secrets.token_hex(8), backed_up_at, size, root)
    path = _path(Path(settings.DATA_DIR))
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomically(path, json.dumps(restore.__dict__).encode())
    return restore


def enter(restore: Restore, *, operator: str) -> None:
    """The database is the restored one, migrated. The file stays until `end`."""
    with transaction.atomic():
        record(
            RESTORED,
            actor=ACTOR,
            subject=restore.as_head().subject,
            payload={**restore.__dict__, "operator": operator},
        )


def end() -> None:
    """The restore is whole, or was given up before anything was replaced."""
    _path(Path(settings.DATA_DIR)).unlink(missing_ok=True)


def unfinished_file(data_dir: Path) -> Path | None:
    path = _path(data_dir)
    return path if path.exists() else None


def newest() -> KnownHead | None:
    """The last restore, for `continuity`, which asks whether it is confirmed."""
    if path := unfinished_file(Path(settings.DATA_DIR)):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return Restore.of(json.loads(path.read_bytes())).as_head()
        return KnownHead(0, "", "백업에서 되돌림", restore="unreadable")
    entry = Entry.objects.of_kind(RESTORED).order_by("-sequence").first()
    return Restore.of(entry.content).as_head() if entry else None


def _path(data_dir: Path) -> Path:
    return data_dir / "ledger" / "restoring.json"
