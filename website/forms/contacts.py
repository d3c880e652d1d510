"""Telephone numbers and addresses of electronic mail as people write them; what cannot be one is refused in words."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from website.typed_contacts import EXTENSION, WRITTEN

# The shortest is a service number such as 1588-1234, the longest by ITU-T E.164 has 15 digits.
FEWEST_DIGITS, MOST_DIGITS = 8, 15


def is_phone(text: str) -> bool:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    digits = [sign for sign in EXTENSION.sub("", plain) if sign.isdigit()]
    return WRITTEN.fullmatch(plain) is not None and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS


def check_phone(text: str) -> None:
    if not is_phone(text):
        raise ValidationError(
            gettext("전화번호로 보이지 않습니다. 지역번호나 010부터 숫자로 적어 주십시오. 예: 010-1234-5678")
        )


def check_contact(text: str) -> None:
    """A telephone number or an address of electronic mail."""
    if is_phone(text):
        return
    try:
        validate_email(text.strip())
    except ValidationError:
        raise ValidationError(
            gettext("전화번호나 전자우편 주소로 보이지 않습니다. 예: 010-1234-5678, name@example.com")
        ) from None


def phone_field(
    label: Any, *, longest: int = 40, autocomplete: str = "tel", **kwargs: Any
) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "tel"})
    return forms.CharField(label=label, max_length=longest, widget=widget, validators=[check_phone], **kwargs)
