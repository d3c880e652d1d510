"""주민등록번호, 외국인등록번호: never taken, by whichever form (PIPA art. 24-2)."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Six digits of a birth date and seven of which the first is 1 to 8: a resident or foreigner registration number.
# Between them people write blanks, any kind of dash, a dot, or nothing; few of them, so that no text takes long.
_RESIDENT_NUMBER = re.compile(
    r"(?<!\d)\d{6}[\s\-\u00ad\u2010-\u2015\u2212~.\u00b7\u3161]{0,5}[1-8]\d{6}(?!\d)"
)


def refuse_resident_number(text: str) -> None:
    """For a form's field."""
    if holds_resident_number(text):
        raise ValidationError("주민등록번호는 적지 않습니다. 지우고 다시 저장하십시오.")


def holds_resident_number(text: str) -> bool:
    """Also in the full-width figures of Korean keyboards."""
    return _RESIDENT_NUMBER.search(unicodedata.normalize("NFKC", text)) is not None
