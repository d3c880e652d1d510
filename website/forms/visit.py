"""통제구역 출입 신청: who wants to see the control centre says what for, when, who comes and what is carried."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.duty_enums import VisitKind
from records.people import visits
from website.forms.contacts import phone_field
from website.forms.moments import ClockField, DayField
from website.forms.public import StepForm, spoken
from website.forms.steps import Step

# Repairs of a contract are entered by the office, which knows the contract.
KINDS = (VisitKind.VISIT, VisitKind.TOUR, VisitKind.INSPECTION)
STEPS = (
    Step("purpose", _("무슨 일로 오시나요?"), ("kind", "purpose")),
    Step("when", _("언제 오시나요?"), ("on", "begin", "end")),
    Step(
        "who",
        _("누가 오시나요?"),
        ("organisation", "name", "phone", "people"),
        notice="website/includes/visit_data.html",
    ),
    Step("equipment", _("무엇을 가지고 들어오시나요?"), ("equipment",)),
)


class VisitForm(StepForm):
    kind = forms.ChoiceField(
        label=_("구분"),
        choices=spoken([(kind.value, str(kind.label)) for kind in KINDS]),
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=_("출입 목적"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "무엇을 보려는지 적어 주십시오. 영상 속의 사람을 찾는 일은 ‘영상 열람 청구’로 보내 주십시오."
        ),
    )
    on = DayField(label=_("날짜"))
    begin = ClockField(label=_("들어오는 시각"))
    end = ClockField(label=_("나가는 시각"))
    organisation = forms.CharField(
        label=_("소속"), max_length=100, help_text=_("회사, 학교, 기관의 이름. 없으면 ‘개인’이라고 적습니다.")
    )
    name = forms.CharField(
        label=_("성명"),
        max_length=50,
        help_text=_("여러 사람이 오면 이끄는 사람"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = phone_field(_("전화번호"))
    people = forms.IntegerField(
        label=_("모두 몇 명인가요?"),
        min_value=1,
        max_value=visits.MOST_PEOPLE,
        error_messages={"invalid": _("사람 수를 숫자로 적어 주십시오. 예: 3")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4"}),
    )
    equipment = forms.CharField(
        label=_("휴대 장비"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "노트북, 카메라, 저장매체처럼 가지고 들어올 것. 없으면 비워 둡니다. 휴대전화와 렌즈는 입구에서 봉인하거나 맡깁니다."
        ),
    )

    planned_from: dt.datetime | None = None
    planned_until: dt.datetime | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, begin, end = (cleaned.get(name) for name in ("on", "begin", "end"))
        if day and begin and end:
            zone = timezone.get_current_timezone()
            self.planned_from = dt.datetime.combine(day, begin, zone)
            self.planned_until = dt.datetime.combine(day, end, zone)
            self._check_time(self.planned_from, self.planned_until)
        return cleaned

    def _check_time(self, start: dt.datetime, end: dt.datetime) -> None:
        """What the office would refuse, in the reader's language and at its field."""
        now = timezone.now()
        if end <= start:
            self.add_error("end", gettext("나가는 시각은 들어오는 시각보다 뒤여야 합니다."))
        elif start < now:
            self.add_error("on", gettext("이미 지난 때입니다. 앞으로 올 날과 시각을 적어 주십시오."))
        elif start > now + visits.FURTHEST:
            self.add_error("on", gettext("1년 안의 출입만 신청할 수 있습니다."))
