"""The form in which an opinion is written, the same on the public site, in the portal's preview and for officers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cameras.consultation.opinions import (
    LONGEST_ANSWER,
    LONGEST_CONTACT,
    LONGEST_NAME,
    LONGEST_TEXT,
    Answer,
    Given,
)
from casework import attachments


class OpinionForm(forms.Form):
    """Text, answers to the notice's questions, and an optional person and file.

    `questions` are those of the notice (`notice.contents`), so that a preview needs no rows.
    """

    text = forms.CharField(
        label=_("의견"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=format_lazy(
            _("{longest}자까지. 다른 사람의 이름·연락처 같은 개인정보는 적지 마십시오."),
            longest=f"{LONGEST_TEXT:,}",
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    upload = forms.FileField(
        label=_("첨부 파일 (선택)"),
        required=False,
        help_text=format_lazy("{} {}", _("하나."), attachments.HELP),
        widget=forms.FileInput(attrs={"accept": attachments.ACCEPT}),
    )
    name = forms.CharField(
        label=_("성명 (선택)"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("연락처 (선택)"),
        required=False,
        max_length=LONGEST_CONTACT,
        help_text=_("전화번호나 전자우편 주소"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, questions: Iterable[dict[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[field_name(question)] = _question_field(question)
        self.order_fields([*(field_name(question) for question in self.questions), "text"])
        if self.questions:
            self.fields["text"].label = _("그 밖의 의견 (선택)")
        else:
            # Said by the domain in words of its own; here so that the label shows it.
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = _("의견을 적어 주십시오.")

    def clean_upload(self) -> Any:
        upload = self.cleaned_data.get("upload")
        if upload:
            attachments.check_all([upload], is_public=True)
        return upload

    @property
    def given(self) -> Given:
        """What the domain takes; after `is_valid`."""
        cleaned = self.cleaned_data
        return Given(
            text=cleaned["text"],
            name=cleaned["name"],
            contact=cleaned["contact"],
            upload=cleaned.get("upload") or None,
            answers={
                question["id"]: _answer(question, cleaned.get(field_name(question)))
                for question in self.questions
            },
        )


def field_name(question: dict[str, Any]) -> str:
    return f"question_{question['id']}"


def _question_field(question: dict[str, Any]) -> forms.Field:
    label, is_required = question["text"], question["is_required"]
    if not question["choices"]:
        return forms.CharField(
            label=label,
            required=is_required,
            max_length=LONGEST_ANSWER,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    choices = [(str(position), text) for position, text in enumerate(question["choices"])]
    if question["is_multiple"]:
        return forms.MultipleChoiceField(
            label=label,
            required=is_required,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("여러 개 고를 수 있습니다."),
        )
    return forms.ChoiceField(label=label, required=is_required, choices=choices, widget=forms.RadioSelect)


def _answer(question: dict[str, Any], value: Any) -> Answer:
    if not value:
        return Answer()
    if not question["choices"]:
        return Answer(text=value)
    chosen = value if isinstance(value, list) else [value]
    return Answer(chosen=tuple(int(position) for position in chosen))
