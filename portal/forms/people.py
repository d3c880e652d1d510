"""Forms for people and offices. An officer has one role; accounts are ended, never deleted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from accounts import roles
from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from accounts.roles import Role
from casework import role_changes
from casework.models import RoleChange
from portal import officers
from portal.forms.fields import DayField
from portal.models import PortalSession


class OfficerFilter(forms.Form):
    """What a list of officers can be narrowed by."""

    q = forms.CharField(label="이름·아이디", required=False, max_length=100)
    department = forms.ModelChoiceField(
        label="부서", queryset=Department.objects.all(), required=False, empty_label="모든 부서"
    )
    role = forms.ChoiceField(label="역할", required=False, choices=[("", "모든 역할"), *Role.choices])
    active = forms.ChoiceField(
        label="사용 여부", required=False, choices=[("", "모두"), ("yes", "사용 중"), ("no", "사용 중지")]
    )

    def narrow(self, officers: "QuerySet[Officer]") -> "QuerySet[Officer]":
        chosen = self.cleaned_data if self.is_valid() else {}
        if words := chosen.get("q", "").strip():
            officers = officers.filter(
                Q(username__icontains=words) | Q(last_name__icontains=words) | Q(first_name__icontains=words)
            )
        if department := chosen.get("department"):
            officers = officers.filter(department=department)
        if role := chosen.get("role"):
            officers = officers.filter(groups__name=Role(role).label)
        if active := chosen.get("active"):
            officers = officers.filter(is_active=active == "yes")
        return officers


class EndSessionsForm(forms.Form):
    """Which of the open sessions of somebody else end, and why."""

    sessions = forms.MultipleChoiceField(label="끝낼 접속", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="까닭",
        max_length=300,
        help_text="본인과 감사 담당자에게 알리고 원장에 남습니다. 사람의 이름은 적지 마십시오.",
    )

    def __init__(self, *args: Any, rows: Sequence[PortalSession] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sessions"].choices = [
            (
                str(row.mark),
                f"{row.device}, {row.address or '주소를 알 수 없음'}, {localtime(row.begun_at):%Y-%m-%d %H:%M} 시작, "
                f"{localtime(row.last_act_at):%m-%d %H:%M} 마지막 사용",
            )
            for row in rows
        ]


class OfficerForm(forms.ModelForm):
    """An account. Nobody changes the own role or ends the own account: another administrator does."""

    role = forms.ChoiceField(
        label="역할",
        choices=Role.choices,
        widget=forms.RadioSelect,
        help_text="한 사람은 한 가지 역할을 맡습니다. 역할마다 할 수 있는 일은 '역할별 권한'에서 볼 수 있습니다. "
        "권한이 늘어나는 역할은 다른 사람이 확인한 뒤에 효력이 있고, 줄어들기만 하는 역할은 바로 바뀝니다.",
    )

    class Meta:
        model = Officer
        fields = ("username", "last_name", "first_name", "department", "position", "email")
        labels = {"username": "아이디", "last_name": "성", "first_name": "이름", "email": "전자우편"}
        help_texts = {"username": "영문자, 숫자, @ . + - _ 만 쓸 수 있습니다."}

    field_order = ("username", "last_name", "first_name", "department", "position", "email", "role")

    def __init__(self, *args: Any, by: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.is_new = self.instance.pk is None
        # What a second person has to confirm after this form was stored.
        self.waiting: RoleChange | None = None
        self.fields["last_name"].required = self.fields["first_name"].required = True
        self.fields["department"].required = True
        self.role_before = None if self.is_new else roles.role_of(self.instance)
        if self.role_before:
            self.fields["role"].initial = self.role_before.value
        if self.instance == by:
            self.fields["role"].disabled = True
            self.fields["role"].help_text = "본인의 역할은 다른 시스템 관리자만 바꿀 수 있습니다."

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        waits = (
            not self.is_new
            and Role(role) != self.role_before
            and role_changes.needs_second_person(self.role_before, Role(role))
            and RoleChange.objects.waiting().filter(officer=self.instance).exists()
        )
        if waits:
            raise forms.ValidationError("이미 확인을 기다리는 권한 변경이 있습니다. 먼저 철회하십시오.")
        return role

    def save(self, commit: bool = True) -> Officer:
        officer: Officer = super().save(commit=False)
        role = Role(self.cleaned_data["role"])
        self.waiting = officers.keep(officer, role, changed=self.changed_data, by=self.by)
        return officer


class InstitutionForm(forms.ModelForm):
    class Meta:
        model = Institution
        fields = ("name", "code", "phone", "postal_address", "email")


class DepartmentForm(forms.ModelForm):
    class Meta:
        model = Department
        fields = ("institution", "name", "phone")


class DesignationForm(forms.ModelForm):
    """A new designation ends the one in force the day before (ordinance art. 4)."""

    class Meta:
        model = ResponsibleDesignation
        fields = ("department", "from_on", "document_number", "manager_post")
        field_classes = {"from_on": DayField}
        help_texts = {"from_on": "이 날부터 전담부서입니다. 지금 지정된 부서는 그 전날 해제됩니다."}

    def _post_clean(self) -> None:
        """`designate` checks the overlap itself, after it has ended the predecessor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager_post"].required = True


class ManagerPostForm(forms.ModelForm):
    """관리책임자의 직위 of a designation that was recorded without it, or whose post has another name now."""

    class Meta:
        model = ResponsibleDesignation
        fields = ("manager_post",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager_post"].required = True


def role_groups() -> "QuerySet[Group]":
    return Group.objects.filter(name__in=Role.labels)


class KnownPersonForm(forms.Form):
    """The second person answers for the first part of being one: that there is somebody behind the account."""

    knows = forms.BooleanField(
        label="권한을 받을 사람을 알고 있고, 그 사람이 이 계정을 쓰는 것을 본인에게 확인했습니다.",
        error_messages={"required": "그 사람을 확인한 뒤에 표시하십시오. 모르는 사람이면 거절하십시오."},
    )
