"""Forms of the register: one place, one camera, and the outline of the map."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Department, Institution
from cameras import installing, outline, planning, purposes
from cameras.editing import REASON_LENGTH
from cameras.enums import STANDING, CameraState, DeviceKind, InstallPurpose, LinkStatus, MonitoringScope
from cameras.models import Camera, InstallationProject, Site
from cameras.models.register import MAX_PIXEL_10K, SIGN_EXEMPTION
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
            self.fields["number"].help_text = "비우면 다음 번호(예: L2026-001)를 부여합니다."
            self.fields["institution"].initial = only_institution()
            self.fields["reason"].required = False
            self.fields["reason"].help_text = "변경 이력에 남습니다. 비우면 ‘설치장소 등록’입니다."
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


DERIVED = "설치목적에 맞게 저절로 정함"


def _choice(name: str, empty: str) -> forms.ChoiceField:
    """One of the register's closed lists, with words for "nothing stated"."""
    column = Camera._meta.get_field(name)
    return forms.TypedChoiceField(
        label=column.verbose_name,
        choices=[("", empty), *column.flatchoices],
        coerce=column.to_python,
        empty_value=None,
        required=False,
    )


class PlannedForm(forms.Form):
    """What is known of cameras that are only planned; the rest is asked when they are installed."""

    install_purpose = forms.ChoiceField(
        label="설치목적", choices=[("", "고르십시오"), *InstallPurpose.choices], help_text="조례 제6조"
    )
    many = forms.IntegerField(
        label="카메라 대수",
        min_value=1,
        max_value=planning.MOST_AT_ONCE,
        initial=1,
        help_text="이 설치장소에 다는 카메라의 수",
    )
    retention_days = forms.IntegerField(label="보관일수", min_value=1, required=False)
    pipa25_ground = _choice("pipa25_ground", DERIVED)
    dataset_purpose = _choice("dataset_purpose", DERIVED)
    filming_range = forms.CharField(
        label="촬영할 방향·범위",
        max_length=100,
        required=False,
        help_text="의견수렴 공고에 나오고, 공고한 뒤에는 고칠 수 없습니다. 예: 놀이터 입구 쪽 반경 30m. 카메라마다 다르면 나중에 따로 적습니다.",
    )
    purpose_detail = forms.CharField(
        label="설치목적 상세",
        max_length=200,
        required=False,
        help_text="‘그 밖의 공익’이면 무엇을 위한 것인지 적습니다.",
    )
    special_law_basis = forms.CharField(
        label="특별법 근거",
        max_length=200,
        required=False,
        help_text="설치 근거가 1호이면 허용한 법령을 적습니다.",
    )
    planned_on = day_field(
        "계획일",
        initial=timezone.localdate,
        required=False,
        help_text="다음 단계의 처리일은 이 날보다 앞설 수 없습니다. 비우면 오늘입니다.",
    )
    reason = forms.CharField(
        label="사유",
        max_length=REASON_LENGTH,
        required=False,
        help_text="변경 이력에 남습니다. 비우면 ‘설치 계획’입니다.",
    )
    OWN = (
        "install_purpose",
        "retention_days",
        "filming_range",
        "pipa25_ground",
        "dataset_purpose",
        "purpose_detail",
        "special_law_basis",
    )
    # What one may leave as it stands is folded.
    GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("무엇을 위하여", ("install_purpose", "many", "filming_range", "retention_days")),
    )
    FOLDED = (
        "pipa25_ground",
        "dataset_purpose",
        "purpose_detail",
        "special_law_basis",
        "planned_on",
        "reason",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where nobody knows the least period that would do, the guideline's (art. 41(2)), and never the maximum's more.
        default, most = (parameters.value(code) for code in ("retention_default_days", "retention_max_days"))
        self.fields["retention_days"].initial = min(int(default.value), int(most.value))
        self.fields[
            "retention_days"
        ].help_text = f"{most.value}일까지 ({most.citation}). 저장하지 않는 카메라(6호)이면 비웁니다."

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS
        ]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED if name in self.fields]

    @property
    def is_folded(self) -> bool:
        """Nothing wrong is hidden."""
        return not any(field.errors for field in self.folded)

    @property
    def values(self) -> dict[str, Any]:
        """Of the camera; after `is_valid`."""
        return {name: self.cleaned_data[name] for name in self.OWN}

    @property
    def options(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"many": given["many"], "on": given["planned_on"], "reason": given["reason"]}


class NewCameraForm(PlannedForm):
    """Planned cameras at a known place, in a project or (for now) in none."""

    project = forms.ModelChoiceField(
        label="설치 사업",
        queryset=InstallationProject.objects.filter(closed_on__isnull=True),
        required=False,
        empty_label="나중에 정함",
        help_text="협의나 의견수렴을 시작한 사업에는 넣을 수 없습니다.",
    )
    installing_department = forms.ModelChoiceField(
        label="설치부서",
        queryset=Department.objects.all(),
        required=False,
        help_text="사업을 고르면 그 사업의 설치부서가 됩니다.",
    )
    GROUPS = (*PlannedForm.GROUPS, ("사업", ("project", "installing_department")))
    OWN = (*PlannedForm.OWN, "installing_department")


