"""연간 문서: finishing one, and where it went."""

from django import forms
from django.utils import timezone

from portal.forms.fields import day_field
from portal.forms.life import document_field


class FinishForm(forms.Form):
    words = forms.CharField(
        label="평가와 설명",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="자료를 읽고 평가나 설명을 적습니다. 문서에 그대로 인쇄됩니다. 개인의 이름은 적지 않습니다.",
    )
    reason = forms.CharField(
        label="다시 내는 까닭",
        max_length=300,
        required=False,
        help_text="이미 확정한 문서를 새 판으로 낼 때만 적습니다.",
    )


class SendForm(forms.Form):
    on = day_field("제출일", initial=timezone.localdate)
    document = document_field("문서번호")
