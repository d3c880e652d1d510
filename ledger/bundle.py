"""The bundle for the stand-alone verifier: entries, heads and public keys in one file, written as a stream.

What stands in the database is exported as it stands there, altered or not: to judge it is the verifier's
business. Format: `ledger.verify_bundle`.
"""

import gzip
import json
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone

from ledger import files, keys, rows, timekeeping
from ledger.canonical import instant_text
from ledger.models import SignedHead
from ledger.verify_bundle import BUNDLE_FORMAT, HEAD_FORMAT

# Entries compress well at any level; higher ones only take longer.
COMPRESSION = 1
HOW_TO_CHECK = (
    "python3 verify_bundle.py 이파일 --head 보관한봉인.json  "
    "(verify_bundle.py: 프로그램 소스의 ledger/verify_bundle.py, 서버 없이 실행됨)"
)


def export(path: str | Path) -> tuple[int, int]:
    """Write the bundle, whole or not at all; returns the numbers of entries and heads."""
    with files.replacing(Path(path)) as raw, _compressed(raw) as handle:
        return _write(handle)


def _compressed(raw: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=COMPRESSION, fileobj=raw, mtime=0)


def _write(handle: gzip.GzipFile) -> tuple[int, int]:
    header = {
        "format": BUNDLE_FORMAT,
        "how_to_check": HOW_TO_CHECK,
        "exported_at": instant_text(timezone.now()),
        "public_keys": [key.hex() for key in keys.trusted_keys().values()],
        "key_limits": {name: list(limit) for name, limit in keys.limits().items()},
        "times": _times(),
        "columns": ["sequence", "at", "kind", "actor", "subject", "payload", "digest"],
    }
    handle.write(_line(header))
    # Up to the latest head of this moment: the entries that follow have all that it covers.
    latest = SignedHead.objects.order_by("-size").values_list("size", flat=True).first()
    pending = (head for head in rows.stored_heads() if latest is not None and head["size"] <= latest)
    head = next(pending, None)
    entries = written = 0
    with rows.stored() as batches:
        for batch in batches:
            lines = []
            for row in batch:
                while head is not None and head["size"] <= entries:
                    lines.append(_head_line(head))
                    head, written = next(pending, None), written + 1
                lines.append(_line(row))
                entries += 1
            handle.write(b"".join(lines))
    while head is not None:
        handle.write(_head_line(head))
        head, written = next(pending, None), written + 1
    handle.write(_line({"end": {"entries": entries, "heads": written}}))
    return entries, written


def _times() -> dict[str, Any] | None:
    """By which rule the entries' times are checked; nothing before the first seal of this version."""
    after = timekeeping.begin_after()
    seconds = timekeeping.tolerance().total_seconds()
    return None if after is None else {"after": after, "tolerance_seconds": seconds}


def _head_line(head: dict[str, Any]) -> bytes:
    data = {name: head[name] for name in ("size", "root", "at", "key_id", "signature")}
    return _line({"head": {"format": HEAD_FORMAT, **data, "peaks": head["peaks"].split()}})


def _line(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:  # text that someone else put into the database
        return json.dumps(value, separators=(",", ":")).encode() + b"\n"
