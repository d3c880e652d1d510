"""Forms of the law screens: holidays, their import, the calculator of deadlines."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from ordinance import deadlines, holidays
from ordinance.deadlines import Deadline, DeadlineError, RequestRoute
from ordinance.decisions import Document
from ordinance.models import Holiday
from ordinance.parameters import UnknownParameter
from ordinance.periods import EARLIEST_YEAR, LATEST_YEAR, LONGEST, SEOUL, Unit
from portal.forms.fields import DayField, day_field

_ROUTES = {
    RequestRoute.PIPA_VIEWING: "개인영상정보 열람등 청구",
    RequestRoute.DISCLOSURE: "정보공개청구",
    RequestRoute.PETITION: "민원",
}


class YearForm(forms.Form):
    year = forms.IntegerField(label="연도", min_value=EARLIEST_YEAR, max_value=LATEST_YEAR, required=False)

    @property
    def chosen(self) -> int:
        given = self.cleaned_data.get("year") if self.is_valid() else None
        return given or timezone.localdate().year


class DecisionForm(forms.Form):
    """A demand beyond ordinance and law, switched by a document of the mayor or a local rule."""

    value = forms.TypedChoiceField(
        label="결정",
        choices=[("", "---------"), ("True", "설치마다 의결을 요구함"), ("False", "의결을 요구하지 않음")],
        coerce=lambda given: given == "True",
    )
    title = forms.CharField(
        label="문서 제목",
        max_length=200,
        help_text="구청장의 결정 또는 규칙. 예: 설치 사업의 위원회 의결에 관한 방침",
    )
    number = forms.CharField(label="문서번호", max_length=100, help_text="예: 안전관리과-1234, 규칙 제00호")
    on = day_field("문서일자")
    effective_on = day_field(
        "적용 시작일",
        help_text="이 날부터 설치하는 카메라에 적용합니다. 같은 날의 결정이 이미 있으면 그 결정을 고칩니다.",
    )

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("문서일자는 오늘보다 뒤일 수 없습니다.")
        return on

    @property
    def document(self) -> Document:
        given = self.cleaned_data
        return Document(number=given["number"], on=given["on"], title=given["title"])


class HolidayForm(forms.ModelForm):
    """One holiday. Storing it moves open due dates, which the page shows before."""

    class Meta:
        model = Holiday
        fields = ("on", "name", "kind", "source")
        field_classes = {"on": DayField}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="사유", max_length=300, help_text="예: 임시공휴일 지정 취소 (관보 제00000호)"
    )


class HolidayFileForm(forms.Form):
    """A file of holidays: iCal or CSV. Nothing is stored before the preview was seen."""

    file = forms.FileField(
        label="파일",
        help_text="iCal(.ics) 또는 CSV(날짜, 이름, 종류). 달력 프로그램이나 월력요항에서 내려받은 파일도 됩니다.",
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.csv,text/calendar,text/csv"}),
    )
    MAX_BYTES = 500_000

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.MAX_BYTES:
            raise forms.ValidationError("500 KB보다 큰 파일은 공휴일 파일이 아닙니다.")
        return file


class DeadlineForm(forms.Form):
    """What to count: by what kind of request it is, or by a rule, a number and a unit."""

    method = forms.ChoiceField(
        label="무엇을 셈합니까",
        choices=[
            ("청구·민원 답변 기한", [(route.value, label) for route, label in _ROUTES.items()]),
            ("계산 방법을 직접 고름", [(rule.code, rule.label) for rule in deadlines.RULES.values()]),
        ],
    )
    on = day_field("접수일(시작일)", initial=timezone.localdate)
    at = forms.TimeField(
        label="접수 시각",
        required=False,
        help_text="5일 이하의 민원은 시각이 필요합니다.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    amount = forms.IntegerField(
        label="기간",
        required=False,
        min_value=1,
        max_value=max(LONGEST.values()),
        help_text="비우면 그 청구에 정해진 기간으로 셈합니다.",
    )
    unit = forms.ChoiceField(label="단위", choices=Unit.choices, initial=Unit.DAYS, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("method") in deadlines.RULES
            and not cleaned.get("amount")
            and not self.errors.get("amount")
        ):
            self.add_error("amount", "계산 방법을 직접 고르면 기간을 적어야 합니다.")
        return cleaned

    def count(self) -> Deadline | None:
        """The deadline asked for; what cannot be counted becomes an error of the form."""
        if not self.is_valid():
            return None
        try:
            return self._counted()
        except (DeadlineError, UnknownParameter, OverflowError) as error:
            self.add_error(None, str(error) or "셈할 수 없는 기간입니다.")
            return None

    def _counted(self) -> Deadline:
        chosen = self.cleaned_data
        start: datetime.date | datetime.datetime = chosen["on"]
        if chosen["at"] is not None:
            start = datetime.datetime.combine(chosen["on"], chosen["at"], SEOUL)
        if chosen["method"] in deadlines.RULES:
            return deadlines.compute(chosen["method"], start, chosen["amount"], chosen["unit"] or Unit.DAYS)
        if not isinstance(start, datetime.datetime):
            start = datetime.datetime.combine(start, datetime.time(9), SEOUL)
        return deadlines.for_route(chosen["method"], start, days=chosen["amount"])


def missing_year_warning() -> str:
    year = holidays.missing_year()
    return f"{year}년 공휴일이 등록되지 않았습니다. 그 해에 걸친 기한은 잠정으로 셈합니다." if year else ""
