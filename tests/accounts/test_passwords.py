"""Passwords that were guessed or leaked before are refused in every form in which people bring them back."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.once

REFUSED = (
    "Gangse0gu2026!",
    "dr@g0n2026!!",
    "password2026!", "P@ssw0rd!!", "qwertyuiop12", "!!1234567890", "sunshinesunshine", "iloveyou20261111", "Gangseo2026!!",
    "통합관제센터2026!", "ＰＡＳＳＷＯＲＤ2026", "비밀번호비밀번호", "2026_cctv_2026",
)  # fmt: skip
ALLOWED = ("kangseo-9182-pw", "내가-고른-비밀번호-2", "tr33-lamp-river", "aB3$kz91Qp", "초록 우산 열한 개")


def test_guessed_and_leaked_passwords_are_refused_in_all_their_forms() -> None:
    for password in REFUSED:
        with pytest.raises(ValidationError) as refused:
            validate_password(password)
        assert "password_too_common" in [error.code for error in refused.value.error_list], password
    for password in ALLOWED:
        validate_password(password)
