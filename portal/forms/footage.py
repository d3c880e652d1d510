"""Forms of footage: storages, holds, folders without a camera, confirmations, and the filters of its lists."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from cameras.models import Camera
from footage.holds import MAX_REASON
from footage.layouts import NAMED
from footage.models import Storage, UnclaimedFolder
from footage.storages import LONGEST_SEGMENT_SECONDS
from ordinance.citations import names_a_provision
from portal.forms.fields import day_field, moment_field

FREE = "free"
LAYOUTS = [*((name, name) for name in NAMED), (FREE, "직접 적기 (strftime 형식과 {camera})")]
ANY = ("", "전체")


class CameraNumberField(forms.CharField):
    """A camera by its number, with suggestions from the register while typing."""

    default_error_messages = {"unknown": "대장에 없는 카메라 번호입니다: %(number)s"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=50, **kwargs)
        self.widget.attrs |= {"list": "camera-suggestions", "autocomplete": "off", "data-suggest": "camera"}

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        camera = Camera.objects.select_related("site").filter(number=number).first()
        if camera is None:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown", {"number": number})
        return camera


def reason_field(label: str = "사유", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        validators=[MaxLengthValidator(MAX_REASON)],
    )


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def known_zone(name: str) -> str:
    name = name.strip()
    if name not in available_timezones():
        raise forms.ValidationError(f"모르는 시간대입니다: {name}")
    return name


class TimezoneForm(forms.Form):
    timezone = forms.CharField(
        label="경로 시간대", max_length=50, help_text="경로에 적힌 시각의 시간대. 예: Asia/Seoul, UTC"
    )
    reason = reason_field()

    def clean_timezone(self) -> str:
        return known_zone(self.cleaned_data["timezone"])


class StorageForm(forms.Form):
    name = forms.CharField(label="저장소 이름", max_length=100)
    root = forms.CharField(
        label="폴더",
        max_length=1000,
        help_text="이 서버에서 보이는 녹화 폴더의 절대 경로. Frigate는 recordings 폴더를 담은 폴더입니다.",
    )
    layout = forms.ChoiceField(label="경로 형식", choices=LAYOUTS)
    template = forms.CharField(
        label="직접 적은 형식",
        max_length=300,
        required=False,
        help_text="예: {camera}/%Y-%m-%d/%H-%M-%S.mp4. ‘경로 형식’에서 ‘직접 적기’를 골랐을 때만 씁니다.",
    )
    timezone = forms.CharField(
        label="경로 시간대",
        max_length=50,
        initial="Asia/Seoul",
        help_text="경로에 적힌 시각의 시간대. 예: Asia/Seoul, UTC",
    )
    segment_seconds = forms.IntegerField(
        label="파일 길이(초)",
        min_value=1,
        max_value=LONGEST_SEGMENT_SECONDS,
        initial=600,
        help_text="녹화 파일 하나의 보통 길이. 파일의 끝 시각을 셈하는 데 씁니다.",
    )
    queue = forms.CharField(
        label="작업 대기열",
        max_length=100,
        required=False,
        help_text="이 디스크가 다른 서버에 있을 때 그 서버의 대기열 이름. 보통은 비워 둡니다.",
    )

    def clean_timezone(self) -> str:
        return known_zone(self.cleaned_data["timezone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("layout") == FREE:
            if not cleaned.get("template", "").strip():
                self.add_error("template", "형식을 적어 주십시오.")
            cleaned["layout"] = cleaned.get("template", "").strip()
        return cleaned


class HoldForm(forms.Form):
    camera = CameraNumberField(label="카메라 번호", help_text="번호나 주소 일부를 치면 대장에서 찾아 줍니다.")
    from_at = moment_field("시작", help_text="한국 시각")
    until_at = moment_field("끝", help_text="이 시각 바로 앞까지 유예합니다.")
    reason = reason_field(
        help_text="왜 보관기간이 지나도 남겨야 하는지 적습니다. 이름이나 연락처는 적지 않습니다."
    )
    article = forms.CharField(
        label="근거 조항",
        max_length=100,
        help_text="예: 조례 제24조제1항제1호, 형사소송법 제199조제2항. 근거가 없으면 보관기간이 지난 영상을 남길 수 없습니다.",
    )

    def clean_article(self) -> str:
        article: str = self.cleaned_data["article"]
        if not names_a_provision(article):
            raise forms.ValidationError("법령이나 조례의 이름과 조문을 적으십시오. 예: 조례 제24조제1항제1호")
        return article

    case_reference = forms.CharField(label="사건·접수 번호", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (start := cleaned.get("from_at")) and (end := cleaned.get("until_at")) and end <= start:
            self.add_error("until_at", "끝 시각은 시작 시각보다 뒤여야 합니다.")
        return cleaned


class ReasonForm(forms.Form):
    reason = reason_field()


class FolderDecisionForm(forms.Form):
    """미등록 폴더: whose it is, or that nobody's it is and it goes."""

    ASSIGN, DESTROY = "assign", "destroy"

    decision = forms.ChoiceField(
        label="결정",
        widget=forms.RadioSelect,
        choices=[
            (ASSIGN, "대장의 카메라에 배정"),
            (DESTROY, "주인 없는 영상으로 보고 최대 보관기간이 지나면 파기"),
        ],
    )
    camera = CameraNumberField(label="배정할 카메라 번호", required=False)
    reason = reason_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_assignment = cleaned.get("decision") == self.ASSIGN
        if is_assignment and not cleaned.get("camera") and "camera" not in self.errors:
            self.add_error("camera", "배정할 카메라의 번호를 적어 주십시오.")
        return cleaned


