"""접속기록 점검 결과 on paper, with charts that are read at a glance: what was signed, or a draft that says so."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from casework import shares
from records.access_log import monthly, reviewing
from records.models import AccessReview, Act
from reports import standby, wording
from reports.figures.context import district_name
from reports.tabulation import NONE, Column, Row, Table

NO_ROWS, NOTHING_ASKED = "접속기록 없음", "물을 것이 없었습니다."
CITATION = "조례 제23조, 개인정보의 안전성 확보조치 기준 제8조제2항"


def pdf_of(review: AccessReview) -> bytes:
    """PDF/A-3a. A confirmed review gives the same bytes on every day."""
    return standby.render(
        "reports/access_review.html",
        _context(review),
        style_sheets=["access_review.css"],
        created=review.frozen_at or timezone.now(),
    )


def _context(review: AccessReview) -> dict[str, Any]:
    on = timezone.localdate(review.frozen_at) if review.frozen_at else timezone.localdate()
    district = district_name(on)
    contents = monthly.contents(review)
    return {
        "title": str(review),
        "author": district,
        "district": district,
        "description": f"{district} 영상 시스템 접속기록의 {contents['month']} 점검",
        "keywords": "접속기록, 점검",
        "citation": CITATION,
        "review": review,
        "contents": contents,
        "share": _share(contents["figures"]),
        "counted": _counted(contents["figures"]),
        "nothing_asked": NOTHING_ASKED if monthly.from_log(contents["figures"]) else reviewing.NO_LOG,
        "tables": _tables(contents),
        "judgements": dict(Counter(row["judgement"] or "판정 전" for row in contents["findings"])),
        "on": on,
    }


def _share(figures: dict[str, Any]) -> str:
    """With what it is a share of, rounded as everywhere: no part is the whole."""
    rows = figures.get("rows", 0)
    if not rows:
        return NONE
    share = shares.percent(figures["explained"], rows)
    return f"{wording.written(share, 'percent')} ({figures['explained']:,} / {rows:,})"


def _counted(figures: dict[str, Any]) -> dict[str, str]:
    """The figures at a glance, each with what it is counted out of."""
    rows, log = int(figures.get("rows", 0)), monthly.from_log(figures)
    if not rows:
        return {"rows": NO_ROWS, "own": "0"}
    return {
        "rows": f"{log:,} / {rows:,}" if log else NO_ROWS,
        "own": f"{figures['own']:,} / {rows:,}",
    }


def _tables(contents: dict[str, Any]) -> list[Table]:
    figures = contents["figures"]
    acts = [(Act(row["act"]).label, row["rows"], row["rows"] - row["explained"]) for row in figures["acts"]]
    asked = Counter(row["rule"] for row in contents["findings"])
    return [
        _table("acts", "행위마다 접속기록", [(label, rows) for label, rows, _ in acts]),
        _table(
            "unexplained",
            "그 가운데 사건·상황·근무로 설명되지 않은 것",
            [(label, left) for label, _, left in acts],
        ),
        _table("asked", "규칙마다 물은 것", asked.most_common()),
        _table("days", "날마다 접속기록", [(row["on"], row["rows"]) for row in figures["days"]]),
    ]


def _table(code: str, title: str, counts: Iterable[tuple[str, int]]) -> Table:
    rows: list[Row] = [{"label": label, "count": count} for label, count in counts]
    return Table(
        code=code,
        title=title,
        columns=[Column("label", "구분"), Column("count", "건수", "count")],
        rows=rows,
        source="접속기록 점검",
        chart="count",
    )
