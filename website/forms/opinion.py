"""An opinion on a consultation as a citizen sends it: no account, no picture puzzle, sent twice is received once.

Programs that fill in forms give themselves away: they are too fast, or fill a field that people do not see. Nobody is
refused for good: the message says what to do, and everything typed stays.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras.consultation.forms import OpinionForm, field_name
from casework.resident_numbers import holds_resident_number
from website import personal_words
from website.forms.contacts import check_contact
from website.forms.public import CitizenForm
from website.languages import own_words

SALT = "website.opinion"
LONGEST_OPEN = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Signed into each form when it is opened: which consultation, when, and a nonce that makes it one form."""

    number: str
    nonce: str
    opened_at: dt.datetime

    @classmethod
    def issue(cls, number: str, now: dt.datetime) -> "Ticket":
        return cls(number, secrets.token_hex(16), now)

    @classmethod
    def parse(cls, text: str) -> "Ticket | None":
        try:
            number, nonce, opened = signing.loads(text, salt=SALT)
            return cls(number, nonce, dt.datetime.fromtimestamp(opened, dt.UTC))
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return signing.dumps([self.number, self.nonce, self.opened_at.timestamp()], salt=SALT)

    @property
    def submission_key(self) -> str:
        return hashlib.sha256(self.nonce.encode()).hexdigest()


class PublicOpinionForm(CitizenForm, OpinionForm):
    consent = forms.BooleanField(
        label=_("위 안내를 읽었으며, 성명·연락처와 첨부 파일의 수집·이용에 동의합니다."), required=False
    )
    # Programs fill in whatever has such a name; people do not see it.
    homepage = forms.CharField(
        label=_("이 칸은 비워 두십시오"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        number: str,
        questions: Iterable[dict[str, Any]],
        now: dt.datetime,
    ) -> None:
        self.number, self.now = number, now
        self.sent_with = Ticket.parse(data.get("ticket", "")) if data is not None else None
        if data is not None and not self._is_usable():
            # A new ticket goes back with what was typed, so that sending again works.
            data = data.copy()
            data["ticket"] = str(Ticket.issue(number, now))
        super().__init__(data, files, questions=questions, initial={"ticket": str(Ticket.issue(number, now))})
        self.fields["contact"].validators.append(check_contact)
        for question in self.questions:
            _mark_as_own_words(self.fields[field_name(question)])

    def _is_usable(self) -> bool:
        ticket = self.sent_with
        return (
            ticket is not None
            and ticket.number == self.number
            and self.now - ticket.opened_at <= LONGEST_OPEN
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_programs(cleaned)
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and name != "ticket" and holds_resident_number(value):
                self.add_error(
                    name, gettext("주민등록번호처럼 보이는 숫자가 있습니다. 지우고 다시 보내 주십시오.")
                )
        gives_person = any(cleaned.get(name) for name in ("name", "contact", "upload"))
        if gives_person and not cleaned.get("consent"):
            self.add_error(
                "consent",
                gettext(
                    "성명·연락처나 첨부 파일을 보내려면 동의가 필요합니다. 지우고 의견만 보내실 수도 있습니다."
                ),
            )
        return cleaned

    @property
    def personal(self) -> list[str]:
        """What looks like personal data in what will be published; after `is_valid`."""
        name = self.cleaned_data["name"]
        return [
            each for field in self._published for each in personal_words.found(self.cleaned_data[field], name)
        ]

    def cover(self) -> None:
        for field in self._published:
            self.cleaned_data[field] = personal_words.masked(
                self.cleaned_data[field], self.cleaned_data["name"]
            )

    @property
    def _published(self) -> list[str]:
        names = ["text", *(field_name(question) for question in self.questions)]
        return [name for name in names if isinstance(self.cleaned_data.get(name), str)]

    def _refuse_programs(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("homepage"):
            raise ValidationError(
                gettext(
                    "보이지 않는 칸이 채워져 자동 프로그램이 보낸 것으로 보입니다. 브라우저의 자동 채우기를 끄고 다시 보내 "
                    "주십시오."
                )
            )
        if not self._is_usable() or self.sent_with is None:
            raise ValidationError(
                gettext("화면을 연 지 오래되었습니다. 적은 내용은 그대로 있으니 확인하고 다시 보내 주십시오.")
            )
        if self.now - self.sent_with.opened_at < dt.timedelta(seconds=settings.OPINION_FORM_SECONDS):
            raise ValidationError(
                gettext("너무 빨리 보내져 접수하지 않았습니다. 적은 내용을 확인하고 다시 보내 주십시오.")
            )

    def take(self, error: ValidationError) -> None:
        """What the domain refuses, at its field where it names one."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)


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
