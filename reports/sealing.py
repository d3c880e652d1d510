"""The ledger head that documents print, and all that lets anyone check it: the head's file, the checker, the words.

What is attached to a paper was put there by whoever made the paper: an attached checker proves nothing against them. So
the checker comes from the public site or from an earlier paper, its SHA-256 stands on each paper, on that site and in the
ledger, and the words say what the attached one can show and what it cannot.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.designations import responsible_on
from cameras.signs import contents
from ledger import heads, verify_bundle
from ledger import seal as sealer
from ledger.canonical import instant_text
from ledger.models import SignedHead
from reports import wording
from reports.copies import verify_copy
from reports.inspection import verify_inspection
from reports.pdf import Enclosure

# On the public site: the newest heads, the digests of what was issued, the checker (`website.views.records`).
RECORDS_PATH = "records/"
# There a file is looked at in the browser, which tells its SHA-256 (`website.views.check_file`).
CHECK_PATH = f"{RECORDS_PATH}check/"
HEAD_NAME, CHECKER_NAME, BUNDLE_NAME = "ledger-head.json", "verify_bundle.py", "ledger.jsonl.gz"
INSPECTION_CHECKER_NAME, COPY_CHECKER_NAME = "verify_inspection.py", "verify_copy.py"
_PROGRAMS = {
    CHECKER_NAME: verify_bundle.__file__,
    INSPECTION_CHECKER_NAME: verify_inspection.__file__,
    COPY_CHECKER_NAME: verify_copy.__file__,
}


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


def program(name: str) -> bytes:
    """A stand-alone program that checks what we hand out."""
    return Path(_PROGRAMS[name]).read_bytes()


def digest_of(name: str) -> str:
    return hashlib.sha256(program(name)).hexdigest()


def checker() -> bytes:
    """The one that checks a bundle of the ledger."""
    return program(CHECKER_NAME)


def checker_digest() -> str:
    return digest_of(CHECKER_NAME)


def enclosures(head: PrintedHead) -> list[Enclosure]:
    """What a reader needs beside the bundle: the head that is printed, and the program that checks it."""
    return [
        Enclosure(HEAD_NAME, "이 문서에 인쇄된 원장 봉인 (서명됨)", head.file, "Supplement"),
        Enclosure(
            CHECKER_NAME,
            "원장 묶음 검사기 (Python 3.9 이상, 파일 하나, 설치 불필요). 누리집의 것과 같은지 먼저 대조할 것",
            checker(),
            "Supplement",
        ),
    ]


def digests(attached: Sequence[Enclosure]) -> list[dict[str, str]]:
    """For the ledger's line about a document: each attached file as it is detached, byte by byte."""
    return [{"name": one.name, "sha256": hashlib.sha256(one.content).hexdigest()} for one in attached]


def records_url() -> str:
    """Where the public site tells of the ledger; empty while nobody set an address that others can open."""
    return "" if contents.leads_nowhere() else f"{settings.PUBLIC_URL}/{RECORDS_PATH}"


def figures_url(period: str) -> str:
    """The page of a report's figures for everybody."""
    return f"{settings.PUBLIC_URL}/figures/{period}/" if records_url() else ""


def check_url() -> str:
    """Where anybody drops a paper to see whether it is as it was issued; empty like the other."""
    return f"{settings.PUBLIC_URL}/{CHECK_PATH}" if records_url() else ""


def instructions(head: PrintedHead, file_name: str, entry_kind: str, on: date) -> dict[str, Any]:
    """How to check the head of a document, as its page says it: what is run there is what a test runs."""
    signed = {"size": head.size, "root": head.root, "key_id": head.key_id}
    return {
        "head": head,
        "head_name": HEAD_NAME,
        "checker_name": CHECKER_NAME,
        "bundle_name": BUNDLE_NAME,
        "office": _office(on),
        "records_url": records_url(),
        "checker_url": f"{records_url()}{CHECKER_NAME}" if records_url() else "",
        "checker_digest": checker_digest(),
        "digest": f"sha256sum {CHECKER_NAME}",
        "digest_on_windows": f"certutil -hashfile {CHECKER_NAME} SHA256",
        "detach": f"pdfdetach -savefile {HEAD_NAME} {file_name}",
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
