"""보관: what should be on the disks and what was found, from the daily proofs and the scans.

Of every camera-day that had to be proved one of four things is true, and each is counted apart: seen and in order,
seen and not in order, nothing to be seen, not looked at. What had to be proved follows from the state in which each
day began, so that a past quarter counts the same whenever it is counted.
"""

import functools
import operator
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pandas as pd
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from cameras.models import Camera
from casework import shares
from footage.models import DailyProof, FootageDay, Storage
from ordinance import parameters
from reports import wording
from reports.figures import operating_days, vanished
from reports.figures.context import Reach, frame, month_label, month_name
from reports.period import SEOUL
from reports.tabulation import (
    NOT_LOOKED_AT,
    NOT_RECORDED,
    Column,
    Figure,
    Kind,
    Row,
    Section,
    Table,
    Value,
    shorten,
    where_known,
)

PROOF_SOURCE = "일일 파기 확인 (카메라별·일자별 한 줄)"
SCAN_SOURCE = "저장소 확인 결과 (일자별 영상)"
Result = DailyProof.Result
CLASSES = {"right": Result.IN_ORDER, "wrong": Result.NOT_IN_ORDER, "unseen": Result.NOT_SEEN}
OVERDUE = "허용된 시각보다 오래된 영상이 있음"


def section(reach: Reach) -> Section:
    proofs = frame(_proofs(reach).order_by(), {"camera_id": "camera", "on": "on", "result": "result"})
    proofs["on"] = pd.to_datetime(proofs["on"])
    spans = operating_days.spans(reach)
    proofs["is_due"] = operating_days.is_within(proofs, spans)
    months = [_month(month, reach, proofs, spans) for month in reach.months]
    return Section(
        code="footage_found",
        title="영상정보의 보관",
        lead=(
            "카메라마다 날마다, 보관기간에 따라 남아 있어도 되는 가장 오래된 영상과 실제로 발견된 가장 오래된 영상을 "
            "대조합니다. 영상을 보고 적정한 것이 확인된 날, 기간이 지난 영상이 있던 날, 볼 영상을 찾지 못한 날, "
            "확인하지 않은 날을 따로 세며, 앞의 하나만 적정입니다."
        ),
        figures=[*_proof_figures(months, proofs, reach), *_looks(reach), *_gone(reach), *_scan_figures()],
        tables=where_known(
            bool(len(proofs)), [_by_month(months, reach), _expected_and_found(reach), _causes(reach)]
        ),
        notes=_notes(),
        source=f"{PROOF_SOURCE}; {SCAN_SOURCE}",
        article=parameters.value("retention_max_days", on=reach.today).citation,
    )


def _proofs(reach: Reach) -> QuerySet[DailyProof]:
    return DailyProof.objects.filter(on__gte=reach.period.from_on, on__lt=reach.finished_until)


# What was found on the disks at the last scan.


def _scan_figures() -> list[Figure]:
    present = FootageDay.objects.filter(segments__gt=0)
    sums = present.aggregate(
        cameras=Count("camera", distinct=True), files=Sum("segments"), size=Sum("bytes"), oldest=Min("on")
    )
    silent = Camera.objects.operating().exclude(pk__in=present.values("camera")).count()
    was_read = Storage.objects.filter(scanned_at__isnull=False).exists()

    def seen(
        code: str, label: str, value: Value, kind: Kind = "count", *, is_shortfall: bool = False
    ) -> Figure:
        """Before any storage was read, nothing is known of what lies there."""
        known = value if was_read else None
        return Figure(code, label, known, kind, is_shortfall=is_shortfall, absent=NOT_LOOKED_AT)

    oldest = Figure(
        "footage_oldest",
        "가장 오래된 영상의 날짜",
        sums["oldest"].isoformat() if sums["oldest"] else None,
        "date",
        absent="영상 없음" if was_read else NOT_LOOKED_AT,
    )
    return [
        seen("footage_cameras", "영상이 발견된 카메라", sums["cameras"] or 0),
        seen("footage_files", "보관 중인 영상 파일", sums["files"] or 0),
        seen("footage_bytes", "보관 중인 영상 용량", sums["size"] or 0, "bytes"),
        oldest,
        seen("footage_silent", "운영 중이나 영상이 발견되지 않은 카메라", silent, is_shortfall=True),
    ]


def _notes() -> list[str]:
    """How far the scans reached, and why the assessment of the same duty counts others."""
    storages = list(Storage.objects.order_by("name"))
    unread = [storage.name for storage in storages if storage.scanned_at is None]
    read = [storage.scanned_at for storage in storages if storage.scanned_at is not None]
    notes = []
    if not storages:
        notes.append("등록된 저장소가 없어 디스크의 영상을 확인하지 않았습니다.")
    if unread:
        notes.append(
            f"아직 확인하지 않은 저장소: {', '.join(unread)}. 그 안의 영상은 위의 수치에 들어 있지 않습니다."
        )
    if read:
        notes.append(f"보관 중인 영상의 수치는 저장소를 확인한 때({wording.instant(min(read))})의 것입니다.")
    notes.append(
        "이 장의 분모는 그날이 시작될 때 운영 중이던 모든 카메라입니다. ‘조례 점검’ 장의 ‘일일 파기 확인’ 의무는 "
        "점검 전날까지의 영상이 남아 있는 카메라만 대상으로 하므로 두 수는 다릅니다."
    )
    return notes


