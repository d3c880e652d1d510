"""The register: sites, cameras. Every field is traced by django-simple-history.

A site is a place. All that the national dataset says about a row beyond the place (purpose, pixels, direction,
telephone, reference date …) belongs to the cameras of that row, so that nothing of a file is lost.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Department, Institution
from cameras import geography, purposes
from cameras.enums import (
    CameraState,
    DatasetPurpose,
    DeviceKind,
    InstallPurpose,
    LinkExemptionReason,
    LinkStatus,
    MonitoringScope,
    Pipa25Ground,
    PlaceKind,
    SignExemptionGround,
)
from cameras.numbering import natural_key, place_key
from cameras.querysets import CameraQuerySet, SiteQuerySet
from casework.models.history import history_of
from ordinance import parameters
from ordinance.citations import names_an_article

# A site with more cameras than this is a slip of the keyboard, not a place.
MAX_CAMERAS_PER_SITE = 1000
MAX_RETENTION_DAYS = 3650
NOT_A_LAW = "다른 법령의 이름과 조문을 적습니다: ‘○○법 제○조’. 조례나 사정은 근거가 되지 않습니다."
MAX_PIXEL_10K = 100_000
# What an exemption from the sign consists of (Decree art. 24(4)).
SIGN_EXEMPTION = ("sign_exemption_ground", "sign_exemption_document", "sign_exemption_approver")


class PurposeMapping(models.Model):
    """설치목적 대응표: the dataset's purpose → purpose of ordinance art. 6 and ground of PIPA art. 25(1).

    A proposal until a person confirms it; the office may change a line, new imports follow it.
    """

    dataset_purpose = models.CharField("설치목적구분", max_length=20, choices=DatasetPurpose, unique=True)
    install_purpose = models.CharField("설치목적", max_length=24, choices=InstallPurpose)
    pipa25_ground = models.PositiveSmallIntegerField("설치 근거 (법 제25조제1항)", choices=Pipa25Ground)
    citation = models.CharField("근거", max_length=200)
    is_confirmed = models.BooleanField("담당자 확인", default=False)

    class Meta:
        verbose_name = "설치목적 대응표"
        verbose_name_plural = "설치목적 대응표"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dataset_purpose} → {self.get_install_purpose_display()}"

    @classmethod
    def by_dataset(cls) -> dict[str, str]:
        """The purpose that each of the dataset's purposes means."""
        return dict(cls.objects.order_by("pk").values_list("dataset_purpose", "install_purpose"))


