"""교육, 서약, 접근권한: what is asked in their forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from cameras.enums import InstallPurpose
from portal.forms.fields import DayField, day_field, moment_field
from portal.forms.files import FilesField
from portal.forms.footage import CameraNumberField
from portal.forms.imports import UploadForm
from portal.forms.provision import NO_NAMES, line, words
from records.competence_enums import (
    LIFTABLE_GATES,
    OF_OTHERS,
    OF_STAFF,
    Ability,
    PermissionScope,
    PledgeKind,
    ReviewVerdict,
)
from records.models import CameraPermission, StaffKind, StaffMember, TrainingCourse
from records.permissions.granting import Wish

LARGEST_LIST = 1_000_000


class ListForm(UploadForm):
    file = forms.FileField(
        label="명단 파일",
        help_text="CSV(CP949, UTF-8) 또는 XLSX, 1 MB까지",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        max_length=255,
        error_messages={"required": "파일을 골라 주십시오.", "empty": "빈 파일입니다."},
    )

    def clean_file(self) -> Any:
        file = super().clean_file()
        if file.size > LARGEST_LIST:
            raise forms.ValidationError("명단은 1 MB까지 올릴 수 있습니다. 나누어 올리십시오.")
        return file


class CourseForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label="대상", choices=StaffKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = TrainingCourse
        fields = ["title", "kinds", "minutes", "contents", "pass_score", "is_in_use"]
        widgets = {"contents": forms.Textarea(attrs={"rows": 4})}


class SessionForm(forms.Form):
    course = forms.ModelChoiceField(TrainingCourse.objects.filter(is_in_use=True), label="교육 과정")
    starts_at = moment_field("시작", help_text="한국 시각")
    ends_at = moment_field("끝")
    place = line("장소", longest=200)
    trainer = line("강사")
    files = FilesField(label="교육 자료")


class PlanForm(forms.Form):
    purpose = words("교육 목적", longest=2_000, rows=3)
    targets = words("교육 대상", longest=2_000, rows=3)
    contents = words("교육 내용", longest=2_000, rows=4)
    schedule = words("교육 일정", longest=2_000, rows=4)
    method = words("교육 방법", longest=2_000, rows=3)


class ApproveForm(forms.Form):
    document_number = line("결재 문서번호")


class ReasonForm(forms.Form):
    reason = words("사유", longest=300, help_text=NO_NAMES)


class OutsideForm(forms.Form):
    course = forms.ModelChoiceField(TrainingCourse.objects.none(), label="갈음하는 교육 과정")
    on = day_field("교육일")
    minutes = forms.IntegerField(label="교육 시간(분)", min_value=1, max_value=10_000)
    issuer = line("교육기관", longest=200)
    outside_number = line("이수번호", required=False)
    files = FilesField(label="이수증 사본")

    def __init__(self, *args: Any, courses: Iterable[TrainingCourse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [course.pk for course in courses]
        self.fields["course"].queryset = TrainingCourse.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """Which text was shown travels along: another one that came meanwhile is not signed by mistake."""

    text = forms.IntegerField(widget=forms.HiddenInput)
    has_read = forms.BooleanField(label="위 서약서를 모두 읽었고, 그대로 서약합니다.")


class PledgeTextForm(forms.Form):
    kind = forms.ChoiceField(label="구분", choices=PledgeKind.choices)
    effective_on = day_field("시행일", initial=timezone.localdate)
    text = words("문안", longest=5_000, rows=14)


def staff_choices(on_list: bool = True) -> "QuerySet[StaffMember]":
    rows = StaffMember.objects.defer("name", "address")
    return rows.employed(timezone.localdate()) if on_list else rows  # type: ignore[attr-defined, no-any-return]


class StaffPledgeForm(forms.Form):
    kind = forms.ChoiceField(label="구분", choices=[(kind.value, kind.label) for kind in OF_STAFF])
    signed_on = day_field("서약일")
    files = FilesField(label="서명한 서약서의 사본")


class OtherPledgeForm(forms.Form):
    kind = forms.ChoiceField(label="구분", choices=[(kind.value, kind.label) for kind in OF_OTHERS])
    name = line("서약한 사람의 성명", help_text="암호로 보관하고 정한 기간이 지나면 지웁니다.")
    organisation = line("소속", required=False)
    about = line("출입·이용·제공의 번호")
    signed_on = day_field("서약일")
    files = FilesField(label="서명한 서약서의 사본")


class PermissionForm(forms.ModelForm):
    camera = CameraNumberField(label="카메라 번호", required=False)
    abilities = forms.MultipleChoiceField(
        label="할 수 있는 일", choices=Ability.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = CameraPermission
        fields = ["staff", "scope", "purpose", "area", "camera", "abilities", "from_on", "until_on", "reason"]
        field_classes = {"from_on": DayField, "until_on": DayField}
        widgets = {"scope": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = staff_choices()  # type: ignore[attr-defined]
        self.fields["scope"].choices = PermissionScope.choices  # type: ignore[attr-defined]
        self.fields["purpose"].choices = [("", "고르지 않음"), *InstallPurpose.choices]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The domain judges the row (`records.permissions.granting`)."""

    def wish(self) -> Wish:
        given = self.cleaned_data
        names = ("scope", "abilities", "from_on", "until_on", "reason", "purpose", "area", "camera")
        return Wish(**{name: given[name] for name in names})


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(label="결과", choices=ReviewVerdict.choices, widget=forms.RadioSelect)
    reason = words("사유", longest=300, required=False, help_text="말소할 때 적습니다.")


class LiftForm(forms.Form):
    officer = forms.ModelChoiceField(Officer.objects.none(), label="허용받을 사람")
    gates = forms.MultipleChoiceField(
        label="넘길 요건", choices=list(LIFTABLE_GATES.items()), widget=forms.CheckboxSelectMultiple
    )
    reason = words("사유", longest=500, help_text=f"왜 이 사건에서 기다릴 수 없는지 적습니다. {NO_NAMES}")

    def __init__(self, *args: Any, officers: "QuerySet[Officer]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
