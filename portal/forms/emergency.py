"""비상연락망 and its drills: forms."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import localtime

from portal.forms.fields import moment_field
from records.models import EmergencyContact, StaffMember
from records.people import emergency


class StaffNumberField(forms.ModelChoiceField):
    """Staff by number: names are sealed."""

    def label_from_instance(self, obj: StaffMember) -> str:
        return f"{obj.number} ({obj.get_kind_display()})"


class ContactForm(forms.ModelForm):
    class Meta:
        model = EmergencyContact
        fields = ("post", "staff", "agency", "duty_line", "called_by", "position", "is_in_use")
        help_texts = {
            "post": "예: 당직 근무자, 관제팀장, 112치안종합상황실",
            "agency": "바깥 기관이면 그 이름",
            "duty_line": "근무지나 당직의 전화입니다. 개인의 전화번호는 적지 않습니다.",
        }

    staff = StaffNumberField(
        label="맡은 사람", required=False, queryset=StaffMember.objects.defer("name", "address")
    )
    called_by = forms.ModelChoiceField(
        label="연락하는 직무",
        required=False,
        queryset=EmergencyContact.objects.filter(is_in_use=True),
        help_text="누가 이 직무에 연락하는지. 비우면 맨 위입니다.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who calls today stays to be chosen, also when no longer in use: nothing is changed unasked.
        callers = EmergencyContact.objects.filter(Q(is_in_use=True) | Q(pk=self.instance.called_by_id))
        self.fields["called_by"].queryset = callers.exclude(pk=self.instance.pk)


class DrillForm(forms.Form):
    held_at = moment_field("시작한 때")
    scenario = forms.CharField(label="상황", max_length=200, help_text="예: 관제센터 정전, 서버실 화재")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_at"].initial = localtime().replace(microsecond=0)
        self.posts = [contact for _, contact in emergency.tree()]
        for post in self.posts:
            self.fields[f"post_{post.pk}"] = forms.IntegerField(
                label=f"{post.post}: 몇 분 뒤에 닿음",
                required=False,
                min_value=0,
                max_value=emergency.LONGEST_MINUTES,
                help_text="닿지 않았으면 비웁니다.",
            )
        self.fields["result"] = forms.CharField(
            label="결과와 고칠 것", max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
        )

    def clean(self) -> dict[str, Any]:
        """Nobody is written down as not reached who was not on the sheet."""
        if any(f"post_{post.pk}" not in self.data for post in self.posts):
            raise forms.ValidationError("그사이 직무가 늘었습니다. 아래에서 다시 확인하십시오.")
        return self.cleaned_data

    def minutes(self) -> dict[int, int | None]:
        return {post.pk: self.cleaned_data[f"post_{post.pk}"] for post in self.posts}
