"""열람등 청구: the fields of form 2 of the Guideline, without any registration number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras.models import Camera, Site
from records.enums import RequesterRole, RequestKind
from records.viewing import intake
from records.viewing.asked import AskedSite, Part
from records.viewing.intake import Application
from website.forms.moments import DayField
from website.forms.public import PublicForm, spoken
from website.forms.viewing_parts import MoreParts, NamesPlace, moment, radius_field, where_field
from website.languages import own_words

KINDS = [
    (RequestKind.EXISTENCE, _("존재확인: 내가 찍힌 영상이 있는지")),
    (RequestKind.VIEWING, _("열람: 영상을 보거나 사본을 받음")),
    (RequestKind.CORRECTION, _("정정·삭제")),
]
BY_POST, BY_WEB = "post", "web"
ANSWER_BY = [(BY_POST, _("우편이나 방문")), (BY_WEB, _("이 누리집"))]
FIRST_BIRTH_YEAR = 1900
MAX_TEXT = 1_000


def _text(label: Any, longest: int, *, required: bool = True, autocomplete: str = "off") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget)


class ViewingForm(NamesPlace, PublicForm):
    """At one site, or, for whoever does not know the camera, around a place (`site` None)."""

    kinds = forms.MultipleChoiceField(
        label=_("무엇을 청구하나요?"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    cameras = forms.ModelMultipleChoiceField(
        label=_("어느 카메라인가요?"),
        queryset=Camera.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("모르면 고르지 마십시오. 이곳의 카메라 모두를 청구합니다."),
    )
    from_at = moment(_("촬영된 때: 시작"), _("되도록 좁혀 적어 주십시오. 한국 시각입니다."))
    until_at = moment(_("촬영된 때: 끝"))
    appearance = forms.CharField(
        label=_("찾는 데 도움이 되는 내용 (선택)"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("옷차림, 지나간 방향, 차량 등"),
    )
    purpose = forms.CharField(
        label=_("청구 목적과 사유"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    requester_role = forms.ChoiceField(
        label=_("청구인은 누구인가요?"), choices=spoken(RequesterRole.choices), widget=forms.RadioSelect
    )
    requester_name = _text(_("청구인 성명"), 60, autocomplete="name")
    requester_phone = _text(_("청구인 전화번호"), 40, autocomplete="tel")
    requester_birth_on = DayField(label=_("청구인 생년월일"))
    requester_address = _text(_("청구인 주소"), 200, autocomplete="street-address")
    relation = _text(_("영상에 찍힌 사람과의 관계"), 60, required=False)
    subject_name = _text(_("찍힌 사람의 성명"), 60, required=False)
    subject_phone = _text(_("찍힌 사람의 전화번호"), 40, required=False)
    subject_birth_on = DayField(label=_("찍힌 사람의 생년월일"), required=False)
    subject_address = _text(_("찍힌 사람의 주소"), 200, required=False)
    answer_by = forms.ChoiceField(
        label=_("결정을 어떻게 받으시겠습니까?"),
        choices=ANSWER_BY,
        initial=BY_POST,
        widget=forms.RadioSelect,
        help_text=_("누리집을 고르면 이 누리집에서 접수번호와 확인번호로 보는 것이 통지입니다."),
    )

    PLACE = ("cameras", "where", "radius", "from_at", "until_at")
    ASKED = ("kinds", "appearance", "purpose")
    REQUESTER = (
        "requester_role",
        "requester_name",
        "requester_phone",
        "requester_birth_on",
        "requester_address",
        "answer_by",
    )
    SUBJECT = ("relation", "subject_name", "subject_phone", "subject_birth_on", "subject_address")

    def __init__(self, *args: Any, site: Site | None, cameras: Sequence[Camera], **kwargs: Any) -> None:
        if site is None:
            self.base_fields = {"where": where_field(), "radius": radius_field(), **self.base_fields}
        super().__init__(*args, **kwargs)
        self.site = site
        if not cameras:
            # Nothing is told of cameras that are exempt from the sign; the whole site can be asked for.
            del self.fields["cameras"]
            return
        chooser: Any = self.fields["cameras"]
        chooser.queryset = Camera.objects.filter(pk__in=[camera.pk for camera in cameras]).order_by("ordinal")
        chooser.label_from_instance = _camera_label
        if len(cameras) == 1:
            chooser.initial = [cameras[0].pk]

    def group(self, names: Sequence[str]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return self.group(self.PLACE)

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        return self.group(self.ASKED)

    @property
    def requester_fields(self) -> list[forms.BoundField]:
        return self.group(self.REQUESTER)

    @property
    def subject_fields(self) -> list[forms.BoundField]:
        return self.group(self.SUBJECT)

    def clean_requester_birth_on(self) -> date:
        return _born(self.cleaned_data["requester_birth_on"])

    def clean_subject_birth_on(self) -> date | None:
        born = self.cleaned_data["subject_birth_on"]
        return _born(born) if born else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        role = cleaned.get("requester_role")
        if role and role != RequesterRole.SUBJECT:
            for name in ("relation", "subject_name", "subject_birth_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("대리인이 청구할 때에는 적어야 합니다."))
        if self.site is None:
            self.take_place(cleaned)
        elif cleaned.get("from_at") and cleaned.get("until_at"):
            cameras = list(cleaned.get("cameras") or ())
            self.part = AskedSite(self.site, cleaned["from_at"], cleaned["until_at"], cameras)
        return cleaned

    def application(self, more: Sequence[Part] = ()) -> Application:
        """What was asked, for `records.viewing.intake.receive`."""
        given = self.cleaned_data
        parts = [part for part in (self.part, *more) if part is not None]
        return intake.as_filled_in(parts, given, wants_web_notice=given["answer_by"] == BY_WEB)

    def take(self, error: ValidationError, more: MoreParts) -> None:
        """What the domain refuses, at the field that it concerns."""
        for name, messages in error.message_dict.items():
            for message in messages:
                if not more.take(name, message):
                    self.add_error(name if name in self.fields else None, message)


def _born(day: date) -> date:
    if not day.year >= FIRST_BIRTH_YEAR or day > timezone.localdate():
        raise forms.ValidationError(gettext("생년월일을 확인하여 주십시오."))
    return day


def _camera_label(camera: Camera) -> str:
    parts = [camera.number, camera.filming_direction]
    return own_words(" · ".join(part for part in parts if part))


class StatusForm(forms.Form):
    """Receipt number and the word that only its receiver knows; sent, never in an address."""

    receipt_number = forms.CharField(label=_("접수번호"), max_length=30)
    secret = forms.CharField(label=_("확인번호"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "krds-input", "autocomplete": "off"}
