"""The annex: one line per camera, in volumes of their own, and the same data as a file that travels in the report."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Min, Q, Sum

from cameras.enums import CameraState, InstallPurpose
from cameras.models import Camera
from footage.models import DailyProof, FootageDay, Hold, Storage
from reports import wording
from reports.figures import operating_days
from reports.figures.blocks import destroyed_by_camera
from reports.figures.context import Reach
from reports.tabulation import NONE, NOT_LOOKED_AT, NOT_RECORDED

# Small enough for a process to stay under 400 MB, large enough that a district has a handful of volumes.
ROWS_PER_VOLUME = 660
# WeasyPrint lays one long table out more slowly than several short ones.
ROWS_PER_TABLE = 330
OF_NO_CAMERA = "(등록된 카메라 없음)"
CSV_NAME = "annex-cameras.csv"
# A camera that was not operating on any day that is over had nothing to be proved.
NOTHING_DUE = "대상 아님"
Result = DailyProof.Result
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One camera as the annex prints it."""

    ordinal: int
    number: str
    address: str
    purpose: str
    department: str
    pixels: str
    retention: str
    installed: str
    state: str
    footage: str
    oldest: str
    destroyed: str
    holds: str
    proofs: str


@dataclass(frozen=True)
class Range:
    """Which cameras a volume holds, by their running number; 0 to 0 when there are none."""

    number: int
    first: int
    last: int


@dataclass(frozen=True)
class Volume(Range):
    lines: Sequence[Line]

    @property
    def tables(self) -> Iterator[Sequence[Line]]:
        for start in range(0, len(self.lines), ROWS_PER_TABLE):
            yield self.lines[start : start + ROWS_PER_TABLE]


