"""The ledger head that documents print, and all that lets anyone check it: the head's file, the checker, the words."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from accounts.designations import responsible_on
from ledger import heads, verify_bundle
from ledger import seal as sealer
from ledger.canonical import instant_text
from ledger.models import SignedHead
from reports import wording
from reports.pdf import Enclosure

HEAD_NAME, CHECKER_NAME, BUNDLE_NAME = "ledger-head.json", "verify_bundle.py", "ledger.jsonl.gz"


@dataclass(frozen=True)
class PrintedHead:
    """A signed head as a document shows it."""

    size: int
    root: str
    at: str
    # As it was signed, to the microsecond: what a head file says must be this, letter by letter.
    at_signed: str
    key_id: str
    sealed_at: datetime
    file: bytes

    @classmethod
    def of(cls, head: SignedHead) -> "PrintedHead":
        return cls(
            size=head.size,
            root=head.root,
            at=wording.instant(head.at),
            at_signed=instant_text(head.at),
            key_id=head.key_id,
            sealed_at=head.at,
            file=(json.dumps(heads.as_data(head), ensure_ascii=False, indent=1) + "\n").encode(),
        )


def seal() -> PrintedHead:
    """Seal the ledger now and return the head that stands then; raises BrokenLedger when it has been altered."""
    return PrintedHead.of(sealer.seal())


def enclosures(head: PrintedHead) -> list[Enclosure]:
    """What a reader needs beside the bundle: the head that is printed, and the program that checks it."""
    checker = Path(verify_bundle.__file__).read_bytes()
    return [
        Enclosure(HEAD_NAME, "이 문서에 인쇄된 원장 봉인 (서명됨)", head.file, "Supplement"),
        Enclosure(
            CHECKER_NAME, "원장 묶음 검사기 (Python 3.9 이상, 파일 하나, 설치 불필요)", checker, "Supplement"
        ),
    ]


def instructions(head: PrintedHead, file_name: str, entry_kind: str, on: date) -> dict[str, Any]:
    """How to check the head of a document, as its page says it: what is run there is what a test runs."""
    signed = {"size": head.size, "root": head.root, "key_id": head.key_id}
    return {
        "head": head,
        "head_name": HEAD_NAME,
        "checker_name": CHECKER_NAME,
        "bundle_name": BUNDLE_NAME,
        "office": _office(on),
        "detach": f"pdfdetach -saveall {file_name}",
        "export": f".venv/bin/python manage.py export_ledger {BUNDLE_NAME}",
        "check": f"python3 {CHECKER_NAME} {BUNDLE_NAME} --head {HEAD_NAME} --file {file_name}",
        "check_on_server": f".venv/bin/python manage.py verify_ledger --head {HEAD_NAME}",
        "expected": (
            verify_bundle.head_line(signed, True),
            verify_bundle.signature_line(signed, True),
            verify_bundle.file_line(file_name, entry_kind),
        ),
        "unsigned": verify_bundle.signature_line(signed, False),
    }


def _office(on: date) -> str:
    """Who hands the bundle out."""
    department = responsible_on(on)
    if department is None:
        return "전담부서"
    return f"{department.name}({department.phone})" if department.phone else department.name
