"""Is what is kept still what was kept? Trusts neither rows nor files alone.

A file is read chunk by chunk against its row; the rows of each batch are counted again against the line of the ledger that was
written with them. So a changed, cut, swapped or missing file shows, and so does a row that was changed or taken away.
"""

import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from footage.errors import UnusableInput
from footage.models import VaultCase, VaultFile
from footage.vault import case_keys, folders
from footage.vault.case_keys import CaseKeyUnavailable
from footage.vault.containers import Container, Damaged
from footage.vault.intake import KEPT, digest_of
from ledger.checks import Fault
from ledger.models import Entry

logger = logging.getLogger(__name__)

# All within thirty days: what was not looked at for so long is looked at in the next night.
CHECKED_WITHIN = timedelta(days=25)
NIGHT = timedelta(hours=4)
# Lines of the ledger whose rows are read in one query: up to a hundred files each.
LINES_AT_ONCE = 20
UNLISTED, ROWS, ABSENT = "unlisted", "rows", "absent"
REASONS = {
    UNLISTED: "기록에 없는 파일",
    ROWS: "기록한 내용이 원장과 다름",
    ABSENT: "보관함의 디스크가 연결되지 않음",
    **dict(VaultFile.Problem.choices),
}


@dataclass(frozen=True)
class Bad:
    case: str
    file: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"case": self.case, "file": self.file, "reason": self.reason}


@dataclass
class Verified:
    """The figures of `verify_vault`: files and bytes of content that were looked at."""

    files: int = 0
    bytes: int = 0
    bad: list[Bad] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.bad

    def as_json(self) -> dict[str, Any]:
        return {"files": self.files, "bytes": self.bytes, "bad": [one.as_json() for one in self.bad]}


def reason_text(code: str) -> str:
    return str(REASONS.get(code, code))


def verify(reference: str | None = None) -> Verified:
    """Every kept file of a case, or of all, and what else lies there."""
    cases = VaultCase.objects.filter(destroyed_at=None)
    if reference is not None:
        if not VaultCase.objects.filter(reference=reference).exists():
            raise UnusableInput(f"보관함에 없는 사건입니다: {reference}")
        cases = cases.filter(reference=reference)
    result = Verified()
    if folders.absence():
        # Not looked at, which is not the same as missing.
        result.bad.append(Bad("", str(folders.top()), ABSENT))
        return result
    for case in cases:
        _verify_case(case, result)
    for wrong in faults_of_rows(reference):
        if wrong is not None:
            result.bad.append(wrong)
    return result


def check_oldest(now: datetime | None = None) -> Verified:
    """The nightly part: what was looked at the longest ago first, for so many hours at the most."""
    started = timezone.now()
    before = (now or started) - CHECKED_WITHIN
    result = Verified()
    if absent := folders.absence():
        logger.error("증거 보관함을 점검하지 못했습니다: %s", absent)
        return result
    for file in _one_by_one(_kept().filter(checked_at__lt=before).order_by("checked_at")):
        _verify_file(file, result)
        if timezone.now() - started > NIGHT:
            break
    return result


def check_rows() -> Iterator[Fault | None]:
    """For `verify_ledger`: the rows of each batch against its line. No file is opened."""
    for wrong in faults_of_rows():
        yield None if wrong is None else Fault(f"증거 보관함의 묶음 {wrong.file}의 내용이 원장과 다릅니다.")


def faults_of_rows(reference: str | None = None) -> Iterator[Bad | None]:
    """One for each line of the ledger: nothing where its batch is as it says."""
    entries = Entry.objects.of_kind(KEPT).order_by("sequence").values_list("payload", flat=True)
    said = (Entry(payload=payload).content for payload in entries.iterator(chunk_size=500))
    mine = (one for one in said if reference in (None, one["case"]))
    while lines := list(islice(mine, LINES_AT_ONCE)):
        files: dict[str, list[VaultFile]] = defaultdict(list)
        for file in VaultFile.objects.filter(batch__in=[line["batch"] for line in lines]):
            files[file.batch].append(file)
        for line in lines:
            found = files[line["batch"]]
            is_same = len(found) == line["files"] and digest_of(found) == line["digest"]
            yield None if is_same else Bad(line["case"], line["batch"], ROWS)


def _kept() -> QuerySet[VaultFile]:
    return VaultFile.objects.filter(removed_at=None, case__destroyed_at=None).select_related("case")


def _one_by_one(files: QuerySet[VaultFile]) -> Iterator[VaultFile]:
    """No read stays open while what was found is written: SQLite would refuse it (`config.open_reads`)."""
    for key in list(files.values_list("pk", flat=True)):
        yield from files.filter(pk=key)


def _verify_case(case: VaultCase, result: Verified) -> None:
    for file in _one_by_one(_kept().filter(case=case)):
        _verify_file(file, result)
    listed = {one.hex for one in VaultFile.objects.filter(case=case).values_list("file_id", flat=True)}
    for name in sorted(folders.names_in(case) - listed):
        result.bad.append(Bad(case.reference, name, UNLISTED))


def _verify_file(file: VaultFile, result: Verified) -> None:
    problem = _problem_of(file)
    VaultFile.objects.filter(pk=file.pk, removed_at=None).update(problem=problem, checked_at=timezone.now())
    result.files += 1
    result.bytes += file.bytes
    if problem and VaultFile.objects.filter(pk=file.pk, removed_at=None).exists():
        result.bad.append(Bad(file.case.reference, file.path, problem))


def _problem_of(file: VaultFile) -> str:
    """The code of what is wrong with a kept file, or nothing."""
    Problem = VaultFile.Problem
    folders.settle(file)
    try:
        with folders.path_of(file).open("rb") as handle:
            os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
            kept = Container(handle, case_key=case_keys.of(file.case), file_id=file.file_id.bytes)
            is_same = kept.length == file.bytes and kept.sha256() == file.sha256
            return "" if is_same else Problem.CHANGED
    except CaseKeyUnavailable:
        return Problem.NO_KEY
    except Damaged as damaged:
        return Problem(damaged.args[0])
    except FileNotFoundError:
        return Problem.MISSING
    except OSError:
        return Problem.UNREADABLE