class PlaceForm(PlannedForm):
    """A place and its planned cameras at once: what a project begins with."""

    number = forms.CharField(
        label="이미 있는 설치장소의 관리번호",
        max_length=40,
        required=False,
        help_text="대장에 있는 곳이면 관리번호만 적고 주소와 위치는 비웁니다.",
    )
    GROUPS = (
        ("어디에", ("institution", "road_address", "lot_address", "latitude", "longitude", "number")),
        *PlannedForm.GROUPS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in planning.PLACE_FIELDS:
            self.fields[name] = Site._meta.get_field(name).formfield(required=False)  # type: ignore[union-attr]
        for name in ("latitude", "longitude"):
            self.fields[name].widget.attrs["step"] = "any"
        self.fields["institution"].initial = only_institution()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        self.site = Site.objects.filter(number=given.get("number") or None).first()
        if given.get("number") and self.site is None:
            self.add_error("number", "대장에 없는 관리번호입니다. 새 설치장소이면 비우고 주소를 적으십시오.")
        if not given.get("number") and given.get("institution") is None:
            self.add_error("institution", "관리기관을 고르십시오.")
        return given

    @property
    def place(self) -> Site | dict[str, Any]:
        """The known place, or what is said of the new one."""
        return self.site or {name: self.cleaned_data[name] for name in planning.PLACE_FIELDS}


VIEW_HELP = "촬영방면정보와 촬영범위 가운데 하나는 적습니다. 안내판에 적힙니다. 예: 반경 30m"
NO_VIEW = "안내판에 적을 촬영범위나 촬영방면정보를 적으십시오(조례 제9조)."


class InstalledForm(forms.Form):
    """What all cameras of a project have in common, and where each one looks."""

    device_kind = forms.ChoiceField(label="기기 종류", choices=DeviceKind.choices, initial=DeviceKind.NETWORK)
    pixel_10k = forms.IntegerField(
        label="카메라 화소수 (만 화소)",
        min_value=1,
        max_value=MAX_PIXEL_10K,
        required=False,
        help_text="예: 200만 화소이면 200",
    )
    has_ptz = forms.BooleanField(label="회전·확대 기능이 있음", required=False)
    lpr_enabled = forms.BooleanField(label="차량번호를 인식함", required=False)
    link_status = forms.ChoiceField(
        label="관제센터 연계",
        choices=[(LinkStatus.LINKED, "관제센터에 연계함"), (LinkStatus.NOT_LINKED, "연계하지 않음")],
        widget=forms.RadioSelect,
        help_text="연계하지 않으면 제외를 결정한 문서를 ‘연계 제외 결정’ 서류로 등록해야 합니다(조례 제13조).",
    )
    monitoring_scope = forms.ChoiceField(
        label="관제 범위",
        choices=[(MonitoringScope.LIVE, "실시간 관제"), (MonitoringScope.EXCLUDED, "협의에 따라 제외")],
        widget=forms.RadioSelect,
        help_text="제외하면 협의서를 ‘관제 범위 협의서’ 서류로 등록해야 합니다(조례 제14조).",
    )
    reason = forms.CharField(
        label="사유", max_length=300, required=False, help_text="비우면 ‘설치한 내용’입니다."
    )

    def __init__(self, *args: Any, cameras: Sequence[Camera], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cameras = cameras
        if cameras:
            self.initial = {name: getattr(cameras[0], name) for name in installing.COMMON} | self.initial
        for camera in cameras:
            for name in installing.OWN:
                column = Camera._meta.get_field(name)
                self.fields[f"{name}_{camera.pk}"] = forms.CharField(
                    label=f"{camera.number} {column.verbose_name}",
                    max_length=column.max_length,
                    required=False,
                    initial=getattr(camera, name),
                    help_text=VIEW_HELP if name == "filming_range" and not camera.is_sign_exempt else "",
                )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if installing.must_say_where_it_looks():
            for camera in self.cameras:
                names = [f"{name}_{camera.pk}" for name in installing.OWN]
                # A name that is missing has an error of its own.
                if not camera.is_sign_exempt and all(cleaned.get(name, "?") == "" for name in names):
                    self.add_error(f"filming_range_{camera.pk}", NO_VIEW)
        return cleaned

    @property
    def common(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in installing.COMMON}

    @property
    def each(self) -> dict[int, dict[str, str]]:
        return {
            camera.pk: {name: self.cleaned_data[f"{name}_{camera.pk}"] for name in installing.OWN}
            for camera in self.cameras
        }

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The common ones, then one group for each camera."""
        common = [self[name] for name in installing.COMMON]
        own = [
            (
                f"{camera.number} {camera.site.address}",
                [self[f"{name}_{camera.pk}"] for name in installing.OWN],
            )
            for camera in self.cameras
        ]
        return [("모든 카메라에", common), *own, ("기록", [self["reason"]])]


def only_institution() -> int | None:
    """Where an office runs the system for itself alone, nobody has to choose."""
    keys = list(Institution.objects.values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


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
