"""Forms of signs: the filter of the list, size, hanging, photograph, substitutes."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from cameras.enums import SignSize, SubstituteReason
from cameras.signs.overview import SignState
from cameras.signs.photo import LARGEST_BYTES, Position
from casework import pictures
from portal.forms.fields import day_field

LAPSING = "lapsing"


class SignFilter(forms.Form):
    q = forms.CharField(label="관리번호 또는 주소", required=False, max_length=100)
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[("", "모두"), *SignState.choices, (LAPSING, "확인 기한 30일 안")],
    )

    def value(self, name: str) -> str:
        """What was asked for; nothing where it cannot be used."""
        return self.cleaned_data.get(name, "") if self.is_valid() or self.cleaned_data else ""


class SizeForm(forms.Form):
    size = forms.ChoiceField(label="크기", choices=SignSize.choices, initial=SignSize.A4)


class BatchForm(SizeForm):
    title = forms.CharField(label="제목", max_length=200, help_text="묶음을 다시 찾을 때 씁니다.")


class PutUpForm(forms.Form):
    on = day_field("설치일", initial=timezone.localdate)
    position = forms.CharField(
        label="부착 위치", max_length=200, required=False, help_text="예: 전주 1.5 m 높이, 도로 쪽"
    )


class RetireForm(forms.Form):
    on = day_field("교체·철거일", initial=timezone.localdate)
    reason = forms.CharField(label="사유", max_length=300, help_text="예: 파손, 분실, 카메라 철거")


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label="안내판 사진",
        help_text="안내판이 화면에 차고 QR 코드가 또렷하게 보이도록 찍습니다.",
        widget=forms.FileInput(attrs={"accept": f"image/*,{pictures.ACCEPT}", "capture": "environment"}),
        error_messages={"required": "사진을 찍거나 고르십시오.", "empty": "파일이 비어 있습니다."},
    )
    latitude = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    def clean_photo(self) -> Any:
        upload = self.cleaned_data["photo"]
        if upload.size > LARGEST_BYTES:
            raise forms.ValidationError(f"파일이 너무 큽니다. {LARGEST_BYTES // 1_000_000} MB까지 읽습니다.")
        return upload

    @property
    def position(self) -> Position | None:
        """Where the telephone says it is; None when it was not asked or said nonsense."""
        try:
            return Position.of(
                float(Decimal(self.cleaned_data["latitude"])), float(Decimal(self.cleaned_data["longitude"]))
            )
        except (InvalidOperation, ValueError, OverflowError):
            return None


class ConfirmForm(forms.Form):
    reason = forms.CharField(
        label="직접 확인하는 사유",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="무엇을 보고, 어디서 찍어 확인하였는지 적습니다. 잰 값이 아니라 담당자의 말로 확인 기록에 남습니다.",
    )
    stated_on = day_field("찍은 날", help_text="사진에 찍은 때가 없어 담당자가 적는 날입니다.")

    def __init__(self, *args: Any, has_time: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_time:
            del self.fields["stated_on"]


class SubstituteForm(forms.Form):
    reason = forms.ChoiceField(label="사유", choices=SubstituteReason.choices, widget=forms.RadioSelect)
    explanation = forms.CharField(
        label="설명",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="누리집에 그대로 나옵니다.",
    )
    document_number = forms.CharField(label="문서번호", max_length=100)
    from_on = day_field("시작일", initial=timezone.localdate)
    until_on = day_field("마지막 날", required=False, help_text="비우면 끝날 때까지 계속됩니다.")


class EndForm(forms.Form):
    on = day_field("마지막 날", initial=timezone.localdate)
