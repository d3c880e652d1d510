"""설치·운영 현황: the register by purpose, department, age, state and period."""

import pandas as pd

from cameras.enums import CameraState, DatasetPurpose, InstallPurpose, LinkStatus
from cameras.lifecycle import STANDING
from cameras.models import Camera
from casework import shares
from ordinance import parameters
from reports.figures.context import Reach, frame
from reports.tabulation import Column, Figure, Row, Section, Table, where_known, where_recorded

SOURCE = "카메라 대장 (발행 시점 현재, 설치된 카메라: 설치·운영·중지)"
UNKNOWN_DEPARTMENT = "설치부서 미등록"
# Whole years since installation; the last class has no upper end.
AGE_CLASSES = ((0, 1), (1, 3), (3, 5), (5, 7), (7, 10), (10, None))
ROUNDED = "비율은 줄마다 반올림하여 더하면 100 %가 아닐 수 있습니다."


def section(reach: Reach) -> Section:
    cameras = _cameras()
    standing = cameras[cameras["state"].isin(STANDING)]
    # A register in which nothing was ever entered says nothing of the street.
    is_recorded = reach.register_began_at is not None
    return Section(
        code="register",
        title="영상정보처리기기 설치·운영 현황",
        lead=(
            "설치되어 있는 카메라(설치·운영·중지)를 설치목적, 설치부서, 사용 연수별로 나누어 적었습니다. 설치 전의 계획과 "
            "철거된 카메라는 상태별 표에만 있습니다."
        ),
        figures=where_recorded(is_recorded, _figures(reach, cameras, standing)),
        tables=where_known(
            is_recorded,
            [
                _by_purpose(standing),
                _by_department(standing),
                _by_age(reach, standing),
                _by_state(cameras),
                _by_dataset_purpose(standing),
                _by_retention(reach, standing),
            ],
        ),
        notes=[
            "등록 수치는 분기 말이 아니라 발행 시점의 대장을 셉니다. 분기 중의 증감은 다음 장에 이력으로 적었습니다.",
        ],
        source=SOURCE,
        article="조례 제6조",
    )


def _cameras() -> pd.DataFrame:
    """One row per camera; read once, so that all tables of the section agree with each other."""
    return frame(
        Camera.objects.order_by("pk"),
        {
            "pk": "pk",
            "site_id": "site",
            "state": "state",
            "install_purpose": "purpose",
            "dataset_purpose": "dataset_purpose",
            "installing_department__name": "department",
            "installed_month": "installed",
            "retention_days": "retention",
            "retention_law": "exception",
            "has_ptz": "ptz",
            "link_status": "link",
            "audio_disabled": "mute",
            "audio_checked_on": "audio_checked",
        },
    )


def _figures(reach: Reach, cameras: pd.DataFrame, standing: pd.DataFrame) -> list[Figure]:
    maximum = retention_maximum(reach)
    beyond = standing[standing["retention"] > maximum]
    planned = _count(~cameras["state"].isin([*STANDING, CameraState.REMOVED]))
    has_ground = beyond["exception"] != ""
    return [
        Figure("cameras", "설치된 카메라 (설치·운영·중지)", len(standing)),
        Figure("cameras_operating", "운영 중인 카메라", _count(standing["state"] == CameraState.OPERATING)),
        Figure("cameras_planned", "설치 전의 계획 (계획부터 승인까지)", planned),
        Figure("sites", "카메라가 설치된 장소", int(standing["site"].nunique())),
        Figure("cameras_removed", "철거된 카메라 (누계)", _count(cameras["state"] == CameraState.REMOVED)),
        Figure("cameras_ptz", "회전·확대 기능이 있는 카메라", _count(standing["ptz"])),
        Figure(
            "cameras_linked", "통합관제센터에 연계된 카메라", _count(standing["link"] == LinkStatus.LINKED)
        ),
        Figure(
            "cameras_link_unknown",
            "연계 여부가 확인되지 않은 카메라",
            _count(standing["link"] == LinkStatus.UNKNOWN),
            is_shortfall=True,
        ),
        Figure("cameras_beyond_maximum", f"보관기간이 {maximum}일을 넘는 카메라", len(beyond)),
        Figure(
            "cameras_beyond_with_ground",
            "보관기간이 더 길고 다른 법률의 근거를 등록한 카메라",
            _count(has_ground),
        ),
        Figure(
            "cameras_beyond_without_reason",
            "보관기간이 더 긴데 근거가 없는 카메라",
            _count(~has_ground),
            is_shortfall=True,
        ),
        Figure(
            "cameras_audio_on",
            "녹음기능을 끈 것으로 등록되지 않은 카메라",
            len(standing) - _count(standing["mute"]),
            is_shortfall=True,
        ),
        Figure(
            "cameras_audio_unchecked",
            "녹음기능 미사용을 아직 확인하지 않은 카메라",
            _count(standing["audio_checked"].isna()),
            is_shortfall=True,
        ),
    ]


def retention_maximum(reach: Reach) -> int:
    """The longest ordinary period, in days, that the ordinance in force allows (제24조제1항)."""
    return int(parameters.value("retention_max_days", on=reach.today).value)


def _by_purpose(standing: pd.DataFrame) -> Table:
    rows = [
        _share_row(purpose.value, purpose.label, standing, standing["purpose"] == purpose.value)
        for purpose in InstallPurpose
    ]
    return _share_table(
        "by_purpose", "설치목적별", "설치목적", rows, standing, article="조례 제6조", chart="cameras"
    )