class Annex:
    """Every camera on the register, the removed ones too: their footage may still be there."""

    def __init__(self, reach: Reach) -> None:
        self.rows = _rows(reach)

    def __len__(self) -> int:
        """Cameras; what was destroyed of no camera has a line of its own, which is none."""
        return sum(row["number"] != OF_NO_CAMERA for row in self.rows)

    @property
    def volume_count(self) -> int:
        """An empty register still has its annex: one volume that says so."""
        return max(1, -(-len(self.rows) // ROWS_PER_VOLUME))

    def ranges(self) -> Iterator["Range"]:
        for number in range(1, self.volume_count + 1):
            start = (number - 1) * ROWS_PER_VOLUME
            last = min(start + ROWS_PER_VOLUME, len(self.rows))
            yield Range(number, start + 1 if last else 0, last)

    def volumes(self) -> Iterator["Volume"]:
        for reach in self.ranges():
            chosen = self.rows[max(reach.first - 1, 0) : reach.last]
            lines = [_line(ordinal, row) for ordinal, row in enumerate(chosen, start=reach.first)]
            yield Volume(reach.number, reach.first, reach.last, lines)

    def csv(self) -> bytes:
        """The data behind the volumes: UTF-8 with a mark, as the office's spreadsheets read it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(CSV_COLUMNS.values())
        for ordinal, row in enumerate(self.rows, start=1):
            writer.writerow([ordinal, *(neutral(row[name]) for name in list(CSV_COLUMNS)[1:])])
        return text.getvalue().encode("utf-8-sig")


CSV_COLUMNS = {
    "ordinal": "연번",
    "number": "카메라 번호",
    "site__number": "관리번호",
    "site__institution__name": "관리기관명",
    "site__road_address": "소재지도로명주소",
    "site__lot_address": "소재지지번주소",
    "site__latitude": "WGS84위도",
    "site__longitude": "WGS84경도",
    "install_purpose": "설치목적",
    "dataset_purpose": "설치목적구분",
    "installing_department__name": "설치부서",
    "pixel_10k": "카메라화소수(만 화소)",
    "filming_direction": "촬영방면정보",
    "retention_days": "보관일수",
    "installed_month": "설치연월",
    "state": "상태",
    "removed_on": "철거일",
    "footage_days": "영상이 있는 날 수",
    "footage_bytes": "보관 용량(바이트)",
    "footage_oldest": "가장 오래된 영상 날짜",
    "destroyed": "분기 중 파기 파일 수",
    "proofs_due": "해야 할 일일 파기 확인 수",
    "proofs": "일일 파기 확인 수",
    "proofs_right": "적정 확인 수",
    "proofs_wrong": "부적정 확인 수",
    "proofs_unseen": "영상을 볼 수 없던 확인 수",
    "holds": "분기 말 유효한 삭제 유예 수",
}
_DATABASE_COLUMNS = tuple(
    name
    for name in CSV_COLUMNS
    if name.startswith("site__")
    or name
    in {
        "number",
        "install_purpose",
        "dataset_purpose",
        "installing_department__name",
        "pixel_10k",
        "filming_direction",
        "retention_days",
        "installed_month",
        "state",
        "removed_on",
    }
)


def neutral(value: Any) -> str:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def _rows(reach: Reach) -> list[dict[str, Any]]:
    cameras: list[dict[str, Any]] = list(
        Camera.objects.order_by("sort_key", "pk").values("pk", *_DATABASE_COLUMNS)
    )
    was_read = Storage.objects.filter(scanned_at__isnull=False).exists()
    nothing = _NO_FOOTAGE if was_read else _NOT_LOOKED_AT
    footage = _footage()
    proofs = _proofs(reach)
    # As in the report: without any day on which something was to be proved nothing of proofs is on record.
    due = operating_days.by_camera(operating_days.spans(reach))
    none_proved = _NO_PROOFS if due else _NOT_PROVED
    holds = _holds(reach)
    destroyed = destroyed_by_camera(reach)
    # Of before anything was on record nobody knows that there was none.
    is_recorded, footage_began = reach.is_recorded, reach.footage_began()
    for camera in cameras:
        pk = camera["pk"]
        camera["install_purpose"] = str(InstallPurpose(camera["install_purpose"]).label)
        camera["state"] = str(CameraState(camera["state"]).label)
        if camera["installed_month"] is not None:
            camera["installed_month"] = f"{camera['installed_month']:%Y-%m}"
        camera.update(footage.get(pk, nothing))
        camera.update(proofs.get(pk, none_proved), proofs_due=due.get(pk, 0) if due else None)
        camera["destroyed"] = destroyed.get(pk, 0) if footage_began else None
        camera["holds"] = holds.get(pk, 0) if is_recorded else None
    return [*cameras, *_of_no_camera(destroyed)]


def _of_no_camera(destroyed: Mapping[int, int]) -> list[dict[str, Any]]:
    """Files destroyed of folders that no camera claims: without their line the annex would not add up to the report."""
    if not destroyed.get(0):
        return []
    line: dict[str, Any] = dict.fromkeys(CSV_COLUMNS)
    return [line | {"number": OF_NO_CAMERA, "destroyed": destroyed[0]}]


_NO_FOOTAGE: Mapping[str, Any] = {"footage_days": 0, "footage_bytes": 0, "footage_oldest": None}
_NOT_LOOKED_AT: Mapping[str, Any] = dict.fromkeys(_NO_FOOTAGE)
_NO_PROOFS: Mapping[str, Any] = {"proofs": 0, "proofs_right": 0, "proofs_wrong": 0, "proofs_unseen": 0}
_NOT_PROVED: Mapping[str, Any] = dict.fromkeys(_NO_PROOFS)


def _footage() -> dict[int, dict[str, Any]]:
    found = (
        FootageDay.objects.filter(segments__gt=0)
        .values("camera_id")
        .order_by()
        .annotate(
            footage_days=Count("on", distinct=True), footage_bytes=Sum("bytes"), footage_oldest=Min("on")
        )
    )
    return {row["camera_id"]: dict(row) for row in found}


def _proofs(reach: Reach) -> dict[int, dict[str, Any]]:
    found = (
        DailyProof.objects.filter(on__gte=reach.period.from_on, on__lt=reach.finished_until)
        .values("camera_id")
        .order_by()
        .annotate(
            proofs=Count("pk"),
            proofs_right=Count("pk", filter=Q(result=Result.IN_ORDER)),
            proofs_wrong=Count("pk", filter=Q(result=Result.NOT_IN_ORDER)),
            proofs_unseen=Count("pk", filter=Q(result=Result.NOT_SEEN)),
        )
    )
    return {row["camera_id"]: dict(row) for row in found}


def _holds(reach: Reach) -> dict[int, int]:
    in_force = Hold.objects.filter(placed_at__lt=reach.until_at).filter(
        Q(released_at=None) | Q(released_at__gte=reach.until_at)
    )
    return dict(in_force.order_by().values_list("camera_id").annotate(Count("pk")))


def _line(ordinal: int, row: Mapping[str, Any]) -> Line:
    if row["number"] == OF_NO_CAMERA:
        return _line_of_no_camera(ordinal, row)
    oldest = row["footage_oldest"]
    return Line(
        ordinal=ordinal,
        number=row["number"],
        address=row["site__road_address"] or row["site__lot_address"] or NONE,
        purpose=row["install_purpose"],
        department=row["installing_department__name"] or NONE,
        pixels=wording.written(row["pixel_10k"], "count"),
        retention=str(row["retention_days"]),
        installed=row["installed_month"] or NONE,
        state=row["state"],
        footage=_footage_text(row),
        oldest=wording.day(oldest) if oldest is not None else NONE,
        destroyed=wording.written(row["destroyed"], "count", NOT_RECORDED),
        holds=NONE if row["holds"] == 0 else wording.written(row["holds"], "count", NOT_RECORDED),
        proofs=_proof_text(row),
    )


def _line_of_no_camera(ordinal: int, row: Mapping[str, Any]) -> Line:
    empty: dict[str, Any] = {field.name: NONE for field in fields(Line)}
    destroyed = wording.written(row["destroyed"], "count")
    return Line(**(empty | {"ordinal": ordinal, "number": row["number"], "destroyed": destroyed}))


def _footage_text(row: Mapping[str, Any]) -> str:
    if row["footage_days"] is None:
        return NOT_LOOKED_AT
    return wording.size(row["footage_bytes"]) if row["footage_days"] else NONE


def _proof_text(row: Mapping[str, Any]) -> str:
    """Every class that the camera has, in days; nothing else may be read out of one word."""
    if row["proofs_due"] is None and not row["proofs"]:
        return NOT_RECORDED
    classes = (("적정", "proofs_right"), ("부적정", "proofs_wrong"), ("확인 불가", "proofs_unseen"))
    said = [f"{word} {row[name]}일" for word, name in classes if row[name]]
    if (missing := (row["proofs_due"] or 0) - row["proofs"]) > 0:
        said.append(f"확인 없음 {missing}일")
    return ", ".join(said) or NOTHING_DUE
