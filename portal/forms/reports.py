"""Forms of the documents: which quarter's or year's report, whose certificate."""

import datetime
from typing import Any, cast

from django import forms
from django.db.models import Min
from django.utils import timezone

from cameras.models import Camera
from ledger.models import Entry
from portal.forms.fields import day_field
from reports.period import Period

# How many past quarters the list offers; the archive of this office does not reach further back.
QUARTERS_OFFERED = 20
YEARS_OFFERED = 5


def recent_quarters(today: datetime.date) -> list[Period]:
    """The current quarter and those before it, newest first."""
    periods = [Period.containing(today)]
    while len(periods) < QUARTERS_OFFERED:
        periods.append(periods[-1].previous)
    return periods


def recent_years(today: datetime.date) -> list[Period]:
    return [Period(today.year - back) for back in range(YEARS_OFFERED)]


class IssueForm(forms.Form):
    """Which quarter or year; the last quarter that has ended and is on record is offered first, else the current one."""

    period = forms.ChoiceField(label="보고 기간")
    with_annex = forms.BooleanField(
        label="카메라별 부록도 함께 만들기",
        required=False,
        initial=True,
        help_text="카메라마다 한 줄씩 적은 별권입니다. 카메라가 많으면 몇십 초 더 걸립니다. 한 해의 보고서에는 없습니다.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, now = timezone.localdate(), timezone.now()
        field = cast(forms.ChoiceField, self.fields["period"])
        began = Entry.objects.aggregate(first=Min("at"))["first"] or now
        periods = recent_quarters(today)
        field.choices = [
            ("분기", [_choice(period, now, began) for period in periods]),
            ("한 해", [_choice(period, now, began) for period in recent_years(today)]),
        ]
        field.initial = periods[1 if began < periods[1].until_at else 0].code


def _choice(period: Period, now: datetime.datetime, began: datetime.datetime) -> tuple[str, str]:
    """Of a quarter that ended before the first record, nearly all figures are unknown: said before it is issued."""
    if not period.has_ended(now):
        return period.code, f"{period.label} (진행 중: 중간 보고)"
    return period.code, period.label if began < period.until_at else f"{period.label} (기록이 시작되기 전)"


class CertificateForm(forms.Form):
    """파기 확인서: one camera, some days."""

    camera = forms.CharField(
        label="카메라 번호",
        max_length=50,
        help_text="카메라 대장에 나오는 번호를 그대로 적습니다. 예: G-0001-1",
    )
    from_on = day_field("촬영 기간 시작일")
    until_on = day_field("촬영 기간 종료일")

    recipient = forms.CharField(
        label="수신",
        max_length=100,
        help_text="확인서를 받을 사람이나 기관. 확인서에만 인쇄하고 저장하지 않습니다.",
    )
    use = forms.CharField(
        label="용도", max_length=100, help_text="예: 감사 자료. 확인서에만 인쇄하고 저장하지 않습니다."
    )

    def clean_camera(self) -> Camera:
        number = self.cleaned_data["camera"].strip()
        camera = Camera.objects.filter(number=number).first()
        if camera is None:
            raise forms.ValidationError(f"대장에 없는 카메라 번호입니다: {number}")
        return camera

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        from_on, until_on = cleaned.get("from_on"), cleaned.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "종료일은 시작일보다 앞설 수 없습니다.")
        if from_on and from_on > timezone.localdate():
            self.add_error("from_on", "아직 오지 않은 날짜입니다.")
        return cleaned
