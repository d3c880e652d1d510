"""자체점검: beginning, one item, signing off, where the result went."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.forms.fields import day_field
from portal.forms.life import document_field
from records.models import ItemResult

ROWS = 4


class BeginForm(forms.Form):
    year = forms.IntegerField(label="점검 대상 연도", min_value=2011, max_value=9998)
    reason = forms.CharField(
        label="다시 점검하는 이유",
        max_length=300,
        required=False,
        help_text="이미 확정한 해를 다시 점검할 때만 적습니다.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year - 1


class ItemForm(forms.Form):
    result = forms.ChoiceField(label="결과", choices=ItemResult.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="내용과 조치",
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": ROWS}),
        help_text="‘적정’이 아니면 반드시 적습니다. 개인의 이름은 적지 않습니다.",
    )


class SignOffForm(forms.Form):
    opinion = forms.CharField(
        label="종합 의견", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": ROWS})
    )


class ReportForm(forms.Form):
    on = day_field("제출일", initial=timezone.localdate)
    document = document_field("문서번호나 접수번호")


class PublishForm(forms.Form):
    on = day_field("공개일", initial=timezone.localdate)
    place = forms.CharField(label="공개한 곳", max_length=300, help_text="누리집의 주소나 게시판")
