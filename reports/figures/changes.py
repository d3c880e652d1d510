"""분기 중 변동: what was added, removed, moved and changed, from the field history of the register."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from django.db.models import Model

from cameras.enums import CameraState
from cameras.lifecycle import STANDING
from cameras.models import Camera, Site
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table, where_known

SOURCE = "카메라·설치장소 변경 이력 (필드별 이력, 이력 시각 기준)"
# A corrected coordinate moves no camera; another address does.
ADDRESS_FIELDS = ("road_address", "lot_address")
COORDINATE_FIELDS = ("latitude", "longitude")
# What the dataset's publisher stamps on each delivery is no change of the camera.
STAMP_FIELDS = frozenset({"reference_on", "dataset_update_kind", "dataset_updated_at", "dataset_modified_at"})
_HISTORY_COLUMNS = ("id", "history_id", "history_date", "history_type")


def section(reach: Reach) -> Section:
    cameras = _history(Camera, reach)
    sites = _history(Site, reach)
    return Section(
        code="changes",
        title="분기 중 변동",
        lead="분기 동안 대장에 올라가거나 철거·이전·변경된 카메라를 변경 이력에서 세었습니다.",
        figures=_figures(reach, cameras, sites),
        tables=where_known(
            reach.is_recorded,
            [
                _fields("camera_fields", "카메라 항목별 변경", Camera, cameras),
                _fields("site_fields", "설치장소 항목별 변경", Site, sites),
            ],
        ),
        notes=[
            "대장을 처음 구축한 분기에는 이미 설치되어 있던 카메라도 ‘대장에 새로 올림’으로 셉니다.",
        ],
        source=SOURCE,
        article="조례 제6조·제7조",
    )


def _figures(reach: Reach, cameras: pd.DataFrame, sites: pd.DataFrame) -> list[Figure]:
    added = cameras[cameras["in_period"] & (cameras["history_type"] == "+")].drop_duplicates(
        "id", keep="last"
    )
    installed = pd.to_datetime(added["installed_month"])
    newly = (installed >= pd.Timestamp(reach.period.from_on)) & (
        installed <= pd.Timestamp(reach.period.until_on)
    )
    moved_sites = _changed(sites, ADDRESS_FIELDS)
    corrected = set(_changed(sites, COORDINATE_FIELDS)["id"]) - set(moved_sites["id"])
    moved = _installed_at(moved_sites) | _moved_along(cameras)
    end_label = f"{reach.end} 대장의 카메라"
    taken_down, dropped = _removed(cameras)
    began = reach.register_began_at
    started_before = began is not None and began < reach.period.from_at

    def counted(code: str, label: str, value: int) -> Figure:
        return Figure(code, label, value if reach.is_recorded else None, is_flow=True)

    at_start = _on_register(reach.period.from_at) if started_before else None
    return [
        Figure("cameras_at_start", "분기 시작 때 대장의 카메라 (계획 포함)", at_start, is_flow=True),
        counted("added", "대장에 새로 올린 카메라", int(added["id"].nunique())),
        counted("added_new", "새로 올린 것 가운데 설치연월이 이 분기인 카메라", int(newly.sum())),
        counted("removed", "철거된 카메라", len(taken_down)),
        counted("dropped", "설치하지 않고 대장에서 내린 계획", len(dropped)),
        counted("moved_sites", "주소가 바뀐 설치장소", int(moved_sites["id"].nunique())),
        counted("moved", "위치가 바뀐 설치 카메라", len(moved)),
        counted("corrected_sites", "주소는 그대로이고 좌표만 바로잡은 설치장소", len(corrected)),
        counted("changed", "항목이 변경된 카메라", _changed_count(Camera, cameras)),
        counted("cameras_at_end", f"{end_label} (계획 포함)", _on_register(reach.until_at)),
    ]


def _on_register(at: datetime) -> int:
    """Cameras on the register just before an instant, not removed."""
    just_before = at - timedelta(microseconds=1)
    return int(Camera.history.as_of(just_before).exclude(state=CameraState.REMOVED).count())


def _installed_at(moved_sites: pd.DataFrame) -> set[int]:
    """The cameras that stood at a site when its address changed, as the history of those cameras has it."""
    if not len(moved_sites):
        return set()
    moved = {int(site) for site in moved_sites["id"]}
    at_site = Camera.history.filter(site_id__in=moved).order_by().values("id")
    history = Camera.history.filter(id__in=at_site).order_by("id", "history_date", "history_id")
    columns = ["camera", "at", "site", "state", "type"]
    rows = pd.DataFrame.from_records(
        list(history.values_list("id", "history_date", "site_id", "state", "history_type")), columns=columns
    )
    found: set[int] = set()
    for site, at in moved_sites[["id", "history_date"]].itertuples(index=False):
        last = rows[rows["at"] <= at].groupby("camera").tail(1)
        there = (last["site"] == site) & last["state"].isin(STANDING) & (last["type"] != "-")
        found |= {int(camera) for camera in last.loc[there, "camera"]}
    return found


def _moved_along(cameras: pd.DataFrame) -> set[int]:
    """Installed cameras that went to another site."""
    changed = _changed(cameras, ("site_id",))
    return {int(camera) for camera in changed.loc[changed["before_state"].isin(STANDING), "id"]}


def _history(model: Any, reach: Reach) -> pd.DataFrame:
    """The history rows of the quarter, each joined with the row before it.

    Only things that the quarter touched are read, with everything that came before, so that the first change of the
    quarter is compared with what stood at its beginning.
    """
    history = model.history.filter(history_date__lt=reach.until_at)
    touched = model.history.filter(history_date__gte=reach.period.from_at, history_date__lt=reach.until_at)
    fields = _fields_of(model)
    names = [*_HISTORY_COLUMNS, *fields]
    changed_ids = touched.exclude(history_type="+").order_by().values("id")
    only_added = touched.filter(history_type="+").exclude(id__in=changed_ids)
    rows = [
        *history.filter(id__in=changed_ids).order_by().values_list(*names),
        *only_added.order_by().values_list(*names),
    ]
    found = pd.DataFrame.from_records(rows, columns=names).astype(dict.fromkeys(fields, object))
    found = found.sort_values(["id", "history_date", "history_id"], ignore_index=True)
    found["in_period"] = [at >= reach.period.from_at for at in found["history_date"]]
    found["in_period"] = found["in_period"].astype(bool)
    before = found.groupby("id")[list(fields)].shift() if len(found) else found[list(fields)]
    return found.join(before.add_prefix("before_"))


def _fields_of(model: Any) -> dict[str, str]:
    """Column to Korean label of every field that an officer would call a change."""
    return {
        field.attname: str(field.verbose_name)
        for field in model.history.model.tracked_fields
        if not field.primary_key and field.name not in STAMP_FIELDS
    }


def _changed(history: pd.DataFrame, fields: tuple[str, ...]) -> pd.DataFrame:
    """The rows of the quarter in which one of the fields differs from the row before."""
    differs = pd.Series(False, index=history.index)
    for field in fields:
        after, before = history[field], history[f"before_{field}"]
        differs |= (after != before) & ~(after.isna() & before.isna())
    return history[history["in_period"] & (history["history_type"] == "~") & differs]


def _changed_count(model: type[Model], history: pd.DataFrame) -> int:
    return int(_changed(history, tuple(_fields_of(model)))["id"].nunique())


def _removed(cameras: pd.DataFrame) -> tuple[set[int], set[int]]:
    """Cameras that were taken down, and plans that were dropped: whose state became 철거, or whose row was deleted."""
    became = _changed(cameras, ("state",))
    became = became[became["state"] == CameraState.REMOVED]
    deleted = cameras[cameras["in_period"] & (cameras["history_type"] == "-")]
    left = pd.concat([became, deleted[deleted["before_state"] != CameraState.REMOVED]])
    stood = left["before_state"].isin(STANDING)
    return {int(one) for one in left.loc[stood, "id"]}, {int(one) for one in left.loc[~stood, "id"]}


def _fields(code: str, title: str, model: type[Model], history: pd.DataFrame) -> Table:
    rows: list[Row] = []
    for field, label in _fields_of(model).items():
        changed = _changed(history, (field,))
        if len(changed):
            rows.append(
                {"key": field, "label": label, "things": int(changed["id"].nunique()), "times": len(changed)}
            )
    rows.sort(key=lambda row: (-int(row["things"] or 0), str(row["label"])))
    return Table(
        code=code,
        title=title,
        columns=[
            Column("label", "항목"),
            Column("things", "바뀐 대상 수", "count", 22),
            Column("times", "변경 횟수", "count", 22),
        ],
        rows=rows,
        source=SOURCE,
        article="조례 제6조",
        empty="분기 중 변경된 항목이 없습니다.",
    )
