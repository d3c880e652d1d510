"""Forms of a camera's life: projects, acts, papers, prior consultations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Department
from cameras import lifecycle, paper_contents
from cameras.enums import ConsultationReply, LifecycleEvent, PaperKind
from cameras.models import Camera, EntrustmentContract, InstallationProject, Site
from cameras.paper_contents import FieldKind
from portal.forms.conditions import ConditionsField
from portal.forms.fields import DayField, day_field
from portal.forms.files import FilesField
from portal.matter_letters import NUMBER_HELP

ANY = ("", "전체")


def today_field(label: str) -> forms.DateField:
    return day_field(label, initial=timezone.localdate)


def document_field(label: str = "문서번호", **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=100, **kwargs)


def reason_field(label: str = "사유", max_length: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": 2}), **kwargs
    )


class CorrectionForm(forms.Form):
    """The right day in the place of a wrong one, with the reason."""

    on = day_field("맞는 날짜")
    reason = reason_field(
        "고치는 사유", help_text="무엇을 보고 무엇이 잘못된 것을 알았는지 적습니다. 원장에 남습니다."
    )


class LongReasonForm(forms.Form):
    reason = reason_field()


# Projects


class ProjectFilter(forms.Form):
    q = forms.CharField(label="번호·사업명·시공업체 찾기", max_length=100, required=False)
    state = forms.ChoiceField(
        label="상태", required=False, choices=[ANY, ("open", "진행 중"), ("closed", "종료")]
    )
    department = forms.ModelChoiceField(
        label="설치부서", queryset=Department.objects.all(), required=False, empty_label="전체"
    )


class ProjectForm(forms.ModelForm):
    class Meta:
        model = InstallationProject
        fields = [
            "title",
            "installing_department",
            "summary",
            "works_start_on",
            "contract",
            "builder_name",
            "builder_registration",
            "builder_checked_on",
        ]
        field_classes = dict.fromkeys(("works_start_on", "builder_checked_on"), DayField)
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = EntrustmentContract.objects.filter(ended_early_on__isnull=True)
        self.fields["contract"].queryset = contracts.select_related("contractor")
        if self.instance.pk:
            self.fields["reason"] = reason_field("변경 사유", 500)


class CameraNumbersForm(forms.Form):
    numbers = forms.CharField(
        label="카메라 번호 또는 관리번호",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=200_000,
        help_text="한 줄에 하나씩, 또는 쉼표로. 관리번호를 적으면 그 설치장소의 카메라 모두입니다.",
    )


class CloseForm(forms.Form):
    on = today_field("종료일")
    reason = reason_field("종료 사유")


# Acts


class ActForm(forms.Form):
    """One step for one or many cameras; the fields that belong to the event come with it."""

    on = today_field("처리일")
    document_number = document_field(required=False)
    reason = reason_field(max_length=500)
    files = FilesField()

    def __init__(self, event: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        if event == LifecycleEvent.RELOCATE:
            self.fields["site"] = forms.CharField(
                label="옮길 설치장소의 관리번호",
                max_length=40,
                help_text="대장에 없는 곳이면 먼저 ‘설치장소 등록’을 하십시오. 카메라 번호는 새 설치장소의 것이 됩니다.",
            )
        if event == LifecycleEvent.CHANGE_PURPOSE:
            for name in lifecycle.PURPOSE_FIELDS:
                self.fields[name] = _purpose_field(name)
        self.order_fields(["site", *lifecycle.PURPOSE_FIELDS, "on", "document_number", "reason", "files"])

    def clean_site(self) -> Site:
        number = self.cleaned_data["site"].strip()
        site = Site.objects.filter(number=number).first()
        if site is None:
            raise ValidationError(f"대장에 없는 관리번호입니다: {number}")
        return site

    @property
    def changes(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.event == LifecycleEvent.RELOCATE:
            return {"site": given["site"]} if "site" in given else {}
        if self.event == LifecycleEvent.CHANGE_PURPOSE:
            return {name: given[name] for name in lifecycle.PURPOSE_FIELDS if name in given}
        return {}


def _purpose_field(name: str) -> forms.Field:
    field: Any = Camera._meta.get_field(name).formfield()
    if hasattr(field, "choices"):
        field.choices = [("", "---------"), *Camera._meta.get_field(name).flatchoices]
        field.initial = ""
    return field


# Papers


class PaperFilter(forms.Form):
    q = forms.CharField(label="문서번호·제목 찾기", max_length=100, required=False)
    kind = forms.ChoiceField(label="종류", required=False, choices=[ANY, *PaperKind.choices])
    state = forms.ChoiceField(
        label="상태", required=False, choices=[ANY, ("standing", "유효"), ("withdrawn", "취소")]
    )


class PaperForm(forms.Form):
    """A paper of one kind; the fields of its contents come from `cameras.paper_contents`."""

    document_number = document_field()
    on = today_field("문서일자")
    title = forms.CharField(label="제목", max_length=200, required=False)
    files = FilesField()

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = paper_contents.KINDS[kind]
        for one in self.asked.fields:
            self.fields[one.name] = _content_field(one)
        names = [one.name for one in self.asked.fields]
        self.order_fields(["document_number", "on", "title", *names, "files", "kept"])

    @property
    def contents(self) -> dict[str, Any]:
        return {one.name: self.cleaned_data.get(one.name) for one in self.asked.fields}


def _content_field(one: paper_contents.ContentField) -> forms.Field:
    common: dict[str, Any] = {
        "label": one.label,
        "required": one.is_required,
        "help_text": one.help_text,
    }
    if one.kind is FieldKind.CHOICE:
        return forms.ChoiceField(choices=[("", "---------"), *one.choices], **common)
    if one.kind is FieldKind.DATE:
        return day_field(**common)
    if one.kind is FieldKind.NUMBER:
        return forms.IntegerField(min_value=0, max_value=1_000_000, **common)
    widget = forms.Textarea(attrs={"rows": 3}) if one.kind is FieldKind.LONG_TEXT else forms.TextInput()
    return forms.CharField(max_length=one.max_length, widget=widget, **common)


# Prior consultation


class ConsultationFilter(forms.Form):
    q = forms.CharField(label="협의번호·사업 찾기", max_length=100, required=False)
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[ANY, ("waiting", "회신 대기"), *ConsultationReply.choices, ("withdrawn", "철회")],
    )


class AskForm(forms.Form):
    plan = forms.CharField(
        label="설치 계획",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        help_text="무엇을, 어디에, 왜 설치하는지. 카메라 목록은 사업에서 함께 보입니다.",
    )
    request_document = document_field("요청 문서번호")
    asked_on = today_field("요청일")
    files = FilesField()


class ReplyForm(forms.Form):
    reply = forms.ChoiceField(label="회신", choices=ConsultationReply.choices, widget=forms.RadioSelect)
    reply_text = forms.CharField(
        label="회신 내용", widget=forms.Textarea(attrs={"rows": 5}), max_length=10_000
    )
    conditions = ConditionsField(
        label="조건",
        required=False,
        help_text="‘조건부 동의’일 때만 적습니다. 이행 기한이 없는 조건은 운영을 시작하기 전까지 이행합니다.",
    )
    reply_document = document_field("회신 문서번호", required=False, help_text=NUMBER_HELP)
    replied_on = today_field("회신일")


class FulfilForm(forms.Form):
    on = today_field("이행일")
    note = reason_field("이행 내용", 500)
    files = FilesField()
