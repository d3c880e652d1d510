"""증거 보관·가림·사본: what the vault holds, what was covered and with how many doubts, what was copied to leave, who looked for what.

By kind only: a case number tells of an investigation or of a citizen's request, and this report is read outside the office.
"""

from datetime import timedelta

import pandas as pd
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from accounts.longrun import RunState
from footage.models import VaultFile
from records.copy_enums import CopySource
from records.look_enums import LookCase, LookStep
from records.models import CaseCopy, FootageLook, Redaction
from records.redaction_enums import RedactionState
from reports.figures.context import Reach, frame
from reports.tabulation import Column, Figure, Row, Section, Table, where_known, where_recorded

VAULT, COPIES, REDACTIONS, LOOKS = "증거 보관함 기록", "영상 사본 기록", "가림 처리 기록", "영상 재생 기록"
GUIDELINE = "표준 개인정보 보호지침 제46조"
NO_MATTER = "사건 번호 없는 카메라 점검"


def section(reach: Reach) -> Section:
    held, copies, redactions, looks = (
        _held(reach),
        _copies(reach),
        frame(_redactions(reach), {"case_kind": "kind", "doubts": "doubts"}),
        frame(_looks(reach), {"case_kind": "kind", "step": "step", "hold__case_reference": "reference"}),
    )
    files = held.count()
    is_known = reach.is_recorded or bool(files + len(copies) + len(redactions) + len(looks))
    doubtful = int((redactions["doubts"] > 0).sum())
    return Section(
        code="evidence",
        title="증거 보관, 가림 처리와 영상 사본",
        lead=(
            "삭제를 유예하여 증거 보관함에 암호화하여 둔 영상, 다른 사람을 가리고 두 번째 사람이 확인한 영상, 정보주체와 기관에 주려고 "
            "만든 사본, 그리고 어떤 사건의 어떤 일로 재생했는지입니다. 사건 번호는 적지 않습니다."
        ),
        figures=where_recorded(
            is_known,
            [
                Figure(
                    "vault_hours",
                    f"증거 보관함의 영상 ({reach.end})",
                    _seconds(held),
                    "file_hours",
                    is_flow=True,
                ),
                Figure("vault_files", f"증거 보관함의 파일 ({reach.end})", files, is_flow=True),
                Figure("vault_cases", f"증거 보관함의 사건 ({reach.end})", _cases(held), is_flow=True),
                Figure("copies_made", "만든 사본", len(copies), is_flow=True),
                Figure(
                    "copies_left", "만든 사본 가운데 나간 것", int(copies["left"].notna().sum()), is_flow=True
                ),
                Figure("redactions_checked", "확인을 마친 가림 처리", len(redactions), is_flow=True),
                Figure("redactions_doubtful", "의심되는 장면이 있던 가림 처리", doubtful, is_flow=True),
                Figure(
                    "redactions_sure",
                    "의심되는 장면이 없던 가림 처리",
                    len(redactions) - doubtful,
                    is_flow=True,
                ),
                Figure("doubts_looked_at", "확인한 의심 장면", int(redactions["doubts"].sum()), is_flow=True),
            ],
        ),
        tables=where_known(is_known, [_by_source(copies), _by_doubt(redactions), _by_matter(looks)]),
        source=f"{VAULT}; {REDACTIONS}; {COPIES}; {LOOKS}",
        article=f"조례 제23조제2항, 제24조; {GUIDELINE}",
    )


# ---------------------------------------------------------------- what is counted


def _held(reach: Reach) -> QuerySet[VaultFile]:
    """Originals that were kept at the end: what was made of them shows the same moments once more."""
    still = Q(removed_at=None) | Q(removed_at__gte=reach.until_at)
    return VaultFile.objects.originals().filter(still, kept_at__lt=reach.until_at).order_by()


def _seconds(held: QuerySet[VaultFile]) -> float:
    """Of footage; `file_hours` writes them as hours."""
    length = ExpressionWrapper(F("until_at") - F("first_at"), DurationField())
    total: timedelta | None = held.aggregate(total=Sum(length))["total"]
    return (total or timedelta()).total_seconds()


def _cases(held: QuerySet[VaultFile]) -> int:
    return held.values("case").distinct().count()


