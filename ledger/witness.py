"""The witness (증인): every signed head goes to a folder outside this machine's database, with a proof that it continues
the one before.

The folder is the audit department's (`LEDGER_WITNESS`, docs/ledger.md): best one to which this system may only append.
What was written there cannot be taken back, so a ledger that was altered, cut or rebuilt, with whatever key, does not
continue it any more, and `verify_bundle.py --witness` says so without this system. Nothing leaves the host unless the
setting names a folder.

A log that this ledger does not continue is never written on: the failure is shown, and the audit department decides
(sets the old files aside, after it has seen why).
"""

import contextlib
import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ledger import files, heads, rows
from ledger.canonical import instant_text
from ledger.continuity import KnownHead
from ledger.errors import WitnessContradicts
from ledger.merkle import consistency_proof_onward
from ledger.models import SignedHead
from ledger.verify_bundle import (
    WITNESS_FORMAT,
    encode_leaf,
    is_consistent,
    leaf_hash,
    parse_witness_line,
    sound_peaks,
)

logger = logging.getLogger(__name__)

PATTERN = "ledger-heads-*.jsonl"
# More than the longest line: the last whole one is found within it.
TAIL = 1 << 16


@dataclass(frozen=True)
class Health:
    """What this machine knows of its witness: the last head written, and what went wrong since."""

    size: int = 0
    root: str = ""
    exported_at: str = ""
    failed_at: str = ""
    failure: str = ""


def folder() -> Path | None:
    return Path(settings.LEDGER_WITNESS) if settings.LEDGER_WITNESS else None


def export(to: Path | None = None) -> int:
    """Append every head since the last one written; returns how many. OSError, WitnessContradicts."""
    target = to or folder()
    if target is None:
        return 0
    try:
        written, newest = _append(target)
    except (OSError, WitnessContradicts) as error:
        words = f"{error.strerror}: {target}" if isinstance(error, OSError) else str(error)
        logger.error("the ledger's witness is not served: %s", words)
        _note(Health(**{**asdict(health()), "failed_at": instant_text(timezone.now()), "failure": words}))
        raise
    if newest is not None:
        _note(Health(newest["size"], newest["root"], instant_text(timezone.now())))
    return written


def health() -> Health:
    try:
        found = json.loads(_health_file().read_bytes())
        return Health(**{name: found[name] for name in Health.__annotations__})
    except (OSError, ValueError, KeyError, TypeError):
        return Health()


# Heads are made and written every minute.
WRITTEN_WITHIN = dt.timedelta(minutes=10)


def trouble(now: dt.datetime | None = None) -> str:
    """What is wrong with a witness that is set: nothing written for `WRITTEN_WITHIN`, and why. Empty when nothing is.

    As this machine knows it: it is the machine that writes (`export`).
    """
    first = SignedHead.objects.order_by("size").first() if settings.LEDGER_WITNESS else None
    if first is None:
        return ""
    found = health()
    # Never written: as late as the first head that could have been.
    last = parse_datetime(found.exported_at) if found.exported_at else first.at
    if last is not None and (now or timezone.now()) - last <= WRITTEN_WITHIN:
        return ""
    since = f"{timezone.localtime(last):%Y-%m-%d %H:%M}부터" if last and found.exported_at else "한 번도"
    return f"원장의 봉인을 증인 폴더에 {since} 쓰지 못했습니다. {found.failure}".strip()


def newest_known() -> KnownHead | None:
    """The last head in the witness's folder that is ours. A folder that cannot be reached tells nothing, and the
    export's own failure is the alarm."""
    target = folder()
    if target is None:
        return None
    with contextlib.suppress(OSError):
        for path in reversed(_logs(target)):
            with open(path, "rb") as handle:
                last = heads.ours(_last_head(handle))
            if last is not None:
                return KnownHead(last["size"], last["root"], "증인 기록의 마지막 봉인", last["at"])
    return None