# The four classes.


def _month(month: date, reach: Reach, proofs: pd.DataFrame, spans: pd.DataFrame) -> Row:
    first = pd.Timestamp(month)
    until = first + pd.DateOffset(months=1)
    due = operating_days.days_in(spans, first, until)
    within = proofs[proofs["is_due"] & (proofs["on"] >= first) & (proofs["on"] < until)]
    counts = {name: int((within["result"] == result).sum()) for name, result in CLASSES.items()}
    return _classes(
        month_label(month), month_name(month, reach.finished_until - timedelta(days=1)), due, counts
    )


def _classes(key: str, label: str, due: int, counts: dict[str, int]) -> Row:
    return {
        "key": key,
        "label": label,
        "due": due,
        **counts,
        "missing": due - sum(counts.values()),
        "share": shares.percent(counts["right"], due),
    }


def _total(months: Sequence[Row]) -> Row:
    due = sum(int(row["due"] or 0) for row in months)
    return _classes(
        "total", "계", due, {name: sum(int(row[name] or 0) for row in months) for name in CLASSES}
    )


def _proof_figures(months: Sequence[Row], proofs: pd.DataFrame, reach: Reach) -> list[Figure]:
    total = _total(months)
    is_recorded = bool(total["due"])
    others = proofs[~proofs["is_due"]]

    def counted(code: str, label: str, value: Value, *, is_shortfall: bool = False) -> Figure:
        return Figure(code, label, value if is_recorded else None, is_flow=True, is_shortfall=is_shortfall)

    def other(code: str, label: str, value: Value, *, is_shortfall: bool = False) -> Figure:
        known = value if len(proofs) else None
        return Figure(code, label, known, is_flow=True, is_shortfall=is_shortfall)

    return [
        counted("proofs_due", "해야 할 일일 파기 확인 (카메라 × 날)", total["due"]),
        counted("proofs_right", "영상을 보고 적정으로 확인한 건", total["right"]),
        counted("proofs_wrong", "기간이 지난 영상이 있어 부적정한 건", total["wrong"], is_shortfall=True),
        counted("proofs_unseen", "영상을 볼 수 없어 확인하지 못한 건", total["unseen"], is_shortfall=True),
        counted("proofs_missing", "확인 기록이 없는 건", total["missing"], is_shortfall=True),
        other("proofs_other", "그 밖의 카메라를 확인한 건 (중지·철거 등)", len(others)),
        other(
            "proofs_other_wrong",
            "그 밖의 카메라에 기간이 지난 영상이 있던 건",
            int((others["result"] == Result.NOT_IN_ORDER).sum()),
            is_shortfall=True,
        ),
    ]


def _looks(reach: Reach) -> list[Figure]:
    """When the proofs were made, and which of them were made again with another result."""
    made = _proofs(reach)
    days = made.order_by().values("on").annotate(last=Max("proved_at"))
    after = [
        Q(on=row["on"], proved_at__gte=end) for row in days if row["last"] >= (end := _end_of(row["on"]))
    ]
    late = made.filter(functools.reduce(operator.or_, after)).count() if after else 0
    again = made.exclude(looks=[]).count()
    has_any = made.exists()
    return [
        Figure(code, label, value if has_any else None, is_flow=True)
        for code, label, value in (
            ("proofs_next_day", "확인한 것 가운데 그날이 지나고 다음 날에 확인한 건", late),
            ("proofs_again", "확인한 것 가운데 그날 다시 확인하여 결과가 달라진 건", again),
        )
    ]


def _end_of(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time.min, tzinfo=SEOUL)


def _gone(reach: Reach) -> list[Figure]:
    gone = vanished.of_the_quarter(reach)
    return [
        Figure(
            "footage_vanished", "파기 기록 없이 사라진 영상 파일", gone.files, is_flow=True, is_shortfall=True
        )
    ]


def _by_month(months: Sequence[Row], reach: Reach) -> Table:
    total = _total(months)
    has_any = bool(total["due"])
    last = reach.finished_until - timedelta(days=1)
    return Table(
        code="proofs_by_month",
        title="일일 파기 확인 (카메라 × 날)",
        columns=[
            Column("label", "월"),
            Column("due", "해야 할 확인", "count"),
            Column("right", "확인됨·적정", "count"),
            Column("wrong", "부적정", "count"),
            Column("unseen", "확인 불가", "count"),
            Column("missing", "확인 없음", "count"),
            Column("share", "적정 비율", "percent"),
        ],
        rows=list(months) if has_any else [],
        total=total if has_any else None,
        source=f"{PROOF_SOURCE}; 카메라 상태 변경 이력",
        article="조례 제24조제1항, 표준지침 제41조·제42조제2항",
        note=(
            "해야 할 확인은 그날이 시작될 때(0시) 운영 상태이던 카메라를 상태 변경 이력에서 날마다 센 것입니다"
            f" ({last:%Y-%m-%d}까지). 확인 불가는 영상을 찾지 못했거나 저장소를 읽지 못한 것으로, 적정도 부적정도 아닙니다."
        ),
        empty="이 기간에 운영 중이던 카메라가 없어 확인할 것이 없었습니다.",
    )


