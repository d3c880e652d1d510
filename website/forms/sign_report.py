"""안내판이 없거나 틀림: what a citizen reports."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras import sign_reports
from cameras.enums import SignProblem
from cameras.whereabouts.bearings import Position
from casework import pictures
from website.forms.contacts import check_contact
from website.forms.public import StepForm, spoken
from website.forms.steps import Step

STEPS = (
    Step("problem", _("무엇이 잘못되었나요?"), ("problem", "text")),
    Step("photo", _("사진이 있으면 넣어 주십시오"), ("photo",)),
    Step(
        "contact",
        _("처리 결과를 알려 드릴까요?"),
        ("contact", "consent"),
        notice="website/includes/report_consent.html",
    ),
)
UNPLACED_STEPS = (Step("place", _("어디인가요?"), ("place", "latitude", "longitude")), *STEPS)
NEEDS_WORDS = frozenset({SignProblem.WRONG_CONTENT, SignProblem.OTHER})


class SignReportForm(StepForm):
    problem = forms.ChoiceField(
        label=_("무엇이 잘못되었나요?"),
        choices=spoken(SignProblem.choices),
        widget=forms.RadioSelect,
        help_text=_("카메라가 없어졌는데 남아 있는 안내판은 ‘그 밖의 문제’로 알려 주십시오."),
    )
    text = forms.CharField(
        label=_("자세한 내용"),
        required=False,
        max_length=sign_reports.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("어디가 어떻게 다른지 적어 주십시오. 다른 사람의 이름이나 연락처는 적지 마십시오."),
    )
    photo = forms.FileField(
        label=_("사진 (선택)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        help_text=_("JPG·PNG·WEBP·HEIC, 10MB까지. 위치 등 사진에 숨은 정보는 지우고 보관합니다."),
    )
    contact = forms.CharField(
        label=_("연락처 (선택)"),
        required=False,
        max_length=sign_reports.MAX_CONTACT,
        help_text=_("처리 결과를 받을 전화번호나 전자우편"),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        validators=[check_contact],
    )
    consent = forms.BooleanField(
        label=_("연락처를 처리 결과를 알리는 데 쓰고 정한 기간 보관하는 데 동의합니다."), required=False
    )

    # A report of a known site needs no position.
    position: Position | None = None

    def clean_photo(self) -> bytes | None:
        """On the page where it is chosen; from then on the draft keeps it."""
        upload: UploadedFile | None = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return pictures.stripped(upload, upload.size or 0, is_public=True)
        except pictures.UnusablePicture as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("problem") in NEEDS_WORDS and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", gettext("무엇이 어떻게 다른지 적어 주십시오."))
        if "consent" in self.fields and cleaned.get("contact") and not cleaned.get("consent"):
            self.add_error(
                "consent", gettext("연락처를 적으려면 동의가 필요합니다. 연락처를 지우고 보낼 수도 있습니다.")
            )
        return cleaned


class UnplacedReportForm(SignReportForm):
    """Of a sign whose number nobody knows, since it is missing: words for the place, or the browser's position."""

    place = forms.CharField(
        label=_("어디인가요?"),
        required=False,
        max_length=sign_reports.MAX_PLACE,
        help_text=_("주소나 눈에 띄는 건물을 적어 주십시오. 예: 화곡로 302 앞 전봇대, 초등학교 후문"),
    )
    latitude = forms.FloatField(required=False, min_value=33, max_value=39, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=124, max_value=132, widget=forms.HiddenInput)

    field_order = ("place", "latitude", "longitude", "problem", "text", "photo", "contact", "consent")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if latitude is not None and longitude is not None:
            self.position = Position(latitude, longitude)
        is_left_out = "place" in self.fields and "place" not in self.errors and not cleaned.get("place")
        if is_left_out and self.position is None:
            self.add_error("place", gettext("어디인지 적거나 위치를 알려 주십시오."))
        return cleaned