def _append(target: Path) -> tuple[int, dict[str, Any] | None]:
    with _open_log(target) as (handle, last):
        written = 0
        for head in _heads_since(last):
            # One write for a line, so that a reader never sees half of one.
            os.write(handle.fileno(), _line(head, last))
            last, written = heads.as_data(head), written + 1
        if written:
            os.fsync(handle.fileno())
    return written, last


@contextlib.contextmanager
def _open_log(target: Path) -> Iterator[tuple[BinaryIO, dict[str, Any] | None]]:
    """The file of this month, or the last one when the clock has gone back, locked; and the last head of the log."""
    logs = _logs(target)
    path = max([target / f"ledger-heads-{timezone.localdate():%Y-%m}.jsonl", *logs[-1:]])
    # Appending is all that is needed: the folder may refuse anything else (chattr +a).
    with open(path, "ab", buffering=0) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        last = None
        for known in reversed(_logs(target)):
            with open(known, "rb") as written:
                last = _last_head(written)
                if known == path and not _ends_with_line(written):
                    os.write(handle.fileno(), b"\n")  # what a full disk cut off stays a line of its own
            if last is not None:
                break
        yield handle, last


def _logs(target: Path) -> list[Path]:
    return sorted(target.glob(PATTERN))


def _last_head(handle: BinaryIO) -> dict[str, Any] | None:
    handle.seek(max(handle.seek(0, os.SEEK_END) - TAIL, 0))
    for line in reversed(handle.read().splitlines()):
        with contextlib.suppress(ValueError):
            return parse_witness_line(line)[0]
    return None


def _ends_with_line(handle: BinaryIO) -> bool:
    size = handle.seek(0, os.SEEK_END)
    handle.seek(max(size - 1, 0))
    return handle.read() in (b"", b"\n")


def _heads_since(last: dict[str, Any] | None) -> Iterator[SignedHead]:
    """The first line of a log is the newest head: of what was before there is no witness."""
    if last is None:
        newest = SignedHead.objects.latest_head()
        yield from [newest] if newest is not None and newest.size else []
        return
    if not SignedHead.objects.filter(size=last["size"], root=last["root"]).exists():
        raise WitnessContradicts(
            f"증인 기록의 마지막 봉인(크기 {last['size']:,})이 원장에 없습니다. 원장이 예전 상태이거나 바뀌었습니다."
        )
    yield from SignedHead.objects.filter(size__gt=last["size"]).order_by("size").iterator(chunk_size=200)


def _line(head: SignedHead, last: dict[str, Any] | None) -> bytes:
    data = heads.as_data(head)
    proof = [] if last is None else _proof(last, head)
    content = {
        "format": WITNESS_FORMAT,
        "head": {name: value for name, value in data.items() if name != "peaks"},
        "proof": [node.hex() for node in proof],
        "exported_at": instant_text(timezone.now()),
    }
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _proof(last: dict[str, Any], head: SignedHead) -> list[bytes]:
    """Read from the entries as they stand now, and tried before it leaves the house."""
    stored = SignedHead.objects.get(size=last["size"])
    peaks = [bytes.fromhex(peak) for peak in sound_peaks(stored.size, stored.root, stored.peaks.split())]
    leaves: list[bytes] = []
    with rows.stored(after=stored.size, upto=head.size) as batches:
        for batch in batches:
            leaves.extend(leaf_hash(encode_leaf(*fields)) for *fields, _digest in batch)
    old, new = bytes.fromhex(last["root"]), bytes.fromhex(head.root)
    if peaks and len(leaves) == head.size - stored.size:
        proof = consistency_proof_onward(stored.size, peaks, leaves)
        if is_consistent(stored.size, old, head.size, new, proof):
            return proof
    raise WitnessContradicts(
        f"크기 {head.size:,}의 봉인이 증인 기록의 마지막 봉인(크기 {stored.size:,})에서 이어지지 않습니다."
    )


def _health_file() -> Path:
    return Path(settings.DATA_DIR) / "ledger" / "witness.json"


def _note(found: Health) -> None:
    with contextlib.suppress(OSError):
        _health_file().parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(_health_file(), json.dumps(asdict(found), ensure_ascii=False).encode())
