"""보관: what should be on the disks and what was found, from the daily proofs and the scans."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncMonth

from cameras.enums import CameraState
from cameras.models import Camera
from footage.models import DailyProof, FootageDay
from ordinance import parameters
from reports.figures.context import Reach, frame, month_label
from reports.tabulation import Column, Figure, Row, Section, Table, shorten

PROOF_SOURCE = "일일 파기 확인 (카메라별·일자별 한 줄)"
SCAN_SOURCE = "저장소 확인 결과 (일자별 영상)"


def section(reach: Reach) -> Section:
    months = _proof_months(reach)
    return Section(
        code="footage_found",
        title="영상정보의 보관",
        lead=(
            "카메라마다 날마다, 보관기간에 따라 남아 있어도 되는 가장 오래된 영상과 실제로 발견된 "
            "가장 오래된 영상을 대조하였습니다. 확인 기록이 없는 날은 적정하지 않은 것으로 봅니다."
        ),
        figures=[*_proof_figures(months), *_scan_figures(reach)],
        tables=[_by_month(months, reach), _expected_and_found(reach), _failed(reach)],
        source=f"{PROOF_SOURCE}; {SCAN_SOURCE}",
        article=parameters.value("retention_max_days", on=reach.today).citation,
    )


def _scan_figures(reach: Reach) -> list[Figure]:
    present = FootageDay.objects.filter(segments__gt=0)
    sums = present.aggregate(
        cameras=Count("camera", distinct=True), files=Sum("segments"), size=Sum("bytes"), oldest=Min("on")
    )
    operating = Camera.objects.operating()
    silent = operating.exclude(pk__in=present.values("camera")).count()
    return [
        Figure("footage_cameras", "영상이 발견된 카메라 (발행 시점)", sums["cameras"] or 0),
        Figure("footage_files", "보관 중인 영상 파일 (발행 시점)", sums["files"] or 0),
        Figure("footage_bytes", "보관 중인 영상 용량 (발행 시점)", sums["size"] or 0, "bytes"),
        Figure(
            "footage_oldest",
            "가장 오래된 영상의 날짜 (발행 시점)",
            sums["oldest"].isoformat() if sums["oldest"] else None,
            "date",
        ),
        Figure(
            "footage_silent", "운영 중이나 영상이 발견되지 않은 카메라 (발행 시점)", silent, is_shortfall=True
        ),
    ]


def _proof_months(reach: Reach) -> dict[str, Row]:
    """Per month: proofs that should exist, that exist, that are in order, that failed, that are missing."""
    proofs = (
        DailyProof.objects.filter(on__gte=reach.period.from_on, on__lte=reach.last_on)
        .annotate(month=TruncMonth("on"))
        .values("month")
        .order_by("month")
        .annotate(done=Count("pk"), right=Count("pk", filter=Q(is_ok=True)))
    )
    done = {month_label(item["month"]): (int(item["done"]), int(item["right"])) for item in proofs}
    due = _due_proofs(reach)
    rows: dict[str, Row] = {}
    for month in reach.period.months:
        label = month_label(month)
        made, right = done.get(label, (0, 0))
        expected = max(due.get(label, 0), made)
        rows[label] = {
            "key": label,
            "label": label,
            "due": expected,
            "done": made,
            "right": right,
            "wrong": made - right,
            "missing": expected - made,
            "share": round(100 * right / expected, 1) if expected else None,
        }
    return rows


def _due_proofs(reach: Reach) -> dict[str, int]:
    """How many proofs each month should have: one for each camera on each finished day that it was on the register."""
    last = min(reach.period.until_on, reach.today - timedelta(days=1))
    days = pd.date_range(reach.period.from_on, last, freq="D")
    if not len(days):
        return {}
    cameras = _spans()
    entered = np.sort(cameras["entered"].to_numpy(dtype="datetime64[D]"))
    left = np.sort(cameras["left"].dropna().to_numpy(dtype="datetime64[D]"))
    at = days.to_numpy(dtype="datetime64[D]")
    standing = np.searchsorted(entered, at, side="left") - np.searchsorted(left, at, side="right")
    counts = pd.Series(standing, index=days).groupby(days.strftime("%Y-%m")).sum()
    return {str(month): int(count) for month, count in counts.items()}


def _spans() -> pd.DataFrame:
    """When each operating or removed camera came onto the register and left it (Seoul dates)."""
    recorded = Camera.history.order_by().values_list("id").annotate(at=Min("history_date"))
    entered = pd.DataFrame.from_records(list(recorded), columns=["pk", "entered"])
    entered["entered"] = pd.to_datetime(entered["entered"], utc=True).dt.tz_convert("Asia/Seoul").dt.date
    cameras = frame(
        Camera.objects.filter(state__in=(CameraState.OPERATING, CameraState.REMOVED)),
        {"pk": "pk", "state": "state", "removed_on": "left"},
    )
    # A removed camera without a date cannot be said to have stood on any day.
    cameras = cameras[(cameras["state"] != CameraState.REMOVED) | cameras["left"].notna()]
    return cameras.merge(entered, on="pk")


def _proof_figures(months: Mapping[str, Row]) -> list[Figure]:
    def total(column: str) -> int:
        return sum(int(row[column] or 0) for row in months.values())

    return [
        Figure("proofs_due", "해야 할 일일 파기 확인", total("due"), is_flow=True),
        Figure("proofs_right", "적정으로 확인된 건", total("right"), is_flow=True),
        Figure(
            "proofs_wrong", "적정하지 않은 것으로 확인된 건", total("wrong"), is_flow=True, is_shortfall=True
        ),
        Figure("proofs_missing", "확인 기록이 없는 건", total("missing"), is_flow=True, is_shortfall=True),
    ]


def _by_month(months: Mapping[str, Row], reach: Reach) -> Table:
    rows = list(months.values())
    total: Row = {"key": "total", "label": "계"}
    for column in ("due", "done", "right", "wrong", "missing"):
        total[column] = sum(int(row[column] or 0) for row in rows)
    total["share"] = round(100 * int(total["right"] or 0) / int(total["due"]), 1) if total["due"] else None
    has_any = bool(total["due"])
    return Table(
        code="proofs_by_month",
        title="일일 파기 확인 (기대한 확인과 실제 확인)",
        columns=[
            Column("label", "월"),
            Column("due", "해야 할 확인", "count"),
            Column("done", "실제 확인", "count"),
            Column("right", "적정", "count"),
            Column("wrong", "부적정", "count"),
            Column("missing", "확인 없음", "count"),
            Column("share", "적정 비율", "percent"),
        ],
        rows=rows if has_any else [],
        total=total if has_any else None,
        source=PROOF_SOURCE,
        article="조례 제24조제1항, 표준지침 제41조·제42조제2항",
        note=(
            "해야 할 확인 = 그날이 시작될 때 대장에 있던 운영 카메라 수를 날마다 더한 것입니다"
            f" ({min(reach.period.until_on, reach.today - timedelta(days=1)):%Y-%m-%d}까지)."
        ),
        empty="이 기간에 확인할 대상이 없었습니다.",
    )


def _expected_and_found(reach: Reach) -> Table:
    """Of the newest day that was proved: what may be there at most, and what was there, by retention period."""
    proofs = DailyProof.objects.filter(on__gte=reach.period.from_on, on__lte=reach.last_on)
    newest: date | None = proofs.aggregate(newest=Max("on"))["newest"]
    rows: list[Row] = []
    if newest is not None:
        groups = (
            proofs.filter(on=newest)
            .values("camera__retention_days")
            .order_by("camera__retention_days")
            .annotate(
                cameras=Count("pk"),
                right=Count("pk", filter=Q(is_ok=True)),
                kept=Count("pk", filter=Q(oldest_found_at__isnull=False)),
                allowed=Min("oldest_allowed_at"),
                found=Min("oldest_found_at"),
            )
        )
        rows = [
            {
                "key": str(group["camera__retention_days"]),
                "label": f"{group['camera__retention_days']}일",
                "cameras": group["cameras"],
                "kept": group["kept"],
                "allowed": group["allowed"].isoformat(),
                "found": group["found"].isoformat() if group["found"] else None,
                "wrong": group["cameras"] - group["right"],
            }
            for group in groups
        ]
    return Table(
        code="expected_and_found",
        title="기대와 발견" + (f" ({newest:%Y-%m-%d} 확인)" if newest else ""),
        columns=[
            Column("label", "보관일수", width=11),
            Column("cameras", "카메라", "count", 11),
            Column("kept", "영상 있음", "count", 12),
            Column("allowed", "허용되는 가장 오래된 영상", "instant", 27),
            Column("found", "발견된 가장 오래된 영상", "instant", 27),
            Column("wrong", "부적정", "count", 12),
        ],
        rows=rows,
        source=PROOF_SOURCE,
        article="조례 제24조제1항",
        note="발견된 영상이 허용 시각보다 오래되어도 삭제 유예로 보호되는 것이면 적정입니다.",
        empty="이 기간에 확인한 기록이 없습니다.",
    )


def _failed(reach: Reach) -> Table:
    failed = DailyProof.objects.filter(
        on__gte=reach.period.from_on, on__lte=reach.last_on, is_ok=False
    ).order_by("on")
    proofs = frame(
        failed,
        {
            "camera__number": "camera",
            "on": "on",
            "oldest_found_at": "found",
            "oldest_allowed_at": "allowed",
            "reason": "reason",
        },
    )
    rows: list[Row] = []
    for camera, days in proofs.groupby("camera", sort=True):
        last = days.iloc[-1]
        rows.append(
            {
                "key": str(camera),
                "camera": str(camera),
                "days": len(days),
                "last": last["on"].isoformat(),
                "reason": last["reason"] or None,
            }
        )
    rows.sort(key=lambda row: (-int(row["days"] or 0), str(row["camera"])))
    return shorten(
        Table(
            code="proofs_failed",
            title="적정하지 않은 것으로 확인된 카메라",
            columns=[
                Column("camera", "카메라 번호", "mono", 32),
                Column("days", "일수", "count", 10),
                Column("last", "최근 확인일", "date", 16),
                Column("reason", "사유 (최근)", width=42),
            ],
            rows=rows,
            source=PROOF_SOURCE,
            article="조례 제24조제1항",
            empty="적정하지 않은 것으로 확인된 카메라가 없습니다.",
        )
    )
