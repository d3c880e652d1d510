"""Signed heads as data and as files: what leaves the house."""

import contextlib
import json
from pathlib import Path
from typing import Any

from ledger import files
from ledger.canonical import instant_text
from ledger.errors import LedgerError, UnusableHead
from ledger.keys import trusted_keys
from ledger.models import SignedHead
from ledger.verify_bundle import HEAD_FORMAT, is_signed, parse_head, read_head


def as_data(head: SignedHead) -> dict[str, Any]:
    public = trusted_keys().get(head.key_id)
    return {
        "format": HEAD_FORMAT,
        "size": head.size,
        "root": head.root,
        "at": instant_text(head.at),
        "key_id": head.key_id,
        "signature": head.signature,
        "peaks": head.peaks.split(),
        "public_key": public.hex() if public else "",
    }


def write(path: Path, head: SignedHead) -> None:
    """Write the head for someone to keep. OSError when it cannot be written."""
    text = json.dumps(as_data(head), ensure_ascii=False, indent=1) + "\n"
    files.write_atomically(path, text.encode())


def read(path: str | Path) -> dict[str, Any]:
    """A head kept earlier, or UnusableHead with the reason."""
    try:
        return read_head(str(path))
    except (OSError, ValueError) as error:
        raise UnusableHead(f"봉인 파일을 사용할 수 없습니다: {path} ({_reason(error)})") from error


def ours(data: Any) -> dict[str, Any] | None:
    """A head from JSON data when it bears a signature of ours; a file is no accuser by itself."""
    with contextlib.suppress(ValueError, LedgerError):
        head = parse_head(data)
        key = trusted_keys().get(head["key_id"])
        if key is not None and is_signed(head, key):
            return head
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)):
        return "JSON이 아닙니다"
    return str(error)
