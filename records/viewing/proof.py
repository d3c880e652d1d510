"""What the records say about footage that is not there: destroyed when and under which line of the ledger, or not seen.

A draft for the officer who answers "영상 없음"; nothing is claimed that no record shows.
"""

from django.utils import timezone

from footage import manifests
from footage.manifests import DestroyedFile
from records.models import RequestedCamera, ViewingRequest


def draft(request: ViewingRequest) -> str:
    """A line per camera."""
    lines = request.cameras.select_related("camera").order_by("pk")
    return "\n".join(_line(request, line) for line in lines)


def _line(request: ViewingRequest, line: RequestedCamera) -> str:
    gone = list(manifests.destroyed(line.camera, request.from_at, request.until_at))
    number = line.camera.number
    if gone:
        return f"{number}: {_destruction(gone)}"
    if line.is_checked:
        return f"{number}: 이 구간의 파일을 파기한 기록이 없습니다. 남아 있는 영상을 확인하십시오."
    if line.secured_at:
        return f"{number}: 녹화기에서 확인한 결과: {line.secured_note}"
    return f"{number}: 이 구간은 이 시스템의 저장소에서 확인되지 않았습니다. 녹화기를 확인하여 적으십시오."


def _destruction(gone: list[DestroyedFile]) -> str:
    first, last = min(file.destroyed_at for file in gone), max(file.destroyed_at for file in gone)
    span = f"{timezone.localtime(first):%Y-%m-%d}"
    if timezone.localdate(first) != timezone.localdate(last):
        span += f" ~ {timezone.localtime(last):%Y-%m-%d}"
    entries = sorted({file.ledger_entry for file in gone if file.ledger_entry is not None})
    shown = ", ".join(str(entry) for entry in entries[:3]) + (" 등" if len(entries) > 3 else "")
    ledger = f" (원장 {shown})" if entries else ""
    return f"이 구간의 파일 {len(gone):,}개를 {span}에 파기했습니다{ledger}."
