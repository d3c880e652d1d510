"""The register's fields of a camera in groups, each with the provision that asks for it, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cameras import purposes
from cameras.entrustment import Entrustment
from cameras.enums import STANDING, CameraState, LinkStatus
from cameras.models import Camera
from ordinance.parameters import ParameterValue


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class FactGroup:
    title: str
    facts: list[Fact]


DATASET = "공공데이터 개방 표준"


def fact_groups(camera: Camera, maximum: ParameterValue) -> list[FactGroup]:
    return [
        FactGroup("목적과 근거", _purpose(camera)),
        FactGroup("상태와 관리", _management(camera)),
        FactGroup("촬영과 기능", _filming(camera)),
        FactGroup("보관과 연계", _retention(camera, maximum)),
        FactGroup("표준데이터", _dataset(camera)),
    ]


def _purpose(camera: Camera) -> list[Fact]:
    return [
        Fact("설치목적", camera.get_install_purpose_display(), "조례 제6조"),
        *_given("설치목적 상세", camera.purpose_detail),
        Fact("설치목적구분", camera.get_dataset_purpose_display(), DATASET),
        Fact("설치 근거", camera.get_pipa25_ground_display(), "개인정보 보호법 제25조제1항"),
        *_given("특별법 근거", camera.special_law_basis),
    ]


def _management(camera: Camera) -> list[Fact]:
    return [
        Fact("상태", camera.get_state_display()),
        Fact("관리기관", str(camera.site.institution), DATASET),
        Fact("설치부서", _text(camera.installing_department), "조례 제7조"),
        Fact("수탁자", _contractors(camera), "조례 제11조"),
        Fact("설치연월", f"{camera.installed_month:%Y-%m}" if camera.installed_month else "", DATASET),
        *_given("철거일", camera.removed_on),
    ]


def _contractors(camera: Camera) -> str:
    named = Entrustment(timezone.localdate()).of([camera])[camera.pk]
    return (
        "; ".join(
            f"{one.name}{f' {one.phone}' if one.phone else ''}{f' ({one.work})' if one.work else ''}"
            for one in named
        )
        or "없음 (오늘 효력이 있는 위탁 계약 기준)"
    )


def _filming(camera: Camera) -> list[Fact]:
    audio = "사용하지 않음" if camera.audio_disabled else "확인 필요: 녹음기능이 꺼져 있지 않습니다"
    if camera.audio_checked_on:
        by = f", {camera.audio_checked_by}" if camera.audio_checked_by else ""
        audio += f" ({camera.audio_checked_on:%Y-%m-%d} 확인{by})"
    return [
        Fact("기기 종류", camera.get_device_kind_display(), "개인정보 보호법 시행령 제3조"),
        Fact("카메라화소수", f"{camera.pixel_10k:,}만 화소" if camera.pixel_10k else "", DATASET),
        Fact("촬영방면정보", camera.filming_direction, DATASET),
        Fact("촬영범위", camera.filming_range, "개인정보 보호법 제25조제4항"),
        Fact("촬영시간", camera.filming_hours, "개인정보 보호법 제25조제4항"),
        Fact("회전·확대 기능", "있음" if camera.has_ptz else "없음"),
        Fact("차량번호 인식", "있음" if camera.lpr_enabled else "없음"),
        *_given("영상분석 기능", camera.analytics),
        Fact("녹음기능", audio, "개인정보 보호법 제25조제5항"),
    ]


def _retention(camera: Camera, maximum: ParameterValue) -> list[Fact]:
    link = camera.get_link_status_display()
    if camera.link_exemption_reason:
        link += (
            f" · 제외: {camera.get_link_exemption_reason_display()} {camera.link_exemption_document}".rstrip()
        )
    return [
        _period(camera, maximum),
        *_given("초과 보관의 근거", _longer(camera)),
        *_given("종전의 초과 사유 (인정되지 않음)", camera.retention_exception),
        Fact("녹화 식별자", camera.recording_key),
        Fact("관제센터 연계", link, "조례 제13조"),
        Fact("누리집 공개", "제외" if camera.is_sign_exempt else "공개 대상", "개인정보 보호법 제25조제4항"),
        *_exemption(camera),
    ]


def _period(camera: Camera, maximum: ParameterValue) -> Fact:
    if camera.stores_nothing:
        return Fact("보관일수", purposes.NOT_STORED, "개인정보 보호법 제25조제1항제6호")
    return Fact("보관일수", f"{camera.retention_days}일 (최대 {maximum.value}일)", maximum.citation)


def _exemption(camera: Camera) -> list[Fact]:
    if not camera.is_sign_exempt:
        return []
    said = (
        camera.get_sign_exemption_ground_display(),
        camera.sign_exemption_document,
        camera.sign_exemption_approver,
    )
    text = ", ".join(part for part in said if part)
    return [
        Fact(
            "안내판 제외 근거",
            text if all(said) else f"{text} (근거, 문서번호, 승인자가 모두 있어야 합니다)".strip(),
            "개인정보 보호법 시행령 제24조제4항",
        )
    ]


def _longer(camera: Camera) -> str:
    if not camera.retention_law:
        return ""
    return (
        f"{camera.retention_law} · {camera.retention_document} · 승인 {camera.retention_approver} · "
        f"{camera.retention_until_on}까지{'' if camera.has_retention_ground() else ' (끝남)'}"
    )


def _dataset(camera: Camera) -> list[Fact]:
    return [
        Fact("데이터기준일자", _text(camera.reference_on), DATASET),
        *_given("관리기관전화번호", camera.phone),
        *_given("개방자치단체코드", camera.local_government_code),
        *_given("제공기관", f"{camera.provider_name} {camera.provider_code}".strip()),
        *_given("데이터갱신구분", camera.dataset_update_kind),
        *_given("데이터갱신시점", _moment(camera.dataset_updated_at)),
        *_given("최종수정시점", _moment(camera.dataset_modified_at)),
    ]


def _given(label: str, value: Any) -> list[Fact]:
    """A field that is shown only when something stands in it."""
    return [Fact(label, str(value))] if value else []


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else ""


def missing_papers(camera: Camera, maximum: ParameterValue) -> list[str]:
    """What the register does not say although something asks for it at the stage of the camera; one sentence each."""
    if camera.state == CameraState.REMOVED:
        return []
    checks = [
        (not camera.site.address, "주소가 없습니다."),
        (
            camera.retention_days > int(maximum.value) and not camera.has_retention_ground(),
            f"보관기간이 {maximum.value}일을 넘는데 그렇게 정한 법령이 없습니다 ({maximum.citation}).",
        ),
    ]
    # Art. 7 asks who installs before the plan is consulted on; the rest is asked of what stands.
    if camera.state != CameraState.PLANNED:
        checks.append((camera.installing_department_id is None, "설치부서가 없습니다."))
    if camera.state in STANDING:
        checks += _of_standing(camera)
    return [sentence for is_missing, sentence in checks if is_missing]


def _of_standing(camera: Camera) -> list[tuple[bool, str]]:
    return [
        (camera.site.latitude is None, "위치 좌표가 없습니다."),
        (not (camera.filming_range or camera.filming_direction), "촬영범위가 없습니다."),
        (camera.installed_month is None, "설치연월이 없습니다."),
        (camera.pixel_10k is None, "카메라화소수가 없습니다."),
        (camera.audio_checked_on is None, "녹음기능을 쓰지 않는지 확인한 기록이 없습니다."),
        (camera.link_status == LinkStatus.UNKNOWN, "관제센터 연계 여부를 확인하지 않았습니다."),
        (
            camera.link_status == LinkStatus.NOT_LINKED and not camera.link_exemption_reason,
            "관제센터에 연계하지 않은 사유가 없습니다.",
        ),
    ]
