"""미등록·형식 외 영상: what lies on the disks without belonging to a camera or without a readable name."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum

from accounts.longrun import RunState
from footage.models import Scan, Storage, Sweep, UnclaimedFolder
from footage.outcomes import reason_text
from reports.figures.context import Reach
from reports.tabulation import NOT_LOOKED_AT, Column, Figure, Row, Section, Table, shorten, where_known

SOURCE = "미등록 폴더 목록, 저장소마다 가장 최근의 확인 또는 파기 실행"
Look = tuple[datetime, str, dict[str, Any], int]


def section(reach: Reach) -> Section:
    open_folders = UnclaimedFolder.objects.filter(decision=UnclaimedFolder.Decision.OPEN)
    sums = open_folders.aggregate(files=Sum("files"), size=Sum("bytes"))
    unmeasured = open_folders.filter(bytes=None).count()
    looks = _newest_looks(reach)
    unrecognised = sum(count for *_, count in looks) if looks else None
    return Section(
        code="strays",
        title="미등록 영상과 형식 외 파일",
        lead=(
            "대장의 어느 카메라에도 속하지 않는 폴더와 이름이 정해진 형식에 맞지 않는 파일은 "
            "자동으로 파기하지 않고 담당자가 결정할 때까지 그대로 두며, 빠짐없이 보고합니다."
        ),
        figures=[
            Figure(
                "unclaimed_open",
                "결정하지 않은 미등록 폴더",
                open_folders.count() if looks else None,
                is_shortfall=True,
                absent=NOT_LOOKED_AT,
            ),
            Figure(
                "unclaimed_files",
                "결정하지 않은 미등록 폴더의 파일",
                sums["files"] or 0 if looks else None,
                absent=NOT_LOOKED_AT,
            ),
            Figure(
                "unclaimed_bytes",
                "결정하지 않은 미등록 폴더의 용량",
                sums["size"] or 0 if looks and not unmeasured else None,
                "bytes",
                absent=NOT_LOOKED_AT,
            ),
            Figure(
                "unrecognised",
                "형식에 맞지 않거나 시각을 믿을 수 없어 손대지 않은 항목",
                unrecognised,
                is_shortfall=True,
                absent=NOT_LOOKED_AT,
            ),
        ],
        tables=where_known(bool(looks), [_folders(), _reasons(looks)], NOT_LOOKED_AT),
        notes=[f"폴더 {unmeasured:,}개의 용량은 아직 재지 않았습니다. 저장소 전체를 확인할 때 잽니다."]
        if unmeasured
        else [],
        source=SOURCE,
        article="조례 제24조제1항, 법 제29조",
    )


def _newest_looks(reach: Reach) -> list[Look]:
    """Per storage the newest scan or sweep that looked at it; a look at all storages counts once."""
    found: dict[str, Look] = {}
    for storage in Storage.objects.order_by("pk"):
        candidates = [look for look in (_newest_sweep(storage, reach), _newest_scan(storage, reach)) if look]
        if candidates:
            newest = max(candidates, key=lambda look: look[0])
            found[newest[1]] = newest
    return list(found.values())


def _newest_sweep(storage: Storage, reach: Reach) -> Look | None:
    sweep = (
        Sweep.objects.filter(Q(storage=storage) | Q(storage=None), is_dry_run=False, is_refused=False)
        .filter(finished_at__lte=reach.now, state__in=(RunState.SUCCEEDED, RunState.FAILED))
        .order_by("-finished_at", "-pk")
        .first()
    )
    if sweep is None or sweep.finished_at is None:
        return None
    return sweep.finished_at, f"sweep{sweep.pk}", sweep.report, sweep.unrecognised


def _newest_scan(storage: Storage, reach: Reach) -> Look | None:
    scan = (
        Scan.objects.filter(Q(storage=storage) | Q(storage=None), state=RunState.SUCCEEDED)
        .filter(finished_at__lte=reach.now)
        .order_by("-finished_at", "-pk")
        .first()
    )
    if scan is None or scan.finished_at is None:
        return None
    return (
        scan.finished_at,
        f"scan{scan.pk}",
        scan.result.get("report", {}),
        scan.result.get("unrecognised", 0),
    )


def _reasons(looks: list[Look]) -> Table:
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for _, _, report, _ in looks:
        for reason, count in report.get("reasons", {}).get("unrecognised", {}).items():
            counts[reason] += count
            for path in report.get("examples", {}).get(f"unrecognised:{reason}", [])[:1]:
                examples.setdefault(reason, path)
    rows: list[Row] = [
        {"key": reason, "label": reason_text(reason), "count": count, "example": examples.get(reason)}
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Table(
        code="unrecognised_reasons",
        title="형식에 맞지 않는 항목의 까닭",
        columns=[
            Column("label", "까닭", width=34),
            Column("count", "건수", "count", 14),
            Column("example", "보기", "mono", 52),
        ],
        rows=rows,
        source="저장소마다 가장 최근의 확인 또는 파기 실행",
        article="법 제29조",
        empty="형식에 맞지 않는 항목이 보고되지 않았습니다.",
    )


def _folders() -> Table:
    folders = UnclaimedFolder.objects.select_related("storage").order_by("storage__name", "key", "pk")
    rows: list[Row] = [
        {
            "key": f"{folder.storage.name}/{folder.key}",
            "storage": folder.storage.name,
            "folder": folder.key,
            "files": folder.files,
            "bytes": folder.bytes,
            "first_seen_at": folder.first_seen_at.isoformat(),
            "decision": folder.get_decision_display()
            + (" (확인 대기)" if folder.awaits_confirmation else ""),
            "reason": folder.reason or None,
        }
        for folder in folders
    ]
    rows.sort(key=lambda row: row["decision"] != UnclaimedFolder.Decision.OPEN.label)
    return shorten(
        Table(
            code="unclaimed_folders",
            title="미등록 폴더와 처리 결정",
            columns=[
                Column("folder", "폴더 (녹화 식별자)", "mono", 25),
                Column("storage", "저장소", width=15),
                Column("files", "파일", "count", 9),
                Column("bytes", "용량 (최근 확인)", "bytes", 13, NOT_LOOKED_AT),
                Column("first_seen_at", "처음 발견", "instant", 13),
                Column("decision", "결정", width=12),
                Column("reason", "사유", width=13),
            ],
            rows=rows,
            source="미등록 폴더 목록 (발행 시점)",
            article="조례 제24조제1항",
            empty="미등록 폴더가 없습니다.",
        )
    )
