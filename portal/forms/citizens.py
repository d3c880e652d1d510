"""Forms for reports of signs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cameras import sign_reports
from cameras.enums import SignProblem, SignReportOutcome
from cameras.models import Site
from portal.forms.footage import ANY, Filter

OPEN, CLOSED = "open", "closed"


class SignReportFilter(Filter):
    state = forms.ChoiceField(
        label="상태", required=False, choices=[ANY, (OPEN, "처리 전"), (CLOSED, "처리함")]
    )
    problem = forms.ChoiceField(label="문제", required=False, choices=[ANY, *SignProblem.choices])
    q = forms.CharField(label="관리번호·주소·접수번호", required=False, max_length=100)


class CloseReportForm(forms.Form):
    outcome = forms.ChoiceField(
        label="처리 결과", choices=SignReportOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="확인하고 처리한 내용",
        max_length=sign_reports.MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="신고한 사람의 이름이나 연락처는 적지 마십시오.",
    )


class ReportPlaceForm(forms.Form):
    """One of the sites that stand nearest, or any other by its number."""

    near = forms.ChoiceField(label="알린 위치에서 가까운 설치장소", required=False, widget=forms.RadioSelect)
    number = forms.CharField(
        label="관리번호", required=False, max_length=40, help_text="위에 없으면 관리번호를 적습니다."
    )

    def __init__(self, *args: Any, nearest: Sequence[tuple[Site, float]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(site.pk), f"{site.address} ({site.number}), 약 {apart:,.0f} m") for site, apart in nearest
        ]
        if choices:
            near: Any = self.fields["near"]
            near.choices = choices
        else:
            del self.fields["near"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = cleaned.get("number", "").strip()
        chosen = (
            Site.objects.filter(number=number) if number else Site.objects.filter(pk=cleaned.get("near") or 0)
        )
        self.site = chosen.first()
        if self.site is None:
            self.add_error(
                "number", "그런 설치장소가 없습니다. 위에서 고르거나 관리번호를 정확히 적으십시오."
            )
        return cleaned
