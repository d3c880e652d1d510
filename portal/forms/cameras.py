"""Forms of the register: one place, one camera, and the outline of the map."""

from typing import Any

from django import forms

from cameras import outline
from cameras.editing import REASON_LENGTH
from cameras.models import Camera, Site
from ordinance import parameters


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
            "state",
            "install_purpose",
            "purpose_detail",
            "dataset_purpose",
            "pipa25_ground",
            "special_law_basis",
            "device_kind",
            "pixel_10k",
            "filming_direction",
            "filming_range",
            "filming_hours",
            "retention_days",
            "retention_exception",
            "installed_month",
            "has_ptz",
            "lpr_enabled",
            "analytics",
            "audio_disabled",
            "audio_checked_on",
            "audio_checked_by",
            "installing_department",
            "contractor",
            "link_status",
            "link_exemption_reason",
            "link_exemption_document",
            "is_sign_exempt",
            "recording_key",
            "removed_on",
            "phone",
            "reference_on",
        ]
        widgets = {
            "audio_checked_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "removed_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "reference_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    installed_month = MonthField(label="설치연월", required=False)
    reason = reason_field()

    # How the fields stand together on the screen.
    GROUPS = (
        (
            "목적과 근거",
            ("install_purpose", "purpose_detail", "dataset_purpose", "pipa25_ground", "special_law_basis"),
        ),
        (
            "상태와 관리",
            (
                "state",
                "installing_department",
                "contractor",
                "installed_month",
                "removed_on",
                "phone",
                "reference_on",
            ),
        ),
        ("촬영", ("device_kind", "pixel_10k", "filming_direction", "filming_range", "filming_hours")),
        (
            "기능",
            ("has_ptz", "lpr_enabled", "analytics", "audio_disabled", "audio_checked_on", "audio_checked_by"),
        ),
        ("보관과 녹화", ("retention_days", "retention_exception", "recording_key")),
        (
            "관제센터 연계와 공개",
            ("link_status", "link_exemption_reason", "link_exemption_document", "is_sign_exempt"),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        maximum = parameters.value("retention_max_days")
        self.fields[
            "retention_days"
        ].help_text = (
            f"1~{maximum.value}일 ({maximum.citation}). 넘기려면 보관기간 초과 사유를 적어야 합니다."
        )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]


class OutlineForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON 파일",
        help_text="자치구 경계(면). 좌표는 WGS84 경위도, 5MB까지. 도형만 저장하고 나머지 내용은 버립니다.",
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
