"""An opinion on a consultation as a citizen writes it: no account, no picture puzzle, one matter a page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras.consultation.forms import OpinionForm, field_name
from website import personal_words
from website.forms.contacts import check_contact
from website.forms.public import CitizenForm, StepForm
from website.forms.steps import Step
from website.languages import own_words

TEXT = Step("text", _("의견을 적어 주십시오"), ("text",))
PERSON = Step(
    "person",
    _("파일이나 연락처를 함께 보내시겠습니까?"),
    ("upload", "name", "contact", "consent"),
    content="website/consultations/person.html",
    notice="website/consultations/consent.html",
)


def steps_for(questions: Iterable[dict[str, Any]]) -> tuple[Step, ...]:
    """The questions of the notice first, where it asks some."""
    names = tuple(field_name(question) for question in questions)
    survey = (Step("survey", _("질문에 답하여 주십시오"), names),) if names else ()
    return (*survey, TEXT, PERSON)


class PublicOpinionForm(StepForm, OpinionForm):
    consent = forms.BooleanField(
        label=_("위 안내를 읽었으며, 성명·연락처와 첨부 파일의 수집·이용에 동의합니다."), required=False
    )

    def __init__(self, *args: Any, kept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        if "contact" in self.fields:
            self.fields["contact"].validators.append(check_contact)
        for question in self.questions:
            if (name := field_name(question)) in self.fields:
                _mark_as_own_words(self.fields[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "consent" not in self.fields:
            return cleaned
        gives_person = self.kept or any(cleaned.get(name) for name in ("name", "contact", "upload"))
        if gives_person and not cleaned.get("consent"):
            self.add_error(
                "consent",
                gettext(
                    "성명·연락처나 첨부 파일을 보내려면 동의가 필요합니다. 지우고 의견만 보내실 수도 있습니다."
                ),
            )
            if cleaned.get("upload"):
                # Nothing of it is kept before its sender has agreed.
                self.add_error(
                    "upload",
                    gettext("동의하신 뒤에 받을 수 있어 파일을 받아 두지 않았습니다. 다시 골라 주십시오."),
                )
        return cleaned

    def personal(self) -> list[str]:
        """What looks like personal data in what will be published; after `is_valid`."""
        name = self.cleaned_data["name"]
        found = [personal_words.found(self.cleaned_data[field], name) for field in self._published]
        return list(dict.fromkeys(words for each in found for words in each))

    def cover(self) -> None:
        for field in self._published:
            self.cleaned_data[field] = personal_words.masked(
                self.cleaned_data[field], self.cleaned_data["name"]
            )

    @property
    def _published(self) -> list[str]:
        names = ["text", *(field_name(question) for question in self.questions)]
        return [name for name in names if isinstance(self.cleaned_data.get(name), str)]


def _mark_as_own_words(field: forms.Field) -> None:
    """A question is asked in the words of the notice, whatever language the page is in."""
    field.label = own_words(field.label)
    if isinstance(field, forms.ChoiceField):
        field.choices = [(value, own_words(text)) for value, text in list(field.choices)]


class ReceiptForm(CitizenForm):
    """Both numbers of a receipt."""

    receipt_number = forms.CharField(
        label=_("접수번호"),
        max_length=30,
        help_text=_("예: 2026-001-0001"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("확인번호"),
        max_length=40,
        help_text=_("접수할 때 보여 드린 열 글자"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
