"""After a sweep: what it says to people, and what the database remembers of it."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.longrun import RunState
from footage.layouts import instant
from footage.models import CameraClaim, ManifestBlock, Storage, Sweep, UnclaimedFolder
from footage.tree import Findings

EPOCH_DAY = date(1970, 1, 1)
REASONS = {
    "name": "경로 형식과 다른 파일 이름",
    "folder": "경로 형식과 다른 폴더",
    "undecodable": "읽을 수 없는 이름 (제어 문자가 있거나 UTF-8이 아님)",
    "symlink": "심볼릭 링크",
    "implausible": "이름의 시각을 믿을 수 없는 파일 (녹화기의 시계·시간대 확인)",
    "special": "파일도 폴더도 아닌 항목",
    "no_camera": "등록되지 않은 카메라",
    "conflict": "두 카메라가 주장하는 식별자",
    "absent": "저장소 연결 끊김",
    "root": "저장소로 쓸 수 없는 폴더",
    "layout": "쓸 수 없는 경로 형식",
    "unconfirmed": "두 번째 사람의 확인을 기다리는 저장소 (파기하지 않음)",
    "holds_unreadable": "삭제 유예를 읽을 수 없어 파기하지 않음",
    "database": "데이터베이스 사용 불가",
    "being_written": "기록 중인 파일",
    "mtime_contradiction": "경로의 시각과 수정 시각이 하루 넘게 다름",
    "hours_apart": "이름의 시각과 수정 시각이 모두 같은 시간만큼 다른 저장소 (저장소의 시간대 확인)",
    "hard_link": "다른 이름으로도 남아 있는 파일 (하드 링크)",
    "vanished": "파기 전에 사라진 파일·폴더",
    "EACCES": "권한 없음",
    "EPERM": "삭제가 허용되지 않음",
    "EROFS": "읽기 전용 디스크",
    "ENOSPC": "디스크 가득 참",
    "EIO": "디스크 입출력 오류",
    "fsync": "디스크에 확정하지 못한 폴더",
}
KINDS = {"unrecognised": "형식 외", "unclaimed": "미등록", "errors": "오류", "notes": "참고"}


def report(findings: Findings, is_complete: bool) -> dict[str, Any]:
    """Reasons with counts and examples, as stored with the sweep and shown on screens."""
    return {
        "reasons": {kind: dict(reasons) for kind, reasons in findings.reasons.items()},
        "examples": findings.examples,
        "is_complete": is_complete,
    }


def reason_text(reason: str) -> str:
    return REASONS.get(reason, reason)


def lines_of(found: dict[str, Any]) -> list[str]:
    """The report in sentences, for the command line."""
    lines = []
    for kind, reasons in found["reasons"].items():
        for reason, count in reasons.items():
            lines.append(f"{KINDS.get(kind, kind)}: {reason_text(reason)} {count:,}건")
            lines.extend(f"    {path}" for path in found["examples"].get(f"{kind}:{reason}", [])[:5])
    return lines


def error_text(found: dict[str, Any]) -> str:
    reasons = found["reasons"].get("errors", {})
    return ", ".join(f"{reason_text(reason)} {count:,}건" for reason, count in reasons.items())


def add_to_days(blocks: QuerySet[ManifestBlock]) -> None:
    """Destroyed files leave the day's figures of what is there, and are counted as destroyed."""
    sums: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    for storage, outcome in blocks.values_list("storage_id", "outcome").iterator(chunk_size=16):
        for camera, on, files, size, _, _ in outcome["days"]:
            if camera:
                found = sums[storage, camera, on]
                found[0] += files
                found[1] += size
    rows = [
        (storage, camera, EPOCH_DAY + timedelta(days=on), files, size)
        for (storage, camera, on), (files, size) in sums.items()
    ]
    if not rows:
        return
    smaller = "GREATEST" if connection.vendor == "postgresql" else "MAX"
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"""INSERT INTO footage_footageday AS day
                (storage_id, camera_id, "on", segments, bytes, recorded_seconds, gaps, destroyed,
                destroyed_bytes, held, vanished, vanished_held)
                VALUES (%s, %s, %s, 0, 0, 0, 0, %s, %s, 0, 0, 0)
                ON CONFLICT (storage_id, camera_id, "on") DO UPDATE SET
                segments = {smaller}(day.segments - excluded.destroyed, 0),
                bytes = {smaller}(day.bytes - excluded.destroyed_bytes, 0),
                destroyed = day.destroyed + excluded.destroyed,
                destroyed_bytes = day.destroyed_bytes + excluded.destroyed_bytes""",  # noqa: S608 - our own words
            [(storage, camera, adapt(on), files, size) for storage, camera, on, files, size in rows],
        )


