"""열람등 청구: the fields of form 2 of the Guideline, without any registration number."""

import copy
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras.models import Camera
from records.enums import RequesterRole, RequestKind
from records.viewing import intake
from records.viewing.intake import Application
from website.forms.contacts import phone_field
from website.forms.moments import DayField
from website.forms.public import CitizenForm, StepForm, spoken
from website.forms.viewing_parts import FIRST, NamesParts, place_fields, time_fields
from website.languages import own_words
from website.site_page import AskedPlace

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


class ViewingForm(NamesParts, StepForm):
    """At one site, or, for whoever does not know the camera, around places (`place` None); `further` places by number."""

    cameras = forms.ModelMultipleChoiceField(
        label=_("어느 카메라인가요?"),
        queryset=Camera.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("모르면 고르지 마십시오. 이곳의 카메라 모두를 청구합니다."),
    )
    requester_role = forms.ChoiceField(
        label=_("청구인은 누구인가요?"), choices=spoken(RequesterRole.choices), widget=forms.RadioSelect
    )
    relation = _text(_("영상에 찍힌 사람과의 관계"), 60)
    subject_name = _text(_("찍힌 사람의 성명"), 60)
    subject_phone = phone_field(_("찍힌 사람의 전화번호 (선택)"), autocomplete="off", required=False)
    subject_birth_on = DayField(label=_("찍힌 사람의 생년월일"))
    subject_address = _text(_("찍힌 사람의 주소 (선택)"), 200, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("무엇을 청구하나요?"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.CharField(
        label=_("청구 목적과 사유"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    appearance = forms.CharField(
        label=_("찾는 데 도움이 되는 내용 (선택)"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("옷차림, 지나간 방향, 차량 등"),
    )
    requester_name = _text(_("청구인 성명"), 60, autocomplete="name")
    requester_phone = phone_field(_("청구인 전화번호"))
    requester_birth_on = DayField(label=_("청구인 생년월일"))
    requester_address = _text(_("청구인 주소"), 200, autocomplete="street-address")
    answer_by = forms.ChoiceField(
        label=_("결정을 어떻게 받으시겠습니까?"),
        choices=ANSWER_BY,
        initial=BY_POST,
        widget=forms.RadioSelect,
        help_text=_("누리집을 고르면 이 누리집에서 접수번호와 확인번호로 보는 것이 통지입니다."),
    )

    def __init__(
        self, *args: Any, place: AskedPlace | None, further: Sequence[int] = (), **kwargs: Any
    ) -> None:
        self.site = place.site if place else None
        self.numbers = (FIRST, *further)
        more = {} if place else place_fields(FIRST)
        more |= time_fields(FIRST)
        for number in further:
            more |= place_fields(number) | time_fields(number)
        self.base_fields = {**more, **self.base_fields}
        if place and has_choice(place):
            chooser: Any = self.base_fields["cameras"]
            self.base_fields["cameras"] = chooser = copy.deepcopy(chooser)
            keys = [camera.pk for camera in place.cameras]
            chooser.queryset = Camera.objects.filter(pk__in=keys).order_by("ordinal")
            chooser.label_from_instance = _camera_label
        else:
            # Nothing is told of cameras that are exempt from the sign; the whole site can be asked for.
            del self.base_fields["cameras"]
        super().__init__(*args, **kwargs)

    def clean_requester_birth_on(self) -> date:
        return _born(self.cleaned_data["requester_birth_on"])

    def clean_subject_birth_on(self) -> date:
        return _born(self.cleaned_data["subject_birth_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.take_parts(cleaned)
        return cleaned

    def application(self, submission: uuid.UUID) -> Application:
        """What was asked, for `records.viewing.intake.receive`."""
        given = {**self.cleaned_data, "submission": submission}
        return intake.as_filled_in(self.parts, given, wants_web_notice=given["answer_by"] == BY_WEB)


def has_choice(place: AskedPlace) -> bool:
    return len(place.cameras) > 1


def _born(day: date) -> date:
    if not day.year >= FIRST_BIRTH_YEAR or day > timezone.localdate():
        raise forms.ValidationError(gettext("생년월일을 확인하여 주십시오."))
    return day


def _camera_label(camera: Camera) -> str:
    parts = [camera.number, camera.filming_direction]
    return own_words(" · ".join(part for part in parts if part))


class StatusForm(CitizenForm):
    """Receipt number and the word that only its receiver knows; sent, never in an address."""

    receipt_number = forms.CharField(label=_("접수번호"), max_length=30)
    secret = forms.CharField(label=_("확인번호"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
