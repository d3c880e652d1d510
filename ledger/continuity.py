"""Does the ledger still hold what it is known to have held?

A database that was restored from a backup is whole in itself; only what stands outside of it can tell that it is an
older state. What was entered since is missing then: destructions that have happened, and holds that somebody has
a right to. So heads are known from elsewhere:

- the newest head that this machine has seen (`DATA_DIR/ledger/newest-*.json`), remembered by the sealer and the sweep;
- the last heads of retired keys (`ledger.keys`), in the key store;
- the newest head in the witness's folder (`ledger.witness`), when there is one;
- a head that a person took from paper (`enter`);
- the last restore that was made with our own command, which is one whether or not a head is missing (`ledger.restores`).

A known head that is not among the stored ones is *lost*. While one is, nothing is sealed, `verify_ledger` fails and the
sweep destroys nothing (`footage.continuity`), until a person has confirmed it (`confirm`): with the reason, as an entry
of the ledger, after the holds made since were placed again. The entry itself is the confirmation; an even older state
does not hold it and asks again.

The file of this machine is named after the ledger's first entry, as the copy of the leaves is: another ledger in the same
folder is another ledger, not an older one. Whoever restores or removes DATA_DIR together with the database takes that
memory along: then only the witness, paper and bundles know.
"""

import contextlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, transaction

from ledger import files, heads, keys
from ledger.append import record
from ledger.errors import LedgerError, NothingLost
from ledger.models import Entry, SignedHead
from ledger.verify_bundle import EMPTY_ROOT

logger = logging.getLogger(__name__)

CONFIRMED = "ledger.loss_confirmed"
ENTERED = "ledger.head_entered"
MAX_REASON = 300


@dataclass(frozen=True)
class KnownHead:
    size: int
    root: str
    source: str
    at: str = ""
    restore: str = ""  # not a head that is missing, but a restore from this one that nobody has confirmed

    @property
    def subject(self) -> str:
        if self.restore:
            return f"restore:{self.restore}"
        return f"head:{self.size}:{self.root}"


