"""A request that came by the counter, the post or the telephone, as an officer enters it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from cameras.models import Camera, Site
from casework.resident_numbers import holds_resident_number
from portal.forms.fields import FIRST_BIRTH_YEAR, day_field, moment_field
from portal.forms.viewing_places import RangeForm
from records.enums import RequestChannel, RequesterRole, RequestKind
from records.viewing import intake
from records.viewing.asked import AskedSite, Part
from records.viewing.intake import Application

MAX_TEXT = 1_000
CHANNELS = [choice for choice in RequestChannel.choices if choice[0] != RequestChannel.WEB]
KINDS = [RequestKind.EXISTENCE, RequestKind.VIEWING, RequestKind.CORRECTION]
NO_NUMBERS = "주민등록번호는 받지 않습니다. 지우고 다시 저장하십시오."


class PlaceForm(forms.Form):
    place: Site | None = None
    number = forms.CharField(
        label="설치장소 관리번호",
        max_length=40,
        help_text="안내판의 관리번호입니다. 모르면 ‘장소와 둘레로 접수’를 누르거나, 카메라 대장에서 주소로 찾아 그 설치장소의 화면에서 접수하십시오.",
    )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        self.place = Site.objects.filter(number__iexact=number).first()
        if self.place is None:
            raise forms.ValidationError("그 관리번호의 설치장소가 없습니다.")
        return number


class IntakeForm(forms.Form):
    """Form 2 of the Guideline. Whatever the letter leaves out stays empty: it is received all the same."""

    site: Site
    part: Part | None = None

    submission = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label="접수 경로", choices=CHANNELS, widget=forms.RadioSelect)
    came_at = moment_field("접수한 때", help_text="청구가 실제로 온 때입니다. 이때부터 기한을 셉니다.")
    document_number = forms.CharField(label="접수 문서번호", max_length=100, required=False)
    kinds = forms.MultipleChoiceField(
        label="청구하는 것",
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    cameras = forms.ModelMultipleChoiceField(
        label="카메라",
        queryset=Camera.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="고르지 않으면 이곳에서 촬영한 카메라 모두입니다.",
    )
    from_at = moment_field("촬영된 때: 시작")
    until_at = moment_field("촬영된 때: 끝")
    appearance = forms.CharField(
        label="찾는 데 도움이 되는 내용",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="옷차림, 지나간 방향, 차량 등",
    )
    purpose = forms.CharField(
        label="청구 목적과 사유",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    requester_role = forms.ChoiceField(
        label="청구인", choices=RequesterRole.choices, widget=forms.RadioSelect
    )
    requester_name = forms.CharField(label="청구인 성명", max_length=60)
    requester_phone = forms.CharField(label="청구인 전화번호", max_length=40, required=False)
    requester_birth_on = day_field("청구인 생년월일", required=False, first_year=FIRST_BIRTH_YEAR)
    requester_address = forms.CharField(label="청구인 주소", max_length=200, required=False)
    relation = forms.CharField(
        label="찍힌 사람과의 관계", max_length=60, required=False, help_text="대리인이 청구할 때 적습니다."
    )
    subject_name = forms.CharField(label="찍힌 사람의 성명", max_length=60, required=False)
    subject_phone = forms.CharField(label="찍힌 사람의 전화번호", max_length=40, required=False)
    subject_birth_on = day_field("찍힌 사람의 생년월일", required=False, first_year=FIRST_BIRTH_YEAR)
    subject_address = forms.CharField(label="찍힌 사람의 주소", max_length=200, required=False)

    def __init__(self, *args: Any, site: Site | None, cameras: Sequence[Camera], **kwargs: Any) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        kwargs["initial"] = {"submission": uuid.uuid4(), "came_at": now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if site is not None:
            self.site = site
        chooser: Any = self.fields["cameras"]
        chooser.queryset = Camera.objects.filter(pk__in=[camera.pk for camera in cameras]).order_by("ordinal")
        chooser.label_from_instance = _camera_label

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, value in list(given.items()):
            if isinstance(value, str) and holds_resident_number(value):
                self.add_error(name, NO_NUMBERS)
        role = given.get("requester_role")
        if role and role != RequesterRole.SUBJECT and not given.get("subject_name"):
            self.add_error("subject_name", "대리인이 청구할 때에는 찍힌 사람을 적어야 합니다.")
        self._take_place(given)
        return given

    def _take_place(self, given: dict[str, Any]) -> None:
        if given.get("from_at") and given.get("until_at"):
            cameras = list(given.get("cameras") or ())
            self.part = AskedSite(self.site, given["from_at"], given["until_at"], cameras)

    @property
    def application(self) -> Application:
        given = self.cleaned_data
        came = {name: given[name] for name in ("channel", "came_at", "document_number")}
        return intake.as_filled_in([self.part] if self.part else [], given, **came)


class IntakeAroundForm(RangeForm, IntakeForm):
    """… where the letter names no camera: an address, and everything around it."""

    field_order = ("submission", "channel", "came_at", "document_number", "kinds", "where", "radius")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, site=None, cameras=(), **kwargs)
        del self.fields["cameras"]

    def _take_place(self, given: dict[str, Any]) -> None:
        """`RangeForm` does."""


def _camera_label(camera: Camera) -> str:
    return " · ".join(part for part in (camera.number, camera.filming_direction) if part)