class ConfirmationForm(forms.Form):
    """자동삭제 확인 (guideline art. 42(2)): the cycle, when it was checked, who checked."""

    period_from = day_field("대상 기간 시작")
    period_until = day_field("대상 기간 끝")
    cycle = forms.CharField(label="자동삭제 주기", max_length=100, help_text="예: 촬영일부터 30일, 매분 확인")
    is_working = forms.TypedChoiceField(
        label="확인 결과",
        widget=forms.RadioSelect,
        choices=[("yes", "자동삭제가 정상으로 작동함"), ("no", "이상이 있음")],
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(
        label="확인 내용",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="무엇을 보고 확인했는지, 이상이 있으면 어떤 조치를 했는지 적습니다.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("period_from"), cleaned.get("period_until")
        if start and end and end < start:
            self.add_error("period_until", "끝 날은 시작 날보다 앞설 수 없습니다.")
        if end and end > timezone.localdate():
            self.add_error("period_until", "아직 지나지 않은 날은 확인할 수 없습니다.")
        if cleaned.get("is_working") is False and not cleaned.get("note", "").strip():
            self.add_error("note", "이상이 있으면 내용과 조치를 적어야 합니다.")
        return cleaned


class Filter(forms.Form):
    """A filter whose nonsense narrows nothing: the error stands at the field, the list stays whole."""

    def value(self, name: str) -> Any:
        _ = self.errors
        return self.cleaned_data.get(name)


class RangeFilter(Filter):
    """Camera, storage and days: the filter of days and of destroyed files."""

    camera = CameraNumberField(label="카메라 번호", required=False)
    storage = forms.ModelChoiceField(
        Storage.objects.all(), label="저장소", required=False, empty_label="전체"
    )
    since = day_field("부터", required=False)
    until = day_field("까지", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("since"), cleaned.get("until")
        if start and end and end < start:
            self.add_error("until", "끝 날은 시작 날보다 앞설 수 없습니다.")
        return cleaned

    @property
    def from_at(self) -> datetime | None:
        return midnight(day) if (day := self.value("since")) else None

    @property
    def until_at(self) -> datetime | None:
        """Exclusive: the midnight after the last day."""
        return midnight(day + timedelta(days=1)) if (day := self.value("until")) else None


class HoldFilter(Filter):
    IN_FORCE, EXPIRED, RELEASED = "in_force", "expired", "released"

    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[
            ("", "전체"),
            (IN_FORCE, "유예 중"),
            (EXPIRED, "유예 중 (보관기간이 지난 영상을 붙들고 있음)"),
            (RELEASED, "해제됨"),
        ],
    )
    camera = CameraNumberField(label="카메라 번호", required=False)
    q = forms.CharField(label="사유·사건 번호", required=False, max_length=100)


class ProofFilter(Filter):
    camera = CameraNumberField(label="카메라 번호", required=False)
    until = day_field("마지막 날", required=False)
    result = forms.ChoiceField(
        label="결과",
        required=False,
        choices=[("", "전체"), ("failed", "실패하거나 확인이 없는 카메라만")],
    )


class FolderFilter(Filter):
    storage = forms.ModelChoiceField(
        Storage.objects.all(), label="저장소", required=False, empty_label="전체"
    )
    decision = forms.ChoiceField(
        label="결정", required=False, choices=[ANY, *UnclaimedFolder.Decision.choices]
    )