# What else knows heads, and under which name. The witness registers itself.
Source = Callable[[], KnownHead | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def lost() -> list[KnownHead]:
    """Known heads that this ledger should hold and does not, and that nobody has confirmed as lost."""
    return [head for head in dict.fromkeys(_known()) if not _is_stored(head) and not _is_confirmed(head)]


def _known() -> Iterator[KnownHead]:
    remembered = _read()
    if (newest := heads.ours(remembered.get("newest"))) is not None:
        yield KnownHead(newest["size"], newest["root"], "이 서버가 기억하는 마지막 봉인", newest["at"])
    for size, root in remembered.get("entered", []):
        yield KnownHead(size, root, "사람이 적어 넣은 봉인")
    for size, root in keys.limits().values():
        yield KnownHead(size, root, "교체된 키의 마지막 봉인")
    for source in _sources:
        if (head := source()) is not None:
            yield head


def _is_stored(head: KnownHead) -> bool:
    if head.restore:
        return False
    if head.size == 0:
        return head.root == EMPTY_ROOT.hex()
    return SignedHead.objects.filter(size=head.size, root=head.root).exists()


def _is_confirmed(head: KnownHead) -> bool:
    return Entry.objects.of_kind(CONFIRMED).about(head.subject).exists()


def remember(head: SignedHead) -> None:
    """Keep the newest head beside the database. One that is lost and not confirmed is not written over."""
    remembered = _read()
    newest = heads.ours(remembered.get("newest"))
    if newest is not None and newest["size"] >= head.size:
        known = KnownHead(newest["size"], newest["root"], "")
        if _is_stored(known) or not _is_confirmed(known):
            return
    _write({**remembered, "newest": heads.as_data(head)})


def remember_newest() -> None:
    """On a machine that does not seal itself: what the database holds now."""
    # A head that somebody damaged is for `verify_ledger` to tell; it stops no sweep.
    with contextlib.suppress(DataError, ValueError, TypeError, AttributeError):
        if (head := SignedHead.objects.latest_head()) is not None and head.size:
            remember(head)


def remember_after_commit(head: SignedHead) -> None:
    """A head whose transaction is taken back was never one."""
    transaction.on_commit(lambda: remember(head))


def enter(size: int, root: str, *, by: str) -> bool:
    """A head as it is printed in a report. Returns whether the ledger holds it; if not, it counts as lost."""
    if not size > 0 or not re.fullmatch(r"[0-9a-f]{64}", root):
        raise LedgerError("봉인의 크기(1 이상)와 루트(16진수 64자리)를 인쇄된 대로 적어 주십시오.")
    head = KnownHead(size, root, "")
    is_held = _is_stored(head)
    with transaction.atomic():
        if not is_held:
            remembered = _read()
            entered = [
                [size, root],
                *[each for each in remembered.get("entered", []) if each != [size, root]],
            ]
            _write({**remembered, "entered": entered[:20]}, must=True)
        record(ENTERED, actor=by, subject=head.subject, payload={"is_held": is_held})
    return is_held


def confirm(*, by: str, reason: str, operator: str = "") -> list[KnownHead]:
    """A person says: the older state is known, and the holds made since were placed again. One entry per lost head."""
    missing = lost()
    if not missing:
        raise NothingLost("없어진 봉인이 없습니다. 확인할 것이 없습니다.")
    if not reason.strip() or len(reason.strip()) > MAX_REASON:
        raise LedgerError(f"사유를 {MAX_REASON}자까지 적어 주십시오.")
    newest = SignedHead.objects.latest_head()
    with transaction.atomic():
        for head in missing:
            payload: dict[str, Any] = {
                "size": head.size,
                "root": head.root,
                "at": head.at,
                "known_from": head.source,
                "stored_size": newest.size if newest else 0,
                "stored_root": newest.root if newest else EMPTY_ROOT.hex(),
                "reason": reason.strip(),
                "holds_placed_again": True,
            }
            if operator:
                payload["operator"] = operator
            record(CONFIRMED, actor=by, subject=head.subject, payload=payload)
    return missing


def in_words(missing: list[KnownHead]) -> str:
    """Why nothing is sealed or destroyed, for people."""
    lost_heads = [head for head in missing if not head.restore]
    if not lost_heads:
        return (
            "백업에서 되돌린 데이터베이스이고 아직 아무도 확인하지 않았습니다. 백업한 뒤에 건 삭제 유예를 다시 건 다음 "
            "confirm_restore나 포털에서 확인하십시오."
        )
    largest = max(lost_heads, key=lambda head: head.size)
    return (
        f"{largest.source}(크기 {largest.size:,}, 루트 {largest.root[:16]}…)이 원장에 없습니다. "
        "데이터베이스가 예전 상태로 되돌려졌을 수 있습니다. 그 뒤에 건 삭제 유예를 다시 건 다음 confirm_restore나 포털에서 "
        "확인하십시오."
    )


def _path() -> Path | None:
    digest = Entry.objects.filter(sequence=1).values_list("digest", flat=True).first()
    return None if not digest else Path(settings.DATA_DIR) / "ledger" / f"newest-{digest[:16]}.json"


def _read() -> dict[str, Any]:
    path = _path()
    if path is None:
        return {}
    try:
        found = json.loads(path.read_bytes())
        if not isinstance(found, dict) or not isinstance(found.get("entered", []), list):
            raise ValueError("no object")
        for size, root in found.get("entered", []):
            bytes.fromhex(root)
            int(size)
        return found
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, RecursionError) as error:
        logger.warning("%s cannot be read and is set aside: %s", path.name, error)
        with contextlib.suppress(OSError):
            path.rename(path.with_suffix(".damaged"))
        return {}


def _write(content: dict[str, Any], *, must: bool = False) -> None:
    """A full disk must not keep anyone from sealing; what a person entered must not be lost silently."""
    path = _path()
    if path is None:
        if must:
            raise LedgerError("원장이 비어 있어 봉인을 적어 넣을 수 없습니다.")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, json.dumps(content, ensure_ascii=False).encode())
    except OSError as error:
        if must:
            raise
        logger.warning("the newest head is not remembered beside the database: %s", error)
