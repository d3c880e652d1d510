"""출입: application, approval, the door."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import Officer
from cameras.models import EntrustmentContract
from portal.forms.fields import day_field, moment_field
from portal.forms.footage import ANY, Filter
from records.duty_enums import VisitKind, VisitState
from records.models import Visit


class VisitFilter(Filter):
    q = forms.CharField(label="출입번호·소속·목적", required=False, max_length=100)
    state = forms.ChoiceField(label="상태", required=False, choices=[ANY, *VisitState.choices])
    kind = forms.ChoiceField(label="구분", required=False, choices=[ANY, *VisitKind.choices])
    from_on = day_field("예정한 날부터", required=False)
    until_on = day_field("까지", required=False)

    def narrow(self, rows: "QuerySet[Visit]") -> "QuerySet[Visit]":
        if words := self.value("q"):
            rows = rows.filter(
                Q(number__icontains=words) | Q(organisation__icontains=words) | Q(purpose__icontains=words)
            )
        for name in ("state", "kind"):
            if chosen := self.value(name):
                rows = rows.filter(**{name: chosen})
        if day := self.value("from_on"):
            rows = rows.filter(planned_from__date__gte=day)
        if day := self.value("until_on"):
            rows = rows.filter(planned_from__date__lte=day)
        return rows


class ApplicationForm(forms.Form):
    kind = forms.ChoiceField(label="구분", choices=VisitKind.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(label="소속", max_length=100)
    name = forms.CharField(
        label="성명", max_length=100, help_text="여럿이면 대표자. 성명과 연락처는 암호로 보관합니다."
    )
    phone = forms.CharField(label="연락처", max_length=40, required=False)
    people = forms.IntegerField(label="인원", min_value=1, initial=1)
    purpose = forms.CharField(label="출입 목적", max_length=300)
    equipment = forms.CharField(
        label="휴대 장비", max_length=300, required=False, help_text="노트북, 저장매체, 촬영 기기 따위"
    )
    contract = forms.ModelChoiceField(
        EntrustmentContract.objects.none(), label="위탁 계약", required=False, empty_label="없음"
    )
    planned_from = moment_field("예정 시작")
    planned_until = moment_field("예정 끝")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = EntrustmentContract.objects.in_force(timezone.localdate()).select_related("contractor")
        self.fields["contract"].queryset = running  # type: ignore[attr-defined]


class ApprovalForm(forms.Form):
    escort = forms.ModelChoiceField(
        Officer.objects.none(),
        label="안내자",
        empty_label="고르십시오",
        help_text="들어와서 나갈 때까지 함께합니다.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Officer.objects.filter(is_active=True).order_by("last_name", "first_name")
        self.fields["escort"].queryset = active  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="사유", max_length=300)


class AdmitForm(forms.Form):
    in_at = moment_field("입실 시각")
    has_pledged = forms.BooleanField(label="보안서약을 받았음", required=False)
    is_sealed = forms.BooleanField(label="휴대전화와 촬영 기기의 렌즈를 봉인하거나 맡았음", required=False)
    carried_in = forms.CharField(label="반입한 것", max_length=300, required=False)
    reason = forms.CharField(
        label="사전승인 없이 들인 까닭", max_length=300, required=False, help_text="미이행 사항으로 남습니다."
    )

    def __init__(self, *args: Any, is_approved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["in_at"].initial = localtime().replace(microsecond=0)
        if is_approved:
            del self.fields["reason"]


class LeaveForm(forms.Form):
    out_at = moment_field("퇴실 시각")
    equipment_used = forms.CharField(label="장비 사용", max_length=300, required=False)
    carried_out = forms.CharField(label="반출한 것", max_length=300, required=False)
    is_media_checked = forms.BooleanField(label="저장매체를 점검했음", required=False)
    seen = forms.CharField(label="본 것", max_length=300, required=False)
    remark = forms.CharField(label="비고", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["out_at"].initial = localtime().replace(microsecond=0)