def remember_storage(storage: Storage, findings: Findings, is_whole: bool) -> None:
    """How many files are known to be there, for telling an unmounted disk; folders that nobody claims."""
    counts = findings.counts
    errors: dict[str, int] = dict(findings.reasons.get("errors", {}))
    if any(errors.get(reason) for reason in ("absent", "root", "layout")) or storage.confirmed_at is None:
        return
    seen = counts["kept"] + counts["held"] + counts["unclaimed"]
    current = Storage.objects.values_list("files_on_record", flat=True).get(pk=storage.pk)
    there = seen if is_whole else max(current, seen)
    if there != current or storage.seen_at is None or timezone.now() - storage.seen_at > timedelta(hours=1):
        Storage.objects.filter(pk=storage.pk).update(files_on_record=there, seen_at=timezone.now())
    remember_unclaimed(storage, findings, is_whole=is_whole, is_measured=False)


def remember_unclaimed(
    storage: Storage,
    findings: Findings,
    *,
    is_whole: bool,
    is_measured: bool,
    now: datetime | None = None,
) -> None:
    """An item on the officials' home page per folder, until someone decides; gone folders leave the list.

    Only a scan measures sizes (`is_measured`): what a sweep sees of a folder says nothing of its bytes.
    """
    at = now or timezone.now()
    known = {row.key: row for row in UnclaimedFolder.objects.filter(storage=storage)}
    fresh = []
    for key, (files, size, first_us, last_us) in findings.unclaimed.items():
        row = known.pop(key[:300], None)
        span = instant(first_us), instant(last_us)
        measured = size if is_measured else None
        if row is None:
            fresh.append(
                UnclaimedFolder(
                    storage=storage,
                    key=key[:300],
                    files=files,
                    bytes=measured,
                    first_seen_at=at,
                    last_seen_at=at,
                    oldest_at=span[0],
                    newest_at=span[1],
                )
            )
        elif (
            (row.files, row.oldest_at, row.newest_at) != (files, *span)
            or measured not in (None, row.bytes)
            or at - row.last_seen_at > timedelta(hours=1)
        ):
            row.files, row.oldest_at, row.newest_at, row.last_seen_at = files, *span, at
            if measured is not None:
                row.bytes = measured
            row.save(update_fields=["files", "bytes", "oldest_at", "newest_at", "last_seen_at"])
            _reopen(row)
    UnclaimedFolder.objects.bulk_create(fresh, ignore_conflicts=True)
    if is_whole and known:
        UnclaimedFolder.objects.filter(
            pk__in=[row.pk for row in known.values()], decision=UnclaimedFolder.Decision.OPEN
        ).delete()


def _reopen(row: UnclaimedFolder) -> None:
    """Of a folder that was a camera's: its claim was taken away or ended since, so it is undecided again."""
    if row.decision != UnclaimedFolder.Decision.ASSIGNED or row.confirmed_at is None:
        return
    claims = CameraClaim.objects.filter(storage=row.storage_id, key=row.key, camera=row.camera_id)
    # A removed camera's claim has ended and stays (`footage.removal`): what is recorded since is nobody's.
    if not claims.filter(until_at__isnull=True).exists():
        row.decision = UnclaimedFolder.Decision.OPEN
        row.confirmed_at = row.confirmed_by = None
        row.save(update_fields=["decision", "confirmed_at", "confirmed_by"])


def prune_idle(row: Sweep) -> None:
    """A sweep every minute mostly finds nothing: of idle ones that nobody asked for, one per hour stays."""
    hour = row.at.replace(minute=0, second=0, microsecond=0)
    Sweep.objects.filter(
        pk__lt=row.pk,
        at__gte=hour,
        at__lt=hour + timedelta(hours=1),
        state=RunState.SUCCEEDED,
        is_by_clock=True,
        requested_by=None,
        destroyed=0,
        blocks=None,
    ).delete()
