"""내부 관리계획: one content, asking, sending back, approving, and the yearly check with every content on one page."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.forms.fields import day_field
from portal.forms.life import document_field
from records.internal_plan import contents
from records.models import InternalPlan, ItemResult

ROWS = 4


class ContentForm(forms.Form):
    title = forms.CharField(label="제목", max_length=100)
    text = forms.CharField(
        label="본문",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="그날의 값이 들어가는 자리: "
        + ", ".join(f"{{{name}}}" for name in contents.PLACES)
        + ". 개인의 이름은 적지 않습니다.",
    )


class CompareForm(forms.Form):
    source = forms.CharField(
        label="대조한 원문",
        max_length=200,
        help_text="고시의 이름, 번호, 조항. 국가법령정보센터의 원문과 제목을 하나씩 대조한 뒤 적습니다.",
    )


class AskForm(forms.Form):
    why = forms.CharField(label="제정·변경 사유", max_length=500, widget=forms.Textarea(attrs={"rows": ROWS}))


class ReturnForm(forms.Form):
    why = forms.CharField(label="고칠 것", max_length=500, widget=forms.Textarea(attrs={"rows": ROWS}))


class ApproveForm(forms.Form):
    effective_on = day_field("시행일", help_text="오늘이나 그 뒤의 날짜입니다.", initial=timezone.localdate)
    document_number = document_field("결재 문서번호")


class CheckForm(forms.Form):
    """Result and words of each content of the plan."""

    opinion = forms.CharField(
        label="종합 의견", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": ROWS})
    )

    def __init__(self, *args: Any, plan: InternalPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = [row["code"] for row in plan.contents]
        own: dict[str, forms.Field] = {}
        today = timezone.localdate()
        for place, row in enumerate(plan.contents, start=1):
            own[f"result-{row['code']}"] = forms.ChoiceField(
                label=f"{place}. {row['title']}",
                choices=[("", "고르십시오"), *ItemResult.choices],
                help_text="; ".join(
                    f"{fact['label']}: {fact['value']}" for fact in contents.facts(row["code"], today)
                ),
            )
            own[f"words-{row['code']}"] = forms.CharField(
                label=f"{place}. 내용과 조치",
                max_length=2_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="‘적정’이 아니면 반드시 적습니다.",
            )
        self.fields = {**own, **self.fields}

    @property
    def found(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {code: (data[f"result-{code}"], data[f"words-{code}"]) for code in self._codes}