def _by_dataset_purpose(standing: pd.DataFrame) -> Table:
    rows = [
        _share_row(purpose.value, purpose.label, standing, standing["dataset_purpose"] == purpose.value)
        for purpose in DatasetPurpose
    ]
    return _share_table(
        "by_dataset_purpose",
        "전국CCTV표준데이터 설치목적구분별",
        "설치목적구분",
        [row for row in rows if row["cameras"]],
        standing,
        article="공공데이터 제공표준",
    )


def _by_department(standing: pd.DataFrame) -> Table:
    named = standing.assign(department=standing["department"].fillna(UNKNOWN_DEPARTMENT))
    order = named["department"].value_counts()
    names = sorted(order.index, key=lambda name: (name == UNKNOWN_DEPARTMENT, -order[name], name))
    rows = [_share_row(name, name, named, named["department"] == name) for name in names]
    return _share_table("by_department", "설치부서별", "설치부서", rows, standing, article="조례 제4조·제7조")


def _by_age(reach: Reach, standing: pd.DataFrame) -> Table:
    installed = pd.to_datetime(standing["installed"])
    today = pd.Timestamp(reach.today)
    months = (today.year - installed.dt.year) * 12 + today.month - installed.dt.month
    years = months // 12
    rows = []
    for low, high in AGE_CLASSES:
        within = (years >= low) & ((years < high) if high is not None else True)
        label = (
            f"{low}년 이상" if high is None else f"{low}년 이상 {high}년 미만" if low else f"{high}년 미만"
        )
        rows.append(_share_row(f"{low}", label, standing, within))
    rows.append(_share_row("later", "설치연월이 발행일 뒤인 카메라", standing, months < 0))
    rows.append(_share_row("unknown", "설치연월 미등록", standing, installed.isna()))
    always = {f"{low}" for low, _ in AGE_CLASSES}
    return _share_table(
        "by_age",
        "사용 연수별",
        "사용 연수",
        [row for row in rows if row["key"] in always or row["cameras"]],
        standing,
        article="조례 제5조",
        note="발행일이 속한 달에서 설치연월을 뺀 만 연수입니다.",
        chart="cameras",
    )


def _by_state(cameras: pd.DataFrame) -> Table:
    counts = cameras["state"].value_counts()
    rows: list[Row] = [
        {"key": state.value, "label": state.label, "cameras": int(counts.get(state.value, 0))}
        for state in CameraState
        if counts.get(state.value, 0)
    ]
    return Table(
        code="by_state",
        title="상태별",
        columns=[Column("label", "상태"), Column("cameras", "카메라 수", "count")],
        rows=rows,
        total={"key": "total", "label": "계", "cameras": len(cameras)} if rows else None,
        source="카메라 대장 (발행 시점 현재, 계획과 철거 포함)",
        article="조례 제5조·제6조",
        empty="등록된 카메라가 없습니다.",
    )


def _by_retention(reach: Reach, standing: pd.DataFrame) -> Table:
    counts = standing["retention"].value_counts().sort_index()
    maximum = retention_maximum(reach)
    rows: list[Row] = [
        {
            "key": str(days),
            "label": f"{days}일",
            "cameras": int(count),
            "verdict": "최대 기간 이내" if days <= maximum else "최대 기간 초과",
        }
        for days, count in zip(counts.index.astype(int).tolist(), counts.tolist(), strict=True)
    ]
    return Table(
        code="by_retention",
        title="보관기간별",
        columns=[
            Column("label", "보관일수"),
            Column("cameras", "카메라 수", "count"),
            Column("verdict", f"최대 {maximum}일 기준"),
        ],
        rows=rows,
        total={"key": "total", "label": "계", "cameras": len(standing), "verdict": ""} if rows else None,
        source=SOURCE,
        article=parameters.value("retention_max_days", on=reach.today).citation,
        empty="설치된 카메라가 없습니다.",
    )


def _share_row(key: str, label: str, standing: pd.DataFrame, within: pd.Series) -> Row:
    chosen = standing[within]
    return {
        "key": key,
        "label": label,
        "cameras": len(chosen),
        "operating": _count(chosen["state"] == CameraState.OPERATING),
        "share": shares.percent(len(chosen), len(standing)),
    }


def _share_table(
    code: str,
    title: str,
    heading: str,
    rows: list[Row],
    standing: pd.DataFrame,
    *,
    article: str,
    note: str = "",
    chart: str = "",
) -> Table:
    total: Row = {
        "key": "total",
        "label": "계",
        "cameras": len(standing),
        "operating": _count(standing["state"] == CameraState.OPERATING),
        "share": shares.percent(len(standing), len(standing)),
    }
    return Table(
        code=code,
        title=title,
        columns=[
            Column("label", heading),
            Column("cameras", "카메라 수", "count", 18),
            Column("operating", "그중 운영", "count", 18),
            Column("share", "비율", "percent", 14),
        ],
        rows=rows if len(standing) else [],
        total=total if len(standing) else None,
        source=SOURCE,
        article=article,
        note=" ".join(filter(None, (note, ROUNDED))),
        chart=chart,
        empty="설치된 카메라가 없습니다.",
    )


def _count(claims: pd.Series) -> int:
    return int(claims.sum())
