"""비밀번호: what was guessed or leaked before is refused, in the forms in which people bring it back.

The list is Django's (`common-passwords.txt.gz`, nearly 20,000 passwords out of published breaches), inside the package: the
centre's network asks nobody outside. Most who meet it add a year or a mark of exclamation; so that is taken off, and
figures that stand for letters are read as letters. Words of this office's own trade are as easy to guess.
"""

import re
import unicodedata

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

# What somebody who wants into this system tries first (ASVS 5.0 6.1.2). Compared without what stands around it.
_WORDS = (
    "gangseo kangseo gangseogu kangseogu seoul seoulsi cctv cctvadmin admin administrator manager official agent auditor "
    "secretary control controlroom monitoring 강서 강서구 강서구청 서울 서울시 관제 관제센터 통합관제센터 관리자 비밀번호 암호 영상정보 "
    "rkdtj rkdtjrn rkdtjrncjd tjdnf rhkswp rhkswptpsxj rhksflwk qlalfqjsgh"
)
WORDS_OF_THE_OFFICE = frozenset(_WORDS.split())
_AROUND = re.compile(r"[\W\d_]+")
_LETTERS = str.maketrans("01345$@!7", "oieassait")
LEAST = 4
REFUSED = "널리 알려졌거나 유출된 비밀번호입니다. 뒤에 숫자나 기호를 붙인 것도 쓸 수 없습니다. 서로 이어지지 않는 낱말 서넛을 이어 적으십시오."


class GuessedPasswordValidator(CommonPasswordValidator):
    """Also a listed one with figures or marks around it, written twice, or with figures for letters."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = self.passwords | WORDS_OF_THE_OFFICE

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if any(form in self.refused for form in _forms(password)):
            raise ValidationError(REFUSED, code="password_too_common")

    def get_help_text(self) -> str:
        return "널리 알려졌거나 유출된 비밀번호와, 거기에 숫자나 기호를 붙인 것은 쓸 수 없습니다."


def _forms(password: str) -> set[str]:
    """The password, and the words that are left when what people put around a word is taken off."""
    whole = unicodedata.normalize("NFKC", password).strip().lower()
    found = {whole}
    for form in (whole, whole.translate(_LETTERS), re.sub(r"[\W_]+", "", whole)):
        bare = re.sub(rf"^{_AROUND.pattern}|{_AROUND.pattern}$", "", form)
        half = bare[: len(bare) // 2]
        found |= {form, bare, bare.translate(_LETTERS), half if half * 2 == bare else bare}
    return {form for form in found if len(form) >= LEAST or (form and not form.isascii())} | {whole}