def _expected_and_found(reach: Reach) -> Table:
    """Of the newest day that was proved: what may be there at most, and what was there, by the period of that day."""
    proofs = _proofs(reach)
    newest = proofs.aggregate(newest=Max("on"))["newest"]
    made = frame(
        proofs.filter(on=newest).order_by(),
        {
            "retention_days": "days",
            "proved_at": "proved",
            "oldest_allowed_at": "allowed",
            "oldest_found_at": "found",
            "result": "result",
        },
    )
    # Proofs from before the period was noted with them were judged as of the instant at which they were made.
    made["days"] = [
        days if days == days and days is not None else (proved - allowed).days
        for days, proved, allowed in zip(made["days"], made["proved"], made["allowed"], strict=True)
    ]
    rows = [_group(int(group["days"].iloc[0]), group) for _, group in made.groupby("days", sort=True)]
    return Table(
        code="expected_and_found",
        title="기대와 발견" + (f" ({newest:%Y-%m-%d} 확인)" if newest else ""),
        columns=[
            Column("label", "보관일수", width=11),
            Column("cameras", "카메라", "count", 10),
            Column("kept", "영상 있음", "count", 10),
            Column("allowed", "허용되는 가장 오래된 영상", "instant", 23),
            Column("found", "발견된 가장 오래된 영상", "instant", 22, "영상 없음"),
            Column("wrong", "부적정", "count", 12),
            Column("unseen", "확인 불가", "count", 12),
        ],
        rows=rows,
        source=PROOF_SOURCE,
        article="조례 제24조제1항",
        note="발견된 영상이 허용 시각보다 오래되어도 삭제 유예로 보호되는 것이면 부적정이 아닙니다.",
        empty="이 기간에 확인한 기록이 없습니다.",
    )


def _group(days: int, group: pd.DataFrame) -> Row:
    found = [at for at in group["found"] if isinstance(at, datetime) and not pd.isna(at)]
    return {
        "key": str(days),
        "label": f"{days}일",
        "cameras": len(group),
        "kept": len(found),
        "allowed": min(group["allowed"]).isoformat(),
        "found": min(found).isoformat() if found else None,
        "wrong": int((group["result"] == Result.NOT_IN_ORDER).sum()),
        "unseen": int((group["result"] == Result.NOT_SEEN).sum()),
    }


def _causes(reach: Reach) -> Table:
    """One line per cause, however many cameras and days it had; which cameras is in the annex."""
    found = (
        _proofs(reach)
        .filter(~Q(result=Result.IN_ORDER))
        .values("result", "reason", "camera_id")
        .order_by("result", "reason", "camera_id")
        .annotate(days=Count("pk"), first=Min("on"), last=Max("on"))
    )
    proofs = pd.DataFrame.from_records(
        list(found), columns=["result", "reason", "camera_id", "days", "first", "last"]
    )
    # The reason of a wrong one names the file's time, which makes no cause of its own.
    proofs["cause"] = [
        OVERDUE if result == Result.NOT_IN_ORDER else reason or NOT_RECORDED
        for result, reason in zip(proofs["result"], proofs["reason"], strict=True)
    ]
    rows: list[Row] = []
    for _, group in proofs.groupby(["result", "cause"], sort=True):
        result, cause = str(group["result"].iloc[0]), str(group["cause"].iloc[0])
        rows.append(
            {
                "key": f"{result}:{cause}",
                "label": cause,
                "result": str(Result(result).label),
                "cameras": int(group["camera_id"].nunique()),
                "days": int(group["days"].sum()),
                "first": min(group["first"]).isoformat(),
                "last": max(group["last"]).isoformat(),
            }
        )
    rows.sort(
        key=lambda row: (row["result"] != Result.NOT_IN_ORDER.label, -int(row["days"] or 0), str(row["key"]))
    )
    return shorten(
        Table(
            code="proof_causes",
            title="적정으로 확인되지 않은 까닭",
            columns=[
                Column("label", "까닭", width=38),
                Column("result", "구분", width=13),
                Column("cameras", "카메라", "count", 11),
                Column("days", "건수", "count", 12),
                Column("first", "처음", "date", 13),
                Column("last", "마지막", "date", 13),
            ],
            rows=rows,
            source=PROOF_SOURCE,
            article="조례 제24조제1항",
            note="까닭이 같은 것은 한 줄로 적었습니다. 그날 한 번이라도 기간이 지난 영상이 있던 확인은 그 뒤에 파기하거나 유예하였어도 부적정입니다. 카메라별 건수는 부록의 자료에 있습니다.",
            empty="확인한 모든 기록이 적정입니다. 확인한 기록 가운데 적정하지 않거나 확인하지 못한 것이 없습니다.",
        )
    )
