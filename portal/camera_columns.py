"""The columns of the register's list and of its spreadsheet, and which of them a person wants to see."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cameras import purposes
from cameras.entrustment import Entrustment
from cameras.models import Camera
from portal.listing import Column

COOKIE = "camera_columns"
COOKIE_AGE = 365 * 24 * 3600


def _yes_no(name: str) -> Callable[[Camera], str]:
    return lambda camera: "예" if getattr(camera, name) else "아니요"


def _display(name: str) -> Callable[[Camera], str]:
    return lambda camera: getattr(camera, f"get_{name}_display")()


def _plain(name: str) -> Callable[[Camera], Any]:
    return lambda camera: getattr(camera, name)


def _day(name: str, pattern: str = "%Y-%m-%d") -> Callable[[Camera], str]:
    return lambda camera: f"{value:{pattern}}" if (value := getattr(camera, name)) else ""


def _name(name: str) -> Callable[[Camera], str]:
    return lambda camera: related.name if (related := getattr(camera, name)) else ""


def _contractors(camera: Camera) -> str:
    """Of the contracts in force today; `with_contractors` has read them for all rows."""
    return ", ".join(one.name for one in camera.entrusted)  # type: ignore[attr-defined]


def _period(camera: Camera) -> int | str:
    return purposes.NOT_STORED if camera.stores_nothing else camera.retention_days


CONTRACTORS = Column("contractor", "수탁자", _contractors, is_default=False)

# "카메라 번호" stands first in every list and is not a choice.
NUMBER = Column("number", "카메라 번호", _plain("number"), sort="sort_key")
COLUMNS = (
    Column("address", "소재지", lambda camera: camera.site.address, sort="site__road_address"),
    Column("state", "상태", _display("state"), sort="state"),
    Column("install_purpose", "설치목적", _display("install_purpose"), sort="install_purpose"),
    Column("dataset_purpose", "설치목적구분", _display("dataset_purpose"), is_default=False),
    Column("filming_direction", "촬영방면정보", _plain("filming_direction"), is_default=False),
    Column(
        "installing_department",
        "설치부서",
        _name("installing_department"),
        sort="installing_department__name",
    ),
    Column("retention_days", "보관일수", _period, sort="retention_days", is_number=True),
    Column("link_status", "관제센터 연계", _display("link_status"), sort="link_status"),
    Column("pixel_10k", "화소(만)", _plain("pixel_10k"), is_number=True, is_default=False),
    Column("installed_month", "설치연월", _day("installed_month", "%Y-%m"), sort="installed_month"),
    CONTRACTORS,
    Column("institution", "관리기관", lambda camera: camera.site.institution.name, is_default=False),
    Column("site_number", "관리번호", lambda camera: camera.site.number, is_default=False),
    Column("lot_address", "지번주소", lambda camera: camera.site.lot_address, is_default=False),
    Column("pipa25_ground", "설치 근거", _display("pipa25_ground"), is_default=False),
    Column("device_kind", "기기 종류", _display("device_kind"), is_default=False),
    Column("filming_range", "촬영범위", _plain("filming_range"), is_default=False),
    Column("filming_hours", "촬영시간", _plain("filming_hours"), is_default=False),
    Column("has_ptz", "회전·확대", _yes_no("has_ptz"), is_default=False),
    Column("lpr_enabled", "차량번호 인식", _yes_no("lpr_enabled"), is_default=False),
    Column("audio_disabled", "녹음기능 미사용", _yes_no("audio_disabled"), is_default=False),
    Column("audio_checked_on", "녹음기능 확인일", _day("audio_checked_on"), is_default=False),
    Column("is_sign_exempt", "누리집 비공개", _yes_no("is_sign_exempt"), is_default=False),
    Column("recording_key", "녹화 식별자", _plain("recording_key"), is_default=False),
    Column("reference_on", "데이터기준일자", _day("reference_on"), is_default=False),
    Column("latitude", "위도", lambda camera: _number(camera.site.latitude), is_default=False),
    Column("longitude", "경도", lambda camera: _number(camera.site.longitude), is_default=False),
)
DEFAULT = tuple(column.name for column in COLUMNS if column.is_default)


def _number(value: Any) -> Any:
    return "" if value is None else float(value)


def with_contractors(cameras: Iterable[Camera], columns: Iterable[Column]) -> list[Camera]:
    """The rows, with what the column of contractors shows where it is among the columns."""
    rows = list(cameras)
    if CONTRACTORS in columns:
        named = Entrustment(timezone.localdate()).of(rows)
        for camera in rows:
            camera.entrusted = named[camera.pk]  # type: ignore[attr-defined]
    return rows


def chosen(request: HttpRequest) -> list[Column]:
    """The columns this person chose on this computer, in the register's order."""
    return _known(request.COOKIES.get(COOKIE, "").split(".")) or _known(DEFAULT)


def remember(response: HttpResponse, names: Iterable[str]) -> None:
    value = ".".join(column.name for column in _known(names))
    response.set_cookie(COOKIE, value, max_age=COOKIE_AGE, httponly=True, samesite="Lax")


def _known(names: Iterable[str]) -> list[Column]:
    wanted = set(names)
    return [column for column in COLUMNS if column.name in wanted]
