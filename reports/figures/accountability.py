"""자동삭제 확인과 기록 원장: who confirmed that deletion works, and what the sealed record holds."""

from datetime import datetime

from django.db.models import Count, Min

from footage.models import DeletionConfirmation
from ledger import kinds
from ledger.models import Entry
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table, shorten, where_known

# A committee reads what there was most of; every kind is in the attached figures.
MOST_KINDS = 15


def confirmations(reach: Reach) -> Section:
    made = DeletionConfirmation.objects.filter(
        confirmed_at__gte=reach.period.from_at, confirmed_at__lt=reach.until_at
    ).select_related("confirmed_by")
    began = reach.footage_began()
    rows: list[Row] = [
        {
            "key": str(confirmation.pk),
            "confirmed_at": confirmation.confirmed_at.isoformat(),
            "span": f"{confirmation.period_from:%Y-%m-%d} ~ {confirmation.period_until:%Y-%m-%d}",
            "cycle": confirmation.cycle,
            "result": "정상 작동" if confirmation.is_working else "작동하지 않음",
            "by": str(confirmation.confirmed_by),
            "note": confirmation.note or None,
        }
        for confirmation in made.order_by("confirmed_at", "pk")
    ]
    return Section(
        code="confirmations",
        title="자동삭제 확인",
        lead="보관기간이 지난 영상이 자동으로 삭제되고 있음을 담당자가 주기적으로 확인한 기록입니다.",
        figures=[
            Figure("confirmations", "자동삭제 확인", len(rows) if began else None, is_flow=True),
            Figure(
                "confirmations_failed",
                "작동하지 않은 것으로 확인된 건",
                sum(row["result"] != "정상 작동" for row in rows) if began else None,
                is_flow=True,
                is_shortfall=True,
            ),
        ],
        tables=where_known(
            began,
            [
                shorten(
                    Table(
                        code="confirmations",
                        title="자동삭제 확인 내역",
                        columns=[
                            Column("confirmed_at", "확인한 때", "instant", 15),
                            Column("span", "대상 기간", width=25),
                            Column("cycle", "자동삭제 주기", width=15),
                            Column("result", "결과", width=13),
                            Column("by", "담당자", width=12),
                            Column("note", "비고", width=20),
                        ],
                        rows=rows,
                        source="자동삭제 확인 기록",
                        article="표준지침 제42조제2항",
                        empty="분기 중 자동삭제를 확인한 기록이 없습니다. 표준지침 제42조제2항은 확인한 시기와 담당자를 기록하도록 합니다.",
                    )
                )
            ],
        ),
        source="자동삭제 확인 기록",
        article="표준지침 제42조제2항",
    )


def ledger(reach: Reach) -> Section:
    entries = Entry.objects.all()
    if reach.ledger_size is not None:
        entries = entries.filter(sequence__lte=reach.ledger_size)
    within = entries.filter(at__gte=reach.period.from_at, at__lt=reach.until_at)
    rows: list[Row] = [
        {
            "key": item["kind"],
            "label": kinds.label(item["kind"]),
            "kind": item["kind"],
            "entries": item["entries"],
        }
        for item in within.values("kind").order_by("kind").annotate(entries=Count("sequence"))
    ]
    total = sum(int(row["entries"] or 0) for row in rows)
    began: datetime | None = Entry.objects.aggregate(first=Min("at"))["first"]
    is_recorded = began is not None and began < reach.until_at
    return Section(
        code="ledger",
        title="기록 원장",
        lead=(
            "파기, 삭제 유예, 대장 변경, 보고서 발행은 고치거나 지울 수 없는 원장에 한 줄씩 남습니다. "
            "이 보고서에 인쇄된 원장 봉인으로 그 뒤에 원장이 바뀌지 않았는지 확인할 수 있습니다."
        ),
        figures=[
            Figure("ledger_entries", "봉인된 원장 기록 (누계)", entries.count()),
            Figure("ledger_entries_period", "원장 기록", total if is_recorded else None, is_flow=True),
        ],
        tables=where_known(
            is_recorded,
            [
                Table(
                    code="ledger_by_kind",
                    title="종류별 원장 기록 (분기 중)",
                    columns=[Column("label", "종류", width=75), Column("entries", "건수", "count", 25)],
                    rows=sorted(rows, key=lambda row: (-int(row["entries"] or 0), str(row["label"]))),
                    total={"key": "total", "label": "계", "entries": total} if rows else None,
                    longest=MOST_KINDS,
                    source="기록 원장 (봉인된 부분)",
                    article="법 제29조, 조례 제23조",
                    empty="분기 중 원장 기록이 없습니다.",
                )
            ],
        ),
        source="기록 원장",
        article="법 제29조, 조례 제23조",
    )