class Site(models.Model):
    """설치장소 (지점): a pole or place that carries one or more cameras."""

    number = models.CharField("관리번호", max_length=40, unique=True)
    has_own_number = models.BooleanField(
        "자체 부여 번호",
        default=False,
        help_text="표준데이터에 관리번호가 없어 시스템이 부여한 번호입니다.",
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="sites", verbose_name="관리기관"
    )
    road_address = models.CharField("소재지도로명주소", max_length=300, blank=True)
    lot_address = models.CharField("소재지지번주소", max_length=300, blank=True)
    latitude = models.DecimalField("WGS84위도", max_digits=12, decimal_places=9, null=True, blank=True)
    longitude = models.DecimalField("WGS84경도", max_digits=12, decimal_places=9, null=True, blank=True)
    english_address = models.CharField(
        "영문 소재지",
        max_length=300,
        blank=True,
        help_text="안내판에 함께 적습니다. 도로명주소 안내시스템(juso.go.kr)의 영문주소를 옮깁니다.",
    )
    place_key = models.CharField("위치 식별값", max_length=32, editable=False, db_index=True)

    objects = SiteQuerySet.as_manager()
    history = history_of(excluded=["place_key"], no_index=["institution"])

    class Meta:
        verbose_name = "설치장소"
        verbose_name_plural = "설치장소"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.address}".strip()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.place_key = place_key(
            self.institution_id, self.road_address, self.lot_address, self.latitude, self.longitude
        )
        if update_fields is not None:
            update_fields = {*update_fields, "place_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self) -> None:
        if self.number != " ".join(self.number.split()):
            raise ValidationError({"number": "관리번호에 줄바꿈이나 앞뒤 빈칸이 있습니다."})
        if not (self.road_address or self.lot_address):
            raise ValidationError("소재지도로명주소와 소재지지번주소 가운데 하나는 있어야 합니다.")
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError("위도와 경도는 함께 적거나 함께 비웁니다.")
        if self.latitude is not None and self.longitude is not None:
            problem = geography.problem(self.latitude, self.longitude)
            if problem:
                raise ValidationError(" ".join(problem))

    @property
    def address(self) -> str:
        return self.road_address or self.lot_address


class Camera(models.Model):
    """고정형 영상정보처리기기: one device; its number is `<관리번호>-<n>`."""

    # The unique constraint on (site, ordinal) is the index of `site`.
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="cameras", verbose_name="설치장소", db_index=False
    )
    ordinal = models.PositiveIntegerField("순번", validators=[MinValueValidator(1)])
    number = models.CharField("카메라 번호", max_length=50, unique=True, blank=True)
    # "…-2" sorts before "…-10"; the order of every list.
    sort_key = models.CharField("정렬값", max_length=120, editable=False)
    state = models.CharField("상태", max_length=12, choices=CameraState, default=CameraState.PLANNED)
    install_purpose = models.CharField("설치목적", max_length=24, choices=InstallPurpose)
    purpose_detail = models.CharField("설치목적 상세", max_length=200, blank=True)
    dataset_purpose = models.CharField("설치목적구분", max_length=20, choices=DatasetPurpose)
    pipa25_ground = models.PositiveSmallIntegerField("설치 근거 (법 제25조제1항)", choices=Pipa25Ground)
    special_law_basis = models.CharField("특별법 근거", max_length=200, blank=True)
    device_kind = models.CharField("기기 종류", max_length=10, choices=DeviceKind, default=DeviceKind.NETWORK)
    pixel_10k = models.PositiveIntegerField(
        "카메라화소수 (만 화소)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PIXEL_10K)],
    )
    filming_direction = models.CharField("촬영방면정보", max_length=500, blank=True)
    filming_range = models.CharField("촬영범위", max_length=200, blank=True)
    filming_hours = models.CharField("촬영시간", max_length=100, default="24시간", blank=True)
    retention_days = models.PositiveSmallIntegerField(
        "보관일수", validators=[MinValueValidator(1), MaxValueValidator(MAX_RETENTION_DAYS)]
    )
    # Written until a longer period needed a law of its own; shown, and counting for nothing.
    retention_exception = models.CharField(
        "종전의 보관기간 초과 사유", max_length=300, blank=True, editable=False
    )
    # Longer than the ordinance allows (art. 24(1) item 1): all four or none.
    retention_law = models.CharField(
        "초과 보관의 근거 법령",
        max_length=200,
        blank=True,
        help_text="더 오래 보관하도록 정한 다른 법령과 그 조문: ‘○○법 제○조’. 사건의 영상은 기간을 늘리지 말고 삭제 유예를 거십시오.",
    )
    retention_document = models.CharField("초과 보관 결정 문서번호", max_length=100, blank=True)
    retention_approver = models.CharField(
        "초과 보관 승인자", max_length=100, blank=True, help_text="직위와 이름"
    )
    retention_until_on = models.DateField("초과 보관의 끝", null=True, blank=True)
    installed_month = models.DateField("설치연월", null=True, blank=True, help_text="그 달 1일로 저장합니다.")
    reference_on = models.DateField("데이터기준일자", null=True, blank=True)
    phone = models.CharField("관리기관전화번호", max_length=40, blank=True)
    local_government_code = models.CharField("개방자치단체코드", max_length=10, blank=True)
    provider_code = models.CharField("제공기관코드", max_length=10, blank=True)
    provider_name = models.CharField("제공기관명", max_length=200, blank=True)
    dataset_update_kind = models.CharField("데이터갱신구분", max_length=20, blank=True)
    dataset_updated_at = models.DateTimeField("데이터갱신시점", null=True, blank=True)
    dataset_modified_at = models.DateTimeField("최종수정시점", null=True, blank=True)
    has_ptz = models.BooleanField("회전·확대 기능", default=False)
    lpr_enabled = models.BooleanField("차량번호 인식", default=False)
    analytics = models.CharField("영상분석 기능", max_length=300, blank=True)
    audio_disabled = models.BooleanField("녹음기능 미사용", default=True)
    audio_checked_on = models.DateField("녹음기능 확인일", null=True, blank=True)
    audio_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="녹음기능 확인자",
        db_index=False,
    )
    installing_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cameras",
        verbose_name="설치부서",
    )
    # Not read any more: who is entrusted is said by contracts (`cameras.entrustment`). Removed in the next release.
    contractor = models.ForeignKey(
        "cameras.Contractor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="수탁자",
    )
    link_status = models.CharField(
        "관제센터 연계 여부", max_length=10, choices=LinkStatus, default=LinkStatus.UNKNOWN
    )
    link_exemption_reason = models.CharField(
        "연계 제외 사유", max_length=12, choices=LinkExemptionReason, blank=True
    )
    link_exemption_document = models.CharField("연계 제외 문서번호", max_length=100, blank=True)
    is_sign_exempt = models.BooleanField(
        "안내판 제외 시설",
        default=False,
        help_text="군사시설 등 (법 제25조제4항 단서). 안내판과 누리집의 위치 공개에서만 빠지고, 운영·관리 방침의 대수에는 들어갑니다.",
    )
    sign_exemption_ground = models.CharField(
        "안내판 제외 근거",
        max_length=12,
        choices=SignExemptionGround,
        blank=True,
        help_text="개인정보 보호법 시행령 제24조제4항",
    )
    sign_exemption_document = models.CharField("안내판 제외 문서번호", max_length=100, blank=True)
    sign_exemption_approver = models.CharField(
        "안내판 제외 승인자", max_length=100, blank=True, help_text="직위까지. 예: 안전관리과장"
    )
    # An installation begins at "planned"; moving or another purpose begins the next one (Guideline art. 38).
    installation = models.PositiveSmallIntegerField("설치 차수", default=1, editable=False)
    project = models.ForeignKey(
        "cameras.InstallationProject",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="cameras",
        verbose_name="설치 사업",
    )
    place_kind = models.CharField(
        "장소의 성격",
        max_length=16,
        choices=PlaceKind,
        default=PlaceKind.OPEN,
        help_text="법 제25조제2항: 사생활을 현저히 침해할 우려가 있는 곳의 내부에는 설치하지 못합니다.",
    )
    monitoring_scope = models.CharField(
        "관제 범위", max_length=10, choices=MonitoringScope, default=MonitoringScope.UNKNOWN
    )
    monitoring_document = models.CharField("관제 범위 협의 문서번호", max_length=100, blank=True)
    operating_hours = models.CharField("운영시간", max_length=100, blank=True)
    after_hours_purpose = models.CharField("운영시간 외 활용목적", max_length=200, blank=True)
    recording_key = models.CharField(
        "녹화 식별자",
        max_length=200,
        blank=True,
        help_text="녹화기의 경로에 나오는 이름. 비우면 카메라 번호입니다.",
    )
    removed_on = models.DateField("철거일", null=True, blank=True)

    objects = CameraQuerySet.as_manager()
    history = history_of(
        excluded=["sort_key"],
        no_index=["installing_department", "contractor", "project", "audio_checked_by", "number"],
    )

    class Meta:
        verbose_name = "카메라"
        verbose_name_plural = "카메라"
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "ordinal"],
                name="camera_ordinal_once_per_site",
                violation_error_message="같은 설치장소에 이미 있는 순번입니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(retention_days__gte=1),
                name="camera_retention_at_least_a_day",
                violation_error_message="보관일수는 1일 이상입니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    retention_law="",
                    retention_document="",
                    retention_approver="",
                    retention_until_on__isnull=True,
                )
                | (
                    ~models.Q(retention_law="")
                    & ~models.Q(retention_document="")
                    & ~models.Q(retention_approver="")
                    & models.Q(retention_until_on__isnull=False)
                ),
                name="camera_retention_ground_whole",
                violation_error_message="초과 보관은 근거 법령, 결정 문서번호, 승인자, 끝을 모두 적거나 모두 비웁니다.",
            ),
        ]
        indexes = [models.Index(fields=["recording_key"], name="camera_recording_key")]
        permissions = [
            ("import_register", "표준데이터를 대장으로 가져올 수 있음"),
            ("bulk_edit_camera", "카메라를 일괄 변경할 수 있음"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self._complete_names()
        if update_fields is not None:
            update_fields = {*update_fields, "number", "sort_key", "recording_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self) -> None:
        self._complete_names()
        errors: dict[str, str] = {}
        if self.number != f"{self.site.number}-{self.ordinal}":
            errors["number"] = (
                f"카메라 번호는 ‘{self.site.number}-{self.ordinal}’이어야 합니다(관리번호-순번)."
            )
        maximum = parameters.value("retention_max_days")
        if self.retention_days and self.retention_days > maximum.value and not self.has_retention_ground():
            errors["retention_days"] = (
                f"최대 보관기간 {maximum.value}일({maximum.citation})을 넘습니다. 더 오래 보관하도록 정한 다른 법령의 조문, "
                "결정 문서, 승인자와 끝이 있어야 합니다."
            )
        if self.retention_law and not names_an_article(self.retention_law):
            errors["retention_law"] = NOT_A_LAW
        rival = Camera.objects.claiming(self.recording_key).exclude(pk=self.pk).first()
        if rival:
            errors["recording_key"] = (
                f"카메라 {rival.number}의 녹화 식별자입니다. 영상의 주인이 둘일 수 없습니다."
            )
        if (self.state == CameraState.REMOVED) != (self.removed_on is not None):
            errors["removed_on"] = "철거일은 상태가 ‘철거’일 때만, 그때는 반드시 적습니다."
        if self.link_exemption_reason and self.link_status != LinkStatus.NOT_LINKED:
            errors["link_exemption_reason"] = "연계 제외 사유는 ‘미연계’일 때만 적습니다."
        errors |= self._errors_of_exemption()
        errors |= self._errors_of_purpose()
        errors |= self._errors_of_dataset_purpose()
        if errors:
            raise ValidationError(errors)

    def has_retention_ground(self, on: date | None = None) -> bool:
        """Whether a law, decided by a document and not over, lets its footage stay longer (`with_retention_ground`)."""
        if not (self.retention_law and self.retention_until_on):
            return False
        return self.retention_until_on >= (on or timezone.localdate())

    def _errors_of_exemption(self) -> dict[str, str]:
        """Free from the sign only by one of the grounds, on paper, approved by somebody (Decree art. 24(4))."""
        given = {name: getattr(self, name) for name in SIGN_EXEMPTION}
        if not self.is_sign_exempt:
            return {name: "‘안내판 제외 시설’일 때만 적습니다." for name, value in given.items() if value}
        return {
            name: "안내판 제외 시설이면 반드시 적습니다(개인정보 보호법 시행령 제24조제4항)."
            for name, value in given.items()
            if not value.strip()
        }

    def _errors_of_purpose(self) -> dict[str, str]:
        """Purpose and ground are judged when somebody states them, not when something else is put right."""
        stated = {name: getattr(self, name) for name in purposes.FIELDS}
        before = Camera.objects.filter(pk=self.pk).values(*purposes.FIELDS).first()
        if not self.stores_nothing:
            # Only where nothing may be stored is the period a part of it.
            for each in (stated, before or {}):
                each["retention_days"] = None
        if before == stated or self.pipa25_ground is None:
            return {}
        return {each.field: each.sentence for each in purposes.refusals(purposes.Stated.of(stated))}

    def _errors_of_dataset_purpose(self) -> dict[str, str]:
        stated = {name: getattr(self, name) for name in purposes.DATASET_FIELDS}
        if Camera.objects.filter(pk=self.pk, **stated).exists() or not all(stated.values()):
            return {}
        found = purposes.dataset_refusals(
            self.install_purpose, self.dataset_purpose, PurposeMapping.by_dataset()
        )
        return {each.field: each.sentence for each in found}

    @property
    def stores_nothing(self) -> bool:
        return purposes.stores_nothing(self.pipa25_ground)

    def _complete_names(self) -> None:
        self.number = self.number or f"{self.site.number}-{self.ordinal}"
        self.recording_key = self.recording_key or self.number
        self.sort_key = natural_key(self.number)
