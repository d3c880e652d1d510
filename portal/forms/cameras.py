"""Forms of the register: one place, one camera, and the outline of the map."""

from typing import Any

from django import forms
from django.utils import timezone

from cameras import outline, purposes
from cameras.editing import REASON_LENGTH
from cameras.enums import STANDING, CameraState
from cameras.models import Camera, InstallationProject, Site
from cameras.models.register import SIGN_EXEMPTION
from ordinance import parameters
from portal.forms.fields import DayField, day_field


class MonthField(forms.DateField):
    """설치연월: `<input type="month">`, stored as the first day of the month."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m", "%Y%m", "%Y-%m-%d"])
        kwargs.setdefault("error_messages", {"invalid": "연월은 2024-03처럼 적습니다."})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        return day.replace(day=1) if day else day


def reason_field() -> forms.CharField:
    return forms.CharField(
        label="변경 사유",
        max_length=REASON_LENGTH,
        help_text="변경 이력에 남습니다. 문서번호나 까닭을 적습니다.",
    )


class SiteForm(forms.ModelForm):
    class Meta:
        model = Site
        fields = [
            "institution",
            "number",
            "road_address",
            "lot_address",
            "english_address",
            "latitude",
            "longitude",
        ]

    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # The number is part of its cameras' numbers and of paths on disk.
            self.fields["number"].disabled = True
            self.fields["number"].help_text = "카메라 번호의 앞부분이므로 바꿀 수 없습니다."
        else:
            self.fields["number"].required = False
            self.fields["number"].help_text = "비우면 시스템이 번호를 부여합니다."
        for name in ("latitude", "longitude"):
            self.fields[name].widget.attrs["step"] = "any"


class CameraForm(forms.ModelForm):
    class Meta:
        model = Camera
        fields = [
            "install_purpose",
            "purpose_detail",
            "dataset_purpose",
            "pipa25_ground",
            "special_law_basis",
            "place_kind",
            "device_kind",
            "pixel_10k",
            "filming_direction",
            "filming_range",
            "filming_hours",
            "retention_days",
            "retention_law",
            "retention_document",
            "retention_approver",
            "retention_until_on",
            "installed_month",
            "has_ptz",
            "lpr_enabled",
            "analytics",
            "audio_disabled",
            "audio_checked_on",
            "audio_checked_by",
            "installing_department",
            "link_status",
            "link_exemption_reason",
            "link_exemption_document",
            "monitoring_scope",
            "monitoring_document",
            "operating_hours",
            "after_hours_purpose",
            "is_sign_exempt",
            *SIGN_EXEMPTION,
            "recording_key",
            "phone",
            "reference_on",
        ]
        field_classes = dict.fromkeys(("audio_checked_on", "reference_on", "retention_until_on"), DayField)

    installed_month = MonthField(label="설치연월", required=False)
    reason = reason_field()

    # How the fields stand together on the screen.
    GROUPS = (
        (
            "목적과 근거",
            (
                "install_purpose",
                "purpose_detail",
                "dataset_purpose",
                "pipa25_ground",
                "special_law_basis",
                "place_kind",
            ),
        ),
        (
            "관리",
            (
                "installing_department",
                "installed_month",
                "phone",
                "reference_on",
            ),
        ),
        ("촬영", ("device_kind", "pixel_10k", "filming_direction", "filming_range", "filming_hours")),
        (
            "기능",
            ("has_ptz", "lpr_enabled", "analytics", "audio_disabled", "audio_checked_on", "audio_checked_by"),
        ),
        (
            "보관과 녹화",
            (
                "retention_days",
                "retention_law",
                "retention_document",
                "retention_approver",
                "retention_until_on",
                "recording_key",
            ),
        ),
        (
            "관제센터 연계와 공개",
            (
                "link_status",
                "link_exemption_reason",
                "link_exemption_document",
                "monitoring_scope",
                "monitoring_document",
                "operating_hours",
                "after_hours_purpose",
                "is_sign_exempt",
                *SIGN_EXEMPTION,
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.state not in STANDING:
            del self.fields["installed_month"]
        if self.instance.pk and self.instance.state != CameraState.PLANNED:
            self.fields[
                "install_purpose"
            ].help_text = "잘못 적은 것을 바로잡을 때만 고칩니다. 목적이 바뀌었으면 ‘목적 변경’으로 처리하십시오(지침 제38조)."
        maximum = parameters.value("retention_max_days")
        self.longest_days = int(maximum.value)
        self.fields["retention_days"].help_text = (
            f"1~{maximum.value}일 ({maximum.citation}). 넘기려면 그렇게 정한 다른 법령을 적어야 합니다. "
            "설치 근거가 6호이면 저장하지 않으므로 비웁니다. 줄이면 이미 녹화된 영상은 다른 사람이 확인할 때까지 이전 보관기간을 따릅니다."
        )
        self.fields["retention_days"].required = False
        if self.instance.stores_nothing:
            self.initial["retention_days"] = None

    def clean(self) -> dict[str, Any]:
        """Only where nothing is stored there is no period."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "retention_days" in given and given["retention_days"] is None:
            if purposes.stores_nothing(given.get("pipa25_ground")):
                given["retention_days"] = purposes.NOT_STORED_DAYS
            else:
                self.add_error("retention_days", "보관일수를 적습니다.")
        return given

    @property
    def changed_data(self) -> list[str]:
        """A period that was left empty on purpose counts as given."""
        changed: list[str] = super().changed_data
        own = getattr(self, "cleaned_data", {}).get("retention_days")
        return changed if own is None or "retention_days" in changed else [*changed, "retention_days"]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS
        ]


class NewCameraForm(CameraForm):
    """A camera that is planned: it begins in a project where one is chosen."""

    project = forms.ModelChoiceField(
        label="설치 사업",
        queryset=InstallationProject.objects.filter(closed_on__isnull=True),
        required=False,
        empty_label="나중에 정함",
        help_text="협의나 의견수렴을 시작한 사업에는 넣을 수 없습니다.",
    )
    planned_on = day_field(
        "계획일",
        initial=timezone.localdate,
        required=False,
        help_text="다음 단계의 처리일은 이 날보다 앞설 수 없습니다. 비우면 오늘입니다.",
    )
    GROUPS = (("계획", ("project", "planned_on")), *CameraForm.GROUPS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where nobody knows the least period that would do, the guideline's (art. 41(2)), and never the maximum's more.
        default = int(parameters.value("retention_default_days").value)
        self.fields["retention_days"].initial = min(default, self.longest_days)


class OutlineForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON 파일",
        help_text="자치구 경계(면)는 꼭 있어야 합니다. 속성 kind가 dong인 면과 road인 선은 name과 함께 동과 길로 그립니다. 좌표는 WGS84 경위도, 5MB까지. 나머지 내용은 버립니다.",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )

    def clean_file(self) -> outline.Outline:
        upload = self.cleaned_data["file"]
        if upload.size > outline.MAX_BYTES:
            raise forms.ValidationError(
                f"파일이 너무 큽니다. {outline.MAX_BYTES // 1024 // 1024}MB까지 올릴 수 있습니다."
            )
        try:
            return outline.read(upload.read())
        except outline.OutlineRefused as error:
            raise forms.ValidationError(str(error)) from error