def _copies(reach: Reach) -> pd.DataFrame:
    rows = CaseCopy.objects.filter(
        state=RunState.SUCCEEDED,
        finished_at__gte=reach.period.from_at,
        finished_at__lt=reach.until_at,
    ).order_by("pk")
    found = frame(
        rows,
        {
            "source": "source",
            "request_id": "request",
            "leaving__at": "left",
            "leaving__way": "way",
            "withdrawn_at": "withdrawn",
        },
    )
    # What happened after the quarter is of the next report.
    for moment in ("left", "withdrawn"):
        at = pd.to_datetime(found[moment], utc=True)
        found[moment] = at.where(at < pd.Timestamp(reach.until_at))
    return found


def _redactions(reach: Reach) -> QuerySet[Redaction]:
    return Redaction.objects.filter(
        state=RedactionState.CHECKED,
        checked_at__gte=reach.period.from_at,
        checked_at__lt=reach.until_at,
    ).order_by("pk")


def _looks(reach: Reach) -> QuerySet[FootageLook]:
    return FootageLook.objects.filter(
        granted_at__gte=reach.period.from_at, granted_at__lt=reach.until_at
    ).order_by("pk")


# ---------------------------------------------------------------- tables


def _by_source(copies: pd.DataFrame) -> Table:
    kinds = (
        ("citizen", "정보주체", copies["request"].notna()),
        ("body", "기관·부서", copies["request"].isna()),
    )
    rows: list[Row] = []
    for code, label, is_kind in kinds:
        for source in CopySource:
            found = copies[is_kind & (copies["source"] == source.value)]
            if len(found):
                rows.append(
                    {
                        "key": f"{code}:{source.value}",
                        "label": label,
                        "copy_source": str(source.label),
                        "made": len(found),
                        "left": int(found["left"].notna().sum()),
                        "withdrawn": int(found["withdrawn"].notna().sum()),
                    }
                )
    return Table(
        code="copies_by_source",
        title="받는 쪽과 원천별로 만든 사본",
        columns=[
            Column("label", "받는 쪽", width=20),
            Column("copy_source", "무엇으로", width=32),
            Column("made", "만든 것", "count", 16),
            Column("left", "나간 것", "count", 16),
            Column("withdrawn", "거두어들인 것", "count", 16),
        ],
        rows=rows,
        source=COPIES,
        article=f"조례 제24조제3항; {GUIDELINE}",
        empty="분기 중에 만든 사본이 없습니다.",
    )


def _by_doubt(redactions: pd.DataFrame) -> Table:
    rows: list[Row] = [
        {
            "key": kind.value,
            "label": str(kind.label),
            "checked": len(found),
            "doubtful": int((found["doubts"] > 0).sum()),
            "sure": int((found["doubts"] == 0).sum()),
            "doubts": int(found["doubts"].sum()),
        }
        for kind in LookCase
        if len(found := redactions[redactions["kind"] == kind.value])
    ]
    return Table(
        code="redactions_by_doubt",
        title="확인을 마친 가림 처리",
        columns=[
            Column("label", "구분", width=32),
            Column("checked", "확인한 것", "count", 17),
            Column("doubtful", "의심 장면 있음", "count", 17),
            Column("sure", "의심 장면 없음", "count", 17),
            Column("doubts", "의심 장면", "count", 17),
        ],
        rows=rows,
        source=REDACTIONS,
        article=GUIDELINE,
        note="의심 장면은 프로그램이 확신하지 못한 곳입니다. 확인한 사람이 하나씩 본 뒤에야 확인이 끝납니다.",
        empty="분기 중에 확인을 마친 가림 처리가 없습니다.",
    )


def _by_matter(looks: pd.DataFrame) -> Table:
    """Each kind of matter, and apart from it the checks that have none."""
    has_none = (looks["kind"] == LookCase.HOLD) & (looks["reference"].fillna("") == "")
    kinds = [(kind.value, str(kind.label), (looks["kind"] == kind.value) & ~has_none) for kind in LookCase]
    rows: list[Row] = []
    for key, label, is_kind in [*kinds, ("none", NO_MATTER, has_none)]:
        found = looks[is_kind]
        if len(found):
            counts = {step.value: int((found["step"] == step.value).sum()) for step in LookStep}
            rows.append({"key": key, "label": label, **counts, "all": len(found)})
    return Table(
        code="looks_by_matter",
        title="사건의 종류와 까닭별 재생",
        columns=[
            Column("label", "사건의 종류", width=30),
            *(Column(step.value, str(step.label), "count", 14) for step in LookStep),
            Column("all", "모두", "count", 14),
        ],
        rows=rows,
        source=LOOKS,
        article="조례 제23조제2항",
        empty="분기 중에 이 시스템에서 재생한 영상이 없습니다.",
    )
