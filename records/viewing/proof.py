"""What the records say about footage that is not there: destroyed when and under which line of the ledger, or not seen.

A draft for the officer who answers "영상 없음"; nothing is claimed that no record shows, and nothing can be answered so
that a record speaks against.
"""

from dataclasses import dataclass, replace

from django.utils import timezone

from footage import manifests, sightings
from footage.manifests import DestroyedFile
from ordinance.periods import written_day
from records.models import RequestedCamera, ViewingRequest


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one camera's part of the request. `is_there` and `is_unknown` never both."""

    number: str
    words: str
    is_there: bool = False
    is_unknown: bool = False
    # How many files of the range were destroyed here, and the lines of the ledger that say so.
    destroyed: int = 0
    entries: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}: {self.words}"


def draft(request: ViewingRequest) -> str:
    """A line per camera of which its sender may be told."""
    lines = request.cameras.standing().told().select_related("camera").order_by("pk")
    return "\n".join(dict.fromkeys(f"{line.told_number}: {record_of(line).words}" for line in lines))


def records(request: ViewingRequest) -> list[Record]:
    return [record_of(line) for line in request.cameras.standing().select_related("camera").order_by("pk")]


def record_of(line: RequestedCamera) -> Record:
    gone = list(manifests.destroyed(line.camera, line.from_at, line.until_at))
    return replace(_record(line, gone), destroyed=len(gone), entries=tuple(_entries(gone)))


def _record(line: RequestedCamera, gone: list[DestroyedFile]) -> Record:
    """What is left is asked before what is gone: one destroyed file says nothing about the others."""
    number, span = line.camera.number, (line.camera, line.from_at, line.until_at)
    told = _destruction(gone) if gone else ""
    left = sightings.files_of_the_days(*span)
    if sightings.is_still_there(*span, seen_after=max((file.destroyed_at for file in gone), default=None)):
        there = (
            f"저장소에는 이 구간이 든 날의 파일 {left:,}개가 남아 있습니다."
            if gone
            else "저장소에서 이 구간의 영상을 확인했고 파기한 기록이 없습니다."
        )
        return Record(number, _joined(told, there), is_there=True)
    if line.secured_at:
        return Record(number, _joined(told, f"녹화기에서 확인한 결과: {line.secured_note}"))
    if left:
        found = f"이 구간이 든 날의 파일 {left:,}개가 저장소에 있습니다. 이 구간의 영상이 있는지 찾아 보고 적으십시오."
        return Record(number, _joined(told, found), is_unknown=True)
    if not line.is_checked:
        rest = "나머지는 이" if gone else "이"
        text = f"{rest} 시스템의 저장소에서 확인되지 않았습니다. 녹화기를 확인하여 적으십시오."
        return Record(number, _joined(told, text), is_unknown=True)
    nothing = "저장소를 확인했으나 이 구간이 든 날에 녹화된 파일이 없고, 파기한 기록도 없습니다."
    return Record(number, told or nothing)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _entries(gone: list[DestroyedFile]) -> list[int]:
    return sorted({file.ledger_entry for file in gone if file.ledger_entry is not None})


def _destruction(gone: list[DestroyedFile]) -> str:
    first, last = min(file.destroyed_at for file in gone), max(file.destroyed_at for file in gone)
    days = sorted({timezone.localdate(first), timezone.localdate(last)})
    span = " ~ ".join(written_day(on) for on in days)
    entries = _entries(gone)
    shown = ", ".join(str(entry) for entry in entries[:3]) + (" 등" if len(entries) > 3 else "")
    ledger = f" (원장 {shown})" if entries else ""
    return f"이 구간의 파일 {len(gone):,}개를 {span}에 파기했습니다{ledger}."
